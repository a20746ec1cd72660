"""Les comptes du budget d'un dossier, tels que le formulaire de demande les range.

Ils sont des données, avec leur millésime (`donnees/budget/`) : un budget ancien garde les siens.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

DONNEES = Path(__file__).resolve().parents[3] / "donnees" / "budget"
MILLESIME = "12156-06"

Sens = Literal["charge", "produit"]
Bloc = Literal["equilibre", "valorisation"]


class CompteInconnu(ValueError):
    """Un code qui n'est pas un compte de ce plan, ou un millésime sans plan."""


@dataclass(frozen=True)
class Compte:
    """Un poste ou une de ses lignes ; le poste d'un poste est lui-même."""

    code: str
    libelle: str
    explication: str
    sens: Sens
    bloc: Bloc
    poste: str
    est_demande: bool = False
    est_fermeture: bool = False
    est_ressource_propre: bool = False
    # La ligne qui prend ce que les autres du poste ne prennent pas.
    est_divers: bool = False
    # Où compte une demande qui n'est pas de l'argent.
    recoit_les_demandes_en_nature: bool = False
    # Les natures d'organisme dont la demande va à cette ligne (parvis/organismes/enums.py).
    natures: tuple[str, ...] = ()
    # Les numéros du plan comptable qui vont à cette ligne, le sien compris.
    numeros: tuple[str, ...] = ()
    # Comment les gens appellent ce compte.
    mots: tuple[str, ...] = ()

    @property
    def est_poste(self) -> bool:
        return self.code == self.poste

    @property
    def est_valorisation(self) -> bool:
        return self.bloc == "valorisation"


@dataclass(frozen=True)
class PlanDeComptes:
    """Tous les comptes d'un formulaire, dans son ordre : chaque poste, puis ses lignes."""

    millesime: str
    formulaire: str
    comptes: tuple[Compte, ...]

    @cached_property
    def _par_code(self) -> dict[str, Compte]:
        return {compte.code: compte for compte in self.comptes}

    def __contains__(self, code: object) -> bool:
        return code in self._par_code

    def compte(self, code: str) -> Compte:
        """Rend le compte de ce code ; lève CompteInconnu."""
        try:
            return self._par_code[code]
        except KeyError:
            raise CompteInconnu(f"« {code} » n’est pas un compte du {self.formulaire}.") from None

    def postes(self, sens: Sens | None = None, bloc: Bloc | None = None) -> tuple[Compte, ...]:
        """Rend les postes, d'un côté ou d'un bloc si on le demande."""
        return tuple(
            compte
            for compte in self.comptes
            if compte.est_poste
            and compte.sens == (sens or compte.sens)
            and compte.bloc == (bloc or compte.bloc)
        )

    def lignes(self, poste: str) -> tuple[Compte, ...]:
        """Rend les lignes d'un poste, sans lui ; lève CompteInconnu."""
        self.compte(poste)
        return tuple(c for c in self.comptes if c.poste == poste and not c.est_poste)

    @cached_property
    def fermetures(self) -> tuple[Compte, ...]:
        """Les lignes qui ferment le budget : excédent d'un côté, autofinancement de l'autre."""
        return tuple(compte for compte in self.comptes if compte.est_fermeture)

    @cached_property
    def compte_en_nature(self) -> Compte:
        """La ligne où comptent les demandes qui ne sont pas de l'argent."""
        return next(compte for compte in self.comptes if compte.recoit_les_demandes_en_nature)


@lru_cache(maxsize=8)
def plan_de_comptes(millesime: str = MILLESIME) -> PlanDeComptes:
    """Rend le plan de comptes d'un formulaire ; lève CompteInconnu s'il n'est pas livré."""
    fichier = DONNEES / f"cerfa-{millesime}.yaml"
    if millesime not in millesimes():
        raise CompteInconnu(f"Aucun plan de comptes « {millesime} » n’est livré.")
    contenu = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    comptes: list[Compte] = []
    for poste in contenu["postes"]:
        comptes.append(_compte(poste, poste))
        comptes.extend(_compte(ligne, poste) for ligne in poste["lignes"])
    return PlanDeComptes(contenu["millesime"], contenu["formulaire"], tuple(comptes))


def millesimes() -> list[str]:
    """Rend les millésimes livrés, du plus ancien au plus récent."""
    return sorted(f.stem.removeprefix("cerfa-") for f in DONNEES.glob("cerfa-*.yaml"))


def _compte(fait: dict[str, Any], poste: dict[str, Any]) -> Compte:
    propre = [fait["code"]] if fait["code"].isdigit() else []
    return Compte(
        code=fait["code"],
        libelle=fait["libelle"],
        explication=fait["explication"],
        sens=poste["sens"],
        bloc=poste["bloc"],
        poste=poste["code"],
        est_demande=poste.get("demandes", False),
        est_fermeture=fait.get("fermeture", False),
        est_ressource_propre=poste.get("ressources_propres", False),
        est_divers=fait.get("divers", False),
        recoit_les_demandes_en_nature=fait.get("demande_en_nature", False),
        natures=tuple(fait.get("natures", ())),
        numeros=(*propre, *fait.get("numeros", ())),
        mots=tuple(fait["mots"]),
    )


def compte_du_financeur(nature: str, plan: PlanDeComptes | None = None) -> str:
    """Rend le code de la ligne 74 où va la demande à un organisme de cette nature.

    Les fonds européens et l'aide aux emplois aidés ne se déduisent pas d'une nature. Un bailleur
    social est rangé parmi les établissements publics, comme le sont les offices. Lève CompteInconnu.
    """
    plan = plan or plan_de_comptes()
    for compte in plan.comptes:
        if nature in compte.natures:
            return compte.code
    raise CompteInconnu(f"Aucune ligne du {plan.formulaire} n’est pour la nature « {nature} ».")
