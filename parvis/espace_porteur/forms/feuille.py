"""Le budget d'un exercice à l'écran : ses postes, leurs comptes et leurs lignes, son équilibre."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from parvis.dossiers.enums import Guichet, NatureDeDemande
from parvis.dossiers.queries.budget import FinanceurPropose
from parvis.dossiers.rules.budget import Bilan
from parvis.dossiers.rules.comptes import Bloc, Compte, PlanDeComptes, Sens, plan_de_comptes
from parvis.dossiers.rules.depot import motifs_des_demandes
from parvis.dossiers.sections.budget import (
    BudgetLu,
    ExerciceLu,
    demandes_tapees,
    lignes_tapees,
    lire_l_exercice,
    lire_la_case,
)
from parvis.dossiers.sections.propres import SIGNES
from parvis.espace_porteur.forms.budget import Envoi
from parvis.socle.montants import ecrire_montant
from parvis.socle.texte import en_une_ligne

# Les postes que presque tous les projets remplissent : ouverts quand rien n'est encore écrit.
USUELS = frozenset({"60", "62", "64", "74"})
AUTRE = "autre"


@dataclass(frozen=True)
class Case:
    """Une ligne à l'écran : ce qu'on y tape, ce qu'elle vaut, ce qui n'y va pas."""

    cle: str
    compte: str
    libelle: str = ""
    saisie: str = ""
    montant: Decimal | None = None
    faute: str = ""

    @property
    def est_vide(self) -> bool:
        return not self.libelle and not self.saisie


@dataclass(frozen=True)
class CompteOuvert:
    """Un compte, ses lignes, et une de plus pour en ajouter."""

    compte: Compte
    cases: list[Case]
    de_plus: Case


@dataclass(frozen=True)
class PosteOuvert:
    """Un poste, son total, ses comptes, et les lignes qui n'ont que lui pour compte."""

    poste: Compte
    total: Decimal
    comptes: list[CompteOuvert]
    a_ranger: list[Case]
    est_ouvert: bool

    @property
    def lignes(self) -> list[tuple[str, Case]]:
        """Rend les lignes du poste, chacune avec le nom de son compte."""
        siennes = [(un.compte.libelle, case) for un in self.comptes for case in un.cases]
        return [*siennes, *((self.poste.libelle, case) for case in self.a_ranger)]


@dataclass(frozen=True)
class DemandeOuverte:
    """Une demande à l'écran ; `choix` est ce que dit la liste des financeurs."""

    cle: str
    dite: Mapping[str, str] = field(default_factory=dict)
    propose: FinanceurPropose | None = None
    montant: Decimal | None = None
    faute: str = ""
    est_de_plus: bool = False

    @property
    def choix(self) -> str:
        if self.propose is not None:
            return self.propose.identifiant
        return AUTRE if self.dite.get("nom") or self.dite.get("financeur") == AUTRE else ""

    @property
    def nom(self) -> str:
        return self.propose.nom if self.propose else self.dite.get("nom", "")

    @property
    def est_en_nature(self) -> bool:
        return self.dite.get("nature") == NatureDeDemande.NATURE

    @property
    def est_ailleurs(self) -> bool:
        return self.propose is None or self.dite.get("guichet") == Guichet.AILLEURS

    @property
    def lignes_proposees(self) -> Sequence[str]:
        if self.propose is None:
            return ()
        return self.propose.en_nature if self.est_en_nature else self.propose.lignes


@dataclass(frozen=True)
class Equilibre:
    """Où en est un budget, en mots : ce qui manque, ce qu'il y a de trop, ou rien des deux."""

    depenses: Decimal
    recettes: Decimal
    etat: str
    phrase: str
    a_part: str

    @property
    def parts(self) -> tuple[int, int]:
        """Rend les longueurs des deux barres, sur cent ; la plus grande les a toutes."""
        plus_grand = max(self.depenses, self.recettes) or Decimal(1)
        return int(self.depenses * 100 / plus_grand), int(self.recettes * 100 / plus_grand)


def equilibre(bilan: Bilan) -> Equilibre:
    """Rend où en est un budget ; les contributions en nature se disent à part."""
    if not bilan.charges and not bilan.produits:
        etat, phrase = "vide", "Rien n’est encore compté"
    elif bilan.ecart < 0:
        etat, phrase = "manque", f"Il manque {_court(-bilan.ecart)}"
    elif bilan.ecart:
        etat, phrase = "trop", f"Il y a {_court(bilan.ecart)} de trop"
    else:
        etat, phrase = "juste", "Équilibré"
    ecart = abs(bilan.ecart_en_nature)
    a_part = f"Les postes 86 et 87 diffèrent de {_court(ecart)}" if ecart else ""
    return Equilibre(bilan.charges, bilan.produits, etat, phrase, a_part)


def _court(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)


@dataclass(frozen=True)
class Feuille:
    """Tout ce qu'un écran montre d'un exercice."""

    plan: PlanDeComptes
    lu: ExerciceLu
    part: Mapping[str, Any]
    charges: list[PosteOuvert]
    produits: list[PosteOuvert]
    emplois: list[PosteOuvert]
    contributions: list[PosteOuvert]
    demandes: list[DemandeOuverte]
    de_plus: DemandeOuverte
    sans_compte: list[Case]
    financeurs: Sequence[FinanceurPropose]

    @property
    def equilibre(self) -> Equilibre:
        return equilibre(self.lu.bilan)

    @property
    def motifs(self) -> list[str]:
        """Rend ce qui empêche de déposer, les demandes comprises ; la prévision peut n'en avoir aucune."""
        dites = BudgetLu(self.plan, [self.lu]).demandes_lues
        recoivent = {int(f.identifiant) for f in self.financeurs if f.recoit_ici}
        motifs = motifs_des_demandes(dites, recoivent) if self.lu.est_ferme or dites else []
        return [*self.lu.motifs, *(motif.phrase for motif in motifs)]

    @property
    def est_vide(self) -> bool:
        return not self.part["lignes"] and not self.part["demandes"]

    @property
    def cases(self) -> dict[str, tuple[Decimal | None, str]]:
        """Rend ce que vaut chaque case remplie, et ce qui n'y va pas, par clé."""
        postes = [poste for _, cote in self.cotes for poste in cote]
        des_comptes = [c for p in postes for o in p.comptes for c in o.cases]
        a_ranger = [*self.sans_compte, *(c for p in postes for c in p.a_ranger)]
        lignes = {c.cle: (c.montant, c.faute) for c in [*des_comptes, *a_ranger] if not c.est_vide}
        return lignes | {d.cle: (d.montant, d.faute) for d in self.demandes}

    @property
    def cotes(self) -> list[tuple[str, list[PosteOuvert]]]:
        """Rend les quatre côtés du budget, chacun avec son titre."""
        return [
            ("Ce que le projet coûte", self.charges),
            ("Ce qui le paie", self.produits),
            ("À part : à quoi sert ce qui est reçu sans payer", self.emplois),
            ("À part : d’où cela vient", self.contributions),
        ]

    @property
    def demandes_en_nature(self) -> list[DemandeOuverte]:
        return [d for d in self.demandes if d.est_en_nature]


def ouvrir_la_feuille(
    envoi: Envoi,
    annee: int,
    financeurs: Sequence[FinanceurPropose],
    *,
    est_ferme: bool = True,
) -> Feuille:
    """Rend un exercice à l'écran, tel qu'il est tapé ; rien n'est lu en base."""
    plan = plan_de_comptes()
    part = envoi.part(financeurs, plan)
    noms = {financeur.identifiant: financeur.nom for financeur in financeurs}
    lu = lire_l_exercice(
        annee, lignes_tapees(part), demandes_tapees(part, annee, noms), plan, est_ferme=est_ferme
    )
    cases = [_case(cle, ligne) for cle, ligne in envoi.lignes.items()]
    neuves = (cle for rang in count(1) if (cle := f"l-v{rang}") not in envoi.lignes)
    est_vide = not part["lignes"] and not part["demandes"]

    def postes(sens: Sens, bloc: Bloc) -> list[PosteOuvert]:
        return [
            _poste(poste, lu.bilan, plan, cases, neuves, est_vide)
            for poste in plan.postes(sens, bloc)
        ]

    connus = {financeur.identifiant: financeur for financeur in financeurs}
    return Feuille(
        plan,
        lu,
        part,
        postes("charge", "equilibre"),
        postes("produit", "equilibre"),
        postes("charge", "valorisation"),
        postes("produit", "valorisation"),
        [_demande(cle, dite, connus) for cle, dite in envoi.demandes.items()],
        DemandeOuverte(
            next(cle for rang in count(1) if (cle := f"d-v{rang}") not in envoi.demandes),
            est_de_plus=True,
        ),
        [case for case in cases if case.compte not in plan and not case.est_vide],
        financeurs,
    )


def _case(cle: str, ligne: Mapping[str, str]) -> Case:
    saisie = _tapee(ligne, "saisie")
    libelle = _tapee(ligne, "libelle")
    return Case(cle, ligne.get("compte", ""), libelle, saisie, *lire_la_case(saisie))


def _tapee(dite: Mapping[str, str], champ: str) -> str:
    return en_une_ligne(dite.get(champ, ""))[:SIGNES]


def _poste(
    poste: Compte,
    bilan: Bilan,
    plan: PlanDeComptes,
    cases: Iterable[Case],
    neuves: Iterator[str],
    est_vide: bool,
) -> PosteOuvert:
    # Une subvention se demande à quelqu'un : le poste 74 n'a pas de lignes à remplir.
    lignes = () if poste.est_demande else plan.lignes(poste.code)
    siennes = [case for case in cases if not case.est_vide and case.compte in plan]
    comptes = [
        CompteOuvert(
            compte,
            [case for case in siennes if case.compte == compte.code],
            Case(next(neuves), compte.code),
        )
        for compte in lignes
    ]
    ranges = {compte.code for compte in lignes}
    a_ranger = [
        case
        for case in siennes
        if plan.compte(case.compte).poste == poste.code and case.compte not in ranges
    ]
    total = bilan.poste(poste.code)
    rempli = bool(total or a_ranger or any(ouvert.cases for ouvert in comptes))
    est_ouvert = rempli or poste.est_demande or (est_vide and poste.code in USUELS)
    return PosteOuvert(poste, total, comptes, a_ranger, est_ouvert)


def _demande(
    cle: str, dite: Mapping[str, str], connus: Mapping[str, FinanceurPropose]
) -> DemandeOuverte:
    propose = connus.get(dite.get("financeur", ""))
    return DemandeOuverte(cle, dite, propose, *lire_la_case(_tapee(dite, "saisie")))
