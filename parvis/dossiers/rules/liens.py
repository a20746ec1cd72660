"""La loi des liens de lecture : combien, pour qui, combien de temps."""

from datetime import datetime, timedelta

# Le temps d'un exercice et de son bilan.
DUREE_DU_LIEN = timedelta(days=365)
LIENS_AU_PLUS = 10


def motifs_empechant_le_lien(*, pour: str, ouverts: int) -> list[str]:
    """Rend pourquoi un lien de lecture ne se crée pas ; `ouverts` en compte ceux qui valent encore."""
    motifs = []
    if not any(signe.isalnum() for signe in pour):
        motifs.append("Dites pour qui est ce lien : « la trésorière » suffit.")
    if ouverts >= LIENS_AU_PLUS:
        motifs.append(f"{LIENS_AU_PLUS} liens au plus : fermez-en un qui ne sert plus.")
    return motifs


def est_valable(*, expire_le: datetime, revoque_le: datetime | None, maintenant: datetime) -> bool:
    """Dit si un lien ouvre encore le suivi : ni fermé, ni expiré."""
    return revoque_le is None and maintenant < expire_le
