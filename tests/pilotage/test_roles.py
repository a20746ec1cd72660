"""Les rôles d'un contrat : inviter, annuler, finir, sans jamais toucher à ceux d'un autre."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Role
from parvis.comptes.models import Invitation
from parvis.pilotage.actions.roles import inviter_a_un_role
from parvis.pilotage.queries import roles as q_roles
from parvis.socle.refus import Refus
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)
DEBUT = date(2015, 1, 1)


def test_le_pilote_invite_a_un_role_de_son_contrat(ouvert, pilote, contrat):
    site, adresse = ouvert
    lieu = adresse(f"roles/inviter/{pilote.organisme.pk}/")
    assert "Administrateur" not in lire(site.get(lieu))
    reponse = site.post(lieu, courriel="Kim@Essai.example", role="elu", fin_le="2031-03-31")
    assert reponse["Location"] == adresse("roles/invitations/")
    envoyee = Invitation.objects.get()
    assert (envoyee.courriel, envoyee.role, envoyee.contrat) == (
        "kim@essai.example",
        "elu",
        contrat.code,
    )
    page = lire(site.get(adresse("roles/invitations/")))
    assert "kim@essai.example" in page
    site.post(adresse(f"roles/invitations/{envoyee.pk}/annuler/"))
    envoyee.refresh_from_db()
    assert envoyee.etat == EtatDInvitation.ANNULEE


@pytest.mark.parametrize("role", ["administrateur", "contributeur", "expert", "rien", ""])
def test_le_pilote_n_invite_pas_a_un_autre_role(ouvert, pilote, role):
    site, adresse = ouvert
    reponse = site.post(
        adresse(f"roles/inviter/{pilote.organisme.pk}/"), courriel="k@x.example", role=role
    )
    assert reponse.status_code == 422
    assert not Invitation.objects.exists()


def test_le_contrat_d_un_autre_ne_se_glisse_pas_dans_le_formulaire(ouvert, pilote, contrat, voisin):
    site, adresse = ouvert
    site.post(
        adresse(f"roles/inviter/{pilote.organisme.pk}/"),
        courriel="k@x.example",
        role="pilote",
        contrat=voisin.code,
    )
    assert Invitation.objects.get().contrat == contrat.code


def test_le_pilote_ouvre_la_porte_d_un_organisme_et_une_seule_fois(ouvert, creer, agir):
    site, adresse = ouvert
    jardins = creer("Jardins")
    lieu = adresse(f"roles/inviter/{jardins.pk}/")
    site.post(lieu, courriel="k@x.example", role="gestionnaire")
    assert Invitation.objects.get().contrat == ""
    assert "k@x.example" in lire(site.get(adresse("roles/invitations/")))
    agir("Ida", Role.GESTIONNAIRE, organisme=jardins)
    reponse = site.post(lieu, courriel="l@x.example", role="gestionnaire")
    assert "a déjà un gestionnaire" in lire(reponse)
    assert Invitation.objects.count() == 1


def test_inviter_sans_role_de_pilote_se_refuse(gestionnaire, contrat):
    with pytest.raises(Refus):
        inviter_a_un_role(
            par=gestionnaire,
            organisme=gestionnaire.organisme,
            courriel="k@x.example",
            role="pilote",
            contrat=contrat.code,
        )


def test_le_partenaire_d_un_autre_contrat_n_est_pas_ou_inviter(ouvert, creer, voisin):
    site, adresse = ouvert
    jardins = creer("Jardins")
    voisin.partenaires.first().rapprochements.create(
        organisme=jardins, depuis_le=DEBUT, origine="choisie"
    )
    lieu = adresse(f"roles/inviter/{jardins.pk}/")
    assert site.get(lieu).status_code == 404
    assert site.post(lieu, courriel="k@x.example", role="gestionnaire").status_code == 404


def test_l_invitation_d_un_autre_contrat_ne_s_annule_pas(ouvert, autre_pilote, voisin, creer):
    site, adresse = ouvert
    siennes = [
        inviter_a_un_role(
            par=autre_pilote,
            organisme=creer(f"O {role}", nature),
            courriel="k@x.example",
            role=role,
            contrat=code,
        )
        for role, nature, code in (("pilote", "epci", voisin.code), ("gestionnaire", "gip", ""))
    ]
    for une in siennes:
        reponse = site.post(adresse(f"roles/invitations/{une.pk}/annuler/"))
        assert reponse.status_code == 404
        une.refresh_from_db()
        assert une.etat == EtatDInvitation.ENVOYEE
    assert "k@x.example" not in lire(site.get(adresse("roles/invitations/")))


def test_une_invitation_echue_n_attend_plus(pilote, contrat):
    inviter_a_un_role(
        par=pilote,
        organisme=pilote.organisme,
        courriel="k@x.example",
        role="pilote",
        contrat=contrat.code,
    )
    plus_tard = timezone.now() + timedelta(days=15)
    assert not q_roles.invitations_du_contrat(pilote, contrat, maintenant=plus_tard).exists()


def test_un_role_du_contrat_se_finit_et_le_sien_non(ouvert, agir, pilote, contrat):
    site, adresse = ouvert
    elue = agir("Elsa", Role.ELU, contrat=contrat.code).rattachement
    assert site.post(adresse(f"roles/{elue.pk}/fin/"), motif="Mandat fini").status_code == 302
    elue.refresh_from_db()
    assert elue.etat == EtatDeRattachement.TERMINE
    assert site.post(adresse(f"roles/{pilote.rattachement.pk}/fin/")).status_code == 404


def test_ni_le_role_d_un_autre_contrat_ni_un_gestionnaire_ne_se_finit_ici(
    ouvert, autre_pilote, gestionnaire, contrat
):
    site, adresse = ouvert
    contrat.partenaires.first().rapprochements.create(
        organisme=gestionnaire.organisme, depuis_le=DEBUT, origine="choisie"
    )
    for lien in (autre_pilote.rattachement, gestionnaire.rattachement):
        assert site.post(adresse(f"roles/{lien.pk}/fin/")).status_code == 404
        lien.refresh_from_db()
        assert lien.est_confirme
    page = lire(site.get(adresse("roles/"), role="gestionnaire"))
    assert "Driss" in page
    assert "Boris" not in lire(site.get(adresse("roles/")))


def test_chercher_ou_inviter(ouvert, creer):
    site, adresse = ouvert
    jardins = creer("Jardins du Verger")
    page = lire(site.get(adresse("roles/inviter/"), q="jardin"))
    assert adresse(f"roles/inviter/{jardins.pk}/") in page
    assert "ne répond" in lire(site.get(adresse("roles/inviter/"), q="zzz"))
