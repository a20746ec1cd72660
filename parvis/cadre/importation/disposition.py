"""Dispositions d'une fiche : rubriques en lignes, en titres, en listes, en tableaux de plusieurs colonnes.

Chaque ligne qui ouvre une rubrique le dit (`Rangee.libelle`) ; les tableaux où une rangée est une
fiche, ou porte deux rubriques, sont dépliés en une ligne par rubrique. Le plan s'assemble ensuite
sans rien savoir de la mise en page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from .blocs import Rangee
from .fragments import blocs_de, texte_de
from .rubriques import Libelle, LibelleImprime, deviner, reconnaitre
from .tableaux_de_fiches import Entete, deplier_un_tableau, entete_de_fiches, entete_de_rubriques
from .tableaux_de_rubrique import est_un_en_tete, lire_des_connaissances, lire_un_tableau
from .titres import titre_de

_LIBELLE_MAX = 70
_SEUIL = 92
_MOTS_D_UN_LIBELLE = 7
_MOTS_D_UN_LIBELLE_NU = 5
_DIESES = re.compile(r"^\s*(#{1,6})\s+(.*)$", re.DOTALL)
_PUCE = re.compile(r"^(?:\s|<ul[^>]*>|<li[^>]*>|<p>)*(?:[•●▪■◦‣·∙➢✓–-]\s+)?")
_MORCEAUX = re.compile(r"<br\s*/?>|</?(?:p|li|ul|ol)(?:\s[^<>]*)?>", re.IGNORECASE)
_GRAS = re.compile(
    r"^\s*(?:<(?:b|strong)>(?P<html>[^<>]{2,80})</(?:b|strong)>|\*\*(?P<md>[^*]{2,80})\*\*)"
    r"(?P<reste>.*)$",
    re.DOTALL | re.IGNORECASE,
)
_CELLULE_MAX = 20_000  # au-delà, une cellule n'est pas une petite fiche : borne le coût
_FREQUENCE = (
    3  # fois où une forme de libellé doit être connue pour croire celles qui ne le sont pas
)


def deplier(rangees: list[Rangee]) -> list[Rangee]:
    """Rend les lignes du document, chacune avec la rubrique qu'elle ouvre, les tableaux dépliés."""
    return _libelles_inconnus(list(_deplier(rangees)))


def _deplier(rangees: list[Rangee]) -> Iterator[Rangee]:
    rang = 0
    while rang < len(rangees):
        rangee = rangees[rang]
        tableau = lire_un_tableau(rangees, rang) or lire_des_connaissances(rangees, rang)
        if tableau is not None:
            yield tableau[0]
            rang = tableau[1]
            continue
        if est_un_en_tete(rangee):
            rang += 1
            continue
        if rangee.est_tableau and (entete := _entete(rangees, rang)) is not None:
            fin = _fin_du_tableau(rangees, rang, entete)
            if fin > rang + 1:
                yield from deplier_un_tableau(entete, rangees[rang + 1 : fin])
                rang = fin
                continue
        if rangee.est_tableau:
            for partie in _par_paires(rangee):
                yield from _cellules_titrees(partie)
        else:
            yield from _lignes(rangee)
        rang += 1


def _entete(rangees: list[Rangee], rang: int) -> Entete | None:
    """Rend l'en-tête que porte une rangée ; un titre de pilier juste au-dessus en dit le niveau."""
    avant = [titre_de(rangee) for rangee in rangees[max(0, rang - 3) : rang]]
    sous_un_pilier = any(titre is not None and titre.niveau == "pilier" for titre in avant)
    return entete_de_fiches(rangees[rang], sous_un_pilier) or entete_de_rubriques(rangees[rang])


def _fin_du_tableau(rangees: list[Rangee], debut: int, entete: Entete) -> int:
    """Rend le rang qui suit le tableau : un en-tête de rubriques ne vaut que pour une rangée."""
    if not entete.une_fiche_par_rangee:
        suivante = rangees[debut + 1] if debut + 1 < len(rangees) else None
        pleine = suivante is not None and len(suivante.cellules) == len(entete.colonnes)
        return debut + 2 if pleine else debut
    fin = debut + 1
    while fin < len(rangees) and len(rangees[fin].cellules) > 1:
        fin += 1
    return fin


def _par_paires(rangee: Rangee) -> Iterator[Rangee]:
    """Sépare « libellé, valeur, libellé, valeur » ; rend la rangée telle quelle sinon."""
    cellules = rangee.cellules
    if len(cellules) >= 4 and len(cellules) % 2 == 0:
        tetes = [_reconnu(texte_de(cellule)) for cellule in cellules[::2]]
        if all(tetes):
            for tete, valeur in zip(cellules[::2], cellules[1::2], strict=True):
                yield replace(rangee, cellules=(tete, valeur))
            return
    yield rangee


def _cellules_titrees(rangee: Rangee) -> Iterator[Rangee]:
    """Sépare les cellules qui portent elles-mêmes leurs libellés, en tête ou l'un sous l'autre."""
    parties = [_rubriques_de_la_cellule(cellule) for cellule in rangee.cellules]
    premiere, *autres = parties
    if premiere and all(parties[rang] for rang, c in enumerate(rangee.cellules) if c.strip()):
        trouvees = [rubrique for partie in parties for rubrique in partie]
    elif not premiere and any(len(partie) > 1 for partie in autres):
        trouvees = [rubrique for partie in autres for rubrique in partie]
    else:
        yield rangee
        return
    for rubrique in trouvees:
        yield replace(rangee, cellules=(rubrique.imprime, rubrique.contenu), libelle=rubrique)


def _rubriques_de_la_cellule(cellule: str) -> list[LibelleImprime]:
    """Rend les rubriques d'une cellule qui commence par un libellé suivi de son contenu."""
    rubriques: list[LibelleImprime] = []
    if len(cellule) > _CELLULE_MAX:
        return []
    for morceau in re.split(r"(?=<p>)", cellule):
        if not texte_de(morceau):
            continue
        nu = re.sub(r"^\s*<p>\s*|\s*</p>\s*$", "", morceau)
        gras = _GRAS.match(nu)
        tete = texte_de((gras["html"] or gras["md"]) if gras else nu).rstrip(" :")
        reconnu = _reconnu(tete) if gras or len(tete) <= _LIBELLE_MAX else None
        if reconnu is not None:
            contenu = f"<p>{gras['reste']}</p>" if gras and texte_de(gras["reste"]) else ""
            rubriques.append(LibelleImprime(reconnu, tete, contenu))
        elif not rubriques:
            return []
        else:
            dernier = rubriques[-1]
            rubriques[-1] = replace(dernier, contenu=dernier.contenu + morceau)
    # un libellé seul dans sa cellule ouvre la rubrique de la cellule suivante
    return rubriques if len(rubriques) > 1 or (rubriques and rubriques[0].contenu) else []


def _reconnu(texte: str) -> Libelle | None:
    texte = texte.strip(" *_:")
    return reconnaitre(texte, seuil=_SEUIL) if 0 < len(texte) <= _LIBELLE_MAX else None


def _lignes(rangee: Rangee) -> Iterator[Rangee]:
    """Rend une ligne de texte, ou ses morceaux quand plusieurs ouvrent chacun une rubrique."""
    (cellule,) = rangee.cellules
    if "<br" in cellule or "<li" in cellule:
        morceaux = [m for m in _MORCEAUX.split(cellule) if texte_de(m)]
        libelles = [_libelle_de_ligne(m) for m in morceaux]
        if sum(libelle is not None for libelle in libelles) > 1:
            for morceau, libelle in zip(morceaux, libelles, strict=True):
                yield replace(rangee, cellules=(morceau,), libelle=libelle)
            return
    yield replace(rangee, libelle=_libelle_de_ligne(cellule))


def _libelle_de_ligne(cellule: str) -> LibelleImprime | None:
    """Rend la rubrique qu'ouvre une ligne seule : titre, gras, ou « Libellé : valeur »."""
    titre = _DIESES.match(cellule)
    corps = titre.group(2) if titre else _PUCE.sub("", cellule, count=1)
    if titre and len(corps) <= _LIBELLE_MAX + 20:
        imprime = texte_de(corps).rstrip(" :")
        reconnu = _reconnu(imprime)
        if reconnu is not None:
            return LibelleImprime(reconnu, imprime)
    gras = _GRAS.match(corps)
    if gras is not None:
        imprime = texte_de(gras["html"] or gras["md"]).rstrip(" :")
        reconnu = _reconnu(imprime)
        if reconnu is not None:
            return LibelleImprime(reconnu, imprime, _valeur(gras["reste"]))
    tete, deux_points, _ = corps[: _LIBELLE_MAX + 40].partition(":")
    if deux_points:
        imprime = texte_de(tete)
        reconnu = _reconnu(imprime)
        if reconnu is not None:
            return LibelleImprime(reconnu, imprime, _valeur(corps[len(tete) + 1 :]))
    return None


def _valeur(reste: str) -> str:
    """Rend ce qui suit un libellé, sans le deux-points ni les balises qu'il laisse ouvertes."""
    nu = re.sub(r"^(?:\s|</(?:b|strong|p|li)>|\*\*)*[:–—-]?\s*", "", reste)
    return re.sub(r"^(?:</(?:b|strong)>|\*\*)\s*", "", nu)


def _libelles_inconnus(rangees: list[Rangee]) -> list[Rangee]:
    """Ouvre une rubrique inconnue là où la ligne a la forme de libellés que l'on connaît."""
    rangees = _libelles_nus(rangees)
    connues = Counter(f for r in rangees if r.libelle is not None and (f := _forme(r)))
    frequentes = {forme for forme, nombre in connues.items() if nombre >= _FREQUENCE}
    return [_inconnu(r) if r.libelle is None and _forme(r) in frequentes else r for r in rangees]


def _libelles_nus(rangees: list[Rangee]) -> list[Rangee]:
    """Ouvre une rubrique sur une ligne qui n'est qu'un libellé exact, si le document en a plusieurs."""
    nus = {
        rang: libelle
        for rang, r in enumerate(rangees)
        if r.libelle is None and not r.est_tableau and (libelle := _libelle_nu(r.cellules[0]))
    }
    if len(nus) < _FREQUENCE or len({libelle.code for libelle in nus.values()}) < 2:
        return rangees
    nus |= _libelles_repetes(rangees, nus)
    return [
        replace(r, libelle=LibelleImprime(nus[rang], texte_de(r.cellules[0]).rstrip(" :")))
        if rang in nus
        else r
        for rang, r in enumerate(rangees)
    ]


def _libelle_nu(cellule: str) -> Libelle | None:
    """Rend la rubrique dont une ligne est le libellé, au mot près."""
    if len(cellule) > _LIBELLE_MAX or _DIESES.match(cellule) or "<li" in cellule:
        return None
    libelle = reconnaitre(texte_de(cellule).rstrip(" :"), seuil=100)
    return libelle if libelle and libelle.code not in ("titre", "numero") else None


def _libelles_repetes(rangees: list[Rangee], nus: dict[int, Libelle]) -> dict[int, Libelle]:
    """Rend les libellés approchés d'un document qui en a d'exacts : la même ligne, d'une fiche à l'autre."""
    candidats: dict[str, list[int]] = {}
    for rang, rangee in enumerate(rangees):
        seule = not rangee.est_tableau and rangee.libelle is None and rangee.titre is None
        if seule and rang not in nus and _a_l_air_d_un_libelle(rangee.cellules[0]):
            candidats.setdefault(rangee.cellules[0].strip(), []).append(rang)
    frequents = Counter(rangees[rang].cellules[0].strip() for rang in nus)
    seuil = max(2, frequents.most_common(1)[0][1] / 2)
    return {
        rang: libelle
        for texte, rangs in candidats.items()
        # la ligne qui suit un libellé est son contenu, même si chaque fiche le répète
        if len(rangs) >= seuil
        and not any(rang - 1 in nus and _se_touchent(rangees, rang) for rang in rangs)
        and (libelle := reconnaitre(texte.rstrip(" :")) or deviner(texte.rstrip(" :")))
        for rang in rangs
    }


def _a_l_air_d_un_libelle(cellule: str) -> bool:
    nu = cellule.strip()
    return (
        len(nu) <= _LIBELLE_MAX
        and nu[:1].isupper()
        and not nu.endswith((".", ",", ";"))
        and len(nu.split()) <= _MOTS_D_UN_LIBELLE_NU
        and "<" not in nu
    )


def _se_touchent(rangees: list[Rangee], rang: int) -> bool:
    return rangees[rang].numero == rangees[rang - 1].numero + 1


def _forme(rangee: Rangee) -> str:
    """Rend la forme d'une ligne qui peut ouvrir une rubrique : profondeur du titre, ou gras."""
    if rangee.est_tableau or rangee.titre is not None:
        return ""
    titre = _DIESES.match(rangee.cellules[0])
    if titre:
        return titre.group(1)
    gras = _GRAS.match(_PUCE.sub("", rangee.cellules[0], count=1))
    if gras is None:
        return ""
    tete, reste = gras["html"] or gras["md"], gras["reste"].lstrip()
    annonce = tete.rstrip().endswith(":") or reste.startswith(":") or not reste
    return "gras" if annonce and len(tete.split()) <= _MOTS_D_UN_LIBELLE else ""


def _inconnu(rangee: Rangee) -> Rangee:
    cellule = rangee.cellules[0]
    titre = _DIESES.match(cellule)
    if titre:
        imprime, contenu = texte_de(titre.group(2)), ""
    else:
        gras = _GRAS.match(_PUCE.sub("", cellule, count=1))
        assert gras is not None  # `_forme` l'a dit
        imprime, contenu = texte_de(gras["html"] or gras["md"]), _valeur(gras["reste"])
    if len(blocs_de(cellule, 0)) > 1:
        return rangee
    imprime = imprime.rstrip(" :")
    libelle = deviner(imprime) or Libelle("autre")
    return replace(rangee, libelle=LibelleImprime(libelle, imprime, contenu))
