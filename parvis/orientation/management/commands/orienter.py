import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.cadre.models import Edition
from parvis.cadre.queries.lecture import edition_courante
from parvis.comptes.acteur import Acteur
from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.decision import PHRASES
from parvis.orientation.moteur.reponse import Orientation, orienter
from parvis.orientation.queries.orientation import moteur_de, moteur_livre
from parvis.socle.texte import lisible


class Command(BaseCommand):
    help = "Dit quelles fiches répondent à une question, et pourquoi."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("question", nargs="*", help="la question, en mots ordinaires")
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help='lit des lignes {"id", "query"} et écrit {"id", "fiches", "raisons", "motif"}',
        )
        parser.add_argument(
            "--contrat", help="code d'un contrat publié ; sinon le contrat livré, sans base"
        )

    def handle(self, *args, **options):
        moteur = trouver_le_moteur(options["contrat"])
        if options["jsonl"]:
            for identifiant, question in _lire(sys.stdin.buffer):
                self.stdout.write(
                    json.dumps(en_dict(identifiant, orienter(moteur, question)), ensure_ascii=False)
                )
            return
        if not options["question"]:
            raise CommandError("Écrivez une question, ou donnez des lignes JSON avec --jsonl.")
        self._raconter(orienter(moteur, lisible(" ".join(options["question"]))))

    def _raconter(self, orientation: Orientation) -> None:
        if orientation.non:
            self.stdout.write(phrase_du_non(orientation))
        for piste in orientation.pistes:
            self.stdout.write(f"{piste.numero} · {piste.titre}")
            for raison in piste.raisons:
                self.stdout.write(f"    {raison} ({raison.rubrique.lower()})")
        if orientation.departage:
            self.stdout.write(orientation.departage.demande)
            for precision, numero in orientation.departage.reponses:
                self.stdout.write(f"    {precision.valeur} : {numero}")


def trouver_le_moteur(contrat: str | None) -> Moteur:
    """Rend le moteur d'un contrat publié, ou celui du contrat livré ; lève CommandError."""
    if not contrat:
        return moteur_livre()
    try:
        return moteur_de(edition_courante(Acteur.machine("orienter"), contrat))
    except Edition.DoesNotExist:
        raise CommandError(f"Aucune édition publiée du contrat « {contrat} ».") from None


def phrase_du_non(orientation: Orientation) -> str:
    """Rend le non en une phrase, avec à qui s'adresser."""
    non = orientation.non
    return " ".join(
        filter(None, (PHRASES[non.motif], non.sujet and f"Sujet : {non.sujet}.", non.issue))
    )


def en_dict(identifiant: Any, orientation: Orientation) -> dict[str, Any]:
    """Rend une réponse pour la machine ; chaque raison cite la question et le contrat à la lettre."""
    rendu: dict[str, Any] = {
        "id": identifiant,
        "fiches": [piste.numero for piste in orientation.pistes],
        "raisons": [
            {
                "fiche": piste.numero,
                "ecrit": raison.ecrit,
                "dit": raison.dit,
                "rubrique": raison.rubrique,
                "phrase": raison.phrase,
                "texte": str(raison),
                "fini": raison.fini,
            }
            for piste in orientation.pistes
            for raison in piste.raisons
        ],
        "confiance": round(orientation.confiance, 3),
    }
    if orientation.non:
        rendu |= {"motif": orientation.non.motif, "explication": phrase_du_non(orientation)}
    return rendu


def _lire(lignes: Any) -> Iterator[tuple[Any, str]]:
    """Rend l'identifiant et la question de chaque ligne ; lève CommandError, la ligne nommée."""
    for rang, ligne in enumerate(lignes, 1):
        if not ligne.strip():
            continue
        try:
            lu = json.loads(ligne)
            yield lu["id"], lisible(str(lu["query"]))
        except (ValueError, KeyError, TypeError):
            raise CommandError(f'Ligne {rang} : attendu {{"id": …, "query": …}} en JSON.') from None
