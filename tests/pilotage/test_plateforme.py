"""L'administratrice : organismes, doublons, personnes, courriels ; jamais un mot de passe ni un secret."""

from datetime import date
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.comptes.actions.invitations import inviter
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Role
from parvis.comptes.models import Invitation, Rattachement, Utilisateur
from parvis.courriels.enums import Etat, Sujet
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.journal.queries.verification import ruptures
from parvis.organismes.models import Organisme, PaireEcartee
from parvis.pilotage.actions.courriels import relancer_les_courriels
from parvis.pilotage.actions.doublons import reunir, separer
from parvis.pilotage.actions.utilisateurs import fermer_le_compte, rouvrir_le_compte
from parvis.pilotage.queries import courriels as q_courriels
from parvis.pilotage.queries import organismes as q_organismes
from parvis.pilotage.queries import utilisateurs as q_utilisateurs
from parvis.pilotage.queries.attente import attente_de_la_plateforme
from parvis.socle.refus import Refus
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)


@pytest.fixture
def site(administratrice, naviguer):
    return naviguer(administratrice)


@pytest.fixture
def abandonner(db):
    """Rend de quoi ranger un courriel que le serveur a refusé."""

    def _abandonner(destinataire="perdu@x.example", sujet=Sujet.PLATEFORME, **valeurs):
        return Courriel.objects.create(
            **{
                "destinataire": destinataire,
                "sujet": sujet,
                "frequence": "immediat",
                "objet": "Un objet",
                "texte": "Le code est 123456",
                "etat": Etat.ABANDONNE,
                "essais": 7,
                "erreur": "550 Boîte inconnue",
                "depose_le": timezone.now(),
            }
            | valeurs
        )

    return _abandonner


@pytest.fixture
def paire(creer, agir):
    """Rend deux pages d'un même organisme, chacune avec sa gestionnaire."""
    premiere, seconde = creer("Régie du Verger"), creer("Régie « du verger »")
    agir("Ida", Role.GESTIONNAIRE, organisme=premiere)
    agir("Jo", Role.GESTIONNAIRE, organisme=seconde)
    return premiere, seconde


# L'accueil et le journal


def test_l_accueil_dit_ce_qui_attend(site, abandonner, voisin, agir, creer):
    agir("Ida", Role.GESTIONNAIRE, organisme=creer("Jardins"), est_confirme=False)
    abandonner()
    page = lire(site.get("/pilotage/"))
    assert "1 courriel</a> n’a pas pu partir" in page
    assert f"Personne ne conduit « {voisin} »" in page
    assert "Une demande attend dans" in page
    assert "2 organismes</a> n’ont pas de gestionnaire" in page


def test_l_accueil_ne_compte_rien_pour_un_autre(pilote, abandonner):
    abandonner()
    attente = attente_de_la_plateforme(pilote, jour=JOUR)
    assert (attente.abandonnes, attente.demandes, attente.actes) == (0, 0, 0)


def test_rien_n_attend(site, administratrice, agir):
    agir("Ida", Role.GESTIONNAIRE, organisme=administratrice.organisme)
    assert "Rien ne vous attend" in lire(site.get("/pilotage/"))


def test_le_journal_se_verifie_quand_on_le_demande(site, paire, sans_declencheurs):
    assert "intact" not in lire(site.get("/pilotage/journal/"))
    assert "Le journal est intact" in lire(site.get("/pilotage/journal/?verifier=oui"))
    with sans_declencheurs():
        Evenement.objects.filter(rang=1).update(objet_nom="Autre chose")
    page = lire(site.get("/pilotage/journal/?verifier=oui"))
    assert "Le journal ne tient plus" in page
    assert "son contenu a changé" in page


# Les organismes


def test_les_organismes_se_cherchent_et_se_filtrent(site, creer, agir):
    agir("Ida", Role.GESTIONNAIRE, organisme=creer("Jardins du Verger"))
    agir("Jo", Role.GESTIONNAIRE, organisme=creer("Théâtre"), est_confirme=False)
    fini = creer("Ancienne Régie", "gip")
    Organisme.objects.filter(pk=fini.pk).update(fin_le=date(2020, 1, 1))

    def noms(**choix):
        page = lire(site.get("/pilotage/organismes/", **choix))
        return {n for n in ("Jardins du Verger", "Théâtre", "Ancienne Régie") if f">{n}" in page}

    assert noms() == {"Jardins du Verger", "Théâtre", "Ancienne Régie"}
    assert noms(q="jardin verjer") == {"Jardins du Verger"}
    assert noms(nature="gip") == noms(etat="fini") == {"Ancienne Régie"}
    assert noms(etat="sans") == {"Théâtre", "Ancienne Régie"}
    assert noms(etat="demande") == {"Théâtre"}
    assert noms(etat="sans", nature="gip") == {"Ancienne Régie"}
    assert "Aucun organisme ne répond" in lire(site.get("/pilotage/organismes/", q="zzz"))


def test_le_gestionnaire_d_un_doublon_compte_pour_l_organisme_garde(administratrice, paire):
    premiere, seconde = paire
    Rattachement.objects.filter(organisme=premiere).delete()
    reunir(par=administratrice, doublon=seconde, garde=premiere, raison="La même.")
    lue = q_organismes.organismes(administratrice, "", jour=JOUR).get(pk=premiere.pk)
    assert lue.a_un_gestionnaire


def test_le_tableau_suit_les_filtres_et_n_a_pas_de_formule(site, creer):
    creer("=cmd|calc", "gip")
    creer("Jardins")
    csv = site.get("/pilotage/organismes/tableau.csv", nature="gip").content.decode("utf-8-sig")
    assert [ligne.split(";")[0] for ligne in csv.splitlines()] == ["Nom", "'=cmd|calc"]
    assert site.get("/pilotage/organismes/tableau.pdf").status_code == 404


# Les doublons


def test_une_paire_se_propose_se_compare_et_se_reunit(site, paire):
    premiere, seconde = paire
    assert "Régie « du verger »" in lire(site.get("/pilotage/doublons/"))
    adresse = f"/pilotage/doublons/{premiere.pk}/{seconde.pk}/"
    page = lire(site.get(adresse))
    assert "Ida Traoré (gestionnaire)" in page
    assert "Même nom" in page
    assert site.post(adresse, raison="Même adresse").status_code == 422
    assert site.post(adresse, garde=seconde.pk, raison="Même adresse").status_code == 302
    premiere.refresh_from_db()
    assert premiere.fusionne_dans == seconde
    ecrits = Courriel.objects.filter(objet__contains="une seule page")
    assert set(ecrits.values_list("destinataire", flat=True)) == {
        "ida@tilleuls.example",
        "jo@tilleuls.example",
    }
    assert "Aucun doublon n’est proposé" in lire(site.get("/pilotage/doublons/"))
    histoire = lire(site.get(f"/organismes/{seconde.pk}/"))
    assert "a réuni à cette page un doublon : Régie du Verger." in histoire
    assert "(effacé)" not in lire(site.get("/pilotage/journal/"))


def test_separer_rend_sa_page_au_doublon_et_le_dit_aux_deux(site, administratrice, paire):
    premiere, seconde = paire
    reunir(par=administratrice, doublon=premiere, garde=seconde, raison="La même.")
    assert "Régie du Verger" in lire(site.get("/pilotage/doublons/reunis/"))
    Courriel.objects.all().delete()
    site.post(f"/pilotage/doublons/reunis/{premiere.pk}/separer/")
    premiere.refresh_from_db()
    assert premiere.fusionne_dans is None
    assert {c.destinataire: c.texte.rpartition("pour ")[2] for c in Courriel.objects.all()} == {
        "ida@tilleuls.example": "Régie du Verger.",
        "jo@tilleuls.example": "Régie « du verger ».",
    }


def test_une_fusion_refusee_n_ecrit_a_personne(administratrice, paire):
    premiere, seconde = paire
    with pytest.raises(Refus):
        reunir(par=administratrice, doublon=premiere, garde=seconde, raison="  ")
    with pytest.raises(Refus):
        separer(par=administratrice, doublon=premiere)
    assert not Courriel.objects.exists()
    assert not Evenement.objects.filter(action__startswith="pilotage.").exists()


def test_une_paire_ecartee_ne_revient_pas(site, paire):
    premiere, seconde = paire
    site.post(f"/pilotage/doublons/{premiere.pk}/{seconde.pk}/ecarter/")
    assert PaireEcartee.objects.count() == 1
    assert "Aucun doublon n’est proposé" in lire(site.get("/pilotage/doublons/"))


def test_un_tiers_glisse_dans_le_formulaire_n_est_pas_garde(site, paire, creer):
    premiere, seconde = paire
    tiers = creer("Théâtre")
    adresse = f"/pilotage/doublons/{premiere.pk}/{seconde.pk}/"
    assert site.post(adresse, garde=tiers.pk, raison="Même").status_code == 422
    assert not Organisme.objects.filter(fusionne_dans__isnull=False).exists()


def test_ce_qui_n_est_pas_une_paire_repond_comme_un_absent(site, administratrice, paire, creer):
    premiere, seconde = paire
    tiers = creer("Théâtre")
    reunir(par=administratrice, doublon=seconde, garde=premiere, raison="La même.")
    for a, b in ((premiere, premiere), (premiere, seconde), (tiers, seconde)):
        adresse = f"/pilotage/doublons/{a.pk}/{b.pk}/"
        assert site.get(adresse).status_code == 404
        assert site.post(adresse, garde=a.pk, raison="x").status_code == 404
        assert site.post(f"{adresse}ecarter/").status_code == 404
    assert site.post(f"/pilotage/doublons/reunis/{premiere.pk}/separer/").status_code == 404


def test_une_longue_liste_de_paires_se_cherche(site, paire, creer):
    creer("Théâtre des Halles")
    creer("Theatre des Halles")
    assert "Théâtre" not in lire(site.get("/pilotage/doublons/", q="verger"))
    assert "Aucune paire ne répond" in lire(site.get("/pilotage/doublons/", q="zzz"))


# Les personnes


def test_les_personnes_se_cherchent_sans_accent_et_se_filtrent(site, agir, personne):
    agir("Éloïse", Role.PILOTE, contrat="tilleuls")
    ferme = personne("Hana")
    Utilisateur.objects.filter(pk=ferme.pk).update(is_active=False)

    def prenoms(**choix):
        page = lire(site.get("/pilotage/utilisateurs/", **choix))
        return {p for p in ("Éloïse", "Hana", "Chloé") if f">{p} Traoré</a>" in page}

    assert prenoms() == {"Éloïse", "Hana", "Chloé"}
    assert prenoms(q="eloise TRAORE") == {"Éloïse"}
    assert prenoms(q="hana@tilleuls") == {"Hana"}
    assert prenoms(etat="ferme") == prenoms(role="aucun") == {"Hana"}
    assert prenoms(role="pilote") == {"Éloïse"}
    assert "Personne ne répond" in lire(site.get("/pilotage/utilisateurs/", q="zzz"))


def test_fermer_un_compte_finit_ses_sessions_a_l_instant(site, pilote, naviguer, contrat):
    ouverte, adresse = naviguer(pilote), f"/{contrat.code}/pilotage/"
    invitation = inviter(
        par=pilote,
        organisme=pilote.organisme,
        courriel="k@x.example",
        role="pilote",
        contrat=contrat.code,
    )
    assert ouverte.get(adresse).status_code == 200
    pk = pilote.utilisateur.pk
    site.post(f"/pilotage/utilisateurs/{pk}/fermer/", motif="A quitté la collectivité.")
    assert ouverte.get(adresse)["Location"].startswith("/compte/connexion/")
    assert Session.objects.count() == 1
    invitation.refresh_from_db()
    assert invitation.etat == EtatDInvitation.ANNULEE
    assert "Compte fermé" in lire(site.get("/pilotage/utilisateurs/", etat="ferme"))
    assert "A quitté la collectivité." in lire(site.get("/pilotage/journal/"))
    site.post(f"/pilotage/utilisateurs/{pk}/rouvrir/", motif="Revient.")
    # La vieille session ne revit pas.
    assert ouverte.get(adresse)["Location"].startswith("/compte/connexion/")
    assert naviguer(pilote).get(adresse).status_code == 200
    ecrits = Courriel.objects.filter(destinataire=pilote.utilisateur.courriel)
    assert ecrits.count() == 2


def test_on_ne_ferme_pas_son_propre_compte(site, administratrice):
    soi = administratrice.utilisateur
    site.post(f"/pilotage/utilisateurs/{soi.pk}/fermer/", motif="Adieu")
    soi.refresh_from_db()
    assert soi.is_active
    page = lire(site.get(f"/pilotage/utilisateurs/{soi.pk}/"))
    assert "Vous ne fermez pas votre propre compte" in page
    assert "Fermer le compte" not in page


def test_fermer_et_rouvrir_disent_leurs_motifs(administratrice, pilote):
    personne = pilote.utilisateur
    with pytest.raises(Refus, match=r"déjà ouvert.*Dites pourquoi"):
        rouvrir_le_compte(par=administratrice, utilisateur=personne, motif=" ")
    fermer_le_compte(par=administratrice, utilisateur=personne, motif="x")
    with pytest.raises(Refus, match="déjà fermé"):
        fermer_le_compte(par=administratrice, utilisateur=personne, motif="x")
    assert Evenement.objects.filter(action="pilotage.fermer_le_compte").count() == 1


def test_le_nom_d_une_personne_n_est_que_dans_les_details_effacables(administratrice, pilote):
    fermer_le_compte(par=administratrice, utilisateur=pilote.utilisateur, motif="x")
    acte = Evenement.objects.get(action="pilotage.fermer_le_compte")
    assert "Amina" not in acte.objet_nom
    assert acte.details.contenu["personne"] == "Amina Traoré"


def test_finir_le_role_d_une_personne(site, administratrice, pilote, gestionnaire):
    lien, pk = pilote.rattachement, pilote.utilisateur.pk
    # Le rôle de l'un sous l'adresse de l'autre.
    autre = f"/pilotage/utilisateurs/{gestionnaire.utilisateur.pk}/roles/{lien.pk}/fin/"
    assert site.post(autre).status_code == 404
    assert site.post(f"/pilotage/utilisateurs/{pk}/roles/{lien.pk}/fin/").status_code == 302
    lien.refresh_from_db()
    assert lien.etat == EtatDeRattachement.TERMINE
    # Clos, ou le sien : plus rien à finir.
    assert site.post(f"/pilotage/utilisateurs/{pk}/roles/{lien.pk}/fin/").status_code == 404
    soi = administratrice
    sien = f"/pilotage/utilisateurs/{soi.utilisateur.pk}/roles/{soi.rattachement.pk}/fin/"
    assert site.post(sien).status_code == 404
    assert "Terminé" in lire(site.get(f"/pilotage/utilisateurs/{pk}/"))


def test_ni_mot_de_passe_ni_personne_absente(site, pilote):
    pilote.utilisateur.set_password("un-secret-que-nul-ne-lit")
    pilote.utilisateur.save()
    page = lire(site.get(f"/pilotage/utilisateurs/{pilote.utilisateur.pk}/"))
    assert "password" not in page
    assert pilote.utilisateur.password not in page
    assert site.get("/pilotage/utilisateurs/987654/").status_code == 404
    for acte in ("fermer", "rouvrir"):
        assert site.post(f"/pilotage/utilisateurs/987654/{acte}/").status_code == 404


def test_donner_un_role_de_contrat_ou_l_administration(site, creer, contrat, voisin):
    epci = creer("Agglomération", "epci")
    assert str(epci.pk) in lire(site.get("/pilotage/utilisateurs/inviter/", q="agglo"))
    adresse = f"/pilotage/utilisateurs/inviter/{epci.pk}/"
    for role, code in (("pilote", voisin.code), ("administrateur", ""), ("gestionnaire", "")):
        site.post(adresse, courriel="k@x.example", role=role, contrat=code)
    assert set(Invitation.objects.values_list("role", "contrat")) == {
        ("pilote", voisin.code),
        ("administrateur", ""),
        ("gestionnaire", ""),
    }


@pytest.mark.parametrize(
    ("role", "code", "motif"),
    [
        ("pilote", "", "Dites pour quel contrat"),
        ("administrateur", "tilleuls", "ne dépend d’aucun contrat"),
        ("pilote", "nulle-part", "À revoir"),
        ("lecteur", "", "À revoir"),
    ],
)
def test_un_role_mal_donne_se_refuse(site, creer, contrat, role, code, motif):
    adresse = f"/pilotage/utilisateurs/inviter/{creer('Agglomération', 'epci').pk}/"
    reponse = site.post(adresse, courriel="k@x.example", role=role, contrat=code)
    assert reponse.status_code == 422
    assert motif in lire(reponse)
    assert not Invitation.objects.exists()


def test_un_organisme_absent_n_invite_personne(site):
    assert site.get("/pilotage/utilisateurs/inviter/987654/").status_code == 404
    assert site.post("/pilotage/utilisateurs/inviter/987654/").status_code == 404


# Les courriels


def test_les_courriels_abandonnes_disent_pourquoi_et_jamais_leur_texte(site, abandonner):
    abandonner(objet="Votre objet visible")
    abandonner(sujet=Sujet.SECURITE, objet="Code 123456 pour entrer")
    page = lire(site.get("/pilotage/courriels/"))
    assert "550 Boîte inconnue" in page
    assert "Votre objet visible" in page
    assert "123456" not in page
    assert "Sécurité de votre compte" in page


def test_les_courriels_se_filtrent_et_les_echecs_recents_se_voient(site, abandonner):
    abandonner("a@x.example", etat=Etat.ENVOYE, envoye_le=timezone.now())
    abandonner("b@x.example", etat=Etat.A_ENVOYER, prochain_essai_le=timezone.now())
    abandonner("c@x.example")

    def adresses(**choix):
        page = lire(site.get("/pilotage/courriels/", **choix))
        return {a for a in ("a@x.example", "b@x.example", "c@x.example") if a in page}

    assert adresses() == {"c@x.example"}
    assert adresses(etat="") == {"a@x.example", "b@x.example", "c@x.example"}
    assert adresses(etat="rate") == {"b@x.example"}
    assert adresses(etat="", q="A@X") == {"a@x.example"}
    assert "Aucun courriel ne répond" in lire(site.get("/pilotage/courriels/", etat="en_cours"))


def test_on_relance_ceux_que_l_on_coche(site, abandonner):
    coche, laisse = abandonner(), abandonner()
    site.post("/pilotage/courriels/relancer/", courriel=[str(coche.identifiant)])
    coche.refresh_from_db()
    laisse.refresh_from_db()
    assert (coche.etat, coche.essais, laisse.etat) == (Etat.A_ENVOYER, 0, Etat.ABANDONNE)
    acte = Evenement.objects.get(action="pilotage.relancer")
    assert acte.details.contenu == {"nombre": 1}
    assert "a relancé 1 courriel." in lire(site.get("/pilotage/journal/"))


@pytest.mark.parametrize("intrus", ["envoye", "absent", "illisible", "rien"])
def test_un_seul_intrus_et_rien_ne_repart(site, abandonner, intrus):
    coche = abandonner()
    envoye = abandonner(etat=Etat.ENVOYE, envoye_le=timezone.now())
    ids = {
        "envoye": [coche.identifiant, envoye.identifiant],
        "absent": [coche.identifiant, uuid4()],
        "illisible": [coche.identifiant, "1 OR 1=1"],
        "rien": [],
    }[intrus]
    assert site.post("/pilotage/courriels/relancer/", courriel=ids).status_code == 404
    coche.refresh_from_db()
    assert coche.etat == Etat.ABANDONNE
    assert not Evenement.objects.filter(action="pilotage.relancer").exists()


def test_on_relance_toute_la_liste_filtree_et_elle_seule(site, abandonner):
    vises = [abandonner(f"v{rang}@ville.example") for rang in range(3)]
    autres = [
        abandonner("x@ailleurs.example"),
        abandonner("y@ville.example", sujet=Sujet.SECURITE),
    ]
    site.post(
        "/pilotage/courriels/relancer/",
        tous="oui",
        q="ville",
        sujet="plateforme",
        # Ce que l'on glisse en plus ne compte pas.
        courriel=[str(autres[0].identifiant)],
    )
    a_envoyer = Courriel.objects.filter(etat=Etat.A_ENVOYER)
    assert {c.pk for c in a_envoyer} == {c.pk for c in vises}
    assert Evenement.objects.get(action="pilotage.relancer").details.contenu == {"nombre": 3}


def test_relancer_ce_qui_n_est_plus_abandonne_se_refuse(site, administratrice, abandonner):
    parti = abandonner(etat=Etat.ENVOYE, envoye_le=timezone.now())
    with pytest.raises(Refus, match="rien à relancer"):
        relancer_les_courriels(par=administratrice, courriels=[parti])
    site.post("/pilotage/courriels/relancer/", tous="oui")
    assert not Evenement.objects.filter(action="pilotage.relancer").exists()


# Les lectures sans la porte, et le coût


def test_chaque_lecture_est_vide_pour_un_pilote(pilote, paire, abandonner):
    courriel, (premiere, seconde) = abandonner(), paire
    reunir(par=pilote, doublon=seconde, garde=premiere, raison="La même.")
    assert q_organismes.page_des_organismes(pilote, {}, jour=JOUR)[0].total == 0
    assert q_organismes.page_des_doublons(pilote, {}).total == 0
    assert q_organismes.page_des_reunis(pilote, {}).total == 0
    assert q_utilisateurs.page_des_utilisateurs(pilote, {}, jour=JOUR)[0].total == 0
    assert q_courriels.page_des_courriels(pilote, {})[0].total == 0
    assert q_courriels.abandonnes(pilote, {}) == []
    with pytest.raises(Organisme.DoesNotExist):
        q_organismes.comparaison(pilote, premiere.pk, seconde.pk, jour=JOUR)
    with pytest.raises(Organisme.DoesNotExist):
        q_organismes.doublon_reuni(pilote, seconde.pk)
    with pytest.raises(Utilisateur.DoesNotExist):
        q_utilisateurs.utilisateur(pilote, pilote.utilisateur.pk)
    with pytest.raises(Rattachement.DoesNotExist):
        q_utilisateurs.rattachement_a_finir(pilote, 1, 1)
    with pytest.raises(Courriel.DoesNotExist):
        q_courriels.abandonnes_choisis(pilote, [str(courriel.identifiant)])


def test_le_nombre_de_requetes_ne_depend_pas_des_lignes(site, agir, abandonner, administratrice):
    pages = ("", "organismes/", "doublons/", "doublons/reunis/", "utilisateurs/", "courriels/")
    comptes = {page: [] for page in pages}
    site.get("/pilotage/")
    for depuis, jusque in ((0, 1), (1, 3), (3, 50)):
        for rang in range(depuis, jusque):
            double = Organisme.objects.create(nom=f"Jardin {rang}", nature="gip")
            jumeau = Organisme.objects.create(nom=f"jardin {rang}", nature="gip")
            Organisme.objects.create(nom=f"D {rang}", nature="gip", fusionne_dans=jumeau)
            agir(f"P{rang}", Role.GESTIONNAIRE, organisme=double)
            abandonner()
        for page, mesures in comptes.items():
            with CaptureQueriesContext(connection) as lues:
                assert site.get(f"/pilotage/{page}").status_code == 200
            mesures.append(len(lues))
    assert all(len(set(mesures)) == 1 for mesures in comptes.values()), comptes


@pytest.mark.parametrize(
    "page", ["organismes/", "doublons/", "doublons/reunis/", "utilisateurs/", "courriels/"]
)
def test_une_adresse_hostile_ne_casse_rien(site, page):
    for valeur in ("\x00", "'; --", "9" * 400, "<script>alert(1)</script>", "²"):
        lue = site.get(
            f"/pilotage/{page}", apres=valeur, avant=valeur, etat=valeur, role=valeur, q=valeur
        )
        assert lue.status_code == 200
        assert b"<script>alert" not in lue.content


def test_le_journal_tient_apres_tous_ces_actes(site, administratrice, paire, pilote):
    premiere, seconde = paire
    reunir(par=administratrice, doublon=seconde, garde=premiere, raison="La même.")
    separer(par=administratrice, doublon=Organisme.objects.get(pk=seconde.pk))
    fermer_le_compte(par=administratrice, utilisateur=pilote.utilisateur, motif="x")
    assert ruptures() == []
    page = lire(site.get("/pilotage/journal/"))
    assert "a séparé de cette page" in page
    assert "(effacé)" not in page
