"""Comment se racontent les actes : au service tout, au porteur ce qui lui est notifié."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "conventions.ecrire_les_mentions": Phrase(
        "{{ qui }} a écrit les mentions que portent les actes de « {{ objet }} ».", est_prive=True
    ),
    "conventions.ecrire_un_modele": Phrase(
        "{{ qui }} prépare la version {{ numero }} du modèle « {{ objet }} ».",
        sans_details="{{ qui }} prépare une version du modèle « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.publier_un_modele": Phrase(
        "{{ qui }} a publié la version {{ numero }} du modèle « {{ objet }} ».",
        sans_details="{{ qui }} a publié une version du modèle « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.jeter_une_version": Phrase(
        "{{ qui }} a jeté la version en préparation du modèle « {{ objet }} ».", est_prive=True
    ),
    "conventions.noter_une_autre_subvention": Phrase(
        "{{ qui }} a noté, pour le seuil, une subvention de {{ montant }} à « {{ objet }} » en "
        "{{ exercice }}, hors de la plateforme : « {{ objet_de }} ».",
        sans_details="{{ qui }} a noté une subvention à « {{ objet }} », hors de la plateforme.",
        est_prive=True,
    ),
    "conventions.retirer_une_autre_subvention": Phrase(
        "{{ qui }} a retiré la subvention de {{ montant }} à « {{ objet }} », notée à tort.",
        sans_details="{{ qui }} a retiré une subvention à « {{ objet }} », notée à tort.",
        est_prive=True,
    ),
    "conventions.preparer_un_acte": Phrase(
        "{{ qui }} a préparé « {{ objet }} ». {{ raison }}",
        sans_details="{{ qui }} a préparé « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.corriger_un_acte": Phrase(
        "{{ qui }} a corrigé le texte de « {{ objet }} ».", est_prive=True
    ),
    "conventions.annuler_un_acte": Phrase(
        "{{ qui }} a annulé « {{ objet }} ». Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a annulé « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.signer_un_acte": Phrase(
        "{{ qui }} a noté que « {{ objet }} » est signé le {{ signe_le }} par {{ signe_par }}."
        "{% if fichier %} Fichier : « {{ fichier }} ».{% endif %}",
        sans_details="{{ qui }} a noté que « {{ objet }} » est signé.",
        est_prive=True,
    ),
    "conventions.notifier_un_acte": Phrase(
        "{{ qui }} a noté que « {{ objet }} » est notifié le {{ notifie_le }} ({{ mode }})."
        "{% if fichier %} Preuve : « {{ fichier }} ».{% endif %}",
        sans_details="{{ qui }} a noté que « {{ objet }} » est notifié.",
        est_prive=True,
    ),
    "conventions.notifier_a_un_dossier": Phrase(
        "{{ financeur }} a notifié « {{ acte }} ».",
        sans_details="Un financeur a notifié un acte.",
    ),
}
