"""Cinq contrats d'autres structures, lus sans toucher au code ; vérités écrites à la main."""

from dataclasses import replace
from pathlib import Path

import pytest

from parvis.cadre.importation.evaluation import charger_verite, evaluer
from parvis.cadre.importation.formats.docx import lire_docx
from parvis.cadre.importation.formats.ouverture import ouvrir
from parvis.cadre.importation.lecteur import lire, lire_pivot
from parvis.cadre.importation.structure import ContratLu, Mots
from tests.cadre.importation.conftest import CONTRATS
from tests.fabriques.impression_docx import Aspect, imprimer

AUTRES = {
    "pays-de-lorme.md": Mots("axe", "objectif", "action"),
    "bassin-de-sauvelle.html": Mots("pilier", "orientation", "fiche"),
    "rives-de-belane.txt": Mots("volet", "orientation", "fiche"),
    "plan-d-actions-de-montclerc.csv": Mots("axe", "objectif", "action"),
    "vallee-de-l-aubance.txt": Mots("thématique", "priorité", "fiche"),
}
# Le rappel le plus bas admis de chaque champ, tous contrats confondus : ce qui est mesuré
# aujourd'hui, arrondi en dessous. Une lecture moins bonne fait échouer.
PLANCHERS = {
    "financeurs": (0.97, 0.99),
    "operateurs": (0.97, 0.98),
    "dispositifs": (0.98, 0.96),
    "dispositifs, avec leur responsable": (0.98, 0.96),
    "types d'action en liste": (0.97, 0.94),
    "types d'action en prose": (0.95, 0.75),
}
TITRES = ("piliers", "enjeux", "fiches : numéros", "fiches : titres")


@pytest.fixture(params=AUTRES)
def nom(request) -> str:
    return request.param


def _verite(nom: str) -> dict:
    return charger_verite((CONTRATS / nom).with_suffix(".verite.json"))


def test_niveaux_numeros_et_titres_sont_ceux_du_document(nom):
    mesures = {m.champ: m for m in evaluer(lire(CONTRATS / nom), _verite(nom))}
    for champ in TITRES:
        assert (mesures[champ].manques, mesures[champ].en_trop) == ([], []), champ


def test_titre_territoire_et_periode(nom):
    for mesure in evaluer(lire(CONTRATS / nom), _verite(nom)):
        if mesure.champ.startswith("en-tête"):
            assert mesure.manques == []


def test_le_contrat_garde_ses_mots(nom):
    assert lire(CONTRATS / nom).mots == AUTRES[nom]


def test_precision_et_rappel_des_champs():
    sommes: dict[str, list[int]] = {}
    for nom in AUTRES:
        for m in evaluer(lire(CONTRATS / nom), _verite(nom)):
            total = sommes.setdefault(m.champ, [0, 0, 0])
            for rang, nombre in enumerate((m.justes, m.lus, m.attendus)):
                total[rang] += nombre
    for champ, (precision, rappel) in PLANCHERS.items():
        justes, lus, attendus = sommes[champ]
        assert justes / lus >= precision, (champ, justes, lus)
        assert justes / attendus >= rappel, (champ, justes, attendus)


def test_publics_calendrier_et_indicateurs_sont_gardes(nom):
    """Une rubrique que Parvis n'analyse pas garde son texte entier."""
    lues = {f.numero: f for f in lire(CONTRATS / nom).fiches}
    codes = {"publics_imprimes": "publics_vises", "calendrier": "calendrier"}
    for pilier in _verite(nom)["piliers"]:
        for fiche in (f for e in pilier["enjeux"] for f in e["fiches"]):
            textes = {r.code: r.texte for r in lues[fiche["numero"]].rubriques}
            for champ, code in codes.items():
                if fiche.get(champ):
                    assert fiche[champ].rstrip(".") in textes[code]
            for indicateur in fiche.get("indicateurs", []):
                assert indicateur.rstrip(".") in textes["indicateurs"]


@pytest.mark.parametrize("styles", [True, False])
def test_imprime_en_word_il_se_relit_pareil(nom, styles, tmp_path):
    pivot = ouvrir(CONTRATS / nom)
    aspect = Aspect(titres_en_styles=styles)
    chemin = imprimer("\n".join(pivot.lignes), tmp_path / "contrat.docx", aspect)
    assert _sans_lignes(lire_pivot(lire_docx(chemin))) == _sans_lignes(lire_pivot(pivot))


def _sans_lignes(contrat: ContratLu) -> list:
    """Rend ce que disent les fiches, sans les numéros de ligne."""

    def nus(objets):
        return [replace(objet, ligne=None) for objet in objets]

    return [
        (
            (p.titre, e.numero, e.titre, f.numero, f.titre, f.descriptif),
            *(nus(champ) for champ in (f.types_d_action, f.financeurs, f.operateurs)),
            *(nus(champ) for champ in (f.dispositifs, f.rubriques)),
        )
        for p in contrat.piliers
        for e in p.enjeux
        for f in e.fiches
    ]


def test_un_contrat_d_une_autre_structure_ne_depend_pas_de_son_nom_de_fichier(tmp_path):
    copie = Path(tmp_path / "sans-suffixe")
    copie.write_bytes((CONTRATS / "bassin-de-sauvelle.html").read_bytes())
    assert len(lire(copie).fiches) == 10
