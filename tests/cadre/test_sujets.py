"""Les sujets qui traversent un contrat se prouvent par un mot du contrat, ou pas du tout."""

import pytest

from parvis.cadre.importation.publics import sujets, sujets_d_un_texte


@pytest.mark.parametrize(
    ("texte", "attendus"),
    [
        (
            "Accompagner les jeunes femmes vers l’emploi",
            {"femmes_hommes": "femmes", "jeunesse": "jeunes"},
        ),
        ("Ouvrir une crèche aux jeunes enfants", {}),
        ("Prévenir les DISCRIMINATIONS à l’embauche", {"discriminations": "DISCRIMINATIONS"}),
        ("Associer les habitants au projet", {"participation": "Associer les habitants"}),
        ("Refaire la voirie", {}),
        ("", {}),
    ],
)
def test_un_sujet_se_prouve_par_un_mot_du_texte(texte, attendus):
    assert sujets_d_un_texte((texte,)) == attendus


def test_la_preuve_est_celle_du_premier_texte_qui_en_parle():
    assert sujets_d_un_texte(("Rien", "des collégiens", "des jeunes")) == {"jeunesse": "collégiens"}


def test_chaque_sujet_a_un_titre_et_des_comptes_connus():
    from parvis.evaluation.rules.couverture import PUBLICS_COMPTES

    for sujet in sujets().values():
        assert sujet["titre"]
        assert set(sujet["comptes"]) <= set(PUBLICS_COMPTES)
