# El blog.
blog = Blog
blog-heading = En qué pensamos mientras construimos esto
blog-description = Cómo funciona un camino privado de la imagen al modelo 3D, qué puede hacer y qué no.
blog-feed = Canal RSS
day = { $day }/{ $month }/{ $year }

# A quién escribir.
contact = Contacto
contact-heading = Escribe a quien gestiona este servidor
contact-description = Preguntas, fallos, deseos o la imagen de un menor que debe desaparecer: cómo contactar con quien gestiona este servidor.
contact-address = Por correo electrónico a
contact-subject = Asunto
contact-message = Mensaje
contact-write = Seguir en mi programa de correo
contact-own = Se abre tu programa de correo con el mensaje. Nada de lo que escribas aquí pasa por este servidor.
contact-none = Quien gestiona este servidor no ha indicado ninguna dirección.
contact-care = No envíes a nadie la dirección de un trabajo: quien la conoce puede ver el modelo. Para borrar algo al momento, pulsa el botón de su página.
