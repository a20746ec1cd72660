"""Les jetons d'un formulaire, les clés à recopier, les personnes de la démonstration."""

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parvis.comptes import jetons as jetons_de_formulaire
from parvis.comptes.acces import acteur_de
from parvis.comptes.queries import demonstration
from parvis.organismes.rules.numeros import ecrire_numero

register = template.Library()


@register.filter
def numero(texte: str) -> str:
    """Rend un Siren ou un Siret par groupes de trois chiffres, sur une seule ligne."""
    return ecrire_numero(texte).replace(" ", "\u00a0")


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


@register.filter
def par_quatre(cle: str) -> str:
    """Rend une clé par groupes de quatre signes, plus faciles à recopier."""
    return " ".join(cle[debut : debut + 4] for debut in range(0, len(cle), 4))


@register.simple_tag
def personnes_de_demonstration() -> list[demonstration.Groupe]:
    """Rend les personnes que l'on peut essayer en démonstration, par sorte de lecteur."""
    return demonstration.personnes_de_demonstration(jour=timezone.localdate())
