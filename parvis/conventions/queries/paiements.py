"""Ce qu'un acte doit encore et ce qu'il a versé, lu pour plusieurs actes en un nombre fixe de requêtes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.conventions.enums import EtatDActe, EtatDeRetrait
from parvis.conventions.models import (
    Acte,
    Cloture,
    ConditionLevee,
    Echeance,
    LigneDActe,
    PartDeVersement,
    Retrait,
    Reversement,
    Versement,
)
from parvis.conventions.queries.laisse_du import laisse_du_d_une_ligne, reste_avant
from parvis.conventions.rules.actes import ENGAGENT
from parvis.conventions.rules.echeancier import A_LA_NOTIFICATION, AU_BILAN
from parvis.conventions.rules.versements import Du, SituationDeLActe, dire_le_du, payer_avant
from parvis.dossiers.enums import EtatDeCompte
from parvis.dossiers.models import CompteBancaire
from parvis.dossiers.queries.bilans import bilans_acceptes, bilans_manquants_de, effets_de
from parvis.dossiers.rules.bilans import motifs_de_bilan_empechant_de_payer

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class LignePayee:
    """Une ligne d'un acte, ce qui en est versé, et sa condition."""

    ligne: LigneDActe
    verse: Decimal
    # Ce que le bilan accepté laisse dû de ce qui reste ; tout, sans lui.
    laisse_du: Decimal
    # Chaque fois que sa condition a été levée : une à la fois, les autres sont annulées.
    levees: tuple[ConditionLevee, ...] = ()

    @property
    def levee(self) -> ConditionLevee | None:
        return next((une for une in self.levees if not une.est_annulee), None)

    @property
    def annulees(self) -> list[ConditionLevee]:
        return [une for une in self.levees if une.est_annulee]

    @property
    def condition(self) -> str:
        return self.ligne.reponse.condition

    @property
    def est_a_lever(self) -> bool:
        return bool(self.condition) and self.levee is None

    @property
    def reste(self) -> Decimal:
        return ZERO if self.ligne.est_en_nature else self.ligne.montant - self.verse


@dataclass(frozen=True)
class EcheanceLue:
    """Une échéance, ce qui en est versé, et avant quel jour elle se paie."""

    echeance: Echeance
    verse: Decimal
    avant_le: date | None
    # Son reste, moins ce que le bilan accepté ne laisse pas dû.
    a_verser: Decimal = ZERO

    @property
    def reste(self) -> Decimal:
        return self.echeance.montant - self.verse

    @property
    def est_en_retard(self) -> bool:
        """Dit si le dernier jour pour la payer est passé."""
        return (
            self.a_verser > 0 and self.avant_le is not None and self.avant_le < timezone.localdate()
        )

    @property
    def attend(self) -> str:
        """Rend ce qu'elle attend ; vide si c'est fait : la notification, ou le compte rendu accepté."""
        condition = self.echeance.condition
        est_faite = condition == A_LA_NOTIFICATION or (
            condition == AU_BILAN and self.avant_le is not None
        )
        return "" if est_faite else condition


@dataclass(frozen=True)
class Paiements:
    """Un acte au regard de l'argent : ses échéances, ses versements, ce qui revient, ce qui empêche."""

    acte: Acte
    lignes: list[LignePayee]
    echeances: list[EcheanceLue]
    versements: list[Versement]
    reversements: list[Reversement]
    retrait: Retrait | None
    compte: CompteBancaire | None
    compte_a_confirmer: CompteBancaire | None
    # L'acte est un avenant, et la convention qu'il modifie est retirée.
    convention_retiree: bool = False
    # Chaque compte qui a valu, et depuis quel jour, le plus ancien d'abord.
    comptes: tuple[tuple[date, CompteBancaire], ...] = ()
    # Les comptes rendus qui manquent au porteur et arrêtent les paiements, chacun avec le jour où il manque.
    bilans: tuple[tuple[date, str], ...] = ()
    # Le reste que le financeur ne verse pas.
    cloture: Cloture | None = None

    def compte_au(self, jour: date) -> CompteBancaire | None:
        """Rend le compte qui valait ce jour-là ; le premier donné, pour un jour d'avant lui."""
        valaient = [compte for depuis, compte in self.comptes if depuis <= jour]
        return valaient[-1] if valaient else next((un for _, un in self.comptes), None)

    @property
    def valables(self) -> list[Versement]:
        return [versement for versement in self.versements if not versement.est_annule]

    @property
    def verse(self) -> Decimal:
        return sum((v.montant for v in self.valables), ZERO)

    @property
    def rendu(self) -> Decimal:
        return sum((r.montant for r in self.reversements if r.recu_le), ZERO)

    @property
    def a_rendre(self) -> Decimal:
        return sum((r.montant for r in self.reversements if r.est_attendu), ZERO)

    @property
    def est_retire(self) -> bool:
        return self.retrait is not None and self.retrait.etat == EtatDeRetrait.DECIDE

    @property
    def est_ferme(self) -> bool:
        """Dit si rien ne se verse plus : l'acte ou sa convention est retiré, ou son reste abandonné."""
        return self.est_retire or self.convention_retiree or self.cloture is not None

    @property
    def reste(self) -> Decimal:
        """Rend ce qui peut encore se verser : rien après un retrait."""
        return ZERO if self.est_ferme else sum((ligne.reste for ligne in self.lignes), ZERO)

    @property
    def laisse_du(self) -> Decimal | None:
        """Rend ce que les bilans acceptés laissent dû du reste ; rien s'ils n'en retirent pas."""
        du = sum((ligne.laisse_du for ligne in self.lignes), ZERO)
        return None if self.est_ferme or du >= self.reste else du

    @property
    def dit_du_bilan(self) -> str:
        """Rend en une phrase ce que le bilan accepté laisse à verser ; vide s'il n'en retire rien."""
        return dire_le_du(self.laisse_du)

    @property
    def prochaine(self) -> EcheanceLue | None:
        """Rend la première échéance qui n'est pas versée ; aucune après un retrait."""
        if self.est_ferme:
            return None
        return next((e for e in self.echeances if e.reste > 0), None)

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """Rend les conditions qui restent à lever : le projet, et ce qu'elle demande."""
        return [
            (un.ligne.demande.dossier.projet.titre, un.condition)
            for un in self.lignes
            if un.est_a_lever
        ]

    def situation(self) -> SituationDeLActe:
        """Rend ce que la loi regarde avant de payer."""
        change = self.compte_a_confirmer
        return SituationDeLActe(
            notifie_le=self.acte.notifie_le if self.acte.etat == EtatDActe.NOTIFIE else None,
            est_retire=self.est_ferme,
            conditions=self.conditions,
            echeances=[
                Du(e.echeance.rang, e.echeance.sorte, e.echeance.montant, e.verse, e.attend)
                for e in self.echeances
            ],
            reste=self.reste,
            a_un_compte=self.compte is not None,
            compte_change_le=timezone.localdate(change.donne_le) if change else None,
            bilans=self.bilans,
            laisse_du=self.laisse_du,
            est_clos=self.cloture is not None,
        )


def paiements_de(actes: Iterable[Acte]) -> dict[int, Paiements]:
    """Rend l'argent de ces actes, que l'on peut lire ; le nombre de requêtes ne dépend pas d'eux."""
    lus = {acte.pk: acte for acte in actes}
    lignes = _lignes(lus)
    acceptes, manquants = _bilans(lus, lignes)
    versements: dict[int, list[Versement]] = defaultdict(list)
    par_echeance: dict[int | None, Decimal] = defaultdict(lambda: ZERO)
    for versement in Versement.objects.filter(acte__in=lus).select_related("echeance"):
        versements[versement.acte_id].append(versement)
        if not versement.est_annule:
            par_echeance[versement.echeance_id] += versement.montant
    echeances: dict[int, list[EcheanceLue]] = defaultdict(list)
    for echeance in Echeance.objects.filter(acte__in=lus).order_by("acte", "rang"):
        limite = payer_avant(
            prevue_le=echeance.prevue_le,
            condition=echeance.condition,
            notifie_le=lus[echeance.acte_id].notifie_le,
            bilan_accepte_le=acceptes.get(echeance.acte_id),
        )
        echeances[echeance.acte_id].append(EcheanceLue(echeance, par_echeance[echeance.pk], limite))
    reversements = _reversements(lus)
    concernes = {*lus, *(acte.modifie_id for acte in lus.values())}
    retraits = {
        retrait.acte_id: retrait
        for retrait in Retrait.objects.filter(acte__in=concernes - {None}).exclude(
            etat=EtatDeRetrait.ABANDONNE
        )
    }
    fermees = {pk for pk, retrait in retraits.items() if retrait.etat == EtatDeRetrait.DECIDE}
    clotures = {cloture.acte_id: cloture for cloture in Cloture.objects.filter(acte__in=lus)}
    attendent, valent = _comptes({acte.titulaire.retenu.pk for acte in lus.values()})
    rendus = {
        pk: Paiements(
            acte,
            lignes[pk],
            echeances[pk],
            versements[pk],
            reversements[pk],
            retraits.get(pk),
            _courant(valent[acte.titulaire.retenu.pk]),
            attendent.get(acte.titulaire.retenu.pk),
            acte.modifie_id in fermees,
            tuple(valent[acte.titulaire.retenu.pk]),
            manquants.get(pk, ()),
            clotures.get(pk),
        )
        for pk, acte in lus.items()
    }
    return {pk: _avec_ce_qui_est_a_verser(rendu) for pk, rendu in rendus.items()}


def _lignes(actes: Iterable[int]) -> Mapping[int, list[LignePayee]]:
    """Rend les lignes de ces actes, ce qui en est versé et ce qui en reste dû."""
    lignes, parts, levees = defaultdict(list), _parts(actes), _levees(actes)
    autour = (
        "reponse",
        "demande__dossier__projet__porteur__fusionne_dans",
        "demande__dossier__appel__contrat",
        "demande__dossier__version_d_appel",
    )
    valables = LigneDActe.objects.filter(acte__in=actes, vaut=True).select_related(*autour)
    for ligne in valables.annotate(reste_avant=reste_avant()):
        verse, siennes = parts[ligne.pk], tuple(levees[ligne.reponse_id])
        du = laisse_du_d_une_ligne(ligne, verse)
        lignes[ligne.acte_id].append(LignePayee(ligne, verse, du, siennes))
    return lignes


def _avec_ce_qui_est_a_verser(lu: Paiements) -> Paiements:
    a_verser = lu.situation().a_verser()
    return replace(
        lu, echeances=[replace(e, a_verser=a_verser[e.echeance.rang]) for e in lu.echeances]
    )


def avenants_de(acte: Acte) -> QuerySet[Acte]:
    """Rend les avenants d'un acte qui engagent de l'argent : la subvention est la même."""
    siens = acte.avenants.filter(etat__in=ENGAGENT, montant__gt=0).order_by("pk")
    return siens.select_related("contrat", "titulaire__fusionne_dans")


def _bilans(
    lus: Mapping[int, Acte], lignes: Mapping[int, list[LignePayee]]
) -> tuple[dict[int, date], dict[int, tuple[tuple[date, str], ...]]]:
    """Rend, par acte, quand le dernier de ses bilans est accepté, et les bilans qui arrêtent les paiements.

    Seul l'argent doit un bilan. Deux requêtes, quel que soit le nombre d'actes.
    """
    par_acte = {
        acte: {
            (un.ligne.demande.dossier_id, un.ligne.demande.exercice): un.ligne.demande.dossier
            for un in siennes
            if un.ligne.montant and not un.ligne.est_en_nature
        }
        for acte, siennes in lignes.items()
    }
    dossiers = {un.pk: un for siens in par_acte.values() for un in siens.values()}
    acceptes = bilans_acceptes(dossiers)
    manquants = bilans_manquants_de(
        list(dossiers.values()), timezone.localdate(), avec_les_siens=True
    )
    rendus: dict[int, date] = {}
    motifs: dict[int, tuple[tuple[date, str], ...]] = {}
    for acte, siens in par_acte.items():
        if siens and siens.keys() <= acceptes.keys():
            rendus[acte] = max(acceptes[cle] for cle in siens)
        motifs[acte] = tuple(
            dict.fromkeys(
                (manquant.attendu_le, motif)
                for dossier in siens.values()
                for manquant in manquants[dossier.pk]
                for motif in motifs_de_bilan_empechant_de_payer(
                    [manquant], lus[acte].exercice, effets_de(dossier.version_d_appel)
                )
            )
        )
    return rendus, motifs


def _levees(actes: Iterable[int]) -> Mapping[int, list[ConditionLevee]]:
    """Rend, par réponse de ces actes, chaque fois que sa condition a été levée."""
    levees: dict[int, list[ConditionLevee]] = defaultdict(list)
    for levee in ConditionLevee.objects.filter(reponse__actes__acte__in=actes).distinct():
        levees[levee.reponse_id].append(levee)
    return levees


def _reversements(actes: Iterable[int]) -> Mapping[int, list[Reversement]]:
    reversements: dict[int, list[Reversement]] = defaultdict(list)
    for rendu in Reversement.objects.filter(acte__in=actes).select_related(
        "demande__dossier__projet"
    ):
        reversements[rendu.acte_id].append(rendu)
    return reversements


def _parts(actes: Iterable[int]) -> Mapping[int, Decimal]:
    """Rend ce que les versements qui valent ont donné à chaque ligne."""
    verses: dict[int, Decimal] = defaultdict(lambda: ZERO)
    parts = PartDeVersement.objects.filter(
        versement__acte__in=actes, versement__annule_le__isnull=True
    )
    for ligne, montant in parts.values_list("ligne", "montant"):
        verses[ligne] += montant
    return verses


def _comptes(
    titulaires: set[int],
) -> tuple[dict[int, CompteBancaire], dict[int, list[tuple[date, CompteBancaire]]]]:
    """Rend, par organisme gardé, doublons réunis, le compte qui attend, et ceux qui ont valu, datés."""
    donnes = CompteBancaire.objects.filter(
        Q(organisme__in=titulaires) | Q(organisme__fusionne_dans__in=titulaires)
    ).exclude(etat=EtatDeCompte.ECARTE)
    attendent: dict[int, CompteBancaire] = {}
    valent: dict[int, list[tuple[date, CompteBancaire]]] = defaultdict(list)
    depuis = Coalesce("confirme_le", "donne_le")
    for compte in donnes.select_related("organisme__fusionne_dans").order_by(depuis, "pk"):
        titulaire = compte.organisme.retenu.pk
        if compte.etat == EtatDeCompte.A_CONFIRMER:
            attendent[titulaire] = compte
        else:
            jour = timezone.localdate(compte.confirme_le or compte.donne_le)
            valent[titulaire].append((jour, compte))
    return attendent, valent


def _courant(comptes: Iterable[tuple[date, CompteBancaire]]) -> CompteBancaire | None:
    courants = [compte for _, compte in comptes if compte.etat == EtatDeCompte.COURANT]
    return courants[-1] if courants else None
