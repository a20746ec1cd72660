"""Comment se racontent les pièces, les signatures, le dépôt, le retrait et les comptes bancaires."""

from parvis.journal.phrases import Phrase

DU_DEPOT = {
    "dossiers.joindre_une_piece": Phrase(
        "{{ qui }} a joint « {{ piece }} » à « {{ objet }} ».",
        sans_details="{{ qui }} a joint une pièce à « {{ objet }} ».",
        est_prive=True,
    ),
    "dossiers.dater_une_piece": Phrase(
        "{{ qui }} a dit jusqu’à quand vaut « {{ piece }} », dans « {{ objet }} »"
        "{% if fin %} : {{ fin }}{% endif %}.",
        sans_details="{{ qui }} a dit jusqu’à quand vaut une pièce de « {{ objet }} ».",
        est_prive=True,
    ),
    "dossiers.retirer_une_piece": Phrase(
        "{{ qui }} a retiré « {{ piece }} » de « {{ objet }} ».",
        sans_details="{{ qui }} a retiré une pièce de « {{ objet }} ».",
        est_prive=True,
    ),
    "dossiers.signer_une_attestation": Phrase(
        "{{ qui }} a signé « {{ attestation }} », pour « {{ objet }} ».",
        sans_details="{{ qui }} a signé une attestation, pour « {{ objet }} ».",
        est_prive=True,
    ),
    "dossiers.deposer_le_dossier": Phrase(
        "{{ qui }} a déposé « {{ objet }} », reçu {{ recu_le }}.",
        sans_details="{{ qui }} a déposé « {{ objet }} ».",
    ),
    "dossiers.refuser_un_retard": Phrase(
        "« {{ objet }} » est arrivé {{ recu_le }}, après la clôture : {{ qui }} n’a pas pu le déposer.",
        sans_details="« {{ objet }} » est arrivé après la clôture : {{ qui }} n’a pas pu le déposer.",
    ),
    "dossiers.retirer_le_dossier": Phrase(
        "{{ qui }} a retiré « {{ objet }} ». Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a retiré « {{ objet }} ».",
    ),
    "dossiers.donner_un_iban": Phrase(
        "{{ qui }} a donné un compte bancaire pour {{ objet }} : {{ compte }}.",
        sans_details="{{ qui }} a donné un compte bancaire pour {{ objet }}.",
    ),
    "dossiers.confirmer_un_compte": Phrase(
        "{{ qui }} a confirmé le compte bancaire {{ compte }} de {{ objet }}.",
        sans_details="{{ qui }} a confirmé un compte bancaire de {{ objet }}.",
    ),
    "dossiers.ecarter_un_compte": Phrase(
        "{{ qui }} a écarté le compte bancaire {{ compte }}, donné pour {{ objet }}.",
        sans_details="{{ qui }} a écarté un compte bancaire donné pour {{ objet }}.",
    ),
}
