"""Le document d'une édition : ses parties, ses octets, son accessibilité, ce qu'il coûte."""

import ctypes
import io
import re
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from parvis.cadre import enums
from parvis.cadre.document.description import Grille, Tableau, Titre
from parvis.cadre.document.docx import ecrire_docx
from parvis.cadre.document.pdf import ecrire_pdf
from parvis.cadre.document.vocabulaire import COLONNES
from parvis.cadre.importation.lexique import charger_lexique
from parvis.cadre.importation.structure import Mots
from parvis.cadre.models import VersionDeFiche
from parvis.cadre.queries.document import document_d_une_fiche, document_entier
from parvis.comptes.acteur import Acteur
from parvis.territoires.enums import Echelle
from tests.fabriques.cadre import avec_fiche, contrat_de, contrat_publie, fiche, petit_contrat

ANONYME = Acteur.anonyme()
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PIEGE = '#panic("x") $x$ *gras* <a> & "b" \\ // [c](d) @e `f` {{ g }} 🌳'


def _entier(**autres):
    return document_entier(ANONYME, contrat_publie(lu_=petit_contrat(**autres)))


def _rubriques(document):
    grilles = [p for p in document.parties if isinstance(p, Grille) and p.entete]
    return {rubrique.libelle: rubrique.contenu for rubrique in grilles[0].rubriques}


def _xml(octets, piece="word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return etree.fromstring(archive.read(piece))


@pytest.mark.django_db
def test_les_niveaux_prennent_les_mots_du_contrat():
    titres = [t.texte for t in _entier(mots=Mots("axe", "objectif", "action")).titres]
    assert titres[:4] == [
        "Préambule",
        "Axe 1 : Vivre ensemble",
        "Objectif n° 1 : Verdir les quartiers",
        "Action n° 1-1 : Ouvrir des jardins partagés 1-1",
    ]
    assert titres[-2:] == ["Index des partenaires", "Index des dispositifs"]


@pytest.mark.django_db
def test_une_fiche_dit_ses_financeurs_leur_degre_et_leur_condition():
    financeurs = _rubriques(_entier())["Partenaires financeurs"]
    assert [c.intitule for c in financeurs.colonnes] == ["Partenaire", "Condition", "Degré"]
    assert financeurs.lignes == (
        ("Communes", "–", "Possible"),
        ("Caisse d'allocations familiales", "projets familiaux", "Confirmé"),
    )


@pytest.mark.django_db
def test_une_rubrique_attendue_et_vide_le_dit():
    document = _entier(piliers=contrat_de(1).piliers)
    assert isinstance(_rubriques(document)["Dispositifs mobilisables"], Tableau)
    vide = avec_fiche(contrat_de(1), fiche("1-1", dispositifs=(), financeurs=()))
    rubriques = _rubriques(document_entier(ANONYME, contrat_publie("autre", vide)))
    assert rubriques["Dispositifs mobilisables"] == "Néant"
    assert rubriques["Partenaires financeurs"] == "Néant"


@pytest.mark.django_db
def test_le_document_d_une_fiche_dit_sa_place_et_elle_seule():
    document = document_d_une_fiche(ANONYME, contrat_publie(), "1-2")
    assert [t.texte.split(" :")[0] for t in document.titres] == [
        "Pilier 1",
        "Enjeu n° 1",
        "Fiche n° 1-2",
    ]
    with pytest.raises(VersionDeFiche.DoesNotExist):
        document_d_une_fiche(ANONYME, contrat_publie("autre"), "9-9")


@pytest.mark.django_db
def test_le_nombre_de_requetes_ne_depend_pas_des_fiches():
    comptes = []
    for nombre in (1, 9):
        edition = contrat_publie(f"de-{nombre}", contrat_de(nombre))
        with CaptureQueriesContext(connection) as requetes:
            document_entier(ANONYME, edition)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] <= 14


def test_le_vocabulaire_du_document_est_celui_du_lecteur():
    tableaux = charger_lexique("rubriques")["tableaux"]
    assert {code: set(colonnes) for code, colonnes in tableaux.items()} == {
        code: set(colonnes) for code, colonnes in COLONNES.items()
    }
    valeurs = charger_lexique("rubriques")["valeurs"]
    for nom, liste in (
        ("degres_de_partenaire", enums.DegreDePartenaire),
        ("degres_de_dispositif", enums.DegreDeDispositif),
        ("lieux", enums.TypeDeLieu),
        ("renvois", enums.NatureDeRenvoi),
        ("echelles", Echelle),
    ):
        labels = {valeur: label.replace("’", "'") for valeur, label in liste.choices}
        assert valeurs[nom] == labels, nom


@pytest.mark.django_db
@pytest.mark.parametrize("ecrire", [ecrire_docx, ecrire_pdf])
def test_le_meme_document_donne_les_memes_octets(ecrire):
    edition = contrat_publie()
    assert ecrire(document_entier(ANONYME, edition)) == ecrire(document_entier(ANONYME, edition))


@pytest.mark.django_db
def test_le_word_a_de_vrais_titres_une_langue_et_des_en_tetes_repetes():
    octets = ecrire_docx(_entier())
    corps = _xml(octets)
    styles = [s.get(f"{W}val") for s in corps.iter(f"{W}pStyle")]
    assert {"Title", "TOCHeading", "TOC1", "TOC3", "Heading1", "Heading2", "Heading3"} <= set(
        styles
    )
    assert "TOC \\o" in "".join(i.text for i in corps.iter(f"{W}instrText"))
    assert len(list(corps.iter(f"{W}tblHeader"))) == 7  # trois fiches, quatre annexes
    assert all(t.get(f"{W}val") for t in corps.iter(f"{W}tblCaption"))
    assert _xml(octets, "word/styles.xml").find(f".//{W}lang").get(f"{W}val") == "fr-FR"
    lu = docx.Document(io.BytesIO(octets))
    assert lu.core_properties.title == "Contrat de ville du Val-des-Tilleuls"
    assert lu.core_properties.language == "fr-FR"
    assert "Édition de juin 2015" in lu.sections[0].header.paragraphs[0].text
    signets = {b.get(f"{W}name") for b in corps.iter(f"{W}bookmarkStart")}
    liens = {lien.get(f"{W}anchor") for lien in corps.iter(f"{W}hyperlink")}
    assert liens == signets


@pytest.mark.django_db
def test_chaque_rangee_du_word_couvre_toute_la_grille():
    for tableau in _xml(ecrire_docx(_entier())).iter(f"{W}tbl"):
        colonnes = len(tableau.findall(f"{W}tblGrid/{W}gridCol"))
        for rangee in tableau.iter(f"{W}tr"):
            portees = [
                int(c.get(f"{W}val"))
                if (c := cellule.find(f"{W}tcPr/{W}gridSpan")) is not None
                else 1
                for cellule in rangee.iter(f"{W}tc")
            ]
            assert sum(portees) == colonnes


@pytest.mark.django_db
def test_le_pdf_est_balise_titre_et_francais():
    pdf = pypdfium2.PdfDocument(ecrire_pdf(_entier()))
    assert pdfium.FPDFCatalog_IsTagged(pdf.raw)
    tampon = (ctypes.c_ushort * 32)()
    longueur = pdfium.FPDFCatalog_GetLanguage(pdf.raw, tampon, ctypes.sizeof(tampon))
    assert bytes(tampon)[: longueur - 2].decode("utf-16-le") == "fr-FR"
    assert pdf.get_metadata_dict()["Title"] == "Contrat de ville du Val-des-Tilleuls"
    sommaire = [signet.get_title() for signet in pdf.get_toc()]
    assert sommaire[0] == "Préambule"
    texte = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert f"Page 2 sur {len(pdf)}" in texte


@pytest.mark.django_db
@pytest.mark.parametrize("ecrire", [ecrire_docx, ecrire_pdf])
def test_un_texte_piege_reste_un_texte(ecrire):
    piege = fiche("1-1", titre=PIEGE, descriptif=f"{PIEGE}\n\n- {PIEGE}")
    contrat = replace(avec_fiche(petit_contrat(), piege), preambule=PIEGE)
    octets = ecrire(document_entier(ANONYME, contrat_publie(lu_=contrat)))
    if ecrire is ecrire_pdf:
        pages = pypdfium2.PdfDocument(octets)
        texte = " ".join(page.get_textpage().get_text_range() for page in pages)
    else:
        texte = " ".join(t.text or "" for t in _xml(octets).iter(f"{W}t"))
    assert re.sub(r"\s+", "", PIEGE.removesuffix("🌳")) in re.sub(r"\s+", "", texte)


@pytest.mark.django_db
def test_aucun_titre_ne_saute_un_niveau():
    niveaux = [p.niveau for p in _entier().parties if isinstance(p, Titre)]
    assert all(apres - avant <= 1 for avant, apres in pairwise(niveaux))
