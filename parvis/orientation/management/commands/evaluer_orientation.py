import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.orientation.management.commands.orienter import trouver_le_moteur
from parvis.orientation.moteur.evaluation import Mesure, lire_les_questions, mesurer
from parvis.orientation.moteur.reponse import orienter


class Command(BaseCommand):
    help = "Mesure l'orientation sur des questions étiquetées, par sorte de question."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "fichiers", nargs="+", type=Path, help='JSONL : {"id", "query", "fiches", "sorte"}'
        )
        parser.add_argument("--contrat", help="code d'un contrat publié ; sinon le contrat livré")
        parser.add_argument("--details", action="store_true", help="nomme chaque question manquée")
        parser.add_argument("--json", action="store_true", help="les mesures en JSON")

    def handle(self, *args, **options):
        moteur = trouver_le_moteur(options["contrat"])
        try:
            questions = [q for fichier in options["fichiers"] for q in lire_les_questions(fichier)]
        except (OSError, ValueError) as erreur:
            raise CommandError(str(erreur)) from None
        mesures = mesurer(
            questions, lambda texte: [piste.numero for piste in orienter(moteur, texte).pistes]
        )
        if options["json"]:
            self.stdout.write(json.dumps([_en_dict(m) for m in mesures], ensure_ascii=False))
            return
        self.stdout.write(f"{'sorte':36} questions  hit@1  hit@3    MRR  non")
        for m in mesures:
            self.stdout.write(
                f"{m.sorte:36} {m.nombre:9} {m.hit1:6.3f} {m.hit3:6.3f} {m.mrr:6.3f} {m.non:.3f}"
            )
            for identifiant, texte, rendues in m.ratees if options["details"] else ():
                self.stdout.write(
                    f"    {identifiant} · {', '.join(rendues) or 'non'} · {texte[:120]}"
                )


def _en_dict(mesure: Mesure) -> dict:
    return {
        "sorte": mesure.sorte,
        "nombre": mesure.nombre,
        "hit@1": round(mesure.hit1, 4),
        "hit@3": round(mesure.hit3, 4),
        "mrr": round(mesure.mrr, 4),
        "non": round(mesure.non, 4),
    }
