"""Le jeton que porte chaque formulaire : pour qui il a été affiché, et au titre de quel organisme."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from parvis.comptes.acteur import Acteur

CHAMP = "_acteur"
REPRISE = "_reprise"
_SEL = "parvis.comptes.jeton"
# Un formulaire resté ouvert plus d'un jour ne prouve plus rien.
DUREE = timedelta(days=1)


@dataclass(frozen=True)
class Jeton:
    """À qui un formulaire a été affiché."""

    utilisateur: int
    rattachement: int | None
    # Trop vieux pour agir, il dit encore à qui rendre le texte.
    est_perime: bool = False


def ecrire(acteur: Acteur) -> str:
    """Rend le jeton signé d'un acteur connecté, vide pour un visiteur."""
    if acteur.utilisateur is None:
        return ""
    rattachement = acteur.rattachement.pk if acteur.rattachement else None
    return signing.dumps([acteur.utilisateur.pk, rattachement], salt=_SEL)


def lire(texte: str) -> Jeton | None:
    """Rend le jeton, périmé ou non, ou rien s'il manque ou s'il est faux."""
    try:
        return Jeton(*signing.loads(texte, salt=_SEL, max_age=DUREE))
    except signing.SignatureExpired:
        return Jeton(*signing.loads(texte, salt=_SEL), est_perime=True)
    except (signing.BadSignature, TypeError, ValueError):
        return None


def vaut_pour(jeton: Jeton, acteur: Acteur) -> bool:
    """Dit si le formulaire a été affiché à cet acteur, au titre du même rattachement."""
    return acteur.utilisateur is not None and jeton == Jeton(
        acteur.utilisateur.pk, acteur.rattachement.pk if acteur.rattachement else None
    )
