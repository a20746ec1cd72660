"""Comment se racontent les actes du porteur sur ses projets et ses brouillons : à ses membres seuls."""

from parvis.journal.phrases import Phrase

DES_BROUILLONS = {
    "dossiers.creer_un_projet": Phrase(
        "{{ qui }} a créé le projet « {{ objet }} ».", est_prive=True
    ),
    "dossiers.ouvrir_un_dossier": Phrase(
        "{{ qui }} a ouvert un brouillon, « {{ objet }} », pour l’appel « {{ appel }} ».",
        sans_details="{{ qui }} a ouvert un brouillon, « {{ objet }} ».",
        est_prive=True,
    ),
    "dossiers.ecrire_une_section": Phrase(
        "{{ qui }} a écrit « {{ section }} » dans le brouillon « {{ objet }} ».",
        sans_details="{{ qui }} a écrit dans le brouillon « {{ objet }} ».",
        est_prive=True,
    ),
    "dossiers.suivre_l_appel": Phrase(
        "{{ qui }} suit la version {{ version }} de l’appel, pour « {{ objet }} ».",
        sans_details="{{ qui }} suit une nouvelle version de l’appel, pour « {{ objet }} ».",
        est_prive=True,
    ),
    "dossiers.jeter_un_brouillon": Phrase(
        "{{ qui }} a jeté le brouillon « {{ objet }} ».", est_prive=True
    ),
    "dossiers.transferer": Phrase(
        "{{ qui }} a emporté les textes de « {{ objet }} » dans un autre contrat : « {{ vers }} ».",
        sans_details="{{ qui }} a emporté les textes de « {{ objet }} » dans un autre contrat.",
        est_prive=True,
    ),
    "dossiers.commenter": Phrase(
        "{{ qui }} a laissé une remarque sur « {{ section }} », dans « {{ objet }} ».",
        sans_details="{{ qui }} a laissé une remarque sur « {{ objet }} ».",
        est_prive=True,
    ),
    "dossiers.regler_un_commentaire": Phrase(
        "{{ qui }} a réglé une remarque sur « {{ section }} », dans « {{ objet }} ».",
        sans_details="{{ qui }} a réglé une remarque sur « {{ objet }} ».",
        est_prive=True,
    ),
}
