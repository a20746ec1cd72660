"""Comment se racontent les actes du pilotage."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "pilotage.reunir": Phrase("{{ qui }} a réuni à cette page un doublon : {{ doublon }}."),
    "pilotage.separer": Phrase("{{ qui }} a séparé de cette page {{ doublon }}."),
    "pilotage.fermer_le_compte": Phrase(
        pilotage="{{ qui }} a fermé le compte de {{ personne }}. Motif : {{ motif }}"
    ),
    "pilotage.rouvrir_le_compte": Phrase(
        pilotage="{{ qui }} a rouvert le compte de {{ personne }}. Motif : {{ motif }}"
    ),
    "pilotage.relancer": Phrase(
        pilotage="{{ qui }} a relancé {{ nombre }} courriel{{ nombre|pluralize }}."
    ),
}
