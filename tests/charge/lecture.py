"""Lire un contrat publié : notre lecteur contre une simple analyse HTML du même texte.

L'analyse HTML seule ne comprend rien : elle dit ce que coûte, au moins, de parcourir le fichier.
"""

import os
from pathlib import Path

from tests.charge import RACINE, RAPPORT, chronometrer, preparer_django

TOURS = 7


def document() -> tuple[Path, str]:
    """Rend le document de référence s'il est là (PARVIS_REFERENCE), sinon son jumeau des tests."""
    dossier = Path(os.environ.get("PARVIS_REFERENCE") or RACINE.parent / "shared") / "document"
    fichiers = sorted(dossier.glob("*.txt"))
    if fichiers:
        return fichiers[0], "le document de référence"
    jumeaux = sorted((RACINE / "tests" / "fabriques" / "contrats").glob("*.txt"))
    if not jumeaux:
        raise SystemExit("Aucun document à lire : donnez son dossier dans PARVIS_REFERENCE.")
    return max(jumeaux, key=lambda fichier: fichier.stat().st_size), "notre document d'essai"


def main() -> None:
    preparer_django()
    from html.parser import HTMLParser

    from selectolax.lexbor import LexborHTMLParser

    from parvis.cadre.importation.lecteur import lire
    from parvis.socle.rapport import ecrire_section, machine, tableau

    fichier, lequel = document()
    texte = fichier.read_text(encoding="utf-8")

    def html_de_python() -> None:
        lecteur = HTMLParser()
        lecteur.feed(texte)
        lecteur.close()

    mesures = {
        "notre lecteur : du fichier aux fiches, anomalies comprises": lambda: lire(fichier),
        "analyse HTML seule, `html.parser` de Python": html_de_python,
        "analyse HTML seule, selectolax (borne basse)": lambda: LexborHTMLParser(texte).text(),
    }
    durees = {nom: chronometrer(faire, TOURS) for nom, faire in mesures.items()}
    base = durees["analyse HTML seule, `html.parser` de Python"]
    lignes = [
        [nom, duree, f"× {duree / base:.1f}".replace(".", ",")] for nom, duree in durees.items()
    ]
    lu = lire(fichier)
    intro = (
        f"{machine()}. Sur {lequel} : {len(texte) / 1024:.0f} ko, {len(texte.splitlines())} lignes, "
        f"{len(lu.enjeux)} enjeux, {len(lu.fiches)} fiches. Médiane de {TOURS} tours. Budget : 1 s."
    )
    rapport = f"{intro}\n\n{tableau(['lecture', 'médiane (ms)', 'rapport'], lignes)}"
    ecrire_section(RAPPORT, "lecture", rapport)
    print(rapport)


if __name__ == "__main__":
    main()
