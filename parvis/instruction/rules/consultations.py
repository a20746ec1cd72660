"""La loi d'une consultation : à qui l'on demande un avis, et pour quand."""

from datetime import date

from parvis.instruction.enums import Qualite
from parvis.organismes.enums import Nature

NATURES: dict[str, Nature] = {
    Qualite.COMMUNE: Nature.COMMUNE,
    Qualite.DELEGUE_DU_PREFET: Nature.ETAT,
    Qualite.CONSEIL_CITOYEN: Nature.CONSEIL_CITOYEN,
}
DOSSIERS_AU_PLUS = 500


def motifs_empechant_de_consulter(
    *, qualite: str, nature: str, echeance: date | None, jour: date, combien: int
) -> list[str]:
    """Rend pourquoi un avis ne se demande pas ainsi : à qui, pour quand, sur combien de dossiers."""
    motifs = []
    if qualite not in NATURES:
        motifs.append(
            "Choisissez à qui demander un avis : commune, délégué du préfet, conseil citoyen."
        )
    elif nature != NATURES[qualite]:
        dit = Qualite(qualite).label.lower()
        motifs.append(f"Cet organisme ne donne pas d’avis au titre de : {dit}.")
    if not combien:
        motifs.append("Choisissez au moins un dossier.")
    if combien > DOSSIERS_AU_PLUS:
        motifs.append(f"Demandez un avis sur {DOSSIERS_AU_PLUS} dossiers au plus à la fois.")
    return motifs + motifs_sur_l_echeance(echeance, jour)


def motifs_sur_l_echeance(echeance: date | None, jour: date) -> list[str]:
    """Rend pourquoi une date de réponse ne convient pas : elle est passée."""
    if echeance is not None and echeance < jour:
        return ["La date de réponse ne peut pas être passée."]
    return []
