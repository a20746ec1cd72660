from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.cadre.models import Contrat
from parvis.programmation.actions.postes import importer_les_postes
from parvis.programmation.enums import DispositifDePoste
from parvis.programmation.importation import lire_les_lignes
from parvis.programmation.queries.postes import Difference, comparer_les_postes
from parvis.programmation.rules.postes import PosteLu, choisir_le_dispositif, lire_les_postes
from parvis.socle.auteur import Machine
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import Refus, exiger

MACHINE = Machine("commande importer_postes")


class Command(BaseCommand):
    help = (
        "Montre ce qu'un fichier publié de postes adultes-relais ou FONJEP (CSV, XLSX, ou .gz) change "
        "aux postes aidés d'un contrat ; --ecrire l'écrit, tout ou rien."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--contrat", required=True, help="code du contrat dans Parvis")
        parser.add_argument(
            "--dispositif",
            choices=DispositifDePoste.values,
            default="",
            help="sinon, celui que dit le nom du fichier",
        )
        parser.add_argument("--ecrire", action="store_true", help="écrit ce qui change")

    def handle(self, *args: Any, **options: Any) -> None:
        contrat, fichier = _contrat(options["contrat"]), options["fichier"]
        try:
            dispositif, motifs = choisir_le_dispositif(options["dispositif"], fichier.name)
            exiger(motifs)
            lus = lire_les_postes(
                lire_les_lignes(fichier.read_bytes(), fichier.name), contrat.code_national
            )
            difference = (
                importer_les_postes(
                    par=MACHINE,
                    contrat=contrat,
                    dispositif=dispositif,
                    lus=lus,
                    source=fichier.name,
                )
                if options["ecrire"]
                else comparer_les_postes(MACHINE, contrat, dispositif, lus)
            )
        except Refus as refus:
            raise CommandError("\n".join(refus.motifs)) from None
        except OSError as erreur:
            raise CommandError(f"Le fichier ne se lit pas : {erreur}.") from None
        for phrase in _dire(difference):
            self.stdout.write(phrase)
        self.stdout.write(_conclure(difference, est_ecrit=options["ecrire"]))


def _contrat(code: str) -> Contrat:
    trouve = Contrat.objects.filter(code=code).first()
    if trouve is None:
        raise CommandError(f"Aucun contrat « {code} ».")
    if not trouve.code_national:
        raise CommandError(
            "Ce contrat n’a pas de code national (« CV357 ») : son pilote le note à la page des "
            "postes aidés."
        )
    return trouve


def _dire(difference: Difference) -> Iterable[str]:
    for lu, organisme in difference.nouveaux:
        yield f"+ {_poste(lu)}{' (organisme reconnu)' if organisme else ''}"
    for change in difference.changes:
        yield f"= {_poste(change.lu)} : {change.passages}"
    for poste in difference.partis:
        yield f"- {poste.exercice} · {poste.numero} · {poste.nom} : le fichier ne le dit plus."
    for refus in difference.lus.refusees:
        yield f"Ligne {refus.ligne} · {refus.numero} : laissée, {' '.join(refus.motifs)}"
    for lu in difference.alertes:
        yield f"Ligne {lu.ligne} · {lu.numero} : reprise, Siret gardé comme imprimé. {lu.alerte}"


def _poste(lu: PosteLu) -> str:
    return f"{lu.exercice} · {lu.numero} · {lu.nom} · {ecrire_montant(lu.montant, court=True)}"


def _conclure(difference: Difference, *, est_ecrit: bool) -> str:
    lus = difference.lus
    restes = [
        f"{difference.identiques} poste(s) déjà à jour",
        f"{lus.redites} ligne(s) redite(s)",
        f"{lus.ailleurs} ligne(s) d’autres contrats",
        f"{lus.sans_code} sans code de contrat",
    ]
    if not difference.nombre:
        debut = "Rien ne change."
    else:
        debut = (
            f"{len(difference.nouveaux)} poste(s) de plus, {len(difference.changes)} à jour, "
            f"{len(difference.partis)} de moins."
        )
        debut += " C’est enregistré." if est_ecrit else " Pour l’écrire : --ecrire."
    return f"{debut} {', '.join(restes)}."
