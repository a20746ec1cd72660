"""Les bilans chez le pilote et chez un financeur : la liste, ses comptes, ce que l'on y répond."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.dossiers.models import BilanAttendu, Demande
from parvis.evaluation.queries.bilans import avec_le_non_depense, non_depense_du_bilan
from parvis.evaluation.queries.listes import colonnes
from parvis.instruction.actions.equipe import se_deporter
from parvis.socle.montants import ecrire_montant
from tests.decors import decor
from tests.espace_porteur.conftest import mots
from tests.fabriques import bilans, depots, fichiers
from tests.fabriques.comptes import envoi

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


@decor
def vote():
    return bilans.a_rendre()


class Ecran:
    """Le navigateur d'une personne, dans sa pièce d'écran."""

    def __init__(self, vote, nom: str, espace: str) -> None:
        monde = vote.ici.monde
        self.acteur, self.client, self.espace = monde.acteurs[nom], monde.client(nom), espace

    def get(self, nom: str, *args, **params):
        return self.client.get(reverse(f"{self.espace}:{nom}", args=("tilleuls", *args)), params)

    def post(self, nom: str, *args, **champs):
        adresse = reverse(f"{self.espace}:{nom}", args=("tilleuls", *args))
        return self.client.post(adresse, envoi(self.acteur, **champs))


@pytest.fixture
def pilote(vote):
    return Ecran(vote, "pilote", "pilotage")


@pytest.fixture
def samia(vote):
    return Ecran(vote, "samia", "espace_financeur")


def test_la_liste_dit_ou_en_est_chacun_et_se_filtre(vote, pilote):
    assert "À rendre" in mots(pilote.get("bilans"))
    BilanAttendu.objects.update(attendu_le=timezone.localdate() - timedelta(days=2))
    page = pilote.get("bilans")
    etats = {
        o.libelle: o.nombre for f in page.context["facettes"] if f.nom == "etat" for o in f.options
    }
    assert etats == {
        "En retard": 1, "Rendu, à lire": 0, "À compléter": 0, "À rendre": 0, "Accepté": 0,
        "Reçu autrement": 0, "Dispensé": 0,
    }  # fmt: skip
    assert "1 bilan est en retard" in mots(pilote.get("contrat"))
    vote.verser("1500")
    vote.rendu()
    page = mots(pilote.get("bilans", etat="rendu"))
    assert "Rendu, à lire" in page and "1 500 €" in page
    assert "Aucun bilan ne répond à ce choix" in mots(pilote.get("bilans", etat="accepte"))
    assert "attend que vous le lisiez" in mots(pilote.get("contrat"))


def test_les_sommes_du_pied_sont_celles_de_la_liste(vote, pilote, samia):
    vote.verser("1500")
    vote.rendu()
    for ecran in (pilote, samia):
        liste = ecran.get("bilans").context["bilans"]
        assert (liste.nombre, str(liste.verse), str(liste.non_depense)) == (1, "1500.00", "0.00")


def test_un_financeur_lit_sa_part_du_non_depense_a_cote_du_total(vote, pilote, samia):
    """La moitié du prévu est dépensée : chacun des deux financeurs a versé le double de sa part."""
    autre = Demande.objects.filter(dossier=vote.dossier).exclude(pk=vote.demande().pk).get()
    Demande.objects.filter(pk=autre.pk).update(
        montant_vote=Decimal(500), vote_le=timezone.localdate(), etat="accordee"
    )
    vote.verser("1500")
    moitie = {"l0_realise": "1000", "l0_explication": "!", "d1_realise": "500"}
    bilan = vote.rendu(budget={**bilans.TOUT["budget"], **moitie})
    parts = {p.demande_id: p.non_depense for p in avec_le_non_depense(bilan.parts.all())}
    tout = non_depense_du_bilan(bilan)
    assert sum(parts.values()) == tout and len(parts) == 2
    sienne = parts[vote.demande().pk]
    assert 0 < sienne < tout
    liste = samia.get("bilans")
    assert liste.context["bilans"].part == sienne
    assert liste.context["bilans"].non_depense == tout
    page = mots(liste)
    assert "Votre part" in page and "Non dépensé, tous financeurs" in page
    page = mots(samia.get("bilan", bilan.pk))
    assert f"dont {ecrire_montant(sienne)} de ce que".replace("\u00a0", " ") in page
    assert "Votre part" not in mots(pilote.get("bilans"))


@pytest.mark.parametrize("qui", ["pilote", "samia"])
def test_la_liste_s_emporte_en_csv_et_en_xlsx(vote, qui, request):
    ecran = request.getfixturevalue(qui)
    vote.rendu()
    texte = ecran.get("bilans_tableau", "csv").content.decode("utf-8-sig")
    titres, ligne = csv.reader(io.StringIO(texte), delimiter=";")
    est_d_un_service = qui == "samia"
    assert titres == list(colonnes(est_d_un_service=est_d_un_service))
    dit = dict(zip(titres, ligne, strict=True))
    assert dit["Où en est-on"] == "Rendu, à lire" and dit["Personnes touchées"] == "45"
    assert dit["Coût réel (€)"] == "3950,00"
    assert dit["Voté par vous (€)" if est_d_un_service else "Voté (€)"] == "1500,00"
    assert dit.get("Votre part du non dépensé (€)", "—") == ("0,00" if est_d_un_service else "—")
    assert ecran.get("bilans_tableau", "xlsx").content[:2] == b"PK"
    assert ecran.get("bilans_tableau", "pdf").status_code == 404


@pytest.mark.parametrize("qui", ["pilote", "samia"])
def test_le_tableau_de_programmation_emporte_dit_ou_en_est_le_bilan(vote, qui, request):
    ecran = request.getfixturevalue(qui)
    vote.verser("1500")

    def lire() -> dict[str, str]:
        annee = vote.dossier.exercice
        texte = ecran.get("programmation_tableau", "csv", exercice=annee).content.decode(
            "utf-8-sig"
        )
        titres, ligne = csv.reader(io.StringIO(texte), delimiter=";")
        return dict(zip(titres, ligne, strict=True))

    dit = lire()
    assert (dit["Bilan"], dit["Bilan rendu le"]) == ("À rendre", "")
    vote.rendu()
    dit = lire()
    assert dit["Bilan"] == "Rendu, à lire" and dit["Bilan rendu le"]
    assert dit["Non dépensé, tous financeurs (€)"] == "0,00"


def test_un_financeur_lit_ce_qu_il_finance_et_rien_d_autre(vote, samia):
    bilan = vote.rendu()
    page = mots(samia.get("bilan", bilan.pk))
    assert "Six samedis de plantation." in page and "Accepter ce bilan" not in page
    assert f"Bilan définitif {bilan.exercice}" in mots(samia.get("dossier", vote.dossier.pk))
    # La commune n'a rien voté : elle lit le dossier, et le bilan n'est pas pour elle.
    olga = Ecran(vote, "olga", "espace_financeur")
    assert olga.get("dossier", vote.dossier.pk).status_code == 200
    assert "Aucun bilan n’est encore attendu" in mots(olga.get("bilans"))
    assert olga.get("bilan", bilan.pk).status_code == 404


def test_un_deport_ferme_le_bilan(vote, samia):
    bilan = vote.rendu()
    se_deporter(par=vote.samia, dossier=vote.dossier, motif="Mon frère y travaille.")
    assert samia.get("bilan", bilan.pk).status_code == 404
    assert "Aucun bilan" in mots(samia.get("bilans"))


def test_le_pilote_accepte_fait_completer_et_laisse_du_temps(vote, pilote):
    bilan = vote.rendu()
    assert "Accepter ce bilan" in mots(pilote.get("bilan", bilan.pk))
    refus = pilote.post("completer_le_bilan", bilan.pk, section="recit", texte="", echeance="")
    assert refus.status_code == 422
    demain = f"{timezone.localdate() + timedelta(days=9):%d/%m/%Y}"
    pilote.post("completer_le_bilan", bilan.pk, section="recit", texte="Racontez.", echeance=demain)
    assert bilans.relire(bilan).etat == "a_completer"
    page = mots(pilote.get("bilan", bilan.pk))
    assert "Attendu de nouveau" in page and "Racontez." in page
    vote.rendre(bilan)
    pilote.post("accepter_le_bilan", bilan.pk)
    assert bilans.relire(bilan).etat == "accepte"
    page = pilote.get("completer_le_bilan", bilan.pk)
    assert "ne se complète plus" in mots(page)
    # Ce qui ne se demande pas se refuse, en le disant.
    assert "ne se fait plus" in mots(
        pilote.client.get(pilote.post("laisser_du_temps", bilan.pk).url)
    )


def test_a_l_etroit_chaque_case_porte_le_nom_de_sa_colonne(vote, pilote):
    vote.verser("1500")
    bilan = vote.rendu(
        budget={**bilans.TOUT["budget"], "l0_realise": "1000", "l0_explication": "!"}
    )
    page = mots(pilote.get("bilan", bilan.pk))
    lu = pilote.get("bilan", bilan.pk).content.decode()
    assert 'data-nom="Réalisé"' in lu and 'data-nom="Part du coût réel"' in lu
    # Un écart se lit ici comme là où on le tape.
    assert "− 3 000,00 €" in page
    liste = pilote.get("bilans").content.decode()
    assert liste.count('data-nom="Non dépensé"') == 2  # la ligne, et le total


def test_le_pilote_lit_ce_que_ferait_le_temps_qu_il_laisse(vote, pilote):
    annee = vote.dossier.exercice + 1
    bilan = vote.rendu(
        realisation={
            "issue": "plus_de_temps",
            "explication": "La cour ferme.",
            "nouvelle_fin_le": f"31/07/{annee}",
        }
    )
    page = mots(pilote.get("bilan", bilan.pk))
    assert f"peut finir le 31 juillet {annee}" in page and f"31 janvier {annee + 1}" in page


def test_un_bilan_recu_autrement_se_note_se_lit_de_tous_et_s_annule(vote, pilote, samia):
    page = mots(pilote.get("bilans"))
    assert "Reçu autrement, ou dispensé ?" in page
    assert "Reçu autrement, ou" not in mots(samia.get("bilans"))
    attendu = vote.attendu.pk
    refus = pilote.post("decharger_du_bilan", attendu, sorte="recu_autrement", motif="Papier.")
    assert refus.status_code == 422 and "quel jour" in mots(refus) and "Papier." in mots(refus)
    vide = pilote.post("decharger_du_bilan", attendu, recu_le="")
    assert "Choisissez l’un des deux." in mots(vide) and "en une phrase" in mots(vide)
    jour = f"{timezone.localdate():%Y-%m-%d}"
    piece = SimpleUploadedFile("bilan.pdf", fichiers.pdf(), "application/pdf")
    fait = pilote.post(
        "decharger_du_bilan", attendu, sorte="recu_autrement", motif="Papier.", recu_le=jour,
        fichier=piece,
    )  # fmt: skip
    assert fait.status_code == 302
    for ecran in (pilote, samia):
        page = mots(ecran.get("bilans"))
        assert "Reçu autrement" in page and "Papier." in page
        assert "Papier." in mots(ecran.get("dossier", vote.dossier.pk))
        assert ecran.get("fichier_recu_autrement", attendu).status_code == 200
    assert "Noté le" in mots(pilote.get("decharger_du_bilan", attendu))
    assert pilote.post("annuler_la_decharge", attendu, motif="").status_code == 422
    assert pilote.post("annuler_la_decharge", attendu, motif="Erreur.").status_code == 302
    assert pilote.get("fichier_recu_autrement", attendu).status_code == 404
    assert "À rendre" in mots(pilote.get("bilans"))


def test_une_version_passee_se_relit(vote, pilote):
    bilan = vote.rendu()
    assert pilote.get("bilan", bilan.pk, version=1).status_code == 200
    assert pilote.get("bilan", bilan.pk, version=2).status_code == 404
    assert pilote.get("bilan_imprime", bilan.pk).content[:5] == b"%PDF-"


def test_le_dossier_dit_ce_qui_manque_a_son_porteur(vote, pilote, samia):
    autre = depots.depose(vote.ici, titre="Le potager")
    BilanAttendu.objects.create(
        dossier=autre, exercice=vote.dossier.exercice - 1, sorte="definitif",
        attendu_le=timezone.localdate() - timedelta(days=9),
    )  # fmt: skip
    for ecran in (pilote, samia):
        page = mots(ecran.get("dossier", vote.dossier.pk))
        assert "manque" in page and "Rien ne se verse tant qu’il manque" in page
        assert "Bilan manquant" in mots(ecran.get("programmation"))
        choisi = mots(ecran.get("programmation", alerte="bilan"))
        assert f"Bilan manquant : {vote.dossier.exercice - 1}" in choisi


def test_la_liste_coute_toujours_autant(vote, pilote):
    pilote.get("bilans")
    comptes = []
    for nombre in (1, 6):
        for rang in range(BilanAttendu.objects.count(), nombre):
            BilanAttendu.objects.create(
                dossier=vote.dossier, exercice=2000 + rang, sorte="definitif",
                attendu_le=timezone.localdate(),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as faites:
            assert pilote.get("bilans").context["bilans"].nombre == nombre
        comptes.append(len(faites))
    assert comptes[0] == comptes[1]
