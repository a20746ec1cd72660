from django.core.management.commands.migrate import Command as MigrateDeDjango

from parvis.socle import declencheurs


class Command(MigrateDeDjango):
    help = "Applique les migrations, puis repose les déclencheurs SQL."

    def handle(self, *args, **options):
        super().handle(*args, **options)
        lecture_seule = options["plan"] or options["check_unapplied"]
        if not lecture_seule:
            poses = declencheurs.poser(options["database"])
            if options["verbosity"] > 1:
                self.stdout.write(f"Déclencheurs posés : {len(poses)}")
