"""Les actes à l'écran : proposés avec leurs raisons, préparés, signés, notifiés, en lot et un par un."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from parvis.conventions.models import Acte, AutreSubvention, MentionsDuService, VersionDeModele
from parvis.travaux.enums import Etat
from parvis.travaux.models import Travail
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site
from tests.espace_porteur.conftest import lire, mots
from tests.fabriques import actes, fichiers

pytestmark = pytest.mark.django_db


@decor
def ici() -> actes.Site:
    """Rend un vote de la caisse et ses mentions."""
    return actes.site()


@pytest.fixture
def site(ici):
    return Site(ici.vote.etude, "samia")


def test_une_decision_propose_ses_actes_avec_leurs_raisons(ici, site):
    decision = ici.vote.publiee("1500")
    page = site.get("preparer_les_actes", decision.pk)
    dit = mots(page)
    assert "Lettre de notification (proposé)" in dit
    assert "Le seuil n’est pas dépassé" in dit
    assert "1 500 €" in dit.replace("\u202f", " ").replace("\xa0", " ")


def test_le_circuit_page_par_page(ici, site):
    decision = ici.vote.publiee("1500")
    (propose,) = ici.proposes(decision)
    suite = site.post(
        "preparer_les_actes",
        decision.pk,
        propose=propose.cle,
        **{f"sorte-{propose.cle}": "convention"},
    )
    assert suite.status_code == 302
    acte = Acte.objects.get()
    assert acte.sorte == "convention"
    assert "Les actes attendent leur tour" in mots(site.get("actes"))
    assert "En préparation" in mots(site.get("acte", acte.pk))
    ici.compose(acte)
    assert site.get("document_d_acte", acte.pk, "pdf").status_code == 200
    signe = site.post(
        "signer_l_acte",
        acte.pk,
        signe_le=timezone.localdate().isoformat(),
        signe_par="Mme Vasseur",
        fichier=SimpleUploadedFile("signe.pdf", fichiers.pdf()),
    )
    assert signe.status_code == 302, mots(signe)
    ici.demande.refresh_from_db()
    assert ici.demande.montant_engage == 1500
    assert site.get("fichier_d_acte", acte.pk, "signe").status_code == 200
    notifie = site.post("notifier_l_acte", acte.pk, mode="plateforme")
    assert notifie.status_code == 302, mots(notifie)
    assert "Notifié" in mots(site.get("acte", acte.pk))


def test_la_fin_d_un_lot_ne_recharge_pas_la_page_qui_le_suit(ici, site):
    """Seul ce qui avance se remplace ; fini, un lien relit la page, et rien d'écrit ne s'y perd."""
    acte = ici.prepare(ici.vote.publiee("1500"))
    assert site.post("composer_les_actes").status_code == 302
    page = lire(site.get("actes", etat="prepare"))
    assert "?etat=prepare" in page and "js/suivi.js" in page
    adresse = reverse("espace_financeur:actes", args=("tilleuls",)) + "?etat=prepare"
    suivi = site.client.get(adresse, headers={"HX-Request": "true"})
    assert "attendent leur tour" in mots(suivi) and "<form" not in lire(suivi)
    ici.compose(acte)
    Travail.objects.update(etat=Etat.TERMINE, termine_le=timezone.now())
    fini = site.client.get(adresse, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in fini.headers and fini.headers["HX-Retarget"] == "#composition"
    assert f'href="{adresse}"' in lire(fini) and "data-relire" in lire(fini)
    assert "Les documents sont composés" in mots(fini)


def test_le_registre_avance_les_actes_en_lot(ici, site):
    acte = ici.compose(ici.prepare(ici.vote.publiee("1500")))
    jour = timezone.localdate().isoformat()
    rien = site.post("signer_des_actes", signe_le=jour, signe_par="Mme Vasseur")
    assert rien.status_code == 422
    assert "Cochez au moins un acte" in mots(rien)
    sans_nom = site.post("signer_des_actes", acte=str(acte.pk), signe_le=jour, signe_par="")
    assert sans_nom.status_code == 422
    assert f'value="{acte.pk}"\n' in lire(sans_nom) or "checked" in lire(sans_nom)
    fait = site.post("signer_des_actes", tous="on", signe_le=jour, signe_par="Mme Vasseur")
    assert fait.status_code == 302
    fait = site.post("notifier_des_actes", acte=str(acte.pk), mode="courrier", notifie_le=jour)
    assert fait.status_code == 302
    acte.refresh_from_db()
    assert (acte.etat, acte.mode) == ("notifie", "courrier")
    page = mots(site.get("actes"))
    assert "Lettre de notification n° 2026-001" in page.replace("\xa0", " ").replace("\u202f", " ")


def test_le_registre_s_emporte_et_ses_documents_aussi(ici, site):
    ici.compose(ici.prepare(ici.vote.publiee("1500")))
    tableau = site.get("actes_tableau", "csv").content.decode("utf-8-sig")
    assert "2026-001" in tableau
    assert "1500,00" in tableau
    archive = b"".join(site.get("actes_a_imprimer").streaming_content)
    assert archive.startswith(b"PK")
    assert b"notification-2026-001" in archive
    en_word = b"".join(site.get("actes_en_word").streaming_content)
    with zipfile.ZipFile(io.BytesIO(en_word)) as lue:
        (nom,) = lue.namelist()
        assert nom.startswith("notification-2026-001") and nom.endswith(".docx")
        assert lue.read(nom).startswith(b"PK")


def test_un_texte_corrige_garde_ce_qu_il_accorde_ou_le_dit_en_rendant_la_saisie(ici, site):
    acte = ici.prepare(ici.vote.publiee("1500"))
    page = site.get("texte_d_acte", acte.pk)
    assert "le montant accordé : « 1 500,00 € »" in mots(page).replace("\xa0", " ")
    refuse = site.post("texte_d_acte", acte.pk, objet="Votre aide", texte="Nous vous aidons.")
    assert refuse.status_code == 422
    assert "Le texte ne dit plus le montant accordé" in mots(refuse)
    assert "Nous vous aidons." in lire(refuse)
    ecrit = f"Nous vous aidons.\n\n{acte.texte}"
    long = "a" * 300
    assert site.post("texte_d_acte", acte.pk, objet=f"{long}a", texte=ecrit).status_code == 422
    assert site.post("texte_d_acte", acte.pk, objet=long, texte=ecrit).status_code == 302


def test_le_porteur_ne_lit_l_acte_qu_une_fois_notifie(ici):
    acte = ici.signe()
    porteur = ici.vote.etude.ici.monde.client("gestionnaire")
    dossier = ici.vote.etude.dossier.pk
    suites = reverse("espace_porteur:suites", args=("tilleuls", dossier))
    document = reverse("espace_porteur:acte_notifie", args=("tilleuls", dossier, acte.pk))
    assert "L’acte que vous avez reçu" not in mots(porteur.get(suites))
    assert porteur.get(document).status_code == 404
    ici.notifier([acte])
    assert "L’acte que vous avez reçu" in mots(porteur.get(suites))
    assert porteur.get(document).content.startswith(b"%PDF")


def test_les_mentions_et_les_textes_s_ecrivent(ici, site):
    page = site.post("mentions", entete="Caisse", lieu="Ormeval", acompte="80", tribunal="Melun")
    assert page.status_code == 302
    assert MentionsDuService.objects.get().acompte == 80
    ecrit = {"objet": "Votre aide", "texte": "Pour {projets} : {montant}."}
    garde = site.post("modele_d_acte", "notification", **ecrit)
    assert garde.status_code == 302
    refuse = site.post("modele_d_acte", "notification", publier="", **ecrit)
    assert refuse.status_code == 422
    assert "tribunal" in mots(refuse)
    ecrit["texte"] += "\n\nEn nature : {nature}.\n\nSous réserve : {conditions}."
    ecrit["texte"] += "\n\nRecours devant {tribunal}."
    assert site.post("modele_d_acte", "notification", publier="", **ecrit).status_code == 302
    version = VersionDeModele.objects.get()
    assert version.est_publiee
    assert "{tribunal}" in lire(site.get("version_de_modele", "notification", 1))
    assert "version 1" in mots(site.get("modeles_d_acte"))


def test_un_texte_s_essaie_sur_une_vraie_demande(ici, site):
    decision = ici.vote.publiee("1500")
    (propose,) = ici.proposes(decision)
    essai = f"{decision.pk}-{propose.cle}"
    ecrit = {"objet": "Votre aide", "texte": "Pour {projets} : {montant}."}
    page = site.post("essayer_le_modele", "notification", essai=essai, **ecrit)
    assert page.content.startswith(b"%PDF")
    inconnu = site.post(
        "essayer_le_modele", "notification", essai=essai, objet="x", texte="{montent}"
    )
    assert inconnu.status_code == 422
    assert "{montent}" in mots(inconnu)
    assert not VersionDeModele.objects.exists()


def test_une_autre_subvention_fait_passer_le_seuil(ici, site):
    decision = ici.vote.publiee("1500")
    (propose,) = ici.proposes(decision)
    page = site.post(
        "autres_subventions", decision.pk, propose.cle, objet="Fête du sport", montant="21 500,01"
    )
    assert page.status_code == 302
    assert AutreSubvention.objects.get().montant > 21500
    dit = mots(site.get("preparer_les_actes", decision.pk))
    assert "exigée par la loi" in dit
    refuse = site.post(
        "preparer_les_actes",
        decision.pk,
        propose=propose.cle,
        **{f"sorte-{propose.cle}": "notification"},
    )
    assert refuse.status_code == 422
    assert "Cet acte ne suffit pas" in mots(refuse)
