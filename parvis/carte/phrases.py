"""Comment se racontent les actes de la carte."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "carte.deposer_un_lot": Phrase(
        pilotage="{{ qui }} a fait situer {{ objet }} de {{ lignes }} ligne"
        "{% if lignes > 1 %}s{% endif %}.",
        sans_details="{{ qui }} a fait situer {{ objet }}.",
    ),
}
