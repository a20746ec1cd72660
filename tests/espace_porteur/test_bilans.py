"""Le bilan à l'écran du porteur : il s'écrit à mesure, compte pour lui, et se rend signé."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.dossiers.models import BilanAttendu
from parvis.dossiers.sections import empreinte
from parvis.evaluation.actions.recevoir import demander_un_complement_au_bilan
from parvis.evaluation.models import Bilan, PieceDeBilan
from tests.decors import decor
from tests.espace_porteur.conftest import Site, lire, mots
from tests.fabriques import bilans, fichiers
from tests.fabriques.comptes import envoi
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


@decor
def vote():
    territoire_du_contrat()
    return bilans.a_rendre()


@pytest.fixture
def site(vote):
    return Site(vote.ici.monde, "gestionnaire")


def ici(vote, *autres):
    return (vote.dossier.pk, vote.dossier.exercice, "definitif", *autres)


def lue(bilan: Bilan, section: str) -> str:
    courante = bilan.ecritures.filter(section=section, est_courante=True).first()
    return empreinte(courante.valeur) if courante else ""


def champs(site, vote, code: str) -> dict[str, str]:
    """Rend tous les champs d'une section, tels que la page les envoie."""
    page = site.get("section_du_bilan", *ici(vote, code))
    form = page.context["form"]
    return {nom: form.seul[nom].value() or "" for nom in form.seul.fields}


def test_un_bilan_se_trouve_depuis_ses_projets_et_s_ouvre(site, vote):
    page = mots(site.get("projets"))
    assert f"bilan {vote.dossier.exercice} à rendre avant le 30 juin" in page
    assert "à rendre avant le 30 juin" in mots(site.get("suivi", vote.dossier.projet_id))
    assert "Commencer" in mots(site.get("bilans", vote.dossier.pk))
    # Regarder n'ouvre rien.
    assert "Commencer le bilan" in mots(site.get("bilan", *ici(vote)))
    assert not Bilan.objects.exists()
    assert site.post("ouvrir_un_bilan", *ici(vote)).status_code == 302
    assert "pré-rempli d’après le dossier" in mots(site.get("bilan", *ici(vote)))


def test_en_retard_cela_se_dit_partout(site, vote):
    BilanAttendu.objects.update(attendu_le=timezone.localdate() - timedelta(days=3))
    assert "en retard, attendu le" in mots(site.get("projets"))
    assert "plus de temps" in mots(site.get("bilan", *ici(vote)))


def test_une_section_s_enregistre_a_mesure_et_rend_ses_totaux(site, vote):
    bilan = vote.ouvrir()
    tapes = champs(site, vote, "habitants")
    cases = [nom for nom in tapes if nom.endswith("6_11-f")]
    tapes |= {cases[0]: "12", cases[-1]: "trois", "methode": "comptees"}
    reponse = site.post("section_du_bilan", *ici(vote, "habitants"), script=True, lue="", **tapes)
    dit = reponse.json()
    assert dit["dit"].startswith("Enregistré à") and "1 point à corriger" in dit["dit"]
    assert dit["textes"]["total"] == "12" and dit["textes"]["total-f"] == "12"
    assert dit["fautes"][0][0] == f"id_{cases[-1]}"
    assert dit["champs"]["lue"] == lue(bilan, "habitants")


def test_le_budget_dit_les_ecarts_a_expliquer(site, vote):
    bilan = vote.ouvrir()
    tapes = champs(site, vote, "budget") | {"l0_realise": "2*1000", "n0_libelle": "Un camion"}
    reponse = site.post(
        "section_du_bilan", *ici(vote, "budget"), script=True, lue=lue(bilan, "budget"), **tapes
    ).json()
    assert reponse["expliquer"] == ["l0"]
    assert reponse["textes"]["ecart-l0"].replace("\u00a0", " ") == "− 2 000,00 €"
    assert reponse["fautes"] == [["id_n0_compte", "« Un camion » : choisissez un compte."]]
    # La ligne ajoutée reste, et deux autres s'offrent.
    page = site.get("section_du_bilan", *ici(vote, "budget"))
    assert len(page.context["neuves"]) == 3
    assert 'data-expliquer="l0"' in page.content.decode()


def test_l_annexe_des_comptes_s_ecrit_avec_le_budget(site, vote):
    bilan = vote.ouvrir()
    tapes = champs(site, vote, "budget") | {"indirectes": "Au prorata des heures."}
    site.post("section_du_bilan", *ici(vote, "budget"), **tapes, lue=lue(bilan, "budget"))
    assert "Au prorata des heures." in lire(site.get("section_du_bilan", *ici(vote, "budget")))


def test_sans_script_le_bouton_enregistre_et_revient(site, vote):
    vote.ouvrir()
    tapes = champs(site, vote, "recit") | {"fait": "Six samedis."}
    reponse = site.post("section_du_bilan", *ici(vote, "recit"), lue="", **tapes)
    assert reponse.status_code == 302
    assert "Six samedis." in lire(site.get("section_du_bilan", *ici(vote, "recit")))


def test_deux_personnes_se_croisent_sans_rien_perdre(site, vote):
    bilan = vote.ouvrir()
    vote.ecrire(
        bilan, "recit", {"fait": "La version d’avant."}, par=vote.ici.acteur("contributeur")
    )
    tapes = champs(site, vote, "recit") | {"fait": "La mienne."}
    for script, statut in ((True, 409), (False, 409)):
        reponse = site.post(
            "section_du_bilan", *ici(vote, "recit"), script=script, lue="ancienne", **tapes
        )
        assert reponse.status_code == statut
    page = lire(reponse)
    assert "La mienne." in page and "La version d’avant." in lire(
        site.get("section_du_bilan", *ici(vote, "recit"))
    )


def test_un_envoi_incomplet_ne_vide_rien(site, vote):
    bilan = vote.ouvrir()
    avant = lue(bilan, "realisation")
    reponse = site.post(
        "section_du_bilan", *ici(vote, "realisation"), lue=avant, issue="realise", lieux="Ici"
    )
    assert reponse.status_code == 422 and lue(bilan, "realisation") == avant


def test_un_lecteur_lit_sans_ecrire_et_garde_ce_qu_il_tapait(vote):
    vote.ecrire(vote.ouvrir(), "recit", {"fait": "Six samedis."})
    site = Site(vote.ici.monde, "lecteur")
    page = site.get("section_du_bilan", *ici(vote, "recit"))
    assert "data-enregistrer" not in page.content.decode() and "Six samedis." in lire(page)
    tapes = {"fait": "Je voulais dire ceci.", "objectifs": "", "difficultes": "", "autrement": ""}
    reponse = site.post("section_du_bilan", *ici(vote, "recit"), lue="", **tapes)
    assert reponse.status_code == 422 and "Je voulais dire ceci." in lire(reponse)


def test_une_section_disparue_le_dit_au_script(site, vote):
    vote.ouvrir()
    reponse = site.post("section_du_bilan", *ici(vote, "inconnue"), script=True, lue="")
    assert reponse.status_code == 404 and "copiez-le" in reponse.json()["dit"]


def test_tout_ce_qui_manque_mene_a_sa_place_puis_se_signe(site, vote):
    bilan = vote.ouvrir()
    page = site.get("rendre_le_bilan", *ici(vote))
    assert "budget/#id_l0_realise" in page.content.decode()
    assert 'name="certifie"' not in page.content.decode()
    vote.remplir(bilan)
    vote.verser("1500")
    page = mots(site.get("rendre_le_bilan", *ici(vote)))
    assert "Ce qui n’est pas dépensé : 0,00 €" in page and "la convention" in page
    assert "À quel titre (facultatif)" not in page
    adresse = reverse("espace_porteur:rendre_le_bilan", args=("tilleuls", *ici(vote)))

    def rendre(**champs):
        return site.client.post(adresse, envoi(site.acteur, **champs))

    refus = rendre(nom="Lucie Bardet", qualite="")
    assert refus.status_code == 422 and "Lucie Bardet" in lire(refus)
    assert "Écrivez à quel titre cette personne signe" in mots(refus)
    signe = {"nom": "Lucie Bardet", "qualite": "Présidente", "certifie": "on"}
    assert rendre(**signe).status_code == 302
    page = mots(site.get("bilan", *ici(vote)))
    assert "certifié par Lucie Bardet, Présidente" in page and "tient la plume" in page
    assert "Six samedis de plantation." in page
    # Rendu, il ne se rend plus : on y est ramené.
    assert site.get("rendre_le_bilan", *ici(vote)).status_code == 302
    pdf = site.get("bilan_imprime", *ici(vote))
    assert pdf.content[:5] == b"%PDF-"


def test_chaque_manque_mene_a_un_champ_qui_est_sur_sa_page(site, vote):
    vote.ouvrir()
    page = site.get("rendre_le_bilan", *ici(vote)).content.decode()
    liens = set(re.findall(r'href="([^"]+/bilans/[^"]+)#(id_[^"]+)"', page))
    assert {ancre for _, ancre in liens} > {"id_issue", "id_methode", "id_l0_realise"}
    for adresse, ancre in liens:
        assert f'id="{ancre}"' in site.client.get(adresse).content.decode(), ancre


def test_une_date_que_l_issue_demande_n_est_pas_dite_facultative(site, vote):
    vote.ouvrir()
    page = mots(site.get("section_du_bilan", *ici(vote, "realisation")))
    assert "Fini le (facultatif)" not in page and "Pourquoi ? (facultatif)" not in page
    assert "Où cela s’est passé (facultatif)" in page


def test_un_bilan_recu_autrement_se_lit_et_ne_s_ecrit_plus(site, vote):
    bilan = vote.ouvrir()
    vote.decharger(controle=fichiers.controle("affiche.pdf"))
    page = mots(site.get("bilans", vote.dossier.pk))
    assert "Reçu autrement" in page and "Rendu sur papier à la mairie" in page
    assert "Commencer" not in page and "Continuer" not in page
    page = mots(site.get("bilan", *ici(vote)))
    assert "Rien n’est à rendre ici" in page and "est gardé" in page
    assert site.get("fichier_recu_autrement", *ici(vote)).status_code == 200
    section = site.get("section_du_bilan", *ici(vote, "recit")).content.decode()
    assert "data-enregistrer" not in section
    refus = site.post("section_du_bilan", *ici(vote, "recit"), fait="Un texte.", lue="")
    assert refus.status_code == 422 and "Un texte." in lire(refus)
    assert not bilan.ecritures.filter(section="recit").exists()


def test_des_photos_on_revient_au_recit(site, vote):
    vote.ouvrir()
    assert "← Le récit" in mots(site.get("pieces_du_bilan", *ici(vote)))


def test_un_contributeur_sait_qui_peut_signer(vote):
    vote.remplir(vote.ouvrir())
    page = mots(Site(vote.ici.monde, "contributeur").get("rendre_le_bilan", *ici(vote)))
    assert "Votre rôle écrit le bilan" in page and "Gestionnaire Essai" in page


def test_un_complement_demande_se_lit_en_tete(site, vote):
    bilan = vote.rendu()
    demander_un_complement_au_bilan(
        par=vote.pilote, bilan=bilan, section="recit", texte="Racontez un samedi.",
        echeance=timezone.localdate() + timedelta(days=10),
    )  # fmt: skip
    page = mots(site.get("bilan", *ici(vote)))
    assert "Racontez un samedi." in page and "À compléter avant le" in page
    ferme = site.get("section_du_bilan", *ici(vote, "budget")).content.decode()
    ouvert = site.get("section_du_bilan", *ici(vote, "recit")).content.decode()
    assert "data-enregistrer" in ouvert and "data-enregistrer" not in ferme


def test_une_photo_se_joint_se_voit_et_se_retire(site, vote):
    vote.ouvrir()
    image = fichiers.image()

    def joindre(**autres):
        fichier = SimpleUploadedFile("cour.jpg", image, "image/jpeg")
        return site.post(
            "pieces_du_bilan", *ici(vote), sorte="photo", legende="La cour", fichier=fichier,
            **autres,
        )  # fmt: skip

    refus = joindre()
    assert refus.status_code == 422 and "accord des personnes" in lire(refus)
    assert joindre(accords="oui").status_code == 302
    jointe = PieceDeBilan.objects.get()
    page = site.get("pieces_du_bilan", *ici(vote)).content.decode()
    assert 'alt="La cour"' in page
    assert site.get("piece_du_bilan", *ici(vote, jointe.pk)).status_code == 200
    assert site.post("retirer_du_bilan", *ici(vote, jointe.pk)).status_code == 302
    assert not PieceDeBilan.objects.exists()
    assert site.post("pieces_du_bilan", *ici(vote), sorte="photo").status_code == 422


def test_une_photo_rendue_se_voit_puis_se_retire_avec_son_motif(site, vote):
    bilan = vote.ouvrir()
    fichier = SimpleUploadedFile("cour.jpg", fichiers.image(), "image/jpeg")
    site.post("pieces_du_bilan", *ici(vote), sorte="photo", accords="oui", fichier=fichier)
    jointe = PieceDeBilan.objects.get().fichier
    vote.rendre(vote.remplir(bilan))
    page = site.get("bilan", *ici(vote)).content.decode()
    voir = reverse(
        "espace_porteur:fichier_du_bilan", args=("tilleuls", *ici(vote, jointe.identifiant))
    )
    retirer = f"{voir}retirer/"
    assert f'src="{voir}"' in page and f'href="{retirer}"' in page
    assert site.client.get(voir).status_code == 200
    vide = site.client.post(retirer, envoi(site.acteur, motif=""))
    assert vide.status_code == 422 and "sans nommer personne" in lire(vide)
    assert site.client.post(retirer, envoi(site.acteur, motif="Demandé.")).status_code == 302
    assert "Photo retirée le" in mots(site.get("bilan", *ici(vote)))
    assert site.client.get(voir).status_code == 404 == site.client.get(retirer).status_code
    lecteur = Site(vote.ici.monde, "lecteur").get("bilan", *ici(vote)).content.decode()
    assert "/retirer/" not in lecteur


@pytest.mark.parametrize("code", ["habitants", "budget", "indicateurs"])
def test_une_section_coute_toujours_autant(site, vote, code):
    bilan = vote.ouvrir()
    comptes = []
    for lignes in (1, 20):
        prevu = bilan.prevu
        prevu["lignes"] = [
            {"compte": "60", "libelle": f"L{r}", "montant": "10.00"} for r in range(lignes)
        ]
        prevu["lieux"] = [{"cle": f"q{r}", "nom": f"Q{r}"} for r in range(lignes)]
        prevu["indicateurs"] = [
            {"nom": f"I{r}", "unite": "", "source": "", "cible": "3"} for r in range(lignes)
        ]
        bilan.save()
        site.get("section_du_bilan", *ici(vote, code))
        with CaptureQueriesContext(connection) as faites:
            assert site.get("section_du_bilan", *ici(vote, code)).status_code == 200
        comptes.append(len(faites))
    assert comptes[0] == comptes[1]


def test_une_legende_trop_longue_se_dit_et_ne_se_perd_pas(site, vote):
    vote.ouvrir()
    legende = "Une plantation " * 20
    page = site.post(
        "pieces_du_bilan", *ici(vote), sorte="photo", legende=legende, accords="oui",
        fichier=SimpleUploadedFile("photo.jpg", fichiers.image(), "image/jpeg"),
    )  # fmt: skip
    assert page.status_code == 422
    assert "deux cents signes" in mots(page)
    assert legende.strip() in lire(page)
    assert not PieceDeBilan.objects.exists()


def test_un_definitif_rendu_n_offre_plus_d_intermediaire(site, vote):
    assert "intermédiaire" in mots(site.get("bilans", vote.dossier.pk))
    BilanAttendu.objects.update(rendu_le=timezone.localdate())
    assert "intermédiaire" not in mots(site.get("bilans", vote.dossier.pk))
    adresse = (vote.dossier.pk, vote.dossier.exercice, "intermediaire")
    assert site.get("bilan", *adresse).status_code == 404
