"""Les rangées du tableau de programmation : deux mille dossiers, écrits à la main pour aller vite.

Un gabarit y passerait une seconde. Tout texte venu d'une personne passe par `escape`, une fois.
"""

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.programmation.queries.tableau import Axe, Colonne, Poste, Tableau
from parvis.programmation.rules.tableau import Case, Certitude, Ligne, Part, peut_se_changer
from parvis.socle.filtres import Facette
from parvis.socle.montants import INSECABLE, ecrire_montant
from parvis.socle.templatetags.socle import typo

register = template.Library()

_FORMES = {
    Certitude.VOTE: "vote",
    Certitude.VOTE_EN_PARTIE: "partie",
    Certitude.ARBITRE: "arbitre",
    Certitude.PROPOSE: "propose",
    Certitude.DEMANDE: "demande",
    Certitude.RIEN: "rien",
}
# Des textes nus : lire la valeur d'une liste coûte cher, répété pour chaque case.
_DEMANDEE, _RECEVABLE = EtatDeDemande.DEMANDEE.value, EtatDeDossier.RECEVABLE.value
_EN_COURS = (_DEMANDEE, EtatDeDemande.ACCORDEE.value)


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


@register.simple_tag
def postes(axe: Axe, finance: bool) -> SafeString:
    """Rend les rangées d'un axe : il peut y avoir cinq cents porteurs."""
    return mark_safe("".join(_poste(poste, finance) for poste in axe.postes))  # noqa: S308


@register.simple_tag
def options(facette: Facette) -> SafeString:
    """Rend les valeurs d'un choix qui laissent des lignes, comme `composants/filtre.html`."""
    return mark_safe(  # noqa: S308
        "".join(
            f'<option value="{escape(une.valeur)}"{" selected" if une.est_choisie else ""}>'
            f"{escape(typo(une.libelle))} ({une.nombre})</option>"
            for une in facette.options
            if une.nombre or une.est_choisie
        )
    )


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
    vides = {
        colonne.pk: '<td class="t-nous"></td>' if colonne.est_a_nous else "<td></td>"
        for colonne in tableau.colonnes
    }
    rendues = []
    for ligne in lignes:
        cases = "".join(
            _case(ligne, colonne, case, vers) if colonne.pk in ligne.cases else vides[colonne.pk]
            for colonne in tableau.colonnes
        )
        rendues.append(
            f'<tr id="d{ligne.pk}" data-rang="{ligne.rang}">'
            f"{_tete(ligne, noms, dossier)}{cases}{_fin(ligne, noms)}</tr>\n"
        )
    return mark_safe("".join(rendues))  # noqa: S308 tout y est échappé ou calculé


def _tete(ligne: Ligne, noms: dict[int, str], dossier: str) -> str:
    etat = (
        f' <span class="t-etat">{EtatDeDossier(ligne.etat).label}</span>'
        if ligne.etat != _RECEVABLE
        else ""
    )
    return (
        f'<th scope="row"><a href="{dossier}{ligne.pk}/">{escape(typo(ligne.titre))}</a>'
        f'<span class="t-d">{ligne.reference} · {noms[ligne.porteur]}</span>{etat}</th>'
    )


def _case(ligne: Ligne, colonne: Colonne, adresse: str, vers: str) -> str:
    case = ligne.cases[colonne.pk]
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
    if case.vote is not None:
        de_memoire = any(part.est_de_memoire and part.vote is not None for part in case.parts)
        qui = ", dit le porteur" if de_memoire else ""
        return f'<span class="t-d t-vote">{_euros(case.vote)} votés{qui}</span>{_ecart(case)}'
    if case.arbitre is not None:
        return f'<span class="t-d">{_euros(case.arbitre)} arbitrés</span>'
    etat = case.parts[0].etat
    if etat in _EN_COURS or any(part.etat != etat for part in case.parts):
        return ""
    return f'<span class="t-d">{EtatDeDemande(etat).label}</span>'


def _ecart(case: Case) -> str:
    """Rend ce qu'une décision de plus a changé : ce qui était voté avant elle, et la différence."""
    ecart = case.ecart_du_vote
    if not ecart or case.vote is None:
        return ""
    signe = "+" if ecart > 0 else "−"
    avant, de_plus = _euros(case.vote - ecart), f"{signe}{INSECABLE}{_euros(abs(ecart))}"
    return f'<span class="t-d">au lieu de {avant} ({de_plus})</span>'


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


def _fin(ligne: Ligne, noms: dict[int, str]) -> str:
    tout = ligne.tout
    trou = f'<span class="t-manque">Il manque {_euros(ligne.trou)}</span>' if ligne.trou else ""
    convention = (
        f'<span class="t-d">Convention : {", ".join(noms[pk] for pk in ligne.seuils)}</span>'
        if ligne.seuils
        else ""
    )
    bilan = (
        f'<span class="t-manque">Bilan manquant : {", ".join(map(str, ligne.bilans))}</span>'
        if ligne.bilans
        else ""
    )
    return (
        f'<td class="nombre">{_euros(tout.demande)}</td><td class="nombre">{_dit(tout.vote)}</td>'
        f'<td class="nombre">{_dit(ligne.vote_avant)}</td>'
        f'<td class="nombre">{"" if tout.taux is None else f"{tout.taux} %"}</td>'
        f'<td><span class="sur sur--{_FORMES[ligne.certitude]}">{ligne.certitude}</span></td>'
        f"<td>{trou}{convention}{bilan}</td>"
    )


def _poste(poste: Poste, finance: bool) -> str:
    tout, service = poste.tout, poste.service
    cases = [
        str(tout.nombre),
        *map(_dit, (tout.demande, tout.propose, tout.arbitre, tout.vote)),
        "" if tout.taux is None else f"{tout.taux} %",
        *(
            map(_dit, (service.demande, service.propose, service.arbitre, service.vote))
            if finance
            else ()
        ),
    ]
    dites = "".join(f'<td class="nombre">{case}</td>' for case in cases)
    return f'<tr><th scope="row">{escape(typo(poste.nom))}</th>{dites}</tr>\n'


def _dit(montant: Decimal | None) -> str:
    return "" if montant is None else _euros(montant)


def _euros(montant: Decimal) -> str:
    """Rend un montant court ; presque tous sont des euros ronds, qui s'écrivent quatre fois plus vite."""
    rond = int(montant)
    if montant != rond or rond < 0:
        return ecrire_montant(montant, court=True)
    return f"{rond:,}".replace(",", INSECABLE) + f"{INSECABLE}€"


def _saisie(montant: Decimal) -> str:
    """Rend un montant comme on le tape."""
    return _euros(montant).removesuffix(f"{INSECABLE}€")
