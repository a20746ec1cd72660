"""Les numéros d'un organisme : lus avec indulgence, gardés sous une seule forme."""

import re
from dataclasses import dataclass

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as norme_siret

# Espaces de toute sorte (insécables compris), points, tirets et signes sans largeur.
SEPARATEURS = re.compile(r"[\s.\-\u2010-\u2015\u200b-\u200f\u2060\ufeff]+")
# Le département (des lettres en Corse et outre-mer), le greffe, puis six chiffres.
RNA = re.compile(r"W[0-9][0-9A-Z]{2}[0-9]{6}")


class NumeroInvalide(ValueError):
    """Un numéro ne peut pas être juste ; le message dit quelle partie et quoi faire."""


def normaliser_siren(texte: str) -> str:
    """Rend les 9 chiffres d'un Siren, ou une chaîne vide ; lève NumeroInvalide."""
    numero = _chiffres(texte, "Siren", 9)
    if numero and not _cle_juste(numero):
        raise NumeroInvalide(
            f"Le numéro Siren {ecrire_numero(numero)} est faux : sa clé de contrôle ne tombe pas "
            "juste. Un chiffre est sans doute mal recopié."
        )
    return numero


def normaliser_siret(texte: str) -> str:
    """Rend les 14 chiffres d'un Siret, ou une chaîne vide ; lève NumeroInvalide."""
    numero = _chiffres(texte, "Siret", 14)
    if not numero:
        return ""
    if not _cle_juste(numero[:9]):
        raise NumeroInvalide(
            f"Le numéro Siret {ecrire_numero(numero)} est faux dans ses 9 premiers chiffres, "
            "ceux du Siren. Un chiffre est sans doute mal recopié."
        )
    try:
        # stdnum connaît l'exception de La Poste, dont les établissements n'ont pas de clé.
        return norme_siret.validate(numero)
    except ValidationError:
        raise NumeroInvalide(
            f"Le numéro Siret {ecrire_numero(numero)} est faux dans ses 5 derniers chiffres, "
            "ceux de l’établissement : le Siren, lui, est juste."
        ) from None


def normaliser_rna(texte: str) -> str:
    """Rend un numéro RNA en majuscules, ou une chaîne vide ; lève NumeroInvalide."""
    numero = SEPARATEURS.sub("", texte).upper()
    if not numero or RNA.fullmatch(numero):
        return numero
    if not numero.startswith("W"):
        faute = "il commence par la lettre W"
    elif len(numero) != 10:
        faute = f"il a 9 signes après le W ; celui-ci en a {len(numero) - 1}"
    else:
        faute = "il finit par 6 chiffres ; seuls les 3 signes après le W peuvent être des lettres"
    raise NumeroInvalide(
        f"« {numero[:30]} » n’est pas un numéro RNA : {faute}. Une association d’Alsace-Moselle "
        "n’en a pas : laissez alors le champ vide."
    )


def ecrire_numero(numero: str) -> str:
    """Rend un Siren ou un Siret par groupes de trois chiffres, comme on le lit."""
    siren, nic = numero[:9], numero[9:]
    return " ".join(m for m in (siren[:3], siren[3:6], siren[6:], nic) if m)


@dataclass(frozen=True)
class NumeroCherche:
    """Un numéro, entier ou commencé, tapé dans une recherche."""

    champ: str
    debut: str


def numero_cherche(texte: str) -> NumeroCherche | None:
    """Rend le numéro que ce texte commence à dire, ou rien si c'est plutôt un nom."""
    numero = SEPARATEURS.sub("", texte).upper()
    if re.fullmatch(r"W[0-9][0-9A-Z]{2,8}", numero) and numero[3:].isdigit():
        return NumeroCherche("rna", numero)
    if re.fullmatch(r"[0-9]{5,14}", numero):
        return NumeroCherche("siret" if len(numero) > 9 else "siren", numero)
    return None


def _chiffres(texte: str, nom: str, attendus: int) -> str:
    numero = SEPARATEURS.sub("", texte)
    if not numero:
        return ""
    if not re.fullmatch(r"[0-9]+", numero):
        raise NumeroInvalide(
            f"Un numéro {nom} ne contient que des chiffres : « {numero[:30]} » n’en est pas un."
        )
    if len(numero) != attendus:
        piste = {9: " C’est peut-être un Siren.", 14: " C’est peut-être un Siret."}
        raise NumeroInvalide(
            f"Un numéro {nom} a {attendus} chiffres ; celui-ci en a {len(numero)}."
            + piste.get(len(numero), "")
        )
    if not numero.strip("0"):
        raise NumeroInvalide(
            f"Un numéro {nom} n’est pas fait que de zéros : laissez le champ vide."
        )
    return numero


def _cle_juste(numero: str) -> bool:
    return luhn.is_valid(numero)
