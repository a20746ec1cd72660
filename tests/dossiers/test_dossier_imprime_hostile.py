"""Un texte fait pour casser le PDF ne le casse pas, ne s'exécute pas, et se lit ; le coût reste le même."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.dossiers.queries.dossiers_imprimes import pdf_du_porteur
from parvis.dossiers.sections.propres import LIGNES_MAX, garder_le_budget
from tests.fabriques import depots
from tests.fabriques.pdf import pages, serre, texte

pytestmark = pytest.mark.django_db

TYPST = (
    '#panic("touché") #read("/etc/passwd") #import "a.typ": * *gras* _penché_ $x^2$ @renvoi <ancre> '
    "\\u{41} `code` // commentaire /* bloc */ = Titre - liste [contenu] ~ #{1+1} https://a.example/#b"
)
HOSTILES = {
    "du code Typst": TYPST,
    "des accolades de JSON": '"}, {"genre": "titre"} \\" \\n',
    "du HTML": "<script>alert(1)</script> &amp; {{ dossier }} {% url 'x' %}",
    "de l'hébreu": "לפני עברית אחרי",
}


def _lire(ici, dossier):
    entete = "Contrat de ville du Val-des-Tilleuls"
    octets = pdf_du_porteur(ici.porte, depots.relire(dossier)).octets
    bandeau = "Brouillon, non déposé"
    return texte(octets, bandeau, bandeau, entete, "Demande de subvention (brouillon)")


def _ecrire(ici, hostile):
    dossier = depots.brouillon(ici)
    projet = depots._textes(dossier.exercice)["projet"]
    depots.ecrire(
        ici.porte, dossier, "projet", projet | {"titre": hostile[:150], "besoin": hostile}
    )
    depots.ecrire(ici.porte, dossier, "partenaires", [{"nom": hostile, "role": hostile}])
    return dossier


@pytest.mark.parametrize("nom", HOSTILES)
def test_un_texte_hostile_se_lit_tel_qu_on_l_a_tape(ici, nom):
    lu = _lire(ici, _ecrire(ici, HOSTILES[nom]))
    # Dans la section, et dans le tableau des partenaires.
    assert lu.count(serre(HOSTILES[nom])) >= 2
    assert "root:x" not in lu


@pytest.mark.parametrize(
    "hostile",
    [
        "\u202efdp.exe\u202c \u2066caché\u2069 \u200e\u200f",
        "😀 👩‍👩‍👧 🇫🇷 fin",
        "ไทย हिन्दी አማርኛ 漢字 fin",
    ],
)
def test_des_signes_renverses_ou_inconnus_ne_font_rien_tomber(ici, hostile):
    lu = _lire(ici, _ecrire(ici, hostile))
    assert "\u202e" not in lu and ("fin" in lu or "fdp.exe" in lu)


def test_cinquante_mille_signes_se_lisent_jusqu_au_dernier(ici):
    mots = [f"mot{rang:05d}" for rang in range(5_500)]
    dossier = depots.brouillon(ici)
    projet = depots._textes(dossier.exercice)["projet"]
    long = " ".join(mots)
    assert len(long) > 49_000
    depots.ecrire(ici.porte, dossier, "projet", projet | {"description": long})
    lu = _lire(ici, dossier)
    assert [mot for mot in mots if mot not in lu] == []


def test_un_mot_sans_fin_ne_sort_pas_de_la_page(ici):
    # pdfium ne lit que ce qui tient dans la page : un texte, puis deux cases côte à côte.
    lu = _lire(ici, _ecrire(ici, "ž" * 5_000))
    assert "ž" * 5_000 in lu and lu.count("ž") >= 15_000


def test_trois_cents_lignes_de_budget_y_sont_toutes(ici):
    dossier = depots.brouillon(ici)
    lignes = [
        {"compte": "601", "libelle": f"Achat{rang:03d}", "saisie": str(1000 + rang)}
        for rang in range(LIGNES_MAX)
    ]
    budget = garder_le_budget({str(dossier.exercice): {"lignes": lignes}})
    depots.ecrire(ici.porte, dossier, "budget", budget)
    lu = _lire(ici, dossier)
    assert [x for x in lignes if f"{x['libelle']}1{x['saisie'][1:]},00€" not in lu] == []
    assert serre("Total des charges, hors contributions en nature 344 850,00 €") in lu


def test_une_case_illisible_et_une_ligne_sans_compte_se_montrent(ici):
    dossier = depots.brouillon(ici)
    lignes = [
        {"compte": "601", "libelle": "Peinture", "saisie": "douze pots"},
        {"compte": "", "libelle": "Je ne sais pas", "saisie": "12*2*25"},
        {"compte": "604", "libelle": "Sans montant", "saisie": ""},
    ]
    depots.ecrire(
        ici.porte, dossier, "budget", garder_le_budget({str(dossier.exercice): {"lignes": lignes}})
    )
    lu = _lire(ici, dossier)
    for dit in (
        "Peinture Tapé : douze pots à corriger",
        "Lignes sans compte",
        "Je ne sais pas Tapé : 12*2*25 600,00 €",
        "Sans montant à corriger",
        f"Ce dossier ne demande rien pour {dossier.exercice}.",
    ):
        assert serre(dit) in lu


def test_autant_de_requetes_pour_une_ligne_que_pour_cinquante(ici, monkeypatch):
    monkeypatch.setattr(
        "parvis.dossiers.queries.dossiers_imprimes.composer_un_pdf", lambda *_: b"%PDF-"
    )
    dossier, comptes = depots.brouillon(ici), []
    for combien in (1, 3, 50):
        demandes = [
            {"financeur": str(ici.caisse.pk), "ligne": f"Ligne {rang}", "saisie": "10"}
            for rang in range(combien)
        ]
        lignes = [{"compte": "601", "libelle": "Arbres", "saisie": "10"}] * combien
        valeur = garder_le_budget({str(dossier.exercice): {"lignes": lignes, "demandes": demandes}})
        depots.ecrire(ici.porte, dossier, "budget", valeur)
        relu = depots.relire(dossier)
        with CaptureQueriesContext(connection) as requetes:
            assert pdf_du_porteur(ici.porte, relu).octets
        comptes.append(len(requetes))
    assert len(set(comptes)) == 1, comptes


def test_le_pdf_d_un_depose_ne_lit_que_sa_version(ici):
    relu = depots.relire(depots.depose(ici))
    with CaptureQueriesContext(connection) as requetes:
        assert len(pages(pdf_du_porteur(ici.porte, relu).octets)) > 1
    assert len(requetes) == 1, [requete["sql"][:80] for requete in requetes]
