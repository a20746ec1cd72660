"""Montre les courriels abandonnés à qui tient l'instance, et les relance."""

from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from parvis.accueil.actions import relancer_un_courriel
from parvis.courriels import queries
from parvis.socle.auteur import Machine


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
        for courriel in mortes:
            self.stdout.write(
                f"{courriel.identifiant}  {localtime(courriel.depose_le):%d/%m/%Y %H:%M}  "
                f"{courriel.destinataire}  {courriel.objet}\n    {courriel.erreur}"
            )
            if options["relancer"]:
                relancer_un_courriel(par=Machine("commande lettres_mortes"), courriel=courriel)
        verbe = "relancé" if options["relancer"] else "abandonné"
        nombre = len(mortes)
        self.stdout.write(f"{nombre} courriel{'s' * (nombre > 1)} {verbe}{'s' * (nombre > 1)}.")
