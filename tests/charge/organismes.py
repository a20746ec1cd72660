"""Chercher parmi 20 000 organismes inventés : l'index contre un parcours naïf de la même base."""

import random
import sqlite3
import tempfile
from pathlib import Path

from tests.charge import RAPPORT, chronometrer, preparer_django

NOMBRE, TOURS = 20_000, 7
QUESTIONS = (
    "jardin verger",
    "médiathèque",
    "amicale des locataires",
    "amicalle locatères",
    "régie quartier tilleul",
    "club de boxe de la ville",
    "assoc",
    "000200010",
)
SORTES = """Amicale des locataires|Association|Atelier|Centre social|Club de boxe|Compagnie|Crèche
|Ensemble|Jardins|Maison de quartier|Médiathèque|Mission locale|Régie de quartier|Théâtre|Union
sportive""".replace("\n", "").split("|")
SYLLABES = "ba be cha da fou ga jo la lé ma mi na no pa pré ra ro sa si ta tou va vi zo".split()


def remplir(nombre: int) -> None:
    """Crée des organismes aux noms tirés au hasard, toujours les mêmes, et quelques doublons."""
    from parvis.organismes.models import AliasDOrganisme, Organisme
    from parvis.organismes.rules.noms import cle
    from parvis.territoires.models import Commune

    hasard = random.Random(2015)
    mots = ["".join(hasard.choices(SYLLABES, k=hasard.randint(2, 4))) for _ in range(6_000)]
    communes = Commune.objects.bulk_create(
        Commune(code=f"9{n:04d}", nom=f"Commune {n}", departement="94") for n in range(100)
    )
    organismes = []
    for rang in range(nombre):
        nom = f"{hasard.choice(SORTES)} {' '.join(hasard.sample(mots, 2))}".capitalize()
        if rang % 50 == 49:
            nom = f"Asso {organismes[-1].nom}"
        organismes.append(
            Organisme(
                nom=nom,
                nature="association",
                cle_de_tri=cle(nom),
                siren="" if rang % 50 == 49 else f"0{rang + 20_000_000:08d}",
                siege=organismes[-1].siege if rang % 50 == 49 else hasard.choice(communes),
            )
        )
    crees = Organisme.objects.bulk_create(organismes)
    AliasDOrganisme.objects.bulk_create(
        AliasDOrganisme(organisme=o, nom=f"Les {m}", cle=cle(f"Les {m}"))
        for o, m in zip(crees[::4], mots * 9, strict=False)
    )


def naif(question: str) -> int:
    """Rend combien d'organismes ont tous les mots de la question, à une lettre près, sans index."""
    from rapidfuzz.distance import OSA

    from parvis.organismes.models import Organisme
    from parvis.socle.texte import MOTS_VIDES, mots

    cherches = [m for m in mots(question) if m not in MOTS_VIDES]
    return sum(
        all(any(OSA.distance(m, lu, score_cutoff=1) <= 1 for lu in cle.split()) for m in cherches)
        for cle in Organisme.objects.values_list("cle_de_tri", flat=True)
    )


def mesurer() -> None:
    from parvis.comptes.acteur import Acteur
    from parvis.organismes import queries
    from parvis.organismes.index import Index
    from parvis.organismes.queries import recherche
    from parvis.socle.rapport import ecrire_section, machine, tableau

    remplir(NOMBRE)
    acteur = Acteur.anonyme()
    par_index = chronometrer(lambda: [queries.chercher(acteur, q) for q in QUESTIONS], TOURS)
    par_parcours = chronometrer(lambda: [naif(q) for q in QUESTIONS], 3)
    batir = chronometrer(lambda: Index.construire(recherche._nommes()), 3)
    proposes = len(queries.doublons_proposes(acteur, limite=NOMBRE))
    doublons = chronometrer(lambda: queries.doublons_proposes(acteur), 3)
    nombre = len(QUESTIONS)
    lignes = [
        ["une recherche par l'index, requêtes à la base comprises", par_index / nombre],
        ["une recherche par parcours naïf (une faute permise, sans ordre)", par_parcours / nombre],
        ["bâtir l'index, une fois après chaque changement", batir],
        [f"proposer les doublons ({proposes} paires trouvées)", doublons],
    ]
    intro = (
        f"{machine()}. {NOMBRE} organismes inventés, {NOMBRE // 4} autres noms, "
        f"{nombre} questions. L'index répond {par_parcours / par_index:.0f} fois plus vite."
    )
    rapport = f"{intro}\n\n{tableau(['mesure', 'médiane (ms)'], lignes)}"
    ecrire_section(RAPPORT, "organismes", rapport)
    print(rapport)


def main() -> None:
    preparer_django()
    from django.core.management import call_command
    from django.db import connection

    # Jamais dans la base de l'instance : vingt mille organismes inventés y resteraient.
    if connection.vendor != "sqlite":
        raise SystemExit("Ce banc se mène sur SQLite : enlevez PARVIS_BASE.")
    with tempfile.TemporaryDirectory() as dossier:
        fichier = Path(dossier) / "banc.sqlite3"
        sqlite3.connect(fichier).close()
        connection.settings_dict["NAME"] = str(fichier)
        call_command("migrate", verbosity=0, interactive=False)
        mesurer()
        connection.close()


if __name__ == "__main__":
    main()
