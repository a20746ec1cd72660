"""Une séance de taille réelle : autant de dossiers que l'on veut, six financeurs chacun, écrits d'un coup."""

import copy
import random
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.dossiers.models import (
    Demande,
    Dossier,
    FicheDeDossier,
    LieuDeDossier,
    Projet,
    VersionDeposee,
)
from parvis.dossiers.sections.propres import garder_le_budget
from parvis.instances.enums import EtatDeReunion
from parvis.instruction.models import Avis
from parvis.organismes.models import Organisme
from parvis.organismes.rules.noms import cle
from parvis.programmation.models import PointDeSeance
from parvis.territoires.models import Quartier
from tests.fabriques import comptes, seances
from tests.fabriques.quartiers import LE_12_MAI

FINANCEURS = ("Département", "Région", "Bailleur des Tilleuls", "Agence des Tilleuls")
IDEES = (
    (
        "Des ateliers de langue pour les parents d’élèves",
        "Apprendre à parler à l’école et au guichet.",
    ),
    ("Le café des femmes du Moulin", "Un lieu pour se retrouver le mardi, sans rendez-vous."),
    ("Réparer ensemble les vélos du quartier", "Remettre en selle cent habitants, avec eux."),
    (
        "Un été au pied des tours",
        "Six semaines de jeux, de lecture et de sport en bas de chez soi.",
    ),
    ("Aide aux devoirs, du CP à la troisième", "Deux soirs par semaine, avec des étudiants."),
    ("La fabrique de l’emploi", "Des rendez-vous entre ceux qui cherchent et ceux qui embauchent."),
)
PHRASES = (
    "Les familles du quartier nous ont dit qu’il n’y avait nulle part où se retrouver le soir.",
    "Nous avons compté, l’an dernier, une centaine d’enfants sans activité pendant les vacances.",
    "Le groupe se réunit deux fois par mois et décide lui-même de ce qu’il fera.",
    "Deux animatrices, déjà connues des habitants, tiennent les séances avec des bénévoles.",
    "Nous voulons que chacun puisse venir sans s’inscrire, et revenir quand il le peut.",
    "L’école du Moulin prête sa cour, le centre social ses salles et son minibus.",
    "À la fin de l’année, une fête réunit tous ceux qui ont pris part au projet.",
)
MOTIFS = (
    "Le projet répond à un besoin connu, et la structure a rendu un bon bilan l’an dernier.",
    "Le nombre de séances paraît faible pour la somme demandée ; le budget est à préciser.",
    "Ce projet relève du droit commun du service : il ne peut pas être pris sur ces crédits.",
)
SENS = ("favorable", "sous_reserve", "defavorable", "reserve")


def seance_pleine(nombre: int, graine: int = 2026) -> seances.Tenue:
    """Rend une séance convoquée de `nombre` dossiers, six demandes et trois avis chacun."""
    hasard, tenue = random.Random(graine), seances.seance()
    etude = tenue.etude
    quartiers = Quartier.objects.bulk_create(
        Quartier(code=f"QN{n:05d}", millesime=2024, nom=nom, valide_du=LE_12_MAI.date())
        for n, nom in enumerate(("Le Moulin", "Les Tilleuls", "Gagarine", "La Sablière"), 90)
    )
    dossiers = _dossiers(tenue, nombre - 1, hasard)
    fiche = etude.dossier.fiches.get().fiche
    FicheDeDossier.objects.bulk_create(
        FicheDeDossier(dossier=d, fiche=fiche, est_principale=True) for d in dossiers
    )
    LieuDeDossier.objects.bulk_create(
        LieuDeDossier(dossier=d, quartier=q) for d in dossiers for q in hasard.sample(quartiers, 2)
    )
    services = [
        etude.ici.caisse,
        etude.ici.commune,
        *(comptes.organisme(nom, "etablissement_public") for nom in FINANCEURS),
    ]
    demandes = _demander(dossiers, services, hasard)
    versions = _versions(etude.dossier.versions_deposees.get(), dossiers, demandes, hasard)
    _rendre_des_avis(versions, services, hasard)
    PointDeSeance.objects.bulk_create(
        PointDeSeance(seance=tenue.seance, dossier=dossier, rang=rang)
        for rang, dossier in enumerate(dossiers, 2)
    )
    reunion = tenue.seance.reunion
    reunion.etat, reunion.convoquee_le = EtatDeReunion.CONVOQUEE, timezone.now()
    reunion.save()
    return tenue


def _dossiers(tenue: seances.Tenue, nombre: int, hasard: random.Random) -> list[Dossier]:
    modele, maintenant = tenue.etude.dossier, timezone.now()
    signe: dict[str, Any] = {"cree_le": maintenant, "cree_par": "Essai", "auteur": "0"}
    noms = [f"Association {nom} {n}" for n in range(1, 20) for nom in ("Horizon", "Les Voisins")]
    porteurs = Organisme.objects.bulk_create(
        Organisme(nom=nom, nature="association", cle_de_tri=cle(nom)) for nom in noms
    )
    projets = Projet.objects.bulk_create(
        Projet(
            contrat=tenue.etude.ici.contrat,
            porteur=hasard.choice(porteurs),
            titre=IDEES[n % len(IDEES)][0],
            **signe,
        )
        for n in range(nombre)
    )
    return Dossier.objects.bulk_create(
        Dossier(
            projet=projet,
            appel=modele.appel,
            version_d_appel=modele.version_d_appel,
            exercice=modele.exercice,
            etat=EtatDeDossier.RECEVABLE,
            numero=modele.numero + rang,
            modifie_le=maintenant,
            depose_le=maintenant,
            depose_par="Essai",
            tranche_le=maintenant,
            tranche_par="Essai",
            **signe,
        )
        for rang, projet in enumerate(projets, 1)
    )


def _demander(
    dossiers: list[Dossier], services: list[Organisme], hasard: random.Random
) -> dict[int, list[Demande]]:
    """Écrit ce que chaque dossier demande à chaque service ; un sur trois propose, et le partage."""
    maintenant = timezone.now()
    demandes: dict[int, list[Demande]] = defaultdict(list)
    for dossier in dossiers:
        for rang, financeur in enumerate(services, 1):
            voulu, partage = Decimal(hasard.randint(10, 120) * 100), hasard.random() < 0.3
            demandes[dossier.pk].append(
                Demande(
                    dossier=dossier,
                    exercice=dossier.exercice,
                    rang=rang,
                    financeur=financeur,
                    ligne="Politique de la ville" if rang % 2 else "",
                    montant_demande=voulu,
                    demande_le=maintenant,
                    etat=EtatDeDemande.DEMANDEE,
                    montant_propose=voulu // 2 if partage else None,
                    propose_le=maintenant if partage else None,
                    propose_partage_le=maintenant if partage else None,
                )
            )
    Demande.objects.bulk_create(d for siennes in demandes.values() for d in siennes)
    return demandes


def _versions(
    modele: VersionDeposee,
    dossiers: list[Dossier],
    demandes: dict[int, list[Demande]],
    hasard: random.Random,
) -> list[VersionDeposee]:
    return VersionDeposee.objects.bulk_create(
        VersionDeposee(
            dossier=dossier,
            numero=1,
            contenu=_contenu(modele.contenu, dossier, demandes[dossier.pk], hasard),
            empreinte="0" * 64,
            deposee_le=timezone.now(),
            deposee_par="Essai",
            auteur="0",
        )
        for dossier in dossiers
    )


def _contenu(
    modele: dict[str, Any], dossier: Dossier, demandes: list[Demande], hasard: random.Random
) -> dict[str, Any]:
    """Rend le contenu figé d'un dossier, ses textes écrits de phrases tirées au sort."""
    contenu = copy.deepcopy(modele)
    contenu["projet"]["titre"] = dossier.projet.titre
    contenu["porteur"]["nom"] = dossier.projet.porteur.nom
    ecrits = {
        "resume": dict(IDEES)[dossier.projet.titre],
        **{
            code: " ".join(hasard.choices(PHRASES, k=hasard.randint(3, 14)))
            for code in ("besoin", "objectifs", "description")
        },
    }
    sections = contenu["sections"]
    figee = sections["projet"]
    figee["champs"] = [
        [libelle, ecrits.get(code, texte)]
        for code, (libelle, texte) in zip(figee["codes"], figee["champs"], strict=True)
    ]
    sections["lieux"]["texte"] = "Un ou plusieurs quartiers\n- Le Moulin\n- Les Tilleuls"
    sections["budget"]["valeur"] = _budget(dossier.exercice, demandes, hasard)
    contenu["financeurs"] = {str(d.financeur_id): d.nom_du_financeur for d in demandes}
    contenu["demandes"] = [
        {
            "exercice": d.exercice,
            "financeur": d.nom_du_financeur,
            "ligne": d.ligne,
            "nature": "numeraire",
            "guichet": d.guichet,
            "montant": str(d.montant_demande),
        }
        for d in demandes
    ]
    return contenu


def _budget(exercice: int, demandes: list[Demande], hasard: random.Random) -> dict[str, Any]:
    """Rend un budget équilibré : ce qui est demandé, un peu de ressources, quatre postes de dépenses."""
    total = sum(int(d.montant_demande or 0) for d in demandes)
    propres = hasard.randint(10, 80) * 100
    parts = {"60": 15, "61": 10, "62": 20, "64": 55}
    depenses = {compte: (total + propres) * part // 100 for compte, part in parts.items()}
    depenses["64"] += total + propres - sum(depenses.values())
    lignes = [{"compte": c, "libelle": "Essai", "saisie": str(m)} for c, m in depenses.items()]
    lignes.append({"compte": "70", "libelle": "Participations", "saisie": str(propres)})
    tapees = [
        {
            "financeur": str(d.financeur_id),
            "ligne": d.ligne,
            "saisie": str(int(d.montant_demande or 0)),
        }
        for d in demandes
    ]
    return garder_le_budget({str(exercice): {"lignes": lignes, "demandes": tapees}})


def _rendre_des_avis(
    versions: list[VersionDeposee], services: list[Organisme], hasard: random.Random
) -> None:
    Avis.objects.bulk_create(
        Avis(
            dossier=version.dossier,
            version=version,
            qualite="financeur",
            organisme=service,
            rang=1,
            sens=hasard.choice(SENS),
            motif=" ".join(hasard.choices(MOTIFS, k=2)),
            rendu_le=timezone.now(),
            auteur="0",
            rendu_par="Essai",
        )
        for version in versions
        for service in services[:3]
    )
