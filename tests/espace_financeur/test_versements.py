"""Payer à l'écran : les échéances, les retards, les fichiers, les retraits ; ce que le porteur en lit."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from parvis.conventions.models import Acte, ConditionLevee, Retrait, Reversement, Versement
from parvis.dossiers.queries.suivi import suivi_du_projet
from parvis.journal.models import Evenement
from parvis.programmation.queries.enveloppes import tableau
from parvis.socle.tableaux import csv_francais
from parvis.socle.tableur import lire_tableau
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site
from tests.espace_porteur.conftest import mots
from tests.fabriques import decisions, fichiers
from tests.fabriques import versements as fabrique

pytestmark = pytest.mark.django_db


@decor
def guichet(etude) -> fabrique.Guichet:
    return fabrique.guichet(vote=decisions.vote(etude))


@pytest.fixture
def site(guichet):
    return Site(guichet.site.vote.etude, "samia")


@pytest.fixture
def jour():
    return timezone.localdate().isoformat()


def suites(guichet, qui="gestionnaire") -> str:
    etude = guichet.site.vote.etude
    adresse = reverse("espace_porteur:suites", args=("tilleuls", etude.dossier.pk))
    return mots(etude.ici.monde.client(qui).get(adresse))


def en_retard(guichet, sans_declencheurs, jours: int = 61) -> None:
    """Fait comme si l'acte était notifié depuis autant de jours."""
    with sans_declencheurs(tables={"conventions_acte"}):
        avant = timezone.localdate() - timedelta(days=jours)
        Acte.objects.filter(pk=guichet.acte.pk).update(notifie_le=avant, signe_le=avant)


def test_la_liste_dit_ce_qui_est_du_avant_quand_et_en_tout(guichet, site):
    page = mots(site.get("versements"))
    limite = timezone.localdate() + timedelta(days=60)
    assert f"avant le {limite.day}" in page
    assert "après l’acceptation du compte rendu financier" in page
    assert "2 échéances à verser 2 000 €" in page and "notifié aujourd’hui" in page
    assert "en retard" not in page.replace("En retard", "")
    assert "L’acompte de 1 400 € n’est pas versé" in page


def test_soixante_jours_ne_sont_pas_un_retard_soixante_et_un_si(guichet, site, sans_declencheurs):
    en_retard(guichet, sans_declencheurs, 60)
    assert "échéance en retard" not in mots(site.get("versements"))
    en_retard(guichet, sans_declencheurs, 61)
    page = mots(site.get("versements"))
    assert "1 échéance en retard." in page and "1 jour de retard" in page
    assert "notifié il y a 61 jours" in page
    assert "En retard à payer avant" in mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "(acompte) : attendu avant le" in suites(guichet)


@pytest.mark.parametrize(
    ("choix", "total"),
    [
        ({"quand": "a_payer"}, "1 400 €"),
        ({"quand": "attend"}, "600 €"),
        ({"bloque": "non"}, "600 €"),
        ({"bloque": "oui"}, "1 400 €"),
        ({"q": "AMIS du verger"}, "2 000 €"),
        ({"q": "2026-001", "quand": "a_payer"}, "1 400 €"),
    ],
)
def test_la_liste_se_filtre_et_se_totalise(guichet, site, choix, total):
    choix = {nom: dit.replace("2026-001", guichet.acte.numero) for nom, dit in choix.items()}
    page = mots(site.get("versements", **choix))
    assert f"à verser {total}" in page


def test_un_choix_sans_reponse_le_dit(site):
    assert "Aucune échéance ne répond" in mots(site.get("versements", q="zzz"))


def test_noter_en_lot_puis_plus_rien_a_verser(guichet, site, jour):
    acompte, solde = guichet.echeances
    reponse = site.post(
        "noter_des_versements", echeance=str(acompte.pk), verse_le=jour, bordereau="B7"
    )
    assert reponse.status_code == 302
    assert Versement.objects.get().bordereau == "B7"
    for pk in (acompte.pk, solde.pk):
        # L'un est versé ; l'autre attend un bilan : il ne se note que sur la page de son acte.
        refusee = site.post("noter_des_versements", echeance=str(pk), verse_le=jour)
        assert refusee.status_code == 422
        assert "ne se note pas ou plus en lot" in mots(refusee)
    assert Versement.objects.count() == 1
    assert 'name="echeance"' not in site.get("versements").content.decode()
    dit = {"echeance": str(solde.pk), "verse_le": jour}
    refusee = site.post("versements_de_l_acte", guichet.acte.pk, **dit)
    assert "C’est fait : l’acceptation du compte rendu financier" in mots(refusee)
    assert "Le solde de 600 € se verse après l’acceptation du compte rendu" in mots(refusee)
    site.post("versements_de_l_acte", guichet.acte.pk, **dit, attente_confirmee="on")
    assert "Rien à verser" in mots(site.get("versements"))


def test_sans_jour_le_lot_garde_ce_qui_est_coche(guichet, site):
    page = site.post("noter_des_versements", echeance=str(guichet.echeances[0].pk), verse_le="")
    assert page.status_code == 422
    assert "Écrivez le jour du versement." in mots(page)
    assert "checked" in page.content.decode()


def test_verser_sur_un_acte_puis_annuler(guichet, site, jour):
    acompte = guichet.echeances[0]
    champs = {"echeance": str(acompte.pk), "montant": "1 000,50", "verse_le": jour}
    reponse = site.post("versements_de_l_acte", guichet.acte.pk, **champs, numero_d_ordre="M1")
    assert reponse.status_code == 302
    page = mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "1 000,50 € versés sur 2 000 €" in page and "n° M1" in page
    refusee = site.post("versements_de_l_acte", guichet.acte.pk, **champs)
    assert refusee.status_code == 422
    assert "dépassent ce qui reste à verser : 399,50 €" in mots(refusee)
    fait = Versement.objects.get()
    site.post("annuler_un_versement", guichet.acte.pk, fait.pk, motif="Rejeté par la banque")
    page = mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "Rejeté par la banque" in page and "0 € versés" in page


def test_les_comptes_sont_masques_a_l_ecran_et_en_clair_sur_demande_notee(guichet, site):
    for extension in ("csv", "xlsx"):
        lu = lire_tableau(site.get("versements_tableau", extension).content, f"a.{extension}")
        assert {ligne[5] for ligne in lu.lignes} == {"FR76 •••• 0189"}
    assert not Evenement.objects.filter(action="conventions.emporter_les_comptes").exists()
    lu = lire_tableau(site.post("versements_comptes", "csv").content, "a.csv")
    assert {ligne[5] for ligne in lu.lignes} == {"FR76 3000 6000 0112 3456 7890 189"}
    assert Evenement.objects.filter(action="conventions.emporter_les_comptes").count() == 1
    assert "3000 6000" not in mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "3000 6000" not in mots(site.get("versements"))


def fichier(colonnes, lignes) -> SimpleUploadedFile:
    return SimpleUploadedFile("m.csv", csv_francais(colonnes, lignes))


def test_un_fichier_se_relit_se_note_et_ne_se_note_pas_deux_fois(guichet, site):
    titres = ["Mandat", "Acte", "TTC", "Jour"]
    lignes = [["M1", guichet.acte.numero, Decimal(1400), timezone.localdate()]]
    choisis = {"numero_d_ordre": "Mandat", "acte": "Acte", "montant": "TTC"}
    manque = site.post(
        "reprendre_des_paiements", fichier=fichier(titres, lignes), verse_le="Payé le", **choisis
    )
    assert manque.status_code == 422
    assert "Le fichier n’a pas cette colonne" in mots(manque)
    assert "<select" in manque.content.decode()
    relu = site.post(
        "reprendre_des_paiements", fichier=fichier(titres, lignes), verse_le="Jour", **choisis
    )
    assert "1 versement à noter" in mots(relu) and not Versement.objects.exists()
    jeton = relu.context["jeton"]
    assert site.post("ecrire_des_paiements", jeton=jeton).status_code == 302
    site.post("ecrire_des_paiements", jeton=jeton)
    site.post("ecrire_des_paiements", jeton="faux")
    assert Versement.objects.count() == 1
    page = mots(site.get("reprendre_des_paiements"))
    assert "Colonne de l’acte" in page
    encore = site.post(
        "reprendre_des_paiements", fichier=fichier(titres, lignes), verse_le="Jour", **choisis
    )
    assert "Rien ne change" in mots(encore) and "1 versement déjà noté" in mots(encore)


def test_l_echeance_que_dit_un_fichier_se_choisit_et_se_montre(guichet, site):
    titres = ["Mandat", "Acte", "TTC", "Jour", "Quoi"]
    lignes = [["M1", guichet.acte.numero, Decimal(600), timezone.localdate(), "acompte"]]
    choisis = {"numero_d_ordre": "Mandat", "acte": "Acte", "montant": "TTC", "verse_le": "Jour"}
    absente = site.post(
        "reprendre_des_paiements", fichier=fichier(titres, lignes), echeance="Rang", **choisis
    )
    assert absente.status_code == 422 and "Le fichier n’a pas cette colonne" in mots(absente)
    relu = site.post(
        "reprendre_des_paiements", fichier=fichier(titres, lignes), echeance="Quoi", **choisis
    )
    assert "1. Acompte" in mots(relu)
    # Sans la colonne, 600 € seraient le solde : rien ne se devine.
    relu = site.post(
        "reprendre_des_paiements", fichier=fichier(titres, lignes), echeance="", **choisis
    )
    assert "dites l’échéance dans sa colonne" in mots(relu)


def test_un_fichier_faux_dit_sa_ligne_et_rien_ne_peut_s_ecrire(guichet, site):
    titres = ["Numéro d’ordre", "Acte", "Montant", "Payé le"]
    lignes = [["M1", "rien", Decimal(1), timezone.localdate()]]
    page = site.post(
        "reprendre_des_paiements",
        fichier=fichier(titres, lignes),
        numero_d_ordre=titres[0],
        acte=titres[1],
        montant=titres[2],
        verse_le=titres[3],
    )
    assert "Rien ne peut s’écrire" in mots(page) and "Ligne 2, rien" in mots(page)
    assert "Noter ces versements" not in mots(page)


def test_lever_une_condition_avec_un_document(etude, jour):
    guichet = fabrique.guichet(vote=decisions.vote(etude), condition="Joindre l’accord du bailleur")
    site = Site(etude, "samia")
    page = mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "Condition à lever" in page and "Lever cette condition" in page
    assert "« Joindre l’accord du bailleur »" in suites(guichet)
    reponse = guichet.lu.lignes[0].ligne.reponse_id
    vide = site.post("lever_une_condition", guichet.acte.pk, reponse, levee_le=jour)
    assert vide.status_code == 422
    site.post(
        "lever_une_condition",
        guichet.acte.pk,
        reponse,
        levee_le=jour,
        justification="Accord reçu",
        fichier=SimpleUploadedFile("accord.pdf", fichiers.pdf()),
    )
    assert ConditionLevee.objects.get().fichier.nom == "accord.pdf"
    page = mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "Accord reçu" in page
    assert site.get("lever_une_condition", guichet.acte.pk, reponse).status_code == 404
    site.post("remettre_une_condition", guichet.acte.pk, reponse, motif="Un autre bailleur")
    page = mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "Condition à lever" in page and "« Un autre bailleur »" in page
    assert "« Joindre l’accord du bailleur »" in suites(guichet)


def test_demander_puis_recevoir_renoncer_ou_annuler_un_reversement(guichet, site, jour):
    guichet.verser(1)
    demande = str(guichet.demandes[0].pk)
    for montant in ("50", "20"):
        site.post(
            "demander_un_reversement",
            guichet.acte.pk,
            demande=demande,
            montant=montant,
            motif="Part non dépensée",
        )
    un, deux = Reversement.objects.order_by("pk")
    assert "À rendre : 50 €" in suites(guichet)
    trop = site.post(
        "demander_un_reversement",
        guichet.acte.pk,
        demande=demande,
        montant="5000",
        motif="Trop",
    )
    assert trop.status_code == 422
    assert "dépassent ce qui est versé et pas redemandé : 980 €" in mots(trop)
    site.post("recevoir_un_reversement", guichet.acte.pk, un.pk, recu_le=jour, titre="T9")
    site.post("renoncer_a_un_reversement", guichet.acte.pk, deux.pk, motif="Justifié")
    page = mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "1 400 € versés sur 2 000 €, 50 € rendus." in page
    assert "titre n° T9" in page and "Abandonné" in page
    assert "50 € rendus le" in suites(guichet)
    site.post("annuler_la_reception", guichet.acte.pk, un.pk, motif="Un autre organisme")
    page = mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "1 400 € versés sur 2 000 €, 50 € à rendre." in page and "Un autre organisme" in page
    assert "À rendre : 50 €" in suites(guichet)


def test_un_acte_en_nature_n_offre_pas_de_retrait(guichet, site):
    assert "Retirer la subvention" in mots(site.get("versements_de_l_acte", guichet.acte.pk))
    pret = fabrique.autre_demande(guichet.site, rang=30, nature="nature")
    acte = fabrique.notifier(guichet.site, {pret.pk: "700"}, numero="13")
    assert "Retirer la subvention" not in mots(site.get("versements_de_l_acte", acte.pk))


def test_un_retrait_de_la_demande_d_observations_a_la_decision(guichet, site, jour):
    guichet.verser(1)
    avant = timezone.localdate() - timedelta(days=49)
    apres = timezone.localdate() + timedelta(days=50)
    ouvert = site.post(
        "retrait",
        guichet.acte.pk,
        motif="Activité contraire au contrat d’engagement républicain",
        manquement_le=jour,
        debut_le=avant.isoformat(),
        fin_le=apres.isoformat(),
    )
    assert ouvert.status_code == 302
    page = mots(site.get("retrait", guichet.acte.pk))
    assert "seraient retirés" in page and "1 020 €" in page and "a jusqu’au" in page
    assert "Un retrait est envisagé" in suites(guichet)
    assert site.post("decider_le_retrait", guichet.acte.pk).status_code == 422
    vide = site.post("noter_les_observations", guichet.acte.pk, observations="", recues_le=jour)
    assert vide.status_code == 422
    site.post(
        "noter_les_observations",
        guichet.acte.pk,
        observations="Nous contestons.",
        recues_le=jour,
    )
    assert site.post("decider_le_retrait", guichet.acte.pk).status_code == 302
    assert Retrait.objects.get().montant == Decimal(1020)
    page = mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "Retirée" in page and "420 € à rendre" in page and "Ne se verse plus" in page
    assert "Noter un versement" not in page
    assert "rien de plus ne se verse" in suites(guichet)
    assert "Rien à verser" in mots(site.get("versements"))


def test_renoncer_a_un_retrait(guichet, site):
    guichet.observations()
    site.post("abandonner_le_retrait", guichet.acte.pk, motif="Non établi")
    assert "Demander ses observations" in mots(site.get("retrait", guichet.acte.pk))
    assert site.post("decider_le_retrait", guichet.acte.pk).status_code == 404


def test_le_porteur_lit_ce_qui_est_verse_ce_qui_est_attendu_et_pourquoi(guichet):
    guichet.verser(1)
    page = suites(guichet)
    assert "2 000 € engagés, 1 400 € versés" in page
    assert "(acompte), sur le compte FR76 •••• 0189" in page
    assert "Encore 600 € (solde) : après l’acceptation du compte rendu financier" in page
    fabrique.changer_de_compte(guichet)
    assert "attend une seconde personne" in suites(guichet)


def test_le_porteur_ne_lit_rien_avant_la_notification(etude):
    vote = decisions.vote(etude)
    page = suites(fabrique.Guichet(fabrique.actes.site(vote), None))
    assert "Ce qui vous est versé" not in page


def test_un_autre_porteur_ne_lit_rien(guichet):
    etude = guichet.site.vote.etude
    adresse = reverse("espace_porteur:suites", args=("tilleuls", etude.dossier.pk))
    assert etude.ici.monde.client("meuniere").get(adresse).status_code == 404


def test_les_enveloppes_et_le_suivi_disent_ce_qui_est_verse(guichet):
    guichet.verser(1)
    etude = guichet.site.vote.etude
    lu = tableau(guichet.samia, guichet.contrat, etude.dossier.exercice)
    assert lu.total.verse == Decimal(1400)
    assert lu.total.engage == Decimal(2000)
    (exercice,) = suivi_du_projet(etude.dossier.projet, jour=timezone.localdate()).exercices
    assert exercice.argent.verse == Decimal(1400)


def test_changer_l_echeancier_d_un_acte_qui_n_est_pas_signe(guichet, site):
    pk = fabrique.autre_demande(guichet.site, rang=30).pk
    acte = fabrique.preparer(guichet.site, {pk: "700"}, numero="13")
    guichet.site.compose(acte)
    assert "Changer l’échéancier" in mots(site.get("versements_de_l_acte", acte.pk))
    page = mots(site.get("echeancier", acte.pk))
    assert "Les montants font 700 €" in page and "Versement 4" in page
    lignes = {f"ligne-{rang}-sorte": "acompte" for rang in range(1, 5)}
    lignes |= {"ligne-1-montant": "300", "ligne-1-condition": "la notification de l’acte"}
    faux = site.post("echeancier", acte.pk, **lignes)
    assert faux.status_code == 422
    assert "Les échéances font 300,00 € ; l’acte engage 700,00 €." in mots(faux)
    lignes |= {"ligne-3-montant": "400", "ligne-3-prevue_le": "2030-01-15"}
    assert site.post("echeancier", acte.pk, **lignes).status_code == 302
    acte.refresh_from_db()
    assert (acte.etat, acte.fichier) == ("prepare", None)
    ecrites = list(acte.echeances.values_list("rang", "montant", "condition"))
    assert ecrites == [
        (1, Decimal(300), "la notification de l’acte"),
        (2, Decimal(400), ""),
    ]
    signe = site.post("echeancier", guichet.acte.pk, **lignes)
    assert signe.status_code == 422
    assert "Cet acte est notifié" in mots(signe)
    page = mots(site.get("versements_de_l_acte", guichet.acte.pk))
    assert "Changer l’échéancier" not in page
