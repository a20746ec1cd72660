"""Montre les courriels abandonnés à qui tient l'instance, et les relance."""

from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from parvis.comptes.acteur import Acteur
from parvis.courriels import queries
from parvis.pilotage.actions.courriels import relancer_les_courriels


class Command(BaseCommand):
    help = "Liste les courriels abandonnés et dit pourquoi ; --relancer les remet à l'envoi."

    def add_arguments(self, parser):
        parser.add_argument("identifiants", nargs="*", type=UUID, help="ceux-là seulement")
        parser.add_argument("--relancer", action="store_true", help="les remet à l'envoi")

    def handle(self, *args, **options):
        mortes = queries.lettres_mortes()
        if options["identifiants"]:
            mortes = mortes.filter(identifiant__in=options["identifiants"])
            if len(mortes) < len(set(options["identifiants"])):
                raise CommandError("Un de ces courriels n'existe pas ou n'est pas abandonné.")
        lues = list(mortes)
        for courriel in lues:
            self.stdout.write(
                f"{courriel.identifiant}  {localtime(courriel.depose_le):%d/%m/%Y %H:%M}  "
                f"{courriel.destinataire}  {courriel.objet}\n    {courriel.erreur}"
            )
        if options["relancer"] and lues:
            relancer_les_courriels(par=Acteur.machine("commande lettres_mortes"), courriels=lues)
        verbe = "relancé" if options["relancer"] else "abandonné"
        nombre = len(lues)
        self.stdout.write(f"{nombre} courriel{'s' * (nombre > 1)} {verbe}{'s' * (nombre > 1)}.")
