# Ce qui ne va pas : un titre et, dans .detail, pourquoi et que faire. problem-CODE, où CODE fait partie de l’API.
-unusable = Cette image est inutilisable
problem-no_such_page = Il n’y a rien ici
    .detail = Cette adresse ne mène nulle part : elle est incomplète ou mal recopiée.
problem-no_such_job = Cette tâche n’existe pas
    .detail = Le lien est incomplet ou mal recopié, ou ce à quoi il menait a été effacé depuis longtemps.
problem-method_not_allowed = Impossible de faire cela ici
    .detail = Cette adresse attend un autre type de requête.
problem-foreign_form = Cela venait d’un autre site
    .detail = Les requêtes qui modifient quelque chose ne sont acceptées que depuis les pages de ce site.
problem-our_fault = Quelque chose s’est cassé chez nous
    .detail = La faute est la nôtre, pas celle de votre image. Réessayez ; si cela persiste, prévenez la personne qui gère ce serveur, en donnant le numéro de la requête.
problem-malformed_upload = L’envoi n’est pas arrivé entier
    .detail = L’image a été coupée ou abîmée en chemin. Rien n’a été conservé ; envoyez-la de nouveau.
problem-no_picture = Il n’y avait pas d’image
    .detail = Envoyez une image, dans le champ « picture » du formulaire ou comme corps de la requête.
problem-unknown_tier = Cette qualité n’existe pas
    .detail = La qualité (tier) est l’une de celles-ci : { $names }.
problem-unknown_engine = Ce moteur n’existe pas
    .detail = Le moteur (engine) est l’un de ceux-ci : { $names }.
problem-unknown_format = Ce format n’existe pas
    .detail = Le format est l’un de ceux-ci : { $names }.
problem-unknown_size = Cette taille est inutilisable
    .detail = Le plus grand côté est un nombre de millimètres entre { $least } et { $most }.
problem-unknown_lifetime = Cette durée est inutilisable
    .detail = La durée est un nombre entier de minutes entre { $least } et { $most }. Rien n’est conservé plus d’une heure.
problem-unknown_flag = Ce n’est ni oui ni non
    .detail = Les champs delete_after_download, keep_background et print valent true ou false.
problem-unknown_choice = Cette option est inutilisable
    .detail = Le champ { $field } est l’un de { $names }.
problem-out_of_range = Cette option est inutilisable
    .detail = Le champ { $field } est un nombre entier de { $least } à { $most }.
problem-number_out_of_range = Cette option est inutilisable
    .detail = Le champ { $field } est un nombre de { $least } à { $most }.
problem-no_text = Cette option est inutilisable
    .detail = Le champ { $field } est un texte.
problem-unwritten = Cette option est inutilisable
    .detail = Le champ { $field } s’écrit ainsi : { $example }
problem-no_mask = Il n’y avait pas de masque
    .detail = Envoyez dans le champ « mask » une image de même taille, blanche là où quelque chose doit partir et noire ailleurs.
problem-mask_size = Le masque ne va pas avec l’image
    .detail = Le masque a { $mask } pixels et l’image { $picture } : peignez-le sur l’image à sa propre taille.
problem-too_long_for_format = Ce format ne peut contenir l’image
    .detail = L’image a plus de pixels de côté que ce format n’en admet : prenez-la en PNG.
problem-too_many = Trop d’images à la fois
    .detail = Une requête porte au plus { $most } images. Rien n’a été gardé ; envoyez-en moins.
problem-said_twice = C’est dit deux fois
    .detail = Chaque option se donne une seule fois.
problem-side_in_batch = Les côtés d’un objet ne vont pas ici
    .detail = Le champ { $field } est un autre côté d’un même objet : envoyez-le à /jobs avec les autres côtés.
about-left = Image de gauche : { $detail }
about-back = Image de dos : { $detail }
about-right = Image de droite : { $detail }
about-mask = Masque : { $detail }
about-background = Arrière-plan : { $detail }
problem-idempotency_key_unusable = Cette clé d’idempotence est inutilisable
    .detail = L’en-tête Idempotency-Key est un seul texte de 1 à { $most } caractères ASCII.
problem-idempotency_key_reused = Cette clé d’idempotence a déjà servi
    .detail = Une autre image ou d’autres options sont venues avec la même Idempotency-Key. Rien de celle-ci n’a été conservé ; choisissez une nouvelle clé.
problem-not_a_form = Cela ne peut pas être lu
    .detail = Envoyez un formulaire (application/x-www-form-urlencoded) avec les champs tier, engine et keep_background, ou rien.
problem-range_beyond_end = Cette partie n’existe pas
    .detail = Le fichier s’arrête à l’octet { $bytes } ; demandez une partie qui le précède.
problem-not_an_upload = Ce n’est pas une image
    .detail = Envoyez un formulaire (multipart/form-data) avec le champ « picture », ou l’image elle-même avec son type de média.
problem-too_large = L’image est trop grande
    .detail = { $megabytes } Mo au plus sont acceptés. Enregistrez l’image en plus petit et réessayez.
problem-too_slow = L’envoi a pris trop de temps
    .detail = La connexion s’est arrêtée avant que l’image soit complète. Rien n’a été conservé ; envoyez-la de nouveau.
problem-busy = Trop de travail en ce moment
    .detail = Beaucoup d’images attendent. Rien n’a été changé ni conservé de plus ; réessayez dans { $seconds ->
        [one] { $seconds } seconde
       *[other] { $seconds } secondes
    }.
problem-busy_converting = Trop de conversions en ce moment
    .detail = Beaucoup de modèles sont en cours de conversion. Réessayez dans { $seconds ->
        [one] { $seconds } seconde
       *[other] { $seconds } secondes
    }.
problem-enough_waiting = Certaines de vos images attendent déjà
    .detail = { $limit ->
        [one] Une seule image par adresse peut attendre à la fois.
       *[other] Au plus { $limit } images par adresse peuvent attendre à la fois.
    } Rien n’a été changé ni conservé de plus ; réessayez dans { $seconds ->
        [one] { $seconds } seconde
       *[other] { $seconds } secondes
    }.
problem-gone = C’est effacé
    .detail = L’image et le modèle ont été détruits : parce que l’heure était écoulée, ou parce que quelqu’un ayant ce lien les a effacés. Leurs clés ont disparu en premier, personne ne peut donc les faire revenir.
problem-not_ready = Ce n’est pas encore prêt
    .detail = Il est en cours de création, ou n’a pas pu être créé. La page de la tâche dit ce qu’il en est.
problem-other_kind = Cette tâche produit autre chose
    .detail = Elle produit un modèle ou une autre image, et vous avez demandé l’inverse. Sa page mène à ce qu’elle produit.
problem-not_retryable = Impossible de réessayer
    .detail = Il n’y a pas eu d’échec, ou réessayer ne servirait à rien, ou il y a eu assez d’essais ; l’image n’est pas conservée. Envoyez l’image de nouveau.
problem-not_a_picture = { -unusable }
    .detail = Ce n’est pas une image : envoyez un fichier PNG, JPEG, WebP, AVIF, GIF, BMP ou TIFF.
problem-picture_unsupported = { -unusable }
    .detail = { $format ->
        [HEIC] Les fichiers HEIC ne peuvent pas être lus ici : enregistrez-le ou partagez-le en JPEG. Sur un iPhone, Réglages › Appareil photo › Formats › Le plus compatible donne des photos JPEG.
       *[other] Les fichiers { $format } ne peuvent pas être lus : convertissez-le d’abord en JPEG ou PNG.
    }
problem-picture_truncated = { -unusable }
    .detail = Le fichier { $format } est tronqué : copiez-le, enregistrez-le ou envoyez-le de nouveau.
problem-picture_corrupt = { -unusable }
    .detail = Le fichier { $format } est endommagé : ouvrez-le dans un éditeur d’images et enregistrez-le de nouveau.
problem-picture_too_many_bytes = { -unusable }
    .detail = Le fichier fait { $megabytes } Mo, plus que les { $limit } Mo autorisés : réduisez l’image ou enregistrez-la en JPEG.
problem-picture_too_long = { -unusable }
    .detail = L’image fait { $width } × { $height } pixels, plus de { $limit } sur un côté : réduisez-la.
problem-picture_too_many_pixels = { -unusable }
    .detail = L’image fait { $width } × { $height } pixels, plus de { $limit } mégapixels : réduisez-la.
problem-picture_too_small = { -unusable }
    .detail = L’image ne fait que { $width } × { $height } pixels : envoyez-en une d’au moins { $limit } × { $limit }, mieux 512 × 512.
problem-picture_too_much_memory = { -unusable }
    .detail = Lire cette image demande plus de { $limit } Mo de mémoire : réduisez-la ou enregistrez-la en 8 bits par canal.
problem-disk_full = Le disque du serveur est plein
    .detail = Rien n’a été conservé. Réessayez plus tard, ou demandez à la personne qui gère ce serveur de libérer de la place.
problem-database_away = La liste des tâches est injoignable
    .detail = Rien n’est perdu, et rien n’est conservé plus longtemps. Réessayez dans { $seconds ->
        [one] { $seconds } seconde
       *[other] { $seconds } secondes
    }.

# Ce qui les entoure sur une page.
request-number = Numéro de la requête :
page-back = Retour au début
page-again = Recommencer avec une autre image
receipts = Reçus
receipt = clé détruite le { $moment } : { $reason }
receipt-picture = Votre image
receipt-model = Le modèle
receipt-preview = Son aperçu
receipt-edited = L’image terminée
receipt-expired = son temps était écoulé
receipt-asked = vous l’avez demandé
receipt-downloaded = il a été téléchargé
receipt-restart = le serveur a redémarré
receipt-unused = on n’en avait plus besoin
receipts-facts = Signés par ce serveur. Enregistrez-les avec sa clé publique dans les 30 jours ; ils se vérifient sans ce serveur.
receipts-save = Enregistrer les reçus
receipts-key = Enregistrer la clé publique
