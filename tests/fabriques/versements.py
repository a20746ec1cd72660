"""Un acte notifié de deux demandes, le compte de qui le reçoit, et de quoi le payer."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import preparer_les_actes
from parvis.conventions.actions.clotures import ne_pas_verser_le_reste
from parvis.conventions.actions.reponses import repondre_a_un_retrait
from parvis.conventions.actions.retraits import (
    demander_les_observations,
    noter_les_observations,
    retirer,
)
from parvis.conventions.actions.reversements import demander_un_reversement
from parvis.conventions.actions.versements import AVerser, verser
from parvis.conventions.models import Acte, Cloture, Echeance, Retrait, Reversement, Versement
from parvis.conventions.queries.paiements import Paiements, paiements_de
from parvis.conventions.queries.preparation import actes_a_prendre
from parvis.dossiers.actions.comptes_bancaires import donner_un_iban
from parvis.dossiers.enums import EtatDeCompte, EtatDeDemande
from parvis.dossiers.models import BilanAttendu, CompteBancaire, Demande
from parvis.organismes.models import Organisme
from parvis.programmation.actions.decisions import Dit, publier_la_decision, repondre
from parvis.programmation.enums import Resultat
from tests.fabriques import actes, decisions, depots


@dataclass
class Guichet:
    """Le site d'un financeur, et un acte notifié en deux échéances : un acompte, un solde."""

    site: actes.Site
    acte: Acte

    @property
    def samia(self) -> Acteur:
        return self.site.samia

    @property
    def contrat(self):
        return self.site.contrat

    @property
    def lu(self) -> Paiements:
        """Rend l'argent de l'acte, tel qu'il est en base."""
        return paiements_de([Acte.objects.get(pk=self.acte.pk)])[self.acte.pk]

    @property
    def echeances(self) -> list[Echeance]:
        return list(self.acte.echeances.order_by("rang"))

    @property
    def demandes(self) -> list[Demande]:
        """Rend les demandes de l'acte, relues."""
        return list(Demande.objects.filter(actes__acte=self.acte).order_by("pk"))

    def verser(self, *rangs: int, **autres: Any) -> list[Versement]:
        """Verse les échéances de ces rangs ; toutes sans eux."""
        visees = [e for e in self.echeances if not rangs or e.rang in rangs]
        dit = {"verse_le": timezone.localdate(), "attente_confirmee": True} | autres
        return verser(
            par=self.samia,
            contrat=self.contrat,
            versements=[AVerser(self.acte.pk, echeance=e.pk, **dit) for e in visees],
        )

    def payer(self, montant: str, **autres: Any) -> Versement:
        """Verse cette somme sur la prochaine échéance."""
        dit = {"verse_le": timezone.localdate(), "attente_confirmee": True} | autres
        dit["montant"] = Decimal(montant)
        return verser(
            par=self.samia, contrat=self.contrat, versements=[AVerser(self.acte.pk, **dit)]
        )[0]

    def reversement(self, montant: str = "100", rang: int = 0, **autres: Any) -> Reversement:
        """Redemande cette somme sur une des demandes."""
        return demander_un_reversement(
            par=autres.pop("par", self.samia),
            acte=self.acte,
            demande=self.demandes[rang].pk,
            montant=Decimal(montant),
            motif="Part non dépensée",
            **autres,
        )

    def sans_bilan_attendu(self) -> None:
        """Fait comme si aucun bilan n'était dû."""
        BilanAttendu.objects.filter(dossier__demandes__actes__acte=self.acte).delete()

    def clore(self, motif: str = "Le projet a coûté moins.") -> Cloture:
        """Décide que le reste ne se verse pas."""
        return ne_pas_verser_le_reste(par=self.samia, acte=self.acte, motif=motif)

    def observations(self, **autres: Any) -> Retrait:
        """Ouvre un retrait : le manquement est à mi-parcours d'une période de cent jours."""
        jour = timezone.localdate()
        depart: dict[str, Any] = {
            "motif": "Activité contraire au contrat d’engagement républicain",
            "debut_le": jour - 50 * UN_JOUR,
            "fin_le": jour + 49 * UN_JOUR,
            "manquement_le": jour,
        }
        return demander_les_observations(par=self.samia, acte=self.acte, **(depart | autres))

    def repondre(self, reponse: str = "Nous contestons.", **autres: Any) -> Retrait:
        """Répond au retrait ouvert, au nom de l'organisme."""
        etude = self.site.vote.etude
        depart = {"par": etude.ici.acteur("gestionnaire"), "dossier": etude.dossier}
        return repondre_a_un_retrait(acte=self.acte.pk, reponse=reponse, **(depart | autres))

    def retirer(self, **autres: Any) -> Retrait:
        """Décide un retrait, l'organisme entendu."""
        ouvert = self.observations(**autres)
        noter_les_observations(
            par=self.samia,
            retrait=ouvert,
            observations="Nous contestons.",
            recues_le=timezone.localdate(),
        )
        return retirer(par=self.samia, retrait=ouvert, sans_verser=True)


UN_JOUR = date(2026, 1, 2) - date(2026, 1, 1)


def donner_un_compte(site: actes.Site, iban: str = depots.IBAN, qui: str = "gestionnaire"):
    """Rend un compte courant du porteur : donné, et confirmé par la base si le dossier est déposé."""
    ici = site.vote.etude.ici
    compte = donner_un_iban(par=ici.acteur(qui), organisme=ici.monde.verger, iban=iban)
    if compte.etat == EtatDeCompte.A_CONFIRMER:
        compte.etat, compte.confirme_le = EtatDeCompte.COURANT, timezone.now()
        compte.confirme_par, compte.confirmateur = "Une autre personne", "0"
        compte.save()
    return compte


def changer_de_compte(guichet: Guichet, iban: str = depots.AUTRE_IBAN) -> CompteBancaire:
    """Rend un nouveau compte, qui attend une seconde personne."""
    ici = guichet.site.vote.etude.ici
    return donner_un_iban(par=ici.acteur("gestionnaire"), organisme=ici.monde.verger, iban=iban)


def autre_demande(site: actes.Site, rang: int = 20, **valeurs: Any) -> Demande:
    """Rend une seconde demande du même dossier au même financeur."""
    etude = site.vote.etude
    depart = {
        "exercice": etude.dossier.exercice,
        "financeur": site.samia.organisme,
        "ligne": f"Fonds {rang}",
        "montant_demande": Decimal(2000),
        "etat": EtatDeDemande.DEMANDEE,
        "demande_le": timezone.now(),
    }
    return Demande.objects.create(dossier=etude.dossier, rang=rang, **(depart | valeurs))


def preparer(
    site: actes.Site, montants: dict[int, str], *, condition: str = "", numero: str = "12"
) -> Acte:
    """Rend l'acte préparé d'une décision qui accorde ces montants."""
    decision = site.vote.decision(numero=numero)
    dits = {
        pk: Dit(Resultat.ACCORDE, Decimal(montant), site.vote.enveloppe.pk, condition=condition)
        for pk, montant in montants.items()
    }
    repondre(par=site.samia, decision=decision, reponses=dits)
    decision = publier_la_decision(par=site.samia, decision=decision)
    (propose,) = actes_a_prendre(site.samia, decision)
    (acte,) = preparer_les_actes(
        par=site.samia, decision=decision, choisis={propose.cle: propose.choix.sorte}
    )
    return acte


def notifier(site: actes.Site, montants: dict[int, str], **autres: str) -> Acte:
    """Rend l'acte notifié d'une décision qui accorde ces montants."""
    acte = preparer(site, montants, **autres)
    return site.notifier(site.signer([site.compose(acte)]))[0]


def guichet(
    montants: tuple[str, str] = ("1500", "500"),
    *,
    acompte: int = 70,
    condition: str = "",
    avec_compte: bool = True,
    vote: decisions.Vote | None = None,
) -> Guichet:
    """Rend un acte notifié de deux demandes, à payer en un acompte et un solde."""
    site = actes.site(vote, mentions=replace(actes.MENTIONS, acompte=acompte))
    if avec_compte:
        donner_un_compte(site)
    pks = [site.demande.pk, autre_demande(site).pk]
    acte = notifier(site, dict(zip(pks, montants, strict=True)), condition=condition)
    return Guichet(site, acte)


def titulaire(guichet_: Guichet) -> Organisme:
    """Rend l'organisme qui reçoit."""
    return guichet_.acte.titulaire
