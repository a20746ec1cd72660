"""Un dispositif imprimé, dans une fiche, presque comme dans les autres : lettre, accord ou accent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

from .graphies import HABITUDE, comparer
from .structure import Anomalie, Dispositif
from .texte import cle_souple, plier

USUELS_MAX = 300  # noms auxquels un nom rare est comparé


def relire_les_dispositifs(dispositifs: Iterable[Dispositif]) -> list[Anomalie]:
    """Rend les noms rares qui ne s'écartent que de peu d'un nom plus employé du même document."""
    tous = list(dispositifs)
    comptes = Counter(d.nom for d in tous)
    usuels = [nom for nom, nombre in comptes.most_common(USUELS_MAX) if nombre > 1]
    cles = {nom: tuple(cle_souple(nom).split()) for nom in comptes}
    resultat = []
    for dispositif in tous:
        for usuel in usuels:
            if comptes[usuel] <= comptes[dispositif.nom] or len(cles[usuel]) != len(
                cles[dispositif.nom]
            ):
                continue
            if ecart := _ecart(dispositif.nom, usuel, cles, comptes):
                texte = (
                    f"« {dispositif.nom} » : {ecart}, ailleurs « {usuel} », {comptes[usuel]} fois"
                )
                resultat.append(Anomalie(dispositif.ligne, "graphie_isolee", texte))
                break
    return list(dict.fromkeys(resultat))


def _ecart(
    nom: str, usuel: str, cles: dict[str, tuple[str, ...]], comptes: Counter[str]
) -> str | None:
    if cles[nom] != cles[usuel]:
        return "une lettre diffère" if _une_lettre(cles[nom], cles[usuel]) else None
    if len(cles[nom]) < 2 or (plier(nom) == plier(usuel) and nom.lower() == usuel.lower()):
        return None
    ecart = comparer(nom, usuel, False)
    if (
        ecart is None
        and comptes[nom] == 1
        and comptes[usuel] >= HABITUDE
        and plier(nom) != plier(usuel)
    ):
        return "singulier ou pluriel"
    return ecart


def _une_lettre(mots: tuple[str, ...], usuels: tuple[str, ...]) -> bool:
    """Un seul mot diffère, d'une lettre, sans être un sigle, un nombre ou un mot court."""
    differents = [(a, b) for a, b in zip(mots, usuels, strict=True) if a != b]
    if len(differents) != 1 or len(mots) < 2:
        return False
    (lu, attendu), *_ = differents
    if min(len(lu), len(attendu)) < 5 or lu[0] != attendu[0] or lu[-1] != attendu[-1]:
        return False
    return DamerauLevenshtein.distance(lu, attendu, score_cutoff=1) <= 1
