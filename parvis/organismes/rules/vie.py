"""Ce qui empêche de clore, de réunir ou de séparer des organismes."""

from collections.abc import Iterable, Sequence
from datetime import date


def motifs_empechant_la_cloture(
    *, pk: int, fin_le: date | None, suite: Sequence[int], nom: str
) -> list[str]:
    """Rend les raisons de refuser une fin ; `suite` est la file de ceux qui remplaceraient."""
    motifs = []
    if suite and fin_le is None:
        motifs.append("Donnez la date de fin : un organisme n’est remplacé que lorsqu’il finit.")
    if suite[:1] == [pk]:
        motifs.append(f"« {nom} » ne se remplace pas lui-même.")
    elif pk in suite:
        motifs.append(f"« {nom} » remplace déjà, de proche en proche, celui qui le remplacerait.")
    return motifs


def motifs_empechant_la_fusion(
    *,
    doublon: str,
    garde: str,
    est_le_meme: bool,
    doublon_est_reuni: bool,
    garde_est_reuni: bool,
    absorbes: Iterable[str],
    raisons: Sequence[str],
) -> list[str]:
    """Rend toutes les raisons de refuser de réunir un doublon à l'organisme gardé."""
    if est_le_meme:
        return ["Choisissez deux organismes différents."]
    motifs = []
    if doublon_est_reuni:
        motifs.append(f"« {doublon} » est déjà réuni à un autre organisme.")
    if garde_est_reuni:
        motifs.append(
            f"« {garde} » est lui-même un doublon : gardez l’organisme auquel il est réuni."
        )
    if reunis := list(absorbes):
        noms = ", ".join(f"« {nom} »" for nom in reunis)
        motifs.append(
            f"« {doublon} » a déjà des doublons ({noms}) : séparez-les d’abord, ou gardez « {doublon} »."
        )
    if not any(raison.strip() for raison in raisons):
        motifs.append("Dites pourquoi ces deux organismes n’en font qu’un.")
    return motifs


def motifs_empechant_la_separation(
    *, nom: str, est_reuni: bool, numeros_repris: Iterable[str]
) -> list[str]:
    """Rend les raisons de refuser de défaire une fusion."""
    if not est_reuni:
        return [f"« {nom} » n’est réuni à aucun organisme."]
    return list(numeros_repris)
