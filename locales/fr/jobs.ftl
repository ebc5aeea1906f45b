# La page d’une tâche.
job-queued = En attente de son tour
job-running = Création de votre modèle
job-done = Votre modèle est prêt
job-failed = Pas de modèle cette fois
job-cancelled = Arrêté
stage-matte = Détourage de l’objet
stage-shape = Recherche de sa forme
stage-surface = Fermeture de la surface
stage-texture = Mise en couleur
stage-export = Écriture du fichier
job-picture = Votre image
job-rendering = Un rendu de votre modèle
progress-label = Avancement
turn-label = Tourner le modèle
turn-front = Avant
turn-right = Droite
turn-back = Arrière
turn-left = Gauche
download = Télécharger le modèle
download-picture = Son image
download-facts = glTF binaire (.glb), texture comprise : s’ouvre dans Blender, les moteurs de jeu, les trancheurs et les téléphones.
made-in = Fait en { $seconds } s.
formats-other = Autres formats
format-usdz = iPhone, iPad et Mac
format-obj = tout logiciel 3D, en zip
format-gltf = en fichiers séparés, en zip
format-ply = couleurs aux sommets
print-size = Pour imprimer, plus grand côté en mm
format-3mf = 3MF, en couleur
retry-lead = Votre image est encore ici, scellée, jusqu’à la fin du délai ci-dessous. Vous pouvez demander un nouvel essai, avec d’autres options si vous voulez.
background-label = Arrière-plan
background-out = l’enlever
background-in = le laisser
retry = Réessayer
retry-impossible = Impossible de réessayer : l’image a été détruite.
cancelled-lead = Vous l’avez arrêté. L’image a été détruite.
deleted-in = Effacé dans
deleted-after-download = Effacé après le premier téléchargement, ou dans
delete-now = Effacer maintenant
delete-sooner = L’effacer plus tôt
lifetime-as-now = aussi longtemps qu’à présent
shorten = Raccourcir

# Plusieurs images à la fois.
batch-title = Plusieurs images
batch-description = Envoyez d’un coup les images de plusieurs objets et recevez un modèle 3D de chacun, avec son propre lien et son propre délai.
batch-heading = Plusieurs images, un modèle de chacune
batch-lead = Choisissez jusqu’à { $most } images d’objets différents et recevez un modèle de chacune.
batch-pictures = Images
batch-drop = Déposez vos images ici
batch-drop-or = ou choisissez-les, une à une ou toutes à la fois
batch-each = Une tâche par image.
batch-each-text = Si l’une échoue, les autres continuent ; chacune a son lien et son délai.
batch-program = Pour les programmes aussi.
batch-program-text = Plusieurs images en une requête ou une commande :
batch-make = Créer les modèles
batch-yours = Vos images
batch-yours-lead = Une ligne par image, dans l’ordre où vous les avez envoyées. Gardez l’adresse de cette liste : il n’y en a pas d’autre.
batch-destroyed = Détruit dans { $time }
batch-again = Regarder à nouveau
batch-more = D’autres images

# Pourquoi il n’y a pas de modèle : failure-CODE.
failure-no_foreground = L’image est transparente partout, on n’y voit aucun objet ; enregistrez-la avec l’objet opaque.
failure-matte_missing = La suppression de l’arrière-plan n’est pas installée sur ce serveur ; désactivez-la ou envoyez une image à fond transparent.
failure-matte_broken = La suppression de l’arrière-plan ne fonctionne pas sur ce serveur ; désactivez-la ou envoyez une image à fond transparent.
failure-triposr_missing = TripoSR n’est pas installé sur ce serveur ; choisissez un autre réseau.
failure-triposr_broken = TripoSR ne fonctionne pas sur ce serveur ; choisissez un autre réseau.
failure-engine = Aucun modèle n’a pu être tiré de cette image ; essayez un autre réseau ou une autre image.
    .tool = Rien n’a pu être fait de cette image ; essayez une autre image.
failure-crashed = Le programme s’est arrêté de façon inattendue sur cette image ; réessayez, avec une qualité moindre ou une autre image.
    .tool = Le programme s’est arrêté de façon inattendue sur cette image ; réessayez, ou avec une image plus petite.
failure-too_many_tries = Le programme s’est arrêté de façon inattendue à chaque essai sur cette image ; essayez une qualité moindre ou une autre image.
    .tool = Le programme s’est arrêté de façon inattendue à chaque essai sur cette image ; essayez une image plus petite.
failure-too_much_memory = Cette image demande plus de mémoire que le serveur n’en accorde à une seule ; choisissez une qualité moindre ou une image plus petite.
    .tool = Cette image demande plus de mémoire que le serveur n’en accorde à une seule ; réduisez-la, ou demandez moins à la fois.
failure-too_long = Cette image a pris plus de temps que le serveur n’en accorde à une seule ; choisissez une qualité moindre ou une autre image.
    .tool = Cette image a pris plus de temps que le serveur n’en accorde à une seule ; réduisez-la, ou demandez moins à la fois.
failure-no_worker = Le serveur n’a pas pu commencer à traiter cette image ; réessayez plus tard.
failure-picture_lost = L’image a été détruite avant que son tour vienne ; renvoyez-la.
failure-disk_full = Le disque du serveur est plein ; réessayez plus tard.
failure-storage = Le serveur n’a pas pu enregistrer le modèle ; réessayez plus tard.
    .tool = Le serveur n’a pas pu enregistrer l’image ; réessayez plus tard.
failure-no_object = Aucun objet ne se détache dans l’image ; recadrez-la de plus près ou marquez l’objet à la main.
failure-outside = Le cadre ou un coin se trouve hors de l’image ; choisissez-le à l’intérieur.
failure-too_large = Agrandie, l’image dépasserait la taille acceptée ; recadrez-la ou réduisez-la d’abord.
failure-mask = Le masque doit avoir la taille de l’image et en marquer une partie en blanc ; peignez-le sur l’image même.
failure-tool_missing = Un réseau nécessaire n’est pas installé sur ce serveur ; son exploitant peut l’installer avec `ai3dgen models pull`.
failure-tool_broken = Un réseau nécessaire ne fonctionne pas sur ce serveur ; son exploitant peut le vérifier avec `ai3dgen models verify`.

# Ce qu’une image a de particulier : notice-NAME.
notice-touches_border = L’objet est coupé par le bord de l’image ; laissez un peu de place autour pour un modèle complet.
notice-whole_picture = Toute l’image a servi d’objet, car la suppression de l’arrière-plan est désactivée.
notice-no_object = Rien ne se détache de l’arrière-plan, toute l’image a donc servi d’objet ; prenez l’image d’un seul objet devant un fond uni.
notice-several_objects = { $number } objets séparés ont été trouvés et seul le principal a été modélisé ; recadrez l’image sur celui que vous voulez.
notice-scene = Aucun objet ne se détache clairement, le modèle peut donc n’être qu’une supposition sur une partie de la scène ; prenez l’image d’un objet devant un fond uni.
notice-full_frame = L’objet remplit toute l’image et en déborde ; reculez jusqu’à ce qu’il y soit en entier, avec un peu de place autour.
notice-see_through = La plus grande partie de l’objet est translucide et a été modélisée comme pleine ; un détourage opaque montre mieux sa forme.
notice-small = L’objet ne fait que { $number ->
        [one] { $number } pixel
       *[other] { $number } pixels
    } ; prenez une image où il en a 256 ou plus.
notice-thickened = L’objet est plus fin que le moindre détail possible et a été épaissi ; recadrez l’image sur une partie ou choisissez une qualité supérieure.
notice-inflated = Le réseau de formes n’a rien tiré de cette image, le contour a donc été gonflé ; une autre vue de l’objet marchera peut-être mieux.
notice-triangles = Des parties de l’objet sont trop fines pour si peu de quadrilatères, le modèle a donc des triangles ; demandez plus de faces pour en obtenir.
notice-more_faces = Le modèle a { $number } faces, plus que demandé : avec moins, ses parties fines se déchireraient ; retirez-en dans un logiciel 3D si cela ne vous gêne pas.
notice-left_left_out = L’image de gauche ne s’accorde pas avec les autres et a été écartée ; vérifiez qu’elle montre le même objet de ce côté.
notice-back_left_out = L’image de l’arrière ne s’accorde pas avec les autres et a été écartée ; vérifiez qu’elle montre le même objet de ce côté.
notice-right_left_out = L’image de droite ne s’accorde pas avec les autres et a été écartée ; vérifiez qu’elle montre le même objet de ce côté.

# Si on peut l’imprimer ; finding-NAME pour ce qui a été trouvé.
report-title = Peut-on l’imprimer ?
report-open = Voir le rapport
report-yes = Oui, rien ne s’y oppose.
report-no = Pas en l’état.
report-size = Plus grand côté en mm
report-check = Vérifier cette taille
report-picture = Le modèle vu de quatre côtés, coloré là où le rapport a quelque chose à dire ; s’ouvre en plus grand
report-back = Retour au modèle
fact-size = Taille
fact-wall = Paroi la plus fine
fact-volume = Volume
fact-watertight = Étanche
fact-faces = Faces
yes = oui
no = non
millimetres = { $millimetres } mm
cubic-centimetres = { $volume } cm³
finding-no_surface = Il n’y a aucune surface dans ce fichier.
finding-not_finite = { $number ->
        [one] { $number } face
       *[other] { $number } faces
    } dont les coins ne sont pas des nombres ; la réparation les supprime.
finding-holes = Il a { $number ->
        [one] { $number } trou
       *[other] { $number } trous
    } ; la réparation les referme.
finding-crowded_edges = Plus de deux faces se rejoignent sur { $number ->
        [one] { $number } arête
       *[other] { $number } arêtes
    } ; la réparation les sépare.
finding-pinched_vertices = Des parties ne se touchent qu’en un point, à { $number ->
        [one] { $number } sommet
       *[other] { $number } sommets
    } ; la réparation les sépare.
finding-one_sided = { $number ->
        [one] { $number } morceau n’a
       *[other] { $number } morceaux n’ont
    } ni intérieur ni extérieur, comme un ruban de Möbius ; donnez-lui de l’épaisseur dans un logiciel de modélisation.
finding-flipped_faces = { $number ->
        [one] { $number } face regarde
       *[other] { $number } faces regardent
    } du mauvais côté ; la réparation les retourne.
finding-flipped_shells = { $number ->
        [one] { $number } morceau est à l’envers
       *[other] { $number } morceaux sont à l’envers
    } ; la réparation les retourne.
finding-crossings = { $number ->
        [one] { $number } paire de faces se traverse
       *[other] { $number } paires de faces se traversent
    } ; la réparation démêle ce qu’elle peut.
finding-many_crossings = Au moins { $number } paires de faces se traversent ; la réparation démêle ce qu’elle peut.
finding-no_volume = Il n’enferme aucun volume ; donnez-lui de l’épaisseur dans un logiciel de modélisation.
finding-thin_walls = Les parois de { $number } % de la surface font moins de { $millimetres } mm ; imprimez-le plus grand.
finding-overhang = { $number } % de la surface est en surplomb ; activez les supports dans le trancheur.
finding-small_base = Il touche à peine le plateau ; aplatissez sa base ou imprimez-le avec une bordure.
finding-hanging = { $number ->
        [one] { $number } morceau flotte
       *[other] { $number } morceaux flottent
    } en l’air sans rien toucher : imprimez avec des supports et attendez-vous à des parties séparées.
finding-inside = { $number ->
        [one] { $number } morceau se trouve
       *[other] { $number } morceaux se trouvent
    } à l’intérieur d’autres ; une cavité retient de la matière, ce qui est caché ne coûte que du temps.
finding-idle = { $number ->
        [one] { $number } face n’a pas
       *[other] { $number } faces n’ont pas
    } d’aire ou en répètent une autre ; la réparation les supprime.
