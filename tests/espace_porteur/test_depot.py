"""Vérifier, déposer, garder le récépissé, relire et retirer un dossier, à l'écran."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.enums import Guichet
from parvis.dossiers.models import Demande, VersionDeposee
from parvis.dossiers.queries.dossiers import version_courante
from parvis.socle.templatetags.socle import a_la_seconde
from tests.decors import decor
from tests.espace_porteur.conftest import Site, lire
from tests.fabriques import depots

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reserve(tmp_path, settings):
    settings.MEDIA_ROOT, settings.ANTIVIRUS = tmp_path / "fichiers", ""


@decor
def ici(lieux, contrat):
    return depots.lieux(lieux, contrat)


@decor
def pret(ici):
    return depots.pret(ici)


def arriver(instant):
    """Fait arriver les requêtes à cet instant."""
    horloge = mock.Mock(now=lambda: instant)
    return mock.patch("parvis.socle.middleware.timezone", horloge)


def test_un_brouillon_incomplet_dit_combien_il_reste_et_ou(ici, site):
    dossier = depots.brouillon(ici)
    page = lire(site.get("verifier", dossier.pk))
    assert "Il reste 11 choses avant de déposer" in page
    piece = reverse("espace_porteur:section", args=("tilleuls", dossier.pk, "pieces"))
    assert f'href="{piece}#piece-statuts"' in page
    signature = reverse("espace_porteur:section", args=("tilleuls", dossier.pk, "attestations"))
    assert f'href="{signature}#attestation-engagement_republicain"' in page
    assert "Loi n° 2000-321, article 10-1" in page
    assert "Déposer le dossier" not in page
    # Ce qui avertit est à part, et se lit en entier.
    a_savoir = page.partition("À savoir, sans que cela empêche de déposer")[2]
    assert "Siret" in a_savoir and "IBAN" in a_savoir
    assert site.get("deposer", dossier.pk).status_code == 302


def test_un_champ_vide_mene_a_sa_case(ici, site):
    dossier = depots.brouillon(ici)
    depots.ecrire(ici.porte, dossier, "projet", {"titre": "Le verger"})
    depots.ecrire(ici.porte, dossier, "indicateurs", [{"nom": "Familles"}])
    page = lire(site.get("verifier", dossier.pk))
    for section, ancre in (("projet", "id_resume"), ("indicateurs", "id_l-0-cible")):
        adresse = reverse("espace_porteur:section", args=("tilleuls", dossier.pk, section))
        assert f'href="{adresse}#{ancre}"' in page
        # L'ancre existe dans la page où elle mène.
        assert f'id="{ancre}"' in site.client.get(adresse).content.decode()


def test_un_dossier_pret_montre_ce_qui_part(site, pret, ici):
    page = lire(site.get("verifier", pret.pk))
    assert "Il ne manque plus rien" in page and "Déposer le dossier" in page
    page = lire(site.get("deposer", pret.pk))
    for attendu in (
        "Caisse des Tilleuls",
        "2 000,00 €",
        "Commune du Val-des-Tilleuls",
        "1 000,00 €",
    ):
        assert attendu in page
    assert "Le dossier ne changera plus" in page
    assert a_la_seconde(ici.version.ferme_le).replace("\u00a0", " ") in page


def test_un_exercice_prevu_se_dit_prevu_avant_et_apres(site, pret, ici):
    prevue = pret.demandes.get(financeur=ici.caisse)
    prevue.pk, prevue.exercice, prevue.montant_demande = None, pret.exercice + 1, 1200
    prevue.save()
    page = lire(site.get("deposer", pret.pk))
    assert f"pour {pret.exercice + 1}, prévu, Politique de la ville" in page
    assert f"pour {pret.exercice}, Politique de la ville" in page
    site.post("deposer", pret.pk)
    dit = (
        f"pour {pret.exercice} (Politique de la ville) ; 1 200,00 € pour {pret.exercice + 1}, prévu"
    )
    assert dit in lire(site.get("recepisses", pret.pk))
    textes = [c.texte for c in Courriel.objects.filter(objet__contains="Caisse")]
    assert textes and all(f"pour {pret.exercice + 1}, prévu" in texte for texte in textes)


def test_ce_qui_ne_part_pas_d_ici_se_dit_par_financeur_et_par_exercice(site, pret):
    for rang, annees in enumerate((0, 1)):
        Demande.objects.create(
            dossier=pret,
            exercice=pret.exercice + annees,
            rang=8 + rang,
            financeur_nom="CAF",
            guichet=Guichet.AILLEURS,
            lien="https://caf.example/aides",
            montant_demande=200,
        )
    dit = f"CAF (200 € pour {pret.exercice} ; 200 € pour {pret.exercice + 1}, prévu)"
    page = lire(site.get("deposer", pret.pk))
    assert f"{dit}. Ces demandes se font" in page and page.count("CAF") == 1
    site.post("deposer", pret.pk)
    page = lire(site.get("recepisses", pret.pk))
    assert f"{dit}, <a" in page and page.count("https://caf.example/aides") == 1


def test_le_releve_bancaire_ne_compte_pas_parmi_les_fichiers_qui_partent(site, pret):
    assert pret.pieces.filter(cle="rib").count() == 1
    lus = pret.pieces.count() - 1
    assert f"{lus} fichiers et vos attestations" in lire(site.get("deposer", pret.pk))


def test_deposer_mene_au_recepisse_et_le_refaire_aussi(site, pret):
    arrivees = {site.post("deposer", pret.pk).headers["Location"] for _ in range(2)}
    assert arrivees == {reverse("espace_porteur:recepisses", args=("tilleuls", pret.pk))}
    assert VersionDeposee.objects.count() == 1
    depose = depots.relire(pret)
    page = lire(site.get("recepisses", pret.pk))
    assert "Déposé" in page and depose.reference in page
    assert a_la_seconde(depose.depose_le).replace("\u00a0", " ") in page
    for vers in ("verifier", "deposer"):
        assert site.get(vers, pret.pk).headers["Location"] in arrivees


def test_qui_signe_sans_etre_le_representant_est_mene_au_pouvoir(ici, site, pret):
    adresse = reverse("espace_porteur:section", args=("tilleuls", pret.pk, "pieces"))
    for nom in ("attestations", "verifier"):
        page = lire(site.get(nom, pret.pk))
        assert f'href="{adresse}#piece-pouvoir"' in page
        assert "le représentant légal écrit est Lucie Bardet : joignez le pouvoir" in page
    depots.deposer(ici, pret)
    assert "le représentant légal écrit" not in lire(site.get("attestations", pret.pk))


def test_c_est_l_heure_d_arrivee_qui_compte(site, pret, ici):
    """L'envoi arrive à la dernière seconde : le temps de le traiter ne compte pas."""
    juste = ici.version.ferme_le + timedelta(microseconds=900_000)
    with arriver(juste):
        assert site.post("deposer", pret.pk).status_code == 302
    assert depots.relire(pret).depose_le == juste


def test_trop_tard_se_dit_avec_les_deux_heures_et_garde_tout(site, pret, ici):
    tard = ici.version.ferme_le + timedelta(seconds=2)
    with arriver(tard):
        reponse = site.post("deposer", pret.pk)
    assert reponse.status_code == 422
    page = lire(reponse)
    assert "Le dossier n’est pas déposé" in page and "Votre brouillon est intact" in page
    for heure in (tard, ici.version.ferme_le):
        assert a_la_seconde(heure).replace("\u00a0", " ") in page
    assert depots.relire(pret).est_un_brouillon
    # Une fois close, la page ne propose plus de déposer.
    with arriver(tard):
        page = lire(site.get("verifier", pret.pk))
        assert "Déposer le dossier" not in page and "L’appel a fermé" in page
        assert site.get("deposer", pret.pk).status_code == 302


@pytest.mark.parametrize("qui", ["contributeur", "lecteur"])
def test_qui_ne_depose_pas_sait_a_qui_le_dire(comme, pret, qui):
    autre: Site = comme(qui)
    page = lire(autre.get("verifier", pret.pk))
    assert "Un gestionnaire ou un signataire de l’organisme dépose" in page
    assert "Gestionnaire Essai" in page and "Signataire Essai" in page
    reponse = autre.post("deposer", pret.pk)
    assert reponse.status_code == 422 and "prévenez-le" in lire(reponse)
    assert depots.relire(pret).est_un_brouillon


def test_un_dossier_d_ailleurs_n_existe_pas(comme, pret):
    for nom in ("verifier", "deposer", "recepisses", "depose", "pieces", "attestations"):
        assert comme("meuniere").get(nom, pret.pk).status_code == 404
        assert comme("pilote").get(nom, pret.pk).status_code == 404


def test_signer_une_par_une_puis_toutes(ici, site):
    dossier = depots.brouillon(ici)
    depots.joindre_tout(ici.porte, dossier)
    reponse = site.post("attestations", dossier.pk, fonction="Présidente")
    assert reponse.status_code == 422 and "Cochez au moins une attestation" in lire(reponse)
    sans_fonction = site.post("attestations", dossier.pk, code="exactitude", fonction="")
    assert "Dites à quel titre vous signez" in lire(sans_fonction)
    assert 'value="exactitude" checked' in lire(sans_fonction)
    site.post("attestations", dossier.pk, code="exactitude", fonction="Présidente")
    page = lire(site.get("attestations", dossier.pk))
    assert "Signée par <strong>Gestionnaire Essai</strong>, Présidente" in page
    champs = {"fonction": "Présidente", "tout": "oui", "precision-aides_publiques": "au_plus"}
    site.post("attestations", dossier.pk, **champs)
    page = lire(site.get("attestations", dossier.pk))
    assert "Tout est signé" in page and "de 500 000 € au plus" in page
    depots.ecrire(ici.porte, dossier, "moyens", {"materiels": "Rien.", "humains": "Nous."})
    page = lire(site.get("attestations", dossier.pk))
    assert page.count("À signer de nouveau") == 4
    assert "signée avant les derniers changements : signez de nouveau" in page


def test_qui_ne_signe_pas_lit_les_textes_et_qui_prevenir(ici, comme):
    dossier = depots.brouillon(ici)
    page = lire(comme("contributeur").get("attestations", dossier.pk))
    assert "Ce n’est pas vous qui signez" in page and "Signataire Essai, signataire" in page
    assert "J’ai lu, et je certifie" not in page
    reponse = comme("contributeur").post("attestations", dossier.pk, tout="oui", fonction="Moi")
    assert reponse.status_code == 422 and not dossier.attestations.exists()


def test_ce_qui_est_depose_se_relit_tel_quel(site, pret, comme):
    site.post("deposer", pret.pk)
    pret.projet.porteur.nom = "Un nom d’après"
    pret.projet.porteur.save()
    page = lire(site.get("depose", pret.pk))
    for attendu in (
        *("Les Amis du Verger", "Six samedis de plantation.", "École du Moulin", "4 000,00 €"),
        *("Ouvrir des jardins partagés 1-1", "statuts.pdf", "de 500 000 € au plus", "Présidente"),
    ):
        assert attendu in page
    rib = pret.pieces.get(cle="rib").fichier.identifiant
    adresse = reverse("espace_porteur:fichier_depose", args=("tilleuls", pret.pk, rib))
    assert adresse in page
    assert adresse not in lire(comme("contributeur").get("depose", pret.pk))
    assert site.get("version_deposee", pret.pk, 2).status_code == 404


def test_le_recepisse_s_emporte_en_pdf(site, pret, ici):
    site.post("deposer", pret.pk)
    reponse = site.get("recepisse", pret.pk, 1, ici.caisse.pk)
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert "attachment" in reponse.headers["Content-Disposition"]
    assert reponse.content.startswith(b"%PDF-")


def test_retirer_demande_pourquoi_puis_le_montre(site, pret, comme):
    site.post("deposer", pret.pk)
    assert comme("contributeur").get("retirer", pret.pk).status_code == 404
    assert site.post("retirer", pret.pk, motif="").status_code == 422
    assert site.post("retirer", pret.pk, motif="…").status_code == 422
    site.post("retirer", pret.pk, motif="La salle a fermé.")
    page = lire(site.get("recepisses", pret.pk))
    assert "Retiré le" in page and "La salle a fermé." in page and "Retirer ce dossier" not in page
    assert site.get("retirer", pret.pk).status_code == 302


def test_les_pages_coutent_toujours_autant(ici, site, pret):
    couts = []
    site.get("verifier", pret.pk)
    for _ in range(2):
        with CaptureQueriesContext(connection) as requetes:
            site.get("verifier", pret.pk)
        couts.append(len(requetes))
        depots.ecrire(ici.porte, pret, "partenaires", [{"nom": f"P{r}"} for r in range(40)])
        depots.ecrire(ici.porte, pret, "indicateurs", [{"nom": f"I{r}"} for r in range(40)])
    assert len(set(couts)) == 1


def test_la_version_qui_compte_est_la_derniere(ici, site, pret):
    assert version_courante(ici.porte, pret.appel) == ici.version
    with arriver(timezone.now()):
        assert "avant la clôture" in lire(site.get("verifier", pret.pk))
