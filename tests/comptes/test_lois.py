"""La loi des comptes : rôles, passages, qui voit quoi, durée d'une session."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.comptes.enums import (
    EtatDeRattachement,
    EtatDInvitation,
    Information,
    Moment,
    Regard,
    Role,
)
from parvis.comptes.rules import invitations as inviter
from parvis.comptes.rules import rattachements as rules
from parvis.comptes.rules.noms import motifs_empechant_le_nom
from parvis.comptes.rules.regards import VISIBILITE, voit
from parvis.comptes.rules.roles import ROLES, roles_donnables
from parvis.comptes.rules.sessions import est_finie
from parvis.organismes.enums import Nature
from tests.architecture.regles import passages_incomplets

JOUR = date(2026, 3, 1)


class TestRoles:
    def test_chaque_role_a_sa_phrase(self):
        assert set(ROLES) == set(Role)
        for definition in ROLES.values():
            assert definition.phrase.endswith(".")
            assert len(definition.phrase.split()) >= 4

    def test_un_role_sans_pouvoir_ne_donne_rien(self):
        for role in (Role.LECTEUR, Role.CONTRIBUTEUR, Role.SIGNATAIRE, Role.ELU, Role.EXPERT, ""):
            for nature in Nature:
                assert roles_donnables(role, nature) == []

    def test_nul_ne_se_hausse(self):
        """Personne ne donne pilote ou administrateur sans l'être déjà."""
        for role, nature in product(Role, Nature):
            donnables = roles_donnables(role, nature)
            assert (Role.ADMINISTRATEUR in donnables) == (role == Role.ADMINISTRATEUR)
            if Role.PILOTE in donnables:
                assert role in (Role.PILOTE, Role.ADMINISTRATEUR)

    def test_un_expert_ne_s_invite_pas_d_ici(self):
        assert not any(
            Role.EXPERT in roles_donnables(role, nature) for role, nature in product(Role, Nature)
        )

    @pytest.mark.parametrize(
        ("role", "nature", "existe"),
        [
            (Role.INSTRUCTEUR, Nature.PROTECTION_SOCIALE, True),
            (Role.INSTRUCTEUR, Nature.ASSOCIATION, False),
            (Role.INSTRUCTEUR, Nature.CONSEIL_CITOYEN, False),
            (Role.LECTEUR, Nature.COLLECTIF, True),
        ],
    )
    def test_un_role_vaut_selon_l_organisme(self, role, nature, existe):
        assert (role in roles_donnables(Role.GESTIONNAIRE, nature)) is existe


class TestPassages:
    @pytest.mark.parametrize(
        ("table", "etats", "depart"),
        [
            (rules.PASSAGES, EtatDeRattachement, EtatDeRattachement.EN_ATTENTE),
            (inviter.PASSAGES, EtatDInvitation, EtatDInvitation.ENVOYEE),
        ],
    )
    def test_les_tables_sont_entieres(self, table, etats, depart):
        assert passages_incomplets(table, etats, depart) == []

    def test_un_passage_refuse_dit_pourquoi(self):
        for depuis, vers in product(EtatDeRattachement, EtatDeRattachement):
            motifs = rules.motifs_empechant_de_passer(depuis, vers)
            assert (motifs == []) == (vers in rules.PASSAGES[depuis])
            assert all(motif.endswith(".") for motif in motifs)

    def test_une_invitation_close_ne_sert_plus(self):
        assert inviter.motifs_empechant_l_invitation(EtatDInvitation.ENVOYEE) == []
        for etat in set(EtatDInvitation) - {EtatDInvitation.ENVOYEE}:
            assert inviter.motifs_empechant_l_invitation(etat)


class TestMotifs:
    def donner(self, role=Role.LECTEUR, **autres):
        valeurs = {
            "donneur": Role.GESTIONNAIRE,
            "contrat_du_donneur": "",
            "nature": Nature.ASSOCIATION,
            "contrat": "",
        }
        return inviter.motifs_empechant_de_donner(role, **(valeurs | autres))

    def test_donner(self):
        assert self.donner() == []
        assert "donner ce rôle" in self.donner(donneur=Role.LECTEUR)[0]
        assert "donner ce rôle" in self.donner("roi")[0]
        assert "aucun contrat" in self.donner(contrat="tilleuls")[0]
        pilote = {"donneur": Role.PILOTE, "nature": Nature.ETAT, "contrat_du_donneur": "tilleuls"}
        assert self.donner(Role.DELEGUE_DU_PREFET, contrat="tilleuls", **pilote) == []
        assert "quel contrat" in self.donner(Role.DELEGUE_DU_PREFET, **pilote)[0]
        assert "votre contrat" in self.donner(Role.DELEGUE_DU_PREFET, contrat="voisin", **pilote)[0]

    def test_revendiquer(self):
        def motifs(role=Role.GESTIONNAIRE, tenus=(), fin_le=None, faites=0):
            return rules.motifs_empechant_de_revendiquer(
                role,
                tenus=tenus,
                organisme_fini_le=fin_le,
                demandes_du_jour=faites,
                jour=JOUR,
            )

        assert "demain" in motifs(faites=rules.DEMANDES_PAR_JOUR)[0]

        assert motifs() == motifs(fin_le=JOUR) == []
        assert len(motifs(Role.PILOTE, tenus=["lecteur"], fin_le=JOUR - timedelta(days=1))) == 3

    def test_passer_la_main(self):
        valeurs = {"role": Role.GESTIONNAIRE, "est_membre": True, "est_soi_meme": False}
        valeurs |= {"fin_le": JOUR, "fin_prevue_le": None, "jour": JOUR}
        motifs = rules.motifs_empechant_la_passation
        assert motifs(**valeurs) == []
        assert "gestionnaire" in motifs(**(valeurs | {"role": Role.LECTEUR}))[0]
        assert "invitez-la" in motifs(**(valeurs | {"est_membre": False}))[0]
        assert (
            "allonge pas"
            in motifs(**(valeurs | {"fin_prevue_le": JOUR, "fin_le": JOUR + timedelta(days=1)}))[0]
        )
        assert "autre personne" in motifs(**(valeurs | {"est_soi_meme": True}))[0]
        assert "passé" in motifs(**(valeurs | {"fin_le": JOUR - timedelta(days=1)}))[0]

    @pytest.mark.parametrize(
        "faute", [{"essais": inviter.ESSAIS_DU_CODE}, {"est_echu": True}, {"est_utilise": True}]
    )
    def test_un_code_use(self, faute):
        valeurs = {"essais": 0, "est_echu": False, "est_utilise": False}
        assert inviter.motifs_empechant_le_code(**valeurs) == []
        assert inviter.motifs_empechant_le_code(**(valeurs | faute))

    @pytest.mark.parametrize("nature", Nature)
    def test_un_nom_public_ne_se_prend_pas_sur_parole(self, nature):
        prives = {Nature.ASSOCIATION, Nature.FONDATION, Nature.ENTREPRISE}
        prives |= {Nature.COLLECTIF}
        assert rules.createur_est_confirme(nature) is (nature in prives)


class TestQuiVoitQuoi:
    """La table du domaine, ligne par ligne : service, cofinanceur, porteur, public."""

    LIGNES = {
        Information.NOTE_INTERNE: "toujours jamais jamais jamais",
        Information.MONTANT_PROPOSE: "toujours au_partage jamais jamais",
        Information.AVIS: "toujours toujours a_la_publication jamais",
        Information.MONTANT_ARBITRE: "en_seance en_seance a_la_publication jamais",
        Information.MONTANT_DEMANDE: "toujours toujours toujours jamais",
        Information.MONTANT_VOTE: "toujours toujours toujours toujours",
        Information.REFUS: "toujours toujours a_la_publication jamais",
    }
    COLONNES = (Regard.SERVICE, Regard.COFINANCEUR, Regard.PORTEUR, Regard.PUBLIC)

    @pytest.mark.parametrize("information", LIGNES)
    def test_la_table(self, information):
        lus = [VISIBILITE[information, regard] for regard in self.COLONNES]
        assert lus == self.LIGNES[information].split()

    def test_elle_est_entiere(self):
        assert set(VISIBILITE) == set(product(Information, Regard))

    def test_le_public_ne_voit_que_ce_qui_est_vote(self):
        vues = [
            i for i in Information if voit(i, Regard.PUBLIC, est_partagee=True, est_publiee=True)
        ]
        assert vues == [Information.MONTANT_VOTE]

    def test_un_co_instructeur_ne_lit_ni_iban_ni_note(self):
        tout = {"est_partagee": True, "est_publiee": True, "est_en_seance": True}
        for cachee in (Information.PARTIE_PROTEGEE, Information.NOTE_INTERNE):
            assert not voit(cachee, Regard.CO_INSTRUCTEUR, **tout)
        assert voit(Information.DOSSIER_FIGE, Regard.CO_INSTRUCTEUR)

    @given(
        information=st.sampled_from(Information),
        regard=st.sampled_from(Regard),
        faits=st.fixed_dictionaries(
            {
                "est_partagee": st.booleans(),
                "est_publiee": st.booleans(),
                "est_en_seance": st.booleans(),
            }
        ),
    )
    def test_dire_plus_ne_cache_jamais(self, information, regard, faits):
        """Ce qui se voit se voit encore quand plus de choses sont dites."""
        tout = dict.fromkeys(faits, True)
        if voit(information, regard, **faits):
            assert voit(information, regard, **tout)
        if VISIBILITE[information, regard] == Moment.JAMAIS:
            assert not voit(information, regard, **tout)


@pytest.mark.parametrize("nom", ["Zoé", "Jean-Luc", "D’Arc", "Da Silva Rocha", "J.R.", "Ngô", "李"])
def test_un_nom_ordinaire_passe(nom):
    assert motifs_empechant_le_nom(nom) == []


@pytest.mark.parametrize(
    "nom", ["http://x", "www.gain.example", "a@b", "<b>", "gagnez.com", "007", "---", "a\\b"]
)
def test_un_nom_n_est_ni_un_lien_ni_un_chiffre(nom):
    assert motifs_empechant_le_nom(nom)


HEURE = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ouverte", "vue", "finie"),
    [
        (60, 0, False),
        (60, 119, False),
        (60, 120, False),
        (60, 121, True),
        (720, 1, False),
        (721, 1, True),
    ],
)
def test_une_session_finit_par_inactivite_ou_par_duree(ouverte, vue, finie):
    assert (
        est_finie(
            ouverte_le=HEURE - timedelta(minutes=ouverte),
            vue_le=HEURE - timedelta(minutes=vue),
            maintenant=HEURE,
            inactivite=timedelta(hours=2),
            duree=timedelta(hours=12),
        )
        is finie
    )
