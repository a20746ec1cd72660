"""De quoi tenir une grande séance sur le site de démonstration : deux cents demandes à six financeurs.

Se lance dans le processus d'un site : `manage.py shell -c`.
"""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Rattachement
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.models import Demande, Dossier, FicheDeDossier, Projet, VersionDAppel
from parvis.organismes.models import Organisme
from parvis.programmation.actions import enveloppes
from tests.fabriques import instances
from tests.fabriques.grandeur import DOSSIERS, PAR_DOSSIER, VOTANTS

CONTRAT = "seine-amont-2015-2020"


def preparer() -> None:
    """Écrit les dossiers recevables, une enveloppe par financeur, et une réunion d'hier."""
    contrat = Contrat.objects.get(code=CONTRAT)
    exercice, hasard = timezone.localdate().year - 1, random.Random(7)
    rattachements = [
        next(
            r
            for r in Rattachement.objects.filter(role="instructeur").select_related("utilisateur")
            if str(r.utilisateur) == nom
        )
        for nom in VOTANTS
    ]
    version = VersionDAppel.objects.filter(appel__contrat=contrat, publiee_le__isnull=False).first()
    porteurs = list(Organisme.objects.filter(nature="association").order_by("pk")[:15])
    dossiers = recevables(version, exercice, porteurs, DOSSIERS)
    _demander(dossiers, [r.organisme for r in rattachements], hasard)
    pilote = Rattachement.objects.filter(role="pilote", contrat=CONTRAT).order_by("pk").first()
    tient = Acteur(pilote.utilisateur, pilote)
    comite = instances.instance(tient, contrat, nom="Comité de la grande séance")
    for rattachement in rattachements:
        acteur = Acteur(rattachement.utilisateur, rattachement)
        creee = enveloppes.creer_une_enveloppe(
            par=acteur, contrat=contrat, exercice=exercice, ligne="Grande séance"
        )
        enveloppes.doter(
            par=acteur,
            enveloppe=creee,
            montant=Decimal(1_000_000),
            decide_le=timezone.localdate(),
        )
        instances.membre(tient, comite, acteur)
    instances.reunion(tient, comite, dans_jours=-1, objet="La grande séance")


def recevables(version: Any, exercice: int, porteurs: list[Any], nombre: int) -> list[Any]:
    """Rend ce nombre de dossiers recevables, à ces porteurs tour à tour."""
    contrat = version.appel.contrat
    maintenant = timezone.now() - timedelta(days=60)
    signe: dict[str, Any] = {"cree_le": maintenant, "cree_par": "Essai", "auteur": "0"}
    fiches = list(contrat.fiches.order_by("pk"))
    projets = Projet.objects.bulk_create(
        Projet(
            contrat=contrat,
            porteur=porteurs[rang % len(porteurs)],
            titre=f"Un samedi au pied des tours, numéro {rang}",
            **signe,
        )
        for rang in range(1, nombre + 1)
    )
    dossiers = Dossier.objects.bulk_create(
        Dossier(
            projet=projet,
            appel=version.appel,
            version_d_appel=version,
            exercice=exercice,
            etat=EtatDeDossier.RECEVABLE,
            numero=9000 + rang,
            modifie_le=maintenant,
            depose_le=maintenant,
            depose_par="Essai",
            tranche_le=maintenant,
            tranche_par="Essai",
            **signe,
        )
        for rang, projet in enumerate(projets)
    )
    FicheDeDossier.objects.bulk_create(
        FicheDeDossier(dossier=dossier, fiche=fiches[rang % len(fiches)], est_principale=True)
        for rang, dossier in enumerate(dossiers)
    )
    return dossiers


def _demander(dossiers: list[Any], financeurs: list[Any], hasard: random.Random) -> None:

    Demande.objects.bulk_create(
        Demande(
            dossier=dossier,
            exercice=dossier.exercice,
            rang=rang,
            financeur=financeur,
            guichet=Guichet.PLATEFORME,
            ligne="Grande séance",
            montant_demande=Decimal(hasard.randint(5, 90) * 100),
            demande_le=dossier.depose_le,
            etat=EtatDeDemande.DEMANDEE,
        )
        for dossier in dossiers
        for rang, financeur in enumerate(hasard.sample(financeurs, PAR_DOSSIER), 1)
    )
