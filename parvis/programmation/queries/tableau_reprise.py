"""Relire un tableau emporté puis rempli : sa seule colonne, ce qui y change, ce qui ne le peut pas."""

from dataclasses import dataclass, field
from decimal import Decimal

from parvis.programmation.queries.tableau import Tableau
from parvis.programmation.queries.tableau_exports import COLONNES, PROPOSE, RANG
from parvis.programmation.rules.tableau import Ligne, Part, peut_se_changer
from parvis.socle.montants import MontantIllisible, ecrire_montant, lire_montant
from parvis.socle.refus import Refus
from parvis.socle.tableur import Tableau as TableauLu

NUMERO = COLONNES[0]
REPRISES_AU_PLUS = 500


@dataclass(frozen=True)
class Reprise:
    """Un montant que le fichier change : dans quel dossier, de quoi, pour quoi."""

    ou: str
    dossier: int
    titre: str
    demande: int
    avant: Decimal | None
    apres: Decimal | None
    rang: int


@dataclass
class Relecture:
    """Ce que le fichier change, ce qu'il ne peut pas changer, et combien de lignes ne changent rien."""

    reprises: list[Reprise] = field(default_factory=list)
    motifs: list[str] = field(default_factory=list)
    pareilles: int = 0


def relire(tableau: Tableau, lu: TableauLu) -> Relecture:
    """Compare la colonne du service à ce qu'elle dit ; toute autre colonne du fichier est ignorée.

    Lève Refus s'il manque une colonne. Un seul motif suffit pour que rien ne se reprenne.
    """
    rangs = _colonnes(lu)
    par_reference = {ligne.reference: ligne for ligne in tableau.lus.lignes}
    rendue, vus = Relecture(), set[str]()
    for numero, cellules in enumerate(lu.lignes, lu.premiere_ligne):
        if not any(cellule.strip() for cellule in cellules):
            continue
        reference, rang, montant = (cellules[un].strip() for un in rangs)
        ou = f"Ligne {numero}, {reference or 'sans numéro'}"
        ligne = par_reference.get(reference)
        try:
            if ligne is None:
                raise Refus([f"ce dossier n’est pas de votre tableau de {tableau.exercice}."])
            if reference in vus:
                raise Refus(["ce dossier est déjà plus haut dans le fichier."])
            vus.add(reference)
            reprise = _reprise(ou, ligne, rang, montant)
        except Refus as refus:
            rendue.motifs += [f"{ou} : {motif}" for motif in refus.motifs]
            continue
        if reprise is None:
            rendue.pareilles += 1
        else:
            rendue.reprises.append(reprise)
    if len(rendue.reprises) > REPRISES_AU_PLUS:
        rendue.motifs.append(
            f"Le fichier change {len(rendue.reprises)} montants : reprenez-en {REPRISES_AU_PLUS} au plus "
            "à la fois."
        )
    return rendue


def _colonnes(lu: TableauLu) -> list[int]:
    """Rend où sont le numéro, l'avis et le montant ; lève Refus en nommant ce qui manque."""
    titres = [" ".join(titre.split()) for titre in lu.colonnes]
    manquent = [titre for titre in (NUMERO, RANG, PROPOSE) if titre not in titres]
    if manquent:
        dits = ", ".join(f"« {titre} »" for titre in manquent)
        raise Refus(
            [f"Il manque au fichier : {dits}. Emportez le tableau d’ici, remplissez-le, rendez-le."]
        )
    return [titres.index(titre) for titre in (NUMERO, RANG, PROPOSE)]


def _reprise(ou: str, ligne: Ligne, rang: str, saisie: str) -> Reprise | None:
    """Rend ce que change une ligne du fichier ; rien si elle dit la même chose. Lève Refus."""
    try:
        apres = lire_montant(saisie) if saisie else None
    except MontantIllisible as erreur:
        raise Refus([str(erreur)]) from None
    avant = ligne.service.propose
    if apres == avant:
        return None
    siennes = [part for part in ligne.parts if part.est_a_nous and part.est_en_argent]
    if len(siennes) != 1:
        raise Refus(["il vous demande plusieurs choses : changez-les sur la page du dossier."])
    (part,) = siennes
    motifs = _motifs(ligne, part, rang, apres)
    if motifs:
        raise Refus(motifs)
    return Reprise(ou, ligne.pk, ligne.titre, part.pk, avant, apres, ligne.rang)


def _motifs(ligne: Ligne, part: Part, rang: str, apres: Decimal | None) -> list[str]:
    if not peut_se_changer(part, ligne):
        return ["ce montant ne se propose pas, ou plus : ouvrez le dossier pour savoir pourquoi."]
    if rang != str(ligne.rang):
        return ["votre service a rendu un avis depuis que ce fichier est emporté : relisez-le."]
    if apres is not None and apres > part.demande:
        demandes = ecrire_montant(part.demande, court=True)
        return [f"vous proposez plus que les {demandes} demandés."]
    return []
