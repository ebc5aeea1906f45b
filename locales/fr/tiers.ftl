# Une page par qualité.
tier-free = Gratuit
free-heading = Un modèle 3D à partir d’une image, gratuitement
free-lead = Le générateur Base, sans compte. Rien à créer, rien à payer, et tout est quand même oublié en moins d’une heure.
free-limit = { $limit ->
        [one] { $limit } image
       *[other] Jusqu’à { $limit } images
    } en attente par adresse, chacun son tour
base-heading = Base : un modèle 3D rapide à partir d’une image
base-lead = Le réseau intégré devine la forme et votre photo lui donne ses couleurs. Bien pour regarder, essayer et imprimer une première fois.
pro-heading = Pro : un modèle 3D pour toutes les lumières
pro-lead = La lumière de la photo est retirée des couleurs : le modèle prend celle du lieu où vous le placez. Des cartes montrent ce que ses faces seules ne peuvent pas.
ultra-heading = Ultra : le modèle 3D le plus fin à partir d’une image
ultra-lead = Tout ce qu’offre Pro, sur la grille la plus fine et avec la plus grande texture, pour les objets très détaillés. C’est plus long.
gives-heading = Ce que vous obtenez
gives-grid = Une surface tirée d’une grille de { $side } × { $side } × { $side } cellules
gives-faces = { $faces } faces, ou autant que vous en demandez
gives-texture = Une texture de { $pixels } × { $pixels } pixels
gives-builtin = Le réseau de formes intégré, qui répond vite
gives-best = TripoSR pour la forme si ce serveur l’a, sinon le réseau intégré
gives-light = La lumière douce de la photo retirée des couleurs
gives-maps = Cartes de normales, de rugosité et d’occlusion pour le rendu physique
gives-enlarged = Les petites photos agrandies avant de donner les couleurs
gives-formats = Tous les formats : GLB, glTF, OBJ, STL, 3MF, PLY et USDZ
example-heading = Un exemple
example-alt = Une théière, créée par ce moteur à partir de notre propre image. Tournez-la avec les flèches, zoomez avec plus et moins.
example-facts = Créé à cette qualité par le réseau intégré à partir de notre propre image. Pour que la page reste légère, il n’a que { $faces } faces et une texture de { $pixels } pixels.
example-turn = Le tourner en 3D
tiers-more = Ce que donne chaque qualité :

# Les autres côtés de l’objet.
sides-title = Ajouter d’autres côtés de l’objet
sides-lead = Plusieurs photos du même objet donnent un meilleur modèle. Pour chacune, faites un quart de tour autour de lui : ce qui est à gauche sur la première photo vous fait face sur celle de gauche.
sides-wait = Tant que ceci est ouvert, rien n’est envoyé avant que vous n’appuyiez sur le bouton.
