"""Les personnes et l'organisme pour lequel elles agissent."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse

from parvis.comptes.acces import acces, administrateurs, tous
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.organismes.models import Organisme
from tests.fabriques.comptes import rattachement

pytestmark = pytest.mark.django_db
JOUR = date(2015, 6, 1)


@pytest.fixture
def personne():
    return Utilisateur.objects.create(courriel="ines@exemple.fr", prenom="Inès", nom="Cohen")


@pytest.fixture
def organisme():
    return Organisme.objects.create(nom="Les Amis du Verger", nature="association")


def rattacher(personne, organisme, **autres) -> Rattachement:
    return rattachement(
        personne, organisme, **({"role": Role.SIGNATAIRE, "debut_le": JOUR} | autres)
    )


def refuse(faire) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        faire()


def test_un_courriel_s_ecrit_en_minuscules_et_une_seule_fois(personne):
    refuse(lambda: Utilisateur.objects.create(courriel="Autre@exemple.fr", nom="A"))
    refuse(lambda: Utilisateur.objects.create(courriel="ines@exemple.fr", nom="B"))
    with pytest.raises(ValidationError, match="minuscules"):
        Utilisateur(courriel="Autre@exemple.fr", nom="A", prenom="B", password="x").full_clean()


@pytest.mark.parametrize(
    "faute",
    [
        {"fin_le": JOUR - timedelta(days=1)},
        {"role": "roi"},
        {"etat": "reve"},
        {"contrat": "tilleuls"},
        {"role": Role.PILOTE},
        {"confirme_le": None},
        {"preuve": ""},
        {"clos_le": datetime(2026, 1, 1, tzinfo=UTC)},
        {"etat": "refuse", "clos_le": None},
    ],
)
def test_un_rattachement_mal_forme_est_refuse(personne, organisme, faute):
    refuse(lambda: rattacher(personne, organisme, **faute))


def test_un_role_ne_s_ouvre_pas_deux_fois(personne, organisme):
    premier = rattacher(personne, organisme)
    refuse(lambda: rattacher(personne, organisme))
    rattacher(personne, organisme, role=Role.LECTEUR)
    Rattachement.objects.filter(pk=premier.pk).update(fin_le=JOUR)
    rattacher(personne, organisme, debut_le=JOUR + timedelta(days=1))


@pytest.mark.parametrize(("ecart", "vaut"), [(-1, False), (0, True), (10, True), (11, False)])
def test_un_rattachement_vaut_entre_ses_dates_comprises(personne, organisme, ecart, vaut):
    rattachement = rattacher(personne, organisme, fin_le=JOUR + timedelta(days=10))
    assert rattachement.est_en_cours(JOUR + timedelta(days=ecart)) is vaut


@pytest.mark.parametrize("champ", ["utilisateur", "organisme"])
def test_on_n_efface_pas_ce_qui_est_rattache(personne, organisme, champ):
    rattachement = rattacher(personne, organisme)
    refuse(lambda: getattr(rattachement, champ).delete())


@pytest.mark.parametrize("faute", [{"nom": ""}, {"nature": "licorne"}])
def test_un_organisme_mal_forme_est_refuse(faute):
    valeurs = {"nom": "Amicale", "nature": "association"} | faute
    refuse(lambda: Organisme.objects.create(**valeurs))


class TestActeur:
    def test_est_fige(self, acteur):
        with pytest.raises(FrozenInstanceError):
            acteur.utilisateur = None

    def test_porte_les_noms_que_le_journal_imprime(self, acteur):
        assert acteur.utilisateur_nom == "Amina Traoré"
        assert acteur.organisme_nom == "Agglomération des Tilleuls"
        assert acteur.role == Role.PILOTE
        assert not acteur.est_anonyme

    def test_refuse_le_rattachement_d_une_autre(self, acteur, personne, organisme):
        rattachement = rattacher(personne, organisme)
        with pytest.raises(ValueError, match="celui de cette personne"):
            Acteur(acteur.utilisateur, rattachement)
        with pytest.raises(ValueError, match="celui de cette personne"):
            Acteur(None, rattachement)

    @pytest.mark.parametrize("jour", [JOUR - timedelta(days=1), JOUR + timedelta(days=2)])
    def test_refuse_un_rattachement_qui_ne_vaut_pas_ce_jour(self, personne, organisme, jour):
        rattachement = rattacher(personne, organisme, fin_le=JOUR + timedelta(days=1))
        with pytest.raises(ValueError, match="en cours"):
            Acteur.pour(personne, rattachement, jour=jour)

    def test_un_visiteur_et_une_machine_n_ont_ni_role_ni_organisme(self):
        visiteur, machine = Acteur.anonyme(), Acteur.machine("commande x")
        assert (visiteur.utilisateur_nom, visiteur.est_anonyme) == ("Visiteur", True)
        assert (machine.utilisateur_nom, machine.est_anonyme) == ("commande x", False)
        for acteur in (visiteur, machine):
            assert (acteur.role, acteur.organisme_nom, acteur.utilisateur_identifiant) == ("",) * 3
            assert acteur.organisme_identifiant == ""


class TestAcces:
    def test_ouvre_a_qui_la_regle_ouvre(self, rf):
        vue = acces(tous)(lambda request: HttpResponse("oui"))
        assert vue(rf.get("/")).content == b"oui"

    def test_repond_comme_si_rien_n_existait(self, rf, acteur):
        vue = acces(administrateurs)(lambda request: HttpResponse("oui"))
        requete = rf.get("/")
        requete._acteur = acteur
        with pytest.raises(Http404):
            vue(requete)

    def test_invite_un_visiteur_a_se_connecter(self, rf):
        vue = acces(administrateurs)(lambda request: HttpResponse("oui"))
        assert vue(rf.get("/la/?a=1"))["Location"] == "/compte/connexion/?next=/la/%3Fa%3D1"
        assert vue(rf.post("/la/"))["Location"] == "/compte/connexion/?next=/compte/"

    def test_htmx_change_de_page_entiere(self, rf):
        vue = acces(administrateurs)(lambda request: HttpResponse("oui"))
        reponse = vue(rf.get("/la/", headers={"HX-Request": "true"}))
        assert (reponse.status_code, reponse["HX-Redirect"]) == (
            204,
            "/compte/connexion/?next=/la/",
        )

    def test_la_vue_garde_son_nom_et_dit_sa_regle(self):
        @acces(tous)
        def liste(request):
            """La liste."""

        assert (liste.__name__, liste.__doc__, liste.acces) == ("liste", "La liste.", tous)
