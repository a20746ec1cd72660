"""Le secret posé sur les vraies tables : ce qui se tait à chaque import, et ce qu'un lecteur en retrouve."""

import random
from decimal import Decimal

import pytest

from parvis.observatoire.models import Valeur, ValeurDEnsemble
from parvis.territoires.models import Epci, Quartier
from tests.fabriques.observatoire import (
    PAR_SEXE,
    decrire,
    diffusions,
    ensemble,
    importer,
    lue,
    par_rang,
    part,
    serie,
    taux,
    territoire,
)
from tests.observatoire.lecteur import bornes_du_lecteur, fautes_de_lecture

pytestmark = pytest.mark.django_db
TOUT_SE_MONTRE = {"publiable"}
UN_PETIT = par_rang((120, 113, 7), (200, 110, 90), (95, 60, 35), (150, 80, 70))


def toutes() -> set[str]:
    """Rend la diffusion de toutes les valeurs, ensembles compris."""
    return {
        diffusion
        for table in (Valeur, ValeurDEnsemble)
        for diffusion in table.objects.values_list("diffusion", flat=True)
    }


def sans_faute():
    assert fautes_de_lecture() == []


# Un tableau.


def test_un_petit_nombre_se_tait_et_d_autres_avec_lui():
    territoire(4)
    bilan = importer(decrire(*PAR_SEXE), UN_PETIT)
    assert lue("hommes", 1).diffusion == "primaire"
    assert lue("femmes", 1).diffusion == "secondaire"
    assert diffusions("hommes").count("secondaire") == diffusions("femmes").count("secondaire") - 1
    assert set(diffusions("tous")) == TOUT_SE_MONTRE and ensemble("hommes").valeur == 202
    assert bilan.tues == 4 and len(bornes_du_lecteur()) == 4
    sans_faute()


def test_le_lecteur_retrouverait_tout_sans_secret_secondaire():
    territoire(4)
    importer(decrire(*PAR_SEXE), UN_PETIT)
    Valeur.objects.filter(diffusion="secondaire").update(diffusion="publiable")
    assert fautes_de_lecture()


def test_de_grands_nombres_se_montrent_tous():
    territoire(3)
    importer(decrire(*PAR_SEXE), par_rang((120, 70, 50), (200, 110, 90), (95, 60, 35)))
    assert toutes() == TOUT_SE_MONTRE


@pytest.mark.parametrize("unite", ["menages", "euros", "nombre"])
def test_seules_les_personnes_se_taisent(unite):
    territoire(2)
    importer(decrire(serie("ecoles", unite)), par_rang((1,), (3,)))
    assert toutes() == TOUT_SE_MONTRE and ensemble("ecoles").valeur == 4


def test_un_zero_se_montre():
    territoire(3)
    importer(decrire(*PAR_SEXE), par_rang((50, 50, 0), (200, 110, 90), (95, 60, 35)))
    assert toutes() == TOUT_SE_MONTRE


@pytest.mark.parametrize(("seuil", "se_tait"), [(5, False), (8, True), (20, True)])
def test_le_seuil_est_celui_de_la_source(seuil, se_tait):
    territoire(4)
    importer(decrire(*PAR_SEXE, seuil=seuil), UN_PETIT)
    assert (lue("hommes", 1).diffusion == "primaire") is se_tait
    assert fautes_de_lecture(seuil=seuil) == []


def test_sans_intercommunalite_un_quartier_est_seul_sans_total():
    territoire(3)
    Epci.objects.all().delete()
    importer(decrire(serie("tous")), par_rang((7,), (200,), (95,)))
    assert diffusions("tous") == ["primaire", "publiable", "publiable"]
    assert not ValeurDEnsemble.objects.exists()


def test_un_seul_quartier_et_son_ensemble_sont_le_meme_nombre():
    territoire(1)
    importer(decrire(serie("tous")), par_rang((7,)))
    assert lue("tous", 1).diffusion == "primaire" and ensemble("tous").diffusion != "publiable"


def test_l_ensemble_se_tait_quand_il_trahirait():
    territoire(2)
    importer(decrire(serie("tous")), par_rang((7,), (2,)))
    assert set(diffusions("tous")) == {"primaire"} and ensemble("tous").diffusion == "primaire"
    sans_faute()


def test_une_source_qui_tait_se_protege_aussi():
    territoire(4)
    lignes = {**UN_PETIT} | par_rang((120, 113, "s"))
    importer(decrire(*PAR_SEXE), lignes)
    assert lue("hommes", 1).etat == "secrete" and lue("femmes", 1).diffusion == "secondaire"
    assert ensemble("hommes").valeur is None
    sans_faute()


# Plusieurs tableaux.

AGES = (part("jeunes", decoupage="âge"), part("ages", decoupage="âge"))


def test_deux_decoupages_d_un_tout_se_protegent_ensemble():
    territoire(4)
    importer(
        decrire(*PAR_SEXE, *AGES),
        par_rang(
            (120, 113, 7, 60, 60), (200, 110, 90, 195, 5), (95, 60, 35, 40, 55), (15, 9, 6, 8, 7)
        ),
    )
    assert lue("hommes", 1).diffusion == lue("ages", 2).diffusion == "primaire"
    sans_faute()


def a_cheval() -> None:
    """Met le quartier 3 dans deux intercommunalités de trois quartiers."""
    territoire(3)
    territoire(2, "Plaine", depart=4)
    commune = Epci.objects.get(nom="Plaine").communes.get()
    Quartier.objects.get(code="QN94003M").communes.add(commune)


def test_un_quartier_de_deux_intercommunalites():
    a_cheval()
    importer(
        decrire(*PAR_SEXE),
        par_rang((120, 70, 50), (200, 110, 90), (60, 54, 6), (80, 40, 40), (95, 60, 35)),
    )
    assert lue("hommes", 3).diffusion == "primaire"
    assert ensemble("hommes").attendus == ensemble("hommes", epci="Plaine").attendus == 3
    # Chaque intercommunalité demande un autre quartier tu : un seul côté ne suffirait pas.
    assert "secondaire" in diffusions("hommes")[:2] and "secondaire" in diffusions("hommes")[3:]
    sans_faute()


@pytest.mark.parametrize("graine", range(12))
def test_rien_ne_se_retrouve_quels_que_soient_les_nombres(graine):
    a_cheval()
    hasard = random.Random(graine)
    lignes = []
    for _ in range(5):
        femmes, hommes = (hasard.choice([0, 3, 8, 15, 40, 200]) for _ in range(2))
        jeunes = hasard.randint(0, femmes + hommes)
        lignes.append((femmes + hommes, femmes, hommes, jeunes, femmes + hommes - jeunes))
    importer(decrire(*PAR_SEXE, *AGES), par_rang(*lignes))
    sans_faute()


def test_un_tout_qui_ne_s_additionne_pas_ne_livre_pas_ses_parties():
    territoire(3)
    series = (serie("tous", remontee="aucune"), part("femmes"), part("hommes"))
    importer(decrire(*series), par_rang((47, 40, 7), (90, 50, 40), (80, 40, 40)))
    sans_faute()


def test_le_reste_d_un_tout_ne_se_deduit_pas():
    territoire(3)
    importer(decrire(serie("tous"), part("femmes")), par_rang((120, 115), (200, 110), (95, 60)))
    ici = {lue("tous", 1).diffusion, lue("femmes", 1).diffusion}
    assert ici != TOUT_SE_MONTRE, "120 − 115 : cinq hommes"


def test_une_seule_partie_n_efface_pas_le_tableau():
    territoire(3)
    importer(decrire(serie("tous"), part("femmes")), par_rang((120, 70), (200, 110), (95, 60)))
    assert toutes() == TOUT_SE_MONTRE


# Les périodes et les corrections.


def test_chaque_periode_se_protege_pour_soi():
    territoire(4)
    decrit = decrire(*PAR_SEXE)
    importer(decrit, UN_PETIT, "2023")
    importer(decrit, par_rang((120, 70, 50), (200, 110, 90), (95, 60, 35), (150, 80, 70)), "2024")
    assert set(diffusions("hommes", "2024")) == TOUT_SE_MONTRE
    assert diffusions("hommes", "2023")[0] == "primaire"
    assert fautes_de_lecture("2023") == fautes_de_lecture("2024") == []


def test_deux_fichiers_d_une_source_se_protegent_ensemble():
    territoire(3)
    importer(decrire(*PAR_SEXE), par_rang((120, 113, 7), (200, 110, 90), (95, 60, 35)))
    # Le second redonne les femmes : ce qui était tu le reste.
    importer(decrire(serie("femmes"), nom="Femmes"), par_rang((113,), (110,), (60,)))
    assert lue("femmes", 1).diffusion == "secondaire"
    sans_faute()


# Les taux.


@pytest.mark.parametrize(
    ("population", "part_", "diffusion"),
    [
        (200, "50", "publiable"),
        (200, "2", "primaire"),
        (200, "98", "primaire"),
        (200, "0", "publiable"),
        (200, "100", "publiable"),
        (200, "5,5", "publiable"),
        (8, "50", "secondaire"),
        ("nd", "50", "secondaire"),
        ("s", "50", "secondaire"),
    ],
)
def test_un_taux_ne_rend_pas_un_petit_nombre(population, part_, diffusion):
    territoire(3)
    decrit = decrire(serie("tous"), taux("part"))
    importer(decrit, par_rang((population, part_), (300, "40"), (400, "60")))
    assert lue("part", 1).diffusion == diffusion


@pytest.mark.parametrize("graine", range(5))
def test_aucun_taux_publie_ne_rend_un_compte_sous_le_seuil(graine):
    territoire(8)
    hasard = random.Random(graine)
    lignes = [(hasard.randint(0, 300), hasard.randint(0, 1000) / 10) for _ in range(8)]
    importer(decrire(serie("tous"), taux("part")), par_rang(*lignes))
    for rang in range(1, 9):
        tous, part_ = lue("tous", rang), lue("part", rang)
        if part_.diffusion == "publiable" == tous.diffusion:
            compte = round(tous.valeur * part_.valeur / 100)
            for nombre in (compte, tous.valeur - compte):
                assert nombre == 0 or nombre >= 11
        assert tous.diffusion == "publiable" or part_.diffusion != "publiable"


def test_une_moyenne_est_ponderee_et_se_tait_si_un_taux_se_tait():
    territoire(2)
    decrit = decrire(serie("tous"), taux("part"))
    importer(decrit, par_rang((100, "30"), (300, "50")), "2023")
    assert ensemble("part", "2023").valeur == Decimal(45)
    assert ensemble("part", "2023").diffusion == "publiable"
    importer(decrit, par_rang((100, "5"), (300, "50")))
    assert ensemble("part").diffusion == "secondaire" and ensemble("tous").diffusion == "publiable"


def test_le_taux_d_une_partie_tue_se_tait():
    territoire(4)
    lignes = [(*ligne, round(100 * ligne[1] / ligne[0], 1)) for ligne in UN_PETIT.values()]
    importer(decrire(*PAR_SEXE, taux("part_des_femmes")), par_rang(*lignes))
    assert lue("part_des_femmes", 1).diffusion != "publiable"
    for rang in (2, 3, 4):
        if lue("femmes", rang).diffusion != "publiable":
            assert lue("part_des_femmes", rang).diffusion != "publiable"


# Ce qui manque.


@pytest.mark.parametrize(
    ("lignes", "connus"),
    [
        (par_rang((120,), (200,), ("nd",)), 2),
        (par_rang((120,), (200,)), 2),
        (par_rang(("nd",), ("s",), (95,)), 1),
    ],
)
def test_un_ensemble_ne_se_fait_pas_sans_tous_les_siens(lignes, connus):
    territoire(3)
    importer(decrire(serie("tous")), lignes)
    fait = ensemble("tous")
    assert (fait.etat, fait.valeur, fait.connus, fait.attendus) == ("manquante", None, connus, 3)


def test_un_poids_qui_manque_manque_a_la_moyenne():
    territoire(2)
    importer(decrire(serie("tous"), taux("part")), par_rang((100, "30"), ("nd", "50")))
    assert ensemble("part").valeur is None
    assert lue("part", 1).diffusion == "publiable"


def test_une_serie_qui_ne_s_additionne_pas_n_a_pas_d_ensemble():
    territoire(2)
    importer(decrire(serie("revenu", "euros", "aucune")), par_rang((100,), (200,)))
    assert not ValeurDEnsemble.objects.exists()


def test_les_generations_de_quartiers_ne_se_melangent_pas():
    epci = territoire(2)
    territoire(2, "Autrefois", depart=8, millesime=2015)
    vieux = Epci.objects.get(nom="Autrefois")
    epci.communes.add(*vieux.communes.all())
    vieux.delete()
    importer(decrire(serie("tous")), par_rang((100,), (200,)))
    importer(decrire(serie("tous"), nom="2015", millesime=2015), par_rang((30,), (40,), depart=8))
    par_generation = ValeurDEnsemble.objects.values_list("millesime", "valeur").order_by(
        "millesime"
    )
    assert list(par_generation) == [(2015, 70), (2024, 300)]
