# Los botones del visor.
viewer-label = Formas de mirarlo
viewer-turn = Giratorio
viewer-wireframe = Malla
viewer-normals = Normales
viewer-dark = Otro fondo
viewer-full = Pantalla completa
viewer-shot = Guardar imagen
viewer-light = Luz
viewer-size = Ancho × alto × fondo:
