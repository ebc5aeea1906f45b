# Os botões do visualizador.
viewer-label = Maneiras de o ver
viewer-turn = Rotação automática
viewer-wireframe = Malha
viewer-normals = Normais
viewer-dark = Outro fundo
viewer-full = Ecrã inteiro
viewer-shot = Guardar imagem
viewer-light = Luz
viewer-size = Largura × altura × profundidade:
viewer-measure = Medir
viewer-measure-how = Carregue em dois pontos do modelo. Com o teclado: rode-o até um ponto ficar sob a cruz e prima Enter.
viewer-distance = Distância:
