"""Corriger une série : ses mots, son unité, et le secret qui s'applique à toutes ses périodes."""

import pytest

from parvis.observatoire.models import Serie
from tests.fabriques.observatoire import (
    PAR_SEXE,
    decrire,
    diffusions,
    ensemble,
    importer,
    par_rang,
    serie,
    territoire,
)
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(ouvert):
    """Rend le site de la pilote et de quoi nommer l'adresse d'une série, par son code."""
    territoire()
    site, adresse = ouvert

    def une(code=""):
        suite = f"{Serie.objects.get(code=code).pk}/" if code else ""
        return adresse(f"chiffres/series/{suite}")

    return site, une


def saisie(code, **autres):
    visee = Serie.objects.get(code=code)
    return {n: getattr(visee, n) for n in ("libelle", "definition", "unite")} | autres


def test_chaque_serie_du_contrat_se_corrige_et_pas_celles_de_la_plateforme(series):
    site, une = series
    decrire(serie("tous"))
    decrire(serie("commune"), contrat="")
    page = lire(site.get(une()))
    assert f'href="{une("tous")}"' in page and f'href="{une("commune")}"' not in page
    assert site.get(une("commune")).status_code == 404
    assert site.post(une("commune"), **saisie("commune", libelle="X")).status_code == 404


def test_une_page_dit_ce_que_la_serie_dit_et_ce_que_fait_le_secret(series):
    site, une = series
    decrire(serie("tous", definition="Qui dort là."), seuil=7)
    page = lire(site.get(une("tous")))
    assert 'value="Tous"' in page and "Qui dort là." in page
    assert "Sous 7 personnes, un nombre ne se montre pas" in page
    assert "le secret s’applique à toutes les périodes déjà reçues" in page


def test_une_serie_se_corrige(series):
    site, une = series
    decrire(serie("tous"))
    envoi = saisie("tous", libelle="Habitants", definition="Qui dort là.")
    assert site.post(une("tous"), **envoi)["Location"] == une()
    page = lire(site.get(une()))
    assert "« Habitants » est à jour." in page and "Qui dort là." in page


def test_compter_des_personnes_tait_les_petits_nombres_de_chaque_periode(series):
    site, une = series
    decrit = decrire(serie("suivis", "nombre"))
    for periode in ("2023", "2024"):
        importer(decrit, par_rang((7,), (40,), (60,)), periode)
    site.post(une("suivis"), **saisie("suivis", unite="personnes"))
    for periode in ("2023", "2024"):
        assert diffusions("suivis", periode)[0] == "primaire"
        se_tait = {*diffusions("suivis", periode)[1:], ensemble("suivis", periode).diffusion}
        assert se_tait != {"publiable"}


@pytest.mark.parametrize(
    ("autres", "attendu"),
    [
        ({"libelle": ""}, "Ce champ est obligatoire."),
        ({"libelle": "x" * 301}, "300"),
        ({"unite": "lune"}, "Sélectionnez un choix valide"),
        ({"unite": "pourcent"}, "ne s’additionne pas"),
        ({"unite": "menages"}, "décrivez le fichier de nouveau"),
        ({"definition": "Qui dort là. " + "x" * 2000}, "2000"),
    ],
)
def test_une_correction_refusee_garde_tout(series, autres, attendu):
    site, une = series
    importer(decrire(*PAR_SEXE), par_rang((120, 70, 50)))
    gardes = {"libelle": "Les gens d’ici", "definition": "Qui dort là."} | autres
    page = site.post(une("tous"), **saisie("tous", **gardes))
    assert page.status_code == 422 and attendu in lire(page)
    assert f'value="{gardes["libelle"]}"' in lire(page) if gardes["libelle"] else True
    assert "Qui dort là." in lire(page)
    assert Serie.objects.get(code="tous").libelle == "Tous"


def test_la_serie_d_un_autre_contrat_n_existe_pas(series, autre_pilote, naviguer, voisin):
    _, une = series
    decrire(serie("tous"))
    leur = naviguer(autre_pilote)
    croisee = f"/{voisin.code}/pilotage/chiffres/series/{Serie.objects.get().pk}/"
    for adresse in (une("tous"), croisee):
        assert leur.get(adresse).status_code == 404
        assert leur.post(adresse, **saisie("tous", libelle="À nous")).status_code == 404
    assert Serie.objects.get().libelle == "Tous"
