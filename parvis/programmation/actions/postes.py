"""Importer les postes aidés d'un contrat : la différence d'abord, puis tout ou rien."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.organismes.models import Organisme
from parvis.programmation.enums import DispositifDePoste
from parvis.programmation.models import PosteAide
from parvis.programmation.queries.postes import (
    Difference,
    comparer_les_postes,
    postes_du_pilote,
)
from parvis.programmation.rules.postes import PosteLu, PostesLus
from parvis.socle.auteur import Auteur
from parvis.socle.refus import Refus
from parvis.socle.texte import cle_de_tri

A_CHANGE = (
    "Ce que le fichier change n’est plus ce que vous avez relu : relisez-le, puis recommencez."
)


@transaction.atomic
def importer_les_postes(
    *,
    par: Auteur,
    contrat: Contrat,
    dispositif: DispositifDePoste,
    lus: PostesLus,
    source: str,
    vue: str = "",
    jour: date | None = None,
) -> Difference:
    """Écrit les postes qu'un fichier dit d'un contrat, pour les exercices qu'il dit ; rend ce qui a changé.

    Un poste que le fichier ne dit plus est retiré. `vue` est l'empreinte de l'aperçu relu : s'il n'est
    plus vrai, rien ne s'écrit. Importer deux fois le même fichier n'a qu'un effet. Lève Refus,
    Contrat.DoesNotExist à qui ne conduit pas ce contrat.
    """
    siens = postes_du_pilote(par, contrat)
    # Deux imports à la fois passent l'un après l'autre : le second compare à ce que le premier a écrit.
    tenir_la_chaine(contrat.code)
    difference = comparer_les_postes(par, contrat, dispositif, lus)
    if vue and vue != difference.empreinte:
        raise Refus([A_CHANGE])
    if not difference.nombre:
        return difference
    quand = jour or timezone.localdate()
    siens.filter(pk__in=[poste.pk for poste in difference.partis]).delete()
    for change in difference.changes:
        _poser(change.poste, change.lu, change.organisme, source, quand).save()
    PosteAide.objects.bulk_create(
        _poser(
            PosteAide(
                contrat=contrat, dispositif=dispositif, exercice=lu.exercice, numero=lu.numero
            ),
            *(lu, organisme, source, quand),
        )
        for lu, organisme in difference.nouveaux
    )
    noter(
        par=par,
        contrat=contrat.code,
        action="programmation.importer_les_postes",
        objet=f"postes:{contrat.code}:{dispositif.value}",
        objet_nom=source[:200],
        details={
            "dispositif": str(dispositif.label),
            "exercices": ", ".join(str(exercice) for exercice in lus.exercices),
            "nouveaux": len(difference.nouveaux),
            "changes": len(difference.changes),
            "partis": len(difference.partis),
        },
    )
    return difference


def _poser(
    poste: PosteAide, lu: PosteLu, organisme: Organisme | None, source: str, quand: date
) -> PosteAide:
    """Rend le poste avec ce que le fichier en dit."""
    poste.nom, poste.siret, poste.organisme = lu.nom, lu.siret, organisme
    poste.cle_de_tri = cle_de_tri(lu.nom)[:300]
    poste.montant, poste.autres_codes = lu.montant, lu.autres_codes
    poste.source, poste.importe_le = source[:200], quand
    return poste
