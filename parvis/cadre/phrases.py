"""Comment se racontent les actes sur le cadre d'un contrat."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "cadre.importer": Phrase(pilotage="{{ qui }} a importé un brouillon : {{ objet }}."),
    "cadre.publier": Phrase(
        pilotage="{{ qui }} a publié {{ objet }}.", public="{{ objet }} est publiée."
    ),
    "cadre.rapprocher": Phrase(
        pilotage="{{ qui }} rapporte « {{ partenaire }} » à {{ organisme }}."
    ),
    "cadre.detacher": Phrase(
        pilotage="{{ qui }} met fin au rapprochement de « {{ partenaire }} » et de {{ organisme }}."
    ),
    "cadre.effacer_rapprochement": Phrase(
        pilotage="{{ qui }} efface le rapprochement de « {{ partenaire }} » et de {{ organisme }}."
    ),
}
