"""Le budget réalisé, compte par compte : prévu, réalisé, écart, et l'explication d'un grand écart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parvis.dossiers.rules.comptes import (
    MILLESIME,
    Bloc,
    Compte,
    PlanDeComptes,
    Sens,
    plan_de_comptes,
)
from parvis.dossiers.sections import Champ, Section
from parvis.dossiers.sections.budget import lire_la_case
from parvis.evaluation.rules.ecarts import ZERO, Ecart
from parvis.socle.montants import ecrire_montant

LIGNES_AJOUTEES_AU_PLUS = 30
VIDES = 2
_CALCUL = 200


@dataclass(frozen=True)
class LigneRealisee:
    """Une ligne du budget : ce qui était prévu, ce qui a été dépensé ou reçu, et pourquoi l'écart."""

    cle: str
    compte: Compte
    libelle: str
    prevu: Decimal
    saisie: str
    realise: Decimal | None
    faute: str
    explication: str
    # Une subvention : ce que son financeur a voté et versé ne dépend pas du porteur.
    est_demande: bool = False
    vote: Decimal | None = None

    @property
    def ecart(self) -> Ecart:
        return Ecart(self.prevu, self.realise or ZERO)

    @property
    def est_a_expliquer(self) -> bool:
        """Dit si son écart demande une explication : jamais celui d'une subvention."""
        return self.realise is not None and not self.est_demande and self.ecart.est_a_expliquer

    @property
    def nom(self) -> str:
        """Rend le nom de la ligne : sa précision, ou son compte."""
        return self.libelle or self.compte.libelle


@dataclass(frozen=True)
class PosteRealise:
    """Un poste et ses lignes."""

    poste: Compte
    lignes: list[LigneRealisee]

    @property
    def ecart(self) -> Ecart:
        return additionner(self.lignes)


@dataclass(frozen=True)
class BudgetRealise:
    """Le budget d'un bilan relu en entier."""

    plan: PlanDeComptes
    lignes: list[LigneRealisee]
    # Une ligne ajoutée dont le compte n'est pas choisi : (clé, ce qui est tapé).
    sans_compte: list[tuple[str, str]]

    def postes(self, sens: Sens, bloc: Bloc = "equilibre") -> list[PosteRealise]:
        """Rend les postes d'un côté du budget qui ont des lignes, dans l'ordre du formulaire."""
        ranges = [
            PosteRealise(poste, [x for x in self.lignes if x.compte.poste == poste.code])
            for poste in self.plan.postes(sens, bloc)
        ]
        return [poste for poste in ranges if poste.lignes]

    def total(self, sens: Sens, bloc: Bloc = "equilibre") -> Ecart:
        """Rend le prévu et le réalisé d'un côté du budget."""
        return additionner(x for x in self.lignes if (x.compte.sens, x.compte.bloc) == (sens, bloc))

    @property
    def charges(self) -> Ecart:
        return self.total("charge")

    @property
    def produits(self) -> Ecart:
        return self.total("produit")

    @property
    def a_de_la_nature(self) -> bool:
        return any(x.compte.est_valorisation for x in self.lignes)

    @property
    def equilibre(self) -> str:
        """Rend en mots ce qui sépare les produits reçus des charges payées."""
        if not any(x.saisie for x in self.lignes):
            return "Rien n’est encore écrit : commencez par vos dépenses."
        ecart = self.produits.realise - self.charges.realise
        if not ecart:
            return "Ce qui est reçu est égal à ce qui est dépensé."
        combien = ecrire_montant(abs(ecart), court=True)
        if ecart > 0:
            return f"Ce qui est reçu dépasse de {combien} ce qui est dépensé."
        return f"Ce qui est dépensé dépasse de {combien} ce qui est reçu."

    @property
    def equilibre_en_nature(self) -> str:
        """Rend ce qui sépare les postes 86 et 87 ; vide s'ils sont égaux."""
        emplois, dons = self.total("charge", "valorisation"), self.total("produit", "valorisation")
        if emplois.realise == dons.realise:
            return ""
        return (
            f"Les postes 86 ({ecrire_montant(emplois.realise, court=True)}) et 87 "
            f"({ecrire_montant(dons.realise, court=True)}) devraient être égaux : ce que vous recevez "
            "sans payer, et à quoi cela sert."
        )

    @property
    def a_expliquer(self) -> list[LigneRealisee]:
        """Rend les lignes dont le grand écart n'est pas encore expliqué."""
        return [x for x in self.lignes if x.est_a_expliquer and not x.explication]


def additionner(lignes: Iterable[LigneRealisee]) -> Ecart:
    """Rend le prévu et le réalisé de plusieurs lignes ; une case vide compte pour rien."""
    lues = list(lignes)
    return Ecart(sum((x.prevu for x in lues), ZERO), sum((x.realise or ZERO for x in lues), ZERO))


def dire_l_ecart(montant: Decimal) -> str:
    """Rend un écart avec son signe : « + 120,00 € », « − 50,00 € »."""
    if not montant:
        return "0"
    signe = "+" if montant > 0 else "−"
    return f"{signe}\u00a0{ecrire_montant(abs(montant))}"


def plan_du_bilan(prevu: Mapping[str, Any]) -> PlanDeComptes:
    """Rend le plan de comptes du dossier : un budget ancien garde les siens."""
    return plan_de_comptes(prevu.get("plan") or MILLESIME)


def section_du_budget(prevu: Mapping[str, Any], neuves: int) -> Section:
    """Rend la section du budget : une case par ligne prévue, et `neuves` lignes que l'on ajoute."""
    plan = plan_du_bilan(prevu)
    champs: list[Champ] = []
    for rang, ligne in enumerate(prevu["lignes"]):
        nom = ligne["libelle"] or plan.compte(ligne["compte"]).libelle
        champs += _cases(f"l{rang}", nom)
    for rang, demande in enumerate(prevu["demandes"]):
        nom = ", ".join(filter(None, (demande["financeur"], demande["ligne"])))
        champs += _cases(f"d{rang}", nom)
    choix = tuple((c.code, nommer(c)) for c in plan.comptes)
    for rang in range(min(neuves, LIGNES_AJOUTEES_AU_PLUS)):
        dit = f"ligne ajoutée {rang + 1}"
        champs += [
            Champ(f"n{rang}_compte", f"Compte, {dit}", "choix", choix=choix, groupe=f"n{rang}"),
            Champ(f"n{rang}_libelle", f"Quoi, {dit}", longueur=200, groupe=f"n{rang}"),
            *_cases(f"n{rang}", dit),
        ]
    champs += ANNEXE
    return Section(
        "budget",
        "Le budget réalisé",
        "Ce que vous avez vraiment dépensé et reçu, en face de ce qui était prévu. Un calcul se tape : "
        "12*25.",
        tuple(champs),
    )


# L'annexe du formulaire : ce que les nombres ne disent pas des comptes.
ANNEXE = (
    Champ(
        "indirectes",
        "Comment vous répartissez les charges indirectes",
        "texte",
        "Le loyer, le siège, la comptabilité : quelle part va à ce projet, et d’après quoi (heures, surface, "
        "salaires…).",
        longueur=2000,
        groupe="annexe",
    ),
    Champ(
        "volontaires",
        "Comment vous comptez le bénévolat, les prêts et les dons",
        "texte",
        "Combien d’heures et à quel prix, qui a prêté ou donné quoi, et d’où vient sa valeur.",
        longueur=2000,
        groupe="annexe",
    ),
    Champ(
        "observations",
        "Autre chose à dire de ces comptes",
        "texte",
        longueur=2000,
        groupe="annexe",
    ),
)


def _cases(cle: str, nom: str) -> list[Champ]:
    return [
        Champ(f"{cle}_realise", f"Réalisé, {nom}", longueur=_CALCUL, groupe=cle),
        Champ(f"{cle}_explication", f"Pourquoi cet écart, {nom}", longueur=1000, groupe=cle),
    ]


def nommer(compte: Compte) -> str:
    """Rend un compte comme on le lit dans le formulaire : « 61 - Services extérieurs »."""
    return f"{compte.code} - {compte.libelle}" if compte.code.isdigit() else compte.libelle


def neuves_de(valeur: Mapping[str, Any]) -> int:
    """Rend combien de lignes ajoutées dit une section."""
    rangs = [
        int(code[1:].split("_")[0])
        for code in valeur
        if code[0] == "n" and code[1:].split("_")[0].isdigit() and len(code) < 20
    ]
    return min(max(rangs, default=-1) + 1, LIGNES_AJOUTEES_AU_PLUS)


def lire_le_budget_realise(prevu: Mapping[str, Any], valeur: Mapping[str, str]) -> BudgetRealise:
    """Rend le budget que dit une section, en face du prévu ; une case illisible compte pour rien."""
    plan = plan_du_bilan(prevu)
    lignes = [
        _ligne(f"l{rang}", plan.compte(dite["compte"]), dite["libelle"], dite["montant"], valeur)
        for rang, dite in enumerate(prevu["lignes"])
    ]
    lignes += [_demande(rang, dite, plan, valeur) for rang, dite in enumerate(prevu["demandes"])]
    sans_compte = []
    for rang in range(neuves_de(valeur)):
        code, libelle = valeur.get(f"n{rang}_compte", ""), valeur.get(f"n{rang}_libelle", "")
        saisie = valeur.get(f"n{rang}_realise", "")
        if code in plan:
            lignes.append(_ligne(f"n{rang}", plan.compte(code), libelle, "0", valeur))
        elif libelle or saisie:
            sans_compte.append((f"n{rang}", libelle or saisie))
    return BudgetRealise(plan, lignes, sans_compte)


def _ligne(
    cle: str, compte: Compte, libelle: str, prevu: str, valeur: Mapping[str, str], **autres: Any
) -> LigneRealisee:
    saisie = valeur.get(f"{cle}_realise", "")
    realise, faute = lire_la_case(saisie)
    explication = valeur.get(f"{cle}_explication", "")
    return LigneRealisee(
        cle, compte, libelle, Decimal(prevu), saisie, realise, faute, explication, **autres
    )


def _demande(
    rang: int, dite: Mapping[str, Any], plan: PlanDeComptes, valeur: Mapping[str, str]
) -> LigneRealisee:
    poste = next(poste for poste in plan.postes() if poste.est_demande)
    compte = plan.compte(dite["compte"]) if dite["compte"] in plan else poste
    if dite["nature"] == "nature":
        compte = plan.compte_en_nature
    nom = ", ".join(filter(None, (dite["financeur"], dite["ligne"])))
    vote = Decimal(dite["vote"]) if dite.get("vote") is not None else None
    return _ligne(f"d{rang}", compte, nom, dite["montant"], valeur, est_demande=True, vote=vote)
