from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from parvis.observatoire.actions import SerieDecrite, decrire_un_fichier, importer_chiffres
from parvis.observatoire.enums import Remontee
from parvis.observatoire.importation.description import DescriptionLue, lire_la_description
from parvis.observatoire.models import Description
from parvis.socle.auteur import Machine
from parvis.socle.refus import Refus

MACHINE = Machine("commande importer_chiffres")


class Command(BaseCommand):
    help = (
        "Montre ce qu'un fichier de chiffres (CSV, XLSX) changerait, lu d'après sa description (YAML) ; "
        "--ecrire l'enregistre. La description est gardée la première fois."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--description", type=Path, required=True, help="fichier YAML")
        parser.add_argument("--periode", required=True, help="2018, 2018-T1 ou 2018-03")
        parser.add_argument("--contrat", default="", help="sans lui, à toute la plateforme")
        parser.add_argument("--ecrire", action="store_true", help="enregistre, tout ou rien")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lue = lire_la_description(options["description"])
            octets = options["fichier"].read_bytes()
            with transaction.atomic():
                bilan = importer_chiffres(
                    par=MACHINE,
                    description=_description(lue, options["contrat"]),
                    periode=options["periode"],
                    nom=options["fichier"].name,
                    octets=octets,
                    ecrire=True,
                )
                if not options["ecrire"]:
                    transaction.set_rollback(True)
        except Refus as refus:
            raise CommandError("\n".join(refus.motifs)) from None
        except OSError as erreur:
            raise CommandError(f"Le fichier ne se lit pas : {erreur}.") from None
        for ligne in bilan.lignes():
            self.stdout.write(ligne)
        if bilan.est_vide:
            self.stdout.write("Rien ne change.")
        else:
            self.stdout.write(
                "C’est enregistré." if options["ecrire"] else "Pour l’enregistrer : --ecrire."
            )


def _description(lue: DescriptionLue, contrat: str) -> Description:
    """Rend la description déjà gardée sous ce nom, ou la garde."""
    deja = Description.objects.filter(
        source__contrat=contrat, source__nom=lue.textes["source"], nom=lue.textes["nom"]
    ).first()
    if deja:
        return deja
    series = [
        SerieDecrite(colonne=titre, **({"remontee": Remontee.AUCUNE} | serie))
        for titre, serie in lue.series.items()
    ]
    return decrire_un_fichier(
        par=MACHINE,
        contrat=contrat,
        series=series,
        millesime=lue.millesime,
        seuil=lue.seuil,
        marques_du_secret=lue.marques_du_secret,
        **lue.textes,
    )
