"""Fautes de langue sûres : élision, article sans nom, mot doublé ou manquant, accord, mots collés."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from .lexique import charger_lexique
from .structure import Anomalie
from .texte import plier
from .texte_nu import Passage

_MOT = re.compile(r"[^\W\d_]+")
_DETERMINANT = r"(?:les?|la|l['’]|une?|ces?|cette|ses?|leurs?|nos|vos|son|sa)"
_VOYELLE = "aàâeéèêëiîïoôuùûœ"
_ELISION = re.compile(
    rf"(?<![\w'’-])(?:[Ll][ea]|[Dd]e|[Qq]ue|[Nn]e|[Ss]e) (?=[{_VOYELLE}{_VOYELLE.upper()}][\w'’-]*)[\w'’-]+"
)
# « la et le », « le ou les » : deux articles pour un nom ; « l'une des » a le sien
_SANS_NOM = re.compile(
    r"(?<![\w'’-])(?:la|les|des|du|au|aux) (?:et|à|au|aux|de|du|dans|pour|par|afin|sur|avec|qui)\b"
    r"(?! (?:le|la|les)\b)"
    r"|(?<![\w'’-])(?:la|les|une|des|du|aux)\s*[.;:!?](?=\s|$)"
)
_DEUX_ARTICLES = re.compile(
    r"(?<![\w'’-])(?:le|la|les|du|aux?) (?:le|la|les|du|des|aux?)(?= [^\W\d_]{3})"
)
_DEUX_PREPOSITIONS = re.compile(r"(?<![\w'’-])à (?:par|pour|dans|avec|sans)(?![\w'’-])")
_DOUBLE = re.compile(r"(?<![\w'’-])([^\W\d_]{2,}) \1(?![\w'’-])", re.IGNORECASE)
_COLLE = re.compile(r"[a-zà-ÿ]{2},[a-zà-ÿ]{2}|[a-zà-ÿ] ,[a-zà-ÿ]{2}|[a-zà-ÿ]\.\.\.\([a-zà-ÿ]")
_PLURIEL_ELIDE = re.compile(r"(?<!\w)[ld]['’]([^\W\d_]{5,}s)(?!\w)", re.IGNORECASE)


@cache
def _regles() -> dict[str, list[str]]:
    return charger_lexique("tournures")["relecture"]


@cache
def _locution() -> re.Pattern[str]:
    formes = "|".join(_regles()["locutions_a_suivre"])
    return re.compile(rf"(?<![\w'’-])(?:(?:{formes}) {_DETERMINANT}|afin des)(?!\w)", re.IGNORECASE)


@cache
def _sauf(nom: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{forme})" for forme in _regles()[nom]))


@cache
def _accords() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Rend les suites déterminant, nom, adjectif qui ne s'accordent pas, d'après la liste d'adjectifs."""
    radicaux = "|".join(_regles()["adjectifs_en_al"])
    fins = "|".join(_regles()["adjectifs_reguliers"])
    masculin, feminin = rf"(?:{radicaux})al", rf"(?:{radicaux})ale"
    singulier = rf"(?:{masculin}e?|(?:{fins}))"
    pluriel = rf"(?:{masculin}es|(?:{radicaux})aux|(?:{fins})s)"
    feminins = "|".join(_regles()["adjectifs_feminins"])
    nom = r"[^\W\d_]{3,}"
    des = r"(?:^|\b(?:à|avec|pour|dans|par|sont) )des"  # « la gestion des X » s'accorde avec la gestion
    plusieurs = rf"(?:\b(?:les|aux|ces|ses|leurs|plusieurs|certaine?s)|{des})"
    return (
        (re.compile(rf"\b(?:un|le|du|au|ce|cet) {nom} (?:{feminins})s?\b"), "masculin"),
        (re.compile(rf"\b(?:un|le|du|au|ce|cet) {nom} {feminin}\b"), "masculin"),
        (re.compile(rf"\b(?:une|la|cette) {nom} {masculin}\b"), "féminin"),
        # « les services culturel et sportif » : chacun le sien
        (re.compile(rf"{plusieurs} {nom}[sx] {singulier}\b(?!,? (?:et|ou)\b|,)"), "pluriel"),
        (
            re.compile(
                rf"(?<! et )(?<! ou )(?<!, )\b(?:un|une|le|la|du|au|ce|cet|cette) {nom}[^sxz\W] {pluriel}\b"
            ),
            "singulier",
        ),
    )


@cache
def _pluriel_singulier() -> re.Pattern[str]:
    """Rend « des Plan » ; une suite de capitales est un sigle, un nombre n'a pas de pluriel."""
    sauf = "|".join(_regles()["sans_pluriel"])
    nom = rf"(?!(?:{sauf})\b)[^\W\d_][a-zà-öø-ÿœ]+[a-rt-wyà-öø-ÿ](?![\w'’-])"
    return re.compile(
        rf"(?<![\w'’-])(?:(?:[Dd]es|[Cc]es|[Pp]lusieurs) {nom}|[Cc]ertaine?s (?=[A-ZÀ-Þ]){nom})"
    )


def relire_la_langue(textes: list[Passage]) -> list[Anomalie]:
    """Rend les fautes de langue de chaque ligne, avec les mots en cause."""
    frequences = Counter(mot for p in textes for mot in _MOT.findall(p.texte.lower()))
    resultat = []
    for passage in textes:
        for extrait, raison in _fautes(passage.texte, frequences):
            texte = f"« {extrait.strip()} » : {raison}"
            resultat.append(Anomalie(passage.ligne, "faute_de_langue", texte))
    return list(dict.fromkeys(resultat))


def relire_les_titres(titres: list[Passage]) -> list[Anomalie]:
    """Rend les titres où un article est suivi d'un verbe à la place d'un nom."""
    return [
        Anomalie(titre.ligne, "faute_de_langue", f"« {trouve.group()} » : un article sans nom")
        for titre in titres
        for trouve in _article_et_verbe().finditer(titre.texte)
    ]


@cache
def _article_et_verbe() -> re.Pattern[str]:
    """Rend « et la renforcer les liens », « un lutter » ; « et la renforcer » seul est un pronom."""
    directs, indirects = (
        "|".join(_regles()["verbes_directs"]),
        "|".join(_regles()["verbes_indirects"]),
    )
    return re.compile(
        rf"(?<![\w'’-])(?:(?:un|une|du|aux?|des) (?:{directs}|{indirects})\b"
        rf"|(?:la|les?) (?:{indirects})\b"
        rf"|(?:la|les?) (?:{directs}) (?:les?\b|la\b|l['’]|des\b|une?\b))",
        re.IGNORECASE,
    )


def _fautes(texte: str, frequences: Counter[str]) -> list[tuple[str, str]]:
    trouvees = []
    for trouve in _ELISION.finditer(texte):
        suivant = trouve.group().split()[-1]
        if not suivant.isupper() and not _sauf("sans_elision").match(plier(suivant)):
            trouvees.append((trouve.group(), "il manque une apostrophe ou un mot"))
    for motif, raison in (
        (_SANS_NOM, "un article sans nom"),
        (_DEUX_ARTICLES, "deux articles de suite"),
        (_locution(), "il manque une préposition"),
        (_DEUX_PREPOSITIONS, "deux prépositions de suite"),
        (_COLLE, "une espace manque ou est mal placée"),
        (_pluriel_singulier(), "un article pluriel, un nom singulier"),
    ):
        for trouve in motif.finditer(texte):
            if not _sauf("suites_admises").search(trouve.group().lower()):
                trouvees.append((_autour(texte, trouve), raison))
    for trouve in _DOUBLE.finditer(texte):
        if not _sauf("doubles_admis").fullmatch(plier(trouve.group(1))):
            trouvees.append((trouve.group(), "mot imprimé deux fois"))
    for trouve in _PLURIEL_ELIDE.finditer(texte):
        mot = trouve.group(1).lower()
        if frequences[mot[:-1]] and trouve.group()[0] in "lL":
            trouvees.append((trouve.group(), "un article singulier, un nom pluriel"))
    return trouvees + _accords_manques(texte)


def _accords_manques(texte: str) -> list[tuple[str, str]]:
    bas = texte.lower()
    return [
        (texte[trouve.start() : trouve.end()], f"l'adjectif n'est pas au {genre}")
        for motif, genre in _accords()
        for trouve in motif.finditer(bas)
        if not _sauf("accords_admis").search(plier(trouve.group()))
    ]


def _autour(texte: str, trouve: re.Match[str]) -> str:
    """Rend l'extrait fautif en mots entiers, pour qu'on le retrouve."""
    debut = (
        texte.rfind(" ", 0, trouve.start()) + 1 if texte[trouve.start()] != " " else trouve.start()
    )
    fin = texte.find(" ", trouve.end())
    return texte[debut : fin if fin > 0 else len(texte)][:80].rstrip(" .,;:")
