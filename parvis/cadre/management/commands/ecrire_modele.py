from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.cadre.importation.formats import modele
from parvis.cadre.importation.formats.modele import ContratTropLong
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.source import DocumentIllisible
from parvis.cadre.importation.structure import ContratLu
from parvis.cadre.importation.texte import cle

ECRITURES = {
    ".xlsx": (modele.modele_xlsx, modele.contrat_en_xlsx),
    ".csv": (modele.modele_csv, modele.contrat_en_csv),
}


class Command(BaseCommand):
    help = (
        "Écrit le modèle de contrat à remplir dans un tableur, vide ou rempli d'un document déjà "
        "écrit. Ne touche pas à la base."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, help="fichier à écrire, .xlsx ou .csv")
        parser.add_argument("--contrat", type=Path, help="document dont on remplit le modèle")
        parser.add_argument("--remplacer", action="store_true", help="écrit sur un fichier présent")

    def handle(self, *args, **options):
        fichier: Path = options["fichier"]
        if fichier.suffix.lower() not in ECRITURES:
            raise CommandError(f"« {fichier} » : donnez un nom de fichier en .xlsx ou en .csv.")
        vide, rempli = ECRITURES[fichier.suffix.lower()]
        try:
            contrat = lire(options["contrat"]) if options["contrat"] else None
            octets = rempli(contrat) if contrat else vide()
        except (DocumentIllisible, ContratTropLong) as erreur:
            raise CommandError(str(erreur)) from None
        _ecrire(fichier, octets, options["remplacer"])
        self.stdout.write(f"« {fichier} » est écrit.")
        if contrat and (pertes := _pertes(contrat, lire(fichier))):
            self.stdout.write(f"Ce que le tableau ne garde pas : {', '.join(pertes)}.")


def _pertes(contrat: ContratLu, relu: ContratLu) -> list[str]:
    """Rend, comptées, les choses du contrat qu'on ne retrouve pas en relisant son tableau."""
    introductions = sum(bool(n.introduction) for n in (*contrat.piliers, *contrat.enjeux))
    vides = sum(not pilier.enjeux for pilier in contrat.piliers)
    gardes = _details(relu)
    details = len([d for d in _details(contrat) if d not in gardes])
    comptes = {
        "introductions de piliers et d'enjeux": introductions,
        "piliers sans enjeu": vides,
        "détails de dispositifs": details,
        "notes de bas de page": len(contrat.notes),
    }
    return [f"{quoi} ({nombre})" for quoi, nombre in comptes.items() if nombre]


def _details(contrat: ContratLu) -> set[tuple[str, str, str]]:
    return {
        (fiche.numero, dispositif.nom, cle(dispositif.detail))
        for fiche in contrat.fiches
        for dispositif in fiche.dispositifs
        if dispositif.detail
    }


def _ecrire(fichier: Path, octets: bytes, remplacer: bool) -> None:
    try:
        with fichier.open("wb" if remplacer else "xb") as flux:
            flux.write(octets)
    except FileExistsError:
        raise CommandError(
            f"« {fichier} » existe déjà : ajoutez --remplacer pour l'écraser."
        ) from None
    except OSError as erreur:
        raise CommandError(f"« {fichier} » ne s'écrit pas : {erreur.strerror}.") from None
