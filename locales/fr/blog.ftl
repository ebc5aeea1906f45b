# Le blog.
blog = Blog
blog-heading = Ce à quoi nous pensons en construisant ceci
blog-description = Comment fonctionne un chemin privé de l’image au modèle 3D, ce qu’il peut et ne peut pas faire.
blog-feed = Flux RSS
day = { $day }/{ $month }/{ $year }

# À qui écrire.
contact = Contact
contact-heading = Écrire à qui gère ce serveur
contact-description = Questions, pannes, souhaits ou image d’un enfant à faire disparaître : comment joindre qui gère ce serveur.
contact-address = Par e-mail à
contact-subject = Objet
contact-message = Votre message
contact-write = Continuer dans ma messagerie
contact-own = Votre messagerie s’ouvre avec le message. Rien de ce que vous écrivez ici ne passe par ce serveur.
contact-none = Qui gère ce serveur n’a pas indiqué d’adresse.
contact-care = N’envoyez à personne l’adresse d’une tâche : qui la connaît peut voir le modèle. Pour effacer quelque chose tout de suite, appuyez sur le bouton de sa page.
