# Los botones del visor.
viewer-label = Formas de mirarlo
viewer-turn = Giro automático
viewer-wireframe = Malla
viewer-normals = Normales
viewer-dark = Otro fondo
viewer-full = Pantalla completa
viewer-shot = Guardar imagen
viewer-light = Luz
viewer-size = Ancho × alto × fondo:
viewer-measure = Medir
viewer-measure-how = Pulsa dos puntos del modelo. Con el teclado: gíralo hasta que un punto quede bajo la cruz y pulsa Intro.
viewer-distance = Distancia entre ambos:
