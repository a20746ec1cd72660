"""Orienter une question dans une édition, ou dans le contrat livré quand il n'y a pas de base."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from threading import Lock

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils import timezone

from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.structure import ContratLu
from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.relire import relire
from parvis.cadre.queries.savoirs import versions_des_savoirs
from parvis.comptes.acteur import Acteur
from parvis.orientation.models import MotDuContrat
from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.construction import construire, dire_la_fin, thesaurus_livre
from parvis.orientation.moteur.questions import Precision
from parvis.orientation.moteur.reponse import Orientation, orienter

_un_a_la_fois = Lock()
CONTRAT_LIVRE = "seine-amont-2015-2020"


def orienter_dans(
    acteur: Acteur, edition: Edition, question: str, precisions: Iterable[Precision] = ()
) -> Orientation:
    """Rend les fiches de l'édition qui répondent à une question, ou un non et son motif."""
    return orienter(moteur_de(edition), question, precisions)


def moteur_de(edition: Edition) -> Moteur:
    """Rend le moteur d'une édition ; il suit les mots ajoutés et ce que l'on sait des noms."""
    mots = MotDuContrat.objects.filter(contrat=edition.contrat_id)
    version = mots.aggregate(nombre=Count("pk"), dernier=Max("ajoute_le"))
    savoirs = versions_des_savoirs(edition.contrat_id)
    # Un seul fil bâtit ; les autres attendent ce qu'il a bâti.
    with _un_a_la_fois:
        return _moteur(edition.pk, edition.empreinte, *version.values(), savoirs)


@lru_cache(maxsize=16)
def _moteur(
    edition: int, empreinte: str, nombre: int, dernier: datetime | None, savoirs: int
) -> Moteur:
    """Bâtit le moteur ; la clé change avec l'édition, les mots ajoutés et ce que l'on sait des noms."""
    une = Edition.objects.select_related("contrat").get(pk=edition)
    mots = MotDuContrat.objects.filter(contrat=une.contrat_id)
    return construire(
        relire(Acteur.anonyme(), une), [(mot.ecrit, mot.sens) for mot in mots], finis(une.contrat)
    )


def finis(contrat: Contrat) -> dict[str, str]:
    """Rend ce qui a pris fin ou changé dans un contrat, en une phrase, par nom."""
    passes = Q(fin_le__lte=timezone.localdate()) | Q(fin_le__isnull=True) & ~Q(suite="")
    champs = ("nom", "fin_le", "suite")
    lignes = [
        *contrat.partenaires.filter(passes).values_list(*champs),
        *contrat.dispositifs.filter(passes).values_list(*champs),
    ]
    return {nom: dire_la_fin(str(fin_le or ""), suite) for nom, fin_le, suite in lignes}


@cache
def moteur_livre() -> Moteur:
    """Rend le moteur du contrat livré avec le projet, lu de son fichier."""
    return construire(contrat_livre())


def contrat_livre() -> ContratLu:
    """Rend le contrat livré, sans base."""
    return lire(settings.DOSSIER_DONNEES / "contrats" / f"{CONTRAT_LIVRE}.yaml")


def notions_connues() -> list[str]:
    """Rend le nom de chaque notion que les contrats traitent : de quoi aider à dire le sens d'un mot."""
    return sorted(n.nom for n in thesaurus_livre().notions.values() if not n.est_hors)
