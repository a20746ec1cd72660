"""Le jeton signé d'un lien de désabonnement : il prouve à lui seul que l'on a reçu le courriel."""

from collections.abc import Iterable

from django.core import signing

from parvis.courriels import rules

SEL = "parvis.courriels.desabonnement"


class JetonIllisible(Exception):
    """Le jeton n'a pas été fait ici, ou ne désigne plus rien que l'on puisse arrêter."""


def jeton(adresse: str, sujets: Iterable[str]) -> str:
    """Rend le jeton, sans date de fin, qui arrête ces sujets pour cette adresse."""
    return signing.dumps([adresse, *sujets], salt=SEL)


def lire_jeton(jeton: str) -> tuple[str, list[str]]:
    """Rend l'adresse et les sujets d'un jeton ; lève JetonIllisible."""
    try:
        adresse, *sujets = signing.loads(jeton, salt=SEL)
    except signing.BadSignature:
        raise JetonIllisible from None
    sujets = rules.desabonnables(sujets)
    if not sujets:
        raise JetonIllisible
    return adresse, sujets
