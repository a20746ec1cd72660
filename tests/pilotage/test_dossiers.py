"""La file des dossiers déposés, et ce que le pilote fait de chacun, à l'écran."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.dossiers.actions import complements, recevabilite
from parvis.dossiers.actions.messages import ecrire_un_message
from parvis.dossiers.models import Complement, Demande, Dossier, Message, PointVerifie
from parvis.pilotage.queries.dossiers import COLONNES, file_des_dossiers
from tests.decors import decor
from tests.fabriques import appels, depots, projets
from tests.fabriques.comptes import envoi
from tests.fabriques.quartiers import territoire_du_contrat
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


@decor
def recu(ici):
    return depots.depose(ici)


class Site:
    """Le navigateur d'une personne, sur les dossiers de ce contrat."""

    def __init__(self, ici, nom="pilote"):
        self.acteur, self.client = ici.acteur(nom), ici.monde.client(nom)

    def get(self, nom, *args, **params):
        return self.client.get(reverse(f"pilotage:{nom}", args=("tilleuls", *args)), params)

    def post(self, nom, *args, **champs):
        adresse = reverse(f"pilotage:{nom}", args=("tilleuls", *args))
        return self.client.post(adresse, envoi(self.acteur, **champs))


@pytest.fixture
def site(ici):
    return Site(ici)


def copier(dossier, nombre):
    """Ajoute des dossiers déposés pareils, sans refaire tout le dépôt."""
    for rang in range(nombre):
        copie = Dossier.objects.get(pk=dossier.pk)
        demandes, fiches = list(copie.demandes.all()), list(copie.fiches.all())
        version = copie.versions_deposees.get()
        copie.pk, copie.numero = None, 100 + rang
        copie._state.adding = True
        copie.save()
        version.pk, version.dossier = None, copie
        version._state.adding = True
        version.save(force_insert=True)
        for ligne in (*demandes, *fiches):
            ligne.pk, ligne.dossier = None, copie
            ligne._state.adding = True
            ligne.save()


# La file.


def test_la_file_dit_qui_demande_combien_et_en_tout(site, recu):
    page = lire(site.get("dossiers"))
    assert "Le verger du pied d’immeuble" in page and "Les Amis du Verger" in page
    assert "1 dossier, demandé en tout pour le premier exercice" in " ".join(page.split())
    assert "3 000 €" in page and recu.reference in page


def test_un_brouillon_n_y_est_pas(site, ici):
    depots.brouillon(ici, titre="Secret de famille")
    page = lire(site.get("dossiers"))
    assert "Aucun dossier n’est encore déposé" in page and "Secret" not in page


def test_le_total_porte_sur_tout_le_filtre_et_suit_le_financeur(ici, recu, site):
    copier(recu, 60)
    pilote = ici.acteur("pilote")

    def total(**choix):
        return file_des_dossiers(pilote, ici.contrat, choix, jour=timezone.localdate())

    entier = total()
    assert (entier.nombre, len(entier.page.lignes), entier.total) == (61, 50, Decimal(183_000))
    assert total(financeur=str(ici.commune.pk)).total == Decimal(61_000)
    suite = total(apres=entier.page.suivante)
    assert len(suite.page.lignes) == 11 and suite.total == Decimal(183_000)


@pytest.mark.parametrize("etat", ["retire", "irrecevable"])
def test_ce_qui_s_est_arrete_n_est_plus_demande(ici, recu, site, etat):
    assert "ce qui est retiré" not in lire(site.get("dossiers"))
    copier(recu, 2)
    Dossier.objects.filter(pk=recu.pk).update(
        etat=etat, tranche_le=timezone.now(), tranche_par="Rosa", motif="Non."
    )
    file = file_des_dossiers(ici.acteur("pilote"), ici.contrat, {}, jour=timezone.localdate())
    assert (file.nombre, file.arretes, file.total) == (3, 1, Decimal(6_000))
    page = lire(site.get("dossiers"))
    assert "3 dossiers, demandé en tout" in page
    assert "sans ce qui est retiré, irrecevable ou envoyé vers un autre appel" in page


@pytest.mark.parametrize("tri", ["attente", "recent", "montant", "porteur", "lune"])
def test_chaque_ordre_donne_toutes_les_lignes_une_fois(ici, recu, tri):
    copier(recu, 60)
    vues, apres = [], ""
    while True:
        choix = {"tri": tri, "apres": apres}
        page = file_des_dossiers(
            ici.acteur("pilote"), ici.contrat, choix, jour=timezone.localdate()
        ).page
        vues += [d.pk for d in page.lignes]
        apres = page.suivante
        if not apres:
            break
    assert len(vues) == len(set(vues)) == 61


def test_les_choix_comptent_et_filtrent(ici, recu, site):
    complements.demander_un_complement(
        par=ici.acteur("pilote"),
        dossier=recu,
        section="projet",
        texte="Combien de familles ?",
        echeance=timezone.localdate() + timedelta(days=15),
    )
    Complement.objects.update(echeance_le=timezone.localdate() - timedelta(days=1))
    fiche = recu.fiches.get().fiche
    for choix, nombre in (
        ({"complement": "retard"}, 1),
        ({"complement": "attendu"}, 0),
        ({"etat": "a_completer"}, 1),
        ({"etat": "recevable"}, 0),
        ({"fiche": fiche.numero}, 1),
        ({"pilier": "1"}, 1),
        ({"pilier": "2"}, 0),
        ({"financeur": str(ici.caisse.pk)}, 1),
        ({"appel": str(recu.appel_id)}, 1),
        ({"appel": "999999", "tri": "montant"}, 1),
    ):
        file = file_des_dossiers(
            ici.acteur("pilote"), ici.contrat, choix, jour=timezone.localdate()
        )
        assert file.nombre == nombre, choix
    assert "En retard" in lire(site.get("dossiers", complement="retard"))


@pytest.mark.parametrize("nombre", [0, 2, 49])
def test_la_file_se_lit_en_un_nombre_fixe_de_requetes(ici, recu, site, nombre):
    copier(recu, nombre)
    site.get("dossiers")
    with CaptureQueriesContext(connection) as menees:
        assert site.get("dossiers").status_code == 200
    assert len(menees) <= 36, [m["sql"][:80] for m in menees]


def test_le_tableau_a_les_memes_lignes_et_des_colonnes_fixes(site, recu):
    reponse = site.get("dossiers_tableau", "csv")
    entete, ligne = list(
        csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";")
    )
    assert tuple(entete) == COLONNES
    lu = dict(zip(entete, ligne, strict=True))
    assert lu["Numéro"] == recu.reference and lu["Demandé (€)"] == "3000,00"
    assert lu["Financeurs"] == "Caisse des Tilleuls, Commune du Val-des-Tilleuls"
    assert site.get("dossiers_tableau", "xlsx").content[:2] == b"PK"


@pytest.mark.parametrize("nom", ["voisine", "gestionnaire", "administrateur", "elu", "delegue"])
def test_qui_n_est_pas_pilote_de_ce_contrat_n_y_trouve_rien(ici, recu, nom):
    autre = Site(ici, nom)
    fichier = recu.pieces.first().fichier.identifiant
    for adresse in (
        ("dossiers",),
        ("dossiers_tableau", "csv"),
        ("dossier", recu.pk),
        ("completer", recu.pk),
        ("decider", recu.pk),
        ("piece_recue", recu.pk, fichier),
    ):
        assert autre.get(*adresse).status_code == 404, adresse


# Un dossier.


def test_le_dossier_se_lit_avec_sa_liste_de_controle(site, recu):
    page = lire(site.get("dossier", recu.pk))
    for attendu in (
        "Planter des fruitiers avec les voisins.",
        "Le budget est équilibré",
        "En règle",
        "Caisse des Tilleuls",
        "Total",
        "Service politique de la ville tient la plume",
    ):
        assert attendu in page, attendu


def test_le_dossier_dit_ce_qui_est_vote_et_quand(ici, site, recu):
    projets.voter(recu, ici.caisse, "1250", le=date(2026, 3, 1))
    page = lire(site.get("dossier", recu.pk)).replace("\u00a0", " ")
    (vote,) = re.findall(r"1 250 €\s*<span class=\"file__detail\">le ([^<]+)</span>", page)
    assert vote == "1er mars 2026"


def test_le_rib_ne_s_ouvre_pas_ici(site, recu):
    rib = recu.pieces.get(cle="rib")
    page = site.get("dossier", recu.pk).content.decode()
    assert rib.fichier.nom not in page and str(rib.fichier.identifiant) not in page
    assert "Seuls le porteur et les services qui paient" in page
    assert site.get("piece_recue", recu.pk, rib.fichier.identifiant).status_code == 404


def test_une_piece_deposee_s_enregistre_celle_d_un_autre_dossier_est_absente(ici, site, recu):
    statuts = recu.pieces.get(cle="statuts").fichier
    reponse = site.get("piece_recue", recu.pk, statuts.identifiant)
    assert reponse.status_code == 200
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    autre = depots.brouillon(ici, titre="Un autre")
    assert site.get("piece_recue", autre.pk, statuts.identifiant).status_code == 404


def test_verifier_un_point_a_l_ecran(site, recu):
    adresse = ("verifier_un_point", recu.pk, "objet")
    site.post(*adresse, est_bon="non", note="")
    assert not PointVerifie.objects.exists()
    retour = site.post(*adresse, est_bon="non", note="Hors sujet.")
    assert retour.headers["Location"].endswith("#point-objet")
    assert "Hors sujet." in lire(site.get("dossier", recu.pk))


def test_demander_un_complement_a_l_ecran_garde_ce_qui_est_tape(site, recu):
    refuse = site.post(
        "completer", recu.pk, vise="section:projet", texte="Précisez.", echeance="2020-01-01"
    )
    assert refuse.status_code == 422 and "Précisez." in lire(refuse)
    assert "deux jours" in lire(refuse)
    jour = (timezone.localdate() + timedelta(days=20)).isoformat()
    site.post("completer", recu.pk, vise="piece:statuts", texte="Signez-les.", echeance=jour)
    complement = Complement.objects.get()
    assert (complement.section, complement.piece) == ("pieces", "statuts")
    page = lire(site.get("dossier", recu.pk))
    assert "Signez-les." in page and "Statuts" in page and "Attendu" in page


def test_quinze_jours_sont_proposes(site, recu):
    propose = (timezone.localdate() + timedelta(days=15)).isoformat()
    assert propose in site.get("completer", recu.pk).content.decode()


def test_dire_recevable_ou_irrecevable_a_l_ecran(site, recu):
    refuse = site.post("decider", recu.pk, vers="irrecevable", motif="")
    assert refuse.status_code == 422 and "Écrivez le motif" in lire(refuse)
    site.post("decider", recu.pk, vers="irrecevable", motif="Hors du territoire.")
    page = lire(site.get("dossier", recu.pk))
    assert "Irrecevable" in page and "Hors du territoire." in page
    assert "Demander un complément" not in page
    assert "déjà tranché" in lire(site.get("decider", recu.pk))


def test_envoyer_vers_un_autre_appel_a_l_ecran(ici, site, recu):
    assert "Envoyer vers" not in lire(site.get("decider", recu.pk))
    autre = appels.publie(ici.acteur("pilote"), ici.contrat, titre="Appel de l’été")
    sans = site.post("decider", recu.pk, vers="reoriente", motif="Un séjour.", appel="")
    assert "Choisissez l’appel" in lire(sans)
    site.post("decider", recu.pk, vers="reoriente", motif="Un séjour.", appel=autre.appel_id)
    assert "Appel conseillé : Appel de l’été" in lire(site.get("dossier", recu.pk))


def test_les_differences_se_voient_et_l_ancienne_version_se_lit(ici, site, recu):
    complements.demander_un_complement(
        par=ici.acteur("pilote"),
        dossier=recu,
        section="projet",
        texte="Et l’ombre ?",
        echeance=timezone.localdate() + timedelta(days=15),
    )
    neuf = depots._textes(recu.exercice)["projet"] | {"besoin": "Ni banc, ni ombrage."}
    depots.ecrire(ici.porte, recu, "projet", neuf)
    assert "ombrage" not in site.get("dossier", recu.pk).content.decode()
    complements.repondre_aux_complements(par=ici.porte, dossier=recu, reponses={})
    page = site.get("dossier", recu.pk).content.decode()
    assert "Ce qui a changé depuis la version 1" in page and "<ins>" in page
    ancienne = site.get("dossier", recu.pk, version=1).content.decode()
    assert "ombrage" not in ancienne and "pas la dernière" in ancienne
    assert site.get("dossier", recu.pk, version=9).status_code == 404


def test_les_messages_vont_et_viennent(ici, site, recu):
    ecrire_un_message(par=ici.porte, dossier=recu, texte="Peut-on venir vous voir ?")
    page = lire(site.get("dossier", recu.pk))
    assert "Peut-on venir" in page and "Nouveau" in page and "J’ai lu" in page
    assert "Un message à lire" in lire(site.get("dossiers"))
    site.post("ecrire_au_porteur", recu.pk, texte="Jeudi, à 10 h.")
    assert Message.objects.filter(est_du_service=True).count() == 1
    assert not Message.objects.filter(est_du_service=False, lu_le=None).exists()
    assert "J’ai lu" not in lire(site.get("dossier", recu.pk))


def test_lire_une_page_ne_marque_rien_comme_lu(ici, site, recu):
    ecrire_un_message(par=ici.porte, dossier=recu, texte="Bonjour.")
    site.get("dossier", recu.pk)
    assert Message.objects.filter(lu_le=None).count() == 1
    site.post("lire_les_messages", recu.pk)
    assert Message.objects.get().lu_par == str(site.acteur.utilisateur)


def test_ce_qui_attend_le_pilote_est_sur_son_accueil(ici, site, recu):
    accueil = lire(site.get("contrat"))
    assert "1 dossier déposé</a> attend que vous disiez s’il est recevable" in accueil
    recevabilite.trancher(par=ici.acteur("pilote"), dossier=recu, vers="recevable")
    assert "dossier déposé" not in lire(site.get("contrat"))


def test_une_demande_en_nature_ne_compte_pas_dans_le_total(ici, recu):
    Demande.objects.filter(financeur=ici.commune).update(nature="nature")
    file = file_des_dossiers(ici.acteur("pilote"), ici.contrat, {}, jour=timezone.localdate())
    assert file.total == Decimal(2000)
