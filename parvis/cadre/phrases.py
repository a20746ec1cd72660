"""Comment se racontent les actes sur le cadre d'un contrat."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "cadre.importer": Phrase(pilotage="{{ qui }} a importé un brouillon : {{ objet }}."),
    "cadre.publier": Phrase(
        pilotage="{{ qui }} a publié {{ objet }}.", public="{{ objet }} est publiée."
    ),
    "cadre.rapprocher": Phrase(
        pilotage="{{ qui }} a rapproché {{ objet }} de {{ organisme_nom }}, depuis le {{ depuis_le }}."
    ),
    "cadre.detacher": Phrase(
        pilotage="{{ qui }} a mis fin au rapprochement de {{ objet }} et {{ organisme_nom }}, "
        "le {{ jusqu_au }}."
    ),
    "cadre.effacer_rapprochement": Phrase(
        pilotage="{{ qui }} a effacé le rapprochement de {{ objet }} et {{ organisme_nom }} : "
        "c’était une erreur."
    ),
}
