from django.core.management.base import BaseCommand, CommandError

from parvis.cadre.actions import publier_edition
from parvis.cadre.models import Edition
from parvis.comptes.acteur import Acteur
from parvis.socle.refus import Refus


class Command(BaseCommand):
    help = "Publie un brouillon d'édition : il devient le cadre courant et ne change plus."

    def add_arguments(self, parser):
        parser.add_argument("contrat")
        parser.add_argument("edition")

    def handle(self, *args, **options):
        try:
            edition = Edition.objects.get(contrat__code=options["contrat"], code=options["edition"])
            publier_edition(par=Acteur.machine("commande publier_edition"), edition=edition)
        except Edition.DoesNotExist:
            raise CommandError(
                f"Le contrat « {options['contrat']} » n'a pas d'édition « {options['edition']} »."
            ) from None
        except Refus as refus:
            raise CommandError(str(refus)) from None
        self.stdout.write(f"Publiée : {edition}.")
