"""Dire aux uns ce que les autres écrivent d'un dossier : à qui peut le lire, et à personne d'autre.

Un courriel ne cite jamais ce qui est écrit : cela se lit dans le dossier, par qui en a le droit.
"""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.enums import Guichet
from parvis.instruction.enums import SorteDEchange
from parvis.instruction.models import Echange, PriseEnCharge
from parvis.instruction.queries.echanges import place_du_service
from parvis.organismes.queries import membres
from parvis.socle.templatetags.socle import de
from parvis.socle.templatetags.socle import jour as en_clair

_PAGES = {Role.PILOTE: "pilotage:dossier", Role.INSTRUCTEUR: "espace_financeur:dossier"}


def dire_la_question(par: Acteur, question: Echange) -> None:
    """Dit une question neuve : au porteur, ou à qui étudie le dossier dans les autres services."""
    objet = f"Dossier {question.dossier.reference} : une question {de(par.organisme_nom)}"
    texte = f"{par.utilisateur_nom}, {par.organisme_nom}, vous pose une question{_sur(question)}."
    texte += _attendue(question)
    if question.sorte == SorteDEchange.AVEC_LE_PORTEUR:
        prevenir_le_porteur(question.dossier, objet=objet, texte=texte)
    else:
        _ecrire(question, _services(question), objet=objet, texte=texte, sauf=par)


def dire_la_reponse(par: Acteur, reponse: Echange) -> None:
    """Dit une réponse : au service qui demande, et à l'autre côté quand c'est un service qui écrit."""
    question = reponse.question
    assert question is not None
    objet = f"Dossier {reponse.dossier.reference} : une réponse {de(par.organisme_nom)}"
    texte = f"{par.utilisateur_nom}, {par.organisme_nom}, a répondu à une question{_sur(question)}."
    lecteurs = _qui_demande(question)
    if question.sorte == SorteDEchange.ENTRE_SERVICES:
        lecteurs = [*lecteurs, *_services(question)]
    elif not reponse.est_du_porteur:
        prevenir_le_porteur(reponse.dossier, objet=objet, texte=texte, sujet=Sujet.MESSAGE)
    _ecrire(question, lecteurs, objet=objet, texte=texte, sauf=par)


def rappeler(question: Echange, *, est_passee: bool) -> bool:
    """Rappelle une question à qui doit y répondre ; dit si quelqu'un a pu être prévenu."""
    assert question.echeance_le is not None
    quand = f"{'depuis' if est_passee else 'avant'} le {en_clair(question.echeance_le)}"
    nom = str(question.organisme.retenu)
    objet = f"Dossier {question.dossier.reference} : une réponse est attendue {quand}"
    texte = f"{question.ecrit_par}, {nom}, attend une réponse {quand}{_sur(question)}."
    if question.sorte == SorteDEchange.AVEC_LE_PORTEUR:
        prevenir_le_porteur(question.dossier, objet=objet, texte=texte)
        return True
    attendus = [r for r in _services(question) if r.organisme.retenu != question.organisme.retenu]
    _ecrire(question, attendus, objet=objet, texte=texte)
    return bool(attendus)


def _sur(question: Echange) -> str:
    return f", sur « {question.sur} »" if question.sur else ""


def _attendue(question: Echange) -> str:
    if question.echeance_le is None:
        return ""
    return f" La réponse est attendue avant le {en_clair(question.echeance_le)}."


def _charges(question: Echange) -> list[Rattachement]:
    """Rend qui étudie le dossier, dans chaque service."""
    prises = PriseEnCharge.objects.filter(dossier=question.dossier_id, rendue_le__isnull=True)
    agents = {
        (p.agent_id, p.organisme.retenu.pk)
        for p in prises.select_related("organisme__fusionne_dans")
    }
    siens = _rattachements(role=Role.INSTRUCTEUR, utilisateur__in=[agent for agent, _ in agents])
    return [
        r
        for r in siens
        if (r.utilisateur_id, r.organisme.retenu.pk) in agents and _lit(r, question)
    ]


def _services(question: Echange) -> list[Rattachement]:
    """Rend qui étudie le dossier dans les services qu'il sollicite ; où personne ne s'en charge, tous."""
    charges = _charges(question)
    pris = {r.organisme.retenu for r in charges}
    demandes = question.dossier.demandes.filter(guichet=Guichet.PLATEFORME)
    sollicites = {
        d.financeur.retenu
        for d in demandes.select_related("financeur__fusionne_dans")
        if d.financeur
    }
    libres = [pk for service in sollicites - pris for pk in membres(service)]
    autres = _rattachements(role=Role.INSTRUCTEUR, organisme__in=libres)
    return [*charges, *(r for r in autres if _lit(r, question))]


def _qui_demande(question: Echange) -> list[Rattachement]:
    """Rend qui étudie le dossier dans le service qui demande ; à défaut qui a posé la question."""
    service = question.organisme.retenu
    charges = [r for r in _charges(question) if r.organisme.retenu == service]
    if charges:
        return charges
    siens = _rattachements(role__in=list(_PAGES), utilisateur=question.auteur)
    return [r for r in siens if r.organisme.retenu == service and _lit(r, question)]


def _rattachements(**choix: object) -> Iterable[Rattachement]:
    confirmes = Rattachement.objects.confirmes(timezone.localdate()).filter(**choix)
    return confirmes.select_related("utilisateur", "organisme__fusionne_dans")


def _lit(qui: Rattachement, question: Echange) -> bool:
    """Dit si cette personne lirait la question : ni déportée, ni sortie du service, ni du porteur."""
    place = place_du_service(Acteur(qui.utilisateur, qui), question.dossier)
    return question.sorte in place.sortes


def _ecrire(
    question: Echange,
    lecteurs: Iterable[Rattachement],
    *,
    objet: str,
    texte: str,
    sauf: Acteur | None = None,
) -> None:
    dossier = question.dossier
    a_soi = sauf.utilisateur.courriel if sauf and sauf.utilisateur else ""
    pages = {r.utilisateur.courriel: _PAGES[Role(r.role)] for r in lecteurs}
    pages.pop(a_soi, None)
    for adresse, page in sorted(pages.items()):
        chemin = reverse(page, args=[dossier.appel.contrat.code, dossier.pk])
        lien = f"« {dossier.projet.titre} » : {settings.ADRESSE}{chemin}#titre-echanges"
        deposer(
            destinataire=adresse,
            sujet=Sujet.MESSAGE,
            objet=objet,
            texte=f"{texte}\n\n{lien}",
        )
