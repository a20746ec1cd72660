"""Le document d'une édition, relu par le lecteur de Parvis, redonne la même édition."""

import os
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings

from parvis.cadre.actions.brouillons import preparer_un_avenant
from parvis.cadre.actions.importer import comparer_au_cadre, motifs_empechant_l_import
from parvis.cadre.contenu import contenu_lu, differences_de_fond
from parvis.cadre.document.docx import ecrire_docx
from parvis.cadre.document.pdf import ecrire_pdf
from parvis.cadre.importation.formats.ouverture import ouvrir_ici
from parvis.cadre.importation.lecteur import lire, lire_pivot
from parvis.cadre.queries.contenu import contenu
from parvis.cadre.queries.document import document_entier
from parvis.comptes.acteur import Acteur
from tests.cadre.importation.conftest import CONTRATS
from tests.fabriques.cadre import (
    MACHINE,
    avec_fiche,
    contrat_de,
    contrat_publie,
    contrat_publie_avec_tout,
    fiche,
)
from tests.fabriques.document import contrats, ecrire, edition_de
from tests.fabriques.retouches import retoucher

pytestmark = pytest.mark.django_db
RACINE = Path(__file__).parents[2]
REFERENCE = Path(os.environ.get("PARVIS_REFERENCE", RACINE.parent / "shared"))
DOCUMENTS = [
    RACINE / "donnees" / "contrats" / "seine-amont-2015-2020.yaml",
    RACINE / "donnees" / "demonstration" / "documents" / "val-de-brune-2024-2030.md",
    *sorted(
        fichier
        for fichier in (*CONTRATS.iterdir(), *(CONTRATS / "imprimes").iterdir())
        if fichier.is_file() and fichier.suffix != ".json"
    ),
]


def _ecarts(edition, chemin):
    relu = lire_pivot(ouvrir_ici(chemin))
    avant, apres = contenu(Acteur.anonyme(), edition), contenu_lu(relu)
    return relu, [(str(d), d.avant, d.apres) for d in differences_de_fond(avant, apres)]


def _document(edition):
    return document_entier(Acteur.anonyme(), edition)


def _a_importer(fichier):
    lu = lire(fichier)
    periode = lu.periode if lu.periode[0] else (2024, 2030)
    return replace(lu, periode=periode, anomalies=())


@pytest.mark.parametrize("fichier", DOCUMENTS, ids=lambda f: f.name)
def test_le_word_d_un_contrat_se_relit_sans_une_difference(fichier, tmp_path):
    edition = edition_de(_a_importer(fichier))
    chemin = ecrire(ecrire_docx(_document(edition)), tmp_path / "contrat.docx")
    relu, ecarts = _ecarts(edition, chemin)
    assert ecarts == []
    assert motifs_empechant_l_import("autre", relu) == []
    assert comparer_au_cadre(par=MACHINE, contrat=edition.contrat.code, lu=relu) == []


def test_le_document_dit_les_lieux_et_l_import_les_laisse(tmp_path):
    publiee = contrat_publie_avec_tout()
    avenant = preparer_un_avenant(par=MACHINE, edition=publiee)
    (declinaison,) = avenant.declinaisons.all()
    for code, saisie in (
        ("descriptif", {"descriptif": "Cultiver\n\n- au Pré-Joli"}),
        ("financeurs", [{"nom": "Communes"}]),
        ("rubriques", [{"imprime": "Calendrier", "texte": "À l'automne."}]),
    ):
        retoucher(MACHINE, avenant, f"declinaison-{declinaison.pk}", code, saisie)
    octets = ecrire_docx(_document(avenant))
    assert "au Pré-Joli" in str(list(_document(avenant).parties))
    relu = lire_pivot(ouvrir_ici(ecrire(octets, tmp_path / "contrat.docx")))
    assert comparer_au_cadre(par=MACHINE, contrat=publiee.contrat.code, lu=relu) == []


@pytest.mark.reference
def test_le_word_du_document_de_reference_se_relit_sans_une_difference(tmp_path):
    fichiers = sorted((REFERENCE / "document").glob("*.txt"))
    if not fichiers:
        pytest.skip("document de référence absent (PARVIS_REFERENCE)")
    edition = edition_de(_a_importer(fichiers[0]))
    chemin = ecrire(ecrire_docx(_document(edition)), tmp_path / "contrat.docx")
    assert _ecarts(edition, chemin)[1] == []


@given(contrats())
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_le_word_de_tout_contrat_se_relit_sans_une_difference(tmp_path, contrat):
    edition = edition_de(contrat)
    chemin = ecrire(ecrire_docx(_document(edition)), tmp_path / "contrat.docx")
    assert _ecarts(edition, chemin)[1] == []


def test_ce_qu_aucune_fiche_ne_dit_n_est_pas_devine(tmp_path):
    muette = fiche(
        "1-1",
        descriptif="Pour les jeunes, 300 jardins : voir l'enjeu 1.",
        **dict.fromkeys(("publics", "constats", "renvois", "lieux", "types_d_action"), ()),
    )
    edition = edition_de(avec_fiche(contrat_de(1), muette))
    chemin = ecrire(ecrire_docx(_document(edition)), tmp_path / "contrat.docx")
    assert _ecarts(edition, chemin)[1] == []


@pytest.mark.parametrize("fichier", DOCUMENTS, ids=lambda f: f.name)
def test_le_pdf_se_relit_presque_entier(fichier, tmp_path):
    """Une page tournée peut couper un paragraphe ou une rangée : un fait sur cent au plus en souffre."""
    edition = edition_de(_a_importer(fichier))
    chemin = ecrire(ecrire_pdf(_document(edition)), tmp_path / "contrat.pdf")
    relu, ecarts = _ecarts(edition, chemin)
    assert len(ecarts) <= len(contenu(Acteur.anonyme(), edition)) / 100, ecarts
    assert motifs_empechant_l_import("autre", relu) == []


def test_les_notes_reviennent(tmp_path):
    edition = contrat_publie()
    edition.notes = [{"numero": 1, "texte": "Une note."}, {"numero": 2, "texte": "Voir ailleurs."}]
    chemin = ecrire(ecrire_docx(_document(edition)), tmp_path / "contrat.docx")
    relu = lire(chemin)
    assert [(note.numero, note.texte) for note in relu.notes] == [
        (1, "Une note."),
        (2, "Voir ailleurs."),
    ]
    assert relu.edition == "2015-06"


def test_un_financeur_ajoute_dans_word_se_lit(tmp_path):
    """On corrige le document, on le dépose : la rangée ajoutée est un financeur, case par case."""
    chemin = ecrire(ecrire_docx(_document(contrat_publie())), tmp_path / "contrat.docx")
    document = docx.Document(chemin)
    rangee = next(
        r
        for t in document.tables
        for r in t.rows
        if {"Communes", "Possible"} <= {c.text for c in r.cells}
    )
    ajoutee = deepcopy(rangee._tr)
    rangee._tr.addnext(ajoutee)
    texte = next(t for t in ajoutee.iter(qn("w:t")) if t.text == "Communes")
    texte.text = "Banque Zorglub (pour les jardins)"
    document.save(chemin)
    noms = [p.nom for p in lire(chemin).fiches[0].financeurs]
    assert noms == [
        "Communes",
        "Banque Zorglub (pour les jardins)",
        "Caisse d'allocations familiales",
    ]
