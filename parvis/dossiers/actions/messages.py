"""Se parler, entre le porteur d'un dossier déposé et le service du contrat qui le reçoit."""

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.courriels.enums import Sujet
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.reception import prevenir_le_porteur, prevenir_le_service
from parvis.dossiers.models import Dossier, Message
from parvis.dossiers.permissions import peut_ecrire_le_projet, peut_recevoir_les_dossiers
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import de
from parvis.socle.texte import en_paragraphes
from parvis.socle.validation import motifs_de_validation


@transaction.atomic
def ecrire_un_message(*, par: Acteur, dossier: Dossier, texte: str) -> Message:
    """Écrit un message sur un dossier déposé ; l'autre côté l'apprend au résumé du jour.

    Lève Refus, et Dossier.DoesNotExist à qui n'est ni du porteur, ni du service qui reçoit.
    """
    dossier, est_du_service = _tenir(par, dossier)
    message = Message(
        dossier=dossier,
        est_du_service=est_du_service,
        texte=en_paragraphes(texte),
        ecrit_le=timezone.now(),
        auteur=par.utilisateur_identifiant,
        ecrit_par=par.utilisateur_nom,
        organisme=par.organisme_nom,
    )
    exiger(motifs_de_validation(message, avec_contraintes=True))
    message.save(force_insert=True)
    noter_le_dossier(par, "dossiers.ecrire_un_message", dossier)
    prevenir = prevenir_le_porteur if est_du_service else prevenir_le_service
    # Le courriel ne cite pas le message : il se lit dans le dossier, par qui en a le droit.
    prevenir(
        dossier,
        objet=f"Dossier {dossier.reference} : un message {de(par.organisme_nom)}",
        texte=f"{par.utilisateur_nom}, {par.organisme_nom}, vous a écrit. Lisez et répondez :",
        sujet=Sujet.MESSAGE,
        sauf=par.utilisateur.courriel if par.utilisateur else "",
    )
    return message


@transaction.atomic
def marquer_lus(*, par: Acteur, dossier: Dossier) -> int:
    """Marque comme lus les messages que l'autre côté a écrits ; rend combien ne l'étaient pas."""
    dossier, est_du_service = _tenir(par, dossier)
    return dossier.messages.filter(est_du_service=not est_du_service, lu_le__isnull=True).update(
        lu_le=timezone.now(), lu_par=par.utilisateur_nom
    )


def _tenir(par: Acteur, dossier: Dossier) -> tuple[Dossier, bool]:
    """Rend le dossier déposé, et si l'acteur est du service ; lève Dossier.DoesNotExist sinon."""
    tenu = (
        Dossier.objects.deposes()
        .select_for_update(of=("self",))
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__structure_porteuse__fusionne_dans",
            "appel__contrat",
        )
        .get(pk=dossier.pk)
    )
    if peut_recevoir_les_dossiers(par, tenu.appel.contrat.code):
        return tenu, True
    if par.est_confirme and peut_ecrire_le_projet(par, tenu.projet):
        return tenu, False
    raise Dossier.DoesNotExist
