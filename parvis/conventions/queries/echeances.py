"""Les échéances qu'un service a encore à verser : les retards d'abord, et ce qui les empêche."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import EtatDActe
from parvis.conventions.models import Acte
from parvis.conventions.queries.actes import actes
from parvis.conventions.queries.paiements import EcheanceLue, Paiements, paiements_de
from parvis.conventions.rules.versements import Paiement, motifs_empechant_de_payer
from parvis.programmation.models import Imputation
from parvis.socle.filtres import Facette, Option
from parvis.socle.pages import Page, page_de_liste
from parvis.socle.tableaux import Cellule

ZERO = Decimal("0.00")
RETARD, A_PAYER, ATTEND = "retard", "a_payer", "attend"
QUAND = {
    RETARD: "En retard",
    A_PAYER: "À payer",
    ATTEND: "Attend un bilan, une date",
}
COLONNES = (
    "Acte", "Sorte d’acte", "Échéance", "Organisme", "Siret", "IBAN", "Montant", "Objet", "Enveloppe",
    "Exercice", "Notifié le", "À payer avant le", "Ce qui empêche", "Numéro d’ordre", "Payé le",
)  # fmt: skip


@dataclass(frozen=True)
class AVerserLue:
    """Une échéance à verser, quand, et tout ce qui l'empêche aujourd'hui."""

    paiements: Paiements
    due: EcheanceLue
    empechements: list[str]
    enveloppe: str
    jour: date

    @property
    def acte(self) -> Acte:
        return self.paiements.acte

    @property
    def quand(self) -> str:
        """Rend si elle est en retard, à payer, ou si elle attend."""
        if self.due.avant_le is None:
            return ATTEND
        return RETARD if self.due.avant_le < self.jour else A_PAYER

    @property
    def peut_se_cocher(self) -> bool:
        """Dit si elle se note en lot : rien ne l'empêche, et elle n'attend ni bilan ni condition."""
        return not self.empechements and self.quand != ATTEND

    @property
    def est_en_retard(self) -> bool:
        return self.quand == RETARD

    @property
    def jours_depuis_la_notification(self) -> int:
        return (self.jour - self.acte.notifie_le).days if self.acte.notifie_le else 0

    @property
    def jours_de_retard(self) -> int:
        return (self.jour - self.due.avant_le).days if self.due.avant_le else 0


@dataclass(frozen=True)
class EcheancesAPayer:
    """Une page des échéances choisies, leurs choix, leurs comptes et leur total."""

    page: Page[AVerserLue]
    choisies: list[AVerserLue]
    facettes: list[Facette]
    retards: int
    total: Decimal

    @property
    def se_notent(self) -> bool:
        """Dit si une échéance de cette page peut se noter en lot."""
        return any(une.peut_se_cocher for une in self.page.lignes)


def echeances_a_payer(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str]
) -> EcheancesAPayer:
    """Rend les échéances à verser du service, les retards d'abord, en un nombre fixe de requêtes."""
    toutes = _toutes(acteur, contrat)
    mots = demandes.get("q", "").casefold()
    dites = [une for une in toutes if mots in _texte(une)]
    choisies, facettes = _choisir(dites, demandes)
    lue = page_de_liste(
        choisies,
        lambda une: str(une.due.echeance.pk),
        apres=demandes.get("apres", ""),
        avant=demandes.get("avant", ""),
    )
    return EcheancesAPayer(
        lue,
        choisies,
        facettes,
        sum(une.est_en_retard for une in toutes),
        sum((une.due.a_verser for une in choisies), ZERO),
    )


def _texte(une: AVerserLue) -> str:
    acte = une.acte
    return f"{acte.numero} {acte.titulaire.retenu.nom} {acte.titulaire.retenu.siret} {acte.objet}".casefold()


def _toutes(acteur: Acteur, contrat: Contrat) -> list[AVerserLue]:
    notifies = actes(acteur, contrat).filter(etat=EtatDActe.NOTIFIE, montant__gt=0)
    lus, jour = paiements_de(notifies), timezone.localdate()
    demandes = {un.ligne.demande_id for lu in lus.values() for un in lu.lignes}
    prises = Imputation.objects.filter(demande__in=demandes).select_related("enveloppe")
    enveloppes = {prise.demande_id: str(prise.enveloppe) for prise in prises}
    rendues = []
    for lu in lus.values():
        if lu.est_ferme:
            continue
        noms = dict.fromkeys(enveloppes.get(un.ligne.demande_id, "") for un in lu.lignes)
        enveloppe = " ; ".join(filter(None, noms))
        for due in lu.echeances:
            # Ce que le bilan accepté ne laisse pas dû n'est plus à payer.
            if due.a_verser > 0:
                motifs = _motifs(lu, due, jour)
                rendues.append(AVerserLue(lu, due, motifs, enveloppe, jour))
    return sorted(rendues, key=_ordre)


def _motifs(lu: Paiements, due: EcheanceLue, jour: date) -> list[str]:
    paiement = Paiement(due.echeance.rang, due.a_verser, jour, attente_confirmee=True)
    return motifs_empechant_de_payer(lu.situation(), paiement, jour=jour)


def _ordre(une: AVerserLue) -> tuple[date, str, int, int]:
    acte = une.acte
    return une.due.avant_le or date.max, acte.titulaire.cle_de_tri, acte.pk, une.due.echeance.rang


def _choisir(
    lues: list[AVerserLue], demandes: Mapping[str, str]
) -> tuple[list[AVerserLue], list[Facette]]:
    """Rend les échéances choisies, et pour chaque choix ce qu'il laisserait, les autres gardés."""
    criteres = {
        "quand": ("Quand", QUAND, lambda une: une.quand),
        "bloque": (
            "Peut se verser",
            {"non": "Quelque chose l’empêche", "oui": "Oui"},
            lambda une: "non" if une.empechements else "oui",
        ),
        "exercice": (
            "Exercice",
            {str(u): str(u) for u in sorted({une.acte.exercice for une in lues}, reverse=True)},
            lambda une: str(une.acte.exercice),
        ),
    }
    voulus = {nom: demandes[nom] for nom, (_, v, _) in criteres.items() if demandes.get(nom) in v}

    def garde(une: AVerserLue, sauf: str = "") -> bool:
        return all(criteres[nom][2](une) == dit for nom, dit in voulus.items() if nom != sauf)

    facettes = []
    for nom, (libelle, valeurs, lire) in criteres.items():
        autres = [lire(une) for une in lues if garde(une, nom)]
        options = [
            Option(valeur, dit, autres.count(valeur), voulus.get(nom) == valeur)
            for valeur, dit in valeurs.items()
        ]
        facettes.append(Facette(nom, libelle, options, est_unique=True))
    return [une for une in lues if garde(une)], facettes


def lignes_de_comptabilite(
    choisies: list[AVerserLue], ibans: Mapping[int, str] | None = None
) -> list[list[Cellule]]:
    """Rend ces échéances sous COLONNES ; sans `ibans` (par compte), chacun n'est lu que masqué."""
    return [_ligne(une, ibans) for une in choisies]


def _ligne(une: AVerserLue, ibans: Mapping[int, str] | None) -> list[Cellule]:
    acte, compte, titulaire = une.acte, une.paiements.compte, une.acte.titulaire.retenu
    iban = ""
    if compte is not None:
        iban = compte.masque if ibans is None else ibans.get(compte.pk, "")
    return [
        acte.numero, acte.get_sorte_display(), une.due.echeance.nom, titulaire.nom,
        titulaire.siret, iban, une.due.a_verser, acte.objet, une.enveloppe, acte.exercice,
        acte.notifie_le, une.due.avant_le, " ".join(une.empechements), "", "",
    ]  # fmt: skip
