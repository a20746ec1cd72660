"""Lieux nommés par une fiche : quartiers, communes, sites, et échelle d'intervention."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .fragments import Bloc
from .lexique import charger_lexique
from .lieux_connus import Gazette, jamais_lieux
from .structure import Lieu
from .territoires_vises import noms_de
from .texte import cle, collapser, hors_parentheses, plier

_PROPRE = r"[A-ZÀ-ÖØ-Þ][\w'’]*(?:[-–][\w'’]+)*"
_NOMS = rf"{_PROPRE}(?:(?: (?:de|du|des|d'|et)? ?){_PROPRE}| {_PROPRE}| ville\b| ensemble\b)*"
_LIEN_COMMUNE = re.compile(rf"\s+(?:à|de)\s+({_PROPRE})(?=$|[\s.,;)])")
_QUARTIER = re.compile(rf"\bquartier\s+(?P<lien>de |du |des |de la |de l'|d')?({_NOMS})")
_ARTICLE = re.compile(r"^(?:(?:Les?|La) |L['’])")
# « quartier des Sablons » nomme Les Sablons, quand le document écrit aussi ce nom entier.
_ARTICLES = {"des ": "Les", "du ": "Le", "de la ": "La", "de l'": "L'"}
_SITE = re.compile(
    rf"\b((?:ZAC|Zac|écoquartier)\s+(?:de |du |des |de la |de l'|d')?{_PROPRE}(?: {_PROPRE})*)"
)
_PARENTHESE = re.compile(r"\(([^()]{3,400})\)")
_TETE = re.compile(
    r"^(?:(?:le|la|les)\s+)?(?:quartiers?|cités?|secteurs?|site)?\s*(?:de |du |des |d')?",
    re.IGNORECASE,
)
_MOTS = re.compile(rf"{_PROPRE}(?:[ -]{_PROPRE})*")
_APRES_ORGANISME = re.compile(r"(?:academie|rectorat|district|universite|tribunal) d[eu]s? $")


class _Releve:
    """Lieux relevés, sans doublon, et parties du texte déjà lues."""

    def __init__(self, gazette: Gazette, territoire: str):
        self.gazette, self.territoire = gazette, territoire
        self.lieux: dict[tuple[str, str], Lieu] = {}

    def noter(self, imprime: str, territoire: str | None, type_: str, ligne: int) -> None:
        imprime = collapser(imprime).strip(" ,;.:–-")
        if imprime:
            identite = cle(territoire or imprime) if type_ == "commune" else cle(imprime)
            self.lieux.setdefault((identite, type_), Lieu(imprime, territoire, type_, ligne))


def lire_lieux(
    titre: str,
    ligne: int,
    groupes: list[list[Bloc]],
    gazette: Gazette,
    territoire: str,
    vises: Sequence[Bloc] = (),
) -> tuple[Lieu, ...]:
    """Rend les lieux d'une fiche : sa rubrique de territoires, titre, puis `groupes` (descriptif…)."""
    releve = _Releve(gazette, territoire)
    for bloc in vises:
        _lire_vises(releve, bloc)
    _lire_texte(releve, titre, ligne, False)
    _lire_echelles(releve, titre, ligne)
    for rang, blocs in enumerate(groupes):
        for bloc in blocs:
            _lire_texte(releve, bloc.texte, bloc.ligne, bloc.genre == "puce")
            if (
                rang == 0
            ):  # l'échelle d'intervention se lit dans le descriptif, pas dans les dispositifs
                _lire_echelles(releve, bloc.texte, bloc.ligne)
    return tuple(releve.lieux.values())


def _lire_vises(releve: _Releve, bloc: Bloc) -> None:
    """Note les noms d'une rubrique de territoires ; une phrase se lit comme le reste de la fiche."""
    nommes = list(noms_de(bloc))
    for nomme in nommes:
        connu = releve.gazette.trouver(nomme.nom)
        _, ou, type_ = connu or (nomme.nom, nomme.commune, nomme.type or "autre")
        releve.noter(nomme.nom, nomme.commune or ou, type_, bloc.ligne)
    if not nommes:
        _lire_texte(releve, bloc.texte, bloc.ligne, bloc.genre == "puce")


def _lire_texte(releve: _Releve, texte: str, ligne: int, puce: bool) -> None:
    reste = _PARENTHESE.sub(
        lambda m: (
            " " * len(m.group()) if _lire_enumeration(releve, m.group(1), ligne) else m.group()
        ),
        texte,
    )
    if puce and len(texte.split()) <= 25:
        lus = _lire_puce(releve, reste, ligne)
        reste = " " * lus + reste[lus:]
    for motif, type_ in ((_SITE, "site"), (_QUARTIER, "quartier")):
        reste = motif.sub(lambda m, t=type_: _noter_site(releve, m, t, ligne), reste)
    _lire_noms_connus(releve, reste, ligne)


def _noter_site(releve: _Releve, trouve: re.Match[str], type_: str, ligne: int) -> str:
    """Note un quartier ou un site nommé et rend le texte blanchi, pour ne pas le relire."""
    nom = trouve.group(2) if type_ == "quartier" else trouve.group(1)
    if type_ == "quartier" and cle(nom.split()[0]) in jamais_lieux():
        return trouve.group()
    if type_ == "quartier" and (article := _ARTICLES.get(trouve["lien"] or "")):
        entier = releve.gazette.trouver(f"{article} {nom}")
        nom = entier[0] if entier else nom
    connu = releve.gazette.trouver(nom)
    suite = trouve.string[trouve.end() : trouve.end() + 120]
    releve.noter(nom, connu[1] if connu else _commune_apres(releve, suite), type_, ligne)
    return " " * len(trouve.group())


def _commune_apres(releve: _Releve, suite: str) -> str | None:
    trouve = re.match(rf"[^.;()]{{0,60}}?\s(?:à|de)\s+({_PROPRE})", suite)
    return releve.gazette.commune(trouve.group(1)) if trouve else None


def _lire_enumeration(releve: _Releve, contenu: str, ligne: int) -> bool:
    """« (A, B à Commune ; C à Commune) », « (ZAC des X, Y, ZAC du Z) » ou « (Commune, Commune) »."""
    lu = False
    for groupe in hors_parentheses(contenu, ";"):
        noms = hors_parentheses(groupe.rstrip(" .…"), ",")
        fin = _avec_commune(releve, noms[-1]) if noms else None
        if fin is not None and fin[2] == len(noms[-1]) and noms[-1][:1].isupper():
            for nom in [*noms[:-1], fin[0]]:
                releve.noter(nom, fin[1], "quartier", ligne)
            lu = True
        elif any(_SITE.match(nom) for nom in noms):
            for nom in noms:
                if nom[:1].isupper():
                    releve.noter(nom, None, "site", ligne)
            lu = True
        elif any(releve.gazette.commune(nom) for nom in noms) and all(
            re.fullmatch(_PROPRE, nom) for nom in noms
        ):
            for nom in noms:
                releve.noter(nom, releve.gazette.commune(nom) or nom, "commune", ligne)
            lu = True
    return lu


def _avec_commune(releve: _Releve, texte: str) -> tuple[str, str, int] | None:
    """Rend (nom, commune, fin) pour « Nom à Commune » ou « Nom de Commune », la commune étant connue."""
    for trouve in _LIEN_COMMUNE.finditer(texte):
        commune = releve.gazette.commune(trouve.group(1))
        if commune is not None and trouve.start() > 0:
            return texte[: trouve.start()], commune, trouve.end()
    return None


def _lire_puce(releve: _Releve, texte: str, ligne: int) -> int:
    """« Le quartier A et le quartier B à Commune » : rend le nombre de caractères lus."""
    trouve = _avec_commune(releve, texte)
    if trouve is None:
        return 0
    tete, commune, fin = trouve
    avant = _TETE.sub("", tete)
    if not avant[:1].isupper() or len(avant.split()) > 12 or not _que_des_noms(avant):
        return 0
    for nom in re.split(r"\s+et\s+(?=le quartier|la cité|[A-ZÀ-Þ])", tete):
        releve.noter(_TETE.sub("", nom), commune, "quartier", ligne)
    return fin


def _que_des_noms(texte: str) -> bool:
    minuscules = list(re.findall(r"[a-zà-ÿœ]{4,}", re.sub(rf"{_PROPRE}", " ", texte)))
    return all(
        mot in ("ville", "ensemble", "quartier", "cité", "sud", "nord", "centre")
        for mot in minuscules
    )


def _lire_noms_connus(releve: _Releve, texte: str, ligne: int) -> None:
    for trouve in _MOTS.finditer(texte):
        position = trouve.start()
        mots = trouve.group()
        morceaux = [mots, *re.split(r" ", mots)] if " " in mots else [mots]
        for nom in morceaux:
            connu = releve.gazette.trouver(nom)
            if connu is None or _APRES_ORGANISME.search(
                plier(texte[max(0, position - 20) : position])
            ):
                continue
            if connu[2] == "quartier" and not _est_bien_quartier(nom, texte, position):
                continue
            imprime = connu[0] if _ARTICLE.sub("", connu[0]) == nom else nom
            releve.noter(imprime, connu[0] if connu[2] == "commune" else connu[1], connu[2], ligne)
            if nom == mots:
                break


def _est_bien_quartier(nom: str, texte: str, position: int) -> bool:
    """Un nom de quartier d'un seul mot courant (« Balzac ») ne compte que près d'un mot de lieu."""
    if " " in nom or "-" in nom:
        return True
    return bool(
        re.search(
            r"quartier|cite|secteur|\ba $|,\s*$|-\s*$|\($",
            plier(texte[max(0, position - 25) : position]),
        )
    )


def _lire_echelles(releve: _Releve, texte: str, ligne: int) -> None:
    plie = plier(texte)
    for echelle in charger_lexique("lieux")["echelles"]:
        if any(plier(forme) in plie for forme in echelle["formes"]):
            releve.noter(
                "échelle intercommunale", releve.territoire or None, echelle["type"], ligne
            )
    nomme = re.search(
        rf"[Cc]ommunauté d['’]agglomération (?:de |du |d['’])?({_PROPRE}(?: {_PROPRE})?)", texte
    )
    if nomme is not None:
        releve.noter(nomme.group(), releve.territoire or nomme.group(1), "agglomeration", ligne)
