"""Corriger ce qu'une série dit d'elle-même, et rendre au secret ce qui lui revient."""

from django.db import transaction

from parvis.journal.actions import noter, tenir_la_chaine
from parvis.observatoire.actions.secret import reprendre_le_secret
from parvis.observatoire.enums import Remontee, Unite
from parvis.observatoire.models import Serie
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger

CHAINE = "instance"


@transaction.atomic
def corriger_une_serie(
    *, par: Auteur, serie: Serie, libelle: str, definition: str, unite: str
) -> None:
    """Corrige le libellé, la définition ou l'unité d'une série ; lève Refus si elle se contredit.

    Une unité nouvelle change ce que le secret protège : toutes ses périodes sont reprises.
    """
    contrat = serie.source.contrat or CHAINE
    tenir_la_chaine(contrat)
    a_jour = Serie.objects.select_for_update(of=("self",)).select_related("source").get(pk=serie.pk)
    avant = [a_jour.libelle, a_jour.definition, a_jour.unite]
    if avant == [libelle, definition, unite]:
        return
    exiger(_motifs(a_jour, unite))
    a_jour.libelle, a_jour.definition, a_jour.unite = libelle, definition, unite
    a_jour.save(update_fields=["libelle", "definition", "unite"])
    if avant[2] != unite:
        reprendre_le_secret(a_jour.source)
    noter(
        par=par,
        contrat=contrat,
        action="observatoire.corriger_une_serie",
        objet=f"serie:{a_jour.pk}",
        objet_nom=libelle,
        details={"avant": avant, "apres": [libelle, definition, unite]},
    )


def _motifs(serie: Serie, unite: str) -> list[str]:
    if unite == serie.unite:
        return []
    if unite in (Unite.POURCENT, Unite.INDICE) and serie.remontee == Remontee.SOMME:
        return ["Un pourcentage ou un indice ne s’additionne pas."]
    if serie.partie_de_id or serie.parties.exists():
        return ["Une partie et son tout comptent la même chose : décrivez le fichier de nouveau."]
    if unite == Unite.PERSONNES and serie.valeurs.filter(valeur__lt=0).exists():
        return ["Cette série a des nombres négatifs : elle ne compte pas des personnes."]
    return []
