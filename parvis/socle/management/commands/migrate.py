from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateDeDjango
from django.db import connections

from parvis.socle import declencheurs


class Command(MigrateDeDjango):
    help = "Applique les migrations, puis repose les déclencheurs SQL."

    def handle(self, *args, **options):
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        alias = options["database"]
        try:
            if connections[alias].vendor == "sqlite":
                declencheurs.lever(alias)
            super().handle(*args, **options)
            # La table du cache n'a pas de migration : Django la crée par une commande, sans effet sinon.
            call_command("createcachetable", database=alias, verbosity=0)
        finally:
            poses = declencheurs.poser(alias)
        if options["verbosity"] > 1:
            self.stdout.write(f"Déclencheurs posés : {len(poses)}")
