"""Étiquettes et filtres des gabarits : typographie, sigles, nombres."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from html import escape

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from parvis.socle.contrats import Titres
from parvis.socle.montants import ecrire_montant
from parvis.socle.sigles import lexique, motif
from parvis.socle.texte import avec_de, sans_accents

register = template.Library()

INSECABLE = "\u00a0"
AVANT = re.compile(r"[ \u00a0]+([:;!?»%€])")
APRES = re.compile(r"«[ \u00a0]+")
MILLIERS = re.compile(r"(?<![\d,])\d{1,3}(?: \d{3})+(?!\d)")
UNITE = re.compile(r"(?<=\d) (?=(?:ans?|mois|jours?|heures?|fois|m²|€|%|places?|km)(?!\w))")


# Le genre des mots qui nomment un niveau (donnees/lexiques/rubriques.yaml) ; le premier décide.
_FEMININS = frozenset("action ambition fiche mesure orientation partie priorite thematique".split())
_MASCULINS = frozenset(
    "axe chantier defi enjeu objectif og oo os pilier projet theme volet".split()
)


@register.filter
def typo(texte: object) -> str:
    """Rend un texte à la typographie française : apostrophes courbes, espaces insécables."""
    rendu = str("" if texte is None else texte).replace("'", "’")
    rendu = AVANT.sub(INSECABLE + r"\1", rendu)
    rendu = APRES.sub("«" + INSECABLE, rendu)
    rendu = MILLIERS.sub(lambda n: n.group().replace(" ", INSECABLE), rendu)
    return UNITE.sub(INSECABLE, rendu)


@register.filter
def joindre(valeurs: Iterable[object], lien: str) -> str:
    """Réunit des valeurs en un texte à la typographie française ; le gabarit l'échappe, une fois."""
    return typo(lien.join(str(valeur) for valeur in valeurs))


@register.filter
def sigles(texte: object) -> SafeString:
    """Rend le texte échappé, chaque sigle lié à sa phrase du lexique à sa première occurrence."""
    vus: set[str] = set()
    page = reverse("accueil:lexique")
    # Un texte qui développe déjà le sigle n'a pas besoin qu'on le répète.
    plat = sans_accents(str(texte or ""))

    def lier(trouve: re.Match[str]) -> str:
        forme = trouve.group(1)
        if forme in vus:
            return forme
        vus.add(forme)
        sigle = lexique()[forme]
        if sans_accents(sigle.developpe) in plat:
            return forme
        return (
            f'<a class="sigle" href="{page}#sigle-{sigle.ancre}"'
            f' data-developpe="{escape(typo(sigle.developpe))}"'
            f' data-explication="{escape(typo(sigle.explication))}">{forme}</a>'
        )

    # L'échappement d'abord : le lexique n'a pas de signe que HTML réserve.
    return mark_safe(motif().sub(lier, escape(typo(texte), quote=False)))  # noqa: S308


@register.filter
def nombre(valeur: Decimal | int | float | None) -> str:
    """Rend un nombre à la française : « 2,5 », « 5 000 000 », sans zéro inutile."""
    if valeur is None:
        return ""
    entier, _, decimales = format(Decimal(str(valeur)).normalize(), "f").partition(".")
    groupe = f"{int(entier):,}".replace(",", INSECABLE)
    return f"{groupe},{decimales}" if decimales else groupe


@register.filter
def montant(valeur: Decimal | int | None) -> str:
    """Rend un montant au centime : « 12 345,00 € »."""
    return "" if valeur is None else ecrire_montant(valeur)


@register.filter
def montant_court(valeur: Decimal | int | None) -> str:
    """Rend un montant sans ses centimes s'ils sont nuls : « 1 250 € »."""
    return "" if valeur is None else ecrire_montant(valeur, court=True)


@register.filter
def jour(valeur: date | None) -> str:
    """Rend un jour comme on le dit : « 3 avril 2026 », « 1er janvier 2026 »."""
    if valeur is None:
        return ""
    return re.sub(r"^1 ", "1er ", date_format(localiser(valeur), "j F Y"))


@register.filter
def heure(valeur: datetime | None) -> str:
    """Rend l'heure du lieu comme on la dit : « 18 h 42 »."""
    return "" if valeur is None else f"{localiser(valeur):%-H{INSECABLE}h{INSECABLE}%M}"


def localiser(valeur: date) -> date:
    """Rend un instant à l'heure du lieu ; un jour reste le même."""
    return timezone.localtime(valeur) if isinstance(valeur, datetime) else valeur


@register.filter
def en_mots(nom: str) -> str:
    """Rend un nom de champ comme on le lirait : « Fin le »."""
    return nom.replace("_", " ").capitalize()


@register.filter
def a_la_seconde(instant: datetime) -> str:
    """Rend un instant comme on le dit pour une clôture : « le 3 avril 2026 à 18 h 00 min 04 s »."""
    local = timezone.localtime(instant)
    return typo(f"le {date_format(local, 'j F Y')} à {local:%-H h %M min %S s}")


@register.filter
def pluriel(nombre: int, marque: str = "s") -> str:
    """Rend la marque du pluriel, en français à partir de deux ; « a,ont » donne les deux formes."""
    singulier, _, plusieurs = marque.rpartition(",")
    return plusieurs if int(nombre) >= 2 else singulier


@register.filter
def au_pluriel(mot: str) -> str:
    """Rend le pluriel d'un nom commun du contrat (« enjeu » → « enjeux », « axe » → « axes »)."""
    if mot.endswith(("s", "x", "z")):
        return mot
    return f"{mot}x" if mot.endswith(("eu", "au")) else f"{mot}s"


@register.filter
def un(mot: str) -> str:
    """Rend le nom d'un niveau du contrat et son article : « un axe », « une fiche-action ».

    Un mot qui n'est pas des nôtres n'a pas de genre connu : « un élément « cible » ».
    """
    premier = sans_accents(re.split(r"[\s-]", mot, maxsplit=1)[0])
    if premier in _FEMININS:
        return f"une {mot}"
    return f"un {mot}" if premier in _MASCULINS else f"un élément «{INSECABLE}{mot}{INSECABLE}»"


@register.filter
def de(nom: object) -> str:
    """Rend un nom propre précédé de « de », élidé : « d’Académie de Créteil », « de La Roue »."""
    return avec_de(str(nom))


@register.filter
def nomme(code: str, titres: Titres) -> str:
    """Rend le titre du contrat de ce code, ou le code si le contrat n'existe pas."""
    return titres.get(code, code)


@register.filter
def compte(nombre: int, mot: str) -> str:
    """Rend un nombre et son nom accordé : « 1 axe », « 3 enjeux »."""
    return f"{nombre} {au_pluriel(mot) if int(nombre) >= 2 else mot}"


@register.filter
def saisie(champ: BoundField) -> SafeString:
    """Rend le champ d'un formulaire à l'allure de la maison ; une case garde la sienne."""
    classe = "case" if est_case(champ) else "saisie"
    return champ.as_widget(attrs={"class": classe})


@register.filter
def est_case(champ: BoundField) -> bool:
    """Dit si le champ est une case à cocher : son étiquette vient alors après."""
    return isinstance(champ.field.widget, CheckboxInput)


@register.filter
def est_groupe(champ: BoundField) -> bool:
    """Dit si le champ est un groupe de choix : il lui faut une légende, pas une étiquette."""
    return isinstance(champ.field.widget, (RadioSelect, CheckboxSelectMultiple))
