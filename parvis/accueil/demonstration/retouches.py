"""Ce qu'un récit retouche dans un brouillon : un avenant, des sections, une déclinaison."""

from typing import Any

from parvis.cadre.actions import brouillons, declinaisons, sections
from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries import sections as lectures
from parvis.cadre.sections import Ligne, Saisie, Section, Valeur, empreinte
from parvis.comptes.acteur import Acteur


def preparer_un_avenant(par: Acteur, contrat: str) -> None:
    """Prépare un avenant sur l'édition courante."""
    courante = Edition.objects.courante(contrat)
    assert courante is not None
    brouillons.preparer_un_avenant(par=par, edition=courante)


def decliner(par: Acteur, contrat: str, *, fiche: str, lieu: str, type: str) -> None:
    """Décline une fiche du dernier brouillon en un lieu."""
    declinaisons.decliner(par=par, edition=_brouillon(contrat), numero=fiche, lieu=lieu, type=type)


def retoucher(
    par: Acteur, contrat: str, *, ou: str, section: str, ajoute: Any, lieu: str = ""
) -> None:
    """Ajoute une ligne à une liste, ou un paragraphe à un texte ; `lieu` vise la déclinaison d'une fiche."""
    edition = _brouillon(contrat)
    if lieu:
        numero = ou.removeprefix("fiche-")
        visee = edition.declinaisons.get(lieu=lieu, version__fiche__numero=numero)
        ou = f"declinaison-{visee.pk}"
    objet = lectures.objet(par, edition, ou)
    visee_section = lectures.section(objet, section)
    valeur = lectures.valeur(objet, visee_section)
    sections.modifier_section(
        par=par,
        objet=objet,
        section=visee_section,
        saisie=_augmenter(visee_section, valeur, ajoute),
        lue=empreinte(valeur),
    )


def _brouillon(contrat: str) -> Edition:
    editions = Contrat.objects.get(code=contrat).editions.select_related("contrat")
    return editions.filter(statut="brouillon").latest("importee_le", "pk")


def _augmenter(section: Section, valeur: Valeur, ajoute: Any) -> Saisie:
    if isinstance(valeur, dict):
        (champ,) = section.champs
        return {champ.code: f"{valeur[champ.code]}\n\n{ajoute}"}
    lignes = [*valeur, ajoute if isinstance(ajoute, dict) else {section.cle: ajoute}]
    return [_en_textes(section, ligne) for ligne in lignes]


def _en_textes(section: Section, ligne: Ligne) -> dict[str, str]:
    return {c.code: "" if ligne.get(c.code) is None else str(ligne[c.code]) for c in section.champs}
