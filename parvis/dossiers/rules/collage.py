"""Lire un budget collé depuis un tableur : chaque ligne est comprise, ignorée et dite, ou incomprise.

Les colonnes viennent dans n'importe quel ordre, séparées par des tabulations, des points-virgules ou des
espaces. Une moitié de ligne (charges à gauche, produits à droite) se lit comme une ligne.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import prod

from parvis.dossiers.rules.cases import (
    Case,
    Genre,
    accord_du_libelle,
    code_de_la_case,
    code_en_tete,
    colonne_des_produits,
    colonnes_de_codes,
    couper,
    separateur,
)
from parvis.dossiers.rules.comptes import Compte, PlanDeComptes, Sens, plan_de_comptes
from parvis.dossiers.rules.reconnaissance import Nom, nom_du_poste, par_libelle
from parvis.socle.montants import ecrire_montant
from parvis.socle.texte import mots

LIGNES_MAX = 500
SIGNES_MAX = 1000
RECALCULE = "Total, recalculé à partir des lignes."

_SECTIONS: dict[str, Sens] = {
    **dict.fromkeys(("charges", "charge", "depenses", "depense", "emplois"), "charge"),
    **dict.fromkeys(("produits", "produit", "recettes", "recette", "ressources"), "produit"),
}
_DE_SECTION = frozenset(
    """a action affectees au budget de des directes du en euros i ii iii l la les montant n prevision
    previsionnel previsionnelles previsionnels prevues prevus projet""".split()
)
_DE_COLONNE = frozenset(
    """annee budget code compte cout d de des designation du en euros exercice ht intitule la le libelle
    montant montants n nature nb nombre numero objet poste postes prevision previsionnel previsionnelle
    prevu prix pu qte quantite total ttc unitaire unite""".split()
)
_DE_MONTANT = frozenset("montant montants total prevu previsionnel prevision budget".split())
# Un montant resté dans un libellé : « 450 € par mois », « loyer 450 » ; une année n'en est pas un.
_EN_EUROS = re.compile(r"[0-9] ?k?(?:€|eur(?:os?)?\b)", re.IGNORECASE)
_CHIFFRES = re.compile(r"\b(?!20[0-9][0-9]\b|147\b)[0-9]{2,}\b")
_TOTAL = re.compile(r"(?:sous[ -]?)?total|totaux|s/?total|somme\b|solde|resultat|equilibre|ecart\b")


@dataclass(frozen=True)
class LigneCollee:
    """Une ligne comprise : son numéro dans le collage, son compte, son montant en euros."""

    numero: int
    compte: str
    montant: Decimal
    libelle: str


@dataclass(frozen=True)
class LigneEcartee:
    """Une ligne ignorée ou incomprise : son numéro, son texte, et pourquoi."""

    numero: int
    texte: str
    raison: str


@dataclass(frozen=True)
class Collage:
    """Ce qu'un collage contient ; chaque ligne du texte y est au moins une fois."""

    lignes: tuple[LigneCollee, ...]
    incompris: tuple[LigneEcartee, ...]
    ignorees: tuple[LigneEcartee, ...]


class _Ignoree(Exception):
    """Une ligne qui n'est pas une dépense ni une recette ; porte la raison."""


class _Incomprise(Exception):
    """Une ligne que l'on ne sait pas ranger ; porte la raison."""


@dataclass
class _Endroit:
    """Où l'on en est dans le tableau : la section, le poste, la colonne des montants."""

    plan: PlanDeComptes
    codes: set[int]
    sens: Sens | None = None
    poste: str | None = None
    colonne: int | None = None


@dataclass
class _Feuille:
    """Ce qui est lu jusqu'ici."""

    lignes: list[LigneCollee] = field(default_factory=list)
    incompris: list[LigneEcartee] = field(default_factory=list)
    ignorees: list[LigneEcartee] = field(default_factory=list)
    # Le rang, dans `lignes`, de celles qui ont le nom d'un poste : un total, sûrement ou peut-être.
    postes: dict[int, Nom] = field(default_factory=dict)


def lire_un_collage(texte: str, plan: PlanDeComptes | None = None) -> Collage:
    """Rend ce qu'un texte collé contient de lignes de budget, de lignes ignorées et d'incomprises.

    Une ligne du poste 74 a le compte de son financeur : elle deviendra une demande. Au-delà de 500
    lignes, le reste est rendu incompris.
    """
    plan = plan or plan_de_comptes()
    lignes = re.split(r"\r\n|\r|\n", texte)
    if lignes[-1] == "":
        lignes.pop()
    lues = lignes[:LIGNES_MAX]
    signe = separateur(lues)
    tableau = [couper(ligne[:SIGNES_MAX], signe) for ligne in lues]
    coupe = colonne_des_produits(tableau, plan)
    codes = colonnes_de_codes(tableau, plan)
    endroits = [_Endroit(plan, codes), _Endroit(plan, codes), _Endroit(plan, codes)]
    if coupe is not None:
        endroits[0].sens, endroits[1].sens = "charge", "produit"
    feuille = _Feuille()
    for numero, (ligne, cases) in enumerate(zip(lues, tableau, strict=True), start=1):
        if len(ligne) > SIGNES_MAX:
            raison = f"Cette ligne a plus de {SIGNES_MAX} signes."
            feuille.incompris.append(LigneEcartee(numero, ligne, raison))
            continue
        gauche, droite = _moities(cases, coupe, signe, plan)
        if not droite:
            # Entre deux espaces, une moitié seule ne dit pas son côté.
            seule = 2 if coupe is not None and (signe == " " or len(cases) == 1) else 0
            _lire(numero, ligne, gauche, endroits[seule], feuille)
            continue
        for moitie, endroit in zip((gauche, droite), endroits, strict=False):
            if any(case.genre is not Genre.VIDE for case in moitie):
                _lire(
                    numero, "  ".join(c.texte for c in moitie if c.texte), moitie, endroit, feuille
                )
    for numero, ligne in enumerate(lignes[LIGNES_MAX:], start=LIGNES_MAX + 1):
        raison = f"Collez {LIGNES_MAX} lignes au plus à la fois."
        feuille.incompris.append(LigneEcartee(numero, ligne, raison))
    return _sans_les_totaux_de_poste(feuille, plan)


def _moities(
    cases: Sequence[Case], coupe: int | None, signe: str, plan: PlanDeComptes
) -> tuple[Sequence[Case], Sequence[Case]]:
    """Coupe une ligne en charges et produits ; la droite est vide si la ligne est d'un seul tenant."""
    if coupe is None:
        return cases, ()
    if signe != " ":
        gauche, droite = cases[:coupe], cases[coupe:]
        return (gauche, droite) if any(c.genre is not Genre.VIDE for c in droite) else (cases, ())
    # Des espaces ne gardent pas les colonnes : la droite commence au libellé qui en suit un autre.
    for rang in range(1, len(cases)):
        avant_le_libelle = rang == 1 and code_de_la_case(cases[0], plan)
        if cases[rang].genre is Genre.TEXTE and not avant_le_libelle:
            return cases[:rang], cases[rang:]
    return cases, ()


def _lire(
    numero: int, texte: str, cases: Sequence[Case], endroit: _Endroit, feuille: _Feuille
) -> None:
    try:
        ligne, nom = _comprendre(numero, cases, endroit)
    except _Ignoree as raison:
        feuille.ignorees.append(LigneEcartee(numero, texte, str(raison)))
    except _Incomprise as raison:
        feuille.incompris.append(LigneEcartee(numero, texte, str(raison)))
    else:
        if nom is not Nom.AUTRE:
            feuille.postes[len(feuille.lignes)] = nom
        feuille.lignes.append(ligne)


def _comprendre(numero: int, cases: Sequence[Case], endroit: _Endroit) -> tuple[LigneCollee, Nom]:
    """Rend la ligne, et si elle a le nom de son poste ; lève _Ignoree ou _Incomprise."""
    pleines = [case for case in cases if case.genre is not Genre.VIDE]
    if not pleines:
        raise _Ignoree("Ligne vide." if not any(c.texte for c in cases) else "Montant nul.")
    compte, pleines = _prendre_le_code(pleines, endroit)
    textes = [case.texte for case in pleines if case.genre is Genre.TEXTE]
    if compte is None and textes:
        compte, textes[0] = code_en_tete(textes[0], endroit.plan)
    libelle = " ".join(texte for texte in textes if texte)
    _ecarter_les_titres(libelle, compte, pleines, endroit)
    illisibles = [case.raison for case in pleines if case.genre is Genre.ILLISIBLE]
    if illisibles:
        raise _Incomprise(illisibles[0])
    nombres = [case for case in pleines if case.genre is Genre.NOMBRE]
    if not nombres:
        _ecarter_sans_montant(libelle, compte, endroit)
    montant = _montant(nombres, endroit)
    trouve = _compte(libelle, compte, endroit)
    if not montant:
        raise _Ignoree("Montant nul.")
    annonce = compte if compte and compte.est_poste else trouve
    nom = nom_du_poste(libelle, annonce, endroit.plan)
    return LigneCollee(numero, trouve.code, montant, libelle or trouve.libelle), nom


def _prendre_le_code(pleines: list[Case], endroit: _Endroit) -> tuple[Compte | None, list[Case]]:
    """Rend le compte que donne une case à elle seule, et les autres cases."""
    plan = endroit.plan
    nombres = [case for case in pleines if case.genre is Genre.NOMBRE]
    for rang, case in enumerate(pleines):
        compte = code_de_la_case(case, plan)
        if compte is None:
            continue
        reste = pleines[:rang] + pleines[rang + 1 :]
        if case.colonne in endroit.codes or case.genre is Genre.TEXTE:
            return compte, reste
        # Hors d'une colonne de numéros, un nombre n'en est un que s'il ouvre la ligne, que rien ne le
        # dément, et qu'il reste un montant ou que le libellé est bien de ce poste.
        accord = accord_du_libelle(reste, compte, plan)
        if rang == 0 and (accord or (accord is None and len(nombres) == 2)):
            return compte, reste
    return None, pleines


def _ecarter_les_titres(
    libelle: str, compte: Compte | None, pleines: Sequence[Case], endroit: _Endroit
) -> None:
    """Lève _Ignoree sur un total ou un titre, et retient la section et la colonne qu'il annonce."""
    vus = mots(libelle)
    nombres = [case for case in pleines if case.genre in (Genre.NOMBRE, Genre.ILLISIBLE)]
    if _TOTAL.match(" ".join(vus)) and not (len(pleines) > 1 and not nombres):
        endroit.poste = None
        raise _Ignoree(RECALCULE)
    if vus[:1] == ["dont"] and nombres:
        raise _Ignoree("Une part de la ligne du dessus, déjà comptée.")
    sections = {_SECTIONS[mot] for mot in vus if mot in _SECTIONS}
    autres = [mot for mot in vus if mot not in _SECTIONS and not mot.isdigit()]
    if compte or not vus or any(mot not in _DE_SECTION | _DE_COLONNE for mot in autres):
        return
    annees = all(2000 <= case.montant <= 2100 and case.texte.isdigit() for case in nombres)
    if nombres and not annees and not (sections and set(autres) <= _DE_SECTION):
        return
    if len(sections) == 1:
        endroit.sens, endroit.poste = next(iter(sections)), None
    colonnes = [c.colonne for c in pleines if _DE_MONTANT & {*mots(c.texte)}]
    if not nombres and len(colonnes) == 1 and len(pleines) > 1:
        endroit.colonne = colonnes[0]
    if nombres and not annees:
        raise _Ignoree(RECALCULE)
    raise _Ignoree("Titre." if len(pleines) - len(nombres) == 1 else "Titres de colonnes.")


def _ecarter_sans_montant(libelle: str, compte: Compte | None, endroit: _Endroit) -> None:
    """Lève _Ignoree sur une ligne sans montant, et retient le poste qu'elle annonce.

    Lève _Incomprise si un montant est resté dans le libellé.
    """
    trouves = [compte] if compte else par_libelle(libelle, endroit.plan, sens=endroit.sens)
    if _EN_EUROS.search(libelle) or (trouves and _CHIFFRES.search(libelle)):
        raise _Incomprise("Le montant ne se distingue pas du libellé : mettez-le dans sa colonne.")
    if len(trouves) != 1:
        raise _Ignoree("Titre ou remarque, sans montant.")
    if compte or nom_du_poste(libelle, trouves[0], endroit.plan) is Nom.SIEN:
        endroit.poste, endroit.sens = trouves[0].poste, trouves[0].sens
    raise _Ignoree(f"Pas de montant ({trouves[0].libelle}).")


def _montant(nombres: Sequence[Case], endroit: _Endroit) -> Decimal:
    """Rend le montant d'une ligne : seul, sous son titre, ou produit des autres nombres."""
    nombres = [case for case in nombres if case.montant] or nombres[:1]
    montants = [case.montant for case in nombres]
    if len(set(montants)) == 1:
        return montants[0]
    for rang, montant in enumerate(montants):
        autres = montants[:rang] + montants[rang + 1 :]
        if len(autres) > 1 and prod(autres, start=Decimal(1)) == montant:
            return montant
    sous_le_titre = [case.montant for case in nombres if case.colonne == endroit.colonne]
    if sous_le_titre:
        return sous_le_titre[0]
    ecrits = ", ".join(ecrire_montant(montant, court=True) for montant in montants)
    raise _Incomprise(f"Plusieurs montants ({ecrits}) : gardez une seule colonne.")


def _compte(libelle: str, numero: Compte | None, endroit: _Endroit) -> Compte:
    """Rend le compte d'une ligne, par son numéro, son libellé ou le poste où elle se trouve."""
    plan = endroit.plan
    if numero is not None:
        endroit.sens = numero.sens
        if numero.poste != endroit.poste:
            endroit.poste = None
        # Un numéro de poste ou de ligne « autres » dit moins que le libellé ; au 87, les numéros ont changé.
        if numero.est_poste or numero.est_divers or numero.est_valorisation:
            precis = par_libelle(libelle, plan, poste=numero.poste)
            return precis[0] if len(precis) == 1 else numero
        return numero
    if not libelle:
        raise _Incomprise("Un montant sans libellé ni numéro de compte.")
    du_poste = par_libelle(libelle, plan, poste=endroit.poste) if endroit.poste else []
    trouves = du_poste or par_libelle(libelle, plan, sens=endroit.sens)
    if len(trouves) == 1:
        if trouves[0].poste != endroit.poste:
            endroit.poste = None
        return trouves[0]
    if trouves:
        choix = " ou ".join(f"{compte.libelle} ({compte.code})" for compte in trouves[:3])
        raise _Incomprise(f"Ce libellé va à plusieurs comptes : {choix}.")
    if endroit.poste:
        return plan.compte(endroit.poste)
    raise _Incomprise("Aucun compte ne correspond à ce libellé.")


def _sans_les_totaux_de_poste(feuille: _Feuille, plan: PlanDeComptes) -> Collage:
    """Écarte la ligne d'un poste dont les lignes sont là aussi : elle les compterait deux fois."""
    detail: dict[str, Decimal] = defaultdict(Decimal)
    for rang, ligne in enumerate(feuille.lignes):
        if rang not in feuille.postes:
            detail[plan.compte(ligne.compte).poste] += ligne.montant
    gardees = []
    for rang, ligne in enumerate(feuille.lignes):
        nom = feuille.postes.get(rang, Nom.AUTRE)
        poste = plan.compte(ligne.compte).poste
        reste = detail.get(poste)
        if nom is not Nom.AUTRE and reste == ligne.montant:
            raison = f"Total du poste «\u00a0{plan.compte(poste).libelle}\u00a0»."
            feuille.ignorees.append(LigneEcartee(ligne.numero, ligne.libelle, raison))
        elif nom is Nom.SIEN and reste is not None:
            ecrits = [ecrire_montant(m, court=True) for m in (ligne.montant, reste)]
            raison = (
                f"Le total du poste ({ecrits[0]}) n’est pas la somme de ses lignes ({ecrits[1]})."
            )
            feuille.incompris.append(LigneEcartee(ligne.numero, ligne.libelle, raison))
        else:
            gardees.append(ligne)
    return Collage(
        tuple(gardees),
        tuple(sorted(feuille.incompris, key=lambda ligne: ligne.numero)),
        tuple(sorted(feuille.ignorees, key=lambda ligne: ligne.numero)),
    )
