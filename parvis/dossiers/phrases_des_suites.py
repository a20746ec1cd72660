"""Comment se racontent les suites d'un dossier déposé : au porteur, et au service qui le reçoit."""

from parvis.journal.phrases import Phrase

DES_SUITES = {
    "dossiers.demander_un_complement": Phrase(
        "{{ qui }} demande un complément sur « {{ section }} », dans « {{ objet }} », pour le "
        "{{ echeance }}.",
        sans_details="{{ qui }} demande un complément dans « {{ objet }} ».",
    ),
    "dossiers.repondre_aux_complements": Phrase(
        "{{ qui }} a complété le dossier « {{ objet }} » : c’est sa version {{ version }}.",
        sans_details="{{ qui }} a complété le dossier « {{ objet }} ».",
    ),
    # Ce que le service vérifie ne regarde que lui.
    "dossiers.verifier_un_point": Phrase(
        pilotage="{{ qui }} a vérifié « {{ point }} », dans « {{ objet }} » : {{ verdict }}.",
        sans_details="{{ qui }} a vérifié un point du dossier « {{ objet }} ».",
    ),
    "dossiers.trancher": Phrase(
        "{{ qui }} a dit « {{ objet }} » {{ etat }}."
        "{% if motif %} Motif : « {{ motif }} ».{% endif %}",
        sans_details="{{ qui }} a dit si « {{ objet }} » est recevable.",
    ),
    "dossiers.envoyer_vers_un_autre_appel": Phrase(
        "{{ qui }} envoie « {{ objet }} » vers un autre appel, « {{ appel }} ». "
        "Motif : « {{ motif }} ».",
        sans_details="{{ qui }} envoie « {{ objet }} » vers un autre appel.",
    ),
    "dossiers.noter_la_suite": Phrase(
        "{{ qui }} a noté ce que répond {{ financeur }} à « {{ objet }} » : {{ apres }}. "
        "Avant : {{ avant }}.",
        sans_details="{{ qui }} a noté la suite d’une demande faite ailleurs, pour « {{ objet }} ».",
    ),
    "dossiers.noter_le_numero": Phrase(
        "{{ qui }} a noté le numéro que {{ financeur }} donne à « {{ objet }} »"
        "{% if numero %} : {{ numero }}{% endif %}.",
        sans_details="{{ qui }} a noté le numéro d’une demande faite ailleurs, pour « {{ objet }} ».",
    ),
    "dossiers.reprendre_un_export": Phrase(
        "{{ qui }} a repris d’un export ce que répond {{ financeur }} à « {{ objet }} » : {{ apres }}. "
        "Avant : {{ avant }}.",
        sans_details="{{ qui }} a repris d’un export la suite d’une demande, pour « {{ objet }} ».",
    ),
    "dossiers.ecrire_un_message": Phrase("{{ qui }} a écrit un message sur « {{ objet }} »."),
    "dossiers.creer_un_lien": Phrase(
        "{{ qui }} a créé un lien pour lire le suivi de « {{ objet }} » : {{ pour }}.",
        sans_details="{{ qui }} a créé un lien pour lire le suivi de « {{ objet }} ».",
        est_prive=True,
    ),
    "dossiers.revoquer_un_lien": Phrase(
        "{{ qui }} a fermé un lien qui lisait le suivi de « {{ objet }} » : {{ pour }}.",
        sans_details="{{ qui }} a fermé un lien qui lisait le suivi de « {{ objet }} ».",
        est_prive=True,
    ),
}
