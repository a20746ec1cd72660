"""Composer le PDF d'un dossier : un ordinaire, puis le plus long que les limites de saisie permettent.

La comparaison est le même gabarit sans données : ce que coûtent, au moins, un processus et une page.
"""

from datetime import UTC, datetime
from typing import Any

from tests.charge import RAPPORT, chronometrer, preparer_django

TOURS = 7
QUAND = datetime(2026, 11, 27, tzinfo=UTC)
MOTS = "Un verger au pied de l’immeuble, planté avec les voisins, tous les samedis. "


def _contenu(signes: int, lignes: int) -> dict[str, Any]:
    """Rend un dossier figé : `signes` dans chacun de ses textes longs, `lignes` de budget."""
    from parvis.dossiers.sections.declaration import Section
    from parvis.dossiers.sections.figee import figer
    from parvis.dossiers.sections.jugement import Reperes
    from parvis.dossiers.sections.table import sections_du_dossier

    def valeur(section: Section) -> Any:
        if section.code == "budget":
            tapees = [
                {"compte": "601", "libelle": f"Achat {rang}", "saisie": "12*2*25"}
                for rang in range(lignes)
            ]
            return {"exercices": {"2026": {"lignes": tapees}}}
        dits = {
            champ.code: (MOTS * (signes // len(MOTS) + 1))[:signes]
            if champ.sorte == "texte"
            else "40"
            for champ in section.champs
        }
        return [dits] * 3 if section.est_liste else dits

    reperes = Reperes(annees=(2026,))
    sections = [s for s in sections_du_dossier("association").values() if s.champs]
    sections.append(sections_du_dossier("association")["budget"])
    return {
        "projet": {"titre": "Le verger du pied d’immeuble"},
        "contrat": "Contrat de ville",
        "appel": {"titre": "Appel à projets"},
        "exercices": [2026],
        "porteur": {"nom": "Les Amis du Verger", "nature": "association"},
        "porteuse": None,
        "sections": {
            s.code: {"titre": s.titre, "valeur": valeur(s), **figer(s, valeur(s), reperes)}
            for s in sections
        },
        "demandes": [],
        "pieces": [],
        "attestations": [],
    }


def main() -> None:
    preparer_django()
    import pypdfium2

    from parvis.dossiers.document.description import Document, en_donnees
    from parvis.dossiers.queries.dossiers_imprimes import GABARIT
    from parvis.dossiers.sections.dossier_imprime import AutourDuDossier, decrire_le_dossier
    from parvis.socle.rapport import ecrire_section, machine, tableau
    from parvis.socle.typographie import composer_un_pdf

    def composer(contenu: dict[str, Any]) -> bytes:
        titres = {code: figee["titre"] for code, figee in contenu["sections"].items()}
        autour = AutourDuDossier(titres, ["Dossier déposé."], "2026-0001")
        return composer_un_pdf(GABARIT, en_donnees(decrire_le_dossier(contenu, autour)), QUAND)

    rien = Document("Rien", "Rien", "Personne", "", [], "", [])
    mesures = {
        "une page sans rien (borne basse)": lambda: composer_un_pdf(
            GABARIT, en_donnees(rien), QUAND
        ),
        "ordinaire : 800 signes par texte, 25 lignes de budget": lambda: composer(
            _contenu(800, 25)
        ),
        "long : 6 000 signes par texte, 100 lignes": lambda: composer(_contenu(6_000, 100)),
        "le plus long gardé : 100 000 signes par texte, 300 lignes": lambda: composer(
            _contenu(100_000, 300)
        ),
    }
    lignes = []
    for nom, faire in mesures.items():
        octets = faire()
        pages = len(pypdfium2.PdfDocument(octets))
        duree = f"{chronometrer(faire, TOURS):.0f}"
        lignes.append([nom, str(pages), f"{len(octets) / 1024:.0f}", duree])
    intro = (
        f"{machine()}. Une association, dans un autre processus, PDF/UA-1. Médiane de {TOURS} tours, "
        "description comprise, lecture en base non comprise (une requête pour un dossier déposé)."
    )
    rapport = f"{intro}\n\n{tableau(['dossier', 'pages', 'poids (ko)', 'médiane (ms)'], lignes)}"
    ecrire_section(RAPPORT, "dossiers-imprimes", rapport)
    print(rapport)


if __name__ == "__main__":
    main()
