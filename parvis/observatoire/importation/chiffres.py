"""Lire un tableau de chiffres : un territoire par ligne, une série par colonne. Sans base."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from parvis.observatoire.enums import Etat
from parvis.observatoire.rules.lecture import CaseIllisible, lire_une_case
from parvis.socle.refus import Refus
from parvis.socle.tableur import Tableau

MOTIFS_MAX = 20


@dataclass(frozen=True)
class Forme:
    """Ce qu'il faut savoir d'un fichier pour le lire : ses colonnes, et comment il se tait."""

    colonne_du_territoire: str
    colonnes: Mapping[str, str]
    marques_du_secret: frozenset[str]


@dataclass(frozen=True)
class ChiffreLu:
    """Une case d'un fichier : sa ligne, le code de son territoire, sa série, ce qu'elle dit."""

    ligne: int
    territoire: str
    serie: str
    etat: Etat
    valeur: Decimal | None


def lire_les_chiffres(tableau: Tableau, forme: Forme) -> list[ChiffreLu]:
    """Rend chaque case utile d'un tableau ; lève Refus, chaque motif avec sa ligne et sa colonne."""
    rangs = {titre: rang for rang, titre in enumerate(tableau.colonnes)}
    attendues = [forme.colonne_du_territoire, *forme.colonnes]
    absentes = [titre for titre in attendues if titre not in rangs]
    doubles = [titre for titre in attendues if tableau.colonnes.count(titre) > 1]
    if doubles:
        raise Refus([f"Deux colonnes s’appellent « {doubles[0]} » : renommez-en une."])
    if absentes:
        cites = ", ".join(f"« {titre} »" for titre in absentes[:10])
        raise Refus([f"Ce fichier n’a pas la colonne {cites} : sa forme a changé."])
    # De gauche à droite : l'ordre des clés d'un JSON n'est pas le même sur les deux moteurs.
    colonnes = sorted(forme.colonnes.items(), key=lambda colonne: rangs[colonne[0]])
    lus: list[ChiffreLu] = []
    motifs: list[str] = []
    vus: dict[str, int] = {}
    for numero, ligne in enumerate(tableau.lignes, tableau.premiere_ligne):
        territoire = ligne[rangs[forme.colonne_du_territoire]].strip().upper()
        if not territoire:
            if any(cellule.strip() for cellule in ligne):
                motifs.append(f"Ligne {numero} : le code du territoire manque.")
            continue
        if territoire in vus:
            motifs.append(f"Ligne {numero} : {territoire} est déjà à la ligne {vus[territoire]}.")
            continue
        vus[territoire] = numero
        for titre, serie in colonnes:
            try:
                etat, valeur = lire_une_case(ligne[rangs[titre]], forme.marques_du_secret)
            except CaseIllisible as erreur:
                motifs.append(f"Ligne {numero}, colonne « {titre} » : {erreur}.")
                continue
            lus.append(ChiffreLu(numero, territoire, serie, etat, valeur))
    if len(motifs) > MOTIFS_MAX:
        motifs = [*motifs[:MOTIFS_MAX], f"… et {len(motifs) - MOTIFS_MAX} autres."]
    if motifs:
        raise Refus(motifs)
    if not lus:
        raise Refus(["Ce fichier n’a aucune valeur à lire."])
    return lus
