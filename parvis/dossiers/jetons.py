"""Le jeton d'un lien de lecture : la base n'en garde que l'empreinte."""

import hashlib
import secrets


def nouveau_jeton() -> str:
    """Rend un jeton que personne ne devine : 256 bits tirés au hasard."""
    return secrets.token_urlsafe(32)


def empreinte_du_jeton(jeton: str) -> str:
    """Rend l'empreinte gardée d'un jeton."""
    return hashlib.sha256(jeton.encode()).hexdigest()
