"""Met l'instance en état de servir ; relancée, ne refait que ce qui a changé."""

import fcntl
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import yaml
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from parvis.accueil.demonstration import charger_les_episodes
from parvis.cadre import importation
from parvis.cadre.actions import importer_cadre, publier_edition
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.source import DocumentIllisible
from parvis.cadre.models import Edition
from parvis.comptes.acteur import Acteur
from parvis.organismes.actions import importer_organismes
from parvis.organismes.importation import lire_organismes
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from parvis.territoires.actions import (
    charger_territoire,
    importer_adresses,
    importer_communes,
    importer_quartiers,
)
from parvis.territoires.actions.quartiers import INCHANGEE
from parvis.territoires.importation.adresses import lire_adresses
from parvis.territoires.importation.communes import lire_communes
from parvis.territoires.importation.quartiers import lire_quartiers
from parvis.territoires.models import Adresse, Commune

# Ce que le public et les pilotes lisent : la plateforme, et non le nom d'une commande.
_PARVIS = Acteur.machine("Parvis")


def empreinte(fichiers: Iterable[Path]) -> str:
    """Rend l'empreinte d'un ensemble de fichiers : leurs chemins et leurs contenus."""
    total = hashlib.sha256()
    for fichier in sorted(fichiers):
        total.update(f"{fichier}\0".encode())
        total.update(hashlib.sha256(fichier.read_bytes()).digest())
    return total.hexdigest()


def charger_un_territoire(fichier: Path) -> None:
    """Charge les communes et les quartiers d'un territoire décrit à la main."""
    donnees = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    charger_territoire(par=_PARVIS, donnees=donnees, source=fichier.stem)


def charger_des_contours(fichier: Path) -> None:
    """Charge des contours livrés, arrondis ; un contour officiel déjà chargé reste."""
    source = json.loads(fichier.read_text(encoding="utf-8"))["source"]
    # « seine-amont.communes », « seine-amont.quartiers-2024 »
    nature, _, millesime = fichier.stem.rpartition(".")[2].partition("-")
    if nature == "communes":
        lues = lire_communes(fichier)
        importer_communes(par=_PARVIS, lues=lues, source=source, ecrire=True)
        return
    importer_quartiers(
        par=_PARVIS,
        lus=lire_quartiers(fichier, int(millesime)),
        millesime=int(millesime),
        source=source,
        couverture=INCHANGEE,
        est_arrondi=True,
        ecrire=True,
    )


def charger_des_organismes(fichier: Path) -> None:
    """Importe les organismes d'un tableau."""
    lignes = lire_organismes(fichier)
    importer_organismes(par=_PARVIS, lignes=lignes, source=fichier.name, ecrire=True)


def charger_des_adresses(fichier: Path) -> None:
    """Charge de quoi situer quelques adresses sans réseau."""
    importer_adresses(par=_PARVIS, lignes=lire_adresses(fichier), source=fichier.name, ecrire=True)


class Carnet:
    """Ce qui a déjà été préparé, gardé dans le dossier var/, séparément pour chaque base."""

    def __init__(self) -> None:
        self.fichier = settings.DOSSIER_VAR / "preparation.json"
        base = connection.settings_dict
        self.base = f"{connection.vendor}:{base['HOST']}:{base['PORT']}:{base['NAME']}"
        try:
            self.notes = json.loads(self.fichier.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.notes = {}

    def connait(self, quoi: str, valeur: str) -> bool:
        """Dit si cette préparation est déjà faite, avec ce contenu."""
        return self.notes.get(quoi) == valeur

    def noter(self, quoi: str, valeur: str) -> None:
        """Retient une préparation faite."""
        self.notes[quoi] = valeur
        self.fichier.parent.mkdir(parents=True, exist_ok=True)
        provisoire = self.fichier.with_suffix(".nouveau")
        provisoire.write_text(json.dumps(self.notes, indent=1, sort_keys=True), encoding="utf-8")
        provisoire.replace(self.fichier)


class Command(BaseCommand):
    help = (
        "Prépare la base, les fichiers statiques et les contrats livrés ; sans effet si tout l'est."
    )

    def handle(self, *args, **options):
        settings.DOSSIER_VAR.mkdir(parents=True, exist_ok=True)
        # Deux `make run` lancés ensemble préparent l'un après l'autre.
        with (settings.DOSSIER_VAR / "preparer.verrou").open("w") as verrou:
            fcntl.flock(verrou, fcntl.LOCK_EX)
            self._preparer()

    def _preparer(self):
        call_command("migrate", verbosity=0, interactive=False)
        self.carnet = Carnet()
        self._rassembler_les_statiques()
        for fichier in sorted((settings.DOSSIER_DONNEES / "territoires").glob("*.yaml")):
            self._une_fois(fichier.stem, fichier, Commune, charger_un_territoire)
        for fichier in sorted((settings.DOSSIER_DONNEES / "territoires").glob("*.geojson")):
            self._une_fois(fichier.stem, fichier, Commune, charger_des_contours)
        if not settings.DEMONSTRATION:
            # Une vraie instance importe ses contrats elle-même, et les publie par un autre acte.
            return
        for fichier in sorted((settings.DOSSIER_DONNEES / "organismes").glob("*.yaml")):
            # Relu sans que le fichier ait changé, il déferait ce que les visiteurs ont écrit.
            self._une_fois(f"organismes {fichier.stem}", fichier, Organisme, charger_des_organismes)
        for fichier in sorted((settings.DOSSIER_DONNEES / "contrats").glob("*.yaml")):
            self._importer_le_contrat(fichier)
        for fichier in sorted((settings.DOSSIER_DONNEES / "demonstration").glob("*.csv")):
            self._une_fois(fichier.name, fichier, Adresse, charger_des_adresses)
        self._jouer_la_demonstration()

    def _rassembler_les_statiques(self):
        fichiers = [
            Path(stockage.path(chemin))
            for chercheur in get_finders()
            for chemin, stockage in chercheur.list([])
        ]
        valeur = empreinte(fichiers)
        presents = (settings.STATIC_ROOT / "staticfiles.json").exists()
        if not presents or not self.carnet.connait("statiques", valeur):
            call_command("collectstatic", verbosity=0, interactive=False)
            self.carnet.noter("statiques", valeur)

    def _une_fois(self, nom, fichier, modele, charger):
        """Charge un fichier s'il a changé, ou si la base est vide ; lève CommandError."""
        quoi, valeur = f"{self.carnet.base} {nom}", empreinte([fichier])
        if self.carnet.connait(quoi, valeur) and modele.objects.exists():
            return
        try:
            charger(fichier)
        except (Refus, OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as erreur:
            raise CommandError(f"Le fichier {fichier} ne se charge pas : {erreur}") from None
        self.carnet.noter(quoi, valeur)

    def _importer_le_contrat(self, fichier):
        # Une lecture améliorée vaut un fichier changé : le code et les lexiques comptent aussi.
        lecture = Path(importation.__file__).parent.rglob("*.py")
        lexiques = (settings.DOSSIER_DONNEES / "lexiques").glob("*.yaml")
        quoi, valeur = (
            f"{self.carnet.base} {fichier.name}",
            empreinte([fichier, *lecture, *lexiques]),
        )
        courante = Edition.objects.courante(fichier.stem)
        # Un avenant publié depuis le site l'emporte sur le fichier livré.
        est_depassee = courante is not None and courante.source != fichier.name
        if est_depassee or (courante and self.carnet.connait(quoi, valeur)):
            return
        try:
            lu = lire(fichier)
            edition = importer_cadre(
                par=_PARVIS, contrat=fichier.stem, lu=lu, source=fichier.name
            ).edition
            # Un autre brouillon qui dirait la même chose n'est pas à publier.
            est_le_sien = edition is not None and edition.source == fichier.name
            if edition is not None and est_le_sien and not edition.est_publiee:
                publier_edition(par=_PARVIS, edition=edition)
                self.stdout.write(f"Contrat publié : {edition}.")
        except (DocumentIllisible, Refus) as erreur:
            raise CommandError(f"Le contrat {fichier} ne s'importe pas : {erreur}") from None
        self.carnet.noter(quoi, valeur)

    def _jouer_la_demonstration(self):
        try:
            for episode in charger_les_episodes(
                (settings.DOSSIER_DONNEES / "demonstration").glob("*.yaml")
            ):
                self.stdout.write(f"Épisode de démonstration joué : {episode}.")
        except Refus as refus:
            # Le site démarre quand même : ce qui manque n'empêche pas de lire le contrat.
            self.stderr.write(f"La démonstration reste incomplète : {refus}")
