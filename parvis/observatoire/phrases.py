"""Comment se racontent les actes de l'observatoire."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "observatoire.decrire_un_fichier": Phrase(
        pilotage="{{ qui }} a décrit le fichier de chiffres {{ objet }}, de {{ source }} : "
        "{{ series|length }} série{% if series|length > 1 %}s{% endif %}.",
        sans_details="{{ qui }} a décrit le fichier de chiffres {{ objet }}.",
    ),
    "observatoire.importer_chiffres": Phrase(
        pilotage="{{ qui }} a importé les chiffres {{ objet }} : {{ nouvelles }} de plus, "
        "{{ changees }} changé{% if changees > 1 %}s{% endif %}, {{ tues }} tu"
        "{% if tues > 1 %}s{% endif %} par le secret statistique.",
        sans_details="{{ qui }} a importé les chiffres {{ objet }}.",
    ),
    "observatoire.corriger_une_serie": Phrase(
        pilotage="{{ qui }} a corrigé la série de chiffres {{ objet }}.",
    ),
    "observatoire.attendre_une_livraison": Phrase(
        pilotage="{{ qui }} attend de {{ fournisseur }} les chiffres {{ objet }}.",
        sans_details="{{ qui }} attend les chiffres {{ objet }}.",
    ),
    "observatoire.clore_l_attente": Phrase(
        pilotage="{{ qui }} n’attend plus les chiffres {{ objet }}.",
    ),
}
