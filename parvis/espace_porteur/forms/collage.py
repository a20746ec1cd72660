"""Ce qu'un collage propose d'ajouter à un budget : chaque ligne se corrige avant d'y entrer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parvis.dossiers.enums import Guichet
from parvis.dossiers.queries.budget import FinanceurPropose, completer
from parvis.dossiers.rules.collage import Collage, LigneCollee, LigneEcartee
from parvis.dossiers.rules.comptes import PlanDeComptes, plan_de_comptes
from parvis.dossiers.rules.reconnaissance import par_libelle
from parvis.dossiers.sections.budget import lire_la_case
from parvis.dossiers.sections.propres import SIGNES, garder_le_budget
from parvis.socle.montants import INSECABLE, ecrire_montant

AUTRE = "autre"
_GENERIQUES = re.compile(r"\b(?:subventions?|demandes?|demandées?|aides?)\b", re.IGNORECASE)
_NOM = re.compile(r"c-([0-9]{1,4})-(prendre|compte|libelle|saisie|financeur)")


@dataclass
class LigneProposee:
    """Une ligne du collage, telle qu'elle entrerait ; `raison` dit pourquoi elle n'entre pas seule."""

    cle: int
    compte: str
    libelle: str
    saisie: str
    financeur: str = AUTRE
    est_prise: bool = True
    # La ligne du tableau, comptée depuis 1 ; rien quand l'aperçu revient.
    numero: int | None = None
    raison: str = ""
    fautes: list[str] = field(default_factory=list)

    @property
    def est_coupee(self) -> bool:
        """Dit si la précision est plus longue que ce qu'une ligne garde."""
        return len(self.libelle) > SIGNES


def proposer(
    colle: Collage, financeurs: Iterable[FinanceurPropose], plan: PlanDeComptes | None = None
) -> tuple[list[LigneProposee], list[LigneProposee]]:
    """Rend les lignes comprises, puis celles que l'on peut encore comprendre à la main."""
    plan = plan or plan_de_comptes()
    proposes = list(financeurs)
    comprises = [_comprise(cle, ligne, proposes, plan) for cle, ligne in enumerate(colle.lignes, 1)]
    return comprises, [
        _incomprise(cle, ligne) for cle, ligne in enumerate(colle.incompris, len(comprises) + 1)
    ]


def _comprise(
    cle: int, ligne: LigneCollee, financeurs: list[FinanceurPropose], plan: PlanDeComptes
) -> LigneProposee:
    montant = ecrire_montant(ligne.montant, court=True).removesuffix(f"{INSECABLE}€")
    compte = _compte(ligne, plan)
    # Un seul financeur de l'appel va à ce compte : c'est sans doute lui.
    memes = [f.identifiant for f in financeurs if f.compte == compte and f.est_de_l_appel]
    financeur = memes[0] if len(memes) == 1 else AUTRE
    return LigneProposee(cle, compte, ligne.libelle, montant, financeur, numero=ligne.numero)


def _compte(ligne: LigneCollee, plan: PlanDeComptes) -> str:
    """Rend le compte d'une ligne ; une subvention cherche son financeur dans le reste du libellé."""
    compte = plan.compte(ligne.compte)
    if not (compte.est_demande and compte.est_poste):
        return ligne.compte
    trouves = par_libelle(_GENERIQUES.sub(" ", ligne.libelle), plan, poste=compte.poste)
    return trouves[0].code if len(trouves) == 1 else ligne.compte


def _incomprise(cle: int, ligne: LigneEcartee) -> LigneProposee:
    texte = " ".join(ligne.texte.split())
    return LigneProposee(
        cle, "", texte, "", est_prise=False, numero=ligne.numero, raison=ligne.raison
    )


def lire_les_lignes(donnees: Mapping[str, Any]) -> list[LigneProposee]:
    """Rend les lignes qu'un aperçu renvoie, prises ou non, et ce qui ne va pas à celles prises."""
    tapees: dict[str, dict[str, str]] = {}
    for nom, valeur in donnees.items():
        if trouve := _NOM.fullmatch(nom):
            tapees.setdefault(trouve[1], {})[trouve[2]] = valeur
    return [_renvoyee(int(cle), tapee) for cle, tapee in tapees.items()]


def _renvoyee(cle: int, tapee: Mapping[str, str]) -> LigneProposee:
    ligne = LigneProposee(
        cle,
        tapee.get("compte", ""),
        tapee.get("libelle", ""),
        tapee.get("saisie", ""),
        tapee.get("financeur", AUTRE),
        bool(tapee.get("prendre")),
    )
    if ligne.est_prise:
        _, faute = lire_la_case(ligne.saisie)
        if ligne.compte not in plan_de_comptes():
            ligne.fautes.append("Choisissez un compte.")
        if faute or not ligne.saisie.strip():
            ligne.fautes.append(faute or "Écrivez le montant.")
    return ligne


def a_ajouter(
    lignes: Iterable[LigneProposee], financeurs: Iterable[FinanceurPropose]
) -> dict[str, list[dict[str, str]]]:
    """Rend ce que des lignes prises ajoutent à un exercice ; celles du 74 sont des demandes."""
    plan = plan_de_comptes()
    connus = {financeur.identifiant: financeur for financeur in financeurs}
    part: dict[str, list[Any]] = {"lignes": [], "demandes": []}
    for ligne in lignes:
        if not ligne.est_prise:
            continue
        if plan.compte(ligne.compte).est_demande:
            part["demandes"].append(_en_demande(ligne, connus))
        else:
            part["lignes"].append(
                {"compte": ligne.compte, "libelle": ligne.libelle, "saisie": ligne.saisie}
            )
    gardee = garder_le_budget({"x": part}).get("exercices", {})
    return gardee.get("x", {"lignes": [], "demandes": []})


def _en_demande(ligne: LigneProposee, connus: Mapping[str, FinanceurPropose]) -> dict[str, str]:
    propose = connus.get(ligne.financeur)
    # Le libellé nomme un financeur d'ailleurs ; pour un financeur de l'appel, il précise la demande.
    est_son_nom = propose is None or ligne.libelle.strip().lower() == propose.nom.lower()
    return completer(
        {
            "financeur": ligne.financeur if propose else "",
            "nom": "" if propose else ligne.libelle,
            "compte": ligne.compte,
            "ligne": "" if est_son_nom else ligne.libelle,
            "guichet": Guichet.PLATEFORME.value if propose else Guichet.AILLEURS.value,
            "saisie": ligne.saisie,
        },
        connus,
    )
