"""Créer un contrat depuis la tenue de la plateforme, jusqu'à son premier brouillon."""

import pytest

from parvis.cadre.actions import publier_edition
from parvis.cadre.actions.contrats import creer_contrat
from parvis.cadre.actions.lectures import ecrire_le_brouillon
from parvis.cadre.models import Contrat
from parvis.socle.refus import Refus
from tests.fabriques.cadre import MACHINE
from tests.fabriques.lectures import lue
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
VALEURS = {
    "titre": "Contrat des Érables",
    "territoire": "Agglomération des Érables",
    "code": "erables-2024-2030",
    "debut": 2024,
    "fin": 2030,
}


def test_un_contrat_se_cree_et_attend_son_pilote(site):
    assert site.post("/pilotage/contrats/", **VALEURS)["Location"] == "/pilotage/contrats/"
    contrat = Contrat.objects.get()
    assert (contrat.code, contrat.periode) == ("erables-2024-2030", "2024-2030")
    page = lire(site.get("/pilotage/contrats/"))
    assert "Contrat des Érables" in page
    assert "Sans pilote" in page


@pytest.mark.parametrize(
    ("champ", "valeur", "mot"),
    [
        ("titre", "", "obligatoire"),
        ("code", "Érables 2024", "minuscules"),
        ("code", "pilotage", "réservé"),
        ("fin", 2020, "avant de commencer"),
        ("debut", "bientôt", "nombre"),
    ],
)
def test_un_contrat_mal_dit_ne_se_cree_pas(site, champ, valeur, mot):
    reponse = site.post("/pilotage/contrats/", **(VALEURS | {champ: valeur}))
    assert reponse.status_code == 422
    assert mot in lire(reponse)
    assert "Agglomération des Érables" in lire(reponse)
    assert not Contrat.objects.exists()


def test_deux_contrats_n_ont_pas_le_meme_code(db):
    creer_contrat(par=MACHINE, **VALEURS)
    with pytest.raises(Refus, match="déjà le code"):
        creer_contrat(par=MACHINE, **VALEURS)


def test_un_contrat_neuf_prend_le_titre_de_sa_premiere_edition(db):
    vide = creer_contrat(par=MACHINE, **VALEURS)
    edition = ecrire_le_brouillon(par=MACHINE, lecture=lue(MACHINE, vide)).edition
    publier_edition(par=MACHINE, edition=edition)
    vide.refresh_from_db()
    assert (vide.titre, vide.periode) == ("Contrat de ville 2016-2022", "2016-2022")
