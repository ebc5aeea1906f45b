# Les boutons de la visionneuse.
viewer-label = Façons de le regarder
viewer-turn = Rotation automatique
viewer-wireframe = Fil de fer
viewer-normals = Normales
viewer-dark = Autre fond
viewer-full = Plein écran
viewer-shot = Enregistrer une image
viewer-light = Lumière
viewer-size = Largeur × hauteur × profondeur :
viewer-measure = Mesurer
viewer-measure-how = Touchez deux points du modèle. Au clavier : tournez-le jusqu’à ce qu’un point soit sous la croix, puis Entrée.
viewer-distance = Distance entre les deux :
