"""Ce qu'un nom de personne peut être : il part dans des courriels adressés à d'autres."""

import re

# Ni adresse ni lien : un nom ne sert pas à faire cliquer un inconnu.
_LIEN = re.compile(r"[/:@<>\\\d]|\.\w{2,}")
_LETTRE = re.compile(r"[^\W\d_]")


def motifs_empechant_le_nom(texte: str) -> list[str]:
    """Rend pourquoi ce texte ne peut pas être un nom ou un prénom."""
    if _LIEN.search(texte):
        return ["Un nom n’a ni chiffre, ni adresse, ni lien."]
    if not _LETTRE.search(texte):
        return ["Un nom a au moins une lettre."]
    return []
