"""Les rangées du tableau de programmation : deux mille dossiers, écrits à la main pour aller vite.

Un gabarit y passerait une seconde. Tout texte venu d'une personne passe par `escape`, une fois.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.instruction.rules.avis import SANS_ARGENT
from parvis.programmation.queries.tableau import Colonne, Tableau
from parvis.programmation.rules.tableau import Case, Certitude, Ligne, Part
from parvis.socle.montants import ecrire_montant
from parvis.socle.templatetags.socle import typo

register = template.Library()

_FORMES = {
    Certitude.VOTE: "vote",
    Certitude.VOTE_EN_PARTIE: "partie",
    Certitude.PROPOSE: "propose",
    Certitude.DEMANDE: "demande",
    Certitude.RIEN: "rien",
}


@register.simple_tag
def rangees(tableau: Tableau, contrat: Any, espace: str, suite: str = "") -> SafeString:
    """Rend les rangées de tous les dossiers choisis ; `suite` garde les choix dans les adresses."""
    return _ecrire(tableau.lignes, tableau, contrat, espace, suite)


@register.simple_tag
def rangee(
    tableau: Tableau, ligne: Ligne, contrat: Any, espace: str, suite: str = ""
) -> SafeString:
    """Rend la rangée d'un dossier, après qu'une case a changé."""
    return _ecrire([ligne], tableau, contrat, espace, suite)


@register.filter
def euros(montant: Decimal | None) -> str:
    """Rend un montant court, vide s'il n'est pas dit."""
    return "" if montant is None else _euros(montant)


def _ecrire(
    lignes: Iterable[Ligne], tableau: Tableau, contrat: Any, espace: str, suite: str
) -> SafeString:
    dossier = reverse(f"{espace}:dossier", args=(contrat.code, 0)).removesuffix("0/")
    case = (
        reverse("espace_financeur:proposer_un_montant", args=(contrat.code, 0)).removesuffix("0/")
        if tableau.finance
        else ""
    )
    vers = escape(f"?{suite}") if suite else ""
    noms = {pk: escape(typo(o.nom)) for pk, o in tableau.lus.organismes.items()}
    rendues = []
    for ligne in lignes:
        cases = "".join(_case(ligne, colonne, case, vers) for colonne in tableau.colonnes)
        rendues.append(
            f'<tr id="d{ligne.pk}" data-rang="{ligne.rang}">'
            f"{_tete(ligne, noms, dossier)}{cases}{_fin(ligne, noms)}</tr>\n"
        )
    return mark_safe("".join(rendues))  # noqa: S308 tout y est échappé ou calculé


def _tete(ligne: Ligne, noms: dict[int, str], dossier: str) -> str:
    etat = (
        f' <span class="t-etat">{EtatDeDossier(ligne.etat).label}</span>'
        if ligne.etat != EtatDeDossier.RECEVABLE
        else ""
    )
    return (
        f'<th scope="row"><a href="{dossier}{ligne.pk}/">{escape(typo(ligne.titre))}</a>'
        f'<span class="t-d">{ligne.reference} · {noms[ligne.porteur]}</span>{etat}</th>'
    )


def _case(ligne: Ligne, colonne: Colonne, adresse: str, vers: str) -> str:
    case = ligne.cases.get(colonne.pk)
    if case is None:
        return '<td class="nombre t-nous"></td>' if colonne.est_a_nous else "<td></td>"
    if colonne.est_a_nous:
        dites = "".join(_proposition(part, ligne, case, adresse, vers) for part in case.parts)
        return f'<td class="nombre t-nous">{_demande(case)}{dites}{_vote(case)}</td>'
    propose = (
        f'<span class="t-d">{_euros(case.propose)} proposés</span>'
        if case.propose is not None
        else ""
    )
    return f'<td class="nombre">{_demande(case)}{propose}{_vote(case)}</td>'


def _demande(case: Case) -> str:
    en_nature = (
        f'<span class="t-d">{_euros(case.en_nature)} en nature</span>' if case.en_nature else ""
    )
    return f"{_euros(case.demande)}{en_nature}"


def _vote(case: Case) -> str:
    en_argent = [part for part in case.parts if part.est_en_argent]
    if case.vote is not None:
        de_memoire = any(p.est_de_memoire and p.vote is not None for p in en_argent)
        qui = ", dit le porteur" if de_memoire else ""
        return f'<span class="t-d t-vote">{_euros(case.vote)} votés{qui}</span>'
    etats = {part.etat for part in en_argent}
    if len(etats) == 1 and (etat := etats.pop()) not in _EN_COURS:
        return f'<span class="t-d">{EtatDeDemande(etat).label}</span>'
    return ""


_EN_COURS = (EtatDeDemande.DEMANDEE, EtatDeDemande.ACCORDEE)


def _proposition(part: Part, ligne: Ligne, case: Case, adresse: str, vers: str) -> str:
    """Rend ce que le service propose pour l'une de ses demandes : un lien s'il peut en changer."""
    if not part.est_en_argent:
        return ""
    nom = f"{escape(typo(part.ligne))} : " if len(case.parts) > 1 and part.ligne else ""
    dit = f"{_euros(part.propose)} proposés" if part.propose is not None else ""
    if not peut_se_changer(part, ligne):
        return f'<span class="t-d">{nom}{dit}</span>' if dit else ""
    montre = '<span class="t-d">montré aux autres</span>' if part.est_partagee else ""
    valeur = "" if part.propose is None else _saisie(part.propose)
    return (
        f'<span class="t-p">{nom}<a href="{adresse}{part.pk}/{vers}" data-case="{part.pk}" '
        f'data-montant="{valeur}">{dit or "Proposer"}</a>{montre}</span>'
    )


def peut_se_changer(part: Part, ligne: Ligne) -> bool:
    """Dit si la case s'ouvre : le reste se change sur la page du dossier, ou ne se change plus."""
    return (
        part.etat == EtatDeDemande.DEMANDEE
        and ligne.etat == EtatDeDossier.RECEVABLE
        and ligne.sens not in SANS_ARGENT
    )


def _fin(ligne: Ligne, noms: dict[int, str]) -> str:
    tout = ligne.tout
    trou = f'<span class="t-manque">Il manque {_euros(ligne.trou)}</span>' if ligne.trou else ""
    convention = (
        f'<span class="t-d">Convention : {", ".join(noms[pk] for pk in ligne.seuils)}</span>'
        if ligne.seuils
        else ""
    )
    return (
        f'<td class="nombre">{_euros(tout.demande)}</td><td class="nombre">{_dit(tout.vote)}</td>'
        f'<td class="nombre">{_dit(ligne.vote_avant)}</td>'
        f'<td class="nombre">{"" if tout.taux is None else f"{tout.taux} %"}</td>'
        f'<td><span class="sur sur--{_FORMES[ligne.certitude]}">{ligne.certitude}</span></td>'
        f"<td>{trou}{convention}</td>"
    )


def _dit(montant: Decimal | None) -> str:
    return "" if montant is None else _euros(montant)


@lru_cache(maxsize=8192)
def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)


def _saisie(montant: Decimal) -> str:
    """Rend un montant comme on le tape."""
    return _euros(montant).removesuffix("\u00a0€")
