"""Entrer d'un geste comme une personne inventée : en démonstration, et jamais ailleurs."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.enums import EtatDeRattachement, Preuve, Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.comptes.queries.demonstration import personnes_de_demonstration
from parvis.organismes.models import Organisme
from tests.fabriques.authentification import Visiteur, personne
from tests.fabriques.comptes import monde

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _demonstration(settings):
    settings.DEMONSTRATION = True


@pytest.fixture
def rose():
    return personne("rose@demonstration.example", prenom="Rose", nom="Martin")


def rattacher(utilisateur, role, nature, **autres):
    organisme = Organisme.objects.create(nom=f"Organisme {role} {nature}", nature=nature)
    valeurs = {
        "debut_le": JOUR,
        "etat": EtatDeRattachement.CONFIRME,
        "preuve": Preuve.NOMINATION,
        "confirme_le": timezone.now(),
    }
    return Rattachement.objects.create(
        utilisateur=utilisateur, organisme=organisme, role=role, **(valeurs | autres)
    )


def test_les_personnes_se_rangent_par_ce_qu_elles_viennent_faire(rose):
    personne("ines@exemple.fr")
    personne("ferme@demonstration.example", is_active=False)
    pilote, agent, elu = (personne(f"{n}@demonstration.example") for n in ("a", "b", "c"))
    rattacher(rose, Role.GESTIONNAIRE, "association")
    rattacher(pilote, Role.PILOTE, "epci", contrat="tilleuls")
    rattacher(agent, Role.INSTRUCTEUR, "etat")
    rattacher(elu, Role.ELU, "commune", contrat="tilleuls", fin_le=JOUR)
    groupes = {
        g.lecteur: [p.utilisateur for p in g.personnes]
        for g in personnes_de_demonstration(jour=date(2026, 3, 3))
    }
    assert groupes == {
        "Porter un projet": [rose],
        "Financer et étudier": [agent],
        "Conduire le contrat": [pilote],
        "Arriver sans organisme": [elu],
    }


def test_le_nombre_de_requetes_ne_depend_pas_des_personnes(django_assert_num_queries):
    for rang in range(5):
        une = personne(f"n{rang}@demonstration.example")
        rattacher(une, Role.GESTIONNAIRE, "association", contrat="")
    with django_assert_num_queries(2):
        groupes = personnes_de_demonstration(jour=JOUR)
        assert [r.organisme.nom for p in groupes[0].personnes for r in p.roles]


def test_un_geste_suffit_et_mene_ou_l_on_allait(rose):
    visiteur = Visiteur()
    visiteur.ouvrir("account_login", next="/organismes/?q=verger")
    assert "Rose Martin" in visiteur.texte
    visiteur.envoyer(personne=str(rose.pk))
    assert visiteur.est_connecte
    assert visiteur.chemin == reverse("comptes:trouver")


@pytest.mark.parametrize("choisie", ["", "0", "abc", "9" * 40, "²"])
def test_une_personne_qui_n_existe_pas_est_introuvable(choisie):
    reponse = Visiteur().client.post(reverse("comptes:essayer"), {"personne": choisie})
    assert reponse.status_code == 404


def test_une_vraie_personne_ne_s_essaie_pas():
    vraie = personne("ines@exemple.fr")
    visiteur = Visiteur()
    reponse = visiteur.client.post(reverse("comptes:essayer"), {"personne": vraie.pk})
    assert reponse.status_code == 404
    assert not visiteur.est_connecte


def test_on_n_est_pas_mene_ailleurs(rose):
    envoi = {"personne": rose.pk, "next": "https://exemple.org/"}
    reponse = Visiteur().client.post(reverse("comptes:essayer"), envoi)
    assert reponse["Location"] == reverse("comptes:accueil")


def test_hors_de_la_demonstration_la_porte_n_existe_pas(rose, settings):
    settings.DEMONSTRATION = False
    visiteur = Visiteur()
    reponse = visiteur.client.post(reverse("comptes:essayer"), {"personne": rose.pk})
    assert reponse.status_code == 404
    assert not visiteur.est_connecte
    visiteur.ouvrir("account_login")
    assert "Rose Martin" not in visiteur.texte


def test_une_page_ne_peut_pas_l_ouvrir_par_un_simple_lien(rose):
    reponse = Visiteur().client.get(reverse("comptes:essayer"), {"personne": rose.pk})
    assert reponse.status_code == 405


def test_la_vitrine_montre_un_role_une_fois_et_n_en_perd_aucun():
    lieux = monde()
    for acteur in lieux.acteurs.values():
        if acteur.utilisateur:
            adresse = acteur.utilisateur.courriel.replace("@exemple.fr", "@demonstration.example")
            Utilisateur.objects.filter(pk=acteur.utilisateur.pk).update(courriel=adresse)
    for groupe in personnes_de_demonstration(jour=JOUR):
        roles = [p.roles[0].role if p.roles else "" for p in groupe.en_vitrine]
        assert len(roles) == len(set(roles))
        tous = sorted(p.utilisateur.pk for p in [*groupe.en_vitrine, *groupe.autres])
        assert tous == sorted(p.utilisateur.pk for p in groupe.personnes)
