"""Ce que les mots d'un document nomment : lequel est le pilier, l'enjeu, la fiche."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise

from .blocs import Rangee, Titre
from .fragments import texte_de
from .lexique import charger_lexique
from .numeros import numero_nu
from .rubriques import reconnaitre
from .texte import cle
from .titres import titre_de, titre_du_texte

_FICHES_SURES = "fiche"
_SEUIL_D_UN_CODE = 96
_PORTEE = 30  # rangées où l'on cherche les rubriques d'un titre


@dataclass(frozen=True, slots=True)
class Niveaux:
    """Niveau de chaque mot et de chaque profondeur de titre ; séparateur des numéros de fiche."""

    mots: dict[str, str] = field(default_factory=dict)
    dieses: dict[int, str] = field(default_factory=dict)
    separateur: str = "-"

    def titre_de(self, rangee: Rangee) -> Titre | None:
        """Rend le titre d'une ligne, au niveau que ce document lui donne."""
        if rangee.titre is not None:  # la mise en page a déjà dit le niveau
            return replace(rangee.titre, numero=self._numero(rangee.titre.numero))
        return self._classer(titre_de(rangee))

    def titre_du_texte(self, texte: str) -> Titre | None:
        """Rend le titre d'un texte (une ligne de sommaire), au niveau que ce document lui donne."""
        return self._classer(titre_du_texte(texte))

    def _classer(self, titre: Titre | None) -> Titre | None:
        if titre is None or titre.niveau in ("sommaire", "preambule", "annexe"):
            return titre
        if titre.mot:
            niveau = self.mots.get(titre.mot, "libre")
            return replace(titre, niveau=niveau, numero=self._numero(titre.numero))
        niveau = self.dieses.get(titre.dieses, "libre") if titre.dieses else "libre"
        if niveau == "libre":
            return titre
        numero, texte = numero_nu(titre.texte)
        return replace(titre, niveau=niveau, numero=self._numero(numero), texte=texte)

    def _numero(self, numero: str) -> str:
        """Rend un numéro avec le séparateur du document : « 1.1 » parmi des « 1-1 » est une coquille."""
        return numero.replace("." if self.separateur == "-" else "-", self.separateur)


def niveaux_du_document(rangees: list[Rangee]) -> Niveaux:
    """Rend les niveaux d'un document, d'après tous ses titres."""
    titres = [(rang, titre) for rang, r in enumerate(rangees) if (titre := titre_de(r))]
    libelles = [ouvre_une_rubrique(r) for r in rangees]
    nommes = [(rang, t) for rang, t in titres if t.mot]
    mot_de_fiche = _mots_de_fiche(nommes, libelles, _bornes(titres))
    mots = dict.fromkeys(mot_de_fiche, "fiche")
    dieses: dict[int, str] = {}
    if not mot_de_fiche:
        intitules = sum(code_de_la_rangee(rangee) == "titre" for rangee in rangees)
        dieses = _profondeurs(titres, libelles, intitules)
    premiere = min((rang for rang, t in nommes if t.mot in mots), default=len(rangees))
    mots |= _mots_au_dessus(nommes, mots, premiere, _a_des_titres_sans_mot(titres))
    if dieses:
        dieses = {p: n for p, n in dieses.items() if n == "fiche" or n not in mots.values()}
    elif mot_de_fiche:
        dieses = _dieses_au_dessus(titres, mots)
    return Niveaux(mots, dieses, _separateur(titres, mots, dieses))


def ouvre_une_rubrique(rangee: Rangee) -> bool:
    """Dit si une ligne ouvre une rubrique, à coup sûr : elle en porte le libellé au mot près."""
    if rangee.libelle is not None or rangee.tableau is not None:
        return True
    if not rangee.est_tableau or not rangee.contenu or len(rangee.cellules[0]) > 200:
        return False
    reconnu = reconnaitre(texte_de(rangee.cellules[0]), seuil=100)
    return reconnu is not None and reconnu.code not in ("titre", "numero")


def code_de_la_rangee(rangee: Rangee) -> str:
    """Rend le code de la rubrique qu'ouvre une ligne, si ses mots sont exacts."""
    if rangee.libelle is not None:
        return rangee.libelle.libelle.code
    if not rangee.est_tableau or not rangee.contenu:
        return ""
    tete = texte_de(rangee.cellules[0]) if len(rangee.cellules[0]) < 200 else ""
    reconnu = reconnaitre(tete, seuil=_SEUIL_D_UN_CODE) if tete else None
    return reconnu.code if reconnu else ""


def _mots_de_fiche(
    nommes: list[tuple[int, Titre]], libelles: list[bool], bornes: frozenset[int]
) -> list[str]:
    """Rend les mots qui nomment la fiche : « fiche… » d'abord, sinon ceux que suivent des rubriques."""
    bas = [cle(mot) for mot in charger_lexique("rubriques")["niveaux"]["fiche"]]
    comptes = Counter(t.mot for _, t in nommes)
    sures = [mot for mot in bas if mot.startswith(_FICHES_SURES) and comptes[mot]]
    if sures:
        return sures
    milieu = [cle(mot) for mot in charger_lexique("rubriques")["niveaux"]["enjeu"]]
    suivies = Counter(t.mot for rang, t in nommes if _est_suivi(rang, libelles, bornes))
    for mot in (*bas, *reversed(milieu)):
        if suivies[mot] and suivies[mot] * 2 >= comptes[mot]:
            return [mot]
    # aucun libellé connu : les titres suffisent, quand un mot revient
    return [mot for mot in bas if comptes[mot] > 1][:1]


def _bornes(titres: list[tuple[int, Titre]]) -> frozenset[int]:
    """Rend les lignes qui ferment la portée d'un titre : pas celles qui disent, sous lui, où il est."""
    bas = {cle(mot) for mot in charger_lexique("rubriques")["niveaux"]["fiche"]}
    bornes, tete = set(), -1  # tete : dernière ligne d'un titre de fiche et de ses étiquettes
    for rang, titre in titres:
        if titre.mot in bas:
            tete = rang
        elif titre.mot and rang == tete + 1:
            tete = rang
            continue
        bornes.add(rang)
    return frozenset(bornes)


def _est_suivi(rang: int, libelles: list[bool], bornes: frozenset[int]) -> bool:
    """Dit si une rubrique s'ouvre après ce titre, avant le titre suivant."""
    for suivant in range(rang + 1, min(rang + _PORTEE, len(libelles))):
        if libelles[suivant]:
            return True
        if suivant in bornes:
            return False
    return False


def _a_des_titres_sans_mot(titres: list[tuple[int, Titre]]) -> bool:
    """Dit si des titres sans mot, chacun devant un titre nommé, sont les piliers du document.

    Un seul peut être le titre de la couverture.
    """
    devant = [
        avant
        for (_, avant), (_, apres) in pairwise(titres)
        if avant.niveau == "libre" and (avant.dieses or avant.majuscules) and apres.mot
    ]
    return len(devant) > 1


def _mots_au_dessus(
    nommes: list[tuple[int, Titre]], mots: dict[str, str], premiere: int, sous_un_titre: bool
) -> dict[str, str]:
    """Rend le niveau des mots plus larges que la fiche : ils paraissent avant elle, dans l'ordre."""
    vus = dict.fromkeys(t.mot for rang, t in nommes if rang < premiere and t.mot not in mots)
    fiches = {cle(mot) for mot in charger_lexique("rubriques")["niveaux"]["fiche"]}
    larges = [mot for mot in vus if mot not in fiches]
    if not larges:
        return {}
    if len(larges) == 1:
        habituels = {cle(mot) for mot in charger_lexique("rubriques")["niveaux"]["pilier"]}
        est_pilier = larges[0] in habituels or not (sous_un_titre or larges[0].startswith("enjeu"))
        return {larges[0]: "pilier" if est_pilier else "enjeu"}
    if len(larges) > 2 and _ne_fait_qu_une_partie(larges[0], [t.mot for _, t in nommes], larges):
        larges = larges[1:]
    premier, *milieux, dernier = larges
    return {premier: "pilier", **dict.fromkeys(milieux, "intermediaire"), dernier: "enjeu"}


def _ne_fait_qu_une_partie(mot: str, suite: list[str], larges: list[str]) -> bool:
    """Dit si, des titres d'un mot, un seul contient les autres niveaux : « Partie 2 – Nos axes »."""
    pleins = vides = 0
    for rang, un in enumerate(suite):
        if un == mot:
            suivant = next((autre for autre in suite[rang + 1 :] if autre in larges), mot)
            pleins, vides = (pleins, vides + 1) if suivant == mot else (pleins + 1, vides)
    return pleins == 1 and vides > 0


def _profondeurs(
    titres: list[tuple[int, Titre]], libelles: list[bool], intitules: int
) -> dict[int, str]:
    """Rend le niveau de chaque profondeur, quand ni un mot ni une rubrique ne nomme la fiche."""
    bornes = frozenset(rang for rang, _ in titres)
    profonds = [(rang, t) for rang, t in titres if t.dieses and not libelles[rang]]
    suivis = Counter(t.dieses for rang, t in profonds if _est_suivi(rang, libelles, bornes))
    if not suivis:
        return {}
    fiche, nombre = suivis.most_common(1)[0]
    if nombre < intitules:
        return {}
    comptes = Counter(t.dieses for _, t in profonds)
    larges = sorted(p for p in comptes if p < fiche)
    if len(larges) > 2 and comptes[larges[0]] == 1:
        larges = larges[1:]  # le titre du document
    resultat = {fiche: "fiche"}
    if larges:
        resultat[larges[0]] = "pilier"
    if len(larges) > 1:
        resultat[larges[-1]] = "enjeu"
        resultat |= dict.fromkeys(larges[1:-1], "intermediaire")
    return resultat


def _dieses_au_dessus(titres: list[tuple[int, Titre]], mots: dict[str, str]) -> dict[int, str]:
    """Rend le niveau des titres sans mot d'un document dont les fiches, elles, sont nommées."""
    niveaux = set(mots.values())
    if "pilier" in niveaux and "enjeu" not in niveaux:
        fiche = Counter(t.dieses for _, t in titres if mots.get(t.mot) == "fiche")
        haut = Counter(t.dieses for _, t in titres if mots.get(t.mot) == "pilier")
        bas, large = (c.most_common(1)[0][0] for c in (fiche, haut))
        entre = {
            t.dieses
            for _, t in titres
            if t.niveau == "libre" and numero_nu(t.texte)[0] and large < t.dieses < bas
        }
        return dict.fromkeys(entre, "enjeu") if large else {}
    return {}


def _separateur(titres: list[tuple[int, Titre]], mots: dict[str, str], dieses: dict) -> str:
    """Rend le séparateur le plus employé par les numéros de fiche, que leurs titres aient un mot ou non."""
    nommes = [t.numero for _, t in titres if t.mot and mots.get(t.mot) == "fiche"]
    nus = [
        numero_nu(t.texte)[0] for _, t in titres if not t.mot and dieses.get(t.dieses) == "fiche"
    ]
    numeros = "".join(nommes + nus)
    return "." if numeros.count(".") > numeros.count("-") else "-"
