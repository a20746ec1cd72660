"""Le pilote : ses partenaires, ses demandes, les rôles de son contrat ; rien de celui d'un autre."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.cadre.actions import rapprocher
from parvis.cadre.models import OrganismeDePartenaire
from parvis.comptes.actions.rattachements import revendiquer
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Preuve, Role
from parvis.comptes.models import Invitation
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.organismes import actions as organismes
from parvis.organismes.models import Organisme
from parvis.pilotage.actions.roles import inviter_a_un_role
from parvis.pilotage.queries import demandes as q_demandes
from parvis.pilotage.queries import partenaires as q_partenaires
from parvis.pilotage.queries import roles as q_roles
from parvis.pilotage.queries.attente import attente_du_pilote
from parvis.socle.refus import Refus
from tests.pilotage.conftest import MOI, lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)
DEBUT = date(2015, 1, 1)


@pytest.fixture
def caf(creer):
    return creer("Caisse d’allocations familiales", "protection_sociale")


@pytest.fixture
def partenaire(contrat):
    return contrat.partenaires.get(nom="Caisse d'allocations familiales")


@pytest.fixture
def ouvert(pilote, naviguer, contrat):
    """Rend le site au nom de la pilote, et de quoi nommer une adresse de son contrat."""
    return naviguer(pilote), lambda suite="": f"/{contrat.code}/pilotage/{suite}"


@pytest.fixture
def demande(agir, creer):
    """Rend une demande en attente dans une association sans gestionnaire."""
    vise = creer("Les Jardins du Verger", siren="000200014")
    acteur = agir(
        "Hana", Role.GESTIONNAIRE, organisme=vise, est_confirme=False, precision="Trésorière élue."
    )
    return acteur.rattachement


# L'accueil


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
    assert "a invité ida@x.example comme pilote du contrat" in page
    attente = attente_du_pilote(pilote, contrat, jour=JOUR, maintenant=timezone.now())
    assert (attente.demandes, attente.proposes, attente.invitations) == (1, 1, 1)
    assert attente.sans_organisme == contrat.partenaires.count()


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


# Les partenaires


def test_un_organisme_propose_s_accepte_d_un_bouton_et_jamais_seul(ouvert, caf, partenaire):
    site, adresse = ouvert
    page = lire(site.get(adresse("partenaires/"), etat="proposes"))
    assert "Accepter" in page
    assert "Associations" not in page
    assert not OrganismeDePartenaire.objects.exists()
    reponse = site.post(
        adresse(f"partenaires/{partenaire.pk}/accepter/"), organisme=caf.pk, etat="proposes"
    )
    assert reponse["Location"] == adresse("partenaires/?etat=proposes")
    fait = OrganismeDePartenaire.objects.get()
    assert (fait.organisme, fait.depuis_le, fait.origine) == (caf, DEBUT, "proposee")


@pytest.mark.parametrize("organisme", ["autre", "987654", "", "9" * 30, "²", "a"])
def test_ce_qui_n_est_pas_propose_ne_s_accepte_pas(ouvert, caf, creer, partenaire, organisme):
    site, adresse = ouvert
    pk = creer("Jardins").pk if organisme == "autre" else organisme
    reponse = site.post(adresse(f"partenaires/{partenaire.pk}/accepter/"), organisme=pk)
    assert reponse.status_code == 404
    assert not OrganismeDePartenaire.objects.exists()


def test_un_autre_organisme_se_cherche_se_choisit_se_date_et_s_efface(ouvert, creer, partenaire):
    site, adresse = ouvert
    jardins = creer("Jardins du Verger")
    lieu = f"partenaires/{partenaire.pk}/"
    assert "Jardins du Verger" in lire(site.get(adresse(lieu), q="jardin verger"))
    site.post(adresse(f"{lieu}choisir/"), organisme=jardins.pk, depuis_le="2016-01-01")
    fait = OrganismeDePartenaire.objects.get()
    assert (fait.depuis_le, fait.origine) == (date(2016, 1, 1), "choisie")
    site.post(adresse(f"{lieu}organismes/{fait.pk}/finir/"), jusqu_au="2018-12-31")
    fait.refresh_from_db()
    assert fait.jusqu_au == date(2018, 12, 31)
    page = lire(site.get(adresse(lieu)))
    assert "À d’autres dates" in page
    assert "jusqu’au 31 décembre 2018" in page
    site.post(adresse(f"{lieu}organismes/{fait.pk}/effacer/"))
    assert not OrganismeDePartenaire.objects.exists()


@pytest.mark.parametrize(
    ("suite", "donnees", "motif"),
    [
        ("choisir/", {}, "Donnez une date de début"),
        ("choisir/", {"depuis_le": "2016-13-45"}, "Donnez une date de début"),
        ("choisir/", {"depuis_le": "2016-01-01", "jusqu_au": "2015-01-01"}, "ne peut pas précéder"),
        ("organismes/{}/finir/", {}, "Donnez le dernier jour"),
        ("organismes/{}/finir/", {"jusqu_au": "2014-01-01"}, "ne peut pas précéder"),
    ],
)
def test_une_date_impossible_se_dit(ouvert, pilote, caf, creer, partenaire, suite, donnees, motif):
    site, adresse = ouvert
    fait = rapprocher(par=pilote, partenaire=partenaire, organisme=caf, depuis_le=DEBUT)
    chemin = adresse(f"partenaires/{partenaire.pk}/{suite.format(fait.pk)}")
    jardins = creer("Jardins du Verger")
    site.post(chemin, organisme=jardins.pk, **donnees)
    assert motif in lire(site.get(adresse()))
    assert OrganismeDePartenaire.objects.get().jusqu_au is None


def test_le_partenaire_d_un_autre_contrat_repond_comme_un_absent(
    ouvert, autre_pilote, voisin, partenaire, caf
):
    site, adresse = ouvert
    etranger = voisin.partenaires.get(nom=partenaire.nom)
    tenu = rapprocher(par=autre_pilote, partenaire=etranger, organisme=caf, depuis_le=DEBUT)
    essais = [
        site.get(adresse(f"partenaires/{etranger.pk}/")),
        site.post(adresse(f"partenaires/{etranger.pk}/accepter/"), organisme=caf.pk),
        site.post(
            adresse(f"partenaires/{etranger.pk}/choisir/"),
            organisme=caf.pk,
            depuis_le="2020-01-01",
        ),
        # Le sien dans l'adresse, l'étranger au bout.
        site.post(adresse(f"partenaires/{partenaire.pk}/organismes/{tenu.pk}/effacer/")),
        site.post(
            adresse(f"partenaires/{etranger.pk}/organismes/{tenu.pk}/finir/"),
            jusqu_au="2020-01-01",
        ),
    ]
    assert {reponse.status_code for reponse in essais} == {404}
    tenu.refresh_from_db()
    assert tenu.jusqu_au is None


def test_un_doublon_reuni_ne_se_choisit_pas(ouvert, creer, caf, partenaire):
    site, adresse = ouvert
    doublon = creer("CAF 94", "protection_sociale")
    organismes.fusionner(par=MOI, doublon=doublon, garde=caf, raisons=["Même caisse."])
    reponse = site.post(
        adresse(f"partenaires/{partenaire.pk}/choisir/"),
        organisme=doublon.pk,
        depuis_le="2016-01-01",
    )
    assert reponse.status_code == 404


def test_les_filtres_comptent_et_le_tableau_les_suit(ouvert, pilote, contrat, caf, partenaire):
    site, adresse = ouvert
    rapprocher(par=pilote, partenaire=partenaire, organisme=caf, depuis_le=DEBUT)
    _, (facette,) = q_partenaires.lignes_des_partenaires(
        pilote, contrat, {"etat": "faits"}, jour=JOUR
    )
    tous = contrat.partenaires.count()
    assert {o.valeur: o.nombre for o in facette.options} == {
        "sans": tous - 1,
        "proposes": 0,
        "faits": 1,
    }
    csv = site.get(adresse("partenaires/tableau.csv"), etat="faits").content.decode("utf-8-sig")
    assert csv.splitlines()[1:] == [f"{partenaire.nom};Organisme;{caf.nom};;01/01/2015;"]
    assert site.get(adresse("partenaires/tableau.xlsx")).content[:2] == b"PK"
    assert site.get(adresse("partenaires/tableau.pdf")).status_code == 404
    assert "Aucun partenaire ne répond" in lire(site.get(adresse("partenaires/"), etat="proposes"))


# Les demandes


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
    [(False, False, True), (True, False, False), (True, True, True), (False, True, True)],
)
@pytest.mark.parametrize("par_un_doublon", [False, True])
def test_la_demande_d_un_partenaire_d_un_autre_contrat_seulement_n_est_pas_a_moi(
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


# Les rôles


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


# Le coût, et ce qui est hostile


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
