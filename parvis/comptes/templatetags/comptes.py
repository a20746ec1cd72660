"""Les jetons d'un formulaire."""

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parvis.comptes import jetons as jetons_de_formulaire
from parvis.comptes.acces import acteur_de
from parvis.organismes.rules.numeros import ecrire_numero

register = template.Library()
register.filter("numero", ecrire_numero)


@register.simple_tag(takes_context=True)
def jetons(context: dict[str, Any]) -> SafeString:
    """Rend les champs cachés de tout formulaire : contre l'envoi forgé, et pour qui il est affiché."""
    request = context["request"]
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="{}" value="{}">',
        get_token(request),
        jetons_de_formulaire.CHAMP,
        jetons_de_formulaire.ecrire(acteur_de(request)),
    )
