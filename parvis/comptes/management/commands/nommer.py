"""Donne un rôle depuis la machine : le premier administrateur d'une instance neuve."""

from django.core.management.base import BaseCommand, CommandError

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions.rattachements import nommer
from parvis.comptes.enums import Role
from parvis.comptes.models import Utilisateur
from parvis.comptes.rules.roles import ROLES
from parvis.organismes.queries.recherche import chercher
from parvis.socle.refus import Refus


class Command(BaseCommand):
    help = "Donne un rôle à une personne qui a déjà un compte ; pour le premier administrateur."

    def add_arguments(self, parser):
        parser.add_argument("courriel", help="adresse du compte")
        parser.add_argument("organisme", help="nom ou numéro de l'organisme, déjà connu du site")
        parser.add_argument("--role", default=Role.ADMINISTRATEUR, choices=Role.values)
        parser.add_argument(
            "--contrat", default="", help="code du contrat, pour un rôle de contrat"
        )

    def handle(self, *args, **options):
        courriel, role, contrat = options["courriel"].lower(), options["role"], options["contrat"]
        personne = Utilisateur.objects.filter(courriel=courriel).first()
        if personne is None:
            raise CommandError(
                f"Aucun compte à l'adresse {courriel} : créez-le d'abord sur le site."
            )
        par = Acteur.machine("commande nommer")
        trouves = [o for o in chercher(par, options["organisme"]) if self._est(o, options)]
        if len(trouves) != 1:
            raise CommandError(
                f"{len(trouves)} organisme(s) pour « {options['organisme']} » : "
                "donnez le nom entier ou le numéro d'un seul."
            )
        if ROLES[Role(role)].est_de_contrat != bool(contrat):
            raise CommandError("Un rôle de contrat demande --contrat, et lui seul.")
        try:
            rattachement = nommer(
                par=par, utilisateur=personne, organisme=trouves[0], role=role, contrat=contrat
            )
        except Refus as refus:
            raise CommandError(str(refus)) from None
        self.stdout.write(f"Fait : {rattachement}.")

    @staticmethod
    def _est(organisme, options) -> bool:
        donne = options["organisme"]
        numeros = (organisme.siren, organisme.siret, organisme.rna)
        return organisme.nom.lower() == donne.lower() or "".join(donne.split()) in numeros
