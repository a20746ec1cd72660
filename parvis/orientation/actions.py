"""Ajouter au vocabulaire d'un contrat les mots de son territoire."""

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat, Edition
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.orientation.models import MotDuContrat
from parvis.orientation.moteur.thesaurus import cle_d_un_mot
from parvis.orientation.queries.orientation import moteur_de
from parvis.orientation.rules import motifs_sur_un_mot
from parvis.socle.refus import exiger
from parvis.socle.texte import en_une_ligne, lisible
from parvis.socle.validation import motifs_de_validation


@transaction.atomic
def ajouter_un_mot(*, par: Acteur, edition: Edition, ecrit: str, sens: str) -> MotDuContrat:
    """Ajoute un mot et son sens au contrat d'une édition ; lève Refus s'il ne servirait à rien."""
    contrat = edition.contrat
    tenir_la_chaine(contrat.code)
    mot = MotDuContrat(
        contrat=contrat,
        ecrit=en_une_ligne(lisible(ecrit)),
        cle=cle_d_un_mot(lisible(ecrit)),
        sens=en_une_ligne(lisible(sens)),
        ajoute_le=timezone.now(),
        ajoute_par=par.utilisateur_nom,
    )
    moteur = moteur_de(edition)
    exiger(
        motifs_sur_un_mot(
            cle=mot.cle,
            sens_compris=bool(moteur.comprend(mot.sens)),
            nombre=MotDuContrat.objects.filter(contrat=contrat).count(),
        )
        or motifs_de_validation(mot, avec_contraintes=True)
    )
    mot.save()
    _noter(par, "orientation.ajouter_un_mot", contrat, mot)
    return mot


@transaction.atomic
def retirer_un_mot(*, par: Acteur, mot: MotDuContrat) -> None:
    """Retire un mot ajouté ; retiré deux fois, il ne l'est qu'une."""
    contrat = mot.contrat
    tenir_la_chaine(contrat.code)
    if MotDuContrat.objects.filter(pk=mot.pk).delete()[0]:
        # Le journal garde sa clé ; la ligne, elle, n'est plus.
        _noter(par, "orientation.retirer_un_mot", contrat, mot)


def _noter(par: Acteur, action: str, contrat: Contrat, mot: MotDuContrat) -> None:
    noter(
        par=par,
        contrat=contrat.code,
        action=action,
        objet=f"mot:{mot.pk}",
        objet_nom=mot.ecrit,
        details={"sens": mot.sens},
    )
