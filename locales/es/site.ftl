# Lo que rodea cada página.
skip-to-content = Ir al contenido
nav-label = Páginas
nav-menu = Menú
nav-make = Crear un modelo
nav-features = Qué hace
nav-faq = Preguntas
nav-status = Estado
footer-label = Más páginas
footer-story = Nuestra historia
footer-privacy = Privacidad
footer-terms = Condiciones
footer-cookies = Configuración de cookies
footer-licences = Licencias
footer-promise = Sin cuenta. Sin cookies ni terceros si no lo aceptas. Las imágenes y los modelos se destruyen en menos de una hora.
footer-kept = ¿Se cumplen estas promesas?
language-label = Idioma
moment = { $day }/{ $month }/{ $year }, { $time } UTC

# What visitors are asked, if their visits are to be counted.
consent-label = Estadísticas
consent-choice = Tu elección
consent-none = Este servidor no cuenta nada, así que no hay nada que aceptar ni rechazar.
consent-question = ¿Puede tu navegador decir a { $services } qué páginas públicas nuestras abres? Nunca una imagen, un modelo ni un enlace a ellos. Allí no debe guardarse tu dirección de red.
consent-undecided = No has elegido. Mientras no lo hagas, no se cuenta nada.
consent-accepted = Has aceptado. Se cuentan tus visitas a páginas públicas.
consent-rejected = Has rechazado. No se cuenta nada.
consent-signalled = Tu navegador pide que no se te siga (Global Privacy Control). Eso es un no: no se cuenta nada.
consent-accept = Aceptar
consent-reject = Rechazar

# La página con la zona para soltar la imagen.
home-title = Una imagen se convierte en un modelo 3D y luego se olvida
home-description = Suelta la imagen de un objeto y recibe un modelo 3D con textura. Imagen y modelo se destruyen en menos de una hora.
home-heading = Una imagen se convierte en un modelo 3D. Después, se olvida.
home-lead = Suelta la foto de un objeto. Obtendrás un modelo con textura para girarlo, imprimirlo o jugar con él. Una hora más tarde, aquí no queda nada.
home-yours = Solo tuyo.
home-yours-text = La imagen y el modelo se cifran cada uno con su propia clave. Solo se abren con el enlace que recibes.
home-gone = Desaparece en una hora.
home-gone-text = Primero se destruyen las claves y después los archivos. O antes: un botón lo borra todo al momento.
home-unused = Para nada más.
home-unused-text = Ni entrenamiento, ni galería, ni seguimiento. Lo que creas es tuyo.

# El formulario.
drop-here = Suelta aquí una imagen
drop-or = o elígela, pégala o haz una foto con el móvil
drop-formats = PNG, JPEG, WebP, AVIF, GIF, BMP o TIFF, hasta { $megabytes } MB
drop-at-once = Se envía en cuanto la eliges, con lo que esté indicado abajo.
drop-chosen = La imagen que has elegido
drop-stop = Detener
drop-make = Crear el modelo
sample-take = Probar con esta imagen
sample-lead = ¿No tienes una imagen a mano?
sample-alt = Un cubo de madera, fotografía
quality = Calidad
tier-base = Base
tier-pro = Pro
tier-ultra = Ultra
tier-gives = Textura de { $texture }K, { $faces } mil caras, { $beside }
tier-base-beside = rápido
tier-pro-beside = con menos luz propia de la foto y mapas de normales y de rugosidad
tier-ultra-beside = todo lo de Pro, con la malla más fina
engine-label = Red de formas
engine-auto = la mejor para esta calidad
engine-builtin = integrada
engine-triposr = TripoSR, si este servidor lo tiene
engine-inflate = ninguna: inflar el contorno
lifetime-label = Conservarlo
lifetime-hour = una hora
lifetime-minutes = { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}
delete-after-download = Borrarlo todo tras la primera descarga

# What few people set.
options-title = Opciones
options-lead = Lo que no toques queda como de costumbre.
by-quality = según la calidad
faces-label = Caras (triángulos)
texture-label = Lado de la textura, píxeles
size-label = Lado más largo, mm
size-usual = { $size } para imprimir
seed-label = Semilla
topology-label = Las caras son
topology-triangle = triángulos
topology-quad = cuadriláteros, para esculpir
symmetry-label = Simetría
symmetry-none = como se ve
symmetry-auto = donde es segura
symmetry-x = izquierda y derecha iguales
ground-label = Se apoya
ground-flat = plano en el suelo
ground-lowest = en su punto más bajo
ground-centre = en torno a su centro
print-label = Prepararlo para una impresora 3D
