"""Comment se racontent les actes sur un bilan : au porteur, et au service qui le reçoit."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "evaluation.ouvrir_un_bilan": Phrase(
        "{{ qui }} a ouvert le bilan {{ bilan }} {{ exercice }} de « {{ objet }} ».",
        sans_details="{{ qui }} a ouvert un bilan de « {{ objet }} ».",
        est_prive=True,
    ),
    "evaluation.ecrire_une_section": Phrase(
        "{{ qui }} a écrit « {{ section }} » dans le bilan {{ bilan }} {{ exercice }} de « {{ objet }} ».",
        sans_details="{{ qui }} a écrit dans un bilan de « {{ objet }} ».",
        est_prive=True,
    ),
    "evaluation.joindre_une_piece": Phrase(
        "{{ qui }} a joint « {{ piece }} » au bilan {{ bilan }} {{ exercice }} de « {{ objet }} ».",
        sans_details="{{ qui }} a joint un fichier à un bilan de « {{ objet }} ».",
        est_prive=True,
    ),
    "evaluation.retirer_une_piece": Phrase(
        "{{ qui }} a retiré « {{ piece }} » du bilan {{ bilan }} {{ exercice }} de « {{ objet }} ».",
        sans_details="{{ qui }} a retiré un fichier d’un bilan de « {{ objet }} ».",
        est_prive=True,
    ),
    "evaluation.retirer_un_fichier_rendu": Phrase(
        "{{ qui }} a retiré un fichier du bilan {{ bilan }} {{ exercice }} de « {{ objet }} », déjà rendu. "
        "Pourquoi : « {{ motif }} ».",
        sans_details="{{ qui }} a retiré un fichier d’un bilan rendu de « {{ objet }} ».",
    ),
    "evaluation.rendre_le_bilan": Phrase(
        "{{ qui }} a rendu le bilan {{ bilan }} {{ exercice }} de « {{ objet }} », certifié par "
        "{{ signataire }} : c’est sa version {{ version }}.",
        sans_details="{{ qui }} a rendu un bilan de « {{ objet }} ».",
    ),
    "evaluation.accepter_le_bilan": Phrase(
        "{{ qui }} a dit le bilan {{ bilan }} {{ exercice }} de « {{ objet }} » {{ verdict }}.",
        sans_details="{{ qui }} a accepté un bilan de « {{ objet }} ».",
    ),
    "evaluation.decharger_du_bilan": Phrase(
        "{{ qui }} a noté le bilan {{ bilan }} {{ exercice }} de « {{ objet }} ». {{ decharge }}",
        sans_details="{{ qui }} a noté qu’un bilan de « {{ objet }} » n’est plus à rendre.",
    ),
    "evaluation.annuler_la_decharge": Phrase(
        "{{ qui }} attend de nouveau le bilan {{ bilan }} {{ exercice }} de « {{ objet }} ». "
        "Pourquoi : « {{ motif }} ».",
        sans_details="{{ qui }} attend de nouveau un bilan de « {{ objet }} ».",
    ),
    "evaluation.demander_un_complement": Phrase(
        "{{ qui }} demande un complément sur « {{ section }} », dans le bilan {{ bilan }} "
        "{{ exercice }} de « {{ objet }} », pour le {{ echeance }}.",
        sans_details="{{ qui }} demande un complément dans un bilan de « {{ objet }} ».",
    ),
    "evaluation.accorder_du_temps": Phrase(
        "{{ qui }} laisse à « {{ objet }} » jusqu’au {{ fin }} : son bilan {{ bilan }} {{ exercice }} "
        "est attendu le {{ attendu }}.",
        sans_details="{{ qui }} laisse plus de temps à « {{ objet }} ».",
    ),
}
