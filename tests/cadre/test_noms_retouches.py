"""Les noms qu'un brouillon dit : ceux du contrat d'abord, et rien de ce qui s'écrit en passant."""

import pytest

from parvis.cadre.actions import publier_edition
from parvis.cadre.actions.brouillons import jeter_le_brouillon, preparer_un_avenant
from parvis.cadre.models import Contrat, Dispositif, Edition, Partenaire
from parvis.comptes.acteur import Acteur
from tests.fabriques.retouches import dit, retoucher

pytestmark = pytest.mark.django_db
LEA = Acteur.machine("Léa")
CAF = "Caisse d'allocations familiales"


def operateurs(brouillon, *noms):
    retoucher(LEA, brouillon, "fiche-1-1", "operateurs", [{"nom": nom} for nom in noms])
    return [ligne["nom"] for ligne in dit(brouillon, "fiche-1-1", "operateurs")]


def test_ce_qui_s_ecrit_en_passant_ne_laisse_pas_de_nom(brouillon):
    avant = set(Partenaire.objects.values_list("nom", flat=True))
    for nom in ("Fond", "Fondation", "Fondation des Vergers"):
        operateurs(brouillon, "Associations", nom)
    apres = set(Partenaire.objects.values_list("nom", flat=True))
    assert apres - avant == {"Fondation des Vergers"}
    assert "Fond" not in Edition.objects.get(pk=brouillon.pk).catalogue["partenaires"]


def test_un_nom_que_dit_une_autre_edition_reste(publiee, brouillon):
    operateurs(brouillon)
    assert Partenaire.objects.filter(nom="Associations").exists()
    assert publiee.catalogue["partenaires"].keys() >= {"Associations"}


def test_un_brouillon_jete_ne_laisse_pas_de_nom(brouillon):
    operateurs(brouillon, "Fondation des Vergers")
    jeter_le_brouillon(par=LEA, edition=brouillon)
    assert not Partenaire.objects.filter(nom="Fondation des Vergers").exists()
    assert Partenaire.objects.filter(nom=CAF).exists()


def test_le_nom_du_contrat_passe_avant_celui_du_lexique(brouillon):
    Partenaire.objects.create(
        contrat=Contrat.objects.get(),
        nom="CAF",
        slug="caf-du-lieu",
        cle_de_tri="caf",
    )
    assert operateurs(brouillon, "caf") == ["CAF"]


@pytest.mark.parametrize(
    "ecrit", ["associations", "ASSOCIATIONS", "  Associations ", "Àssociations"]
)
def test_la_casse_et_les_accents_ne_font_pas_un_nouveau_nom(brouillon, ecrit):
    assert operateurs(brouillon, ecrit) == ["Associations"]


def test_la_ponctuation_fait_un_autre_nom(brouillon):
    assert operateurs(brouillon, "Associations (CCAS)") == ["Associations (CCAS)"]


def test_publier_garde_ce_qu_on_savait_d_un_nom_qui_revient(publiee, brouillon):
    """Un dispositif quitte une édition, puis revient : ce que l'on en a vérifié est toujours là."""
    aides = dit(brouillon, "fiche-1-1", "dispositifs")
    for numero in ("1-1", "1-2", "2-1"):
        retoucher(LEA, brouillon, f"fiche-{numero}", "dispositifs", [])
    sans = publier_edition(par=LEA, edition=Edition.objects.get(pk=brouillon.pk))
    assert sans.catalogue["dispositifs"] == {}
    Dispositif.objects.update(explication="Six mois d'aide.", lien="https://exemple.fr/aide")
    retour = preparer_un_avenant(par=LEA, edition=sans)
    retoucher(
        LEA,
        retour,
        "fiche-1-1",
        "dispositifs",
        [{c: str(x[c]) for c in ("nom", "porteur", "detail", "degre")} for x in aides],
    )
    publier_edition(par=LEA, edition=Edition.objects.get(pk=retour.pk))
    dispositif = Dispositif.objects.get(nom="Aide au démarrage")
    assert (dispositif.explication, dispositif.lien) == (
        "Six mois d'aide.",
        "https://exemple.fr/aide",
    )
