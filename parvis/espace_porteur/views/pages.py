"""Ce que chaque section a de propre à l'écran : comment un envoi se lit, ce que la page montre.

Une section faite de champs se contente de PAR_DEFAUT. Une autre a son entrée ici, son gabarit dans
`_contenu.html`, et son juge dans `parvis/dossiers/sections/jugement.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from parvis.cadre.queries.indicateurs import indicateurs_des_fiches
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.choix_de_fiches import choix_de_fiches
from parvis.dossiers.queries.lieux import Ailleurs, a_appeler, ailleurs, lieux_du_contrat
from parvis.dossiers.sections import Section, Valeur, garder
from parvis.dossiers.sections.propres import garder_les_fiches, garder_les_lieux
from parvis.espace_porteur.forms.sections import FormulaireDuDossier

LECTURES_MAX = 200


@dataclass(frozen=True)
class Saisie:
    """Ce qu'un envoi dit : la valeur à garder, et le formulaire qui la montre, s'il y en a un."""

    valeur: Valeur
    form: FormulaireDuDossier | None = None
    est_incomplete: bool = False


def _ne_montre_rien(acteur: Acteur, dossier: Dossier, valeur: Valeur) -> dict[str, Any]:
    return {}


def _lire_des_champs(
    envoi: QueryDict, acteur: Acteur, dossier: Dossier, section: Section, avant: Valeur
) -> Saisie:
    form = FormulaireDuDossier(section, avant, envoi)
    if form.est_incomplet:
        return Saisie(avant, form, True)
    return Saisie(garder(section, form.saisie, avant), form)


@dataclass(frozen=True)
class PageDeSection:
    """Une section à l'écran : comment un envoi se lit, et ce que la page montre en plus des champs."""

    lire: Callable[[QueryDict, Acteur, Dossier, Section, Valeur], Saisie] = _lire_des_champs
    montrer: Callable[[Acteur, Dossier, Valeur], dict[str, Any]] = _ne_montre_rien


def _lire_les_fiches(
    envoi: QueryDict, acteur: Acteur, dossier: Dossier, section: Section, avant: Valeur
) -> Saisie:
    numeros = [n[:20] for n in envoi.getlist("fiche")[:LECTURES_MAX]]
    types = {numero: envoi.getlist(f"types-{numero}") for numero in numeros}
    valeur = garder_les_fiches(numeros, envoi.get("principale", ""), types)
    return Saisie(valeur, est_incomplete="complet" not in envoi)


def _montrer_les_fiches(acteur: Acteur, dossier: Dossier, valeur: Valeur) -> dict[str, Any]:
    return {"choix": choix_de_fiches(acteur, dossier, valeur)}


def _lire_les_lieux(
    envoi: QueryDict, acteur: Acteur, dossier: Dossier, section: Section, avant: Valeur
) -> Saisie:
    echelle, nomme = envoi.get("echelle", ""), envoi.get("ailleurs", "")
    communes = [code[:5] for code in envoi.getlist("commune")[:LECTURES_MAX]]
    quartiers = [pk[:19] for pk in envoi.getlist("quartier")[:LECTURES_MAX]]
    ou = ailleurs(acteur, dossier.appel.contrat, nomme)
    if ou is not None and not isinstance(ou, Ailleurs):
        # La commune nommée est du contrat : elle se coche.
        communes, nomme, echelle = [*communes, ou.code], "", echelle or "communes"
    valeur = garder_les_lieux(echelle, communes, quartiers, nomme)
    return Saisie(valeur, est_incomplete="complet" not in envoi)


def _montrer_les_lieux(acteur: Acteur, dossier: Dossier, valeur: Valeur) -> dict[str, Any]:
    contrat = dossier.appel.contrat
    ou = ailleurs(acteur, contrat, valeur.get("ailleurs", ""))
    est_ailleurs = isinstance(ou, Ailleurs)
    return {
        "lieux": lieux_du_contrat(contrat),
        "ailleurs": ou if est_ailleurs else None,
        "a_appeler": a_appeler(ou) if isinstance(ou, Ailleurs) else [],
    }


def _lire_les_indicateurs(
    envoi: QueryDict, acteur: Acteur, dossier: Dossier, section: Section, avant: Valeur
) -> Saisie:
    """Lit les lignes, et celle du bouton pressé s'il propose un indicateur d'une fiche."""
    saisie = _lire_des_champs(envoi, acteur, dossier, section, avant)
    propose = envoi.get("indicateur", "")
    for indicateur in _proposes(acteur, dossier):
        if str(indicateur.pk) == propose and not saisie.est_incomplete:
            ligne = {"nom": indicateur.nom, "unite": indicateur.unite, "source": indicateur.source}
            ajoutee = garder(section, [ligne])
            valeur = saisie.valeur if ajoutee[0] in saisie.valeur else [*saisie.valeur, *ajoutee]
            return Saisie(valeur)
    return saisie


def _proposes(acteur: Acteur, dossier: Dossier) -> list[Any]:
    fiches = list(dossier.fiches.values_list("fiche", flat=True))
    return indicateurs_des_fiches(acteur, dossier.appel.contrat, fiches)


def _montrer_les_indicateurs(acteur: Acteur, dossier: Dossier, valeur: Valeur) -> dict[str, Any]:
    deja = {ligne.get("nom") for ligne in valeur}
    return {
        "a_des_fiches": dossier.fiches.exists(),
        "proposes": [i for i in _proposes(acteur, dossier) if i.nom not in deja],
    }


PAR_DEFAUT = PageDeSection()
PAGES: dict[str, PageDeSection] = {
    "fiches": PageDeSection(_lire_les_fiches, _montrer_les_fiches),
    "lieux": PageDeSection(_lire_les_lieux, _montrer_les_lieux),
    "indicateurs": PageDeSection(_lire_les_indicateurs, _montrer_les_indicateurs),
}


def page_de(section: Section) -> PageDeSection:
    """Rend la page d'une section."""
    return PAGES.get(section.code, PAR_DEFAUT)
