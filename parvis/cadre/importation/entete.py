"""En-tête du contrat : titre, territoire, période."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from .fragments import Bloc
from .lexique import charger_territoires
from .texte import cle, plier

_PERIODE = re.compile(r"(?<!\d)(20\d{2})\s*(?:[-–—/]|à|a)\s*(20\d{2})(?!\d)")
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


def lire_entete(prologue: list[Bloc], texte: str) -> Entete:
    """Rend l'en-tête du contrat ; ce que le document ne dit pas reste vide."""
    textes = [bloc.texte for bloc in prologue]
    titre = next((t for t in textes if "contrat de ville" in plier(t)), "")
    titre = titre or next((t for t in textes if not _TERRITOIRE.match(plier(t))), "")
    territoire = next((t for t in textes if _TERRITOIRE.match(plier(t)) and t != titre), "")
    if not territoire:
        nomme = re.search(r"[Cc]ommunauté d['’]agglomération (?:[A-ZÀ-Þ][\w'’-]+ ?){1,4}", texte)
        territoire = nomme.group().strip() if nomme else ""
    return Entete(titre, territoire, _periode(titre, texte), _nom_court(territoire))


def _periode(titre: str, texte: str) -> tuple[int | None, int | None]:
    trouve = _PERIODE.search(titre)
    if trouve is not None:
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
