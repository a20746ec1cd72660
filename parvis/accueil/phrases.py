"""Comment se racontent les actes sur l'instance elle-même."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "accueil.charger_un_episode": Phrase(
        pilotage="{{ qui }} : l’épisode « {{ objet }} » est joué."
    ),
}
