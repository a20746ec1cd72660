"""L'accueil du pilote, et ce qui vaut pour toutes ses listes."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.cadre.actions.brouillons import preparer_un_avenant
from parvis.cadre.actions.contrats import creer_contrat
from parvis.comptes.enums import Role
from parvis.comptes.models import Invitation
from parvis.courriels.models import Courriel
from parvis.dossiers.actions.appels import preparer_une_version, publier_l_appel
from parvis.journal.models import Evenement
from parvis.organismes.models import Organisme
from parvis.pilotage.actions.roles import inviter_a_un_role
from parvis.pilotage.queries import demandes as q_demandes
from parvis.pilotage.queries import partenaires as q_partenaires
from parvis.pilotage.queries import roles as q_roles
from parvis.pilotage.queries.attente import attente_du_pilote
from tests.fabriques import appels
from tests.fabriques.cadre import MACHINE
from tests.fabriques.lectures import lue
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)
DEBUT = date(2015, 1, 1)


def test_l_accueil_dit_ce_qui_attend_et_ce_qui_s_est_passe(ouvert, caf, demande, pilote, contrat):
    site, adresse = ouvert
    inviter_a_un_role(
        par=pilote,
        organisme=pilote.organisme,
        courriel="ida@x.example",
        role="pilote",
        contrat=contrat.code,
    )
    page = lire(site.get(adresse()))
    assert "1 demande de rattachement</a> attend votre décision" in page
    assert "Un organisme est proposé pour" in page
    assert "a invité ida@x.example à agir comme pilote du contrat" in page
    attente = attente_du_pilote(pilote, contrat, jour=JOUR, maintenant=timezone.now())
    assert (attente.demandes, attente.proposes, attente.invitations) == (1, 1, 1)
    assert attente.sans_organisme == contrat.partenaires.count()


def test_un_appel_en_brouillon_attend_sa_publication(ouvert, pilote, contrat):
    site, adresse = ouvert
    version = appels.brouillon(pilote, contrat, titre="Un appel pas fini")
    page = lire(site.get(adresse()))
    assert "Un appel attend sa publication" in page and "Un appel pas fini" in page
    assert f"/pilotage/appels/{version.appel.adresse}/" in page
    publie = publier_l_appel(par=pilote, version=version)
    assert "Un appel pas fini" not in lire(site.get(adresse())).split("Ce qui s’est passé")[0]
    preparer_une_version(par=pilote, appel=publie.appel)
    assert "Une nouvelle version d’un appel attend sa publication" in lire(site.get(adresse()))


def test_l_histoire_d_un_contrat_n_est_pas_celle_d_un_autre(ouvert, autre_pilote, voisin):
    site, adresse = ouvert
    inviter_a_un_role(
        par=autre_pilote,
        organisme=autre_pilote.organisme,
        courriel="jo@x.example",
        role="pilote",
        contrat=voisin.code,
    )
    assert "jo@x.example" not in lire(site.get(adresse()))


def test_le_nombre_de_requetes_ne_depend_pas_des_lignes(ouvert, agir, pilote, contrat):
    site, adresse = ouvert
    site.get(adresse())
    maintenant = timezone.now()
    comptes = {
        page: [] for page in ("", "partenaires/", "demandes/", "roles/", "roles/invitations/")
    }
    for depuis, jusque in ((0, 1), (1, 3), (3, 50)):
        for rang in range(depuis, jusque):
            organisme = Organisme.objects.create(nom=f"Jardin {rang}", nature="association")
            agir(f"P{rang}", Role.GESTIONNAIRE, organisme=organisme, est_confirme=False)
            agir(f"E{rang}", Role.ELU, contrat=contrat.code, organisme=organisme)
            Invitation.objects.create(
                organisme=organisme,
                courriel=f"i{rang}@x.example",
                role="elu",
                contrat=contrat.code,
                empreinte=f"{rang}",
                invite_par=pilote.rattachement,
                cree_le=maintenant,
                expire_le=maintenant + timedelta(days=1),
            )
            partenaire = contrat.partenaires.create(
                nom=f"P {rang}", slug=f"p-{rang}", cle_de_tri=f"p {rang:03}"
            )
            partenaire.rapprochements.create(
                organisme=organisme, depuis_le=DEBUT, origine="choisie"
            )
        for page, mesures in comptes.items():
            with CaptureQueriesContext(connection) as lues:
                assert site.get(adresse(page)).status_code == 200
            mesures.append(len(lues))
    assert all(len(set(mesures)) == 1 for mesures in comptes.values()), comptes


@pytest.mark.parametrize("page", ["partenaires/", "demandes/", "roles/", "roles/invitations/"])
def test_une_adresse_hostile_ne_casse_rien(ouvert, page):
    site, adresse = ouvert
    for valeur in ("\x00", "'; --", "9" * 400, "<script>alert(1)</script>", "²"):
        lue = site.get(
            adresse(page), apres=valeur, avant=valeur, etat=valeur, role=valeur, q=valeur
        )
        assert lue.status_code == 200
        assert b"<script>alert" not in lue.content


def test_une_page_suit_l_autre(ouvert, agir, contrat):
    site, adresse = ouvert
    for rang in range(60):
        agir(f"E{rang:02}", Role.ELU, contrat=contrat.code)
    page = lire(site.get(adresse("roles/"), role="elu"))
    assert "1 à 50 sur 60" in page
    suite = page.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    seconde = lire(site.client.get(adresse("roles/") + suite.replace("&amp;", "&")))
    assert "51 à 60 sur 60" in seconde
    assert "E59" in seconde
    assert 'rel="prev"' in seconde


def test_le_courriel_d_invitation_part_dans_la_transaction(pilote, contrat):
    inviter_a_un_role(
        par=pilote,
        organisme=pilote.organisme,
        courriel="k@x.example",
        role="pilote",
        contrat=contrat.code,
    )
    assert Courriel.objects.get().destinataire == "k@x.example"
    assert Evenement.objects.filter(action="comptes.inviter", contrat=contrat.code).count() == 1


def test_chaque_lecture_est_vide_pour_un_autre(autre_pilote, contrat, demande, caf, partenaire):
    lien = partenaire.rapprochements.create(organisme=caf, depuis_le=DEBUT, origine="choisie")
    acteur, maintenant = autre_pilote, timezone.now()
    assert q_partenaires.lignes_des_partenaires(acteur, contrat, {}, jour=JOUR)[0].total == 0
    assert q_partenaires.tableau_des_partenaires(acteur, contrat, {}, jour=JOUR) == []
    assert q_demandes.page_des_demandes(acteur, contrat, {}, jour=JOUR)[0].total == 0
    assert q_roles.page_des_roles(acteur, contrat, {}, jour=JOUR)[0].total == 0
    assert q_roles.page_des_invitations(acteur, contrat, {}, maintenant=maintenant).total == 0
    for lecture, arguments in (
        (q_partenaires.ligne_du_partenaire, {"pk": partenaire.pk, "jour": JOUR}),
        (q_partenaires.proposition, {"pk": partenaire.pk, "organisme": caf.pk}),
        (q_partenaires.rapprochement, {"partenaire": partenaire.pk, "pk": lien.pk}),
        (q_demandes.demande_a_trancher, {"pk": demande.pk, "jour": JOUR}),
        (q_roles.role_a_finir, {"pk": demande.pk, "jour": JOUR}),
        (q_roles.organisme_ou_inviter, {"pk": caf.pk, "jour": JOUR}),
    ):
        with pytest.raises(ObjectDoesNotExist):
            lecture(acteur, contrat, **arguments)


def test_un_document_lu_et_un_brouillon_attendent_le_pilote(ouvert, contrat):
    site, adresse = ouvert
    page = lire(site.get(adresse()))
    assert "Un document est lu" not in page and "Un brouillon attend" not in page
    lecture = lue(MACHINE, contrat)
    avenant = preparer_un_avenant(par=MACHINE, edition=contrat.editions.get())
    page = lire(site.get(adresse()))
    assert adresse(f"cadre/lectures/{lecture.pk}/") in page
    assert adresse(f"cadre/editions/{avenant.code}/") in page


def test_un_avenant_en_preparation_se_dit_avant_d_en_preparer_un_autre(ouvert, contrat):
    site, adresse = ouvert
    racine = adresse("cadre/editions/2015-06/")
    assert "Préparer un avenant" in lire(site.get(racine))
    avenant = preparer_un_avenant(par=MACHINE, edition=contrat.editions.get())
    page = lire(site.get(racine))
    assert adresse(f"cadre/editions/{avenant.code}/plan/") in page
    assert "Préparer un autre avenant" in page


def test_un_contrat_sans_edition_publiee_ne_lie_que_des_pages_qui_existent(agir, naviguer):
    contrat = creer_contrat(
        par=MACHINE,
        code="erables",
        titre="Contrat des Érables",
        territoire="Érables",
        debut=2024,
        fin=2030,
    )
    site = naviguer(agir("Maud", Role.PILOTE, contrat=contrat.code))
    for suite in ("", "cadre/", "partenaires/", "roles/"):
        page = lire(site.get(f"/erables/pilotage/{suite}"))
        assert "Contrat des Érables" in page
        liens = set(re.findall(r'(?:href|action)="(/erables/[^"#?]*)', page))
        assert liens
        for lien in liens:
            assert site.get(lien).status_code in (200, 405), lien
