"""Classer, expliquer, départager, dire non : sur trois fiches, puis sur le contrat livré."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.cadre.importation import structure as lu
from parvis.orientation.moteur import decision
from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.construction import construire
from parvis.orientation.moteur.lecture import Correction
from parvis.orientation.moteur.questions import (
    ACTIVITE,
    LIEU,
    PUBLIC,
    Precision,
    ajuster,
    departager,
    en_lice,
)
from parvis.orientation.moteur.raisons import projets_qui_repondent, raisons
from parvis.orientation.moteur.reponse import ordonner, orienter
from parvis.orientation.moteur.thesaurus import Thesaurus
from parvis.orientation.queries.orientation import contrat_livre
from tests.orientation.conftest import FICHES, NOTIONS, fiche


def rangees(moteur: Moteur, texte: str) -> list[str]:
    return [moteur.fiches[f].numero for f in ordonner(moteur.scores(moteur.lire(texte)))]


def test_un_mot_de_tous_les_jours_trouve_le_mot_du_contrat(moteur):
    assert rangees(moteur, "je cherche une nounou") == ["1-1"]
    assert rangees(moteur, "une bicyclette") == ["1-2"]


def test_sans_thesaurus_le_mot_seul_ne_trouve_rien():
    assert rangees(Moteur(FICHES, Thesaurus([])), "je cherche une nounou") == []


def test_une_notion_voisine_repond_moins_qu_elle_meme(moteur):
    pres, loin = (moteur.scores(moteur.lire(q)).max() for q in ("nounou", "horaires décalés"))
    assert 0 < loin < pres


@pytest.mark.parametrize(
    ("ecrit", "lu"), [("creshe", "crèche"), ("fransais", "français"), ("bissiclette", "bicyclette")]
)
def test_une_faute_se_corrige_et_se_dit(moteur, ecrit, lu):
    question = moteur.lire(f"{ecrit} !")
    assert question.corrections == [Correction(ecrit, lu)]


def test_un_vrai_mot_inconnu_du_contrat_n_est_pas_une_faute(moteur):
    assert moteur.lire("cloche").corrections == []


def test_un_mot_commence_se_devine_a_la_fin_seulement(moteur):
    assert rangees(moteur, "réparer une bicyc")[0] == "1-2"
    assert moteur.lire("accuei").poids.keys() & {"accueil"}


def test_une_raison_cite_les_deux_textes_a_la_lettre(moteur):
    texte = "Une NOUNOU, svp"
    une = raisons(moteur, moteur.lire(texte), 0)[0]
    assert (une.ecrit, une.dit, une.rubrique) == ("NOUNOU", "mode d'accueil", "Titre")
    assert une.phrase[une.debut : une.fin] == une.dit
    assert une.avant + une.dit + une.apres == une.phrase
    assert str(une) == "vous écrivez « NOUNOU », le contrat dit « mode d'accueil »"


def test_deux_raisons_ne_montrent_pas_le_meme_mot(moteur):
    cites = [r.ecrit for r in raisons(moteur, moteur.lire("crèche crèche nounou"), 0)]
    assert len(cites) == len(set(cites)) >= 1


def test_les_projets_qui_repondent_sont_cites(moteur):
    assert projets_qui_repondent(moteur, moteur.lire("réparer mon vélo"), 1)[0] == "Réparer un vélo"
    assert projets_qui_repondent(moteur, moteur.lire("la lune"), 1) == []


class TestDepartager:
    jumelles = [
        fiche("1", "Apprendre un métier à vélo", publics=("jeunes", "femmes"), lieux=("Le Pré",)),
        fiche("2", "Apprendre un métier en crèche", publics=("parents", "femmes"), lieux=("Orme",)),
    ]

    @pytest.fixture
    def deux(self):
        return Moteur(self.jumelles, Thesaurus(NOTIONS))

    def ordre(self, moteur, *precisions):
        scores = ajuster(moteur, moteur.scores(moteur.lire("apprendre un métier")), precisions)
        return ordonner(scores), scores

    @pytest.mark.parametrize("sorte", [PUBLIC, ACTIVITE, LIEU])
    def test_chaque_reponse_fait_passer_sa_fiche_devant(self, deux, sorte):
        ordre, scores = self.ordre(deux)
        assert len(en_lice(scores)) == 2
        autres = [Precision(s, "?") for s in (PUBLIC, ACTIVITE, LIEU) if s != sorte]
        question = departager(deux, ordre, autres)
        assert question.sorte == sorte and question.demande.endswith("?")
        for precision, numero in question.reponses:
            apres, _ = self.ordre(deux, precision)
            assert deux.fiches[apres[0]].numero == numero

    def test_rien_a_demander_quand_tout_se_partage(self):
        pareilles = Moteur(
            [fiche("1", "Rouler à vélo"), fiche("2", "Rouler à vélo")], Thesaurus([])
        )
        assert departager(pareilles, [0, 1], ()) is None

    def test_une_seule_fiche_en_lice_ne_fait_pas_de_question(self, moteur):
        assert departager(moteur, [0], ()) is None

    def test_une_sorte_de_question_ne_se_pose_qu_une_fois(self, deux):
        premiere = departager(deux, [0, 1], ())
        seconde = departager(deux, [0, 1], [premiere.reponses[0][0]])
        assert seconde.sorte != premiere.sorte


class TestNon:
    def test_hors_du_champ_dit_ou_aller(self, moteur):
        rendue = orienter(moteur, "un cambriolage dans ma cave")
        assert rendue.pistes == []
        assert rendue.non.motif == decision.HORS_DU_CONTRAT
        assert rendue.non.issue == "Voyez votre mairie."

    @pytest.mark.parametrize("texte", ["", "   ", "!!!", "bonjour", "un projet", "🙂🙂"])
    def test_trop_peu_de_mots_demande_lesquels(self, livre, texte):
        rendue = orienter(livre, texte)
        assert rendue.non.motif == decision.TROP_PEU_DE_MOTS

    def test_le_contrat_dit_lui_meme_ou_il_traite_la_delinquance(self, livre):
        rendue = orienter(
            livre, "Poser des caméras contre les rodéos et le trafic de drogue du hall"
        )
        assert rendue.pistes == []
        assert "contrats locaux de sécurité" in rendue.non.issue

    def test_les_motifs_ont_tous_leur_phrase(self):
        motifs = (decision.HORS_DU_CONTRAT, decision.TROP_PEU_DE_MOTS, decision.RIEN_NE_REPOND)
        assert set(decision.PHRASES) == set(motifs)


class TestContratLivre:
    @pytest.mark.parametrize(
        ("question", "attendue"),
        [
            ("une garderie le soir pour les mamans qui cherchent du taf", "2-3"),
            ("aider les jeunes à passer le permis de conduire", "2-2"),
            ("faire venir des médecins généralistes dans le quartier", "22-1"),
            ("kour de fransé pr les maman", "13-2"),
        ],
    )
    def test_trouve_la_fiche(self, livre, question, attendue):
        rendue = orienter(livre, question)
        assert attendue in [piste.numero for piste in rendue.pistes[:3]]
        assert all(piste.raisons for piste in rendue.pistes)

    def test_rend_cinq_fiches_au_plus_sans_redite(self, livre):
        rendue = orienter(livre, "des jeunes, des parents, des associations, la santé, l'emploi")
        numeros = [piste.numero for piste in rendue.pistes]
        assert 1 <= len(numeros) == len(set(numeros)) <= 5

    def test_un_numero_mene_a_sa_fiche(self, livre):
        assert [p.numero for p in orienter(livre, "fiche 13-2").pistes] == ["13-2"]
        assert [p.numero for p in orienter(livre, " 13-2 ").pistes] == ["13-2"]
        assert orienter(livre, "99-99").non

    @pytest.mark.parametrize(
        "texte", ["un médecin pour les 2-3 ans", "des soins 1-2 fois par mois"]
    )
    def test_un_age_ou_une_frequence_n_est_pas_un_numero(self, livre, texte):
        pistes = orienter(livre, texte).pistes
        assert all(r.rubrique != "Numéro" for piste in pistes for r in piste.raisons)

    @pytest.mark.parametrize("texte", ["velo ﾞ", "une cre\u0300che", "rsa " * 1000, "x" * 100_000])
    def test_un_texte_hostile_se_lit_vite(self, livre, texte):
        assert orienter(livre, texte) is not None

    def test_ce_qui_a_pris_fin_se_dit_dans_la_raison(self, livre):
        raisons_ = [r for p in orienter(livre, "CIVIS").pistes for r in p.raisons]
        assert any("a pris fin en" in str(raison) for raison in raisons_)

    @settings(max_examples=150, deadline=None)
    @given(st.text(max_size=300))
    def test_tout_texte_se_lit_et_chaque_raison_cite_les_deux(self, livre, texte):
        rendue = orienter(livre, texte)
        assert bool(rendue.pistes) != bool(rendue.non)
        par_numero = {f.numero: f for f in livre.fiches}
        for piste in rendue.pistes:
            textes = {p.texte for p in par_numero[piste.numero].passages}
            for raison in piste.raisons:
                assert raison.ecrit in texte
                assert any(raison.phrase in t and raison.dit in raison.phrase for t in textes)


def test_un_contrat_qui_traite_la_securite_ne_dit_pas_non():
    """Ce que les contrats traitent ailleurs d'ordinaire, celui-ci lui consacre une fiche."""
    contrat = contrat_livre()
    pilier = contrat.piliers[0]
    fiche_securite = lu.Fiche(
        "99-1",
        "Prévenir la délinquance et renforcer la tranquillité publique",
        types_d_action=(lu.TypeDAction("Prévenir la délinquance des jeunes"),),
    )
    enjeu = lu.Enjeu(99, "Vivre en sécurité", "", (fiche_securite,))
    avec = replace(
        contrat,
        piliers=(replace(pilier, enjeux=(*pilier.enjeux, enjeu)), *contrat.piliers[1:]),
        hors_contrat=(),
    )
    rendue = orienter(construire(avec), "prévention de la délinquance")
    assert [piste.numero for piste in rendue.pistes][:1] == ["99-1"]


def test_un_mot_d_ici_se_lit_a_la_lettre_et_passe_avant_un_non(livre):
    ici = construire(
        contrat_livre(), [("le Fil", "écrivain public"), ("la Planque", "jardins partagés")]
    )
    assert "13-1" not in [
        p.numero for p in orienter(ici, "mon fils a été viré du collège").pistes[:1]
    ]
    assert orienter(ici, "aller au Fil").pistes
    assert orienter(ici, "rendez-vous à la planque").pistes
    autres = "une crèche pour les petits"
    assert [p.numero for p in orienter(ici, autres).pistes] == [
        p.numero for p in orienter(livre, autres).pistes
    ]
