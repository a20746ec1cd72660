"""La garde des CSV : une apostrophe devant ce qu'un tableur exécuterait (OWASP), et son retrait."""

import re

from parvis.socle.tableaux import AMORCES_DE_FORMULE, Cellule, en_texte

# Un nombre signé, un numéro de téléphone ou un tiret seul ne s'exécutent pas.
_INOFFENSIF = re.compile(
    r"[+-](?:\d[\d .,\u00a0\u202f]*(?:[eE][+-]?\d{1,3})?[ \u00a0\u202f]?[%€]?)?"
)


def amorcer(cellule: Cellule) -> str:
    """Rend une cellule telle qu'un CSV peut la porter sans qu'aucun tableur ne l'exécute."""
    if isinstance(cellule, str) and _INOFFENSIF.fullmatch(cellule):
        return cellule
    return en_texte(cellule)


def desamorcer(texte: str) -> str:
    """Rend la cellule sans l'apostrophe que la garde y avait mise ; toute autre apostrophe reste."""
    nu = texte[1:]
    if texte[:1] == "'" and nu.startswith(AMORCES_DE_FORMULE) and not _INOFFENSIF.fullmatch(nu):
        return nu
    return texte
