"""Reconnaître des notions, et le thésaurus livré : il se tient, il sert, il ne vise aucune fiche."""

import re

import pytest

from parvis.orientation.moteur.construction import thesaurus_livre
from parvis.orientation.moteur.langue import lire_les_mots
from parvis.orientation.moteur.thesaurus import Notion, Thesaurus, suite_de


def reconnues(thesaurus: Thesaurus, texte: str) -> dict[str, float]:
    poids: dict[str, float] = {}
    for une in thesaurus.reconnaitre(lire_les_mots(texte)):
        poids[une.notion] = max(une.poids, poids.get(une.notion, 0))
    return poids


@pytest.fixture(scope="module")
def petit() -> Thesaurus:
    return Thesaurus(
        [
            Notion("garde", "Garde", ("mode d'accueil", "faire garder"), ("garder",)),
            Notion("enfance", "Enfance", ("enfant",)),
            Notion("enfants-gardes", "Enfants gardés", ("garde d'enfants",)),
            Notion("chomage", "Chômage", ("sans emploi",)),
        ]
    )


def test_une_expression_se_reconnait_flechie_et_coupee_d_outils(petit):
    assert reconnues(petit, "des modes d'accueil") == {"garde": 1.0}
    assert reconnues(petit, "le mode est à l'accueil") == {"garde": 1.0}
    assert reconnues(petit, "faire un peu garder mes fils")["garde"] == 1.0
    assert reconnues(petit, "mode gai joyeux accueil") == {}


def test_un_indice_pese_moins(petit):
    assert reconnues(petit, "garder") == {"garde": 0.4}


def test_une_expression_affaiblit_le_mot_qu_elle_contient(petit):
    trouvees = reconnues(petit, "la garde d'enfants")
    assert trouvees["enfants-gardes"] == 1.0
    assert trouvees["enfance"] == 0.4


def test_une_locution_d_un_mot_plein_garde_ses_mots_outils(petit):
    assert reconnues(petit, "il est sans emploi") == {"chomage": 1.0}
    assert reconnues(petit, "un emploi") == {}
    assert suite_de("la nounou") == suite_de("nounou")


def test_un_code_deja_pris_garde_sa_notion(petit):
    plus = petit.avec([Notion("garde", "Autre", ("autre",)), Notion("neuve", "Neuve", ("neuf",))])
    assert reconnues(plus, "mode d'accueil neuf") == {"garde": 1.0, "neuve": 1.0}
    assert "neuve" not in petit.notions


class TestLivre:
    def test_a_les_mille_cinq_cents_entrees_promises(self):
        entrees = [e for n in thesaurus_livre().notions.values() for e, _ in n.entrees]
        assert len(entrees) >= 1500

    def test_chaque_entree_se_lit_et_n_est_pas_deux_fois_dans_sa_notion(self):
        for notion in thesaurus_livre().notions.values():
            suites = [suite_de(entree) for entree, _ in notion.entrees]
            assert all(suites), notion.code
            assert len(set(suites)) == len(suites) or notion.code.startswith("sigle-"), notion.code

    def test_chaque_renvoi_mene_a_une_autre_notion_du_meme_cote(self):
        notions = thesaurus_livre().notions
        for notion in notions.values():
            for voisine, part in notion.vers.items():
                assert voisine != notion.code
                assert notions[voisine].est_hors == notion.est_hors
                assert 0 < part <= 1

    def test_ne_nomme_aucune_fiche(self):
        for notion in thesaurus_livre().notions.values():
            for texte in (notion.code, notion.nom, notion.issue, *(e for e, _ in notion.entrees)):
                assert not re.search(r"\bfiche \d", texte.lower()), texte

    def test_ce_qui_est_hors_du_champ_dit_a_qui_s_adresser(self):
        hors = [n for n in thesaurus_livre().notions.values() if n.est_hors]
        assert len(hors) >= 20
        assert all(n.issue.endswith(".") for n in hors)
