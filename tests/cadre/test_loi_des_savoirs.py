"""La loi des savoirs : ce qui est à vérifier, et ce qu'une personne ne peut pas écrire."""

from datetime import date, timedelta

import pytest

from parvis.cadre.rules import savoirs as rules

JOUR = date(2026, 6, 15)
CITE, FIN = date(2024, 1, 1), date(2025, 12, 31)


def raisons(**autres):
    """Rend les raisons de vérifier un dispositif à jour, que l'on change champ par champ."""
    valeurs = {
        "verifie_le": JOUR,
        "fin_le": None,
        "suite": "",
        "a_un_responsable": True,
        "degres": {"en_place", ""},
        "cite_depuis": CITE,
        "aujourd_hui": JOUR,
    }
    return rules.raisons_de_verifier(**(valeurs | autres))


JAMAIS = "Personne ne l’a encore vérifié."
VIEUX = "Sa dernière vérification a plus d’un an."
SANS_SUITE = "Il a pris fin, et rien ne dit ce qui lui succède."
SANS_RESPONSABLE = "Aucun responsable n’est nommé."
INCERTAIN = "Une fiche le dit incertain : a-t-il été reconduit ?"
A_LANCER = "Une fiche le dit à lancer : existe-t-il maintenant ?"


class TestRaisons:
    @pytest.mark.parametrize(
        ("cas", "attendues"),
        [
            ({}, []),
            ({"verifie_le": None}, [JAMAIS]),
            ({"verifie_le": date(2025, 6, 15)}, []),
            ({"verifie_le": date(2025, 6, 14)}, [VIEUX]),
            ({"verifie_le": None, "fin_le": FIN}, [JAMAIS, SANS_SUITE]),
            ({"verifie_le": None, "fin_le": FIN, "suite": "Autre"}, [JAMAIS]),
            ({"verifie_le": None, "fin_le": JOUR}, [JAMAIS]),
            ({"verifie_le": None, "a_un_responsable": False}, [JAMAIS, SANS_RESPONSABLE]),
            ({"verifie_le": None, "degres": {"incertain"}}, [JAMAIS, INCERTAIN]),
            (
                {"verifie_le": None, "degres": {"a_initier", "incertain", "possible"}},
                [JAMAIS, INCERTAIN, A_LANCER],
            ),
        ],
    )
    def test_chaque_raison_se_dit(self, cas, attendues):
        assert raisons(**cas) == attendues

    @pytest.mark.parametrize(
        "cas",
        [{"a_un_responsable": False}, {"degres": {"incertain"}}, {"fin_le": FIN}],
    )
    def test_une_verification_repond_a_ce_qu_on_savait_ce_jour_la(self, cas):
        assert raisons(**cas) == []
        assert raisons(**cas, verifie_le=date(2024, 6, 1))[0] == VIEUX
        assert len(raisons(**cas, verifie_le=date(2024, 6, 1))) == 2

    def test_ce_qui_arrive_apres_la_verification_la_rouvre(self):
        vu_le = FIN - timedelta(days=1)
        assert raisons(verifie_le=vu_le, fin_le=FIN) == [SANS_SUITE]
        assert raisons(verifie_le=FIN, fin_le=FIN) == []
        apres = {"verifie_le": vu_le, "cite_depuis": FIN, "degres": {"incertain"}}
        assert raisons(**apres) == [INCERTAIN]

    def test_fini_avec_une_suite_et_verifie_depuis_ne_revient_plus(self):
        clos = {"fin_le": date(2017, 12, 31), "suite": "Autre", "degres": {"incertain"}}
        assert raisons(**clos, verifie_le=date(2018, 1, 1)) == []
        assert raisons(**clos, verifie_le=date(2017, 12, 30)) == [VIEUX, INCERTAIN]

    def test_ce_que_rien_ne_cite_n_est_pas_a_verifier(self):
        assert raisons(verifie_le=None, a_un_responsable=False, cite_depuis=None) == []

    def test_un_an_avant_un_29_fevrier(self):
        assert rules.un_an_avant(date(2024, 2, 29)) == date(2023, 2, 28)
        assert rules.un_an_avant(date(2025, 2, 28)) == date(2024, 2, 28)


class TestLoi:
    @pytest.mark.parametrize(
        ("parent", "refuse"),
        [(None, ""), (3, ""), (1, "lui-même"), (2, "l’un des siens"), (9, "pas de ce contrat")],
    )
    def test_un_partenaire_ne_fait_pas_partie_de_lui_meme(self, parent, refuse):
        # 2 fait partie de 1 ; 3 fait partie de 4, lui-même seul.
        motifs = rules.motifs_sur_le_parent(1, parent, {1: None, 2: 1, 3: 4, 4: None})
        assert bool(motifs) == bool(refuse)
        assert refuse in " ".join(motifs)

    def test_une_boucle_deja_la_ne_tourne_pas_sans_fin(self):
        assert rules.motifs_sur_le_parent(1, 2, {1: None, 2: 3, 3: 2}) != []

    def test_un_responsable_est_du_contrat(self):
        assert rules.motifs_sur_les_responsables([1, 2], {1, 2, 3}) == []
        assert rules.motifs_sur_les_responsables([], set()) == []
        assert "de ce contrat" in rules.motifs_sur_les_responsables([1, 4], {1})[0]

    @pytest.mark.parametrize(
        ("avant", "apres", "passe"),
        [
            ((None, ""), (FIN, ""), True),
            ((None, ""), (FIN, "Autre"), True),
            ((None, ""), (None, "Autre"), False),
            ((FIN, "Autre"), (None, "Autre"), False),
            # Un document l'a dit sans date : corriger une autre ligne reste possible.
            ((None, "Autre"), (None, "Autre"), True),
            ((None, "Autre"), (None, "Encore autre"), False),
            ((None, "Autre"), (None, ""), True),
        ],
    )
    def test_une_suite_demande_une_fin(self, avant, apres, passe):
        assert (rules.motifs_sur_la_suite(avant=avant, apres=apres) == []) is passe
