"""Ce qu'un dossier donne à recopier sur le portail d'un financeur, et ce qui y est déjà recopié."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.models import ChampRecopie, Demande, Dossier
from parvis.dossiers.permissions import peut_lire_ce_qui_se_recopie
from parvis.dossiers.queries.dossiers import ecritures
from parvis.dossiers.queries.taches import reperes, sections_ouvertes
from parvis.dossiers.rules.coupes import Coupe, compter, couper
from parvis.dossiers.rules.portails import PORTAILS, Portail, portail_de, portail_du_code
from parvis.dossiers.sections import empreinte
from parvis.dossiers.sections.budget import A_PRECISER
from parvis.dossiers.sections.recopie import (
    BudgetARecopier,
    CaseDeBudget,
    Source,
    budgets_a_recopier,
    valeur_de,
)
from parvis.organismes.models import Organisme


@dataclass(frozen=True)
class FinanceurDuPortail:
    """Un financeur qui demande ce portail : son adresse, et le numéro qu'il a donné."""

    nom: str
    demande: Demande
    lien: str
    numero: str


@dataclass(frozen=True)
class PortailDuDossier:
    """Un portail où recopier un dossier, et les demandes qu'on y fait."""

    portail: Portail
    demandes: list[Demande]

    @property
    def financeurs(self) -> list[FinanceurDuPortail]:
        """Rend chaque financeur une fois, dans l'ordre de ses demandes."""
        premieres: dict[tuple[int | None, str], Demande] = {}
        for demande in self.demandes:
            premieres.setdefault((demande.financeur_id, demande.financeur_nom), demande)
        return [
            FinanceurDuPortail(
                demande.nom_du_financeur,
                demande,
                _lien_sur(demande.lien) or self.portail.adresse,
                demande.numero_externe,
            )
            for demande in premieres.values()
        ]

    @property
    def annees(self) -> list[int]:
        return sorted({demande.exercice for demande in self.demandes})


@dataclass(frozen=True)
class ChampARecopier:
    """Un champ du portail : ce qu'on y colle, ce qui en dépasse, et s'il est déjà recopié."""

    code: str
    libelle: str
    valeur: str
    limite: int | None
    # La limite a été vue sur le portail par une personne, et non tirée de la table.
    limite_est_vue: bool
    marque: ChampRecopie | None

    @property
    def longueur(self) -> int:
        return compter(self.valeur)

    @property
    def coupe(self) -> Coupe | None:
        return couper(self.valeur, self.limite)

    @property
    def empreinte(self) -> str:
        return empreinte({"valeur": self.valeur})

    @property
    def est_recopie(self) -> bool:
        """Dit si ce qui est recopié est encore ce que dit le dossier."""
        return self.marque is not None and self.marque.empreinte == self.empreinte

    @property
    def a_change(self) -> bool:
        """Dit si le champ avait été recopié, et ne dit plus la même chose."""
        return self.marque is not None and bool(self.marque.empreinte) and not self.est_recopie

    @property
    def recopie_le(self) -> datetime | None:
        return self.marque.recopie_le if self.marque else None

    @property
    def recopie_par(self) -> str:
        return self.marque.recopie_par if self.marque else ""

    @property
    def est_long(self) -> bool:
        return "\n" in self.valeur or self.longueur > 60


@dataclass(frozen=True)
class GroupeDeChamps:
    """Des champs qui se suivent sur le portail, sous un titre s'ils en ont un."""

    titre: str
    champs: list[ChampARecopier]


@dataclass(frozen=True)
class EcranARecopier:
    """Un écran du portail, ses champs, et ce qui manque parce que le budget ne se calcule pas."""

    titre: str
    groupes: list[GroupeDeChamps]
    fautes: list[str]


@dataclass(frozen=True)
class DossierARecopier:
    """Un dossier tel qu'il se recopie sur un portail."""

    du_dossier: PortailDuDossier
    ecrans: list[EcranARecopier]

    @property
    def portail(self) -> Portail:
        return self.du_dossier.portail

    @property
    def champs(self) -> dict[str, ChampARecopier]:
        """Rend les champs où il y a quelque chose à coller, par code."""
        tous = (c for ecran in self.ecrans for groupe in ecran.groupes for c in groupe.champs)
        return {champ.code: champ for champ in tous if champ.valeur}

    @property
    def recopies(self) -> int:
        return sum(champ.est_recopie for champ in self.champs.values())

    @property
    def changes(self) -> list[ChampARecopier]:
        return [champ for champ in self.champs.values() if champ.a_change]

    @property
    def est_fini(self) -> bool:
        return self.recopies == len(self.champs)


def _lien_sur(lien: str) -> str:
    """Rend l'adresse qu'une personne a tapée si c'est celle d'un site ; vide sinon."""
    return lien if lien.startswith(("https://", "http://")) else ""


def portails_du_dossier(acteur: Acteur, dossier: Dossier) -> list[PortailDuDossier]:
    """Rend les portails où recopier un dossier, en une requête ; aucun à qui ne le lit pas."""
    if not peut_lire_ce_qui_se_recopie(acteur, dossier):
        return []
    return portails_des_demandes(dossier.demandes.select_related("financeur"))


def portails_des_demandes(demandes: Iterable[Demande]) -> list[PortailDuDossier]:
    """Rend les portails que demandent ces demandes, dans l'ordre de la table."""
    siennes: dict[str, list[Demande]] = {}
    for demande in demandes:
        if se_recopie(demande):
            siennes.setdefault(portail_de_la_demande(demande).code, []).append(demande)
    return [PortailDuDossier(p, siennes[p.code]) for p in PORTAILS if p.code in siennes]


def se_recopie(demande: Demande) -> bool:
    """Dit si une demande se fait sur le site de son financeur, et vit encore."""
    return (
        demande.guichet == Guichet.AILLEURS
        and demande.etat != EtatDeDemande.RETIREE
        and demande.nom_du_financeur != A_PRECISER
    )


def portail_de_la_demande(demande: Demande) -> Portail:
    """Rend le portail où se fait une demande faite ailleurs."""
    return portail_de(demande.financeur.nature if demande.financeur else "")


def a_recopier(acteur: Acteur, dossier: Dossier, code: str) -> DossierARecopier:
    """Rend un dossier tel qu'il se recopie sur un portail, en un nombre fixe de requêtes.

    Déposé, il se lit tel qu'il l'a été. Lève Dossier.DoesNotExist à qui ne le lit pas, ou si rien ne
    s'y demande sur ce portail.
    """
    du_dossier = next(
        (p for p in portails_du_dossier(acteur, dossier) if p.portail == portail_du_code(code)),
        None,
    )
    if du_dossier is None:
        raise Dossier.DoesNotExist
    source = _source(dossier)
    marques = {m.champ: m for m in dossier.champs_recopies.filter(portail=code)}
    return DossierARecopier(du_dossier, list(_ecrans(du_dossier, source, marques)))


def _source(dossier: Dossier) -> Source:
    version = None
    if not dossier.est_un_brouillon:
        version = dossier.versions_deposees.order_by("-numero").first()
    if version is not None:
        valeurs = {code: dite["valeur"] for code, dite in version.contenu["sections"].items()}
        porteur = version.contenu["porteur"]
    else:
        valeurs = {code: ecriture.valeur for code, ecriture in ecritures(dossier).items()}
        porteur = _porteur(dossier.projet.porteur.retenu)
    return Source(sections_ouvertes(dossier), valeurs, porteur, reperes(dossier))


def _porteur(organisme: Organisme) -> dict[str, str]:
    noms = ("nom", "sigle", "siret", "rna", "adresse")
    return {nom: str(getattr(organisme, nom)) for nom in noms}


def _ecrans(
    du_dossier: PortailDuDossier, source: Source, marques: Mapping[str, ChampRecopie]
) -> Iterable[EcranARecopier]:
    for ecran in du_dossier.portail.ecrans:
        champs = [
            _champ(c.code, c.libelle, valeur_de(c.source, source), c.limite, marques)
            for c in ecran.champs
        ]
        if champs:
            yield EcranARecopier(ecran.titre, [GroupeDeChamps("", champs)], [])
        if ecran.a_le_budget:
            for budget in budgets_a_recopier(source, du_dossier.annees):
                yield _budget(ecran.titre, budget, marques)


def _budget(
    titre: str, budget: BudgetARecopier, marques: Mapping[str, ChampRecopie]
) -> EcranARecopier:
    groupes: list[GroupeDeChamps] = []
    for cote, cases in budget.cotes:
        par_poste: dict[str, list[CaseDeBudget]] = {}
        for case in cases:
            par_poste.setdefault(case.poste, []).append(case)
        groupes += [
            GroupeDeChamps(
                f"{cote} · {poste}",
                [_champ(c.code, c.libelle, c.valeur, None, marques) for c in siennes],
            )
            for poste, siennes in par_poste.items()
        ]
    return EcranARecopier(f"{titre}, {budget.annee}", groupes, list(budget.fautes))


def _champ(
    code: str,
    libelle: str,
    valeur: Any,
    limite: int | None,
    marques: Mapping[str, ChampRecopie],
) -> ChampARecopier:
    marque = marques.get(code)
    vue = marque.limite if marque else None
    return ChampARecopier(code, libelle, str(valeur).strip(), vue or limite, bool(vue), marque)
