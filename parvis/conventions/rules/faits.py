"""Ce qu'un acte ne tait pas, même corrigé à la main : combien, à qui, quand rendre compte, où contester.

Ces faits se relèvent dans son texte quand il se prépare, et restent. Le reste se réécrit : une correction
sert à cela.
"""

import re
from collections.abc import Mapping

from parvis.conventions.rules.champs import inerte

_SENS = {
    "montant": "le montant accordé",
    "nature": "la valeur de ce qui est donné en nature",
    "montant_apres": "ce que tout engage, avenant compris",
    "titulaire": "l’organisme aidé",
    "bilan_le": "la date du compte rendu financier, que le site rappelle",
    "tribunal": "devant qui contester",
    "delai_de_recours": "le délai pour contester",
}
_DELAI = "deux mois"
_MONTANT = re.compile(r"(\d{1,3}(?:\s\d{3})*),(\d\d) €")


def faits_dits(texte: str, valeurs: Mapping[str, str]) -> dict[str, str]:
    """Rend les faits que dit le texte d'un acte qui se prépare, chacun tel qu'il y est écrit."""
    dits = {nom: inerte(valeurs.get(nom, "")).rstrip(" .") for nom in _SENS}
    if dits["tribunal"]:
        dits["delai_de_recours"] = _DELAI
    return {nom: valeur for nom, valeur in dits.items() if valeur and _dit(texte, valeur)}


def motifs_si_un_fait_se_tait(texte: str, faits: Mapping[str, str]) -> list[str]:
    """Rend ce qu'un texte corrigé ne dit plus, un motif par fait, et comment le remettre."""
    return [
        f"Le texte ne dit plus {_SENS[nom]} : remettez « {valeur} »."
        for nom, valeur in faits.items()
        if not _dit(texte, valeur)
    ]


def dire_les_faits(faits: Mapping[str, str]) -> list[str]:
    """Rend ce qu'il faut garder dans un texte que l'on corrige, un fait par ligne."""
    return [f"{_SENS[nom]} : « {valeur} »" for nom, valeur in faits.items()]


def _dit(texte: str, valeur: str) -> bool:
    return re.search(_motif(_pareil(valeur)), _pareil(texte)) is not None


def _motif(valeur: str) -> str:
    if trouve := _MONTANT.fullmatch(valeur):
        # « 8 000,00 € » se dit aussi « 8 000 euros » ou « 8000 € », mais pas dans « 18 000 € ».
        centimes = "(?:,00)?" if trouve[2] == "00" else f",{trouve[2]}"
        euros = r"[ .]?".join(trouve[1].split(" "))
        return rf"(?<![\d,.])(?<!\d[ .]){euros}{centimes} ?(?:€|euros?\b)"
    if valeur == _DELAI:
        return r"\b(?:deux|2) mois\b"
    return re.escape(valeur)


def _pareil(texte: str) -> str:
    """Rend un texte sans ce qui ne change pas son sens : espaces, casse, apostrophes."""
    lignes = (" ".join(ligne.split()) for ligne in texte.replace("’", "'").splitlines())
    return "\n".join(lignes).casefold()
