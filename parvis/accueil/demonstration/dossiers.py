"""Ce qu'un récit raconte des projets : les commencer, écrire leurs sections, se les commenter."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from parvis.accueil.demonstration import monde
from parvis.accueil.demonstration.budgets import chiffrer
from parvis.cadre.actions.indicateurs import ajouter_un_indicateur
from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.commentaires import commenter
from parvis.dossiers.actions.departs import commencer_un_projet
from parvis.dossiers.actions.dossiers import Depart
from parvis.dossiers.actions.sections import ecrire_la_section
from parvis.dossiers.models import Dossier, VersionDAppel
from parvis.dossiers.queries.dossiers import ecritures
from parvis.dossiers.queries.taches import sections_ouvertes
from parvis.dossiers.sections import empreinte, garder, vide
from parvis.dossiers.sections.propres import garder_les_fiches, garder_les_lieux
from parvis.organismes.models import Organisme
from parvis.territoires.models import Commune, Quartier
from parvis.territoires.rules.millesimes import millesime_du


def proposer_des_indicateurs(
    par: Acteur, contrat: str, *, indicateurs: Sequence[Sequence[str]], fiche: str = ""
) -> None:
    """Propose de compter plusieurs choses pour une fiche, ou pour toutes : nom, unité, source."""
    vise = Contrat.objects.get(code=contrat)
    de = vise.fiches.get(numero=fiche) if fiche else None
    for nom, unite, source in indicateurs:
        ajouter_un_indicateur(par=par, contrat=vise, fiche=de, nom=nom, unite=unite, source=source)


def commencer(
    par: Acteur,
    contrat: str,
    *,
    titre: str,
    pour: Organisme | None = None,
    description: str = "",
    exercices: int = 1,
    porteuse: str = "",
) -> None:
    """Commence un projet dans l'appel ouvert du contrat."""
    maintenant = timezone.now()
    ouvertes = VersionDAppel.objects.courantes().ouvertes(maintenant)
    version = ouvertes.select_related("appel__contrat").get(appel__contrat__code=contrat)
    commencer_un_projet(
        par=par,
        appel=version.appel,
        titre=titre,
        depart=Depart(description=description, exercices=exercices),
        porteuse=monde.organisme(porteuse) if porteuse else None,
    )


def ecrire(
    par: Acteur, contrat: str, *, dans: str, pour: Organisme | None = None, **dites: Any
) -> None:
    """Écrit des sections d'un brouillon, `dans` ce projet, par leur code ; ce qui y était déjà reste."""
    dossier = brouillon_du_projet(contrat, dans)
    ouvertes = sections_ouvertes(dossier)
    for code, dite in dites.items():
        ecriture = ecritures(dossier).get(code)
        avant = ecriture.valeur if ecriture else vide(ouvertes[code])
        ecrire_la_section(
            par=par,
            dossier=dossier,
            section=ouvertes[code],
            valeur=(
                chiffrer(dossier, dite)
                if code == "budget"
                else _valeur(ouvertes[code], dite, avant)
            ),
            lue=empreinte(avant),
        )


def remarquer(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    section: str,
    texte: str,
    pour: Organisme | None = None,
) -> None:
    """Laisse une remarque sur une section d'un brouillon."""
    dossier = brouillon_du_projet(contrat, dans)
    ouverte = sections_ouvertes(dossier)[section]
    commenter(par=par, dossier=dossier, section=ouverte, texte=texte)


def _valeur(section: Any, dite: Any, avant: Any) -> Any:
    if section.code == "fiches":
        types = {fiche: textes or [] for fiche, textes in dite.items()}
        return garder_les_fiches(list(dite), next(iter(dite)), types)
    if section.code == "lieux":
        return _les_lieux(**dite)
    if section.est_liste:
        return garder(section, [_textes(ligne) for ligne in dite])
    return garder(section, avant | _textes(dite), avant)


def _les_lieux(
    echelle: str, communes: Sequence[str] = (), quartiers: Sequence[str] = ()
) -> dict[str, Any]:
    millesime = millesime_du(timezone.localdate())
    codes = [Commune.objects.get(nom=nom).code for nom in communes]
    lignes = [Quartier.objects.get(nom=nom, millesime=millesime) for nom in quartiers]
    return garder_les_lieux(echelle, codes, [str(quartier.pk) for quartier in lignes])


def _textes(ligne: dict[str, Any]) -> dict[str, str]:
    """Rend une ligne de textes ; une date compte depuis l'année du dossier si elle le demande."""
    annee = timezone.localdate().year
    return {champ: str(dit).format(annee=annee, suivante=annee + 1) for champ, dit in ligne.items()}


def brouillon_du_projet(contrat: str, projet: str) -> Dossier:
    """Rend le brouillon du projet de ce titre."""
    brouillons = Dossier.objects.brouillons().filter(appel__contrat__code=contrat)
    return brouillons.select_related("projet__porteur", "version_d_appel", "appel__contrat").get(
        projet__titre=projet
    )
