"""Numéros des enjeux et des fiches : leurs formes imprimées, et ce qu'ils disent de leur parent."""

from __future__ import annotations

import re
from dataclasses import dataclass

Numero = int | str

# Un numéro est une chaîne de maillons : chiffres, lettre, chiffres romains (« 1.2 », « I.A.1 », « EMP-05 »).
_MARQUE = r"(?P<marque>[nN]\s*[°º]\s*|[nN]\s*[o.]*\s*(?=\d)|°\s*)?"
_PERIODE = r"(?!(?:19|20)\d\d\s*[-–—/]\s*(?:19|20)\d\d)"  # « 2024-2030 » n'est pas un numéro
_CHIFFRES = rf"{_PERIODE}\d{{1,4}}(?!\d)"
# « 1.L'emploi » et « 1.A la rencontre » : la lettre commence déjà le titre
_LETTRE = r"(?:[IVXLC]{1,6}|[A-Z])(?![\w'’]|\s+[a-zà-ÿ])"
_TETES = r"(?:(?:[IVXLC]{1,6}|[A-Z])[.-]){1,3}"
_MAILLONS = rf"(?:[-.](?:\d{{1,3}}(?!\d)|\d{{4}}(?![\d–-])|[A-Z]{{1,3}}\d{{1,3}}(?!\d)|{_LETTRE}))*"
_QUEUE = r"(?:[-.][a-z](?!\w)|[a-dfA-DF](?=\s*[:–—)-]))?(?:\s?(?i:bis|ter|quater)(?!\w))?"
_ROMAINS = r"[IVX]{1,5}[.-][A-Z](?![\w'’]|[.-]\w)"  # « V.A.E. » est un sigle
_SUITE = r"\s*(?P<suite>[:.–—)-]+\s*|\s+|$)(?P<texte>.*)$"
# Après un mot de niveau, des espaces peuvent entourer les tirets (« Fiche 1 - 2 »).
_APRES_UN_MOT = re.compile(
    rf"\s*{_MARQUE}(?P<numero>(?:{_TETES}|(?P<sigle>[A-Z]{{2,5}}[.–-]?)|[A-Z]{{1,2}}\s?[.-]?\s?)?"
    rf"{_CHIFFRES}(?:\s*[-–—.]\s*\d{{1,3}}(?!\d))*{_MAILLONS}{_QUEUE}|{_ROMAINS}"
    rf"|(?P<lettre>[IVX]{{1,5}}|[A-Z])(?![\w'’]|\.[A-Z]\.)){_SUITE}",
    re.DOTALL,
)
# Sans mot, une lettre seule ou un sigle veut un signe après lui (« A) », « EMP-05 : »).
_NU = re.compile(
    rf"{_MARQUE}(?P<numero>(?:{_TETES}|(?P<sigle>[A-Z]{{1,5}}[.-]?))?{_CHIFFRES}{_MAILLONS}{_QUEUE}"
    rf"|{_ROMAINS}|[IVX]{{1,5}}(?=\s*[.–—)-])|[A-Z](?=\s*[.)]))"
    r"\s*(?P<suite>[.:–—)-]*)\s+(?P<texte>\S.*)$",
    re.DOTALL,
)
_SIGLE = 3  # « COVID-19 » et « ANRU 2 » sont des noms, sauf si un signe les sépare du titre
_ANNEE = re.compile(r"(?:19|20)\d\d")
_FIN = r"(?:bis|ter|quater)?$"
_TETE = re.compile(rf"(?P<tete>.*?)[.-]?(?:\d+|(?<=[.-])[A-Za-z]){_FIN}")
_RANG = re.compile(r"(?:(?P<rang>\d+)|(?<=[.-])(?P<lettre>[a-z]))$")


@dataclass(frozen=True, slots=True)
class NumeroImprime:
    """Numéro lu en tête d'un titre, et le texte qui le suit."""

    numero: str
    texte: str
    separe: bool  # un signe le sépare du texte (« : », « – », « . »)
    est_lettre: bool = False  # une lettre ou des chiffres romains, seuls


def numero_apres_un_mot(suite: str) -> NumeroImprime | None:
    """Rend le numéro qui suit un mot de niveau (« Fiche n° 1-2 : … »), ou rien."""
    trouve = _APRES_UN_MOT.match(suite)
    if trouve is None:
        return None
    texte, separe = trouve["texte"].strip(), bool(trouve["suite"].strip())
    sigle = len((trouve["sigle"] or "").rstrip(".–-")) >= _SIGLE
    annee = _ANNEE.fullmatch(trouve["numero"])
    if not trouve["marque"] and ((sigle and texte and not separe) or annee):
        return None
    return NumeroImprime(normaliser(trouve["numero"]), texte, separe, bool(trouve["lettre"]))


def numero_nu(texte: str) -> tuple[str, str]:
    """Rend (numéro, reste) d'un titre numéroté sans mot (« 1.2 Lever les freins »), ou un vide."""
    trouve = _NU.match(texte)
    if trouve is None:
        return "", texte
    separe = trouve["suite"] or trouve["marque"]
    quatre = re.fullmatch(r"\d{4}", trouve["numero"])
    if (trouve["sigle"] or quatre) and (not separe or _ANNEE.fullmatch(trouve["numero"])):
        return "", texte  # « 2024 : bilan », « 1000 logements »
    return normaliser(trouve["numero"]), trouve["texte"].strip()


def normaliser(numero: str) -> str:
    """Rend un numéro imprimé sans espaces ni zéros de tête, avec des tirets simples."""
    serre = re.sub(r"[–—]", "-", re.sub(r"\s", "", numero))
    return re.sub(r"(?<!\d)0+(?=\d)", "", serre)


def numero_d_enjeu(imprime: str) -> Numero:
    """Rend le numéro d'un enjeu : un entier quand c'en est un, sinon ce qui est imprimé (« 1.2 »)."""
    return int(imprime) if imprime.isdigit() else imprime


def numero_du_parent(numero: str) -> Numero | None:
    """Rend le numéro que celui d'une fiche porte en tête (« 1.2.3 » → « 1.2 », « A1 » → « A »)."""
    trouve = _TETE.match(numero)
    return numero_d_enjeu(trouve["tete"]) if trouve and trouve["tete"] else None


def ancetres(numero: str) -> list[Numero]:
    """Rend les numéros que celui d'une fiche porte en tête, du plus long au plus court."""
    tete, resultat = numero_du_parent(numero), []
    while tete is not None:
        resultat.append(tete)
        tete = numero_du_parent(str(tete))
    return resultat


def cle_de_numero(numero: Numero) -> str:
    """Rend la clé d'un numéro, séparateurs confondus."""
    return re.sub(r"[.\s-]+", "-", str(numero)).upper()


def rang_final(numero: str) -> int | None:
    """Rend le dernier rang d'un numéro (« 1-3 » → 3, « 1.1.b » → 2), sinon rien."""
    trouve = _RANG.search(numero)
    if trouve is None:
        return None
    return int(trouve["rang"]) if trouve["rang"] else ord(trouve["lettre"]) - ord("a") + 1
