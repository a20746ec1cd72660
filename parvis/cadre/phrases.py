"""Comment se racontent les actes sur le cadre d'un contrat."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "cadre.importer": Phrase(
        pilotage="{{ qui }} a importé un brouillon, {{ objet }}, depuis {{ source }}. "
        "Il change {{ differences }} passage{{ differences|pluralize }} ; {{ anomalies }} anomalie"
        "{{ anomalies|pluralize }} de lecture.",
        sans_details="{{ qui }} a importé un brouillon, {{ objet }}.",
    ),
    "cadre.publier": Phrase(
        pilotage="{{ qui }} a publié : {{ objet }}.", public="Publication : {{ objet }}."
    ),
}
