"""Reprendre l'export d'un portail : l'aperçu d'abord, puis tout ou rien."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.enums import SourceDuSuivi
from parvis.dossiers.importation import ExportLu
from parvis.dossiers.models import CorrespondanceDImport, Demande, Dossier
from parvis.dossiers.queries.exports import (
    Difference,
    Reprise,
    comparer,
    correspondance,
    demandes_a_retrouver,
)
from parvis.dossiers.rules.portails import DAUPHIN
from parvis.socle.auteur import Auteur
from parvis.socle.refus import Refus

A_CHANGE = "Ce que l’export change n’est plus ce que vous avez relu : relisez-le, puis recommencez."
CHAMPS = (
    *("etat", "numero_externe", "montant_vote", "vote_le"),
    *("suivi_le", "suivi_par", "suivi_source", "statut_externe"),
)


@transaction.atomic
def reprendre_un_export(
    *,
    par: Auteur,
    contrat: Contrat,
    lu: ExportLu,
    exercice: int | None = None,
    remplacer: bool = False,
    vue: str = "",
    jour: date | None = None,
) -> Difference:
    """Écrit ce que l'export d'un portail apprend des demandes d'un contrat ; rend ce qui a changé.

    Ce qu'une personne a noté ne se remplace qu'avec `remplacer`. `vue` est l'empreinte de l'aperçu
    relu : s'il n'est plus vrai, rien ne s'écrit. La correspondance des colonnes se garde. Reprendre
    deux fois le même fichier n'a qu'un effet. Lève Refus, Contrat.DoesNotExist à qui ne conduit pas
    ce contrat.
    """
    difference = comparer(
        _tenir(par, contrat), lu, exercice=exercice, jour=jour or timezone.localdate()
    )
    if vue and vue != difference.empreinte:
        raise Refus([A_CHANGE])
    faites = [*difference.reprises, *(difference.a_confirmer if remplacer else ())]
    # L'avant se lit avant d'écrire : une reprise garde la demande qu'elle change.
    decidees = [reprise for reprise in faites if reprise.a_une_decision]
    for reprise in faites:
        _reprendre(par, reprise)
    _prevenir(decidees)
    _garder_la_correspondance(par, contrat, lu)
    return difference


def _tenir(par: Auteur, contrat: Contrat) -> QuerySet[Demande]:
    """Rend les demandes verrouillées, leurs dossiers d'abord, comme tout acte sur un dossier."""
    demandes = demandes_a_retrouver(par, contrat)
    dossiers = Dossier.objects.filter(pk__in=demandes.order_by().values("dossier"))
    list(dossiers.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    return demandes.select_for_update(of=("self",))


def _reprendre(par: Auteur, reprise: Reprise) -> None:
    demande, vers = reprise.demande, reprise.vers
    demande.etat, demande.numero_externe = vers.etat, vers.numero
    demande.montant_vote, demande.vote_le = vers.vote, vers.vote_le
    demande.suivi_le, demande.suivi_par = timezone.now(), par.utilisateur_nom
    demande.suivi_source, demande.statut_externe = SourceDuSuivi.EXPORT, vers.statut
    demande.save(update_fields=CHAMPS)
    noter_le_dossier(
        par,
        "dossiers.reprendre_un_export",
        demande.dossier,
        {
            "financeur": demande.nom_du_financeur,
            "avant": reprise.avant,
            "apres": reprise.apres,
            "ligne": reprise.ligne.ligne,
        },
    )


def _prevenir(decidees: Iterable[Reprise]) -> None:
    """Écrit une fois à chaque porteur ce que ses financeurs ont décidé."""
    par_dossier: dict[int, list[Reprise]] = {}
    for reprise in decidees:
        par_dossier.setdefault(reprise.demande.dossier_id, []).append(reprise)
    for reprises in par_dossier.values():
        dossier = reprises[0].demande.dossier
        phrases = [
            f"{r.demande.nom_du_financeur}, {r.demande.exercice} : {r.apres}." for r in reprises
        ]
        prevenir_le_porteur(
            dossier,
            objet=f"Dossier {dossier.reference} : une réponse sur le portail du financeur",
            texte="Le service du contrat a repris ce que dit le portail :\n\n" + "\n".join(phrases),
        )


def _garder_la_correspondance(par: Auteur, contrat: Contrat, lu: ExportLu) -> None:
    if not lu.colonnes or correspondance(par, contrat) == lu.colonnes:
        return
    CorrespondanceDImport.objects.update_or_create(
        contrat=contrat,
        portail=DAUPHIN.code,
        defaults={
            "colonnes": lu.colonnes,
            "enregistree_le": timezone.now(),
            "enregistree_par": par.utilisateur_nom,
        },
    )
