"""Ce qu'un nom de personne peut être : il part dans des courriels adressés à d'autres."""

import re

# Ni adresse ni lien : un nom ne sert pas à faire cliquer un inconnu.
_LIEN = re.compile(r"[/:@<>\\\d]|\.(?:[a-z]{2,}|[A-Z]{2,})\b")
_LETTRE = re.compile(r"[^\W\d_]")


def motifs_empechant_le_nom(texte: str) -> list[str]:
    """Rend pourquoi ce texte ne peut pas être un nom ou un prénom."""
    if not texte.isprintable():
        return ["Un nom tient sur une ligne, sans signe caché."]
    if _LIEN.search(texte):
        return ["Un nom n’a ni chiffre, ni adresse, ni lien."]
    if not _LETTRE.search(texte):
        return ["Un nom a au moins une lettre."]
    return []
