"""Répondre à un retrait envisagé : l'organisme est entendu avant que rien ne soit retiré."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.queries.membres import membres_confirmes
from parvis.comptes.rules.roles import TIENNENT_L_ARGENT
from parvis.conventions.actions.actes import noter_un_acte
from parvis.conventions.models import Acte, Retrait
from parvis.conventions.queries.actes import actes
from parvis.conventions.queries.versements import retrait_recu
from parvis.conventions.rules import retraits as rules
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.documents.actions import FichierControle, ranger
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.models import Dossier
from parvis.socle.refus import exiger
from parvis.socle.texte import en_paragraphes


@transaction.atomic
def repondre_a_un_retrait(
    *,
    par: Acteur,
    dossier: Dossier,
    acte: int,
    reponse: str,
    fichier: FichierControle | None = None,
) -> Retrait:
    """Répond, pour l'organisme, au retrait envisagé d'un acte qu'il a reçu ; le service l'apprend.

    Une réponse ne change plus. Lève Refus, et Retrait.DoesNotExist à qui ne signe pas pour lui.
    """
    recu = retrait_recu(par, dossier, acte)
    if not recu.peut_repondre:
        raise Retrait.DoesNotExist
    # Les verrous dans l'ordre de qui retire : l'acte, puis son retrait.
    tenu = Acte.objects.select_for_update(of=("self",)).get(pk=acte)
    retrait = Retrait.objects.select_for_update(of=("self",)).get(pk=recu.retrait.pk)
    reponse = en_paragraphes(reponse)[:5000]
    exiger(
        rules.motifs_empechant_de_repondre(
            etat=retrait.etat,
            a_repondu=retrait.repondu_le is not None,
            reponse=reponse,
            repondre_avant_le=retrait.repondre_avant_le,
            jour=timezone.localdate(),
        )
    )
    retrait.reponse, retrait.repondu_le = reponse, timezone.now()
    retrait.repondu_par = par.utilisateur_nom
    retrait.reponse_jointe = ranger(par=par, controle=fichier) if fichier is not None else None
    retrait.save(update_fields=["reponse", "repondu_le", "repondu_par", "reponse_jointe"])
    noter_un_acte(
        par,
        "conventions.repondre_a_un_retrait",
        tenu,
        fichier=retrait.reponse_jointe.nom if retrait.reponse_jointe else "",
    )
    financeur = tenu.financeur.retenu.nom
    prevenir_le_porteur(
        dossier,
        objet=f"Votre réponse est envoyée à {financeur}",
        texte=f"{par.utilisateur_nom} a répondu au retrait que {financeur} envisage pour « {tenu.objet} ». "
        "Le financeur lit cette réponse avant de décider ; elle ne change plus.",
    )
    _prevenir_le_service(tenu)
    return retrait


def _prevenir_le_service(acte: Acte) -> None:
    """Écrit à qui paie pour le financeur et lit cet acte : ni déporté, ni sorti du service."""
    chemin = reverse("espace_financeur:retrait", args=[acte.contrat.code, acte.pk])
    membres = membres_confirmes(acte.financeur, jour=timezone.localdate())
    for membre in membres.filter(role__in=TIENNENT_L_ARGENT):
        if actes(Acteur(membre.utilisateur, membre), acte.contrat).filter(pk=acte.pk).exists():
            deposer(
                destinataire=membre.utilisateur.courriel,
                sujet=Sujet.PLATEFORME,
                objet=f"{acte.titulaire.retenu.nom} répond au retrait envisagé",
                texte=f"{acte.titulaire.retenu.nom} a répondu au retrait envisagé de « {acte} ». "
                f"Lisez sa réponse avant de décider.\n\n{settings.ADRESSE}{chemin}",
            )
