"""Comment se racontent les actes sur les organismes."""

from parvis.journal.phrases import Phrase

_CHANGES = (
    "{% for champ in changements %}{{ champ }}{% if not forloop.last %}, {% endif %}{% endfor %}"
)

PHRASES = {
    "organismes.creer": Phrase("{{ qui }} a créé la page de {{ objet }}."),
    "organismes.modifier": Phrase(f"{{{{ qui }}}} a changé : {_CHANGES}."),
    "organismes.cloturer": Phrase("{{ qui }} a daté la fin de {{ objet }}."),
    "organismes.fusionner": Phrase("{{ qui }} a réuni {{ objet }} à {{ garde_nom }}."),
    "organismes.separer": Phrase("{{ qui }} a séparé de nouveau {{ objet }}."),
    "organismes.ecarter": Phrase(pilotage="{{ qui }} a noté que {{ nom }} n’est pas un doublon."),
    "organismes.importer": Phrase(pilotage="{{ qui }} a importé des organismes."),
}
