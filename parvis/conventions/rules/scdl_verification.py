"""Vérifier un fichier de subventions cellule par cellule, et dire en français ce qui ne va pas, et où."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.conventions.rules.scdl_colonnes import Colonne, Sorte
from parvis.organismes.rules.numeros import NumeroInvalide, normaliser_siret

UN_NOMBRE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
UN_ENTIER = re.compile(r"[+-]?[0-9]+", re.ASCII)
UN_SIRET = re.compile(r"[0-9]{14}")
UN_JOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Ce que l'on garde en mémoire d'une colonne déjà jugée : au-delà, ses valeurs ne se répètent pas.
RETENUES = 50_000
MONTRES = 60
PERIODE = "datesPeriodeVersement"
Controle = Callable[[str], str]


@dataclass(frozen=True)
class Erreur:
    """Une faute d'un fichier ; la ligne est celle du fichier, l'en-tête étant la première."""

    ligne: int
    colonne: str
    dit: str

    def __str__(self) -> str:
        ou = f", colonne {self.colonne}" if self.colonne else ""
        return f"Ligne {self.ligne}{ou} : {self.dit}"


@dataclass(frozen=True)
class Fichier:
    """Un fichier ouvert : son en-tête, et chaque ligne avec son numéro dans le fichier."""

    entete: tuple[str, ...]
    lignes: Iterator[tuple[int, list[str]]]


def ouvrir(texte: str, *, accepte_2018: bool = False) -> Fichier:
    """Ouvre un CSV séparé par des virgules ; `accepte_2018` lit « _ » entre les dates d'une période."""
    lecteur = csv.reader(io.StringIO(texte.removeprefix("\ufeff"), newline=""))
    entete = tuple(next(lecteur, []))
    lignes = _lignes(lecteur)
    if accepte_2018 and PERIODE in entete:
        lignes = _sans_souligne(lignes, entete.index(PERIODE))
    return Fichier(entete, lignes)


def _lignes(lecteur: "csv._reader") -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined]
    debut = lecteur.line_num + 1
    for cellules in lecteur:
        # Une ligne vide en fin de fichier n'est pas une subvention.
        if cellules:
            yield debut, cellules
        debut = lecteur.line_num + 1


def _sans_souligne(
    lignes: Iterator[tuple[int, list[str]]], place: int
) -> Iterator[tuple[int, list[str]]]:
    """Rend les lignes, leur période écrite comme aujourd'hui : en 2018, « _ » séparait ses deux dates."""
    for numero, cellules in lignes:
        if place < len(cellules):
            cellules[place] = cellules[place].replace("_", "/")
        yield numero, cellules


def valider(
    entete: Sequence[str], lignes: Iterable[tuple[int, Sequence[str]]], norme: Sequence[Colonne]
) -> list[Erreur]:
    """Rend toutes les fautes d'un fichier, dans l'ordre des lignes puis des colonnes."""
    erreurs = _de_l_entete(entete, norme)
    par_nom = {colonne.nom: colonne for colonne in norme}
    places = {nom: place for place, nom in enumerate(entete) if nom in par_nom}
    controles = [(place, nom, _retenir(controle_de(par_nom[nom]))) for nom, place in places.items()]
    siret, rna = places.get("idBeneficiaire"), places.get("rnaBeneficiaire")
    largeur = len(entete)
    for numero, cellules in lignes:
        if len(cellules) != largeur:
            dit = f"{len(cellules)} cellules, là où l’en-tête en a {largeur}."
            erreurs.append(Erreur(numero, "", dit))
            continue
        for place, nom, controle in controles:
            dit = controle(cellules[place])
            if dit:
                erreurs.append(Erreur(numero, nom, dit))
        if not any(cellules[place] for place in (siret, rna) if place is not None):
            dit = "le bénéficiaire n’a ni Siret, ni RNA : donnez l’un des deux."
            erreurs.append(Erreur(numero, "idBeneficiaire", dit))
    return erreurs


def _de_l_entete(entete: Sequence[str], norme: Sequence[Colonne]) -> list[Erreur]:
    lues = Counter(entete)
    connues = {colonne.nom for colonne in norme}
    return [
        *(
            Erreur(1, colonne.nom, "cette colonne manque.")
            for colonne in norme
            if colonne.est_exigee and colonne.nom not in lues
        ),
        *(Erreur(1, nom, "cette colonne est là deux fois.") for nom in lues if lues[nom] > 1),
        *(
            Erreur(1, nom or "sans nom", "la norme ne connaît pas cette colonne.")
            for nom in lues
            if nom not in connues
        ),
    ]


def _retenir(controle: Controle) -> Controle:
    """Rend un contrôle qui ne juge pas deux fois la même valeur : un fichier se répète beaucoup."""
    vues: dict[str, str] = {}

    def juger(cellule: str) -> str:
        dit = vues.get(cellule)
        if dit is None:
            dit = controle(cellule)
            if len(vues) < RETENUES:
                vues[cellule] = dit
        return dit

    return juger


def controle_de(colonne: Colonne) -> Controle:
    """Rend de quoi juger une cellule de cette colonne : ce qui ne va pas, ou rien."""
    motif = re.compile(colonne.motif, re.ASCII) if colonne.motif else None
    de_sorte = _SORTES.get(colonne.sorte)

    def juger(cellule: str) -> str:
        if not cellule:
            return "une valeur est exigée." if colonne.est_exigee else ""
        if motif and not motif.fullmatch(cellule):
            return f"{_montrer(cellule)} n’est pas {colonne.attendu}."
        if colonne.valeurs and cellule not in colonne.valeurs:
            return f"{_montrer(cellule)} n’est pas l’une de : {', '.join(colonne.valeurs)}."
        if colonne.longueur is not None and len(cellule) > colonne.longueur:
            return f"{len(cellule)} signes, {colonne.longueur} au plus."
        dit = de_sorte(cellule) if de_sorte else ""
        return dit or _borne(colonne, cellule)

    return juger


def _borne(colonne: Colonne, cellule: str) -> str:
    if colonne.minimum is None or colonne.maximum is None:
        return ""
    if colonne.minimum <= Decimal(cellule) <= colonne.maximum:
        return ""
    return f"{_montrer(cellule)} n’est pas entre {colonne.minimum} et {colonne.maximum}."


def _siret(cellule: str) -> str:
    # Qui saisit met des espaces ; un fichier, non.
    if not UN_SIRET.fullmatch(cellule):
        return f"{_montrer(cellule)} n’est pas un Siret : 14 chiffres."
    try:
        normaliser_siret(cellule)
    except NumeroInvalide as faute:
        return str(faute)
    return ""


def _entier(cellule: str) -> str:
    return (
        "" if UN_ENTIER.fullmatch(cellule) else f"{_montrer(cellule)} n’est pas un nombre entier."
    )


def _nombre(cellule: str) -> str:
    if UN_NOMBRE.fullmatch(cellule):
        return ""
    return f"{_montrer(cellule)} n’est pas un nombre : les centimes suivent un point, sans espace."


def _date(cellule: str) -> str:
    if UN_JOUR.fullmatch(cellule):
        try:
            date.fromisoformat(cellule)
        except ValueError:
            return f"{_montrer(cellule)} n’existe pas au calendrier."
        return ""
    return f"{_montrer(cellule)} n’est pas une date AAAA-MM-JJ."


_SORTES: dict[Sorte, Controle] = {
    Sorte.SIRET: _siret,
    Sorte.ENTIER: _entier,
    Sorte.NOMBRE: _nombre,
    Sorte.DATE: _date,
}


def _montrer(cellule: str) -> str:
    coupee = cellule if len(cellule) <= MONTRES else f"{cellule[:MONTRES]}…"
    return f"« {coupee} »"
