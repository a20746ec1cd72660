"""Comment se racontent les actes sur le cadre d'un contrat."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "cadre.importer": Phrase(pilotage="{{ qui }} a importé un brouillon : {{ objet }}."),
    "cadre.publier": Phrase(
        pilotage="{{ qui }} a publié {{ objet }}.", public="{{ objet }} est publiée."
    ),
    "cadre.rapprocher": Phrase(
        pilotage="{{ qui }} rapporte « {{ objet }} » à {{ organisme_nom }}."
    ),
    "cadre.detacher": Phrase(
        pilotage="{{ qui }} met fin au rapprochement de « {{ objet }} » et de {{ organisme_nom }}."
    ),
    "cadre.effacer_rapprochement": Phrase(
        pilotage="{{ qui }} efface le rapprochement de « {{ objet }} » et de {{ organisme_nom }}."
    ),
}
