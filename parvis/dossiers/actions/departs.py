"""Commencer un projet avec son premier dossier, ou en emporter un dans un autre contrat."""

from datetime import datetime

from django.db import transaction

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.dossiers import Depart, creer_un_projet, ouvrir_un_dossier
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.sections import tenir_le_dossier
from parvis.dossiers.enums import EchelleDeProjet
from parvis.dossiers.models import Appel, Dossier
from parvis.dossiers.rules.dossiers import motifs_empechant_d_ecrire
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus, exiger
from parvis.territoires.models import Commune


@transaction.atomic
def commencer_un_projet(
    *,
    par: Acteur,
    appel: Appel,
    titre: str,
    depart: Depart,
    porteuse: Organisme | None = None,
    maintenant: datetime | None = None,
) -> Dossier:
    """Crée un projet et son brouillon dans un appel, ensemble ou pas du tout ; lève Refus."""
    projet = creer_un_projet(
        par=par, contrat=appel.contrat, titre=titre, porteuse=porteuse, maintenant=maintenant
    )
    return ouvrir_un_dossier(
        par=par, projet=projet, appel=appel, depart=depart, maintenant=maintenant
    )


@transaction.atomic
def transferer(
    *, par: Acteur, dossier: Dossier, appel: Appel, commune: Commune | None = None
) -> Dossier:
    """Emporte les textes d'un brouillon dans l'appel d'un autre contrat ; le premier reste là.

    `commune` est celle du projet dans l'autre contrat. Lève Refus si l'appel est du même contrat,
    et Dossier.DoesNotExist à qui n'écrit pas ce dossier.
    """
    dossier = tenir_le_dossier(par, dossier)
    exiger(motifs_empechant_d_ecrire(etat=dossier.etat))
    if appel.contrat_id == dossier.appel.contrat_id:
        raise Refus(["Cet appel est du même contrat : il n’y a rien à emporter."])
    if dossier.projet.porteur.retenu != par.organisme:
        raise Refus(["Seul le porteur emporte son projet dans un autre contrat."])
    emporte = commencer_un_projet(
        par=par,
        appel=appel,
        titre=dossier.projet.titre,
        porteuse=dossier.projet.structure_porteuse,
        depart=Depart(
            copie_de=dossier,
            echelle=EchelleDeProjet.COMMUNES if commune else "",
            communes=[commune.code] if commune else [],
            exercices=dossier.exercices,
            est_un_transfert=True,
        ),
    )
    noter_le_dossier(par, "dossiers.transferer", dossier, {"vers": appel.contrat.titre})
    return emporte
