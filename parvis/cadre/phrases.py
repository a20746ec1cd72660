"""Comment se racontent les actes sur le cadre d'un contrat."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "cadre.importer": Phrase(pilotage="{{ qui }} a importé un brouillon : {{ objet }}."),
    "cadre.publier": Phrase(
        pilotage="{{ qui }} a publié {{ objet }}.", public="{{ objet }} est publiée."
    ),
}
