"""En-tête du contrat : titre, territoire, période."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from .fragments import Bloc
from .lexique import charger_territoires
from .structure import SujetHorsContrat
from .texte import cle, phrases, plier

_PERIODE = re.compile(r"(?<!\d)(20\d{2})\s*(?:[-–—/]|à|a)\s*(20\d{2})(?!\d)")
_MOIS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
).split()
_DATE = re.compile(rf"(?:edition (?:de |d['’])?)?(?P<mois>{'|'.join(_MOIS)}) (?P<annee>20\d{{2}})")
_VOLET = re.compile(r"volet\s+«\s*(?P<nom>[^»]{3,80}?)\s*»")
_SANS_FICHE = re.compile(r"ne (?:comprend|comporte|contient) pas de fiches?\b")
_JOUR = re.compile(
    rf"(?P<jour>\d{{1,2}})(?:er)? (?P<mois>{'|'.join(_MOIS)}) (?P<annee>(?:19|20)\d{{2}})"
)
_PROLONGE = re.compile(rf"prolonge\w* jusqu'au {_JOUR.pattern}")
# « Territoire : … » : ce que la page de titre nomme n'est pas à chercher ailleurs.
_NOMME_EN_TETE = re.compile(r"(?P<quoi>territoire|periode)\s*:\s*", re.IGNORECASE)
_NATIONAL = re.compile(
    r"(?:correspond au )?pilier national\s*[:«]\s*(?P<nom>[^«»]{3,120}?)\s*»?\s*\.?", re.IGNORECASE
)
_LIGNE_DE_TITRE = 200
_NOMME = re.compile(r"(?:de |d['’])?((?:[A-ZÀ-Þ][\w'’-]+ ){1,4}(?:Agglomération|Métropole))\b")
# « Contrat de ville 2024-2030 de la Métropole d'Aurette » : ce qui suit, jusqu'à un signe ou une année
_DU_TITRE = re.compile(
    r"(?i:contrat de ville)(?:\s+(?:«[^»]*»|(?i:quartiers? 2030)|20\d{2}\s*[-–—/]\s*20\d{2}|,))*"
    r"\s+(?i:de la |de l['’]|des |du |de |d['’])(?P<nom>[A-ZÀ-Þ][^\d(«:,;–—|]*)"
)
_TERRITOIRE = re.compile(
    r"^(?:la )?(?:communaute (?:d'agglomeration|de communes|urbaine)|metropole|agglomeration"
    r"|etablissement public territorial|ville|commune|pays)\b"
)


@dataclass(frozen=True, slots=True)
class Entete:
    """Titre, territoire, période, et nom court du territoire."""

    titre: str
    territoire: str
    periode: tuple[int | None, int | None]
    nom_court: str
    edition: str = ""  # AAAA-MM
    prolonge_au: str | None = None  # AAAA-MM-JJ


def lire_entete(prologue: list[Bloc], texte: str) -> Entete:
    """Rend l'en-tête du contrat ; ce que le document ne dit pas reste vide."""
    nommes, textes = _lignes_nommees([bloc.texte.strip("*_ ") for bloc in prologue])
    titre = next((t for t in textes if "contrat de ville" in plier(t)), "")
    titre = titre or next((t for t in textes if not _TERRITOIRE.match(plier(t))), "")
    territoire = next((t for t in textes if _TERRITOIRE.match(plier(t)) and t != titre), "")
    if not territoire:
        nomme = re.search(r"[Cc]ommunauté d['’]agglomération (?:[A-ZÀ-Þ][\w'’-]+ ?){1,4}", texte)
        suffixe = _NOMME.search(titre)
        territoire = nomme.group().strip() if nomme else suffixe.group(1) if suffixe else ""
        territoire = territoire or _territoire_du_titre(titre)
    territoire = nommes.get("territoire") or re.split(r"\s+[–—-]\s+", territoire)[0]
    periode = _periode([nommes.get("periode", ""), titre, *textes], texte)
    prolonge_au = _prolongation(textes)
    court = _nom_court(territoire)
    return Entete(titre, territoire, periode, court, _edition(textes), prolonge_au)


def _territoire_du_titre(titre: str) -> str:
    """Rend le territoire que nomme le titre d'un contrat (« Contrat de ville de Petitbourg »), ou rien."""
    trouve = _DU_TITRE.search(titre)
    # « Contrat de ville de Roubourg - Quartiers 2030 » : un trait entouré d'espaces finit le nom
    return re.split(r"\s+-\s+", trouve["nom"])[0].strip(" -") if trouve else ""


def _lignes_nommees(textes: list[str]) -> tuple[dict[str, str], list[str]]:
    """Sépare les lignes qui disent ce qu'elles donnent (« Territoire : … ») des autres."""
    nommes: dict[str, str] = {}
    autres = []
    for texte in textes:
        trouve = _NOMME_EN_TETE.match(plier(texte))
        if trouve is None:
            autres.append(texte)
        else:
            nommes.setdefault(trouve["quoi"], texte[trouve.end() :].strip())
    return nommes, autres


def _prolongation(textes: list[str]) -> str | None:
    """Rend la date jusqu'à laquelle la page de titre dit le contrat prolongé (AAAA-MM-JJ), ou rien."""
    for texte in textes:
        trouve = _PROLONGE.search(plier(texte))
        if trouve is not None:
            return jour_imprime(trouve.group())
    return None


def jour_imprime(texte: str) -> str | None:
    """Rend la date d'un texte (« le 31 décembre 2015 ») sous la forme AAAA-MM-JJ, ou rien."""
    trouve = _JOUR.search(plier(texte))
    if trouve is None:
        return None
    mois = _MOIS.index(trouve["mois"]) + 1
    return f"{trouve['annee']}-{mois:02}-{int(trouve['jour']):02}"


def pilier_national(blocs: list[Bloc]) -> tuple[str | None, list[Bloc]]:
    """Rend le pilier national que nomme l'introduction d'un pilier, et les autres blocs."""
    for rang, bloc in enumerate(blocs):
        trouve = _NATIONAL.fullmatch(bloc.texte)
        if trouve is not None:
            return trouve["nom"], [*blocs[:rang], *blocs[rang + 1 :]]
    return None, blocs


def _edition(textes: list[str]) -> str:
    """Rend la date d'un document (« Juin 2015 » seul sur sa ligne) sous la forme 2015-06, ou rien."""
    for texte in textes:
        trouve = _DATE.fullmatch(plier(texte).strip())
        if trouve:
            return f"{trouve['annee']}-{_MOIS.index(trouve['mois']) + 1:02}"
    return ""


def lire_hors_contrat(preambule: str) -> tuple[SujetHorsContrat, ...]:
    """Rend les volets que le préambule dit sans fiche, avec la phrase qui dit où ils sont traités."""
    sujets = []
    for phrase in phrases(preambule.replace("\n", " ")):
        nomme = _VOLET.search(phrase)
        if nomme and _SANS_FICHE.search(plier(phrase)):
            titre = nomme["nom"].strip()
            sujets.append(SujetHorsContrat(titre[:1].upper() + titre[1:], phrase, (titre,)))
    return tuple(sujets)


def _periode(titres: list[str], texte: str) -> tuple[int | None, int | None]:
    for titre in titres:
        trouve = _PERIODE.search(titre)
        if trouve is not None and len(titre) <= _LIGNE_DE_TITRE:
            return int(trouve.group(1)), int(trouve.group(2))
    proches = Counter(
        re.findall(
            r"contrat de ville[^.\n]{0,20}?(20\d{2})\s*[-–/]\s*(20\d{2})", plier(texte[:2_000_000])
        )
    )
    if proches:
        (debut, fin), _ = proches.most_common(1)[0]
        return int(debut), int(fin)
    return None, None


def _nom_court(territoire: str) -> str:
    clef = cle(territoire)
    for connu in charger_territoires():
        if cle(connu["nom"]) == clef:
            return re.sub(r"^Communauté d['’]agglomération (?:de |du |d['’])?", "", connu["nom"])
    court = re.sub(
        r"(?i)^(?:la )?communauté (?:d['’]agglomération|de communes|urbaine) (?:de |du |des |d['’])?",
        "",
        territoire,
    )
    return court.strip()
