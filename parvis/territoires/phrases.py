"""Comment se racontent les actes sur les territoires."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "territoires.charger": Phrase(
        pilotage="{{ qui }} a chargé le territoire {{ objet }} : {{ communes }} commune"
        "{% if communes > 1 %}s{% endif %} et {{ quartiers }} quartier"
        "{% if quartiers > 1 %}s{% endif %} de plus.",
        sans_details="{{ qui }} a chargé le territoire {{ objet }}.",
    ),
    "territoires.importer_adresses": Phrase(
        pilotage="{{ qui }} a importé les adresses de {{ communes }} commune"
        "{% if communes > 1 %}s{% endif %}, fichier {{ objet }} : {{ nouvelles }} de plus, "
        "{{ changees }} changée{% if changees > 1 %}s{% endif %}, {{ absentes }} de moins.",
        sans_details="{{ qui }} a importé les adresses du fichier {{ objet }}.",
    ),
    "territoires.importer_communes": Phrase(
        pilotage="{{ qui }} a importé des communes de {{ objet }} : {{ nouvelles }} nouvelle"
        "{% if nouvelles > 1 %}s{% endif %}, {{ changees }} changée"
        "{% if changees > 1 %}s{% endif %}.",
        sans_details="{{ qui }} a importé des communes de {{ objet }}.",
    ),
    "territoires.importer_epci": Phrase(
        pilotage="{{ qui }} a importé des intercommunalités de {{ objet }} : "
        "{{ nouveaux|length }} de plus, {{ changes|length }} changée"
        "{% if changes|length > 1 %}s{% endif %}.",
        sans_details="{{ qui }} a importé des intercommunalités de {{ objet }}.",
    ),
    "territoires.importer_quartiers": Phrase(
        pilotage="{{ qui }} a importé des quartiers {{ millesime }} de {{ objet }} : "
        "{{ nouveaux|length }} de plus, {{ changes|length }} changé"
        "{% if changes|length > 1 %}s{% endif %}.",
        sans_details="{{ qui }} a importé des quartiers de {{ objet }}.",
    ),
    "territoires.importer_correspondances": Phrase(
        pilotage="{{ qui }} a importé de {{ objet }} ce que deviennent des quartiers : "
        "{{ nouvelles|length }} lien{% if nouvelles|length > 1 %}s{% endif %} de plus.",
        sans_details="{{ qui }} a importé de {{ objet }} ce que deviennent des quartiers.",
    ),
}
