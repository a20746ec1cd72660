"""Lire du français tel qu'il s'écrit : mots et leurs places, racines, fréquences, sons. Sans base."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import wordfreq

from parvis.socle.texte import racine, sans_accents

# Des lettres d'un côté, des chiffres de l'autre : « BOP147 » se lit comme « BOP 147 ».
MOT = re.compile(r"[^\W\d_]+|\d+")
# Les mots qui n'aident jamais à reconnaître un sujet.
MOTS_OUTILS = frozenset(
    """a afin allez aupres auquel aurait chacun chacune contre duquel faites faudrait laquelle lequel
    lesquelles lesquels malgre parmi pourraient selon via
    afin ah ai aie ainsi alors apres as assez au aucun aucune aussi autre autres aux avaient avait
    avant avec avez avoir avons ayant beaucoup bien bon bonjour c ca car ce ceci cela celle celles
    celui ces cet cette ceux chaque chez ci comme comment d dans de deja depuis des dire dit doit
    doivent donc dont du elle elles en encore entre es est et etaient etait etant ete etes etre eu
    eux fait faire fais faut font hein hui ici il ils j je jusqu jusque l la le les leur leurs lors
    lui m ma mais me mem meme memes merci mes mettre mien moi moins mon n ne ni nos notre nous on ont
    ou oui par parce parfois pas peu peut peuvent peux plus plusieurs plutot pour pourquoi pourrait
    pourrions pouvoir pu puis puisque qu quand que quel quelle quelles quels quelque quelques qui
    quoi rien s sa sans se sera seront ses si sinon soit sommes son sont sous souvent suis sur svp t
    ta tandis tant te tel telle tellement tes toi ton toujours tous tout toute toutes tres trop tu un
    une va vais vers veulent veut veux vient voila voir vont vos votre voudrais voudrait voulez vous
    vraiment y etc ex""".split()
)


@dataclass(frozen=True, slots=True)
class Mot:
    """Un mot d'un texte : sa place, sa forme sans accents, sa clé, et s'il n'est qu'un outil."""

    debut: int
    fin: int
    plat: str
    cle: str
    est_outil: bool


def lire_les_mots(texte: str) -> list[Mot]:
    """Rend les mots du texte, dans l'ordre."""
    return [
        Mot(trouve.start(), trouve.end(), *lire_un_mot(trouve.group()))
        for trouve in MOT.finditer(texte)
    ]


@lru_cache(maxsize=65536)
def lire_un_mot(ecrit: str) -> tuple[str, str, bool]:
    """Rend un mot sans accents, la clé que partagent ses formes, et s'il n'est qu'un outil.

    La clé est la racine ; trop courte, elle confondrait (« gare » et « gars », « CAF » et « café »),
    et c'est alors le mot au singulier. Un nombre seul ne dit aucun sujet.
    """
    plat = sans_accents(ecrit)
    reduite = racine(plat)
    cle = reduite if len(reduite) > 3 else plat if len(plat) < 4 else plat.rstrip("sx")
    # Quelques signes, réduits, ne laissent rien (« ﾞ »).
    return plat, cle, not cle or plat in MOTS_OUTILS or plat.isdigit()


@cache
def _frequences() -> dict[str, float]:
    """Rend la fréquence de chaque mot français courant, accents ôtés : la plus forte des formes."""
    frequences: dict[str, float] = {}
    for mot, frequence in wordfreq.get_frequency_dict("fr", "small").items():
        plat = sans_accents(mot)
        frequences[plat] = max(frequences.get(plat, 0.0), wordfreq.freq_to_zipf(frequence))
    return frequences


def banalite(plat: str) -> float:
    """Rend la fréquence d'un mot dans le français de tous les jours, sur l'échelle de Zipf (0 à 8)."""
    return _frequences().get(plat, 0.0)


# L'orthographe d'un son, la plus longue d'abord ; l'ordre compte.
_SONS = [
    (re.compile(motif), son)
    for motif, son in (
        (r"ph", "f"),
        (r"h", ""),
        (r"(.)\1", r"\1"),
        (r"qu|q|c(?=[aourlt])|ck", "k"),
        (r"c(?=[eiy])|ti(?=on)|s+", "s"),
        (r"c$", "k"),
        (r"g(?=[eiy])", "j"),
        (r"eaux?|aux?", "o"),
        (r"oeu|eu", "e"),
        (r"ain|ein|aim|im(?=[pb])|un", "in"),
        (r"en|em(?=[pb])|am(?=[pb])", "an"),
        (r"om(?=[pb])", "on"),
        (r"ai|ei|ay|ey|er$|ez$", "e"),
        (r"y", "i"),
        (r"w", "v"),
        (r"z", "s"),
        (r"[esxtdp]+$", ""),
    )
]


@lru_cache(maxsize=65536)
def sons(plat: str) -> str:
    """Rend ce qu'un mot donne à entendre, à peu près : « kartier » et « quartier » s'entendent pareil."""
    for motif, son in _SONS:
        plat = motif.sub(son, plat)
    return plat
