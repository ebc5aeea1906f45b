# Uma página por qualidade.
tier-free = Grátis
free-heading = Um modelo 3D a partir de uma imagem, grátis
free-lead = O gerador Base, sem conta. Nada a registar, nada a pagar e, mesmo assim, esquecido em menos de uma hora.
free-limit = { $limit ->
        [one] Uma imagem
       *[other] Até { $limit } imagens
    } em espera por endereço, à vez
base-heading = Base: um modelo 3D rápido a partir de uma imagem
base-lead = A rede incluída adivinha a forma e a sua fotografia dá-lhe as cores. Bom para ver, experimentar e para as primeiras impressões.
pro-heading = Pro: um modelo 3D para qualquer luz
pro-lead = A luz da fotografia é retirada das cores, e assim o modelo toma a luz do lugar onde o puser. Os mapas mostram o que as faces sozinhas não conseguem.
ultra-heading = Ultra: o modelo 3D mais fino a partir de uma imagem
ultra-lead = Tudo o que o Pro tem, na grelha mais fina e com a maior textura, para objetos com muito pormenor. Demora mais.
gives-heading = O que recebe
gives-grid = Uma superfície de uma grelha de { $side } × { $side } × { $side } células
gives-faces = { $faces } faces, ou as que pedir
gives-texture = Uma textura de { $pixels } × { $pixels } píxeis
gives-builtin = A rede de formas incluída, que responde depressa
gives-best = TripoSR para a forma se este servidor o tiver; se não, a rede incluída
gives-light = A luz suave da fotografia retirada das cores
gives-maps = Mapas de normais, rugosidade e oclusão para renderização física
gives-enlarged = As fotografias pequenas são ampliadas antes de dar cor
gives-formats = Todos os formatos: GLB, glTF, OBJ, STL, 3MF, PLY e USDZ
example-heading = Um exemplo
example-alt = Um bule, criado por este motor a partir da nossa própria imagem. Rode-o com as setas, aproxime e afaste com mais e menos.
example-facts = Criado com esta qualidade pela rede incluída a partir da nossa própria imagem. Para a página ser leve, tem apenas { $faces } faces e uma textura de { $pixels } píxeis.
example-turn = Rodá-lo em 3D
tiers-more = O que cada qualidade dá:

# Outros lados do objeto.
sides-title = Juntar outros lados do objeto
sides-lead = Várias fotografias do mesmo objeto dão um modelo melhor. Para cada uma, dê um quarto de volta em torno dele: o que na primeira está à esquerda fica de frente na fotografia da esquerda.
sides-wait = Enquanto isto estiver aberto, nada é enviado até carregar no botão.
