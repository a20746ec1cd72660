"""Comment se racontent les actes sur les mots d'un contrat."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "orientation.ajouter_un_mot": Phrase(
        pilotage="{{ qui }} ajoute le mot « {{ objet }} », à comprendre comme « {{ sens }} ».",
        sans_details="{{ qui }} ajoute le mot « {{ objet }} ».",
    ),
    "orientation.retirer_un_mot": Phrase(
        pilotage="{{ qui }} retire le mot « {{ objet }} », compris comme « {{ sens }} ».",
        sans_details="{{ qui }} retire le mot « {{ objet }} ».",
    ),
}
