"""Situer tout un tableau d'adresses ou de coordonnées : le même tableau, avec des colonnes de plus."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import numpy as np

from parvis.connecteurs.geocodage import AdresseCherchee
from parvis.socle.refus import Refus
from parvis.socle.tableaux import Cellule
from parvis.socle.tableur import Tableau
from parvis.territoires.enums import Reponse
from parvis.territoires.geometrie import ContourInvalide, vers_degres
from parvis.territoires.models import Commune
from parvis.territoires.queries.positions import Trouvee, chercher_en_lot
from parvis.territoires.queries.situation import Lieu, Situation, situer_en_lot
from parvis.territoires.rules.adresses import cle_de_commune
from parvis.territoires.rules.colonnes import (
    ColonnesInconnues,
    ColonnesReconnues,
    lire_nombre,
    lire_paire,
    reconnaitre_les_colonnes,
)
from parvis.territoires.rules.situation import Position

EXEMPLES = 200
PAR_TRANCHE = 5_000
LAMBERT_93 = "2154"
SANS_COORDONNEES = "Les coordonnées manquent, ou ne se lisent pas."
SANS_ADRESSE = "Il n’y a pas d’adresse sur cette ligne."
TROUVEES = ("adresse_trouvee", "score", "position", "remarque")
DU_MILLESIME = ("qpv_{}", "qpv_{}_code", "qpv_{}_nom", "qpv_{}_distance_m", "qpv_{}_motif")


@dataclass
class Decompte:
    """Combien de lignes par réponse et par quartier (code), dans un millésime. Ni nom ni adresse."""

    millesime: int
    reponses: Counter[str] = field(default_factory=Counter)
    quartiers: Counter[str] = field(default_factory=Counter)
    noms: dict[str, str] = field(default_factory=dict)

    def compter(self, situation: Situation) -> None:
        """Compte une ligne ; seul un « oui » compte pour un quartier."""
        self.reponses[situation.reponse] += 1
        if situation.reponse == Reponse.OUI and situation.quartier:
            self.quartiers[situation.quartier.code] += 1
            self.noms[situation.quartier.code] = situation.quartier.nom


@dataclass(frozen=True)
class LotSitue:
    """Les colonnes et les cellules à ajouter, les décomptes, et ce dont il faut prévenir."""

    colonnes: list[str]
    lignes: list[list[Cellule]]
    decomptes: list[Decompte]
    avertissements: list[str]


def situer_un_tableau(
    tableau: Tableau,
    millesimes: Sequence[int],
    avancer: Callable[[int], None] = lambda fait: None,
) -> LotSitue:
    """Rend, pour chaque ligne, où elle tombe dans chaque millésime ; lève Refus si rien ne dit où.

    `avancer` reçoit le nombre de lignes faites.
    """
    avancee = _Avancee(avancer, len(tableau.lignes), 1 + len(millesimes))
    trouvees, avertissements, absences = _positions(tableau, avancee)
    decomptes = [Decompte(millesime) for millesime in millesimes]
    lignes: list[list[Cellule]] = [_ce_qui_est_trouve(trouvee) for trouvee in trouvees]
    for decompte in decomptes:
        for debut in range(0, len(trouvees), PAR_TRANCHE):
            tranche = trouvees[debut : debut + PAR_TRANCHE]
            situations = situer_en_lot([t.lieu if t else None for t in tranche], decompte.millesime)
            for rang, situation in enumerate(situations, debut):
                if any(tableau.lignes[rang]):
                    decompte.compter(situation)
                    lignes[rang] += _ce_qui_est_repondu(situation, absences.get(rang, ""))
                    _remarquer(lignes[rang], situation)
                else:
                    lignes[rang] += [""] * len(DU_MILLESIME)
            avancee.faire(min(debut + PAR_TRANCHE, len(trouvees)))
        avancee.passer()
    colonnes = [*TROUVEES, *(c.format(m) for m in millesimes for c in DU_MILLESIME)]
    return LotSitue(colonnes, lignes, decomptes, avertissements)


class _Avancee:
    """Ce qui est fait, en lignes : chercher les positions est une phase, chaque millésime une autre."""

    def __init__(self, avancer: Callable[[int], None], lignes: int, phases: int) -> None:
        self.avancer, self.lignes, self.phases, self.passees = avancer, lignes, phases, 0

    def faire(self, fait: int) -> None:
        """Dit combien de lignes de la phase en cours sont faites ; le total ne recule jamais."""
        self.avancer((self.passees * self.lignes + fait) // self.phases)

    def passer(self) -> None:
        """Passe à la phase suivante."""
        self.passees += 1
        self.faire(0)


def _positions(
    tableau: Tableau, avancee: _Avancee
) -> tuple[list[Trouvee | None], list[str], dict[int, str]]:
    """Rend le lieu de chaque ligne, ses coordonnées si elle en a, sinon son adresse cherchée.

    Puis ce dont il faut prévenir, et pourquoi une ligne de coordonnées n'a pas de lieu.
    """
    try:
        colonnes = reconnaitre_les_colonnes(tableau.colonnes, tableau.lignes[:EXEMPLES])
    except ColonnesInconnues as erreur:
        raise Refus([str(erreur)]) from None
    communes = _Communes()
    codes = [communes.code(ligne, colonnes) for ligne in tableau.lignes]
    points = _coordonnees(tableau, colonnes)
    trouvees = [
        Trouvee("", Lieu(point.lon, point.lat, point.position, code), "") if point else None
        for point, code in zip(points, codes, strict=True)
    ]
    a_chercher = [
        rang for rang, point in enumerate(points) if point is None and any(tableau.lignes[rang])
    ]
    adresses = [_adresse(tableau.lignes[rang], colonnes, codes[rang]) for rang in a_chercher]
    absence = SANS_ADRESSE if colonnes.adresse else SANS_COORDONNEES
    absences = {
        rang: absence
        for rang, adresse in zip(a_chercher, adresses, strict=True)
        if not adresse.texte
    }
    reponses, panne = chercher_en_lot(adresses, avancee.faire) if adresses else ([], "")
    avancee.passer()
    for rang, reponse in zip(a_chercher, reponses, strict=True):
        trouvees[rang] = reponse
    perdues = sum(
        reponse is None and bool(adresse.texte)
        for reponse, adresse in zip(reponses, adresses, strict=True)
    )
    prevenir = [f"Colonnes lues : {_dites(tableau, colonnes)}."]
    if panne and perdues:
        # Ce que dit la panne conseille de cliquer sur la carte : ici, il faut recommencer.
        prevenir.append(
            f"{perdues} adresse(s) n’ont pas été cherchées : le service qui les situe est éteint ou ne "
            "répond pas. Recommencez plus tard."
        )
    return trouvees, prevenir, absences


def _dites(tableau: Tableau, colonnes: ColonnesReconnues) -> str:
    """Rend les titres des colonnes qui disent où, dans l'ordre du fichier."""
    seules = (colonnes.code_postal, colonnes.commune, colonnes.commune_code, colonnes.lat_lon)
    paires = (colonnes.lon, colonnes.lat, colonnes.x, colonnes.y)
    autres = (colonnes.precision, colonnes.projection)
    rangs = {*colonnes.adresse, *(r for r in (*seules, *paires, *autres) if r is not None)}
    return ", ".join(f"« {tableau.colonnes[rang]} »" for rang in sorted(rangs))


@dataclass(frozen=True)
class _Point:
    lon: float
    lat: float
    position: Position


def _coordonnees(tableau: Tableau, colonnes: ColonnesReconnues) -> list[_Point | None]:
    """Rend le point de chaque ligne qui en porte un, ramené en degrés ; rien pour les autres."""
    lire, sont_en_metres = _lecteur(colonnes)
    paires = [lire(ligne) for ligne in tableau.lignes]
    if colonnes.est_inverse:
        paires = [(paire[1], paire[0]) if paire else None for paire in paires]
    if sont_en_metres:
        _en_degres(paires, [_projection(ligne, colonnes) for ligne in tableau.lignes])
    return [
        _point(paire, tableau.lignes[rang], colonnes) if paire else None
        for rang, paire in enumerate(paires)
    ]


def _lecteur(
    colonnes: ColonnesReconnues,
) -> tuple[Callable[[Sequence[str]], tuple[float, float] | None], bool]:
    """Rend comment une ligne donne sa longitude et sa latitude, et si ce sont des mètres.

    Dans l'ordre où les colonnes se reconnaissent : lon et lat, les deux en une, x et y.
    """
    if colonnes.lon is not None and colonnes.lat is not None:
        return partial(_deux_nombres, colonnes.lon, colonnes.lat), False
    if colonnes.lat_lon is not None:
        # « 48,80 ; 2,38 » : la latitude d'abord, sauf si les exemples disent l'inverse.
        rang = colonnes.lat_lon
        return lambda ligne: (p := lire_paire(ligne[rang])) and (p[1], p[0]), False
    if colonnes.x is not None and colonnes.y is not None:
        return partial(_deux_nombres, colonnes.x, colonnes.y), True
    return lambda ligne: None, False


def _deux_nombres(premier: int, second: int, ligne: Sequence[str]) -> tuple[float, float] | None:
    lus = lire_nombre(ligne[premier]), lire_nombre(ligne[second])
    return None if lus[0] is None or lus[1] is None else (lus[0], lus[1])


def _projection(ligne: Sequence[str], colonnes: ColonnesReconnues) -> str:
    """Rend le code EPSG d'une ligne : celui de sa colonne s'il y en a une, sinon Lambert 93."""
    if colonnes.projection is None:
        return LAMBERT_93
    chiffres = re.search(r"\d{4,5}", ligne[colonnes.projection])
    return chiffres[0] if chiffres else LAMBERT_93


def _en_degres(paires: list[tuple[float, float] | None], projections: Sequence[str]) -> None:
    """Ramène en place des paires en mètres à des degrés ; une projection inconnue ne situe rien."""
    for projection in set(projections):
        situees = {
            rang: paire
            for rang, paire in enumerate(paires)
            if paire and projections[rang] == projection
        }
        if not situees:
            continue
        try:
            rendues = vers_degres(np.array(list(situees.values())), projection)
        except ContourInvalide:
            rendues = np.full((len(situees), 2), np.inf)
        for rang, (lon, lat) in zip(situees, rendues, strict=True):
            paires[rang] = (float(lon), float(lat))


def _point(
    paire: tuple[float, float], ligne: Sequence[str], colonnes: ColonnesReconnues
) -> _Point | None:
    lon, lat = paire
    # (0, 0) est ce qu'un tableur écrit quand il ne sait pas, pas un lieu du golfe de Guinée.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon, lat) == (0, 0):
        return None
    precision = lire_nombre(ligne[colonnes.precision]) if colonnes.precision is not None else None
    est_donnee = precision is not None and precision >= 0
    return _Point(lon, lat, Position(precision_m=precision if est_donnee else None))


def _cle(commune: str) -> str:
    """Rend un nom de commune tel qu'il se compare, sans le cedex qui le suit."""
    return cle_de_commune(re.sub(r"(?i)\bcedex\b.*$", "", commune))


class _Communes:
    """Retrouve le code d'une commune par son code, ou par son nom et son code postal."""

    def __init__(self) -> None:
        lignes = list(Commune.objects.values_list("code", "nom", "codes_postaux", "departement"))
        self.codes = {code for code, *_ in lignes}
        self.par_nom: dict[str, list[tuple[str, str, str]]] = {}
        for code, nom, postaux, departement in lignes:
            self.par_nom.setdefault(cle_de_commune(nom), []).append((code, postaux, departement))

    def code(self, ligne: Sequence[str], colonnes: ColonnesReconnues) -> str:
        """Rend le code Insee de la commune d'une ligne, vide si elle ne se reconnaît pas."""
        if colonnes.commune_code is not None:
            donne = ligne[colonnes.commune_code].strip().upper().zfill(5)
            if donne in self.codes:
                return donne
        if colonnes.commune is None:
            return ""
        possibles = self.par_nom.get(_cle(ligne[colonnes.commune]), [])
        postal = _cellule(ligne, colonnes.code_postal).zfill(5)
        if len(possibles) > 1:
            possibles = [p for p in possibles if postal in p[1].split()] or [
                p for p in possibles if postal.startswith(p[2])
            ]
        return possibles[0][0] if len(possibles) == 1 else ""


def _adresse(ligne: Sequence[str], colonnes: ColonnesReconnues, code: str) -> AdresseCherchee:
    texte = " ".join(ligne[rang].strip() for rang in colonnes.adresse if ligne[rang].strip())
    commune = _cellule(ligne, colonnes.commune)
    if texte and commune and not code:
        texte = f"{texte} {commune}"
    return AdresseCherchee(texte, _cellule(ligne, colonnes.code_postal), code)


def _cellule(ligne: Sequence[str], colonne: int | None) -> str:
    return "" if colonne is None else ligne[colonne].strip()


def _ce_qui_est_trouve(trouvee: Trouvee | None) -> list[Cellule]:
    if trouvee is None:
        return ["", "", "", ""]
    if not trouvee.libelle:
        return ["", "", "coordonnées", ""]
    return [trouvee.libelle, Decimal(f"{trouvee.score:.2f}"), trouvee.precision.lower(), ""]


def _ce_qui_est_repondu(situation: Situation, absence: str) -> list[Cellule]:
    quartier = situation.quartier
    est_concerne = quartier and situation.reponse in (Reponse.OUI, Reponse.A_VERIFIER)
    return [
        situation.reponse.label.lower(),
        quartier.code if quartier and est_concerne else "",
        quartier.nom if quartier and est_concerne else "",
        situation.distance_lisible,
        absence or " ".join(situation.motifs),
    ]


def _remarquer(ligne: list[Cellule], situation: Situation) -> None:
    """Ajoute à la colonne des remarques celles qui n'y sont pas encore."""
    rang = TROUVEES.index("remarque")
    deja = str(ligne[rang] or "")
    nouvelles = [r for r in situation.remarques if r not in deja]
    ligne[rang] = " ".join([*([deja] if deja else []), *nouvelles])
