"""Les sections d'un bilan à saisir : la grille des habitants, les indicateurs, le budget en face du prévu."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from parvis.espace_porteur.forms.sections import FormulaireDuDossier
from parvis.evaluation.rules.publics import GENRES, TRANCHES, Habitants, code_de_la_case
from parvis.evaluation.sections import BudgetRealise, LigneRealisee
from parvis.evaluation.sections.budget import PosteRealise, additionner, dire_l_ecart
from parvis.evaluation.sections.imprime import taux
from parvis.socle.montants import ecrire_montant


@dataclass(frozen=True)
class LieuDeGrille:
    """Un quartier et ses cases, une ligne par tranche d'âge, puis son total."""

    cle: str
    nom: str
    lignes: list[tuple[str, list[BoundField]]]
    total: int

    @property
    def est_rempli(self) -> bool:
        return any(champ.value() for _, champs in self.lignes for champ in champs)


def grille(
    form: FormulaireDuDossier, prevu: Mapping[str, Any], touches: Habitants
) -> list[LieuDeGrille]:
    """Rend la grille des habitants, lieu par lieu."""
    return [
        LieuDeGrille(
            lieu["cle"],
            lieu["nom"],
            [
                (age, [form.seul[code_de_la_case(lieu["cle"], tranche, g)] for g in GENRES])
                for tranche, age in TRANCHES.items()
            ],
            touches.par_lieu[lieu["cle"]].tout if lieu["cle"] in touches.par_lieu else 0,
        )
        for lieu in prevu["lieux"]
    ]


@dataclass(frozen=True)
class IndicateurSaisi:
    """Un indicateur du dossier : ce qui était visé, et les cases de ce qui s'est passé."""

    cle: str
    nom: str
    unite: str
    cible: str
    part: str
    realise: BoundField
    autres: list[BoundField]


def indicateurs(form: FormulaireDuDossier, prevu: Mapping[str, Any]) -> list[IndicateurSaisi]:
    """Rend les indicateurs choisis dans le dossier, chacun avec ses cases."""
    saisis = []
    for rang, un in enumerate(prevu["indicateurs"]):
        realise = form.seul[f"i{rang}_realise"]
        autres = [form.seul[f"i{rang}_{mot}"] for mot in ("source", "commentaire")]
        part = taux(un["cible"], realise.value() or "")
        saisis.append(
            IndicateurSaisi(f"i{rang}", un["nom"], un["unite"], un["cible"], part, realise, autres)
        )
    return saisis


@dataclass(frozen=True)
class LigneSaisie:
    """Une ligne du budget et ses cases."""

    lue: LigneRealisee
    realise: BoundField
    explication: BoundField

    @property
    def ecart(self) -> str:
        """Rend l'écart de la ligne ; vide tant que rien n'y est écrit."""
        return dire_l_ecart(self.lue.ecart.montant) if self.lue.saisie else ""

    @property
    def montre_l_explication(self) -> bool:
        """Dit si l'explication se montre : on la demande, ou elle est déjà écrite."""
        return self.lue.est_a_expliquer or bool(self.lue.explication)


@dataclass(frozen=True)
class PosteSaisi:
    """Un poste et ses lignes à saisir."""

    lu: PosteRealise
    lignes: list[LigneSaisie]


@dataclass(frozen=True)
class CoteSaisi:
    """Un côté du budget : ses postes, et le nom de son total."""

    titre: str
    cle: str
    verbe: str
    postes: list[PosteSaisi]
    total: Any

    @property
    def ecart(self) -> str:
        """Rend l'écart de ce côté ; un tiret tant que rien n'y est écrit."""
        return _dire_l_ecart_du_cote([ligne.lue for p in self.postes for ligne in p.lignes])


def cotes(form: FormulaireDuDossier, lu: BudgetRealise) -> list[CoteSaisi]:
    """Rend les côtés du budget qui ont des lignes : dépenses, recettes, et la nature à part."""
    rendus = []
    for titre, cle, verbe, sens, bloc in (
        ("Ce que vous avez dépensé", "charges", "Dépensé", "charge", "equilibre"),
        ("Ce que vous avez reçu", "produits", "Reçu", "produit", "equilibre"),
        (
            "Donné ou prêté : à quoi cela a servi (86)",
            "emplois",
            "Réalisé",
            "charge",
            "valorisation",
        ),
        ("Donné ou prêté : par qui (87)", "dons", "Réalisé", "produit", "valorisation"),
    ):
        postes = [
            PosteSaisi(poste, [_ligne(form, ligne) for ligne in poste.lignes])
            for poste in lu.postes(sens, bloc)  # type: ignore[arg-type]
        ]
        if postes:
            total = lu.total(sens, bloc)  # type: ignore[arg-type]
            rendus.append(CoteSaisi(titre, cle, verbe, postes, total))
    return rendus


def _ligne(form: FormulaireDuDossier, lue: LigneRealisee) -> LigneSaisie:
    return LigneSaisie(lue, form.seul[f"{lue.cle}_realise"], form.seul[f"{lue.cle}_explication"])


def neuves(form: FormulaireDuDossier, lu: BudgetRealise) -> list[dict[str, BoundField]]:
    """Rend les lignes que l'on ajoute : celles qui n'ont pas encore de compte, et les vides."""
    rangees = {ligne.cle for ligne in lu.lignes}
    cles = [c.removesuffix("_compte") for c in form.seul.fields if c.endswith("_compte")]
    return [
        {mot: form.seul[f"{cle}_{mot}"] for mot in ("compte", "libelle", "realise", "explication")}
        for cle in cles
        if cle not in rangees
    ]


def caches(form: FormulaireDuDossier, lu: BudgetRealise) -> list[BoundField]:
    """Rend le compte et le nom des lignes ajoutées déjà rangées : ils se renvoient tels quels."""
    ajoutees = [ligne.cle for ligne in lu.lignes if ligne.cle.startswith("n")]
    return [form.seul[f"{cle}_{mot}"] for cle in ajoutees for mot in ("compte", "libelle")]


def textes_du_budget(lu: BudgetRealise) -> dict[str, str]:
    """Rend ce que la page montre et que le serveur compte : un écart par ligne, puis les totaux."""
    textes = {f"ecart-{x.cle}": dire_l_ecart(x.ecart.montant) for x in lu.lignes if x.saisie}
    for cle, sens, bloc in (
        ("charges", "charge", "equilibre"),
        ("produits", "produit", "equilibre"),
        ("emplois", "charge", "valorisation"),
        ("dons", "produit", "valorisation"),
    ):
        total = lu.total(sens, bloc)  # type: ignore[arg-type]
        textes[f"realise-{cle}"] = ecrire_montant(total.realise)
        siennes = [x for x in lu.lignes if (x.compte.sens, x.compte.bloc) == (sens, bloc)]
        textes[f"ecart-{cle}"] = _dire_l_ecart_du_cote(siennes)
    return textes | {"equilibre": lu.equilibre, "equilibre-nature": lu.equilibre_en_nature}


def _dire_l_ecart_du_cote(lignes: list[LigneRealisee]) -> str:
    if not any(ligne.saisie for ligne in lignes):
        return "—"
    return dire_l_ecart(additionner(lignes).montant)


def textes_des_habitants(touches: Habitants, prevu: Mapping[str, Any]) -> dict[str, str]:
    """Rend les totaux de la grille des habitants, que le serveur compte."""
    textes = {
        f"total-{lieu['cle']}": str(
            touches.par_lieu[lieu["cle"]].tout if lieu["cle"] in touches.par_lieu else 0
        )
        for lieu in prevu["lieux"]
    }
    tout = touches.tout
    return textes | {"total": str(tout.tout), "total-f": str(tout.f), "total-h": str(tout.h)}


class SignatureDuBilan(forms.Form):
    """Qui certifie le bilan, et à quel titre."""

    nom = forms.CharField(
        label="Prénom et nom de qui certifie",
        help_text="La personne qui représente l’organisme, ou à qui elle a donné pouvoir.",
        max_length=200,
        error_messages={"required": "Écrivez le nom de qui signe."},
    )
    qualite = forms.CharField(
        label="À quel titre",
        help_text="Présidente, trésorier, maire, directrice…",
        max_length=200,
        error_messages={"required": "Écrivez à quel titre cette personne signe."},
    )
    certifie = forms.BooleanField(
        label="Cette personne certifie que ce bilan est exact",
        help_text="Ce qui est écrit correspond aux comptes de l’organisme et à ce qui s’est passé.",
        required=False,
    )


class FichierDuBilan(forms.Form):
    """Une photo ou un document à joindre."""

    legende = forms.CharField(
        label="Ce que l’on y voit", max_length=200, required=False,
        help_text="Par exemple « La plantation du 14 mars ».",
    )  # fmt: skip
