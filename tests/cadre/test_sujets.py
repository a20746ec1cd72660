"""Les sujets qui traversent un contrat se prouvent par une phrase du contrat, ou pas du tout."""

import pytest

from parvis.cadre.importation.publics import sujets, sujets_d_un_texte


@pytest.mark.parametrize(
    ("texte", "attendus"),
    [
        (
            "Un emploi. Accompagner les jeunes femmes ; à leur rythme.",
            {
                "femmes_hommes": "Accompagner les jeunes femmes ;",
                "jeunesse": "Accompagner les jeunes femmes ;",
            },
        ),
        ("Ouvrir une crèche aux jeunes enfants", {}),
        ("Une association de femmes tient le café", {}),
        ("Des médecins partent sans être remplacés par des jeunes", {}),
        (
            "Liste :\n- Prévenir les DISCRIMINATIONS",
            {"discriminations": "Prévenir les DISCRIMINATIONS"},
        ),
        ("Associer les habitants au projet", {"participation": "Associer les habitants au projet"}),
        ("Refaire la voirie", {}),
        ("", {}),
    ],
)
def test_un_sujet_se_prouve_par_une_phrase_du_texte(texte, attendus):
    assert sujets_d_un_texte((texte,)) == attendus


def test_la_preuve_est_celle_du_premier_texte_qui_en_parle():
    assert sujets_d_un_texte(("Rien", "des collégiens", "des jeunes")) == {
        "jeunesse": "des collégiens"
    }


def test_chaque_sujet_a_un_titre_et_des_comptes_connus():
    from parvis.evaluation.rules.couverture import PUBLICS_COMPTES

    for sujet in sujets().values():
        assert sujet["titre"]
        assert set(sujet["comptes"]) <= set(PUBLICS_COMPTES)
