"""Décrire un fichier : ce qui se garde, et tout ce qui se refuse."""

import pytest

from parvis.journal.models import Evenement
from parvis.observatoire.models import Description, Serie, Source
from parvis.socle.refus import Refus
from tests.fabriques.observatoire import (
    PAR_SEXE,
    code,
    decrire,
    diffusions,
    importer,
    par_rang,
    part,
    serie,
    taux,
    territoire,
)

pytestmark = pytest.mark.django_db


def test_une_description_se_garde_avec_ses_series():
    gardee = decrire(*PAR_SEXE, taux("part"), marques_du_secret=[" X ", ""], seuil=5, licence="LO")
    assert gardee.colonnes == {t: t for t in ("tous", "femmes", "hommes", "part")}
    assert (gardee.millesime, gardee.marques_du_secret) == (2024, ["x", ""])
    assert (gardee.source.seuil, gardee.source.licence) == (5, "LO")
    femmes, part_ = (Serie.objects.get(code=c) for c in ("femmes", "part"))
    assert (femmes.partie_de.code, femmes.decoupage, femmes.poids) == ("tous", "sexe", None)
    assert (part_.poids.code, part_.remontee) == ("tous", "moyenne")
    assert list(gardee.source.series.order_by("rang").values_list("rang", flat=True)) == [
        0,
        1,
        2,
        3,
    ]
    note = Evenement.objects.get(action="observatoire.decrire_un_fichier")
    assert note.objet_nom == "Fichier"


def test_une_echelle_sans_quartier_n_a_pas_de_generation():
    assert decrire(serie("tous"), niveau="commune").millesime is None


def test_un_titre_sans_lettre_a_quand_meme_un_code():
    assert decrire(serie("%"), serie("tous")).colonnes == {"%": "colonne-1", "tous": "tous"}


@pytest.mark.parametrize(
    ("series", "autres", "motif"),
    [
        ([], {}, "au moins une colonne"),
        ([serie("t", "pourcent")], {}, "ne s’additionne pas"),
        ([part("femmes")], {}, "n’est pas lue"),
        ([taux("part")], {}, "quelle colonne pèse"),
        ([serie("tous")], {"millesime": None}, "de quelle génération"),
        ([serie("Tous"), serie("tous!")], {}, "se confondent : renommez-en une"),
        ([serie("%"), serie("€"), serie("colonne 1")], {}, "se confondent"),
    ],
)
def test_une_description_qui_se_contredit_ne_laisse_rien(series, autres, motif):
    with pytest.raises(Refus, match=motif):
        decrire(*series, **autres)
    assert not Source.objects.exists() and not Serie.objects.exists()
    assert not Evenement.objects.exists()


@pytest.mark.parametrize(
    ("series", "autres", "motif"),
    [
        ([serie("tous")], {}, "déjà un fichier décrit sous ce nom"),
        ([serie("tous", "nombre")], {"nom": "Autre"}, "la compte déjà en personnes"),
        ([serie("Tous ", "menages")], {"nom": "Autre"}, "la compte déjà en personnes"),
        ([serie("tous")], {"nom": "Autre", "seuil": 5}, "se tait sous 11 personnes, et non 5"),
    ],
)
def test_ce_qui_contredit_une_source_connue_est_refuse(series, autres, motif):
    decrire(serie("tous"))
    with pytest.raises(Refus, match=motif):
        decrire(*series, **autres)
    assert Description.objects.count() == 1 and Serie.objects.count() == 1
    assert Serie.objects.get().unite == "personnes"


def test_la_meme_serie_dans_un_second_fichier_est_gardee():
    premiere = decrire(serie("tous"))
    seconde = decrire(serie("tous"), serie("autres"), nom="Autre")
    assert premiere.source == seconde.source and Serie.objects.count() == 2


def test_un_autre_contrat_a_ses_sources():
    decrire(serie("tous"))
    decrire(serie("tous", "nombre"), contrat="voisin")
    decrire(serie("tous", "menages"), contrat="")
    assert Source.objects.count() == 3
    assert set(Serie.objects.values_list("unite", flat=True)) == {"personnes", "nombre", "menages"}


def test_deux_descriptions_ne_font_pas_deux_etages():
    territoire()
    premiere = decrire(
        serie("femmes"), part("jeunes", "femmes", "âge"), part("agees", "femmes", "âge")
    )
    try:
        decrire(serie("tous"), part("femmes"), part("hommes"), nom="Autre")
    except Refus:
        return
    importer(premiere, {code(1): (60, 4, 56), code(2): (80, 40, 40), code(3): (90, 45, 45)})
    assert diffusions("jeunes")[0] == "primaire"


def test_redecrire_une_serie_connue_refait_le_secret():
    territoire()
    separees = decrire(serie("tous"), serie("femmes"), serie("hommes"))
    importer(separees, par_rang((47, 40, 7), (90, 50, 40), (80, 40, 40)))
    try:
        decrire(*PAR_SEXE, nom="Autre")
    except Refus:
        return
    # Femmes et total se lisent : leur différence rend les sept hommes.
    assert "publiable" not in {diffusions("femmes")[0], diffusions("hommes")[0]}


def test_un_seuil_nul_est_refuse():
    with pytest.raises(Refus):
        decrire(serie("tous"), seuil=0)
