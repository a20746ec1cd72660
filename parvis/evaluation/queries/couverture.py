"""Les dossiers d'un contrat tels qu'ils se comptent : fiches, lieux, personnes, argent, sans un seul nom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import (
    EchelleDeProjet,
    EtatDeDemande,
    Guichet,
    NatureDeDemande,
    SorteDeBilan,
)
from parvis.dossiers.models import (
    Demande,
    Dossier,
    EcritureDeSection,
    FicheDeDossier,
    LieuDeDossier,
)
from parvis.dossiers.queries.projets_visibles import dossiers_visibles
from parvis.dossiers.rules.publicite import RECUS, est_votee
from parvis.evaluation.enums import EtatDeBilan
from parvis.evaluation.models import EcritureDeBilan
from parvis.evaluation.rules.couverture import (
    COMMUNE,
    PUBLICS_COMPTES,
    QUARTIER,
    TOUT_LE_TERRITOIRE,
    ZERO,
    DossierCompte,
    Lieu,
)
from parvis.evaluation.rules.publics import SANS_LIEU, TRANCHES, code_de_la_case, compter
from parvis.instruction.queries.deports import hors_des_deports
from parvis.socle.saisie import lire_un_nombre

_DU_DOSSIER = {f"ages_{code}": code for code in TRANCHES if code != "inconnu"} | {
    "femmes": "f",
    "hommes": "h",
}


@dataclass
class _Argent:
    """Ce qu'un dossier demande et obtient pour un exercice."""

    demande: Decimal = ZERO
    vote: Decimal = ZERO
    engage: Decimal = ZERO
    verse: Decimal = ZERO
    est_soutenu: bool = False
    est_attendu: bool = False


@dataclass(frozen=True)
class _Gens:
    """Les personnes qu'un dossier prévoit, ou que son bilan accepté a comptées."""

    personnes: int | None = None
    publics: Mapping[str, int] = field(default_factory=dict)
    habitants: int | None = None


def dossiers_comptes(acteur: Acteur, contrat: Contrat) -> list[DossierCompte]:
    """Rend les dossiers que l'acteur lit, un par exercice, en un nombre fixe de requêtes.

    À son pilote tous ceux qui sont reçus ; à tout autre, ceux qu'un vote a rendus publics ; à personne,
    ceux dont il s'est déporté. Un dossier de plusieurs exercices compte au premier, puis à chacun de ceux
    qu'un financeur a votés.
    """
    vus = dossiers_a_compter(acteur, contrat)
    argent = _argent(vus, timezone.localdate())
    fiches, lieux, prevus, touches = _fiches(vus), _lieux(vus), _prevus(vus), _touches(vus)
    comptes = []
    porteurs = vus.annotate(retenu=Coalesce("projet__porteur__fusionne_dans", "projet__porteur"))
    for pk, projet, porteur, premier, echelle in porteurs.order_by(
        "exercice", "numero", "pk"
    ).values_list("pk", "projet", "retenu", "exercice", "echelle"):
        siens = argent.get(pk, {})
        for exercice in sorted({premier, *(un for un, lu in siens.items() if lu.est_soutenu)}):
            somme = siens.get(exercice, _Argent())
            gens = touches.get((pk, exercice)) or prevus.get(pk, _Gens())
            comptes.append(
                DossierCompte(
                    pk,
                    projet,
                    porteur,
                    exercice,
                    tuple(fiches[pk]),
                    (TOUT_LE_TERRITOIRE,)
                    if echelle == EchelleDeProjet.AGGLOMERATION
                    else tuple(lieux[pk]),
                    gens.personnes,
                    gens.publics,
                    somme.demande,
                    somme.vote,
                    somme.engage,
                    somme.verse,
                    gens.habitants,
                    somme.est_soutenu,
                    somme.est_attendu and not somme.est_soutenu,
                    exercice == premier,
                )
            )
    return comptes


def dossiers_a_compter(acteur: Acteur, contrat: Contrat) -> QuerySet[Dossier]:
    """Rend les dossiers reçus que l'acteur lit, sans ceux dont il s'est déporté."""
    vus = dossiers_visibles(acteur, contrat).filter(etat__in=RECUS)
    return vus.filter(hors_des_deports(acteur))


def dossiers_tus(acteur: Acteur, contrat: Contrat) -> int:
    """Rend combien de dossiers ne lui sont pas comptés parce qu'il s'en est déporté."""
    vus = dossiers_visibles(acteur, contrat).filter(etat__in=RECUS)
    return vus.exclude(hors_des_deports(acteur)).count() if acteur.utilisateur else 0


def _argent(vus: QuerySet[Dossier], jour: date) -> dict[int, dict[int, _Argent]]:
    """Rend, par dossier et par exercice, ce qui est demandé, voté et versé en argent."""
    sommes: dict[int, dict[int, _Argent]] = defaultdict(lambda: defaultdict(_Argent))
    demandes = (
        Demande.objects.filter(dossier__in=vus.values("pk"))
        .exclude(etat__in=[EtatDeDemande.PREPAREE, EtatDeDemande.RETIREE])
        .order_by()
    )
    for (
        dossier, exercice, nature, demande, engage, verse, guichet, source, etat, vote, vote_le,
    ) in demandes.values_list(
        "dossier", "exercice", "nature", "montant_demande", "montant_engage", "montant_verse",
        "guichet", "suivi_source", "etat", "montant_vote", "vote_le",
    ):  # fmt: skip
        somme = sommes[dossier][exercice]
        est_en_argent = nature == NatureDeDemande.NUMERAIRE
        somme.est_attendu |= etat == EtatDeDemande.DEMANDEE
        if est_en_argent:
            somme.demande += demande or ZERO
        if est_votee(
            guichet=guichet, source=source, etat=etat, vote=vote, vote_le=vote_le, jour=jour
        ):
            somme.est_soutenu = True
            if est_en_argent:
                somme.vote += vote or ZERO
                # D'un autre portail, seul le porteur dit la suite : elle n'engage que lui.
                if guichet == Guichet.PLATEFORME:
                    somme.engage += engage or ZERO
                    somme.verse += verse or ZERO
    return sommes


def _fiches(vus: QuerySet[Dossier]) -> dict[int, list[str]]:
    rangees: dict[int, list[str]] = defaultdict(list)
    for dossier, numero in (
        FicheDeDossier.objects.filter(dossier__in=vus.values("pk"))
        .order_by("-est_principale", "pk")
        .values_list("dossier", "fiche__numero")
    ):
        rangees[dossier].append(numero)
    return rangees


def _lieux(vus: QuerySet[Dossier]) -> dict[int, list[Lieu]]:
    ranges: dict[int, list[Lieu]] = defaultdict(list)
    for dossier, commune, quartier in (
        LieuDeDossier.objects.filter(dossier__in=vus.values("pk"))
        .order_by("pk")
        .values_list("dossier", "commune", "quartier")
    ):
        ranges[dossier].append((QUARTIER, quartier) if quartier else (COMMUNE, commune))
    return ranges


def _prevus(vus: QuerySet[Dossier]) -> dict[int, _Gens]:
    """Rend les personnes que prévoit chaque dossier, telles qu'elles y sont écrites."""
    ecrites = EcritureDeSection.objects.filter(
        dossier__in=vus.values("pk"), section="publics", est_courante=True
    )
    prevus = {}
    for dossier, valeur in ecrites.values_list("dossier", "valeur"):
        personnes, des_quartiers = (
            _entier(valeur.get("nombre")),
            _entier(valeur.get("part_quartiers")),
        )
        habitants = None
        if personnes is not None and des_quartiers is not None:
            habitants = personnes * min(des_quartiers, 100) // 100
        publics = _comptees((cle, valeur.get(code)) for code, cle in _DU_DOSSIER.items())
        prevus[dossier] = _Gens(personnes, publics, habitants)
    return prevus


def _touches(vus: QuerySet[Dossier]) -> dict[tuple[int, int], _Gens]:
    """Rend les personnes qu'a comptées chaque bilan définitif accepté : (dossier, exercice)."""
    ecrites = EcritureDeBilan.objects.filter(
        bilan__dossier__in=vus.values("pk"),
        bilan__etat=EtatDeBilan.ACCEPTE,
        bilan__sorte=SorteDeBilan.DEFINITIF,
        bilan__personnes__isnull=False,
        section="habitants",
        est_courante=True,
    )
    touches = {}
    for dossier, exercice, personnes, valeur in ecrites.values_list(
        "bilan__dossier", "bilan__exercice", "bilan__personnes", "valeur"
    ):
        lus = compter(
            {
                (lieu, tranche, genre): nombre
                for lieu, tranche, genre in (
                    code.rsplit("-", 2) for code in valeur if code.count("-") > 1
                )
                if (nombre := _entier(valeur[code_de_la_case(lieu, tranche, genre)])) is not None
            }
        )
        publics = {
            tranche: un.tout
            for tranche, un in lus.par_tranche.items()
            if tranche in PUBLICS_COMPTES
        }
        # Sans un quartier dans la grille, on ne sait pas où habitent ces personnes.
        habitants = sum(un.tout for lieu, un in lus.par_lieu.items() if lieu.startswith("q"))
        est_su = any(lieu != SANS_LIEU for lieu in lus.par_lieu)
        touches[dossier, exercice] = _Gens(
            personnes, publics | {"f": lus.tout.f, "h": lus.tout.h}, habitants if est_su else None
        )
    return touches


def _comptees(dites: Iterable[tuple[str, Any]]) -> dict[str, int]:
    """Garde les publics comptés : une case vide n'est pas un zéro."""
    return {cle: nombre for cle, dit in dites if (nombre := _entier(dit)) is not None}


def _entier(dit: Any) -> int | None:
    """Rend le nombre de personnes écrit, ou None s'il n'y en a pas ou s'il ne se lit pas."""
    try:
        return int(lire_un_nombre(str(dit or "")))
    except ValueError:
        return None
