from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.dossiers.actions.exports import reprendre_un_export
from parvis.dossiers.importation import lire_l_export
from parvis.dossiers.queries.exports import (
    Difference,
    Laissee,
    Reprise,
    comparer_a_l_export,
    correspondance,
)
from parvis.dossiers.rules.exports import FAITS
from parvis.socle.auteur import Machine
from parvis.socle.refus import Refus

MACHINE = Machine("commande importer_dauphin")


class Command(BaseCommand):
    help = (
        "Montre ce que l'export du portail de l'État (CSV, XLSX ou JSON) change à l'état et au montant "
        "voté des demandes ; --appliquer l'écrit, tout ou rien."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--appliquer", action="store_true", help="écrit ce qui change")
        parser.add_argument(
            "--exercice", type=int, help="ne reprend que les demandes de cette année"
        )
        parser.add_argument("--contrat", default="", help="nécessaire s'il y en a plusieurs")
        parser.add_argument(
            "--remplacer", action="store_true", help="remplace aussi ce qu'une personne a noté"
        )
        parser.add_argument(
            "--colonne",
            action="append",
            default=[],
            metavar="FAIT=TITRE",
            help=f"dit la colonne d'un fait ({', '.join(FAITS)}) ; elle est gardée ensuite",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        contrat = _contrat(options["contrat"])
        fichier, exercice = options["fichier"], options["exercice"]
        connues = correspondance(MACHINE, contrat) | _colonnes(options["colonne"])
        try:
            lu = lire_l_export(fichier.read_bytes(), fichier.name, connues)
            if options["appliquer"]:
                difference = reprendre_un_export(
                    par=MACHINE,
                    contrat=contrat,
                    lu=lu,
                    exercice=exercice,
                    remplacer=options["remplacer"],
                )
            else:
                difference = comparer_a_l_export(
                    MACHINE, contrat, lu, exercice=exercice, jour=timezone.localdate()
                )
        except Refus as refus:
            raise CommandError("\n".join(refus.motifs)) from None
        except OSError as erreur:
            raise CommandError(f"Le fichier ne se lit pas : {erreur}.") from None
        for phrase in _dire(difference, remplacer=options["remplacer"]):
            self.stdout.write(phrase)
        self.stdout.write(_conclure(difference, **options))


def _contrat(code: str) -> Contrat:
    contrats = Contrat.objects.order_by("code")
    if code:
        contrats = contrats.filter(code=code)
    trouves = list(contrats)
    if not trouves:
        raise CommandError(f"Aucun contrat « {code} »." if code else "Aucun contrat.")
    if len(trouves) > 1:
        codes = ", ".join(contrat.code for contrat in trouves)
        raise CommandError(f"Il y a plusieurs contrats : dites lequel, avec --contrat ({codes}).")
    return trouves[0]


def _colonnes(dites: Iterable[str]) -> dict[str, str]:
    colonnes = {}
    for dite in dites:
        fait, _, titre = dite.partition("=")
        if fait not in FAITS or not titre:
            raise CommandError(
                f"--colonne {dite} : écrivez l'un de {', '.join(FAITS)}, puis =TITRE."
            )
        colonnes[fait] = titre
    return colonnes


def _dire(difference: Difference, *, remplacer: bool) -> Iterable[str]:
    yield from (_reprise(reprise) for reprise in difference.reprises)
    for reprise in difference.a_confirmer:
        yield _reprise(reprise) + ("" if remplacer else " Laissé : --remplacer le remplace.")
    yield from (_laissee(laissee) for laissee in difference.laissees)
    for ligne in difference.sans_correspondance:
        yield f"Ligne {ligne.ligne} · {ligne.numero} : aucune demande ne porte ce numéro."
    for demande in difference.absentes:
        yield f"{demande.numero_externe} · {demande.dossier} : absent de l’export."


def _reprise(reprise: Reprise) -> str:
    qui = f"{reprise.demande.dossier} · {reprise.demande.nom_du_financeur}"
    fin = f" {reprise.precision}" if reprise.precision else ""
    return f"Ligne {reprise.ligne.ligne} · {qui} : {reprise.avant} → {reprise.apres}.{fin}"


def _laissee(laissee: Laissee) -> str:
    return f"Ligne {laissee.ligne} · {laissee.numero} : laissée, {' '.join(laissee.motifs)}"


def _conclure(difference: Difference, *, appliquer: bool, remplacer: bool, **autres: Any) -> str:
    nombre = len(difference.reprises) + (len(difference.a_confirmer) if remplacer else 0)
    restes = [f"{difference.identiques} demande(s) déjà à jour"]
    if difference.hors_exercice:
        restes.append(f"{difference.hors_exercice} ligne(s) d’un autre exercice")
    fin = f" {', '.join(restes)}."
    if not nombre:
        return f"Rien ne change.{fin}"
    if appliquer:
        return f"{nombre} demande(s) mise(s) à jour.{fin}"
    return f"{nombre} demande(s) à mettre à jour. Pour l’écrire : --appliquer.{fin}"
