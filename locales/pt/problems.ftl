# O que corre mal: um título e, em .detail, porquê e o que fazer agora. problem-CODE, em que CODE faz parte da API.
-unusable = Essa imagem não pode ser usada
problem-no_such_page = Não há nada aqui
    .detail = Este endereço não leva a lado nenhum: está incompleto ou mal escrito.
problem-no_such_job = Essa tarefa não existe
    .detail = A ligação está incompleta ou mal escrita, ou aquilo a que levava foi apagado há muito.
problem-method_not_allowed = Isso não se pode fazer aqui
    .detail = Este endereço aceita outro tipo de pedido.
problem-foreign_form = Isso veio de outro site
    .detail = Os pedidos que alteram alguma coisa só são aceites a partir das páginas deste site.
problem-our_fault = Algo falhou do nosso lado
    .detail = A culpa é nossa, não da sua imagem. Tente de novo; se continuar, avise quem gere este servidor, com o número do pedido.
problem-malformed_upload = O envio não chegou inteiro
    .detail = A imagem foi cortada ou estragou-se pelo caminho. Nada foi guardado; envie-a de novo.
problem-no_picture = Não havia nenhuma imagem
    .detail = Envie uma imagem, no campo «picture» do formulário ou como corpo do pedido.
problem-unknown_tier = Essa qualidade não existe
    .detail = A qualidade (tier) é uma destas: { $names }.
problem-unknown_engine = Esse motor não existe
    .detail = O motor (engine) é um destes: { $names }.
problem-unknown_format = Esse formato não existe
    .detail = O formato é um destes: { $names }.
problem-unknown_size = Esse tamanho não pode ser usado
    .detail = O lado maior é um número de milímetros de { $least } a { $most }.
problem-unknown_lifetime = Essa duração não pode ser usada
    .detail = A duração é um número inteiro de minutos de { $least } a { $most }. Nada é guardado mais de uma hora.
problem-unknown_flag = Isso não é sim nem não
    .detail = Os campos delete_after_download, keep_background e print são true ou false.
problem-unknown_choice = Essa opção não pode ser usada
    .detail = O campo { $field } é um de { $names }.
problem-out_of_range = Essa opção não pode ser usada
    .detail = O campo { $field } é um número inteiro de { $least } a { $most }.
problem-number_out_of_range = Essa opção não pode ser usada
    .detail = O campo { $field } é um número de { $least } a { $most }.
problem-no_text = Essa opção não pode ser usada
    .detail = O campo { $field } é um texto.
problem-unwritten = Essa opção não pode ser usada
    .detail = O campo { $field } escreve-se assim: { $example }
problem-no_mask = Não havia máscara
    .detail = Envie no campo «mask» uma imagem do mesmo tamanho, branca onde algo deve desaparecer e preta no resto.
problem-mask_size = A máscara não serve à imagem
    .detail = A máscara tem { $mask } píxeis e a imagem { $picture }: pinte-a sobre a imagem no tamanho desta.
problem-too_long_for_format = Este formato não comporta a imagem
    .detail = A imagem tem mais píxeis de lado do que este formato aceita: transfira-a em PNG.
problem-too_many = Imagens demais de uma vez
    .detail = Um pedido leva no máximo { $most } imagens. Nada foi guardado; envie menos.
problem-said_twice = Isso foi dito duas vezes
    .detail = Cada opção é dada uma só vez.
problem-side_in_batch = Os lados de um objeto não vão aqui
    .detail = O campo { $field } é outro lado de um mesmo objeto: envie-o a /jobs com os outros lados.
about-left = Imagem da esquerda: { $detail }
about-back = Imagem de trás: { $detail }
about-right = Imagem da direita: { $detail }
about-mask = Máscara: { $detail }
about-background = Fundo: { $detail }
problem-idempotency_key_unusable = Essa chave de idempotência não pode ser usada
    .detail = O cabeçalho Idempotency-Key é um único texto de 1 a { $most } caracteres ASCII.
problem-idempotency_key_reused = Essa chave de idempotência já foi usada
    .detail = Com a mesma Idempotency-Key chegou outra imagem ou outras opções. Nada desta foi guardado; escolha uma chave nova para ela.
problem-not_a_form = Isso não pode ser lido
    .detail = Envie um formulário (application/x-www-form-urlencoded) com os campos tier, engine e keep_background, ou nada.
problem-range_beyond_end = Essa parte não existe
    .detail = O ficheiro acaba no byte { $bytes }; peça uma parte anterior.
problem-not_an_upload = Isso não é uma imagem
    .detail = Envie um formulário (multipart/form-data) com o campo «picture», ou a própria imagem com o seu tipo de conteúdo.
problem-too_large = A imagem é demasiado grande
    .detail = São aceites { $megabytes } MB no máximo. Guarde a imagem mais pequena e tente de novo.
problem-too_slow = O envio demorou demasiado
    .detail = A ligação parou antes de a imagem estar completa. Nada foi guardado; envie-a de novo.
problem-busy = Há demasiado para fazer neste momento
    .detail = Há muitas imagens à espera. Nada foi alterado nem guardado de novo; tente outra vez dentro de { $seconds ->
        [one] um segundo
       *[other] { $seconds } segundos
    }.
problem-busy_converting = Há demasiado para converter neste momento
    .detail = Estão a ser convertidos muitos modelos. Tente outra vez dentro de { $seconds ->
        [one] um segundo
       *[other] { $seconds } segundos
    }.
problem-enough_waiting = Já tem imagens à espera
    .detail = { $limit ->
        [one] De um mesmo endereço só pode esperar uma imagem de cada vez.
       *[other] De um mesmo endereço podem esperar no máximo { $limit } imagens de cada vez.
    } Nada foi alterado nem guardado de novo; tente outra vez dentro de { $seconds ->
        [one] um segundo
       *[other] { $seconds } segundos
    }.
problem-gone = Já não existe
    .detail = A imagem e o modelo foram destruídos: porque a hora passou ou porque alguém com esta ligação os apagou. As chaves foram destruídas primeiro, por isso ninguém os pode recuperar.
problem-not_ready = Ainda não está pronto
    .detail = Ainda está a ser criado, ou não foi possível criá-lo. A página da tarefa diz qual dos dois.
problem-other_kind = Esta tarefa faz outra coisa
    .detail = Faz um modelo ou outra imagem, e foi pedido o contrário. A página da tarefa leva ao que ela faz.
problem-not_retryable = Isso não pode ser tentado de novo
    .detail = Não falhou, ou não adiantaria repetir, ou já foi tentado vezes suficientes; a imagem não é guardada. Envie a imagem de novo.
problem-not_a_picture = { -unusable }
    .detail = Isto não é uma imagem: envie um ficheiro PNG, JPEG, WebP, AVIF, GIF, BMP ou TIFF.
problem-picture_unsupported = { -unusable }
    .detail = { $format ->
        [HEIC] Os ficheiros HEIC não podem ser lidos aqui: guarde-o ou partilhe-o como JPEG. Num iPhone, Definições › Câmara › Formatos › Mais compatível passa a tirar fotografias em JPEG.
       *[other] Os ficheiros { $format } não podem ser lidos: converta-o primeiro para JPEG ou PNG.
    }
problem-picture_truncated = { -unusable }
    .detail = O ficheiro { $format } está cortado: copie-o, guarde-o ou envie-o de novo.
problem-picture_corrupt = { -unusable }
    .detail = O ficheiro { $format } está danificado: abra-o num editor de imagens e guarde-o de novo.
problem-picture_too_many_bytes = { -unusable }
    .detail = O ficheiro tem { $megabytes } MB, mais do que os { $limit } MB permitidos: reduza a imagem ou guarde-a como JPEG.
problem-picture_too_long = { -unusable }
    .detail = A imagem tem { $width } × { $height } píxeis, mais de { $limit } por lado: reduza-a.
problem-picture_too_many_pixels = { -unusable }
    .detail = A imagem tem { $width } × { $height } píxeis, mais de { $limit } megapíxeis: reduza-a.
problem-picture_too_small = { -unusable }
    .detail = A imagem só tem { $width } × { $height } píxeis: envie uma de pelo menos { $limit } × { $limit }, melhor 512 × 512.
problem-picture_too_much_memory = { -unusable }
    .detail = Ler a imagem exige mais de { $limit } MB de memória: reduza-a ou guarde-a com 8 bits por canal.
problem-disk_full = O disco do servidor está cheio
    .detail = Nada foi guardado. Tente mais tarde, ou peça a quem gere este servidor que liberte espaço.
problem-database_away = Não é possível chegar à lista de tarefas
    .detail = Nada se perdeu, e nada é guardado mais tempo. Tente outra vez dentro de { $seconds ->
        [one] um segundo
       *[other] { $seconds } segundos
    }.

# O que os rodeia numa página.
request-number = Número do pedido:
page-back = Voltar ao início
page-again = Começar com outra imagem
receipts = Recibos
receipt = chave destruída em { $moment }: { $reason }
receipt-picture = A sua imagem
receipt-model = O modelo
receipt-preview = A pré-visualização
receipt-edited = A imagem pronta
receipt-expired = o tempo acabou
receipt-asked = foi pedido por si
receipt-downloaded = foi transferido
receipt-restart = o servidor foi reiniciado
receipt-unused = já não era preciso
receipts-facts = Assinados por este servidor. Guarde-os com a sua chave pública no prazo de 30 dias; ambos se verificam sem este servidor.
receipts-save = Guardar os recibos
receipts-key = Guardar a chave pública
