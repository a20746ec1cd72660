"""Les versements d'un financeur sur un acte, et ceux qu'un porteur lit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import EtatDeRetrait
from parvis.conventions.models import Acte, Echeance, LigneDActe, Retrait, Reversement, Versement
from parvis.conventions.queries.actes import actes, actes_notifies
from parvis.conventions.queries.paiements import (
    LignePayee,
    Paiements,
    avenants_de,
    paiements_de,
)
from parvis.conventions.rules.retraits import (
    au_prorata,
    motifs_empechant_de_repondre,
    motifs_empechant_de_retirer,
)
from parvis.conventions.rules.versements import Paiement, motifs_empechant_de_payer
from parvis.dossiers.models import Dossier
from parvis.dossiers.permissions import peut_deposer_le_dossier

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class VersementsDUnActe:
    """Ce qu'un service lit de l'argent d'un acte, et tout ce qui empêche de verser la suite."""

    paiements: Paiements
    empechements: list[str]

    @property
    def acte(self) -> Acte:
        return self.paiements.acte


def versements_de(acteur: Acteur, acte: Acte) -> VersementsDUnActe:
    """Rend l'argent d'un acte du service de l'acteur ; lève Acte.DoesNotExist pour tout autre."""
    lu = paiements_de([actes(acteur, acte.contrat).get(pk=acte.pk)])[acte.pk]
    return VersementsDUnActe(lu, empechements(lu))


def empechements(lu: Paiements) -> list[str]:
    """Rend ce qui empêche aujourd'hui de verser la prochaine échéance ; rien s'il n'en reste pas."""
    prochaine, jour = lu.prochaine, timezone.localdate()
    if prochaine is None:
        return []
    # Ce que le bilan accepté ne laisse pas dû est dit à part : il se verse encore, en le confirmant.
    paiement = Paiement(
        prochaine.echeance.rang,
        prochaine.reste,
        jour,
        attente_confirmee=True,
        au_dela_du_bilan=True,
    )
    return motifs_empechant_de_payer(lu.situation(), paiement, jour=jour)


def acte_a_payer(acteur: Acteur, contrat: Contrat, pk: int) -> Acte:
    """Rend un acte du service de l'acteur ; lève Acte.DoesNotExist pour tout autre."""
    return actes(acteur, contrat).get(pk=pk)


def echeances_de(acteur: Acteur, acte: Acte) -> list[Echeance]:
    """Rend l'échéancier d'un acte du service de l'acteur ; rien à tout autre."""
    return list(_siens(acteur, acte, Echeance.objects.all()).order_by("rang"))


def versement_de(acteur: Acteur, acte: Acte, pk: int) -> Versement:
    """Rend un versement d'un acte que l'on lit ; lève Versement.DoesNotExist pour tout autre."""
    return _siens(acteur, acte, Versement.objects.all()).get(pk=pk)


def reversement_de(acteur: Acteur, acte: Acte, pk: int) -> Reversement:
    """Rend un reversement d'un acte que l'on lit ; lève Reversement.DoesNotExist pour tout autre."""
    return _siens(acteur, acte, Reversement.objects.all()).get(pk=pk)


def retrait_ouvert(acteur: Acteur, acte: Acte) -> Retrait:
    """Rend le retrait ouvert ou décidé d'un acte que l'on lit ; lève Retrait.DoesNotExist sans lui."""
    return _siens(acteur, acte, Retrait.objects.exclude(etat="abandonne")).get()


def ligne_sous_condition(acteur: Acteur, acte: Acte, reponse: int) -> LignePayee:
    """Rend la ligne dont la condition reste à lever ; lève LigneDActe.DoesNotExist pour toute autre."""
    for une in versements_de(acteur, acte).paiements.lignes:
        if une.ligne.reponse_id == reponse and une.est_a_lever:
            return une
    raise LigneDActe.DoesNotExist


def retrait_prevu(acteur: Acteur, acte: Acte) -> "RetraitPrevu | None":
    """Rend le retrait ouvert ou décidé d'un acte, et ce qu'il reprend ; rien s'il n'y en a pas.

    Lève Acte.DoesNotExist à qui ne lit pas l'acte, ou un de ses avenants.
    """
    lu = versements_de(acteur, acte).paiements
    if lu.retrait is None:
        return None
    avenants = [actes(acteur, acte.contrat).get(pk=un.pk) for un in avenants_de(acte)]
    lus = [lu, *paiements_de(avenants).values()]
    return RetraitPrevu(lu.retrait, lus, timezone.localdate())


def _siens(acteur: Acteur, acte: Acte, lignes: QuerySet) -> QuerySet:  # type: ignore[type-arg]
    lisibles = actes(acteur, acte.contrat).filter(pk=acte.pk).values("pk")
    return lignes.filter(acte__in=lisibles).select_related("acte__titulaire__fusionne_dans")


@dataclass(frozen=True)
class RetraitPrevu:
    """Ce qu'un retrait reprendrait aujourd'hui, ou a repris."""

    retrait: Retrait
    # L'acte, puis ses avenants : une seule subvention.
    paiements: list[Paiements]
    jour: date

    @property
    def engage(self) -> Decimal:
        return sum((lu.acte.montant for lu in self.paiements), ZERO)

    @property
    def verse(self) -> Decimal:
        return sum((lu.verse for lu in self.paiements), ZERO)

    @property
    def montant(self) -> Decimal:
        """Rend ce qui est retiré, ou le serait."""
        r = self.retrait
        return r.montant or au_prorata(
            self.engage, debut=r.debut_le, fin=r.fin_le, manquement=r.manquement_le
        )

    @property
    def garde(self) -> Decimal:
        """Rend ce que l'organisme garde de ce qui était engagé."""
        return self.engage - self.montant

    @property
    def du_et_pas_verse(self) -> Decimal:
        """Rend ce que l'organisme garde et n'a pas reçu : à verser avant de retirer, ou jamais."""
        # Ce qui a été rendu ne se verse pas de nouveau.
        rendu, reste = (
            sum(sommes, ZERO)
            for sommes in zip(*((lu.rendu, _du(lu)) for lu in self.paiements), strict=True)
        )
        return max(ZERO, min(reste, self.garde - self.verse + rendu))

    @property
    def empechements(self) -> list[str]:
        return motifs_empechant_de_retirer(
            etat=self.retrait.etat,
            est_entendu=self.retrait.est_entendu,
            repondre_avant_le=self.retrait.repondre_avant_le,
            jour=self.jour,
            # Ce qui reste dû se confirme en décidant.
            sans_verser=True,
        )


def _du(lu: Paiements) -> Decimal:
    return lu.reste if lu.laisse_du is None else lu.laisse_du


@dataclass(frozen=True)
class RetraitRecu:
    """Un retrait envisagé ou décidé, tel que le lit l'organisme, et s'il peut y répondre."""

    retrait: Retrait
    # Ce qui serait retiré, ou l'est, en tout.
    montant: Decimal
    engage: Decimal
    peut_repondre: bool
    # Ce qui empêche de répondre, que l'on en ait le droit ou non ; vide si rien.
    empechements: list[str]


def retrait_recu(acteur: Acteur, dossier: Dossier, pk: int) -> RetraitRecu:
    """Rend le retrait d'un acte que l'on a reçu pour ce dossier ; lève Retrait.DoesNotExist sinon."""
    acte = next((un for un in actes_notifies(acteur, dossier) if un.pk == pk), None)
    if acte is None:
        raise Retrait.DoesNotExist
    retrait = acte.retraits.exclude(etat=EtatDeRetrait.ABANDONNE).get()
    siens, jour = [acte, *avenants_de(acte)], timezone.localdate()
    prevu = RetraitPrevu(retrait, list(paiements_de(siens).values()), jour)
    motifs = motifs_empechant_de_repondre(
        etat=retrait.etat,
        a_repondu=retrait.repondu_le is not None,
        reponse="x",
        repondre_avant_le=retrait.repondre_avant_le,
        jour=jour,
    )
    peut = peut_deposer_le_dossier(acteur, dossier.projet)
    return RetraitRecu(retrait, prevu.montant, prevu.engage, peut, motifs)


def versements_du_porteur(acteur: Acteur, dossier: Dossier) -> list[Paiements]:
    """Rend l'argent des actes notifiés qui parlent d'un dossier, à qui agit pour qui les reçoit."""
    notifies = [acte for acte in actes_notifies(acteur, dossier) if acte.montant]
    if not notifies:
        return []
    lus = paiements_de(notifies)
    return [lus[acte.pk] for acte in notifies]
