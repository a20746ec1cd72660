"""Découpage d'une ligne imprimée en partenaires : noms collés, énumérations, parenthèses, précisions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .lexique import Trouve, charger_lexique, mots_imprimes, repertoire
from .texte import collapser, est_mot_vide, plier

_PARENTHESE = re.compile(r"\(([^()]*)\)?")
_LIAISON = re.compile(
    r"^[\s,;/&-]*(?:(?:et|ou)\b)?[\s/,&-]*(?:(?:les|le|la|des|du|l'|l’)\s*)*$", re.IGNORECASE
)
_LIAISON_FINALE = re.compile(
    r"(?:\s*[,;/&]\s*|\s+(?:et|ou)\s+|\s+)(?:(?:les|le|la|des|du|l'|l’)\s*)*$",
    re.IGNORECASE,
)
_ARTICLE_CAPITAL = re.compile(r"(?:^|\s)((?:Les?|La|L['’])\s*)$")
_ENUMERE = re.compile(r"[,;/&]|\b(?:et|ou)\b", re.IGNORECASE)
_ELISION = re.compile(r"^[dl]['’]", re.IGNORECASE)
_PRECISION = re.compile(
    r"^(?:dans le cadre|au titre|pour |via |en lien|en partenariat|sous |selon|lorsqu|si "
    r"|notamment|hors |ex )"
)


@dataclass
class Segment:
    """Morceau d'une ligne : partenaire reconnu ou reste inconnu, parenthèses et précision qui suivent."""

    trouve: Trouve | None
    debut: int
    fin: int
    parentheses: list[str]
    precision: str = ""
    enumere: bool = False  # lié au précédent par « et », « / » ou une virgule


def segmenter(texte: str, adjectifs: bool = False, lieu_connu=lambda mot: False) -> list[Segment]:
    """Rend les partenaires d'un texte, au plus long du lexique, et les restes entre eux."""
    masque, parentheses = _masquer(texte)
    segments: list[Segment] = []
    position = 0
    for trouve, debut, fin in [*_reconnus(masque, adjectifs), (None, len(masque), len(masque))]:
        enumere = _combler(segments, masque, position, debut, lieu_connu)
        if trouve is not None:
            article = _ARTICLE_CAPITAL.search(masque[position:debut])
            depart = position + article.start(1) if article else debut
            segments.append(Segment(trouve, depart, fin, [], enumere=enumere and bool(segments)))
        position = fin
    rang = 0
    for debut, fin, contenu in parentheses:
        while rang + 1 < len(segments) and segments[rang + 1].debut < debut:
            rang += 1
        if segments and segments[rang].debut < debut and contenu:
            segments[rang].parentheses.append(contenu)
            segments[rang].fin = max(segments[rang].fin, fin)
    return _noms_propres(segments, texte)


def _noms_propres(segments: list[Segment], texte: str) -> list[Segment]:
    """« Association Zéphyr » : une catégorie au singulier suivie d'un nom propre est un seul nom."""
    resultat: list[Segment] = []
    for segment in segments:
        avant = resultat[-1] if resultat else None
        colle = (
            avant is not None
            and segment.trouve is None
            and not texte[avant.fin : segment.debut].strip()
        )
        proche = avant is not None and texte[avant.fin : segment.debut] == " "
        if colle and proche and _porte_un_territoire(avant, segment, texte):
            resultat[-1] = replace(
                avant, precision=texte[segment.debut : segment.fin], fin=segment.fin
            )
        elif proche and segment.trouve is not None and _est_un_singulier_seul(avant, texte):
            # « Fondation SNCF » : le nom connu qui suit est le nom propre de la première
            resultat[-1] = Segment(
                None, avant.debut, segment.fin, segment.parentheses, enumere=avant.enumere
            )
        elif colle and _est_categorie_au_singulier(avant, texte):
            resultat[-1] = Segment(
                None, avant.debut, segment.fin, segment.parentheses, enumere=avant.enumere
            )
        else:
            resultat.append(segment)
    return resultat


def _porte_un_territoire(avant: Segment | None, suite: Segment, texte: str) -> bool:
    """« Région Bretagne », « CAF Rhône-Sud » : un nom propre dit de quel territoire on parle."""
    if avant is None or avant.trouve is None or avant.precision:
        return False
    noms = charger_lexique("partenaires")["portent_un_territoire"]
    mots = [_ELISION.sub("", mot) for mot in texte[suite.debut : suite.fin].split()]
    pleins = [mot for mot in mots if not est_mot_vide(plier(mot))]
    est_propre = 0 < len(pleins) <= 3 and _tous_propres(pleins)
    # « Caisse d'Allocations », coupé par la page, commence un autre nom du lexique
    return (
        est_propre
        and avant.trouve.entree.nom in noms
        and not repertoire().commence_un_nom(texte[suite.debut : suite.fin])
    )


def _tous_propres(mots: list[str]) -> bool:
    return all(mot[:1].isupper() for mot in mots)


def _est_un_singulier_seul(segment: Segment | None, texte: str) -> bool:
    """Dit si un segment n'est qu'un nom de catégorie au singulier, d'un seul mot (« Fondation »)."""
    if segment is None or not _est_categorie_au_singulier(segment, texte):
        return False
    return len(texte[segment.debut : segment.fin].split()) == 1


def _est_categorie_au_singulier(segment: Segment, texte: str) -> bool:
    if segment.trouve is None or segment.trouve.entree.nature != "categorie":
        return False
    premier = texte[segment.debut : segment.fin].split()[0]
    return not segment.precision and premier[-1] not in "sx" and not premier.isupper()


def _reconnus(masque: str, adjectifs: bool) -> list[tuple[Trouve, int, int]]:
    suite = mots_imprimes(masque)
    resultat: list[tuple[Trouve, int, int]] = []
    rang = 0
    while rang < len(suite):
        trouve = None
        if _peut_commencer(masque, suite, rang, adjectifs):
            trouve = repertoire().au_debut(suite, rang, adjectifs)
        if trouve is None:
            rang += 1
            continue
        resultat.append((trouve[0], suite[rang].debut, suite[trouve[1] - 1].fin))
        rang = trouve[1]
    return resultat


def _combler(segments: list[Segment], masque: str, debut: int, fin: int, lieu_connu) -> bool:
    """Traite le texte entre deux noms reconnus ; rend vrai s'il les lie (« et », « / », virgule)."""
    brut = masque[debut:fin]
    if _LIAISON.match(brut):
        return bool(_ENUMERE.search(brut))
    # la liaison est courte : chercher plus loin coûterait pour rien
    decalage = max(0, len(brut) - 40)
    liaison_finale = _LIAISON_FINALE.search(brut[decalage:])
    utile = brut[: decalage + liaison_finale.start()] if liaison_finale else brut
    nu = utile.strip(" ,;/.-")
    depart = debut + utile.find(nu) if nu else debut
    premier = nu.split()[0] if nu else ""
    if nu and segments and (nu[0].islower() or nu[0].isdigit() or lieu_connu(premier)):
        segments[-1].precision = collapser(nu)
        segments[-1].fin = depart + len(nu)
    elif nu:
        segments.append(Segment(None, depart, depart + len(nu), []))
    return bool(liaison_finale and _ENUMERE.search(liaison_finale.group()))


def _masquer(texte: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Blanchit les parenthèses, qui précisent le nom qui les précède."""
    trouvees = [(m.start(), m.end(), m.group(1).strip()) for m in _PARENTHESE.finditer(texte)]
    return _PARENTHESE.sub(lambda m: " " * len(m.group()), texte), trouvees


def _peut_commencer(masque: str, suite: list, rang: int, adjectifs: bool) -> bool:
    """Un nom commence par une capitale et ne suit pas « de » ; après « / » ou « et », la casse est libre."""
    if (
        adjectifs
        or rang == 0
        or (est_mot_vide(suite[rang - 1].comparable) and masque[suite[rang - 1].debut].isupper())
    ):
        return True
    if _ENUMERE.search(masque[suite[rang - 1].fin : suite[rang].debut]):
        return True
    precedent = suite[rang - 1].comparable
    if precedent in ("et", "ou"):
        return True
    if est_mot_vide(precedent) and masque[suite[rang - 1].debut].islower():
        return False
    return masque[suite[rang].debut].isupper()


def est_precision(texte: str) -> bool:
    """Dit si un reste est une condition (« dans le cadre de… », « pour… »)."""
    return bool(_PRECISION.match(plier(texte)))
