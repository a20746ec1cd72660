"""Le nom d'un fichier vient de n'importe où : il se montre et s'enregistre sans danger."""

import re
import unicodedata

LONGUEUR_MAX = 150
_CHEMIN = re.compile(r"[/\\]")
# Windows les refuse, et un navigateur les remplace chacun à sa façon.
_INTERDITS = re.compile(r'[<>:"|?*]')
_EXTENSION = re.compile(r"[a-z0-9]{1,10}")
SANS_NOM = "document"


def nettoyer(nom: str) -> str:
    """Rend le nom sans chemin, sans signe invisible ni interdit, sans point au bord.

    Une marque d'écriture de droite à gauche ferait lire « cv.exe » comme « exe.vc ».
    """
    dernier = _CHEMIN.split(nom)[-1]
    lisible = "".join(
        " " if signe.isspace() else signe
        for signe in unicodedata.normalize("NFC", dernier)
        if signe.isspace() or not unicodedata.category(signe).startswith("C")
    )
    return " ".join(_INTERDITS.sub("-", lisible).split()).strip(". ")


def extension(nom: str) -> str:
    """Rend l'extension en minuscules, sans point ; vide s'il n'y en a pas."""
    debut, _, fin = nettoyer(nom).rpartition(".")
    fin = fin.strip().lower()
    return fin if debut and _EXTENSION.fullmatch(fin) else ""


def nom_a_garder(nom: str) -> str:
    """Rend le nom nettoyé, son extension en minuscules, coupé à LONGUEUR_MAX signes."""
    propre, fin = nettoyer(nom), extension(nom)
    if not fin:
        return (propre or SANS_NOM)[:LONGUEUR_MAX]
    tige = propre.rpartition(".")[0].strip(". ") or SANS_NOM
    return f"{tige[: LONGUEUR_MAX - len(fin) - 1].strip()}.{fin}"
