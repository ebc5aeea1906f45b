# Ce qui entoure chaque page.
skip-to-content = Aller au contenu
nav-label = Pages
nav-menu = Menu
nav-make = Créer un modèle
nav-features = Possibilités
nav-faq = Questions
nav-status = État
footer-label = Autres pages
footer-story = Notre histoire
footer-privacy = Confidentialité
footer-terms = Conditions
footer-cookies = Paramètres des cookies
footer-licences = Licences
footer-promise = Sans compte. Ni cookie ni tiers sans votre accord. Images et modèles sont détruits en moins d’une heure.
footer-kept = Ces promesses sont-elles tenues ?
language-label = Langue
moment = { $day }/{ $month }/{ $year } à { $time } UTC

# What visitors are asked, if their visits are to be counted.
consent-label = Statistiques
consent-choice = Votre choix
consent-none = Ce serveur ne compte rien : il n’y a rien à accepter ni à refuser.
consent-question = Votre navigateur peut-il dire à { $services } quelles pages publiques vous ouvrez ? Jamais une image, un modèle ni un lien vers eux. Votre adresse réseau ne doit pas y être conservée.
consent-undecided = Vous n’avez pas choisi. D’ici là, rien n’est compté.
consent-accepted = Vous avez accepté. Vos visites des pages publiques sont comptées.
consent-rejected = Vous avez refusé. Rien n’est compté.
consent-signalled = Votre navigateur demande à ne pas être suivi (Global Privacy Control). Cela vaut refus : rien n’est compté.
consent-accept = Accepter
consent-reject = Refuser

# La page où l’on dépose l’image.
home-title = Une image devient un modèle 3D, puis elle est oubliée
home-description = Déposez l’image d’un objet, recevez un modèle 3D texturé. L’image et le modèle sont détruits en moins d’une heure.
home-heading = Une image devient un modèle 3D. Puis elle est oubliée.
home-lead = Déposez la photo d’un objet. Vous obtenez un modèle texturé : tournez‑le, imprimez‑le, jouez avec. Une heure plus tard, il n’en reste rien ici.
home-yours = À vous seul.
home-yours-text = L’image et le modèle sont chiffrés avec des clés qui leur sont propres. Seul le lien que vous recevez les ouvre.
home-gone = Tout disparaît en une heure.
home-gone-text = Les clés sont détruites d’abord, les fichiers ensuite. Ou plus tôt : un bouton efface tout immédiatement.
home-unused = Pour rien d’autre.
home-unused-text = Ni entraînement, ni galerie, ni pistage. Ce que vous créez reste à vous.

# Le formulaire.
drop-here = Déposez une image ici
drop-or = ou choisissez-en une, collez‑la, prenez‑la avec votre téléphone
drop-formats = PNG, JPEG, WebP, AVIF, GIF, BMP ou TIFF, { $megabytes } Mo au plus
drop-at-once = Elle est envoyée dès que vous la choisissez, avec les réglages ci-dessous.
drop-chosen = L’image que vous avez choisie
drop-stop = Arrêter
drop-make = Créer le modèle
sample-take = Essayer avec cette image
sample-lead = Pas d’image sous la main ?
sample-alt = Un seau en bois, photographie
quality = Qualité
tier-base = Base
tier-pro = Pro
tier-ultra = Ultra
tier-gives = Texture { $texture }K, { $faces } 000 faces, { $beside }
tier-base-beside = rapide
tier-pro-beside = moins de lumière propre à la photo, cartes de normales et de rugosité
tier-ultra-beside = tout ce qu’offre Pro, sur la grille la plus fine
engine-label = Réseau de formes
engine-auto = le meilleur pour cette qualité
engine-builtin = intégré
engine-triposr = TripoSR, si ce serveur l’a
engine-inflate = aucun : gonfler le contour
lifetime-label = Conserver pendant
lifetime-hour = une heure
lifetime-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
delete-after-download = Tout effacer après le premier téléchargement

# What few people set.
options-title = Réglages
options-lead = Ce que vous ne touchez pas garde sa valeur habituelle.
by-quality = selon la qualité
faces-label = Faces (nombre de triangles)
texture-label = Côté de la texture, pixels
size-label = Plus grand côté, mm
size-usual = { $size } pour imprimer
seed-label = Graine
topology-label = Les faces sont
topology-triangle = des triangles
topology-quad = des quadrilatères, pour sculpter
symmetry-label = Symétrie
symmetry-none = telle qu’on la voit
symmetry-auto = là où elle est sûre
symmetry-x = gauche et droite semblables
ground-label = Repose
ground-flat = à plat sur le sol
ground-lowest = sur son point le plus bas
ground-centre = autour de son milieu
print-label = Le préparer pour une imprimante 3D
