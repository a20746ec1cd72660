"""Une programmation de taille réelle : deux mille dossiers, leurs demandes, écrits d'un coup."""

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.models import (
    Demande,
    Dossier,
    FicheDeDossier,
    LieuDeDossier,
    Projet,
    VersionDeposee,
)
from parvis.instruction.models import Avis, Proposition
from parvis.organismes.models import Organisme
from parvis.organismes.rules.noms import cle
from parvis.territoires.models import Quartier
from tests.fabriques import cadre, comptes, depots
from tests.fabriques.quartiers import LE_12_MAI

FINANCEURS = ("Département", "Région", "Bailleur des Tilleuls", "Agence des Tilleuls")


@dataclass
class Programmation:
    """Le lieu, et l'instructrice de la caisse, à qui chaque dossier demande."""

    ici: depots.Lieux
    samia: Acteur


def programmation(nombre: int, fiches: int = 40, graine: int = 2026) -> Programmation:
    """Rend `nombre` dossiers recevables, trois ou quatre demandes chacun, toujours les mêmes."""
    hasard = random.Random(graine)
    ici = depots.lieux(contrat=cadre.contrat_publie(lu_=cadre.contrat_de(fiches)).contrat)
    samia = ici.monde.ajouter("samia", ici.caisse, Role.INSTRUCTEUR)
    porteurs = Organisme.objects.bulk_create(
        Organisme(nom=f"Association {n}", nature="association", cle_de_tri=cle(f"Association {n}"))
        for n in range(max(1, nombre // 4))
    )
    quartiers = Quartier.objects.bulk_create(
        Quartier(code=f"QN{n:05d}", millesime=2024, nom=f"Quartier {n}", valide_du=LE_12_MAI.date())
        for n in range(20)
    )
    dossiers = _dossiers(ici, porteurs, nombre, hasard)
    _ranger(dossiers, quartiers, list(ici.contrat.fiches.all()), hasard)
    _demander(dossiers, ici, hasard)
    _rendre_des_avis(dossiers, samia)
    return Programmation(ici, samia)


def _dossiers(
    ici: depots.Lieux, porteurs: list[Organisme], nombre: int, hasard: random.Random
) -> list[Dossier]:
    maintenant = timezone.now()
    signe: dict[str, Any] = {"cree_le": maintenant, "cree_par": "Essai", "auteur": "0"}
    projets = Projet.objects.bulk_create(
        Projet(
            contrat=ici.contrat,
            porteur=hasard.choice(porteurs),
            titre=f"Un projet d’été pour les familles du quartier, numéro {n}",
            **signe,
        )
        for n in range(nombre)
    )
    dossiers = Dossier.objects.bulk_create(
        Dossier(
            projet=projet,
            appel=ici.version.appel,
            version_d_appel=ici.version,
            exercice=ici.version.appel.exercice,
            etat=EtatDeDossier.RECEVABLE,
            numero=rang,
            modifie_le=maintenant,
            depose_le=maintenant,
            depose_par="Essai",
            tranche_le=maintenant,
            tranche_par="Essai",
            **signe,
        )
        for rang, projet in enumerate(projets, 1)
    )
    VersionDeposee.objects.bulk_create(
        VersionDeposee(
            dossier=dossier,
            numero=1,
            contenu={},
            empreinte="0" * 64,
            deposee_le=maintenant,
            deposee_par="Essai",
            auteur="0",
        )
        for dossier in dossiers
    )
    return dossiers


def _ranger(
    dossiers: list[Dossier], quartiers: list[Quartier], fiches: list[Any], hasard: random.Random
) -> None:
    FicheDeDossier.objects.bulk_create(
        FicheDeDossier(dossier=dossier, fiche=fiche, est_principale=rang == 0)
        for dossier in dossiers
        for rang, fiche in enumerate(hasard.sample(fiches, min(2, len(fiches))))
    )
    LieuDeDossier.objects.bulk_create(
        LieuDeDossier(dossier=dossier, quartier=quartier)
        for dossier in dossiers
        for quartier in hasard.sample(quartiers, hasard.randint(0, 3))
    )


def _demander(dossiers: list[Dossier], ici: depots.Lieux, hasard: random.Random) -> None:
    """Écrit des demandes : à la caisse, à deux autres, parfois ailleurs ; un tiers est voté."""
    autres = [ici.commune, *(comptes.organisme(nom, "etablissement_public") for nom in FINANCEURS)]
    maintenant, jour = timezone.now(), timezone.localdate()
    demandes = []
    for dossier in dossiers:
        a_qui = [ici.caisse, *hasard.sample(autres, 2), *hasard.choice([[], [None]])]
        for rang, financeur in enumerate(a_qui, 1):
            voulu = Decimal(hasard.randint(500, 20_000))
            vote = hasard.random() < 0.3
            demandes.append(
                Demande(
                    dossier=dossier,
                    exercice=dossier.exercice,
                    rang=rang,
                    financeur=financeur,
                    financeur_nom="" if financeur else "Fondation d’ailleurs",
                    guichet=Guichet.PLATEFORME if financeur else Guichet.AILLEURS,
                    ligne="Politique de la ville",
                    montant_demande=voulu,
                    demande_le=maintenant,
                    etat=EtatDeDemande.ACCORDEE if vote else EtatDeDemande.DEMANDEE,
                    montant_vote=voulu // 2 if vote else None,
                    vote_le=jour if vote else None,
                )
            )
    Demande.objects.bulk_create(demandes)


def _rendre_des_avis(dossiers: list[Dossier], samia: Acteur) -> None:
    """Rend, pour la moitié des dossiers, l'avis de la caisse et ce qu'elle propose."""
    maintenant = timezone.now()
    versions = {v.dossier_id: v for v in VersionDeposee.objects.all()}
    avis = Avis.objects.bulk_create(
        Avis(
            dossier=dossier,
            version=versions[dossier.pk],
            qualite="financeur",
            organisme=samia.organisme,
            rang=1,
            sens="favorable",
            rendu_le=maintenant,
            auteur="0",
            rendu_par="Essai",
        )
        for dossier in dossiers[::2]
    )
    siennes = {
        d.dossier_id: d for d in Demande.objects.filter(financeur=samia.organisme, etat="demandee")
    }
    proposees = [(un, siennes[un.dossier_id]) for un in avis if un.dossier_id in siennes]
    Proposition.objects.bulk_create(
        Proposition(avis=un, demande=demande, montant=demande.montant_demande // 2)
        for un, demande in proposees
    )
    for _, demande in proposees:
        demande.montant_propose = demande.montant_demande // 2
        demande.propose_le = maintenant
    Demande.objects.bulk_update([d for _, d in proposees], ["montant_propose", "propose_le"], 500)
