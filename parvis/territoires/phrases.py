"""Comment se racontent les actes sur les territoires."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "territoires.charger": Phrase(
        pilotage="{{ qui }} a chargé le territoire {{ objet }} : {{ communes }} commune"
        "{% if communes > 1 %}s{% endif %} et {{ quartiers }} quartier"
        "{% if quartiers > 1 %}s{% endif %} de plus.",
        sans_details="{{ qui }} a chargé le territoire {{ objet }}.",
    ),
}
