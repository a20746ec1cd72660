"""Jouer les épisodes de la démonstration, chacun une seule fois, tout ou rien."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import transaction

from parvis.accueil.demonstration.actes import MACHINE, jouer
from parvis.accueil.demonstration.monde import creer_une_personne
from parvis.comptes.models import Utilisateur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.journal.models import Evenement
from parvis.organismes.actions import importer_organismes
from parvis.organismes.importation import lire_organismes
from parvis.socle.refus import Refus


@transaction.atomic
def charger_les_episodes(fichiers: Iterable[Path]) -> list[str]:
    """Joue les épisodes qui ne l'ont jamais été, tous ou aucun ; rend leurs noms. Lève Refus.

    C'est le journal qui dit ce qui est joué : un épisode ne revient jamais sur ce que les visiteurs
    ont changé, et un fichier déjà joué n'est pas relu.
    """
    if not settings.DEMONSTRATION:
        raise Refus(["Les données de démonstration ne se chargent que dans ce mode."])
    tenir_la_chaine("instance")
    actes = Evenement.objects.filter(action="accueil.charger_un_episode")
    joues = set(actes.values_list("objet_nom", flat=True))
    nouveaux = [fichier for fichier in sorted(fichiers, key=_rang) if fichier.stem not in joues]
    if nouveaux and not joues and Utilisateur.objects.exists():
        raise Refus(["Cette base a déjà des comptes. Donnez une base neuve à la démonstration."])
    for fichier in nouveaux:
        _charger(fichier)
    return [fichier.stem for fichier in nouveaux]


def _rang(fichier: Path) -> tuple[int, str]:
    """Rend la place d'un épisode dans le récit : le dixième vient après le neuvième."""
    numero = fichier.stem.partition("-")[0]
    return int(numero) if numero.isdigit() else 0, fichier.stem


def _charger(fichier: Path) -> None:
    try:
        _ecrire(fichier, yaml.safe_load(fichier.read_text(encoding="utf-8")))
    except Refus as refus:
        raise Refus([f"{fichier.name} : {motif}" for motif in refus.motifs]) from refus
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as erreur:
        raise Refus([f"{fichier.name} ne se joue pas : {erreur!r}"]) from erreur
    noter(
        par=MACHINE,
        contrat="instance",
        action="accueil.charger_un_episode",
        objet=f"episode:{fichier.stem}",
        objet_nom=fichier.stem,
    )


def _ecrire(fichier: Path, episode: Mapping[str, Any]) -> None:
    if "organismes" in episode:
        lignes = lire_organismes(fichier)
        importer_organismes(par=MACHINE, lignes=lignes, source=fichier.name, ecrire=True)
    for prenom, nom in episode.get("personnes", []):
        creer_une_personne(prenom=prenom, nom=nom)
    for rang, acte in enumerate(episode.get("recit", []), 1):
        try:
            jouer(acte, contrat=episode["contrat"])
        except (Refus, ObjectDoesNotExist, MultipleObjectsReturned) as erreur:
            motifs = erreur.motifs if isinstance(erreur, Refus) else [str(erreur)]
            ou = f"acte {rang} ({acte['acte']})"
            raise Refus([f"{ou} : {motif}" for motif in motifs]) from erreur
