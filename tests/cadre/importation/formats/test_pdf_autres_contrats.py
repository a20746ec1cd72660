"""Cinq contrats d'autres structures, imprimés en PDF puis relus : mêmes niveaux, mêmes noms."""

import re
from dataclasses import asdict, replace

import pytest

from parvis.cadre.importation.formats.ouverture import ouvrir
from parvis.cadre.importation.formats.pdf import lire_pdf
from parvis.cadre.importation.formats.pivot import Pivot
from parvis.cadre.importation.lecteur import lire_pivot
from parvis.cadre.importation.structure import ContratLu
from tests.cadre.importation.conftest import CONTRATS
from tests.fabriques.impression_pdf import Allure, imprimer

NOMS = (
    "pays-de-lorme.md",
    "bassin-de-sauvelle.html",
    "rives-de-belane.txt",
    "plan-d-actions-de-montclerc.csv",
    "vallee-de-l-aubance.txt",
)
ALLURES = {
    "tracee": Allure(),
    "serree": Allure(espacement="serre", entete="Direction de la cohésion", corps="9pt"),
    "aeree": Allure(espacement="1.6em", corps="12pt"),
}
PLAN = "plan-d-actions-de-montclerc.csv"
CORPS_D_UN_PLAN = {"10pt": "8pt", "9pt": "7pt", "12pt": "8pt"}  # onze colonnes
_PIED = re.compile(r"\S.{5,60} {8,}\d{1,3}")  # un pied de page resté dans le texte


def _allure(nom: str, allure: Allure) -> Allure:
    if nom != PLAN:
        return allure
    return replace(allure, paysage=True, corps=CORPS_D_UN_PLAN[allure.corps])


@pytest.fixture(scope="module", params=[(nom, a) for nom in NOMS for a in ALLURES], ids="-".join)
def contrats(request, tmp_path_factory) -> tuple[ContratLu, ContratLu]:
    """Rend le contrat lu dans son fichier, et le même relu dans le PDF."""
    nom, allure = request.param
    # un saut de ligne s'imprime comme un paragraphe
    lignes = [
        ligne if ligne.startswith("#") else ligne.replace("<br>", "</p> <p>")
        for ligne in ouvrir(CONTRATS / nom).lignes
        if not _PIED.fullmatch(ligne)
    ]
    chemin = tmp_path_factory.mktemp("pdf") / "contrat.pdf"
    imprimer(lignes, chemin, _allure(nom, ALLURES[allure]))
    return lire_pivot(Pivot(lignes)), lire_pivot(lire_pdf(chemin))


def test_niveaux_numeros_et_titres(contrats):
    attendu, lu = map(_plan, contrats)
    assert lu == attendu


def test_titre_territoire_et_periode(contrats):
    attendu, lu = ((c.titre, c.territoire, c.periode, c.mots) for c in contrats)
    assert lu == attendu


@pytest.mark.parametrize("champ", ["financeurs", "operateurs", "dispositifs"])
def test_noms_et_dispositifs(contrats, champ):
    attendu, lu = (
        [(f.numero, _sans_place(objet)) for f in c.fiches for objet in getattr(f, champ)]
        for c in contrats
    )
    assert lu == attendu


def test_types_d_action_et_rubriques(contrats):
    attendu, lu = map(_contenu, contrats)
    assert lu == attendu


def _sans_place(objet) -> dict:
    return {c: v for c, v in asdict(objet).items() if c not in ("ligne", "confiance")}


def _plan(contrat: ContratLu) -> list:
    return [
        (p.titre, [(e.numero, e.titre, [(f.numero, f.titre) for f in e.fiches]) for e in p.enjeux])
        for p in contrat.piliers
    ]


def _contenu(contrat: ContratLu) -> list:
    return [
        (
            f.numero,
            _nu(f.descriptif),
            [_nu(t.texte) for t in f.types_d_action],
            [(r.code, r.imprime, _nu(r.texte)) for r in f.rubriques],
        )
        for f in contrat.fiches
    ]


def _nu(texte: str) -> str:
    """Rend un texte sans la marque de ses puces : l'imprimé en ajoute une à chacune."""
    return " ".join(texte.replace("- ", " ").split())
