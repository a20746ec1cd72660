"""Comment se racontent les actes sur les territoires."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "territoires.charger": Phrase(pilotage="{{ qui }} a chargé des communes et des quartiers."),
}
