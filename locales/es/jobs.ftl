# La página de un trabajo.
job-queued = Esperando su turno
job-running = Creando tu modelo
job-done = Tu modelo está listo
job-failed = Esta vez no hay modelo
job-cancelled = Detenido
stage-matte = Recortando el objeto
stage-shape = Buscando su forma
stage-surface = Cerrando la superficie
stage-texture = Pintándolo
stage-export = Escribiendo el archivo
job-picture = Tu imagen
job-rendering = Una vista de tu modelo
progress-label = Cuánto lleva hecho
turn-label = Girar el modelo
turn-front = Delante
turn-right = Derecha
turn-back = Detrás
turn-left = Izquierda
download = Descargar el modelo
download-picture = Su imagen
download-facts = glTF binario (.glb) con la textura incluida: se abre en Blender, motores de juego, laminadores y móviles.
made-in = Hecho en { $seconds } s.
formats-other = Otros formatos
format-usdz = iPhone, iPad y Mac
format-obj = cualquier programa 3D, en zip
format-gltf = en archivos separados, en zip
format-ply = colores en los vértices
print-size = Para imprimir, lado más largo en mm
format-3mf = 3MF, en color
retry-lead = Tu imagen sigue aquí, sellada, hasta que acabe el tiempo de abajo. Puedes pedir que se intente de nuevo, con otras opciones si quieres.
background-label = Fondo
background-out = quitarlo
background-in = dejarlo
retry = Intentar de nuevo
retry-impossible = No se puede intentar de nuevo: la imagen se ha destruido.
cancelled-lead = Lo has detenido. La imagen se ha destruido.
deleted-in = Se borra en
deleted-after-download = Se borra tras la primera descarga, o en
delete-now = Borrar ahora
delete-sooner = Borrarlo antes
lifetime-as-now = tanto como ahora
shorten = Acortar

# Muchas imágenes a la vez.
batch-title = Muchas imágenes
batch-description = Envía a la vez muchas imágenes de objetos distintos y recibe un modelo 3D de cada una, con su propio enlace y su propio plazo.
batch-heading = Muchas imágenes, un modelo de cada una
batch-lead = Elige hasta { $most } imágenes de objetos distintos y recibe un modelo de cada una.
batch-pictures = Imágenes
batch-drop = Suelta aquí tus imágenes
batch-drop-or = o elígelas, una a una o todas a la vez
batch-each = Un trabajo por imagen.
batch-each-text = Si una falla, las demás siguen; cada una tiene su enlace y su plazo.
batch-program = También para programas.
batch-program-text = Muchas imágenes en una petición o en una orden:
batch-make = Crear los modelos
batch-yours = Tus imágenes
batch-yours-lead = Una línea por imagen, en el orden en que las enviaste. Guarda la dirección de esta lista: no hay otra.
batch-destroyed = Se destruye en { $time }
batch-again = Mirar de nuevo
batch-more = Más imágenes

# Por qué no hay modelo: failure-CODE.
failure-no_foreground = La imagen es transparente en todas partes y no se ve ningún objeto; guárdala de nuevo con el objeto opaco.
failure-matte_missing = La eliminación del fondo no está instalada en este servidor; desactívala o envía una imagen con fondo transparente.
failure-matte_broken = La eliminación del fondo no funciona en este servidor; desactívala o envía una imagen con fondo transparente.
failure-triposr_missing = TripoSR no está instalado en este servidor; elige otra red.
failure-triposr_broken = TripoSR no funciona en este servidor; elige otra red.
failure-engine = No se pudo crear un modelo con esta imagen; prueba otra red u otra imagen.
    .tool = Con esta imagen no se pudo hacer nada; prueba otra imagen.
failure-crashed = El programa se detuvo inesperadamente al trabajar con esta imagen; inténtalo de nuevo, con menos calidad o con otra imagen.
    .tool = El programa se detuvo inesperadamente al trabajar con esta imagen; inténtalo de nuevo, o con una imagen más pequeña.
failure-too_many_tries = El programa se detuvo inesperadamente cada vez que trabajó con esta imagen; prueba con menos calidad o con otra imagen.
    .tool = El programa se detuvo inesperadamente cada vez que trabajó con esta imagen; prueba con una imagen más pequeña.
failure-too_much_memory = Esta imagen necesita más memoria de la que el servidor da a cada una; elige menos calidad o una imagen más pequeña.
    .tool = Esta imagen necesita más memoria de la que el servidor da a cada una; hazla más pequeña o pide menos a la vez.
failure-too_long = Esta imagen tardó más de lo que el servidor dedica a cada una; elige menos calidad u otra imagen.
    .tool = Esta imagen tardó más de lo que el servidor dedica a cada una; hazla más pequeña o pide menos a la vez.
failure-no_worker = El servidor no pudo empezar a trabajar con esta imagen; inténtalo más tarde.
failure-picture_lost = La imagen se destruyó antes de que llegara su turno; envíala de nuevo.
failure-disk_full = El disco del servidor está lleno; inténtalo más tarde.
failure-storage = El servidor no pudo guardar el modelo; inténtalo más tarde.
    .tool = El servidor no pudo guardar la imagen; inténtalo más tarde.
failure-no_object = Ningún objeto destaca en la imagen; recórtala más de cerca o marca el objeto a mano.
failure-outside = El recorte o una esquina queda fuera de la imagen; elige uno que esté dentro.
failure-too_large = Ampliada, la imagen sería mayor que cualquiera que se acepte; recórtala o redúcela antes.
failure-mask = La máscara debe tener el tamaño de la imagen y marcar en blanco una parte de ella; píntala sobre la propia imagen.
failure-tool_missing = Una red que esto necesita no está instalada en este servidor; quien lo administra puede instalarla con `ai3dgen models pull`.
failure-tool_broken = Una red que esto necesita no funciona en este servidor; quien lo administra puede comprobarla con `ai3dgen models verify`.

# Lo peculiar de una imagen: notice-NAME.
notice-touches_border = El objeto queda cortado por el borde de la imagen; deja algo de espacio a su alrededor para un modelo completo.
notice-whole_picture = Se ha usado toda la imagen como objeto porque la eliminación del fondo está desactivada.
notice-no_object = Nada destaca del fondo, así que se ha usado toda la imagen como objeto; usa la imagen de un solo objeto ante un fondo liso.
notice-several_objects = Se encontraron { $number } objetos separados y solo se modeló el principal; recorta la imagen al que quieras.
notice-scene = Ningún objeto destaca con claridad, así que el modelo puede ser una suposición sobre parte de la escena; usa la imagen de un objeto ante un fondo liso.
notice-full_frame = El objeto llena toda la imagen y sigue fuera de ella; aléjate hasta que quepa entero, con algo de espacio alrededor.
notice-see_through = La mayor parte del objeto es translúcida y se modeló como maciza; un recorte opaco muestra mejor su forma.
notice-small = El objeto solo mide { $number ->
        [one] un píxel
       *[other] { $number } píxeles
    }; usa una imagen en la que tenga 256 o más.
notice-thickened = El objeto es más fino que el menor detalle posible y se ha engrosado; recorta la imagen a una parte o elige una calidad mayor.
notice-inflated = La red de formas no sacó nada de esta imagen, así que se infló el contorno; otra vista del objeto puede funcionar mejor.
notice-triangles = Algunas partes son demasiado finas para tan pocos cuadriláteros, así que el modelo tiene triángulos; pide más caras para tener cuadriláteros.
notice-more_faces = El modelo tiene { $number } caras, más de las pedidas: con menos se romperían las partes finas; quita algunas en un programa de 3D si eso no te importa.
notice-left_left_out = La imagen de la izquierda no encaja con las demás y se ha omitido; comprueba que muestre el mismo objeto por ese lado.
notice-back_left_out = La imagen de detrás no encaja con las demás y se ha omitido; comprueba que muestre el mismo objeto por ese lado.
notice-right_left_out = La imagen de la derecha no encaja con las demás y se ha omitido; comprueba que muestre el mismo objeto por ese lado.

# Si se puede imprimir; finding-NAME es lo encontrado.
report-title = ¿Se puede imprimir?
report-open = Ver el informe
report-yes = Sí, nada lo impide.
report-no = Tal como está, no.
report-size = Lado más largo en mm
report-check = Comprobar este tamaño
report-picture = El modelo por cuatro lados, coloreado donde el informe tiene algo que decir; se abre más grande
report-back = Volver al modelo
fact-size = Tamaño
fact-wall = Pared más fina
fact-volume = Volumen
fact-watertight = Estanco
fact-faces = Caras
yes = sí
no = no
millimetres = { $millimetres } mm
cubic-centimetres = { $volume } cm³
finding-no_surface = No hay ninguna superficie en este archivo.
finding-not_finite = { $number ->
        [one] Una cara
       *[other] { $number } caras
    } con esquinas que no son números; la reparación las elimina.
finding-holes = Tiene { $number ->
        [one] un agujero
       *[other] { $number } agujeros
    }; la reparación los cierra.
finding-crowded_edges = Más de dos caras se juntan en { $number ->
        [one] una arista
       *[other] { $number } aristas
    }; la reparación las separa.
finding-pinched_vertices = Hay partes que solo se tocan en un punto, en { $number ->
        [one] un vértice
       *[other] { $number } vértices
    }; la reparación las separa.
finding-one_sided = { $number ->
        [one] Una pieza no tiene
       *[other] { $number } piezas no tienen
    } interior ni exterior, como una cinta de Möbius; dale grosor en un programa de modelado.
finding-flipped_faces = { $number ->
        [one] Una cara mira
       *[other] { $number } caras miran
    } al lado equivocado; la reparación las gira.
finding-flipped_shells = { $number ->
        [one] Una pieza está
       *[other] { $number } piezas están
    } del revés; la reparación las gira.
finding-crossings = { $number ->
        [one] Un par de caras se atraviesa
       *[other] { $number } pares de caras se atraviesan
    }; la reparación desenreda lo que puede.
finding-many_crossings = Al menos { $number } pares de caras se atraviesan; la reparación desenreda lo que puede.
finding-no_volume = No encierra ningún volumen; dale grosor en un programa de modelado.
finding-thin_walls = Las paredes del { $number } % de la superficie miden menos de { $millimetres } mm; imprímelo más grande.
finding-overhang = El { $number } % de la superficie queda en voladizo; activa los soportes en el laminador.
finding-small_base = Apenas toca la placa; aplana la base o imprímelo con un borde.
finding-hanging = { $number ->
        [one] Una pieza cuelga
       *[other] { $number } piezas cuelgan
    } en el aire sin tocar nada: imprime con soportes y cuenta con partes sueltas.
finding-inside = { $number ->
        [one] Una pieza está
       *[other] { $number } piezas están
    } dentro de otras; un hueco atrapa material y lo oculto solo cuesta tiempo.
finding-idle = { $number ->
        [one] Una cara no tiene
       *[other] { $number } caras no tienen
    } área o repiten otra; la reparación las elimina.
