"""Les projets d'un porteur au fil des ans, et ce que chacun de ses dossiers attend."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.cadre.queries.lecture import contrats_publies
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDAppel, NatureDeDemande, SorteDeBilan
from parvis.dossiers.models import (
    Appel,
    BilanAttendu,
    Dossier,
    EcritureDeSection,
    FicheDAppel,
    Projet,
    VersionDAppel,
)
from parvis.dossiers.queries.a_part import reperes_a_part
from parvis.dossiers.queries.budget import reperes_du_budget
from parvis.dossiers.queries.dossiers import projets
from parvis.dossiers.queries.lieux import LieuxDuContrat, lieux_du_contrat
from parvis.dossiers.queries.suivi import argent_de
from parvis.dossiers.queries.taches import Avancement, avancement, lues
from parvis.dossiers.rules.appels import delai, etat_de_l_appel
from parvis.dossiers.rules.suivi import VIVANTES, phrase_de_l_argent
from parvis.dossiers.sections import Reperes


@dataclass(frozen=True)
class DossierVu:
    """Un dossier dans la liste de son porteur : où il en est, son appel, le temps qui reste."""

    dossier: Dossier
    courante: VersionDAppel
    etat_de_l_appel: EtatDAppel
    dans: str
    avancement: Avancement
    jour: date

    @property
    def bilans_a_rendre(self) -> list[tuple[BilanAttendu, bool]]:
        """Rend les bilans définitifs que le porteur n'a pas rendus, et si leur jour est passé."""
        return [
            (attendu, attendu.attendu_le < self.jour)
            for attendu in self.dossier.bilans_attendus.all()
            if attendu.sorte == SorteDeBilan.DEFINITIF and not attendu.est_rendu
        ]

    @property
    def argent(self) -> str:
        """Rend où en est l'argent demandé, dans les mots du suivi ; vide si rien n'est demandé en argent."""
        en_argent = [
            d for d in self.dossier.demandes.all() if d.nature == NatureDeDemande.NUMERAIRE
        ]
        vivantes = [d for d in en_argent if d.etat in VIVANTES]
        if en_argent and not vivantes:
            return "rien n’est accordé"
        return phrase_de_l_argent(argent_de(vivantes)) if vivantes else ""

    @property
    def est_ouvert(self) -> bool:
        return self.etat_de_l_appel == EtatDAppel.OUVERT


@dataclass(frozen=True)
class ProjetVu:
    """Un projet et ses dossiers, le dernier ouvert d'abord."""

    projet: Projet
    dossiers: list[DossierVu]


def mes_projets(
    acteur: Acteur, contrat: Contrat, *, pk: int | None = None, maintenant: datetime | None = None
) -> list[ProjetVu]:
    """Rend les projets de l'acteur dans ce contrat, ou un seul ; un nombre fixe de requêtes."""
    siens = projets(acteur, contrat)
    siens = siens.filter(pk=pk) if pk is not None else siens
    lus = list(siens.prefetch_related(Prefetch("dossiers", queryset=_entiers())))
    if not lus:
        return []
    maintenant = maintenant or timezone.now()
    tous = [dossier for projet in lus for dossier in projet.dossiers.all()]
    courantes = _versions_courantes(tous)
    lieux = lieux_du_contrat(contrat)
    return [
        ProjetVu(
            projet,
            [
                _vu(dossier, projet, courantes[dossier.appel_id], lieux, maintenant)
                for dossier in projet.dossiers.all()
            ],
        )
        for projet in lus
    ]


def _entiers() -> QuerySet[Dossier]:
    """Rend des dossiers avec tout ce qui dit où en est chaque section."""
    courantes = EcritureDeSection.objects.filter(est_courante=True)
    fiches = FicheDAppel.objects.select_related("fiche")
    return Dossier.objects.select_related("version_d_appel", "appel").prefetch_related(
        Prefetch("ecritures", queryset=courantes, to_attr="courantes"),
        Prefetch("version_d_appel__fiches", queryset=fiches),
        "version_d_appel__questions",
        "bilans_attendus",
        "version_d_appel__financeurs__organisme",
        "version_d_appel__pieces",
        "demandes__financeur",
        "pieces",
        "attestations",
    )


def _versions_courantes(dossiers: Iterable[Dossier]) -> dict[int, VersionDAppel]:
    appels = {dossier.appel_id for dossier in dossiers}
    courantes = VersionDAppel.objects.courantes().filter(appel__in=appels).select_related("appel")
    return {version.appel_id: version for version in courantes}


def _vu(
    dossier: Dossier,
    projet: Projet,
    courante: VersionDAppel,
    lieux: LieuxDuContrat,
    maintenant: datetime,
) -> DossierVu:
    dossier.projet = projet
    ecrites = {e.section: e for e in getattr(dossier, "courantes")}  # noqa: B009 — posé par _entiers
    permis = Reperes(
        fiches={f.fiche.numero: "" for f in dossier.version_d_appel.fiches.all()},
        communes={commune.code: commune.nom for commune in lieux.communes},
        quartiers={str(quartier.pk): quartier.nom for quartier in lieux.quartiers},
        **reperes_du_budget(dossier),
        **reperes_a_part(dossier, ecrites),
    )
    jours = (timezone.localdate(courante.ferme_le) - timezone.localdate(maintenant)).days
    return DossierVu(
        dossier,
        courante,
        etat_de_l_appel(courante.ouvre_le, courante.ferme_le, maintenant),
        delai(jours),
        avancement(lues(dossier, ecrites, permis)),
        timezone.localdate(maintenant),
    )


def brouillons_de_l_appel(acteur: Acteur, contrat: Contrat, appel: Appel) -> list[Dossier]:
    """Rend les brouillons que l'acteur a déjà dans un appel, le dernier modifié d'abord."""
    siens = Dossier.objects.brouillons().filter(appel=appel, projet__in=projets(acteur, contrat))
    return list(siens.select_related("projet").order_by("-modifie_le", "-pk"))


def contrats_de_mes_projets(acteur: Acteur) -> list[Contrat]:
    """Rend les contrats publiés où l'acteur a un projet ; tous s'il n'en a aucun."""
    publies = list(contrats_publies(acteur).order_by("titre"))
    avec = [contrat for contrat in publies if projets(acteur, contrat).exists()]
    return avec or publies
