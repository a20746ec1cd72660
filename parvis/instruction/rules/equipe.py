"""La loi de qui étudie un dossier : se charger, passer la main, se déporter."""

from parvis.instruction.enums import Qualite


def motifs_empechant_de_se_charger(*, agent: str, est_soi: bool, reprend: bool) -> list[str]:
    """Rend pourquoi on ne se charge pas d'un dossier ; `agent` est qui l'étudie déjà, vide si personne.

    Le reprendre à un collègue se dit : deux agents n'y travaillent jamais sans le savoir.
    """
    if not agent or (reprend and not est_soi):
        return []
    if est_soi:
        return ["Vous étudiez déjà ce dossier."]
    return [
        f"{agent} étudie déjà ce dossier : vous pouvez le reprendre, un courriel l’en préviendra."
    ]


def motifs_sur_le_titre(qualite: str) -> list[str]:
    """Rend pourquoi on ne se charge pas d'un dossier : on n'y est que consulté."""
    if qualite == Qualite.FINANCEUR:
        return []
    return [
        "Vous êtes consulté sur ce dossier : donnez votre avis, votre service ne s’en charge pas."
    ]


def motifs_empechant_le_deport(motif: str) -> list[str]:
    """Rend pourquoi un déport ne se déclare pas ainsi."""
    if not any(signe.isalnum() for signe in motif):
        return [
            "Dites pourquoi vous vous déportez : le relevé de la séance dira que vous l’avez fait."
        ]
    return []


def motifs_empechant_le_lien(lien: str, *, est_le_sien: bool) -> list[str]:
    """Rend pourquoi un lien ne se déclare pas : rien d'écrit, ou c'est l'organisme pour qui l'on agit."""
    motifs = []
    if not any(signe.isalnum() for signe in lien):
        motifs.append("Dites ce qui vous lie à cet organisme.")
    if est_le_sien:
        motifs.append("Vous agissez pour cet organisme : ce lien est déjà connu.")
    return motifs
