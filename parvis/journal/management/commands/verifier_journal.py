from django.core.management.base import BaseCommand, CommandError

from parvis.journal.queries.verification import ruptures


class Command(BaseCommand):
    help = "Relit la chaîne du journal de chaque contrat et dit si elle est intacte."

    def handle(self, *args, **options):
        trouvees = ruptures()
        for rupture in trouvees:
            self.stderr.write(f"{rupture.contrat}, événement n°{rupture.rang} : {rupture.motif}.")
        if trouvees:
            raise CommandError(f"{len(trouvees)} rupture(s) dans le journal.")
        self.stdout.write("Le journal est intact.")
