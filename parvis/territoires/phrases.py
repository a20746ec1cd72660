"""Comment se racontent les actes sur les territoires."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "territoires.charger": Phrase(
        pilotage="{{ qui }} a chargé le territoire {{ objet }} : {{ communes }} commune"
        "{{ communes|pluralize }} et {{ quartiers }} quartier{{ quartiers|pluralize }} de plus.",
        sans_details="{{ qui }} a chargé le territoire {{ objet }}.",
    ),
}
