"""Nom court d'un dispositif et détail : ce que la puce ou la phrase dit de plus que le nom."""

from __future__ import annotations

import re
from functools import cache

from .lexique import charger_lexique, motif
from .texte import collapser, hors_parentheses, majuscule, plier

_ARTICLE = re.compile(r"^(?:l['’]|les?\s|la\s|une?\s|des\s|d['’](?=un)|du\s)\s*", re.IGNORECASE)
_DISPOSITIF = re.compile(r"^[Dd]ispositifs?\s+(?=[A-ZÀ-ÖØ-Þ«\"“])")
_POSSIBILITE = re.compile(r"^possibilites? (?:de |d')(?=\w)")
_BOP = re.compile(
    r"^(?:(?:co-?)?financements?|credits|pour)?(?: [\w'’-]+){0,10}?\s*\b((?:bop|programme) \d{2,3})\b"
)
_PAR_LE_FONDS = re.compile(
    r"\bpar (?:le |la |l')((?:fonds|programme|plan|dispositif)\b[^()]{3,90}\([a-z]{2,8}\))"
)
_CADRE = re.compile(r"^dans le cadre (?:de l'|de la |du |des |de )([^(),]{5,90}\([a-z]{2,8}\))")
_CITE = re.compile(r"[«\"“]\s*([^«»\"“”]{3,90}?)\s*[»\"”]")
_PAREN = re.compile(r"\s*\(([^()]*)\)?")
_SIGLE = re.compile(r"^[A-ZÀ-Þ0-9][\w'’.&/-]{1,11}$")
_COLLES = re.compile(r"(?<=\w)- (?=[A-ZÀ-ÖØ-Þ][a-zà-ÿ])")
_DEUX_SIGLES = re.compile(r"^([A-Z][A-Z0-9]{1,9})\s*(?:[–/-]|\bet\b)\s*([A-Z][A-Z0-9]{1,9})$")
_DEUX_BOP = re.compile(r"\b(?:bop|programme) \d{2,3}\b")
_ET_MAJUSCULE = re.compile(r" et (?=[A-ZÀ-ÖØ-Þ])")
_BUT = re.compile(r"\b(?:afin|en vue) (?:de |d['’])")
# Un nom ne s'arrête pas sur un mot qui en attend un autre.
_PENDANT = re.compile(r"(?:^|\s)(?:et|ou|de|des|du|d['’]|a|aux?|en|la|le|les|dont|sur|pour|que)$")
MOTS_MAX = 14


def separer(texte: str) -> list[str]:
    """Sépare deux dispositifs imprimés dans une même puce (« indigne- Subventions », « PEDT – PRE »)."""
    nu = texte.strip(" ;.")
    if len(morceaux := _COLLES.split(nu)) > 1:
        return [m.strip() for m in morceaux]
    if sigles := _DEUX_SIGLES.match(nu):
        return list(sigles.groups())
    programmes = [m.start() for m in _DEUX_BOP.finditer(plier(nu))]
    if len(programmes) == 2 and (lien := plier(nu).rfind(" et ", 0, programmes[1])) > programmes[0]:
        return [nu[:lien], nu[lien + 4 :]]
    if "(" not in nu and "«" not in nu and len(nu.split()) <= 12:
        morceaux = _ET_MAJUSCULE.split(nu)
        if len(morceaux) == 2 and _deux_noms(*morceaux):
            return morceaux
    return [texte]


def _deux_noms(gauche: str, droite: str) -> bool:
    meme_tete = plier(gauche).split()[0] == plier(droite).split()[0]
    return meme_tete or (len(gauche.split()) >= 3 and len(droite.split()) >= 4)


def nommer(texte: str, gras: str = "") -> tuple[str, str | None]:
    """Rend (nom, détail) d'une puce qui nomme un dispositif."""
    nu = collapser(texte).strip(" ;.,:")
    propre = _nom_propre(nu)
    if propre is not None:
        return propre
    nu = _apres_circonstance(nu)
    if gras and len(gras) < len(nu) and nu.startswith(gras.strip(" ;.,:")):
        tete = _apres_circonstance(gras.strip(" ;.,:"))
        nom, precision = _sans_parenthese(_nettoyer(tete))
        return nom, _joindre(precision, nu[len(gras.strip(" ;.,:")) :])
    cite = _CITE.search(nu)
    if cite and _est_nom_cite(nu[: cite.start()], cite.group(1)):
        avant = nu[: cite.start()].strip(" (")
        generique = len(_ARTICLE.sub("", avant).split()) < 2
        return majuscule(cite.group(1)), _joindre("" if generique else avant, nu[cite.end() :])
    return _couper(nu)


def _est_nom_cite(avant: str, cite: str) -> bool:
    """Les guillemets entourent le nom du dispositif, pas un exemple (« des locaux de type « X » »)."""
    if len(avant.split()) > 6 or len(cite.split()) > 9:
        return False
    return not re.search(r"\b(?:dans|sur|de type|du type)\b", plier(avant))


def _nom_propre(nu: str) -> tuple[str, str | None] | None:
    """« Financement du BOP 147 pour… », « … par le Fonds X (FX) » : le nom propre est dans la puce."""
    plie = plier(nu)
    if bop := _BOP.match(plie):
        avant = nu[: bop.start(1)].strip()
        return nu[bop.start(1) : bop.end(1)], _joindre(nu if avant else nu[bop.end() :])
    for motif_connu in (_CADRE, _PAR_LE_FONDS):
        if trouve := motif_connu.search(plie):
            return majuscule(nu[trouve.start(1) : trouve.end(1)]), nu
    return None


def _couper(nu: str) -> tuple[str, str | None]:
    for coupe in (_deux_points, _verbe, _virgule):
        resultat = coupe(nu)
        if resultat is not None:
            nom, reste = resultat
            nom, precision = _sans_parenthese(_nettoyer(nom))
            return nom, _joindre(precision, reste)
    nom, precision = _sans_parenthese(_nettoyer(nu))
    court, reste = raccourcir(nom)
    return court, _joindre(precision, reste)


def _deux_points(nu: str) -> tuple[str, str] | None:
    morceaux = hors_parentheses(nu, ":")
    if len(morceaux) < 2 or len(morceaux[0].split()) > 24:
        return None
    return morceaux[0], nu[nu.index(morceaux[0]) + len(morceaux[0]) :].lstrip(" :")


@cache
def _motif_verbe() -> re.Pattern[str]:
    return re.compile(r"\s" + charger_lexique("tournures")["verbes_de_phrase"] + r"\b")


def _verbe(nu: str) -> tuple[str, str] | None:
    masque = plier(re.sub(r"\([^()]*\)?", lambda m: " " * len(m.group()), nu))
    trouve = _motif_verbe().search(masque)
    if (
        trouve is None
        or len(nu[: trouve.start()].split()) < 1
        or len(nu[: trouve.start()].split()) > 22
    ):
        return None
    return nu[: trouve.start()], nu[trouve.start() :]


def _virgule(nu: str) -> tuple[str, str] | None:
    morceaux = hors_parentheses(nu, ",")
    if len(morceaux) < 2 or len(morceaux[0].split()) > 9 or not morceaux[1][:1].islower():
        return None
    # « d'appui et … » poursuit une énumération dans le nom, « un accompagnement… » explique
    if re.match(r"(?:d['’]|de |des |du |l['’]|et |ou |la |le |les )", morceaux[1]):
        return None
    if len(morceaux[0].split()) < 2 and not _SIGLE.match(morceaux[0]):
        return None
    return morceaux[0], nu[len(morceaux[0]) + 1 :]


def _apres_circonstance(nu: str) -> str:
    """« A la rentrée 2015 : X », « Créé en 2008, le dispositif X » : le nom vient après."""
    if not re.match(charger_lexique("tournures")["circonstances"], plier(nu)):
        return nu
    for separateur in (" : ", ", "):
        tete, sep, reste = nu.partition(separateur)
        if sep and len(tete.split()) <= 22 and len(reste) > 2:
            return majuscule(reste)
    return nu


def _nettoyer(nom: str) -> str:
    nom = _ARTICLE.sub("", nom.strip(" ;.,:-–"))
    nom = _DISPOSITIF.sub("", nom).strip(' «»"“”')
    possible = _POSSIBILITE.match(plier(nom))
    return majuscule(nom[possible.end() :] if possible else nom)


def _sans_parenthese(nom: str) -> tuple[str, str]:
    """Garde le sigle entre parenthèses, met le reste au détail ; « SIGLE (nom complet) » est retourné."""
    precisions: list[str] = []

    def remplacer(trouve: re.Match[str]) -> str:
        contenu = trouve.group(1).strip()
        sigles = re.split(r"\s*(?:,|/|\bet\b)\s*", contenu)
        if all(_SIGLE.match(s) and (_est_capitales(s) or _ressemble(s, nom)) for s in sigles):
            return f" ({contenu})"
        precisions.append(contenu)
        return " "

    net = collapser(_PAREN.sub(remplacer, nom))
    if precisions and _SIGLE.match(net) and net.isupper() and _initiales(precisions[0], net):
        return f"{majuscule(precisions[0])} ({net})", ", ".join(precisions[1:])
    return net, ", ".join(precisions)


def _est_capitales(sigle: str) -> bool:
    return sigle.isupper() and len(sigle) > 2 and not sigle[:1].isdigit()


def _ressemble(sigle: str, nom: str) -> bool:
    """Un sigle reprend les lettres du nom ; « (BOP) », « (Choisy) » n'en sont pas."""
    lettres = iter(plier(nom.split("(")[0]))
    return sigle[:1].isupper() and all(x in lettres for x in plier(re.sub(r"[\W\d_]", "", sigle)))


def _initiales(texte: str, sigle: str) -> bool:
    initiales = iter(mot[0] for mot in re.findall(r"[a-zœ]+", plier(texte)))
    return len(texte.split()) > 2 and all(lettre in initiales for lettre in plier(sigle))


def raccourcir(nom: str) -> tuple[str, str]:
    """Coupe un nom trop long à une articulation de la phrase, le reste va au détail."""
    if len(nom.split()) <= 9:
        return nom, ""
    plie = plier(nom)
    for coupures, minimum in (("coupures_de_nom", 3), ("coupures_faibles", 4)):
        for trouve in re.finditer(charger_lexique("tournures")[coupures], plie):
            avant = nom[: trouve.start()].rstrip(" ,")
            mots = avant.split()
            entier = avant.count("(") == avant.count(")") and not _attend_une_suite(avant)
            if minimum <= len(mots) <= MOTS_MAX and entier:
                return avant, nom[trouve.start() :]
    mots = nom.split()
    if len(mots) <= MOTS_MAX + 4:
        return nom, ""
    return " ".join(mots[:MOTS_MAX]) + "…", nom


def _attend_une_suite(nom: str) -> bool:
    """« Financement des investissements réalisés » ne dit rien sans son complément."""
    plie = plier(nom)
    participes = motif("tournures", "participes_qui_attendent")
    return bool(_PENDANT.search(plie)) or participes.search(plie) is not None


def _joindre(*morceaux: str) -> str | None:
    textes = [collapser(m).strip(" ;,:") for m in morceaux if m]
    return " ; ".join(t for t in textes if any(c.isalnum() for c in t)) or None


def nommer_appui(suite: str) -> str | None:
    """Rend un nom court à l'appui décrit par une phrase sans son sujet (« finance des projets… »).

    Rend `None` si la phrase ne commence par aucun verbe d'appui connu.
    """
    plie = plier(suite)
    for forme, nom in charger_lexique("tournures")["verbes_d_appui"]:
        trouve = re.match(rf"\s*(?:{forme})(?!\w)", plie)
        if trouve is not None:
            return _complement(nom, suite[trouve.end() :])
    return None


def _complement(nom: str, objet: str) -> str:
    objet = _second_verbe().split(collapser(objet).strip(" ;.,:"), maxsplit=1)[0]
    cite = _CITE.search(objet)
    if cite and len(objet[: cite.start()].split()) <= 5:
        return majuscule(cite.group(1))
    objet = raccourcir(objet)[0]
    if not nom:
        return _sans_parenthese(majuscule(_ARTICLE.sub("", _ARTICLE.sub("", objet))))[0]
    return _sans_parenthese(_contracter(nom, objet))[0]


def nommer_le_but(suite: str) -> str | None:
    """Nomme l'appui que dit le but d'une phrase (« … afin de financer des ateliers »), s'il en dit un."""
    but = _BUT.search(suite)
    nom = nommer_appui(suite[but.end() :]) if but else None
    return raccourcir(nom)[0] if nom else None


@cache
def _second_verbe() -> re.Pattern[str]:
    """« promotion de l'emploi et vise à… » : le second verbe dit autre chose que le nom."""
    return re.compile(r"\s+et\s+" + charger_lexique("tournures")["verbes_de_phrase"] + r"\b")


_CONTRACTIONS = {
    " de": {
        "des ": "de ",
        "de ": "de ",
        "d'": "d'",
        "les ": "des ",
        "le ": "du ",
        "la ": "de la ",
        "un ": "d'un ",
        "une ": "d'une ",
        "l'": "de l'",
    },
    " à": {"des ": "à des ", "les ": "aux ", "le ": "au ", "la ": "à la ", "l'": "à l'"},
}


def _contracter(nom: str, objet: str) -> str:
    """« Financement de » + « des ateliers » → « Financement d'ateliers »."""
    for fin, contractions in _CONTRACTIONS.items():
        if not nom.endswith(fin):
            continue
        base = nom[: -len(fin)]
        for article, contraction in contractions.items():
            if plier(objet).startswith(article):
                reste = objet[len(article) :]
                if contraction == "de " and plier(reste[:1]) in "aeiouyhœ":
                    contraction = "d'"
                return f"{base} {contraction}{reste}"
    return f"{nom} {objet}"


def est_explication(texte: str) -> bool:
    """Dit si un paragraphe explique ce qui précède (« Ce dispositif permet… »)."""
    return bool(motif("tournures", "explications").match(plier(texte)))
