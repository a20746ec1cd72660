"""Un dossier dont l'argent est voté, son bilan ouvert, écrit, rendu."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import BilanAttendu, Demande, Dossier
from parvis.dossiers.sections import empreinte
from parvis.evaluation.actions.attendre import attendre_les_bilans
from parvis.evaluation.actions.decharger import decharger_du_bilan
from parvis.evaluation.actions.ecrire import (
    Enregistrement,
    ecrire_la_section_du_bilan,
    ouvrir_un_bilan,
)
from parvis.evaluation.actions.rendre import rendre_le_bilan
from parvis.evaluation.models import Bilan, Decharge, VersionDeBilan
from parvis.evaluation.queries.bilans import lire_le_bilan
from parvis.socle import declencheurs
from tests.fabriques import depots, instruction
from tests.fabriques.decisions import Vote, vote

TOUT = {
    "realisation": {
        "issue": "realise",
        "debut_le": "01/03/2026",
        "fin_le": "20/11/2026",
        "lieux": "La cour du Pré",
        "partenaires": "École du Moulin : prête sa cour",
    },
    "habitants": {
        "tout-6_11-f": "12",
        "tout-6_11-h": "9",
        "tout-26_64-f": "20",
        "tout-26_64-h": "4",
        "methode": "comptees",
    },
    "indicateurs": {"i0_realise": "38", "i0_source": "Feuille de présence"},
    "budget": {
        "l0_realise": "3 950",
        "l1_realise": "950",
        "d0_realise": "1500",
        "d1_realise": "0",
    },
    "recit": {"fait": "Six samedis de plantation.", "objectifs": "On se dit bonjour."},
}


@dataclass
class Rendre:
    """Le vote, le dossier, et qui agit pour chacun."""

    vote: Vote
    dossier: Dossier

    @property
    def ici(self) -> depots.Lieux:
        return self.vote.etude.ici

    @property
    def porte(self) -> Acteur:
        return self.ici.porte

    @property
    def pilote(self) -> Acteur:
        return self.ici.acteur("pilote")

    @property
    def samia(self) -> Acteur:
        return self.vote.samia

    @property
    def attendu(self) -> BilanAttendu:
        return BilanAttendu.objects.get(dossier=self.dossier, sorte="definitif")

    def demande(self) -> Demande:
        """Rend la demande à la caisse."""
        return self.vote.etude.demande(self.samia)

    def verser(self, montant: str) -> None:
        """Écrit ce que la caisse a versé, sans ses actes ni ses versements : la base les demande, ici non."""
        demande, jour = self.demande(), timezone.localdate()
        declencheurs.lever(tables=["dossiers_demande"])
        try:
            Demande.objects.filter(pk=demande.pk).update(
                montant_engage=demande.montant_vote,
                engage_le=jour,
                montant_verse=Decimal(montant),
                verse_le=jour,
            )
        finally:
            declencheurs.poser(tables=["dossiers_demande"])

    def decharger(self, sorte: str = "recu_autrement", **autres: Any) -> Decharge:
        """Note le bilan attendu reçu autrement, ou dispensé."""
        dit = {"motif": "Rendu sur papier à la mairie", "recu_le": None}
        if sorte == "recu_autrement":
            dit["recu_le"] = timezone.localdate()
        return decharger_du_bilan(
            par=autres.pop("par", self.pilote), attendu=self.attendu, sorte=sorte, **(dit | autres)
        )

    def ouvrir(self, sorte: str = "definitif", par: Acteur | None = None) -> Bilan:
        return ouvrir_un_bilan(
            par=par or self.porte,
            dossier=self.dossier,
            exercice=self.dossier.exercice,
            sorte=sorte,
        )

    def ecrire(
        self, bilan: Bilan, section: str, valeur: dict[str, str], par: Acteur | None = None
    ) -> Enregistrement:
        """Écrit une section, comme qui vient de la lire."""
        courante = bilan.ecritures.filter(section=section, est_courante=True).first()
        return ecrire_la_section_du_bilan(
            par=par or self.porte,
            bilan=bilan,
            section=section,
            titre=section.capitalize(),
            valeur=valeur,
            lue=empreinte(courante.valeur) if courante else "",
        )

    def remplir(self, bilan: Bilan, **autres: dict[str, str]) -> Bilan:
        """Écrit toutes les sections ; `autres` en remplace."""
        lieu = bilan.prevu["lieux"][-1]["cle"]
        for code, dite in (TOUT | autres).items():
            valeur = {nom.replace("tout-", f"{lieu}-"): texte for nom, texte in dite.items()}
            if code in lire_le_bilan(bilan, timezone.localdate()).sections:
                self.ecrire(bilan, code, valeur)
        return bilan

    def rendre(self, bilan: Bilan, par: Acteur | None = None, **autres: Any) -> VersionDeBilan:
        """Rend un bilan, signé par la présidente."""
        signature = {"nom": "Lucie Bardet", "qualite": "Présidente", "certifie": True}
        return rendre_le_bilan(par=par or self.porte, bilan=bilan, **(signature | autres))

    def rendu(self, **autres: dict[str, str]) -> Bilan:
        """Rend un bilan rendu."""
        bilan = self.remplir(self.ouvrir(), **autres)
        self.rendre(bilan)
        return relire(bilan)


def a_rendre(etude: instruction.Etude | None = None, montant: str = "1500") -> Rendre:
    """Rend un dossier à qui la caisse a voté de l'argent : son bilan est attendu."""
    pris = vote(etude)
    pris.publiee(montant)
    attendre_les_bilans()
    return Rendre(pris, depots.relire(pris.etude.dossier))


def relire(bilan: Bilan) -> Bilan:
    """Rend le bilan tel qu'il est en base."""
    return Bilan.objects.select_related(
        "dossier__projet__porteur", "dossier__appel__contrat", "dossier__version_d_appel"
    ).get(pk=bilan.pk)
