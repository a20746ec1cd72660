"""Ce qui change d'une version d'un appel à l'autre, en phrases."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from parvis.dossiers.enums import EffetDeBilan
from parvis.dossiers.rules.contenu_d_appel import (
    ContenuDAppel,
    CritereLu,
    FinanceurLu,
    LigneLue,
    PieceLue,
    QuestionLue,
    ServiceLu,
)
from parvis.socle.templatetags.socle import heure, jour

T = TypeVar("T")

_DU_SERVICE = {
    "service": "nom du service",
    "adresse_du_service": "adresse",
    "telephone": "téléphone",
    "courriel": "courriel",
    "horaires": "horaires",
}


def ce_qui_change(avant: ContenuDAppel, apres: ContenuDAppel) -> list[str]:
    """Rend une phrase par changement, les plus lourds d'abord ; vide si rien ne change.

    Ce qui se ferme ou se retire se dit avant ce qui s'ajoute.
    """
    return [
        *_dates(avant, apres),
        *_fiches(avant.fiches, apres.fiches),
        *_financeurs(avant, apres),
        *_pieces(avant.pieces, apres.pieces),
        *_questions(avant.questions, apres.questions),
        *_criteres(avant.grille, apres.grille),
        *_bilans(avant, apres),
        *_textes(avant, apres),
        *_service("Qui appeler", avant.service, apres.service),
    ]


def _dates(avant: ContenuDAppel, apres: ContenuDAppel) -> list[str]:
    phrases = []
    for nom, ancienne, nouvelle in (
        ("La clôture", avant.ferme_le, apres.ferme_le),
        ("L’ouverture", avant.ouvre_le, apres.ouvre_le),
    ):
        if nouvelle != ancienne:
            phrases.append(f"{nom} est {_deplacee(ancienne, nouvelle)}.")
    if apres.exercices_max != avant.exercices_max:
        phrases.append(
            f"Un projet peut porter sur {apres.exercices_max} exercices au plus, au lieu de "
            f"{avant.exercices_max}."
            if apres.exercices_max > 1
            else "Un projet ne porte plus que sur un exercice."
        )
    return phrases


def _deplacee(ancienne: datetime, nouvelle: datetime) -> str:
    sens = "repoussée" if nouvelle > ancienne else "avancée"
    return f"{sens} du {dire_l_instant(ancienne)} au {dire_l_instant(nouvelle)}"


def dire_l_instant(instant: datetime) -> str:
    """Rend un instant à l'heure du lieu : « 3 avril 2026 à 18 h 00 »."""
    return f"{jour(instant)} à {heure(instant)}"


def _fiches(avant: Mapping[str, str], apres: Mapping[str, str]) -> list[str]:
    retirees = [
        f"La fiche {n}, « {t} », n’en est plus." for n, t in avant.items() if n not in apres
    ]
    return retirees + [
        f"La fiche {n}, « {t} », en est." for n, t in apres.items() if n not in avant
    ]


def _financeurs(avant: ContenuDAppel, apres: ContenuDAppel) -> list[str]:
    anciens, nouveaux = _par(avant.financeurs, _organisme), _par(apres.financeurs, _organisme)
    phrases = [f"{f.nom} ne finance plus." for c, f in anciens.items() if c not in nouveaux]
    phrases += [f"{f.nom} finance." for c, f in nouveaux.items() if c not in anciens]
    for cle in anciens.keys() & nouveaux.keys():
        phrases += _un_financeur(anciens[cle], nouveaux[cle])
    return phrases


def _organisme(financeur: FinanceurLu) -> int:
    return financeur.organisme


def _un_financeur(avant: FinanceurLu, apres: FinanceurLu) -> list[str]:
    phrases = []
    if apres.recoit_ici != avant.recoit_ici:
        ou = "ici" if apres.recoit_ici else "sur son propre portail"
        phrases.append(f"{apres.nom} reçoit désormais les demandes {ou}.")
    elif apres.portail != avant.portail:
        phrases.append(f"{apres.nom} : l’adresse du portail change.")
    if apres.lignes != avant.lignes:
        lues = ", ".join(map(_ligne, apres.lignes)) or "aucune"
        phrases.append(f"{apres.nom} : lignes de crédit désormais proposées, {lues}.")
    return phrases + _service(apres.nom, avant.service, apres.service)


def _ligne(ligne: LigneLue) -> str:
    return f"{ligne.libelle} (en nature)" if ligne.est_en_nature else ligne.libelle


def _pieces(avant: Iterable[PieceLue], apres: Iterable[PieceLue]) -> list[str]:
    return _lignes(avant, apres, lambda p: p.cle, lambda p: p.libelle, "pièce", "demandée")


def _questions(avant: Iterable[QuestionLue], apres: Iterable[QuestionLue]) -> list[str]:
    return _lignes(avant, apres, lambda q: q.cle, lambda q: q.texte, "question", "posée")


def _criteres(avant: Iterable[CritereLu], apres: Iterable[CritereLu]) -> list[str]:
    """Rend ce qui change de la grille : un critère, puis son poids, puis ce qu'il dit."""
    anciens, nouveaux = _par(avant, lambda c: c.cle), _par(apres, lambda c: c.cle)
    phrases = [
        f"Le critère « {c.libelle} » n’est plus dans la grille."
        for cle, c in anciens.items()
        if cle not in nouveaux
    ]
    phrases += [
        f"Le critère « {c.libelle} » est dans la grille."
        for cle, c in nouveaux.items()
        if cle not in anciens
    ]
    for cle, critere in nouveaux.items():
        ancien = anciens.get(cle)
        if ancien is None or critere == ancien:
            continue
        if critere.poids != ancien.poids:
            phrases.append(
                f"Le critère « {critere.libelle} » pèse {critere.poids}, au lieu de {ancien.poids}."
            )
        if replace(critere, poids=ancien.poids) != ancien:
            phrases.append(f"Le critère « {critere.libelle} » est précisé.")
    return phrases


def _bilans(avant: ContenuDAppel, apres: ContenuDAppel) -> list[str]:
    return [
        f"{nom} : {EffetDeBilan(nouveau).label.lower()}."
        for nom, ancien, nouveau in (
            ("Un bilan de l’exercice d’avant qui manque", avant.bilan_d_avant, apres.bilan_d_avant),
            ("Un bilan plus ancien qui manque", avant.bilan_de_plus_loin, apres.bilan_de_plus_loin),
        )
        if nouveau != ancien
    ]


def _lignes(
    avant: Iterable[T],
    apres: Iterable[T],
    cle: Callable[[T], str],
    dire: Callable[[T], str],
    nom: str,
    verbe: str,
) -> list[str]:
    anciennes, nouvelles = _par(avant, cle), _par(apres, cle)
    return [
        *(
            f"La {nom} « {dire(ligne)} » n’est plus {verbe}."
            for c, ligne in anciennes.items()
            if c not in nouvelles
        ),
        *(
            f"La {nom} « {dire(ligne)} » est {verbe}."
            for c, ligne in nouvelles.items()
            if c not in anciennes
        ),
        *(
            f"La {nom} « {dire(ligne)} » est précisée."
            for c, ligne in nouvelles.items()
            if c in anciennes and ligne != anciennes[c]
        ),
    ]


def _textes(avant: ContenuDAppel, apres: ContenuDAppel) -> list[str]:
    phrases = []
    if apres.titre != avant.titre:
        phrases.append(f"Le titre devient « {apres.titre} ».")
    if apres.presentation != avant.presentation:
        phrases.append("La présentation est réécrite.")
    return phrases


def _service(nom: str, avant: ServiceLu, apres: ServiceLu) -> list[str]:
    changes = [
        mot for champ, mot in _DU_SERVICE.items() if getattr(avant, champ) != getattr(apres, champ)
    ]
    return [f"{nom} : nouveau contact ({', '.join(changes)})."] if changes else []


def _par(lignes: Iterable[T], cle: Callable[[T], object]) -> dict[object, T]:
    return {cle(ligne): ligne for ligne in lignes}
