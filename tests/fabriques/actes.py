"""Une décision publiée, les mentions du service qui signe, et les actes qui en viennent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.actes import preparer_les_actes
from parvis.conventions.actions.circuit import notifier_des_actes, signer_des_actes
from parvis.conventions.actions.modeles import Mentions, ecrire_les_mentions
from parvis.conventions.models import Acte
from parvis.conventions.queries.preparation import ActePropose, actes_a_prendre
from parvis.documents.actions import FichierControle, ranger
from parvis.documents.enums import Sorte, Verdict
from parvis.dossiers.models import Demande
from parvis.programmation.models import Decision
from tests.fabriques import decisions

MENTIONS = Mentions(
    entete="Caisse d’allocations\n2 place du Marché, 94000 Ormeval",
    lieu="Ormeval",
    signataire="Mme Claire Vasseur",
    qualite="directrice",
    contact="Service ville, 01 99 00 00 00",
    tribunal="Tribunal administratif de Melun",
)


@dataclass
class Site:
    """Un vote de la caisse, ses mentions, et de quoi mener ses actes jusqu'à la notification."""

    vote: decisions.Vote

    @property
    def samia(self) -> Acteur:
        return self.vote.samia

    @property
    def contrat(self):
        return self.vote.etude.ici.contrat

    @property
    def demande(self) -> Demande:
        return self.vote.etude.demande(self.samia)

    def proposes(self, decision: Decision) -> list[ActePropose]:
        """Rend ce que la décision appelle."""
        return actes_a_prendre(self.samia, decision)

    def prepare(self, decision: Decision, sorte: str = "") -> Acte:
        """Rend le seul acte que la décision appelle, préparé."""
        (propose,) = self.proposes(decision)
        choisis = {propose.cle: sorte or propose.choix.sorte}
        return preparer_les_actes(par=self.samia, decision=decision, choisis=choisis)[0]

    def compose(self, acte: Acte) -> Acte:
        """Rend l'acte composé, sans appeler le typographe."""
        controle = FichierControle("acte.pdf", Sorte.PDF, b"%PDF-1.7 acte", Verdict.NON_CONTROLE)
        acte.fichier = ranger(par=self.samia, controle=controle)
        acte.etat, acte.compose_le = "a_signer", timezone.now()
        acte.save(update_fields=["fichier", "etat", "compose_le"])
        return acte

    def signer(self, actes: Sequence[Acte], **autres: Any) -> list[Acte]:
        """Note la signature de ces actes."""
        dit = {"signe_le": timezone.localdate(), "signe_par": "Mme Claire Vasseur"}
        return signer_des_actes(
            par=self.samia, contrat=self.contrat, pks=[a.pk for a in actes], **(dit | autres)
        )

    def notifier(self, actes: Sequence[Acte], **autres: Any) -> list[Acte]:
        """Note la notification de ces actes."""
        dit = {"mode": "courrier", "notifie_le": timezone.localdate()}
        return notifier_des_actes(
            par=self.samia, contrat=self.contrat, pks=[a.pk for a in actes], **(dit | autres)
        )

    def signe(self, montant: str = "1500", **autres: Any) -> Acte:
        """Rend un acte signé pour ce montant."""
        acte = self.compose(self.prepare(self.vote.publiee(montant, **autres)))
        return self.signer([acte])[0]

    def notifie(self, montant: str = "1500", **autres: Any) -> Acte:
        """Rend un acte notifié pour ce montant."""
        return self.notifier([self.signe(montant, **autres)])[0]


def site(vote: decisions.Vote | None = None, *, mentions: Mentions | None = MENTIONS) -> Site:
    """Rend de quoi prendre des actes ; sans mentions si on n'en veut pas."""
    vote = vote or decisions.vote()
    if mentions is not None:
        ecrire_les_mentions(par=vote.samia, contrat=vote.etude.ici.contrat, mentions=mentions)
    return Site(vote)
