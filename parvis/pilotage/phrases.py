"""Comment se racontent les actes du pilotage."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "pilotage.reunir": Phrase(
        "{{ qui }} a réuni à cette page un doublon : {{ doublon }}.",
        sans_details="{{ qui }} a réuni à cette page un doublon.",
    ),
    "pilotage.separer": Phrase(
        "{{ qui }} a séparé de cette page {{ doublon }}.",
        sans_details="{{ qui }} a séparé de cette page un autre organisme.",
    ),
    "pilotage.fermer_le_compte": Phrase(
        pilotage="{{ qui }} a fermé le compte de {{ personne }}. Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a fermé un compte.",
    ),
    "pilotage.rouvrir_le_compte": Phrase(
        pilotage="{{ qui }} a rouvert le compte de {{ personne }}. Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a rouvert un compte.",
    ),
    "pilotage.relancer": Phrase(
        pilotage="{{ qui }} a relancé {{ nombre }} courriel{{ nombre|pluriel }}.",
        sans_details="{{ qui }} a relancé des courriels.",
    ),
}
