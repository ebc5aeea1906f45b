# O que rodeia cada página.
skip-to-content = Ir para o conteúdo
nav-label = Páginas
nav-menu = Menu
nav-make = Criar um modelo
nav-features = O que faz
nav-faq = Perguntas
nav-status = Estado
footer-label = Mais páginas
footer-story = A nossa história
footer-privacy = Privacidade
footer-terms = Condições
footer-cookies = Definições de cookies
footer-licences = Licenças
footer-promise = Sem conta. Sem cookies nem terceiros, a não ser que aceite. As imagens e os modelos são destruídos em menos de uma hora.
footer-kept = Estas promessas são cumpridas?
language-label = Idioma
moment = { $day }/{ $month }/{ $year }, { $time } UTC

# What visitors are asked, if their visits are to be counted.
consent-label = Estatísticas
consent-choice = A sua escolha
consent-none = Este servidor não conta nada, por isso não há nada para aceitar nem recusar.
consent-question = O seu navegador pode dizer a { $services } que páginas públicas nossas abre? Nunca uma imagem, um modelo nem uma ligação para eles. O seu endereço de rede não deve ser guardado lá.
consent-undecided = Ainda não escolheu. Até lá, nada é contado.
consent-accepted = Aceitou. As suas visitas a páginas públicas são contadas.
consent-rejected = Recusou. Nada é contado.
consent-signalled = O seu navegador pede para não ser seguido (Global Privacy Control). Vale como recusa: nada é contado.
consent-accept = Aceitar
consent-reject = Recusar

# A página onde se larga a imagem.
home-title = Uma imagem torna-se um modelo 3D e depois é esquecida
home-description = Largue a imagem de um objeto e receba um modelo 3D com textura. A imagem e o modelo são destruídos em menos de uma hora.
home-heading = Uma imagem torna-se um modelo 3D. Depois, é esquecida.
home-lead = Largue a fotografia de um objeto. Recebe um modelo com textura para rodar, imprimir ou brincar. Uma hora depois, não resta nada dele aqui.
home-yours = Só seu.
home-yours-text = A imagem e o modelo são cifrados com chaves próprias. Só a ligação que recebe os abre.
home-gone = Desaparece numa hora.
home-gone-text = Primeiro destroem-se as chaves, depois os ficheiros. Ou antes: um botão apaga tudo de imediato.
home-unused = Para mais nada.
home-unused-text = Sem treino, sem galeria, sem rastreio. O que cria fica consigo.

# O formulário.
drop-here = Largue aqui uma imagem
drop-or = ou escolha, cole ou tire uma com o telemóvel
drop-formats = PNG, JPEG, WebP, AVIF, GIF, BMP ou TIFF, até { $megabytes } MB
drop-at-once = É enviada assim que a escolhe, com o que estiver definido em baixo.
drop-chosen = A imagem que escolheu
drop-stop = Parar
drop-make = Criar o modelo
sample-take = Experimentar com esta imagem
sample-lead = Não tem uma imagem à mão?
sample-alt = Um balde de madeira, fotografia
quality = Qualidade
tier-base = Base
tier-pro = Pro
tier-ultra = Ultra
tier-gives = Textura de { $texture }K, { $faces } mil faces, { $beside }
tier-base-beside = rápido
tier-pro-beside = com menos luz da própria fotografia e mapas de normais e de rugosidade
tier-ultra-beside = tudo o que o Pro tem, na grelha mais fina
engine-label = Rede de formas
engine-auto = a melhor para esta qualidade
engine-builtin = incluída
engine-triposr = TripoSR, se este servidor o tiver
engine-inflate = nenhuma: insuflar o contorno
lifetime-label = Guardar durante
lifetime-hour = uma hora
lifetime-minutes = { $minutes ->
    [one] um minuto
   *[other] { $minutes } minutos
}
delete-after-download = Apagar tudo depois da primeira transferência

# What few people set.
options-title = Opções
options-lead = O que não alterar fica como é habitual.
by-quality = conforme a qualidade
faces-label = Faces (triângulos)
texture-label = Lado da textura, píxeis
size-label = Lado mais longo, mm
size-usual = { $size } para imprimir
seed-label = Semente
topology-label = As faces são
topology-triangle = triângulos
topology-quad = quadriláteros, para esculpir
symmetry-label = Simetria
symmetry-none = tal como se vê
symmetry-auto = onde é certa
symmetry-x = esquerda e direita iguais
ground-label = Assenta
ground-flat = plano no chão
ground-lowest = no seu ponto mais baixo
ground-centre = em torno do seu centro
print-label = Prepará-lo para uma impressora 3D
