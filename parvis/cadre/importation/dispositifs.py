"""Dispositifs : puces sous un intitulé de groupe, phrases dont le responsable est le sujet, conventions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .conventions import nom_de_convention
from .dispositifs_en_liste import lire_liste
from .fragments import Bloc
from .lexique import charger_lexique, motif
from .noms_de_dispositif import (
    est_explication,
    nommer,
    nommer_appui,
    nommer_le_but,
    raccourcir,
    separer,
)
from .noms_enumeres import separer_les_noms
from .porteurs import Porteurs, lire_intitule, porteurs_de, service_nomme, sujet
from .source import LIMITE_PARAGRAPHE
from .structure import Dispositif
from .texte import cle_souple, collapser, majuscule, phrases, plier

Signaler = Callable[[int, str, str], None]
_DISPOSE = re.compile(
    r"^(?:elle|il|elles|ils) (?:dispose|propose|finance|porte|met|peut|participe)\w*"
)


@dataclass
class Lecture:
    """État de la lecture d'une rubrique."""

    signaler: Signaler
    indicatifs: frozenset[str]
    groupe: Porteurs = field(default_factory=Porteurs)
    phrase: Porteurs | None = None  # phrase qui annonce des puces
    degre: str | None = None  # degré que cette phrase donne à ses puces
    details: bool = False  # les puces qui suivent détaillent le dernier dispositif
    niveau: int = 0
    lus: list[Dispositif] = field(default_factory=list)


def lire_dispositifs(
    blocs: list[Bloc], signaler: Signaler, indicatifs: frozenset[str]
) -> tuple[Dispositif, ...]:
    """Rend les dispositifs d'une rubrique ; `indicatifs` : responsables cités à titre indicatif."""
    lecture = Lecture(signaler, indicatifs)
    liste = lire_liste(blocs)
    if liste is not None:
        for un in liste:
            noms = (un.responsable.nom,) if un.responsable else ()
            parent = un.responsable.entree.parent if un.responsable else None
            _ajouter(
                lecture,
                Porteurs(noms, parent),
                un.nom,
                None,
                "puce",
                un.confiance,
                un.ligne,
                un.imprime,
            )
        return tuple(lecture.lus)
    for rang, bloc in enumerate(blocs):
        suivant = blocs[rang + 1] if rang + 1 < len(blocs) else None
        if bloc.genre == "puce":
            _puce(lecture, bloc)
        else:
            _paragraphe(lecture, bloc, suivant)
    return tuple(lecture.lus)


def titres_indicatifs(texte: str) -> frozenset[str]:
    """Rend les responsables dont le document dit qu'ils sont cités à titre indicatif."""
    trouves = re.findall(charger_lexique("tournures")["a_titre_indicatif"], plier(texte))
    return frozenset(nom for trouve in trouves for nom in porteurs_de(trouve).noms)


def _puce(lecture: Lecture, bloc: Bloc) -> None:
    if _peut_detailler(lecture) and (
        lecture.details or (lecture.niveau and bloc.niveau > lecture.niveau)
    ):
        _detailler(lecture, bloc.texte)
        return
    lecture.niveau = lecture.niveau or bloc.niveau
    morceaux = separer(bloc.texte)
    if len(morceaux) > 1:
        lecture.signaler(
            bloc.ligne,
            "puces_collees",
            f"{len(morceaux)} dispositifs dans une même puce : {bloc.texte}",
        )
    for morceau in morceaux:
        gras = bloc.gras if len(morceaux) == 1 and not bloc.tout_gras else ""
        _ajouter_puce(lecture, morceau, gras, bloc.ligne)


def _ajouter_puce(lecture: Lecture, texte: str, gras: str, ligne: int) -> None:
    porteurs = lecture.phrase or lecture.groupe
    confiance = 0.95 if porteurs.noms and not porteurs.inconnu else 0.6
    trouve = sujet(texte, pour=True)
    if trouve is not None and trouve[1].strip(" :."):
        noms = tuple(t.nom for t in trouve[0])
        if noms != porteurs.noms:
            dans_groupe = trouve[0][0].entree.parent in porteurs.noms
            porteurs = Porteurs(noms, trouve[0][0].entree.parent if dans_groupe else None)
            confiance = 0.8
        nom, detail = _nom_d_appui(trouve[1], texte), collapser(texte).strip(" ;")
        _ajouter(lecture, porteurs, nom, detail, "puce", confiance, ligne, texte)
        return
    service = service_nomme(texte, porteurs)
    if service is not None:
        porteurs, confiance = Porteurs((service[0],), porteurs.noms[0]), 0.85
    phrase = re.sub(r"^(?:Elles?|Ils?)\s+", "", texte)
    appui = nommer_appui(phrase[:1].lower() + phrase[1:]) if not gras else None
    nom, detail = (appui, collapser(texte).strip(" ;")) if appui else nommer(texte, gras)
    if service is not None and nom.endswith(service[1]) and len(nom.split()) > 4:
        nom = nom.removesuffix(service[1])
    _ajouter(lecture, porteurs, nom, detail, "puce", confiance, ligne, texte)


def _nom_d_appui(suite: str, texte: str) -> str:
    """Nomme l'appui d'une phrase à sujet ; sans verbe d'appui connu, garde le début de la phrase."""
    nom = nommer_appui(suite) or nommer_le_but(suite)
    if nom is None:
        nom = (
            nommer(texte)[0]
            if plier(suite).startswith("pour ")
            else raccourcir(majuscule(suite.strip(" ;.,:")))[0]
        )
    return nom


def _paragraphe(lecture: Lecture, bloc: Bloc, suivant: Bloc | None) -> None:
    intitule = lire_intitule(bloc)
    if intitule is not None:
        _ouvrir_groupe(lecture, *intitule, bloc)
        return
    lecture.details = False
    lecture.niveau = 0
    annonce = (
        suivant is not None and suivant.genre == "puce" and not re.search(r"[.!?]\s*$", bloc.texte)
    )
    convention = nom_de_convention(bloc.texte)
    if convention is not None:
        lecture.phrase = None
        _ajouter(
            lecture,
            Porteurs(("État",)),
            convention,
            bloc.texte,
            "phrase",
            0.7,
            bloc.ligne,
            bloc.texte,
        )
        # ce que la convention dit pouvoir arriver n'est pas le degré de la convention
        lecture.lus[-1] = replace(lecture.lus[-1], degre=None, nature="droit_commun")
        lecture.details = annonce
        return
    trouve = sujet(bloc.texte)
    if trouve is not None:
        _phrase_avec_sujet(lecture, bloc, trouve, annonce)
        return
    if _peut_detailler(lecture) and (
        est_explication(bloc.texte) or _parle_du_precedent(lecture, bloc)
    ):
        _detailler(lecture, bloc.texte)
        return
    _appui_sans_sujet(lecture, bloc, annonce)


def _appui_sans_sujet(lecture: Lecture, bloc: Bloc, annonce: bool) -> None:
    """Lit un paragraphe qui nomme un dispositif sans dire qui le porte : le groupe, ou personne."""
    lecture.phrase = None
    # une ligne grasse seule, au rang des intitulés, clôt le groupe : aucun responsable n'est imprimé
    groupe = (
        Porteurs() if bloc.tout_gras and lecture.groupe.noms and lecture.lus else lecture.groupe
    )
    nom, detail = nommer(bloc.texte, "" if bloc.tout_gras else bloc.gras)
    confiance = 0.5 if not groupe.noms else 0.7
    _ajouter(lecture, groupe, nom, detail, "phrase", confiance, bloc.ligne, bloc.texte)
    lecture.details = annonce


def _ouvrir_groupe(lecture: Lecture, porteurs: Porteurs, reste: str, bloc: Bloc) -> None:
    for ecart in porteurs.ecarts:
        lecture.signaler(bloc.ligne, "faute_probable", f"« {bloc.texte} » : {ecart}")
    if porteurs.inconnu and porteurs.noms:
        lecture.signaler(
            bloc.ligne,
            "partenaire_inconnu",
            f"responsable « {porteurs.noms[0]} » absent du lexique",
        )
    autour = (*lecture.groupe.noms, lecture.groupe.parent)
    if porteurs.parent is not None and porteurs.parent not in autour and "(" not in bloc.texte:
        porteurs = replace(porteurs, parent=None)
    lecture.groupe, lecture.phrase, lecture.details, lecture.niveau = porteurs, None, False, 0
    for morceau in re.split(r"\s*;\s*", reste.rstrip(" .")):
        for nom in separer_les_noms(morceau) if morceau else ():
            _ajouter_puce(lecture, nom, "", bloc.ligne)


def _phrase_avec_sujet(lecture: Lecture, bloc: Bloc, trouve, annonce: bool) -> None:
    premier = trouve[0][0].entree
    autour = (*lecture.groupe.noms, lecture.groupe.parent)
    parent = premier.parent if premier.parent in autour else None
    porteurs = Porteurs(tuple(t.nom for t in trouve[0]), parent)
    for t in trouve[0]:
        if t.ecart:
            lecture.signaler(bloc.ligne, "faute_probable", f"« {bloc.texte[:60]} » : {t.ecart}")
    if annonce:
        lecture.phrase, lecture.degre = porteurs, _degre(bloc.texte, (), frozenset())
        return
    lecture.phrase = None
    entieres = phrases(bloc.texte)
    debut = entieres[0]
    suite = sujet(debut)
    courant: list[str] = [debut]
    nom = _nom_d_appui(suite[1] if suite else debut, debut)
    for phrase in entieres[1:]:
        if _DISPOSE.match(plier(phrase)):
            _ajouter(
                lecture,
                porteurs,
                nom,
                " ".join(courant),
                "phrase",
                0.75,
                bloc.ligne,
                " ".join(courant),
            )
            nom, courant = _nom_d_appui(re.sub(r"^\w+\s", "", phrase), phrase), [phrase]
        else:
            courant.append(phrase)
    _ajouter(
        lecture, porteurs, nom, " ".join(courant), "phrase", 0.75, bloc.ligne, " ".join(courant)
    )


def _peut_detailler(lecture: Lecture) -> bool:
    """Borne le détail d'un dispositif, pour qu'un document hostile ne le fasse pas grossir sans fin."""
    return bool(lecture.lus) and len(lecture.lus[-1].imprime or "") < LIMITE_PARAGRAPHE


def _parle_du_precedent(lecture: Lecture, bloc: Bloc) -> bool:
    """Un paragraphe qui renomme le dispositif qui le précède l'explique."""
    nom = cle_souple(re.sub(r"\([^()]*\)", " ", lecture.lus[-1].nom))
    sigles = re.findall(r"\b[A-Z]{3,}\b", lecture.lus[-1].nom)
    if bloc.tout_gras or not nom:
        return False
    commun = set(nom.split()) & set(cle_souple(bloc.texte).split())
    return (any(sigle in bloc.texte for sigle in sigles) and len(commun) >= 2) or (
        nom in cle_souple(bloc.texte)
    )


def _detailler(lecture: Lecture, texte: str) -> None:
    dernier = lecture.lus[-1]
    convention = dernier.nom.startswith("Convention") and dernier.origine == "phrase"
    ajout = collapser(texte).strip(" ;")
    separateur = " " if dernier.detail and dernier.detail.endswith((".", ":")) else " ; "
    detail = f"{dernier.detail}{separateur}{ajout}" if dernier.detail else ajout
    imprime = f"{dernier.imprime} {ajout}"
    lecture.lus[-1] = replace(
        dernier,
        detail=detail,
        imprime=imprime,
        degre=None if convention else _degre(imprime, dernier.porteurs, lecture.indicatifs),
        nature="droit_commun" if convention else _nature(imprime),
    )


def _ajouter(lecture, porteurs: Porteurs, nom, detail, origine, confiance, ligne, imprime) -> None:
    imprime = collapser(imprime).strip(" ;")
    nom = nom or imprime
    detail = collapser(detail) if detail and cle_souple(detail) != cle_souple(nom) else None
    lecture.lus.append(
        Dispositif(
            porteurs.noms[0] if porteurs.noms else None,
            nom,
            detail,
            origine,
            confiance,
            ligne,
            porteurs.noms,
            porteurs.parent,
            _degre(imprime, porteurs.noms, lecture.indicatifs)
            or (lecture.degre if lecture.phrase else None),
            _nature(imprime),
            imprime,
        )
    )


def _degre(imprime: str, porteurs: tuple[str, ...], indicatifs: frozenset[str]) -> str | None:
    plie = plier(imprime)
    for degre in charger_lexique("tournures")["degres"]:
        if motif("tournures", "degres", degre).search(plie):
            return degre
    return "indicatif" if any(nom in indicatifs for nom in porteurs) else None


def _nature(imprime: str) -> str:
    return (
        "specifique"
        if motif("tournures", "credits_specifiques").search(plier(imprime))
        else "droit_commun"
    )
