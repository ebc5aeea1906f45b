# Lo que sale mal: un título y, como .detail, el porqué y qué hacer ahora. problem-CODE, donde CODE es parte de la API.
-unusable = Esa imagen no se puede usar
problem-no_such_page = Aquí no hay nada
    .detail = Esta dirección no lleva a ninguna parte: está incompleta o mal escrita.
problem-no_such_job = Ese trabajo no existe
    .detail = El enlace está incompleto o mal escrito, o aquello a lo que llevaba se borró hace tiempo.
problem-method_not_allowed = Eso no se puede hacer aquí
    .detail = Esta dirección admite otro tipo de petición.
problem-foreign_form = Eso venía de otro sitio
    .detail = Las peticiones que cambian algo solo se aceptan desde las páginas de este sitio.
problem-our_fault = Algo ha fallado por nuestra parte
    .detail = La culpa es nuestra, no de tu imagen. Vuelve a intentarlo; si sigue pasando, díselo a quien gestiona este servidor, con el número de la petición.
problem-malformed_upload = El envío no llegó entero
    .detail = La imagen se cortó o se estropeó por el camino. No se ha guardado nada; envíala de nuevo.
problem-no_picture = No había ninguna imagen
    .detail = Envía una imagen, en el campo «picture» del formulario o como cuerpo de la petición.
problem-unknown_tier = Esa calidad no existe
    .detail = La calidad (tier) es una de estas: { $names }.
problem-unknown_engine = Ese motor no existe
    .detail = El motor (engine) es uno de estos: { $names }.
problem-unknown_format = Ese formato no existe
    .detail = El formato es uno de estos: { $names }.
problem-unknown_size = Ese tamaño no se puede usar
    .detail = El lado más largo es un número de milímetros de { $least } a { $most }.
problem-unknown_lifetime = Esa duración no se puede usar
    .detail = La duración es un número entero de minutos de { $least } a { $most }. Nada se guarda más de una hora.
problem-unknown_flag = Eso no es ni sí ni no
    .detail = Los campos delete_after_download, keep_background y print son true o false.
problem-unknown_choice = Esa opción no se puede usar
    .detail = El campo { $field } es uno de { $names }.
problem-out_of_range = Esa opción no se puede usar
    .detail = El campo { $field } es un número entero de { $least } a { $most }.
problem-number_out_of_range = Esa opción no se puede usar
    .detail = El campo { $field } es un número de { $least } a { $most }.
problem-no_text = Esa opción no se puede usar
    .detail = El campo { $field } es un texto.
problem-unwritten = Esa opción no se puede usar
    .detail = El campo { $field } se escribe así: { $example }
problem-no_mask = No había máscara
    .detail = Envía en el campo «mask» una imagen del mismo tamaño, blanca donde algo debe desaparecer y negra en lo demás.
problem-mask_size = La máscara no encaja con la imagen
    .detail = La máscara tiene { $mask } píxeles y la imagen { $picture }: píntala sobre la imagen a su tamaño.
problem-too_long_for_format = Este formato no admite la imagen
    .detail = La imagen tiene más píxeles por lado de los que admite este formato: descárgala en PNG.
problem-too_many = Demasiadas imágenes a la vez
    .detail = Una petición lleva como máximo { $most } imágenes. No se guardó nada; envía menos.
problem-said_twice = Eso se dijo dos veces
    .detail = Cada opción se da una sola vez.
problem-side_in_batch = Aquí no van los lados de un objeto
    .detail = El campo { $field } es otro lado de un mismo objeto: envíalo a /jobs junto con sus otros lados.
about-left = Imagen izquierda: { $detail }
about-back = Imagen de atrás: { $detail }
about-right = Imagen derecha: { $detail }
about-mask = Máscara: { $detail }
about-background = Fondo: { $detail }
problem-idempotency_key_unusable = Esa clave de idempotencia no se puede usar
    .detail = La cabecera Idempotency-Key es un único texto de 1 a { $most } caracteres ASCII.
problem-idempotency_key_reused = Esa clave de idempotencia ya se usó
    .detail = Con la misma Idempotency-Key llegó otra imagen u otras opciones. De esta no se ha guardado nada; elige una clave nueva para ella.
problem-not_a_form = Eso no se puede leer
    .detail = Envía un formulario (application/x-www-form-urlencoded) con los campos tier, engine y keep_background, o nada.
problem-range_beyond_end = Esa parte no existe
    .detail = El archivo termina en el byte { $bytes }; pide una parte anterior.
problem-not_an_upload = Eso no es una imagen
    .detail = Envía un formulario (multipart/form-data) con el campo «picture», o la propia imagen con su tipo de contenido.
problem-too_large = La imagen es demasiado grande
    .detail = Se admiten { $megabytes } MB como máximo. Guarda la imagen más pequeña y vuelve a intentarlo.
problem-too_slow = El envío ha tardado demasiado
    .detail = La conexión se quedó parada antes de que la imagen estuviera completa. No se ha guardado nada; envíala de nuevo.
problem-busy = Ahora mismo hay demasiado que hacer
    .detail = Hay muchas imágenes esperando. No se ha cambiado ni guardado nada nuevo; vuelve a intentarlo dentro de { $seconds ->
        [one] un segundo
       *[other] { $seconds } segundos
    }.
problem-busy_converting = Ahora mismo hay demasiado que convertir
    .detail = Se están convirtiendo muchos modelos. Vuelve a intentarlo dentro de { $seconds ->
        [one] un segundo
       *[other] { $seconds } segundos
    }.
problem-enough_waiting = Ya tienes imágenes esperando
    .detail = { $limit ->
        [one] Desde una misma dirección solo puede esperar una imagen a la vez.
       *[other] Desde una misma dirección pueden esperar como máximo { $limit } imágenes a la vez.
    } No se ha cambiado ni guardado nada nuevo; vuelve a intentarlo dentro de { $seconds ->
        [one] un segundo
       *[other] { $seconds } segundos
    }.
problem-gone = Ya no existe
    .detail = La imagen y el modelo se han destruido: porque pasó la hora o porque alguien con este enlace los borró. Sus claves se destruyeron primero, así que nadie puede recuperarlos.
problem-not_ready = Todavía no está listo
    .detail = Aún se está creando, o no se pudo crear. La página del trabajo dice cuál de las dos cosas.
problem-other_kind = Este trabajo hace otra cosa
    .detail = Hace un modelo u otra imagen, y has pedido lo contrario. La página del trabajo lleva a lo que hace.
problem-not_retryable = Eso no se puede volver a intentar
    .detail = No falló, o no serviría de nada repetirlo, o ya se intentó bastantes veces; su imagen no se conserva. Envía la imagen de nuevo.
problem-not_a_picture = { -unusable }
    .detail = Esto no es una imagen: envía un archivo PNG, JPEG, WebP, AVIF, GIF, BMP o TIFF.
problem-picture_unsupported = { -unusable }
    .detail = { $format ->
        [HEIC] Los archivos HEIC no se pueden leer aquí: guárdalo o compártelo como JPEG. En un iPhone, Ajustes › Cámara › Formatos › Más compatible hace que las fotos sean JPEG.
       *[other] Los archivos { $format } no se pueden leer: conviértelo antes a JPEG o PNG.
    }
problem-picture_truncated = { -unusable }
    .detail = El archivo { $format } está cortado: cópialo, guárdalo o súbelo otra vez.
problem-picture_corrupt = { -unusable }
    .detail = El archivo { $format } está dañado: ábrelo en un editor de imágenes y guárdalo de nuevo.
problem-picture_too_many_bytes = { -unusable }
    .detail = El archivo ocupa { $megabytes } MB, más de los { $limit } MB permitidos: reduce la imagen o guárdala como JPEG.
problem-picture_too_long = { -unusable }
    .detail = La imagen tiene { $width } × { $height } píxeles, más de { $limit } por lado: redúcela.
problem-picture_too_many_pixels = { -unusable }
    .detail = La imagen tiene { $width } × { $height } píxeles, más de { $limit } megapíxeles: redúcela.
problem-picture_too_small = { -unusable }
    .detail = La imagen solo tiene { $width } × { $height } píxeles: envía una de al menos { $limit } × { $limit }, mejor 512 × 512.
problem-picture_too_much_memory = { -unusable }
    .detail = Para leer la imagen hacen falta más de { $limit } MB de memoria: redúcela o guárdala con 8 bits por canal.
problem-disk_full = El disco del servidor está lleno
    .detail = No se ha guardado nada. Vuelve a intentarlo más tarde, o pide a quien gestiona este servidor que libere espacio.
problem-database_away = No se puede acceder a la lista de trabajos
    .detail = No se ha perdido nada, y nada se guarda más tiempo. Vuelve a intentarlo dentro de { $seconds ->
        [one] un segundo
       *[other] { $seconds } segundos
    }.

# Lo que los rodea en una página.
request-number = Número de la petición:
page-back = Volver al inicio
page-again = Empezar con otra imagen
receipts = Recibos
receipt = clave destruida el { $moment }: { $reason }
receipt-picture = Tu imagen
receipt-model = El modelo
receipt-preview = Su vista previa
receipt-edited = La imagen terminada
receipt-expired = se acabó su tiempo
receipt-asked = lo pediste tú
receipt-downloaded = se descargó
receipt-restart = se reinició el servidor
receipt-unused = ya no hacía falta
receipts-facts = Firmados por este servidor. Guárdalos junto con su clave pública antes de 30 días; ambos se pueden comprobar sin este servidor.
receipts-save = Guardar los recibos
receipts-key = Guardar la clave pública
