"""Lire deux cents pages en texte, Word, tableur et PDF, contre la seule extraction du texte.

L'extraction ne comprend rien : elle dit ce que coûte, au moins, d'ouvrir le fichier avec la même
bibliothèque. Chaque lecture se fait dans son processus, dont on relève la mémoire au plus haut.
Budgets : 10 s pour le texte, le Word et le tableur ; 30 s pour le PDF ; 300 Mo.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.charge import RACINE, RAPPORT, preparer_django

PAGES, TOURS = 200, 5
CONTRAT = RACINE / "tests" / "fabriques" / "contrats" / "val-des-tilleuls.txt"
MESURER = """
import json, sys, time
from pathlib import Path
{imports}
chemin = Path(sys.argv[1])
debut = time.perf_counter()
{faire}
secondes = time.perf_counter() - debut
# La mémoire au plus haut de ce processus-ci, et non celle qu'il hérite de qui l'a lancé.
etat = Path("/proc/self/status").read_text()
print(json.dumps([secondes, int(etat.partition("VmHWM:")[2].split()[0]) / 1024]))
"""
LIRE = (
    "from parvis.cadre.importation.lecteur import lire_pivot\n"
    "from parvis.cadre.importation.formats import ouverture\n"
    "from parvis.cadre.importation import source",
    "est_texte = chemin.suffix == '.txt'\n"
    "pivot = ouverture.ouvrir(chemin) if est_texte else ouverture.ouvrir_ici(chemin)\n"
    "lire_pivot(pivot)",
)
EXTRAIRE = {
    "texte": ("", "chemin.read_text(encoding='utf-8').split()"),
    "Word": (
        "import docx",
        "document = docx.Document(chemin)\n"
        "textes = [p.text for p in document.paragraphs]\n"
        "textes += [c.text for t in document.tables for r in t.rows for c in r.cells]",
    ),
    "tableur": (
        "import openpyxl",
        "classeur = openpyxl.load_workbook(chemin, read_only=True)\n"
        "textes = [c for f in classeur for r in f.iter_rows(values_only=True) for c in r]",
    ),
    "PDF": (
        "import pypdfium2",
        "textes = [p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(chemin)]",
    ),
}


def _decaler(de: int, numero: re.Match[str]) -> str:
    return f"n°{int(numero[1]) + de}"


def allonger(texte: str, fois: int) -> str:
    """Répète le corps d'un contrat en décalant les numéros, pour faire un long document."""
    debut = texte.index("# EMPLOI ET ACTIVITE")
    corps = texte[debut:]
    morceaux = [texte[:debut], corps]
    for rang in range(1, fois):
        decale = re.sub(r"n°(\d)(?=[ -])", partial(_decaler, 10 * rang), corps)
        morceaux.append(re.sub(r"^# (.*)$", rf"# \1, VOLET {rang}", decale, flags=re.M))
    return "\n".join(morceaux)


def documents(dossier: Path) -> tuple[dict[str, Path], int]:
    """Rend le même long contrat dans chaque format, et son nombre de pages imprimées."""
    import pypdfium2

    from parvis.cadre.importation.formats.modele import contrat_en_xlsx
    from parvis.cadre.importation.lecteur import lire_texte
    from tests.fabriques import impression_docx, impression_pdf

    texte, fois, pages = CONTRAT.read_text(encoding="utf-8"), 8, 0
    while pages < PAGES:
        fois = max(fois + 2, fois * PAGES // max(pages, 60))
        long = allonger(texte, fois)
        pdf = impression_pdf.imprimer(long.split("\n"), dossier / "contrat.pdf")
        pages = len(pypdfium2.PdfDocument(pdf))
    (dossier / "contrat.txt").write_text(long, encoding="utf-8")
    impression_docx.imprimer(long, dossier / "contrat.docx")
    (dossier / "contrat.xlsx").write_bytes(contrat_en_xlsx(lire_texte(long)))
    noms = {"texte": "txt", "Word": "docx", "tableur": "xlsx", "PDF": "pdf"}
    return {nom: dossier / f"contrat.{suffixe}" for nom, suffixe in noms.items()}, pages


def mesurer(code: tuple[str, str], chemin: Path) -> tuple[float, float]:
    """Rend (secondes, Mo) d'un bout de code lancé dans son processus."""
    imports, faire = code
    source = MESURER.format(imports=imports, faire=faire)
    commande = [sys.executable, "-c", source, str(chemin)]
    sortie = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=True)
    secondes, mo = json.loads(sortie.stdout)
    return secondes, mo


def ecrire() -> str:
    """Rend le tableau du temps d'écriture du document livré, de la base aux octets."""
    from parvis.cadre.queries import lecture
    from parvis.cadre.queries.document import document_entier
    from parvis.cadre.queries.documents_ecrits import ECRIVAINS
    from parvis.comptes.acteur import Acteur
    from parvis.socle.rapport import tableau

    acteur = Acteur.anonyme()
    edition = lecture.editions_courantes(acteur)[0]
    lignes = []
    for extension, (ecrivain, _) in ECRIVAINS.items():
        durees = []
        for _ in range(TOURS):
            debut = time.perf_counter()
            octets = ecrivain(document_entier(acteur, edition))
            durees.append(time.perf_counter() - debut)
        lignes.append([extension, statistics.median(durees) * 1000, f"{len(octets) // 1024}"])
    fiches = edition.versions.count()
    intro = f"Écrire le document du contrat livré, {fiches} fiches, base comprise. Budget : 2 s."
    return f"{intro}\n\n{tableau(['document', 'médiane (ms)', 'taille (ko)'], lignes)}"


def main() -> None:
    preparer_django()
    from parvis.cadre.importation.lecteur import lire
    from parvis.socle.rapport import ecrire_section, machine, tableau

    with tempfile.TemporaryDirectory() as dossier:
        fichiers, pages = documents(Path(dossier))
        lignes = []
        for nom, chemin in fichiers.items():
            secondes, mo = mesurer(LIRE, chemin)
            seules, _ = mesurer(EXTRAIRE[nom], chemin)
            rapport = f"× {secondes / seules:.1f}".replace(".", ",")
            lignes.append([nom, secondes * 1000, seules * 1000, rapport, f"{mo:.0f}"])
        debut = time.perf_counter()
        fiches = len(lire(fichiers["PDF"]).fiches)
        a_part = time.perf_counter() - debut
    colonnes = ["format", "lecture (ms)", "extraction seule (ms)", "rapport", "mémoire (Mo)"]
    intro = (
        f"{machine()}. Un contrat inventé de {pages} pages, {fiches} fiches. Budgets : 10 s, 30 s "
        f"pour le PDF, 300 Mo. Le PDF lu à part, processus compris : {a_part:.1f} s."
    )
    rapport = f"{intro}\n\n{tableau(colonnes, lignes)}\n\n{ecrire()}"
    ecrire_section(RAPPORT, "formats", rapport)
    print(rapport)


if __name__ == "__main__":
    main()
