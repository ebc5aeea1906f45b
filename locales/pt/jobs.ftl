# A página de uma tarefa.
job-queued = À espera da sua vez
job-running = A criar o seu modelo
job-done = O seu modelo está pronto
job-failed = Desta vez não há modelo
job-cancelled = Parado
stage-matte = A recortar o objeto
stage-shape = A descobrir a sua forma
stage-surface = A fechar a superfície
stage-texture = A pintá-lo
stage-export = A escrever o ficheiro
job-picture = A sua imagem
job-rendering = Uma vista do seu modelo
progress-label = Quanto já está feito
turn-label = Rodar o modelo
turn-front = Frente
turn-right = Direita
turn-back = Trás
turn-left = Esquerda
download = Transferir o modelo
download-picture = Imagem do modelo
download-facts = glTF binário (.glb) com a textura incluída: abre no Blender, em motores de jogo, fatiadores e telemóveis.
made-in = Feito em { $seconds } s.
formats-other = Outros formatos
format-usdz = iPhone, iPad e Mac
format-obj = qualquer programa 3D, em zip
format-gltf = em ficheiros separados, em zip
format-ply = cores nos vértices
print-size = Para imprimir, lado maior em mm
format-3mf = 3MF, a cores
retry-lead = A sua imagem ainda está aqui, selada, até acabar o tempo abaixo. Pode pedir nova tentativa, com outras opções se quiser.
background-label = Fundo
background-out = retirar
background-in = deixar
retry = Tentar de novo
retry-impossible = Não se pode tentar de novo: a imagem foi destruída.
cancelled-lead = Parou a tarefa. A imagem foi destruída.
deleted-in = Apagado em
deleted-after-download = Apagado depois da primeira transferência, ou em
delete-now = Apagar agora
delete-sooner = Apagar mais cedo
lifetime-as-now = o mesmo que agora
shorten = Encurtar

# Muitas imagens de uma vez.
batch-title = Muitas imagens
batch-description = Envie de uma vez muitas imagens de objetos diferentes e receba um modelo 3D de cada, com ligação e prazo próprios.
batch-heading = Muitas imagens, um modelo de cada
batch-lead = Escolha até { $most } imagens de objetos diferentes e receba um modelo de cada uma.
batch-pictures = Imagens
batch-drop = Largue aqui as suas imagens
batch-drop-or = ou escolha-as, uma a uma ou todas de uma vez
batch-each = Uma tarefa por imagem.
batch-each-text = Se uma falhar, as outras continuam; cada uma tem a sua ligação e o seu prazo.
batch-program = Também para programas.
batch-program-text = Muitas imagens num só pedido ou num só comando:
batch-make = Criar os modelos
batch-yours = As suas imagens
batch-yours-lead = Uma linha por imagem, pela ordem em que as enviou. Guarde o endereço desta lista: não há outra.
batch-destroyed = Destruído em { $time }
batch-again = Ver de novo
batch-more = Mais imagens

# Porque não há modelo: failure-CODE.
failure-no_foreground = A imagem é toda transparente e não se vê nela nenhum objeto; guarde-a de novo com o objeto opaco.
failure-matte_missing = A remoção do fundo não está instalada neste servidor; desligue-a ou envie uma imagem com fundo transparente.
failure-matte_broken = A remoção do fundo não funciona neste servidor; desligue-a ou envie uma imagem com fundo transparente.
failure-triposr_missing = O TripoSR não está instalado neste servidor; escolha outra rede.
failure-triposr_broken = O TripoSR não funciona neste servidor; escolha outra rede.
failure-engine = Não foi possível criar um modelo desta imagem; experimente outra rede ou outra imagem.
    .tool = Não foi possível fazer nada desta imagem; experimente outra.
failure-crashed = O programa parou inesperadamente ao trabalhar nesta imagem; tente de novo, com menos qualidade ou com outra imagem.
    .tool = O programa parou inesperadamente ao trabalhar nesta imagem; tente de novo, ou com uma imagem mais pequena.
failure-too_many_tries = O programa parou inesperadamente de cada vez que trabalhou nesta imagem; experimente menos qualidade ou outra imagem.
    .tool = O programa parou inesperadamente de cada vez que trabalhou nesta imagem; experimente uma imagem mais pequena.
failure-too_much_memory = Esta imagem precisa de mais memória do que o servidor dá a cada uma; escolha menos qualidade ou uma imagem mais pequena.
    .tool = Esta imagem precisa de mais memória do que o servidor dá a cada uma; reduza-a, ou peça menos de cada vez.
failure-too_long = Esta imagem demorou mais do que o servidor dedica a cada uma; escolha menos qualidade ou outra imagem.
    .tool = Esta imagem demorou mais do que o servidor dedica a cada uma; reduza-a, ou peça menos de cada vez.
failure-no_worker = O servidor não conseguiu começar a trabalhar nesta imagem; tente mais tarde.
failure-picture_lost = A imagem foi destruída antes de chegar a sua vez; envie-a de novo.
failure-disk_full = O disco do servidor está cheio; tente mais tarde.
failure-storage = O servidor não conseguiu guardar o modelo; tente mais tarde.
    .tool = O servidor não conseguiu guardar a imagem; tente mais tarde.
failure-no_object = Nenhum objeto se destaca na imagem; recorte-a mais de perto ou marque o objeto à mão.
failure-outside = O recorte ou um canto fica fora da imagem; escolha um dentro dela.
failure-too_large = Ampliada, a imagem seria maior do que qualquer uma que se aceita; recorte-a ou reduza-a primeiro.
failure-mask = A máscara tem de ter o tamanho da imagem e marcar a branco uma parte dela; pinte-a sobre a própria imagem.
failure-tool_missing = Uma rede necessária não está instalada neste servidor; quem o administra pode instalá-la com `ai3dgen models pull`.
failure-tool_broken = Uma rede necessária não funciona neste servidor; quem o administra pode verificá-la com `ai3dgen models verify`.

# O que uma imagem tem de invulgar: notice-NAME.
notice-touches_border = O objeto está cortado pela margem da imagem; deixe algum espaço à volta para um modelo completo.
notice-whole_picture = Usou-se a imagem inteira como objeto, porque a remoção do fundo está desligada.
notice-no_object = Nada se destaca do fundo, por isso usou-se a imagem inteira como objeto; use a imagem de um só objeto em frente de um fundo liso.
notice-several_objects = Encontraram-se { $number } objetos separados e só o principal foi modelado; recorte a imagem para o que pretende.
notice-scene = Nenhum objeto se destaca com clareza, por isso o modelo pode ser um palpite sobre parte da cena; use a imagem de um objeto em frente de um fundo liso.
notice-full_frame = O objeto enche a imagem inteira e continua para fora dela; afaste-se até caber todo, com algum espaço à volta.
notice-see_through = A maior parte do objeto é translúcida e foi modelada como maciça; um recorte opaco mostra melhor a forma.
notice-small = O objeto tem apenas { $number ->
        [one] um píxel
       *[other] { $number } píxeis
    }; use uma imagem em que tenha 256 ou mais.
notice-thickened = O objeto é mais fino do que o menor pormenor possível e foi engrossado; recorte a imagem a uma parte ou escolha uma qualidade superior.
notice-inflated = A rede de formas nada tirou desta imagem, por isso insuflou-se o contorno; outra vista do objeto pode resultar melhor.
notice-triangles = Há partes demasiado finas para tão poucos quadriláteros, por isso o modelo tem triângulos; peça mais faces para ter quadriláteros.
notice-more_faces = O modelo tem { $number } faces, mais do que pediu: com menos, as partes finas ficariam rasgadas; retire algumas num programa 3D se isso não lhe importar.
notice-left_left_out = A imagem da esquerda não condiz com as outras e foi posta de lado; confirme que mostra o mesmo objeto desse lado.
notice-back_left_out = A imagem de trás não condiz com as outras e foi posta de lado; confirme que mostra o mesmo objeto desse lado.
notice-right_left_out = A imagem da direita não condiz com as outras e foi posta de lado; confirme que mostra o mesmo objeto desse lado.

# Se se pode imprimir; finding-NAME é o que se encontrou.
report-title = Pode ser impresso?
report-open = Ver o relatório
report-yes = Sim, nada o impede.
report-no = Assim como está, não.
report-size = Lado maior em mm
report-check = Verificar este tamanho
report-picture = O modelo visto de quatro lados, colorido onde o relatório tem algo a dizer; abre maior
report-back = Voltar ao modelo
fact-size = Tamanho
fact-wall = Parede mais fina
fact-volume = Volume
fact-watertight = Estanque
fact-faces = Faces
yes = sim
no = não
millimetres = { $millimetres } mm
cubic-centimetres = { $volume } cm³
finding-no_surface = Não há nenhuma superfície neste ficheiro.
finding-not_finite = { $number ->
        [one] Uma face
       *[other] { $number } faces
    } com cantos que não são números; a reparação remove-as.
finding-holes = Tem { $number ->
        [one] um buraco
       *[other] { $number } buracos
    }; a reparação fecha-os.
finding-crowded_edges = Mais de duas faces juntam-se em { $number ->
        [one] uma aresta
       *[other] { $number } arestas
    }; a reparação separa-as.
finding-pinched_vertices = Há partes que só se tocam num ponto, em { $number ->
        [one] um vértice
       *[other] { $number } vértices
    }; a reparação separa-as.
finding-one_sided = { $number ->
        [one] Uma peça não tem
       *[other] { $number } peças não têm
    } interior nem exterior, como uma fita de Möbius; dê-lhe espessura num programa de modelação.
finding-flipped_faces = { $number ->
        [one] Uma face está virada
       *[other] { $number } faces estão viradas
    } para o lado errado; a reparação vira-as.
finding-flipped_shells = { $number ->
        [one] Uma peça está
       *[other] { $number } peças estão
    } do avesso; a reparação vira-as.
finding-crossings = { $number ->
        [one] Um par de faces atravessa-se
       *[other] { $number } pares de faces atravessam-se
    }; a reparação desemaranha o que pode.
finding-many_crossings = Pelo menos { $number } pares de faces atravessam-se; a reparação desemaranha o que pode.
finding-no_volume = Não encerra nenhum volume; dê-lhe espessura num programa de modelação.
finding-thin_walls = As paredes de { $number } % da superfície têm menos de { $millimetres } mm; imprima-o maior.
finding-overhang = { $number } % da superfície fica suspensa; ligue os suportes no fatiador.
finding-small_base = Mal toca na placa; aplane a base ou imprima-o com uma aba.
finding-hanging = { $number ->
        [one] Uma peça está suspensa
       *[other] { $number } peças estão suspensas
    } no ar sem tocar em nada: imprima com suportes e conte com partes soltas.
finding-inside = { $number ->
        [one] Uma peça está
       *[other] { $number } peças estão
    } dentro de outras; uma cavidade retém material e o que está escondido só custa tempo.
finding-idle = { $number ->
        [one] Uma face não tem
       *[other] { $number } faces não têm
    } área ou repetem outra; a reparação remove-as.
