"""La page des pièces : joindre plusieurs fichiers, en refuser un sans perdre les autres, reprendre."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis.connecteurs.antivirus import faux_serveur
from parvis.documents.rules.depot import TAILLE_MAX
from parvis.dossiers.rules.depot import FICHIERS_PAR_PIECE
from tests.decors import decor
from tests.espace_porteur.conftest import lire
from tests.fabriques import depots, fichiers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reserve(tmp_path, settings):
    settings.MEDIA_ROOT, settings.ANTIVIRUS = tmp_path / "fichiers", ""


@decor
def ici(lieux, contrat):
    return depots.lieux(lieux, contrat)


@decor
def dossier(ici):
    return depots.brouillon(ici)


def fichier(nom="statuts.pdf", octets=b""):
    return SimpleUploadedFile(nom, octets or fichiers.pdf(queue=f"%{nom}"))


def test_la_page_dit_ce_qu_il_faut_et_ce_qui_manque(site, dossier):
    page = lire(site.get("pieces", dossier.pk))
    assert "Il en manque 7 sur 7 pour déposer." in page
    for attendu in ("Statuts", "La version en vigueur", "Vaut 12 mois", "Pouvoir de qui signe"):
        assert attendu in page
    assert "10 Mo au plus" in page and 'accept=".pdf' in page
    assert page.index("Il les faut pour déposer") < page.index("Si vous les avez")


def test_joindre_deux_fichiers_d_un_coup_sans_javascript(site, dossier):
    envoyes = [fichier("page-1.pdf"), fichier("photo.jpg", fichiers.image())]
    reponse = site.post("pieces", dossier.pk, cle="statuts", fichiers=envoyes)
    assert reponse.headers["Location"].endswith("/pieces/#piece-statuts")
    page = lire(site.get("pieces", dossier.pk))
    assert "page-1.pdf" in page and "photo.jpg" in page and "2 fichiers joints" in page
    assert "Il en manque 6 sur 7" in page


REFUS = {
    "archive": ("statuts.zip", fichiers.archive({"a.pdf": b"%PDF-"}), "archive ZIP"),
    "macros": ("statuts.docm", fichiers.archive(fichiers.bureau("docx")), "macros"),
    "macros cachées": (
        "statuts.docx",
        fichiers.archive(fichiers.bureau("docx", **{"word/vbaProject.bin": b"x"})),
        "macros",
    ),
    "déguisé": ("statuts.pdf", b"MZ\x90\x00" + b"0" * 64, "un programme"),
    "vide": ("statuts.pdf", b"", "vide"),
    "trop gros": ("statuts.pdf", b"%PDF-" + b"0" * TAILLE_MAX, "la limite est de 10 Mo"),
}


@pytest.mark.parametrize("cas", REFUS)
def test_un_refus_dit_quoi_faire_et_garde_les_autres(site, dossier, cas):
    nom, octets, attendu = REFUS[cas]
    mauvais = SimpleUploadedFile(nom, octets)
    envoyes = [fichier("avant.pdf"), mauvais, fichier("apres.pdf")]
    reponse = site.post("pieces", dossier.pk, cle="statuts", fichiers=envoyes)
    assert reponse.status_code == 422
    page = lire(reponse)
    assert "1 fichier refusé, 2 joints" in page and attendu in page and nom in page
    assert sorted(p.fichier.nom for p in dossier.pieces.all()) == ["apres.pdf", "avant.pdf"]


def test_l_enregistrement_a_mesure_recoit_ce_qui_est_joint_et_refuse(site, dossier):
    bon = site.post("pieces", dossier.pk, script=True, cle="statuts", fichiers=[fichier()])
    assert (bon.status_code, bon.json()) == (200, {"joints": ["statuts.pdf"], "refuses": []})
    mauvais = SimpleUploadedFile("statuts.zip", b"PK\x03\x04")
    refuse = site.post("pieces", dossier.pk, script=True, cle="statuts", fichiers=[mauvais])
    assert refuse.status_code == 422 and refuse.json()["refuses"][0]["nom"] == "statuts.zip"


def test_sans_fichier_ou_trop_de_fichiers(site, dossier):
    assert "Choisissez un fichier" in lire(site.post("pieces", dossier.pk, cle="statuts"))
    envoyes = [fichier(f"p{rang}.pdf") for rang in range(FICHIERS_PAR_PIECE + 1)]
    page = lire(site.post("pieces", dossier.pk, cle="bureau", fichiers=envoyes))
    assert "10 fichiers au plus" in page and dossier.pieces.count() == FICHIERS_PAR_PIECE
    assert site.post("pieces", dossier.pk, cle="inconnue").status_code == 404


@pytest.mark.parametrize("mode", ["panne", "vide", "arrete"])
def test_un_antivirus_en_panne_bloque_et_le_dit(site, dossier, settings, mode):
    with faux_serveur.demarre("normal" if mode == "arrete" else mode) as serveur:
        settings.ANTIVIRUS = serveur.adresse
        if mode != "arrete":
            reponse = site.post("pieces", dossier.pk, cle="statuts", fichiers=[fichier()])
    if mode == "arrete":
        reponse = site.post("pieces", dossier.pk, cle="statuts", fichiers=[fichier()])
    assert reponse.status_code == 422 and "antivirus" in lire(reponse)
    assert not dossier.pieces.exists()


def test_un_fichier_infecte_n_est_pas_garde(site, dossier, settings):
    with faux_serveur.demarre() as serveur:
        settings.ANTIVIRUS = serveur.adresse
        assert "Chaque fichier passe à l’antivirus" in lire(site.get("pieces", dossier.pk))
        infecte = fichiers.pdf(queue="%" + faux_serveur.EICAR.decode())
        reponse = site.post("pieces", dossier.pk, cle="statuts", fichiers=[fichier(octets=infecte)])
    assert "L’antivirus a trouvé" in lire(reponse) and not dossier.pieces.exists()


def test_un_fichier_s_enregistre_et_ne_s_execute_pas(site, dossier):
    site.post("pieces", dossier.pk, cle="statuts", fichiers=[fichier()])
    reponse = site.get("piece", dossier.pk, dossier.pieces.get().pk)
    assert reponse.content == fichiers.pdf(queue="%statuts.pdf")
    assert reponse.headers["Content-Disposition"] == 'attachment; filename="statuts.pdf"'
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reponse.headers["Content-Security-Policy"]


def test_reprendre_dater_retirer(site, ici, dossier):
    site.post("pieces", dossier.pk, cle="statuts", fichiers=[fichier()])
    autre = depots.brouillon(ici, titre="Un autre projet")
    page = lire(site.get("pieces", autre.pk))
    assert "Déjà donné avec le dossier" in page
    donne = dossier.pieces.get().fichier_id
    site.post("reprendre_une_piece", autre.pk, cle="statuts", fichier=donne)
    piece = autre.pieces.get()
    site.post("dater_une_piece", autre.pk, piece.pk, **{f"p{piece.pk}-fin": "2020-01-31"})
    page = lire(site.get("pieces", autre.pk))
    assert "Ne vaut plus depuis le 31 janvier 2020" in page
    site.post("dater_une_piece", autre.pk, piece.pk, **{f"p{piece.pk}-fin": "n’importe"})
    assert autre.pieces.get().valable_jusqu_au.year == 2020
    site.post("retirer_une_piece", autre.pk, piece.pk)
    assert not autre.pieces.exists() and dossier.pieces.exists()
    assert site.post("reprendre_une_piece", autre.pk, cle="statuts", fichier="x").status_code == 404


def test_le_releve_bancaire_ne_s_ouvre_qu_a_qui_signe(site, comme, dossier):
    site.post("pieces", dossier.pk, cle="rib", fichiers=[fichier("rib.pdf")])
    rib = dossier.pieces.get()
    adresse = f'href="{reverse("espace_porteur:piece", args=("tilleuls", dossier.pk, rib.pk))}"'
    assert adresse in lire(comme("signataire").get("pieces", dossier.pk))
    page = lire(comme("contributeur").get("pieces", dossier.pk))
    assert "rib.pdf" in page and adresse not in page
    assert comme("contributeur").get("piece", dossier.pk, rib.pk).status_code == 404


def test_qui_lit_voit_les_pieces_et_n_en_joint_pas(comme, dossier):
    page = lire(comme("lecteur").get("pieces", dossier.pk))
    assert "Statuts" in page and 'type="file"' not in page
    reponse = comme("lecteur").post("pieces", dossier.pk, cle="statuts", fichiers=[fichier()])
    assert reponse.status_code == 422 and "un contributeur ou un gestionnaire" in lire(reponse)
    assert not dossier.pieces.exists()


def test_depose_plus_rien_ne_se_joint(site, ici):
    dossier = depots.depose(ici)
    assert 'type="file"' not in lire(site.get("pieces", dossier.pk))
    reponse = site.post("pieces", dossier.pk, cle="statuts", fichiers=[fichier("apres.pdf")])
    assert reponse.status_code == 422 and "déposé : il ne change plus" in lire(reponse)
