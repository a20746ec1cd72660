"""Lire une adresse écrite à la main : numéro, voie, code postal, commune."""

import re
from dataclasses import dataclass

from parvis.socle.texte import en_une_ligne, mots, sans_accents
from parvis.territoires.rules.voies import (
    ARTICLES,
    MOIS,
    TITRES_ABREGES,
    TYPES,
    TYPES_ABREGES,
    TYPES_D_ENSEMBLE,
    cle_de_voie,
    score_de_voie,
)

# Une adresse plus longue n'en est pas une, et la lire coûterait cher.
LONGUEUR_MAX = 200
__all__ = [
    "AdresseLue",
    "cle_de_commune",
    "cle_de_voie",
    "lire_adresse",
    "sans_la_commune",
    "score_de_voie",
]


def _accentuable(mot: str) -> str:
    """Rend un motif qui reconnaît aussi le mot accentué."""
    return re.sub("[aeo]", lambda c: {"a": "[aâ]", "e": "[eéèê]", "o": "[oô]"}[c[0]], mot)


_TYPE = "|".join(
    sorted(
        map(_accentuable, {t.split()[0] for t in {*TYPES, *TYPES_ABREGES}}), key=len, reverse=True
    )
)
_SUFFIXE = r"(?:bis|ter|quater|quinquies|[a-z])(?![^\W\d_])"
# « 12 », « 12 bis », « 12B », « 12-14 », « 12 à 16 », « 12/14/16 », « 12 et 14 » : le premier compte.
_NUMERO = (
    rf"(?<!\w)(?:n(?:°|o|um)?\.? ?)?(?P<numero>[0-9]{{1,4}}) ?(?P<suffixe>{_SUFFIXE})?"
    # Bornée : « 12 a 12 a 12 a… » se lirait de trop de façons.
    rf"(?: ?(?:[-–/&,]|à|a|et) ?[0-9]{{1,4}} ?(?:{_SUFFIXE})?){{0,4}}"
)
_NUMERO_ET_TYPE = re.compile(rf"{_NUMERO} ?,? ?(?P<voie>(?P<type>{_TYPE})\b.*)", re.IGNORECASE)
_NUMERO_ET_NOM = re.compile(rf"{_NUMERO} ?[ ,] ?(?P<voie>[^\W\d_].*)", re.IGNORECASE)
_NUMERO_SEUL = re.compile(_NUMERO, re.IGNORECASE)
_NUMERO_APRES = re.compile(rf"(?P<voie>.+?) (?=n[°o]){_NUMERO}", re.IGNORECASE)
_TYPE_EN_TETE = re.compile(rf"(?P<type>{_TYPE})\b\W*\w", re.IGNORECASE)
_TYPE_AU_MILIEU = re.compile(
    r"(?<!grande)(?<!grand) ((?:rue|avenue|av\.?|boulevard|bd\.?|place|all[ée]e|impasse|chemin|quai)"
    r" +\w.*)",
    re.IGNORECASE,
)
_CEDEX = re.compile(r"\bcedex\b(?: ?[0-9]{1,2}\b)?", re.IGNORECASE)
_BOITE_POSTALE = re.compile(r"\b(?:bp|cs|tsa) ?(?:n° ?)?[0-9]{1,5}(?![0-9])", re.IGNORECASE)
_CODE_POSTAL = re.compile(r"(?<!\w)(?:FR?-? ?)?([0-9]{5})(?!\w)", re.IGNORECASE)
_CODE_POSTAL_COUPE = re.compile(
    r"(?<!\w)([0-9]{2} [0-9]{3})(?= [^\W\d_]{3})(?! (?:rue|avenue|all)\b)"
)
_IMMEUBLE = (
    r"(?:b[âa]t(?:iment)?|esc(?:alier)?|app?t|appartement|[ée]tage|hall|bo[iî]te|cage|logement|lgt"
    r"|porte|tour|entr[ée]e|immeuble|imm)\b\.? ?(?:n° ?)?"
    r"(?:[0-9]{1,4}[a-z]?|[a-z][0-9]{0,3}|gauche|droite|nord|sud|est|ouest)(?!['’\w])"
)
_ETAGE = r"[0-9]{1,2} ?(?:er|e|[èe]me) ?[ée]tage(?: gauche| droite)?|rdc|rez[- ]de[- ]chauss[ée]e"
_IMMEUBLE_EN_TETE = re.compile(rf"(?:(?:{_IMMEUBLE}|{_ETAGE}) ?)+(?! ?$)", re.IGNORECASE)
_IMMEUBLE_EN_QUEUE = re.compile(rf"(?: (?:{_IMMEUBLE}|{_ETAGE}))+$", re.IGNORECASE)
_A_PART = re.compile(rf"{_IMMEUBLE}|{_ETAGE}|chez\b|france$|b[âa]t|tour\b|porte\b", re.IGNORECASE)
_ARRONDISSEMENT = re.compile(r" +[0-9]{1,2} ?(?:er|e|[èe]me)?(?: arr\w*\.?)?$", re.IGNORECASE)
_BORDS = " ,;:.-–()/"


@dataclass(frozen=True)
class AdresseLue:
    """Une adresse écrite à la main, telle qu'on la comprend ; ce qui manque est vide."""

    numero: int | None
    suffixe: str
    voie: str
    voie_cle: str
    code_postal: str
    commune: str


@dataclass(frozen=True)
class _Voie:
    """Une voie trouvée dans une case du texte."""

    rang: int
    voie: str = ""
    numero: int | None = None
    suffixe: str = ""
    est_sure: bool = True


def lire_adresse(texte: str, code_postal: str = "", commune: str = "") -> AdresseLue:
    """Lit une adresse ; le code postal et la commune donnés à part passent devant ceux du texte.

    Le numéro d'une plage est le premier ; bâtiment, étage, boîte postale et cedex s'oublient.
    """
    propre = re.sub(r"[\r\n]+|\s[-–—]\s", ", ", texte[:LONGUEUR_MAX])
    propre = _BOITE_POSTALE.sub(",", _CEDEX.sub(" ", en_une_ligne(propre)))
    avant, code, apres = _couper_au_code_postal(en_une_ligne(propre))
    cases, suite = _cases(avant), _cases(apres)
    if not cases:
        # Le code postal ouvre l'adresse : « 94200 Ivry, 12 rue X ».
        suite, cases = suite[:1], suite[1:]
    trouvee = _trouver(cases)
    ville = (
        en_une_ligne(commune) or _commune_parmi(suite) or _commune_parmi(cases[trouvee.rang + 1 :])
    )
    ville = _ARRONDISSEMENT.sub("", _CODE_POSTAL.sub("", ville)).strip(_BORDS)
    voie = sans_la_commune(trouvee.voie, ville)
    chiffres = re.sub(r"[^0-9]", "", code_postal)
    return AdresseLue(
        trouvee.numero,
        trouvee.suffixe,
        voie,
        cle_de_voie(voie),
        chiffres if len(chiffres) == 5 else code,
        ville,
    )


def cle_de_commune(nom: str) -> str:
    """Rend un nom de commune tel qu'il se compare : « St Maur » est « Saint-Maur », sans article."""
    # « Ivry s/Seine », « Ivry/Seine ».
    entier = re.sub(r"(?i)\s*\bs?\s*/\s*", " sur ", nom)
    lus = [TITRES_ABREGES[mot] if mot in ("st", "ste") else mot for mot in mots(entier)]
    return " ".join([mot for mot in lus if mot not in ARTICLES] or lus)


def sans_la_commune(voie: str, commune: str) -> str:
    """Rend la voie sans le nom de commune qui la suit ; « rue d'Ivry » et « rue Ivry » restent."""
    reste = cle_de_commune(commune).split()
    debuts, fin = list(re.finditer(r"[^\W_]+", voie)), len(voie)
    while debuts and reste:
        mot = cle_de_commune(debuts[-1][0])
        if mot == reste[-1]:
            reste.pop()
        elif mot not in ARTICLES:
            return voie
        fin = debuts.pop().start()
    article = mots(commune)[:1]
    if debuts and article and article[0] in ARTICLES and mots(debuts[-1][0]) == article:
        fin = debuts.pop().start()
    if reste or len(debuts) < 2 or cle_de_commune(debuts[-1][0]) in ARTICLES:
        return voie
    return re.sub(r" [àÀaA]$", "", voie[:fin].strip(_BORDS))


def _couper_au_code_postal(propre: str) -> tuple[str, str, str]:
    trouves = list(_CODE_POSTAL.finditer(propre)) or list(_CODE_POSTAL_COUPE.finditer(propre))
    if not trouves:
        return propre, "", ""
    dernier = trouves[-1]
    return propre[: dernier.start()], dernier[1].replace(" ", ""), propre[dernier.end() :]


def _cases(texte: str) -> list[str]:
    """Rend les morceaux du texte entre virgules, « 12, rue X » et « 12, 14 rue X » restant entiers."""
    rendues: list[str] = []
    for case in (c.strip(_BORDS) for c in re.split(r"[,;()]", texte)):
        if not case:
            continue
        seul = bool(rendues) and _NUMERO_SEUL.fullmatch(rendues[-1]) is not None
        if seul and (len(rendues) == 1 or _TYPE_EN_TETE.match(case) or case[0].isdigit()):
            rendues[-1] += (", " if case[0].isdigit() else " ") + case
        else:
            rendues.append(case)
    return rendues


def _trouver(cases: list[str]) -> _Voie:
    """Rend la voie la plus sûre : numéro et type, puis type seul, puis numéro et nom, puis le reste."""
    propres = [
        _IMMEUBLE_EN_QUEUE.sub(
            "", _IMMEUBLE_EN_TETE.sub("", case, count=1) if _A_PART.match(case) else case
        )
        for case in cases
    ]
    essais = (_numero_et_type, _type_en_tete, _numero_et_nom)
    trouvees = [
        voie for essai in essais for rang, case in enumerate(propres) if (voie := essai(rang, case))
    ]
    for voie in (*(v for v in trouvees if v.est_sure), *trouvees):
        if voie.numero is None and voie.rang + 1 < len(cases):
            # « rue Lucien Selva, 3 »
            seul = _NUMERO_SEUL.fullmatch(cases[voie.rang + 1])
            if seul:
                return _Voie(voie.rang, voie.voie, *_numero(seul))
        return voie
    for rang, case in enumerate(propres):
        if not _A_PART.match(case) and not _NUMERO_SEUL.fullmatch(case):
            milieu = _TYPE_AU_MILIEU.search(case)
            return _Voie(rang, milieu[1] if milieu else case)
    return _Voie(len(cases))


def _numero_et_type(rang: int, case: str) -> _Voie | None:
    debut = 0
    trouvee = None
    while lue := _NUMERO_ET_TYPE.search(case, debut):
        debut = lue.start("voie")
        avant = mots(case[: lue.start()])
        # « rue des 3 cours » : le nombre est dans le nom.
        if avant and avant[-1] in ARTICLES:
            continue
        trouvee = _Voie(rang, lue["voie"].strip(_BORDS), *_numero(lue), est_sure=_est_une_voie(lue))
        if trouvee.est_sure:
            break
    return trouvee


def _type_en_tete(rang: int, case: str) -> _Voie | None:
    lue = _TYPE_EN_TETE.match(case)
    if lue is None or _A_PART.match(case):
        return None
    if apres := _NUMERO_APRES.fullmatch(case):
        return _Voie(
            rang, apres["voie"].strip(_BORDS), *_numero(apres), est_sure=_est_une_voie(lue)
        )
    return _Voie(rang, case, est_sure=_est_une_voie(lue))


def _numero_et_nom(rang: int, case: str) -> _Voie | None:
    lue = _NUMERO_ET_NOM.match(case)
    if lue is None or _A_PART.match(case) or (mots(lue["voie"]) or [""])[0] in MOIS:
        return None
    return _Voie(rang, lue["voie"].strip(_BORDS), *_numero(lue))


def _numero(lue: re.Match[str]) -> tuple[int, str]:
    return int(lue["numero"]), (lue["suffixe"] or "").lower()


def _est_une_voie(lue: re.Match[str]) -> bool:
    """Dit si le type lu est celui d'une voie, et non d'un ensemble d'immeubles."""
    sorte = sans_accents(lue["type"])
    return TYPES_ABREGES.get(sorte, sorte) not in TYPES_D_ENSEMBLE


def _commune_parmi(cases: list[str]) -> str:
    """Rend la première case qui peut être une commune, « France » ôtée."""
    for case in cases:
        propre = re.sub(r" france$", "", case, flags=re.IGNORECASE)
        chiffres = re.search(r"[0-9]", _ARRONDISSEMENT.sub("", propre))
        if not chiffres and not _A_PART.match(propre):
            return propre
    return ""
