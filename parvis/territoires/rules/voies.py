"""Un nom de voie : ce qui se compare, et à quel point deux noms disent la même voie."""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from parvis.socle.texte import mots


def _table(lignes: str) -> dict[str, str]:
    """Rend, pour chaque abréviation d'une table « mot : abréviations », le mot entier."""
    paires = (ligne.split(":") for ligne in lignes.strip().splitlines())
    return {abrege: entier.strip() for entier, abreges in paires for abrege in abreges.split()}


# Une abréviation de type ne vaut qu'en tête : « all » ailleurs n'est pas une allée.
TYPES_ABREGES = _table(
    """
    allee: all al alle
    avenue: av ave aven
    boulevard: bd bld boul bvd blvd bld bvrd
    carrefour: car carr carf
    chaussee: chs chau
    chemin: ch che chem chm
    cours: crs
    domaine: dom
    esplanade: esp espl
    faubourg: fbg fg fb
    hameau: ham
    impasse: imp impas
    lotissement: lot lotis
    montee: mte
    passage: pass pas psg psge
    place: pl
    promenade: prom
    quai: qu q
    quartier: qua quart qrt
    residence: res resid
    rond point: rpt rdpt
    route: rte
    rue: r
    sentier: sent
    sente: sen
    square: sq squ
    traverse: tra trav
    villa: vla
    zone: zn
    """
)
# Ce qui nomme aussi bien un ensemble d'immeubles : une vraie voie à côté passe devant.
TYPES_D_ENSEMBLE = frozenset(
    "cite domaine hameau jardin lotissement parc quartier residence zone".split()
)
# « rond point » a deux mots ; son premier suffit à dire la sorte.
TYPES = (
    frozenset(entier.split()[0] for entier in TYPES_ABREGES.values())
    | TYPES_D_ENSEMBLE
    | frozenset(
        """clos cote cour coursive dalle galerie mail parvis placette pont port ruelle terrasse
        venelle voie za zac zi""".split()
    )
)
TITRES_ABREGES = _table(
    """
    abbe: abb
    adjudant: adj
    amiral: amir
    capitaine: cap capt cne
    colonel: col
    commandant: cdt cmdt cdnt
    docteur: dr doct
    general: gal gen gnl gl
    lieutenant: lt ltt
    marechal: mal mar mchal
    monseigneur: mgr
    notre dame: nd
    president: pdt pres prdt
    professeur: prof pr
    saint: st
    sainte: ste
    sergent: sgt
    grande: gde
    grand: gd
    """
)
TITRES = frozenset(
    """abbe adjudant amiral capitaine colonel commandant docteur general lieutenant marechal
    monseigneur president professeur sergent""".split()
)
ARTICLES = frozenset("de du des la le les l d et".split())
MOIS = frozenset(
    """janvier fevrier mars avril mai juin juillet aout septembre octobre novembre
    decembre""".split()
)
NOMBRES = {
    mot: nombre
    for nombre, mot in enumerate(
        """zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze
        seize""".split()
    )
} | {"vingt": 20, "trente": 30, "premier": 1}
# « Pont Neuf » n'est pas un nombre, ni « un » : ceux-là ne comptent que devant un mois.
NOMBRES_DE_DATE = frozenset(("zero", "un", "premier", "neuf"))
ORDINAUX = frozenset("er ere e eme ieme".split())
# Ces mots distinguent deux voies : « rue Vieille Église » n'est pas « rue Église ».
DISTINCTIFS = frozenset(
    """ancien ancienne basse bas belle clos grand grande haut haute neuf neuve nouveau nouvelle petit
    petite vieil vieille vieux""".split()
)
TYPE_DIFFERENT, TYPE_ABSENT = 0.7, 0.9
# Au-dessous de 0,8 : ce n'est peut-être pas la même voie.
DOUTEUX = 0.75


@lru_cache(maxsize=65536)
def cle_de_voie(nom: str) -> str:
    """Rend le nom d'une voie sans accent, abréviation ni mot vide ; sa propre clé est elle-même."""
    lus = mots(nom[:400])
    pleins = [
        mot
        for rang, mot in enumerate(lus)
        # « allée D » garde sa lettre.
        if mot not in ARTICLES or (len(mot) == 1 and rang == len(lus) - 1)
    ] or lus
    if pleins:
        pleins[:1] = TYPES_ABREGES.get(pleins[0], pleins[0]).split()
    dernier = len(pleins) - 1
    # « rue du Col » n'est pas celle d'un colonel : un titre annonce un nom.
    pleins = [
        entier
        for rang, mot in enumerate(pleins)
        for entier in (
            TITRES_ABREGES.get(mot, mot) if rang < dernier or mot == "nd" else mot
        ).split()
    ]
    if pleins[:2] == ["grand", "rue"]:
        pleins[0] = "grande"
    cle = " ".join(_sans_ordinaux(_en_chiffres(pleins)))
    return cle if len(cle) <= 200 else cle[:201].rpartition(" ")[0] or cle[:200]


def _en_chiffres(lus: list[str]) -> list[str]:
    """Rend les mots, les nombres écrits en toutes lettres mis en chiffres."""
    rendus: list[str] = []
    rang = 0
    while rang < len(lus):
        mot, suivant = lus[rang], lus[rang + 1] if rang + 1 < len(lus) else ""
        apres = lus[rang + 2] if rang + 2 < len(lus) else ""
        unite = NOMBRES.get(suivant, 0)
        est_compose = mot in ("dix", "vingt", "trente") and 0 < unite < 10 and suivant != "premier"
        # « Dix neuf » se dit d'un nombre, « vingt un » seulement d'une date.
        if est_compose and (suivant != "un" or apres in MOIS):
            rendus.append(str(NOMBRES[mot] + unite))
            rang += 2
            continue
        if mot in NOMBRES and (mot not in NOMBRES_DE_DATE or suivant in MOIS):
            rendus.append(str(NOMBRES[mot]))
        else:
            rendus.append((mot.lstrip("0") or "0") if mot.isdigit() else mot)
        rang += 1
    return rendus


def _sans_ordinaux(lus: list[str]) -> list[str]:
    """Rend les mots, « 1er mai » lu « 1 mai »."""
    rendus: list[str] = []
    for mot in lus:
        if not (mot in ORDINAUX and rendus and rendus[-1].isdigit()):
            rendus.append(mot)
    return rendus


@dataclass(frozen=True)
class _Nom:
    """Un nom de voie, son type à part ; un article après le type dit que ce n'est pas une personne."""

    type: str
    mots: tuple[str, ...]
    a_article: bool


@lru_cache(maxsize=65536)
def _nom(voie: str) -> _Nom:
    pleins = tuple(cle_de_voie(voie).split())
    lus = mots(voie[:400])
    sorte = _type(pleins[0]) if len(pleins) > 1 else ""
    debut = lus[1:2] if sorte else lus[:1]
    return _Nom(sorte, pleins[1:] if sorte else pleins, bool(debut and debut[0] in ARTICLES))


def _type(mot: str) -> str:
    """Rend le type de voie qu'un mot dit, une faute de frappe pardonnée s'il est long."""
    if mot in TYPES:
        return mot
    proches = [t for t in TYPES if len(t) > 5 and OSA.distance(mot, t, score_cutoff=1) == 1]
    return proches[0] if len(proches) == 1 else ""


def score_de_voie(cherchee: str, connue: str) -> float:
    """Rend de 0 à 1 la chance que deux noms disent la même voie ; deux voies différentes restent sous 0,8.

    Les noms entiers se comparent mieux que les clés : un article y distingue un lieu d'une personne.
    """
    a, b = _nom(cherchee), _nom(connue)
    if not a.mots or not b.mots:
        return 0.0
    types = 1.0 if a.type == b.type else TYPE_DIFFERENT if a.type and b.type else TYPE_ABSENT
    return round(_score_des_noms(a, b) * types, 3)


def _score_des_noms(a: _Nom, b: _Nom) -> float:
    if a.mots == b.mots:
        return 1.0
    if "".join(a.mots) == "".join(b.mots):
        return 0.97
    if sorted(a.mots) == sorted(b.mots):
        return 0.95
    pire, seuls_a, seuls_b = _apparier(a.mots, b.mots)
    if not seuls_a and not seuls_b:
        return pire
    if seuls_a and seuls_b:
        return DOUTEUX * fuzz.token_sort_ratio(" ".join(a.mots), " ".join(b.mots)) / 100
    long, seuls = (a, seuls_a) if seuls_a else (b, seuls_b)
    return pire * _score_d_un_oubli(long, seuls, a.a_article or b.a_article)


def _score_d_un_oubli(long: _Nom, seuls: list[int], a_article: bool) -> float:
    """Rend ce que vaut un nom dont l'autre graphie ne dit pas tout : l'année, le titre, le prénom."""
    oublies = [long.mots[rang] for rang in seuls]
    if MOIS.intersection(long.mots) and all(m.isdigit() and len(m) == 4 for m in oublies):
        return 0.95
    if all(mot in TITRES for mot in oublies):
        return 0.92
    en_tete = seuls == list(range(len(seuls))) and len(seuls) <= 3
    est_prenom = en_tete and all(
        mot.isalpha() and mot not in DISTINCTIFS and mot not in TYPES for mot in oublies
    )
    if est_prenom and (not a_article or oublies[0] in TITRES):
        return 0.88
    return DOUTEUX * 0.9


def _apparier(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[float, list[int], list[int]]:
    """Rend la moins bonne ressemblance des mots appariés, et les rangs de ceux qui restent seuls."""
    seuls_a, seuls_b = list(range(len(a))), list(range(len(b)))
    sures = False
    for rang, mot in enumerate(a):
        jumeau = next((autre for autre in seuls_b if b[autre] == mot), None)
        if jumeau is not None:
            seuls_a.remove(rang)
            seuls_b.remove(jumeau)
            sures = sures or (len(mot) > 3 and mot not in TITRES)
    pire = 1.0
    for rang in tuple(seuls_a):
        notes = [
            (
                _ressemblance(a[rang], b[autre], sures, rang < len(a) - 1 and autre < len(b) - 1),
                autre,
            )
            for autre in seuls_b
        ]
        note, autre = max(notes, default=(0.0, 0))
        if note >= 0.5:
            pire = min(pire, note)
            seuls_a.remove(rang)
            seuls_b.remove(autre)
    return pire, seuls_a, seuls_b


def _ressemblance(un: str, autre: str, accompagne: bool, est_prenom: bool) -> float:
    """Rend de 0 à 1 la chance que deux mots soient le même, à une faute ou une initiale près.

    Accompagné d'un mot identique, une faute se pardonne mieux ; à la première lettre, moins.
    """
    if 1 in (len(un), len(autre)):
        return 0.93 if est_prenom and un[0] == autre[0] and un.isalpha() else 0.0
    if un.isdigit() or autre.isdigit() or min(len(un), len(autre)) < 4:
        return 0.0
    if _a_l_oreille(un) == _a_l_oreille(autre):
        return 0.95
    fautes = OSA.distance(un, autre, score_cutoff=3) + (un[0] != autre[0])
    return max(0.0, 1 - (1.1 if accompagne else 1.5) * fautes / max(len(un), len(autre)))


@lru_cache(maxsize=65536)
def _a_l_oreille(mot: str) -> str:
    """Rend un mot comme il s'entend à peu près : lettres doublées, « ph », « y », « h » muet."""
    simple = mot.replace("ph", "f").replace("y", "i").replace("h", "")
    return "".join(c for rang, c in enumerate(simple) if simple[rang - 1 : rang] != c)
