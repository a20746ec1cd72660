"""Se parler autour d'une section que l'on écrit à plusieurs."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Utilisateur
from parvis.comptes.queries.membres import membres_confirmes
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.sections import tenir_le_dossier
from parvis.dossiers.models import Commentaire, Dossier
from parvis.dossiers.rules.dossiers import motifs_sur_une_remarque
from parvis.dossiers.sections import Section
from parvis.socle.refus import exiger
from parvis.socle.texte import en_paragraphes


@transaction.atomic
def commenter(*, par: Acteur, dossier: Dossier, section: Section, texte: str) -> Commentaire:
    """Ajoute une remarque à une section, et le dit aux autres qui écrivent ce dossier ; lève Refus.

    Lève Dossier.DoesNotExist à qui n'y écrit pas.
    """
    dossier = tenir_le_dossier(par, dossier)
    texte = en_paragraphes(texte)
    exiger(motifs_sur_une_remarque(texte))
    commentaire = dossier.commentaires.create(
        section=section.code,
        texte=texte,
        ecrit_le=timezone.now(),
        auteur=par.utilisateur_identifiant,
        ecrit_par=par.utilisateur_nom,
    )
    noter_le_dossier(par, "dossiers.commenter", dossier, {"section": section.titre})
    _prevenir(par, dossier, section)
    return commentaire


@transaction.atomic
def regler_un_commentaire(*, par: Acteur, commentaire: Commentaire, section: Section) -> None:
    """Marque une remarque comme réglée ; réglée deux fois, elle ne l'est qu'une."""
    dossier = tenir_le_dossier(par, commentaire.dossier)
    tenu = dossier.commentaires.get(pk=commentaire.pk)
    if tenu.regle_le is not None:
        return
    tenu.regle_le, tenu.regle_par = timezone.now(), par.utilisateur_nom
    tenu.save(update_fields=["regle_le", "regle_par"])
    noter_le_dossier(par, "dossiers.regler_un_commentaire", dossier, {"section": section.titre})


def ceux_qui_ecrivent(dossier: Dossier) -> list[Utilisateur]:
    """Rend les membres du porteur qui ont ouvert, écrit ou commenté ce dossier."""
    auteurs = {
        dossier.auteur,
        dossier.projet.auteur,
        *dossier.ecritures.values_list("auteur", flat=True),
        *dossier.commentaires.values_list("auteur", flat=True),
    }
    membres = membres_confirmes(dossier.projet.porteur, jour=timezone.localdate())
    return [m.utilisateur for m in membres if str(m.utilisateur_id) in auteurs]


def _prevenir(par: Acteur, dossier: Dossier, section: Section) -> None:
    """Écrit aux autres, sans citer la remarque : elle se lit dans le dossier."""
    page = reverse(
        "espace_porteur:section", args=(dossier.appel.contrat.code, dossier.pk, section.code)
    )
    adresses = {qui.courriel for qui in ceux_qui_ecrivent(dossier)}
    for adresse in sorted(adresses - {par.utilisateur.courriel if par.utilisateur else ""}):
        deposer(
            destinataire=adresse,
            sujet=Sujet.DOSSIER,
            objet=f"Une remarque sur « {dossier.projet.titre} »",
            texte=f"{par.utilisateur_nom} a laissé une remarque sur « {section.titre} », dans le "
            f"dossier « {dossier.projet.titre} ». Lisez-la et répondez-y : "
            f"{settings.ADRESSE}{page}",
        )
