"""Lire les postes que l'État aide : les colonnes d'un fichier publié, ses lignes, et ses doublons."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from parvis.dossiers.rules.exports import LigneBrute, cle_de_colonne
from parvis.organismes.rules.numeros import NumeroInvalide, normaliser_siret
from parvis.programmation.enums import DispositifDePoste
from parvis.socle.montants import MontantIllisible, lire_montant
from parvis.socle.refus import Refus
from parvis.socle.texte import cle_de_tri, sans_signes_caches

# Six ans de tous les postes du pays en font trente mille.
LIGNES_MAX = 100_000
# Au-delà, ce n'est pas une faute de frappe : la colonne n'est pas celle des codes.
ILLISIBLES_MAX = 200
# Chaque fait, son nom à l'écran, et comment les fichiers titrent sa colonne.
FAITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "exercice": ("l’année", ("annee", "exercice", "année de financement")),
    "numero": (
        "le numéro du poste",
        ("id_poste", "numero", "numéro de poste", "numéro du poste", "n° de poste", "poste"),
    ),
    "siret": ("le Siret", ("siret", "numéro Siret", "n° Siret", "Siret de l’employeur")),
    "nom": (
        "l’employeur",
        ("raison_sociale", "employeur", "organisme", "structure", "association"),
    ),
    "montant": ("le montant", ("montant", "montant (€)", "coût théorique", "coût théorique (€)")),
    "codes": ("le code du contrat", ("code_cv", "code contrat", "code du contrat de ville")),
}
FACULTATIFS = ("siret",)
# Les contrats de 2015, puis ceux de 2024 : le département sur trois signes, un rang, une sorte.
_CODE = r"CV[0-9]{3}|CN[0-9]{2}[0-9AB][0-9]{2}[A-Z]"
CODE = re.compile(_CODE)
_COLLES = re.compile(rf"(?:{_CODE})*")
_ENTRE_CODES = re.compile(r"[\s,;/+|-]+")
_ANNEE = re.compile(r"20[0-9]{2}")
_LONGUEURS = {"numero": 40, "nom": 300}
# Les mots d'un nom de fichier qui disent son dispositif.
_DANS_LE_NOM = {
    DispositifDePoste.ADULTE_RELAIS: ("adulte", "relais"),
    DispositifDePoste.FONJEP: ("fonjep",),
}


@dataclass(frozen=True)
class PosteLu:
    """Un poste d'un exercice, tel qu'une ligne le dit ; `alerte` dit ce qui s'y lit mal."""

    ligne: int
    exercice: int
    numero: str
    nom: str
    siret: str
    montant: Decimal
    autres_codes: str
    alerte: str = ""

    @property
    def cle(self) -> tuple[int, str]:
        return self.exercice, self.numero

    @property
    def dit(self) -> tuple[object, ...]:
        """Rend ce qui distingue deux lignes du même poste."""
        return self.nom, self.siret, self.montant


@dataclass(frozen=True)
class LigneRefusee:
    """Une ligne du contrat qui ne se lit pas, et pourquoi."""

    ligne: int
    exercice: int | None
    numero: str
    motifs: tuple[str, ...]


@dataclass(frozen=True)
class PostesLus:
    """Ce qu'un fichier dit d'un contrat, et ce qu'il dit d'autre."""

    postes: list[PosteLu] = field(default_factory=list)
    refusees: list[LigneRefusee] = field(default_factory=list)
    # Les lignes de ce contrat, telles qu'écrites : de quoi relire ce qui vient d'être montré.
    brutes: list[LigneBrute] = field(default_factory=list)
    redites: int = 0
    ailleurs: int = 0
    sans_code: int = 0

    @property
    def exercices(self) -> list[int]:
        """Rend les exercices dont le fichier dit au moins un poste du contrat."""
        return sorted({poste.exercice for poste in self.postes})


_TITRES = {cle_de_colonne(titre): fait for fait, (_, titres) in FAITS.items() for titre in titres}


def reconnaitre_les_colonnes(colonnes: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Rend le rang de la colonne de chaque fait, et ce qui empêche de lire."""
    rangs: dict[str, int] = {}
    for rang, titre in enumerate(colonnes):
        fait = _TITRES.get(cle_de_colonne(titre))
        if fait:
            rangs.setdefault(fait, rang)
    presentes = ", ".join(colonnes)
    motifs = [
        f"Aucune colonne ne dit {nom} (« {titres[0]} »). Colonnes du fichier : {presentes}."
        for fait, (nom, titres) in FAITS.items()
        if fait not in rangs and fait not in FACULTATIFS
    ]
    return rangs, motifs


def normaliser_code(texte: str) -> str:
    """Rend un code de contrat comme les fichiers l'écrivent : « cv 357 » devient « CV357 »."""
    return "".join(sans_signes_caches(texte).split()).upper()


def codes_colles(texte: str) -> list[str] | None:
    """Rend les codes d'une cellule, collés (« CV380CV384 ») ou séparés ; None si un reste n'en est pas un."""
    serre = _ENTRE_CODES.sub("", normaliser_code(texte))
    return CODE.findall(serre) if _COLLES.fullmatch(serre) else None


def dispositifs_du_nom(nom: str) -> list[DispositifDePoste]:
    """Rend les dispositifs que nomme un fichier : « p147_fonjep_2025.csv » dit le FONJEP."""
    cle = cle_de_tri(nom)
    return [d for d, mots in _DANS_LE_NOM.items() if any(mot in cle for mot in mots)]


def choisir_le_dispositif(choisi: str, nom: str) -> tuple[DispositifDePoste | None, list[str]]:
    """Rend le dispositif choisi, ou à défaut celui que dit le nom du fichier, et ce qui en empêche."""
    nommes = dispositifs_du_nom(nom)
    if not choisi:
        if len(nommes) == 1:
            return nommes[0], []
        return None, [f"Le nom « {nom} » ne dit pas de quels postes il s’agit : choisissez-le."]
    voulu = DispositifDePoste(choisi)
    if nommes and voulu not in nommes:
        dit = nommes[0].label
        return None, [f"Vous dites « {voulu.label} », et le fichier se nomme « {nom} » ({dit})."]
    return voulu, []


def lire_les_postes(brutes: Iterable[LigneBrute], code: str) -> PostesLus:
    """Rend les postes du contrat de ce code, un par numéro et par exercice, et les lignes refusées.

    Deux lignes identiques n'en font qu'une ; deux qui se contredisent se refusent toutes deux. Une
    ligne d'un autre contrat se compte seulement, mais dit qu'un poste est partagé. Lève Refus si trop
    de codes n'en sont pas.
    """
    siennes: list[LigneBrute] = []
    gardees: list[LigneBrute] = []
    par_poste: dict[tuple[str, str], set[str]] = {}
    refusees: list[LigneRefusee] = []
    ailleurs = sans_code = 0
    for brute in brutes:
        faits = {fait: brute.faits.get(fait, "").strip() for fait in FAITS}
        if not any(faits.values()):
            continue
        codes = codes_colles(faits["codes"])
        if codes is None:
            motif = f"« {_cite(faits['codes'])} » n’est pas un code de contrat."
            refusees.append(_refusee(brute, faits, [motif]))
            gardees.append(LigneBrute(brute.ligne, faits))
            if len(refusees) > ILLISIBLES_MAX:
                raise Refus(
                    [f"Plus de {ILLISIBLES_MAX} lignes n’ont pas un code de contrat : {motif}"]
                )
        elif not codes:
            sans_code += 1
        else:
            par_poste.setdefault((faits["exercice"], faits["numero"]), set()).update(codes)
            if code in codes:
                siennes.append(LigneBrute(brute.ligne, faits))
            else:
                ailleurs += 1
    lues: list[PosteLu] = []
    for brute in siennes:
        partage = par_poste[brute.faits["exercice"], brute.faits["numero"]]
        gardees.append(LigneBrute(brute.ligne, {**brute.faits, "codes": "".join(sorted(partage))}))
        lue = _lire(brute, " ".join(sorted(partage - {code})))
        if isinstance(lue, PosteLu):
            lues.append(lue)
        else:
            refusees.append(lue)
    postes, doublons = _un_par_numero(lues)
    return PostesLus(
        postes,
        sorted([*refusees, *doublons], key=lambda refus: refus.ligne),
        gardees,
        len(lues) - len(postes) - len(doublons),
        ailleurs,
        sans_code,
    )


def _lire(brute: LigneBrute, autres_codes: str) -> PosteLu | LigneRefusee:
    faits = {fait: " ".join(sans_signes_caches(t).split()) for fait, t in brute.faits.items()}
    motifs = []
    if not _ANNEE.fullmatch(faits["exercice"]):
        motifs.append(f"« {_cite(faits['exercice'])} » n’est pas une année.")
    for fait, longueur in _LONGUEURS.items():
        if not faits[fait]:
            motifs.append(f"{FAITS[fait][0]} manque.")
        elif len(faits[fait]) > longueur:
            motifs.append(f"{FAITS[fait][0]} dépasse {longueur} signes.")
    montant = Decimal(0)
    try:
        montant = lire_montant(faits["montant"])
    except MontantIllisible as refus:
        motifs.append(f"montant : {refus}")
    if motifs:
        return _refusee(brute, faits, motifs)
    siret, alerte = _lire_le_siret(faits["siret"])
    annee = int(faits["exercice"])
    return PosteLu(
        *(brute.ligne, annee, faits["numero"], faits["nom"], siret, montant),
        autres_codes[:200],
        alerte,
    )


def _lire_le_siret(texte: str) -> tuple[str, str]:
    """Rend un Siret, ou comme il est imprimé avec ce qui y est faux : il ne se perd pas."""
    try:
        return normaliser_siret(texte), ""
    except NumeroInvalide as refus:
        return texte[:40], str(refus)


def _refusee(brute: LigneBrute, faits: Mapping[str, str], motifs: Sequence[str]) -> LigneRefusee:
    annee = int(faits["exercice"]) if _ANNEE.fullmatch(faits["exercice"]) else None
    return LigneRefusee(brute.ligne, annee, faits["numero"][:40], tuple(motifs))


def _un_par_numero(lues: Sequence[PosteLu]) -> tuple[list[PosteLu], list[LigneRefusee]]:
    par_cle: dict[tuple[int, str], list[PosteLu]] = {}
    for lue in lues:
        par_cle.setdefault(lue.cle, []).append(lue)
    postes, doublons = [], []
    for semblables in par_cle.values():
        if len({lue.dit for lue in semblables}) == 1:
            postes.append(semblables[0])
            continue
        ou = ", ".join(str(lue.ligne) for lue in semblables)
        motif = f"les lignes {ou} disent autre chose du même poste : ne gardez que la bonne."
        doublons += [
            LigneRefusee(lue.ligne, lue.exercice, lue.numero, (motif,)) for lue in semblables
        ]
    return postes, doublons


def _cite(texte: str) -> str:
    return texte if len(texte) <= 40 else f"{texte[:40]}…"
