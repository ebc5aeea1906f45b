# Una página por calidad.
tier-free = Gratis
free-heading = Un modelo 3D a partir de una imagen, gratis
free-lead = El generador Base, sin cuenta. Nada que registrar, nada que pagar y, aun así, olvidado en menos de una hora.
free-limit = { $limit ->
        [one] Una imagen
       *[other] Hasta { $limit } imágenes
    } en espera por dirección, y todas se turnan
base-heading = Base: un modelo 3D rápido a partir de una imagen
base-lead = La red integrada adivina la forma y tu foto le da los colores. Bueno para mirar, probar y hacer las primeras impresiones.
pro-heading = Pro: un modelo 3D para cualquier luz
pro-lead = La luz de la foto se quita de los colores, y así el modelo toma la luz del lugar donde lo pongas. Los mapas muestran lo que las caras no pueden.
ultra-heading = Ultra: el modelo 3D más fino a partir de una imagen
ultra-lead = Todo lo de Pro, con la malla más fina y la textura más grande, para objetos con mucho detalle. Tarda más.
gives-heading = Qué obtienes
gives-grid = Una superficie de una malla de { $side } × { $side } × { $side } celdas
gives-faces = { $faces } caras, o las que pidas
gives-texture = Una textura de { $pixels } × { $pixels } píxeles
gives-builtin = La red de formas integrada, que responde rápido
gives-best = TripoSR para la forma si este servidor lo tiene; si no, la red integrada
gives-light = La luz suave de la foto, quitada de los colores
gives-maps = Mapas de normales, rugosidad y oclusión para renderizado físico
gives-enlarged = Las fotos pequeñas se amplían antes de dar color
gives-formats = Todos los formatos: GLB, glTF, OBJ, STL, 3MF, PLY y USDZ
example-heading = Un ejemplo
example-alt = Una tetera, creada por este motor a partir de nuestra propia imagen. Gírala con las flechas, acércala o aléjala con más y menos.
example-facts = Creado con esta calidad por la red integrada a partir de nuestra propia imagen. Para que la página sea ligera, solo tiene { $faces } caras y una textura de { $pixels } píxeles.
example-turn = Girarlo en 3D
tiers-more = Qué da cada calidad:

# Otros lados del objeto.
sides-title = Añadir otros lados del objeto
sides-lead = Varias fotos del mismo objeto dan un modelo mejor. Para cada una, da un cuarto de vuelta a su alrededor: lo que en la primera foto está a la izquierda queda de frente en la foto de la izquierda.
sides-wait = Mientras esto esté abierto, no se envía nada hasta que pulses el botón.
