"""Le pilote tranche sur une pièce, et seulement ce qui est à lui de trancher."""

from datetime import date

import pytest
from django.utils import timezone

from parvis.comptes.actions.rattachements import revendiquer
from parvis.comptes.enums import EtatDeRattachement, Preuve, Role
from parvis.organismes import actions as organismes
from parvis.pilotage.queries import demandes as q_demandes
from tests.pilotage.conftest import MOI, lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)
DEBUT = date(2015, 1, 1)


def test_une_demande_se_confirme_sur_une_piece(ouvert, demande):
    site, adresse = ouvert
    page = lire(site.get(adresse("demandes/")))
    for morceau in ("Hana Traoré, pour Les Jardins du Verger", "« Trésorière élue. »"):
        assert morceau in page
    assert "https://annuaire-entreprises.data.gouv.fr/entreprise/000200014" in page
    site.post(adresse(f"demandes/{demande.pk}/confirmer/"), precision="  ")
    demande.refresh_from_db()
    assert demande.etat == EtatDeRattachement.EN_ATTENTE
    site.post(adresse(f"demandes/{demande.pk}/confirmer/"), precision="PV du 12 janvier")
    demande.refresh_from_db()
    assert (demande.etat, demande.preuve) == (EtatDeRattachement.CONFIRME, Preuve.PIECE)
    assert demande.precision == "PV du 12 janvier"


def test_une_demande_se_refuse_avec_un_motif(ouvert, demande):
    site, adresse = ouvert
    site.post(adresse(f"demandes/{demande.pk}/refuser/"))
    demande.refresh_from_db()
    assert demande.etat == EtatDeRattachement.EN_ATTENTE
    site.post(adresse(f"demandes/{demande.pk}/refuser/"), motif="Aucune pièce.")
    demande.refresh_from_db()
    assert demande.etat == EtatDeRattachement.REFUSE


@pytest.mark.parametrize(
    ("ailleurs", "ici", "est_a_moi"),
    [(False, False, True), (True, False, False), (True, True, False), (False, True, True)],
)
@pytest.mark.parametrize("par_un_doublon", [False, True])
def test_la_demande_d_un_partenaire_d_un_autre_contrat_n_est_pas_a_moi(
    ouvert, creer, demande, pilote, contrat, voisin, ailleurs, ici, est_a_moi, par_un_doublon
):
    site, adresse = ouvert
    lie = demande.organisme
    if par_un_doublon:
        lie = creer("Jardin du verger")
        organismes.fusionner(par=MOI, doublon=lie, garde=demande.organisme, raisons=["Même."])
    for le_contrat, est_lie in ((voisin, ailleurs), (contrat, ici)):
        if est_lie:
            le_contrat.partenaires.first().rapprochements.create(
                organisme=lie, depuis_le=DEBUT, origine="choisie"
            )
    lues = q_demandes.demandes_du_contrat(pilote, contrat, jour=timezone.localdate())
    assert lues.exists() == est_a_moi
    reponse = site.post(adresse(f"demandes/{demande.pk}/confirmer/"), precision="PV")
    assert reponse.status_code == (302 if est_a_moi else 404)
    demande.refresh_from_db()
    assert demande.est_confirme == est_a_moi


def test_un_rapprochement_fini_ailleurs_ne_me_retire_pas_la_demande(
    demande, pilote, contrat, voisin
):
    voisin.partenaires.first().rapprochements.create(
        organisme=demande.organisme, depuis_le=DEBUT, jusqu_au=date(2020, 1, 1), origine="choisie"
    )
    lues = q_demandes.demandes_du_contrat(pilote, contrat, jour=timezone.localdate())
    assert lues.get() == demande


def test_nul_ne_tranche_sa_propre_demande(ouvert, pilote, contrat, creer):
    site, adresse = ouvert
    sienne = revendiquer(par=pilote, organisme=creer("Jardins"), role=Role.GESTIONNAIRE)
    assert not q_demandes.demandes_du_contrat(pilote, contrat, jour=JOUR).exists()
    reponse = site.post(adresse(f"demandes/{sienne.pk}/confirmer/"), precision="PV")
    assert reponse.status_code == 404


def test_un_rattachement_deja_confirme_n_est_pas_une_demande(ouvert, gestionnaire):
    site, adresse = ouvert
    confirme = gestionnaire.rattachement
    assert site.post(adresse(f"demandes/{confirme.pk}/refuser/"), motif="x").status_code == 404
    confirme.refresh_from_db()
    assert confirme.est_confirme


def test_on_sait_si_un_gestionnaire_peut_decider(ouvert, demande, agir):
    site, adresse = ouvert
    assert "pas de gestionnaire" in lire(site.get(adresse("demandes/")))
    agir("Ida", Role.GESTIONNAIRE, organisme=demande.organisme)
    page = lire(site.get(adresse("demandes/"), gestionnaire="avec"))
    assert "peut aussi décider" in page
    vide = lire(site.get(adresse("demandes/"), gestionnaire="sans"))
    assert "Aucune demande ne répond" in vide
