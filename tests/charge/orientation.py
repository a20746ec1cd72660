"""Orienter : le moteur contre la recherche plein texte des deux bases, sur les mêmes textes.

Avec PARVIS_BASE=postgres://…, PostgreSQL est mesuré aussi ; SQLite FTS5 l'est toujours.
"""

import random
import re
import sqlite3
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.charge import RAPPORT, preparer_django

QUESTIONS = Path(__file__).parents[1] / "orientation" / "donnees" / "seconde-moitie.jsonl"
CONTRATS, FICHES_PAR_CONTRAT = 400, 45
CHAINES = 10_000
MOT = re.compile(r"\w+")

Repondre = Callable[[str], list[str]]


def main() -> None:
    preparer_django()
    from parvis.orientation.queries.orientation import moteur_livre
    from parvis.socle.rapport import ecrire_section, machine

    moteur, hasard = moteur_livre(), random.Random(4)
    un_contrat, textes = _sur_un_contrat(moteur)
    beaucoup, memoire, bati = _sur_beaucoup(moteur, textes, hasard)
    pire, total = _chaines_au_hasard(_par(moteur), hasard)
    intro = (
        f"{machine()}. {len(textes)} questions de la seconde moitié. Le moteur de {CONTRATS} contrats "
        f"tient en {memoire:.0f} Mo et se bâtit en {bati:.0f} s. {CHAINES} chaînes au hasard (vides, "
        f"d'un mégaoctet, emojis, droite à gauche, SQL, HTML) lues sans erreur en {total:.0f} s, la "
        f"plus lente en {pire * 1000:.0f} ms."
    )
    rapport = f"{intro}\n\n{un_contrat}\n\n{beaucoup}"
    ecrire_section(RAPPORT, "orientation", rapport)
    print(rapport)


def _sur_un_contrat(moteur) -> tuple[str, list[str]]:
    """Rend la vitesse et la justesse de chacun sur le contrat livré, et les questions posées."""
    from parvis.orientation.moteur.evaluation import lire_les_questions, mesurer
    from parvis.socle.rapport import tableau

    questions = [q for q in lire_les_questions(QUESTIONS) if q.fiches]
    textes = [q.texte for q in questions]
    lignes = []
    for nom, repondre in _concurrents(moteur):
        mesures = mesurer(questions, repondre)
        courant = next(m for m in mesures if m.sorte == "courant")
        hits = (mesures[-1].hit1, mesures[-1].hit3, courant.hit1)
        lignes.append([nom, _mediane(repondre, textes), *(f"{hit:.2f}" for hit in hits)])
    entetes = ["sur un contrat de 43 fiches", "médiane (ms)", "hit@1", "hit@3", "hit@1, courant"]
    return tableau(entetes, lignes), textes


def _sur_beaucoup(moteur, textes: list[str], hasard: random.Random) -> tuple[str, float, float]:
    """Rend la vitesse de chacun sur beaucoup de contrats, la mémoire (Mo) et le temps de bâtir (s)."""
    from parvis.orientation.moteur.classement import Moteur
    from parvis.socle.rapport import tableau

    passages = [passage for fiche in moteur.fiches for passage in fiche.passages]
    fiches = list(_contrats_inventes(passages, hasard))
    debut = time.perf_counter()
    Moteur(fiches, moteur.thesaurus)
    bati = time.perf_counter() - debut
    tracemalloc.start()
    grand = Moteur(fiches, moteur.thesaurus)
    memoire = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    lignes = [[nom, _mediane(repondre, textes[::4])] for nom, repondre in _concurrents(grand)]
    entete = f"sur {CONTRATS} contrats de {FICHES_PAR_CONTRAT} fiches"
    return tableau([entete, "médiane (ms)"], lignes), memoire, bati


def _par(moteur) -> Repondre:
    from parvis.orientation.moteur.reponse import orienter

    return lambda question: [piste.numero for piste in orienter(moteur, question).pistes]


def _concurrents(moteur) -> list[tuple[str, Repondre]]:
    """Rend notre moteur et la recherche de chaque base, sur les mêmes textes."""
    from django.db import connection

    fiches = {f.numero: (f.titre, _texte(f)) for f in moteur.fiches}
    concurrents = [
        ("notre moteur, raisons comprises", _par(moteur)),
        ("SQLite FTS5, bm25", _fts5(fiches)),
    ]
    if connection.vendor == "postgresql":
        concurrents.append(("PostgreSQL, dictionnaire français, ts_rank_cd", _postgresql(fiches)))
    return concurrents


def _texte(fiche) -> str:
    return "\n".join(passage.texte for passage in fiche.passages)


def _mediane(repondre: Repondre, questions: list[str]) -> float:
    """Rend la médiane d'une réponse, en millisecondes, après un premier tour."""
    for question in questions[:5]:
        repondre(question)
    durees = []
    for question in questions:
        debut = time.perf_counter()
        repondre(question)
        durees.append(time.perf_counter() - debut)
    return median(durees) * 1000


def _fts5(fiches: dict[str, tuple[str, str]]) -> Repondre:
    base = sqlite3.connect(":memory:")
    base.execute(
        "create virtual table f using fts5(numero unindexed, titre, texte, "
        "tokenize='unicode61 remove_diacritics 2')"
    )
    base.executemany("insert into f values (?, ?, ?)", [(n, t, x) for n, (t, x) in fiches.items()])

    def repondre(question: str) -> list[str]:
        mots = " OR ".join(f'"{mot}"' for mot in MOT.findall(question)[:60])
        if not mots:
            return []
        requete = "select numero from f where f match ? order by bm25(f, 0, 4, 1) limit 5"
        return [numero for (numero,) in base.execute(requete, (mots,))]

    return repondre


def _postgresql(fiches: dict[str, tuple[str, str]]) -> Repondre:
    from django.db import connection

    curseur = connection.cursor()
    curseur.execute("drop table if exists pg_temp.essai_f")
    curseur.execute("create temp table essai_f (numero text, mots tsvector)")
    curseur.executemany(
        "insert into essai_f values (%s, setweight(to_tsvector('french', %s), 'A') || "
        "to_tsvector('french', %s))",
        [(n, t, x) for n, (t, x) in fiches.items()],
    )
    curseur.execute("create index on essai_f using gin (mots)")
    curseur.execute("analyze essai_f")

    def repondre(question: str) -> list[str]:
        mots = " or ".join(MOT.findall(question)[:60])
        curseur.execute(
            "select numero from essai_f, websearch_to_tsquery('french', %s) q where mots @@ q "
            "order by ts_rank_cd(mots, q) desc, numero limit 5",
            [mots],
        )
        return [numero for (numero,) in curseur.fetchall()]

    return repondre


def _contrats_inventes(passages, hasard: random.Random):
    """Rend des fiches faites de passages du contrat livré et de noms propres inventés."""
    from parvis.orientation.moteur.passages import FicheAOrienter, Passage

    syllabes = ["bel", "cour", "dan", "fon", "gri", "lau", "mar", "nes", "pré", "roc", "val", "ver"]
    for contrat in range(CONTRATS):
        lieu = "".join(hasard.sample(syllabes, 3)).capitalize()
        for rang in range(FICHES_PAR_CONTRAT):
            choisis = hasard.sample(passages, 24)
            titre = next((p.texte for p in choisis if len(p.texte) > 30), choisis[0].texte)
            yield FicheAOrienter(
                f"{contrat}.{rang}",
                titre,
                (
                    Passage("Titre", f"{titre} à {lieu}", 6.0),
                    *(Passage(p.rubrique, f"{p.texte} {lieu} {contrat}", p.poids) for p in choisis),
                ),
            )


def _chaines_au_hasard(lire: Callable[[str], object], hasard: random.Random) -> tuple[float, float]:
    """Lit des chaînes de toute sorte ; rend la durée de la plus lente et la durée totale, en secondes."""
    alphabets = [
        "abcdefghijklmnopqrstuvwxyz éèàç'",
        "😀🏳️‍🌈👩‍👩‍👧 ",
        "שלום مرحبا \u202e\u200f",
        "<script>alert(1)</script>&amp;",
        "'; DROP TABLE cadre_contrat; -- ",
        "".join(map(chr, range(1, 0x2FF))),
        "garderie permis médecin école ",
    ]
    durees = []
    debut = time.perf_counter()
    for rang in range(CHAINES):
        alphabet = hasard.choice(alphabets)
        longueur = 1_000_000 if rang % 2000 == 7 else hasard.choice((0, 1, 8, 40, 200, 1500))
        chaine = "".join(hasard.choices(alphabet, k=min(longueur, 1500)))
        if longueur > 1500:
            chaine = (chaine * (longueur // len(chaine) + 1))[:longueur]
        avant = time.perf_counter()
        lire(chaine)
        durees.append(time.perf_counter() - avant)
    return max(durees), time.perf_counter() - debut


if __name__ == "__main__":
    main()
