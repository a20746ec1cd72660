"""Un bilan relu en entier : ses sections, où il en est, ce qu'il laisse de chaque subvention."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande, EtatDeSection, NatureDeDemande, SorteDeBilan
from parvis.dossiers.models import BilanAttendu, Demande, Dossier, Projet
from parvis.dossiers.sections import Section
from parvis.evaluation import sections as s
from parvis.evaluation.enums import EtatDeBilan
from parvis.evaluation.models import Bilan, Decharge, EcritureDeBilan, PartDuCoutReel
from parvis.evaluation.permissions import peut_ecrire_le_bilan, peut_lire_en_financeur
from parvis.evaluation.queries.decharges import decharges_du_dossier
from parvis.evaluation.queries.prevu import avec_ses_versements, versements_de_la_demande
from parvis.evaluation.rules.bilans import motifs_empechant_d_ecrire
from parvis.evaluation.rules.publics import Habitants
from parvis.evaluation.rules.reliquat import (
    PartDepensee,
    Subvention,
    parts_depensees,
    prevu_obtenu,
    total_non_depense,
)
from parvis.evaluation.sections import BudgetRealise, Contexte, SectionJugee
from parvis.instruction.queries.deports import dossiers_du_pilote
from parvis.instruction.queries.dossiers import demandes_du_service, dossiers_a_etudier
from parvis.socle.montants import MontantField, en_base

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class BilanLu:
    """Un bilan et ce que disent ses sections."""

    bilan: Bilan
    contexte: Contexte
    sections: dict[str, SectionJugee]
    ecrites: dict[str, EcritureDeBilan]
    demandees: frozenset[str] = frozenset()
    # Reçu autrement, ou dispensé : il ne s'écrit plus.
    decharge: str = ""

    @property
    def motifs(self) -> list[tuple[Section, list[Any]]]:
        """Rend ce qui empêche de rendre ce bilan, section par section."""
        return [(lue.section, lue.motifs) for lue in self.sections.values() if lue.motifs]

    @property
    def a_faire(self) -> list[SectionJugee]:
        """Rend les sections où il reste à écrire, ou à corriger."""
        return [lue for lue in self.sections.values() if lue.motifs]

    @property
    def completes(self) -> int:
        return sum(lue.etat == EtatDeSection.COMPLETE for lue in self.sections.values())

    @property
    def prochaine(self) -> Section | None:
        """Rend la première section qui n'est pas complète."""
        restantes = [x for x in self.sections.values() if x.etat != EtatDeSection.COMPLETE]
        return restantes[0].section if restantes else None

    @property
    def budget(self) -> BudgetRealise | None:
        lue = self.sections.get("budget")
        return s.lire_le_budget_realise(self.bilan.prevu, lue.valeur) if lue else None

    @property
    def habitants(self) -> Habitants | None:
        lue = self.sections.get("habitants")
        return s.habitants(lue.section, lue.valeur) if lue else None

    def s_ecrit(self, code: str) -> bool:
        """Dit si une section s'écrit encore : un brouillon, ou un complément demandé."""
        return not self.decharge and not motifs_empechant_d_ecrire(
            etat=self.bilan.etat, section=code, demandees=self.demandees
        )


def bilan_du_dossier(dossier: Dossier, exercice: int, sorte: str) -> Bilan:
    """Rend un bilan d'un dossier que l'on lit déjà ; lève Bilan.DoesNotExist s'il n'est pas ouvert."""
    bilan = Bilan.objects.get(dossier=dossier, exercice=exercice, sorte=sorte)
    bilan.dossier = dossier
    return bilan


def ecritures_du_bilan(bilan: Bilan) -> dict[str, EcritureDeBilan]:
    """Rend ce que dit aujourd'hui chaque section écrite, par code."""
    return {e.section: e for e in bilan.ecritures.filter(est_courante=True)}


def sections_rouvertes(bilan: Bilan) -> frozenset[str]:
    """Rend les sections qu'un complément demandé laisse écrire : celles qu'il vise, et les neuves.

    Un projet qui disait n'avoir pas eu lieu peut découvrir des sections qu'il n'avait jamais rendues.
    """
    if bilan.etat != EtatDeBilan.A_COMPLETER:
        return frozenset()
    demandees = bilan.complements.filter(repondu_le__isnull=True).values_list("section", flat=True)
    rendues = bilan.versions.latest("numero").contenu["sections"]
    return frozenset(demandees) | (frozenset(s.CODES) - rendues.keys())


def lire_le_bilan(bilan: Bilan, jour: date) -> BilanLu:
    """Rend un bilan relu en entier, en un nombre fixe de requêtes."""
    ecrites = ecritures_du_bilan(bilan)
    valeurs = {code: ecriture.valeur for code, ecriture in ecrites.items()}
    touchees = {code for code, ecriture in ecrites.items() if not ecriture.est_preremplie}
    if bilan.pieces.exists():
        touchees.add("pieces")
    contexte, lues = lire_les_sections(bilan.prevu, bilan.sorte, valeurs, touchees, jour)
    return BilanLu(
        bilan, contexte, lues, ecrites, sections_rouvertes(bilan), decharge_du_bilan(bilan)
    )


def decharge_du_bilan(bilan: Bilan) -> str:
    """Rend si un bilan est reçu autrement ou dispensé ; vide s'il est à rendre ici."""
    attendus = BilanAttendu.objects.filter(
        dossier=bilan.dossier_id, exercice=bilan.exercice, sorte=bilan.sorte
    )
    return attendus.values_list("decharge", flat=True).first() or ""


def lire_les_sections(
    prevu: Mapping[str, Any],
    sorte: str,
    valeurs: Mapping[str, Mapping[str, str]],
    touchees: set[str],
    jour: date,
) -> tuple[Contexte, dict[str, SectionJugee]]:
    """Rend les sections d'un bilan telles que ces valeurs les disent, écrites ou figées."""
    issue = s.issue_de(valeurs.get("realisation", {}))
    contexte = Contexte(prevu, sorte, issue, jour)
    neuves = s.neuves_de(valeurs.get("budget", {}))
    tables = s.sections_du_bilan(prevu, sorte, issue, neuves)
    return contexte, {
        code: s.lire(section, valeurs.get(code, {}), contexte, est_touchee=code in touchees)
        for code, section in tables.items()
    }


def est_a_ecrire(acteur: Acteur, lu: BilanLu, code: str) -> bool:
    """Dit si l'acteur écrit cette section de ce bilan."""
    return peut_ecrire_le_bilan(acteur, lu.bilan) and lu.s_ecrit(code)


def subventions_de(
    dossier: Dossier, exercice: int, declares: Mapping[int, Decimal]
) -> list[Subvention]:
    """Rend ce que chaque financeur a voté et versé en argent pour un exercice.

    Tant qu'un versement n'est pas noté, c'est ce que le porteur déclare avoir reçu (`declares`, par
    demande) qui compte, au plus le voté.
    """
    votees = avec_ses_versements(
        Demande.objects.filter(
            dossier=dossier,
            exercice=exercice,
            nature=NatureDeDemande.NUMERAIRE,
            montant_vote__gt=0,
        )
    ).select_related("financeur")
    return [_subvention(demande, declares.get(demande.pk)) for demande in votees]


def _subvention(demande: Any, declare: Decimal | None) -> Subvention:
    vote = demande.montant_vote or ZERO
    nom = ", ".join(filter(None, (demande.nom_du_financeur, demande.ligne)))
    if demande.est_note or declare is None:
        return Subvention(nom, vote, demande.montant_verse or ZERO, demande=demande.pk)
    return Subvention(nom, vote, min(declare, vote), est_declare=True, demande=demande.pk)


@dataclass(frozen=True)
class Reliquat:
    """Ce qui n'est pas dépensé, financeur par financeur, et de quoi refaire le calcul."""

    prevu: Decimal
    reel: Decimal
    parts: list[PartDepensee] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return total_non_depense(self.parts)


def reliquat(lu: BilanLu) -> Reliquat | None:
    """Rend ce qui n'est pas dépensé d'après un bilan ; rien s'il n'a pas de budget."""
    budget = lu.budget
    if budget is None or not lu.contexte.est_definitif:
        return None
    prevu, reel = budget.charges.prevu, budget.charges.realise
    declares = {
        lu.bilan.prevu["demandes"][int(x.cle[1:])]["demande"]: x.realise
        for x in budget.lignes
        if x.est_demande and x.realise is not None
    }
    subventions = subventions_de(lu.bilan.dossier, lu.bilan.exercice, declares)
    prevu = prevu_obtenu(
        prevu,
        refuse=_pas_obtenu(lu.bilan.dossier, lu.bilan.exercice),
        vote=sum((s.vote for s in subventions), ZERO),
    )
    return Reliquat(prevu, reel, parts_depensees(subventions, prevu=prevu, reel=reel))


def _pas_obtenu(dossier: Dossier, exercice: int) -> Decimal:
    """Rend ce que le plan comptait de subventions et que personne n'a voté."""
    demandees = Demande.objects.filter(
        dossier=dossier, exercice=exercice, nature=NatureDeDemande.NUMERAIRE
    ).exclude(etat=EtatDeDemande.PREPAREE)
    return sum(
        (
            max(ZERO, (demande or ZERO) - (vote or ZERO))
            for demande, vote in demandees.values_list("montant_demande", "montant_vote")
        ),
        ZERO,
    )


def avec_le_non_depense(parts: QuerySet[PartDuCoutReel]) -> QuerySet[PartDuCoutReel]:
    """Ajoute à des parts `non_depense` : ce qui est versé aujourd'hui au-delà, jamais négatif."""
    zero = en_base(ZERO)
    verse = Case(
        When(demande__montant_verse__isnull=False, then=F("demande__montant_verse")),
        When(Exists(versements_de_la_demande("demande")), then=zero),
        default=Coalesce(F("declare"), zero),
        output_field=MontantField(),
    )
    return parts.alias(verse=verse).annotate(
        non_depense=Case(
            When(verse__gt=F("montant"), then=F("verse") - F("montant")),
            default=zero,
            output_field=MontantField(),
        )
    )


def non_depense_du_bilan(bilan: Bilan, demandes: QuerySet[Demande] | None = None) -> Decimal | None:
    """Rend ce qui n'est pas dépensé, de ces demandes ou de toutes ; rien si le bilan ne le dit pas."""
    siennes = avec_le_non_depense(bilan.parts.all())
    if demandes is not None:
        siennes = siennes.filter(demande__in=demandes.values("pk"))
    return siennes.aggregate(somme=Sum("non_depense"))["somme"]


def bilans_recus(acteur: Acteur, contrat: Contrat) -> QuerySet[Bilan]:
    """Rend les bilans rendus dans ce contrat, à son pilote ; ni un brouillon, ni ceux de ses déports."""
    return _rendus(dossiers_du_pilote(acteur, contrat))


def bilans_finances(acteur: Acteur, contrat: Contrat) -> QuerySet[Bilan]:
    """Rend les bilans rendus de ce que finance le service de l'acteur ; rien à tout autre."""
    return _rendus(dossiers_finances(acteur, contrat))


def dossiers_finances(acteur: Acteur, contrat: Contrat) -> QuerySet[Dossier]:
    """Rend les dossiers pour lesquels le service de l'acteur a voté ; rien à tout autre.

    Sollicité, il ne lit pas le compte rendu d'un argent qui n'est pas le sien.
    """
    if not peut_lire_en_financeur(acteur):
        return Dossier.objects.none()
    finances = demandes_du_service(acteur).filter(montant_vote__gt=0).values("dossier")
    return dossiers_a_etudier(acteur, contrat).filter(pk__in=finances)


def _rendus(dossiers: QuerySet[Dossier]) -> QuerySet[Bilan]:
    return Bilan.objects.filter(
        dossier__in=dossiers.values("pk"), rendu_le__isnull=False
    ).select_related(
        "dossier__appel__contrat",
        "dossier__version_d_appel",
        "dossier__projet__contrat",
        "dossier__projet__porteur__fusionne_dans",
        "dossier__projet__structure_porteuse__fusionne_dans",
    )


@dataclass(frozen=True)
class Echeance:
    """Un bilan attendu d'un dossier, et celui qui est ouvert s'il y en a un."""

    exercice: int
    sorte: str
    attendu_le: date | None
    bilan: Bilan | None
    jour: date
    rendu_le: date | None = None
    decharge: Decharge | None = None

    @property
    def nom(self) -> str:
        return f"Bilan {SorteDeBilan(self.sorte).label.lower()} {self.exercice}"

    @property
    def est_en_retard(self) -> bool:
        return self.rendu_le is None and self.attendu_le is not None and self.attendu_le < self.jour

    @property
    def est_clos(self) -> bool:
        return self.bilan is not None and self.bilan.etat in (
            EtatDeBilan.ACCEPTE,
            EtatDeBilan.NON_REALISE,
        )

    @property
    def est_a_ecrire(self) -> bool:
        """Dit si le porteur a encore la plume : rien d'ouvert, un brouillon, un complément."""
        if self.decharge:
            return False
        return self.bilan is None or self.bilan.etat in (
            EtatDeBilan.BROUILLON,
            EtatDeBilan.A_COMPLETER,
        )


def echeances(dossier: Dossier, jour: date) -> list[Echeance]:
    """Rend les bilans qu'un dossier doit, ou a ouverts, le plus proche d'abord."""
    attendus = {(a.exercice, a.sorte): a for a in dossier.bilans_attendus.all()}
    bilans = {(b.exercice, b.sorte): b for b in dossier.bilans.all()}
    decharges = decharges_du_dossier(dossier)
    return [
        Echeance(
            exercice,
            sorte,
            attendu.attendu_le if (attendu := attendus.get((exercice, sorte))) else None,
            bilans.get((exercice, sorte)),
            jour,
            attendu.rendu_le if attendu else None,
            decharges.get(exercice) if sorte == SorteDeBilan.DEFINITIF else None,
        )
        for exercice, sorte in sorted({*attendus, *bilans})
    ]


def bilans_a_rendre(projet: Projet) -> list[BilanAttendu]:
    """Rend les bilans définitifs d'un projet que son porteur n'a pas rendus, le plus proche d'abord."""
    dus = BilanAttendu.objects.filter(
        dossier__projet=projet, sorte=SorteDeBilan.DEFINITIF, rendu_le__isnull=True
    )
    return list(dus.order_by("attendu_le", "pk"))
