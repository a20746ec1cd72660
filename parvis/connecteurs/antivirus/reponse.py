"""Lire ce que clamd répond d'un flux : sain, infecté et de quoi, ou un refus."""

import re
from dataclasses import dataclass

from parvis.connecteurs.appel import DemandeRefusee, ReponseIllisible

# Bien plus que la plus longue des réponses ; clamd la finit par un octet nul.
LONGUEUR_MAXIMALE = 1_000
_FIN = b"\x00"
_INFECTE = re.compile(r"stream: (?P<menace>[\x21-\x7e ]{1,200}) FOUND")


class TropGrand(DemandeRefusee):
    """clamd refuse un flux plus long que son réglage StreamMaxLength."""


@dataclass(frozen=True)
class Verdict:
    """Ce que l'antivirus dit d'un fichier : le nom de ce qu'il y a trouvé, vide si rien."""

    menace: str = ""

    @property
    def est_sain(self) -> bool:
        return not self.menace


def lire(corps: bytes) -> Verdict:
    """Rend le verdict d'une réponse entière.

    Lève TropGrand, DemandeRefusee si clamd n'a pas pu examiner ce flux, ReponseIllisible sinon.
    """
    if not corps.endswith(_FIN):
        # Une réponse coupée ne vaut pas un « sain » : « stream: OK » pourrait finir autrement.
        raise ReponseIllisible
    texte = corps.removesuffix(_FIN).decode("ascii", "replace").strip()
    if texte == "stream: OK":
        return Verdict()
    if trouve := _INFECTE.fullmatch(texte):
        return Verdict(trouve["menace"])
    if texte.startswith("INSTREAM size limit exceeded"):
        raise TropGrand
    raise DemandeRefusee if texte.endswith("ERROR") else ReponseIllisible
