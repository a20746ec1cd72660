"""Les bilans d'un contrat en liste : à rendre, en retard, rendus, à compléter, acceptés."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import NatureDeDemande, SorteDeBilan, SorteDeDecharge
from parvis.dossiers.models import BilanAttendu, Demande, Dossier
from parvis.evaluation.enums import Attente, EtatDeBilan, Issue
from parvis.evaluation.models import Bilan, Decharge, PartDuCoutReel
from parvis.evaluation.queries.bilans import avec_le_non_depense, dossiers_finances
from parvis.instruction.queries.deports import dossiers_du_pilote
from parvis.programmation.queries.tableau_exports import Suites
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.montants import MontantField
from parvis.socle.pages import Page, page
from parvis.socle.tableaux import Cellule

_COLONNES = (
    *("Dossier", "Projet", "Porteur", "Siret", "Exercice", "Bilan", "Où en est-on"),
    *("Attendu le", "Rendu le", "Accepté le", "Ce qu’il en est advenu", "Personnes touchées"),
    *("Coût réel (€)", "Non dépensé, tous financeurs (€)"),
)
_DU_PILOTE = ("Voté (€)", "Versé (€)")
_DU_SERVICE = ("Voté par vous (€)", "Versé par vous (€)", "Votre part du non dépensé (€)")
TRIS: dict[str, tuple[str, tuple[str, ...]]] = {
    "echeance": ("Le plus attendu d’abord", ("attendu_le", "pk")),
    "recent": ("Le dernier exercice d’abord", ("-exercice", "-pk")),
    "porteur": ("Par porteur", ("dossier__projet__porteur__cle_de_tri", "pk")),
}


@dataclass(frozen=True)
class Liste:
    """Une page de bilans attendus, ses choix, et ce que les choisis laissent ensemble."""

    page: Page[BilanAttendu]
    facettes: list[Facette]
    nombre: int
    non_depense: Decimal
    verse: Decimal
    # La part de ces demandes-là, quand la liste est celle d'un service.
    part: Decimal


def bilans_du_pilote(acteur: Acteur, contrat: Contrat) -> QuerySet[BilanAttendu]:
    """Rend les bilans que doivent les dossiers reçus du pilote ; rien à tout autre."""
    return BilanAttendu.objects.filter(dossier__in=dossiers_du_pilote(acteur, contrat).values("pk"))


def bilans_du_service(acteur: Acteur, contrat: Contrat) -> QuerySet[BilanAttendu]:
    """Rend les bilans de ce que finance le service de l'acteur ; rien à tout autre."""
    return BilanAttendu.objects.filter(dossier__in=dossiers_finances(acteur, contrat).values("pk"))


def liste_des_bilans(
    lus: QuerySet[BilanAttendu],
    demandes: Mapping[str, str],
    *,
    jour: date,
    argent: QuerySet[Demande] | None = None,
) -> Liste:
    """Rend une page des bilans choisis parmi ceux que l'acteur lit ; `argent` borne ce qui se somme."""
    choisis, facettes = _choisir(lus, demandes, jour, argent)
    _, cles = TRIS.get(demandes.get("tri", ""), TRIS["echeance"])
    lue = page(choisis, cles, apres=demandes.get("apres", ""), avant=demandes.get("avant", ""))
    # Un intermédiaire n'a pas l'argent d'un autre exercice : seul le définitif compte.
    somme = (
        choisis.filter(sorte=SorteDeBilan.DEFINITIF)
        .order_by()
        .aggregate(laisse=Sum("non_depense"), paye=Sum("verse"), la_part=Sum("part"))
    )
    laisse, paye, la_part = (somme[nom] or Decimal("0.00") for nom in ("laisse", "paye", "la_part"))
    return Liste(lue, facettes, lue.total, laisse, paye, la_part)


def colonnes(*, est_d_un_service: bool) -> tuple[str, ...]:
    """Rend les colonnes du tableau : d'un service, son argent et sa part ; du pilote, tout l'argent."""
    return _COLONNES + (_DU_SERVICE if est_d_un_service else _DU_PILOTE)


def tableau_des_bilans(
    lus: QuerySet[BilanAttendu],
    demandes: Mapping[str, str],
    *,
    jour: date,
    argent: QuerySet[Demande] | None = None,
) -> list[tuple[Cellule, ...]]:
    """Rend tous les bilans choisis, une ligne chacun, dans l'ordre de `colonnes`."""
    choisis, _ = _choisir(lus, demandes, jour, argent)
    _, cles = TRIS.get(demandes.get("tri", ""), TRIS["echeance"])
    lignes = [(attendu, _ligne(attendu, jour)) for attendu in choisis.order_by(*cles)]
    return [
        ligne if argent is None else (*ligne, attendu.part)  # type: ignore[attr-defined]
        for attendu, ligne in lignes
    ]


def comptes_des_bilans(lus: QuerySet[BilanAttendu], jour: date) -> dict[str, int]:
    """Rend combien de bilans sont à lire, et combien sont en retard, parmi ceux que l'acteur lit."""
    conditions = _attentes(jour)
    return {
        "a_lire": _avec_leur_bilan(lus).filter(conditions[Attente.RENDU][1]).count(),
        "en_retard": _avec_leur_bilan(lus).filter(conditions[Attente.EN_RETARD][1]).count(),
    }


def bilans_au_tableau(lus: QuerySet[BilanAttendu], exercice: int, jour: date) -> Suites:
    """Rend les colonnes du bilan définitif dans un tableau d'exercice, parmi ceux que l'acteur lit."""
    siens = _avec_leur_bilan(lus.filter(exercice=exercice, sorte=SorteDeBilan.DEFINITIF))
    return Suites(
        ("Bilan", "Bilan rendu le", "Non dépensé, tous financeurs (€)"),
        {
            attendu.dossier_id: (
                attente_de(attendu, jour).label,
                None if attendu.decharge == SorteDeDecharge.DISPENSE else attendu.rendu_le,
                attendu.non_depense,  # type: ignore[attr-defined]
            )
            for attendu in siens
        },
    )


def bilans_du_projet(
    lus: QuerySet[BilanAttendu], dossier: Dossier, jour: date
) -> list[tuple[BilanAttendu, Attente]]:
    """Rend les bilans du projet d'un dossier, parmi ceux que l'acteur lit, le dernier exercice d'abord."""
    siens = _avec_leur_bilan(lus.filter(dossier__projet=dossier.projet_id))
    ranges = siens.select_related("dossier").order_by("-exercice", "sorte", "pk")
    return [(attendu, attente_de(attendu, jour)) for attendu in ranges]


def attente_de(attendu: Any, jour: date) -> Attente:
    """Rend où en est un bilan attendu, lu avec l'état du sien."""
    if attendu.decharge:
        return Attente(attendu.decharge)
    if attendu.accepte_le:
        return Attente.ACCEPTE
    if attendu.rendu_le:
        return Attente.RENDU
    if attendu.attendu_le < jour:
        return Attente.EN_RETARD
    est_a_completer = attendu.etat_du_bilan == EtatDeBilan.A_COMPLETER
    return Attente.A_COMPLETER if est_a_completer else Attente.A_VENIR


def _attentes(jour: date) -> dict[str, tuple[str, Q]]:
    attend = Q(rendu_le__isnull=True)
    a_completer = Q(etat_du_bilan=EtatDeBilan.A_COMPLETER)
    conditions = {
        Attente.EN_RETARD: attend & Q(attendu_le__lt=jour),
        Attente.RENDU: Q(rendu_le__isnull=False, accepte_le__isnull=True),
        Attente.A_COMPLETER: attend & a_completer & Q(attendu_le__gte=jour),
        Attente.A_VENIR: attend
        & Q(attendu_le__gte=jour)
        & (Q(etat_du_bilan__isnull=True) | ~a_completer),
        Attente.ACCEPTE: Q(accepte_le__isnull=False, decharge=""),
        Attente.RECU_AUTREMENT: Q(decharge=SorteDeDecharge.RECU_AUTREMENT),
        Attente.DISPENSE: Q(decharge=SorteDeDecharge.DISPENSE),
    }
    return {etat.value: (etat.label, condition) for etat, condition in conditions.items()}


def _avec_leur_bilan(lus: QuerySet[BilanAttendu]) -> QuerySet[BilanAttendu]:
    """Rend les bilans attendus avec ce que dit le bilan rendu, sans rien d'un brouillon."""
    siens = Bilan.objects.filter(
        dossier=OuterRef("dossier"), exercice=OuterRef("exercice"), sorte=OuterRef("sorte")
    )
    siennes = Decharge.objects.filter(
        dossier=OuterRef("dossier"), exercice=OuterRef("exercice"), annulee_le__isnull=True
    )
    return lus.annotate(
        pourquoi=Case(
            When(decharge="", then=Value("")),
            default=Subquery(siennes.values("motif")[:1]),
            output_field=CharField(),
        ),
        fichier_de_la_decharge=Case(
            When(decharge="", then=None),
            default=Subquery(siennes.values("fichier")[:1]),
            output_field=IntegerField(),
        ),
        etat_du_bilan=Subquery(siens.values("etat")[:1]),
        bilan_rendu=Subquery(siens.filter(rendu_le__isnull=False).values("pk")[:1]),
        issue=Subquery(siens.values("issue")[:1]),
        personnes=Subquery(siens.values("personnes")[:1]),
        cout_reel=Subquery(siens.values("cout_reel")[:1]),
        non_depense=_la_part(None),
    )


def _choisir(
    lus: QuerySet[BilanAttendu],
    demandes: Mapping[str, str],
    jour: date,
    argent: QuerySet[Demande] | None,
) -> tuple[QuerySet[BilanAttendu], list[Facette]]:
    annotes = _avec_leur_bilan(lus)
    annees = lus.order_by("-exercice").values_list("exercice", flat=True).distinct()
    choisis, facettes = filtrer(
        annotes,
        [
            Critere("etat", "Où en est-on", _attentes(jour)),
            Critere("exercice", "Exercice", {str(a): (str(a), Q(exercice=a)) for a in annees}),
            Critere("sorte", "Bilan", {s.value: (s.label, Q(sorte=s)) for s in SorteDeBilan}),
        ],
        demandes,
    )
    sommees = (Demande.objects.all() if argent is None else argent).filter(
        dossier=OuterRef("dossier"),
        exercice=OuterRef("exercice"),
        nature=NatureDeDemande.NUMERAIRE,
    )
    return (
        choisis.annotate(
            vote=_somme(sommees, "montant_vote"),
            verse=_somme(sommees, "montant_verse"),
            part=_la_part(argent),
        )
        .select_related("dossier__projet__porteur__fusionne_dans")
        .order_by("attendu_le", "pk"),
        facettes,
    )


def _la_part(demandes: QuerySet[Demande] | None) -> Subquery:
    """Rend ce qui n'est pas dépensé de ces demandes, ou de toutes, d'après le bilan de la même sorte."""
    siennes = {} if demandes is None else {"demande__in": demandes.values("pk")}
    parts = (
        avec_le_non_depense(
            PartDuCoutReel.objects.filter(
                bilan__dossier=OuterRef("dossier"),
                bilan__exercice=OuterRef("exercice"),
                bilan__sorte=OuterRef("sorte"),
                **siennes,
            )
        )
        .order_by()
        .values("bilan")
        .annotate(somme=Sum("non_depense"))
        .values("somme")
    )
    return Subquery(parts[:1], output_field=MontantField())


def _somme(demandes: QuerySet[Demande], champ: str) -> Subquery:
    sommees = demandes.order_by().values("dossier").annotate(somme=Sum(F(champ))).values("somme")
    return Subquery(sommees[:1], output_field=MontantField())


def _ligne(attendu: Any, jour: date) -> tuple[Cellule, ...]:
    porteur = attendu.dossier.projet.porteur.retenu
    return (
        attendu.dossier.reference,
        attendu.dossier.projet.titre,
        str(porteur),
        porteur.siret,
        attendu.exercice,
        attendu.get_sorte_display(),
        attente_de(attendu, jour).label,
        attendu.attendu_le,
        None if attendu.decharge == SorteDeDecharge.DISPENSE else attendu.rendu_le,
        None if attendu.decharge else attendu.accepte_le,
        attendu.pourquoi or (Issue(attendu.issue).label if attendu.issue else ""),
        attendu.personnes,
        attendu.cout_reel,
        attendu.non_depense,
        attendu.vote,
        attendu.verse,
    )
