"""Communes et quartiers : chargés sans rien perdre, retrouvés par un nom imprimé."""

from datetime import date

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from parvis.journal.models import Evenement
from parvis.socle.auteur import Machine
from parvis.territoires.actions import charger_territoire
from parvis.territoires.models import Commune, Correspondance, Epci, NomDeQuartier, Quartier
from parvis.territoires.queries import Reperes

pytestmark = pytest.mark.django_db
FICHIER = settings.DOSSIER_DONNEES / "territoires" / "seine-amont.yaml"
TABLES = (Commune, Epci, Quartier, NomDeQuartier, Correspondance)


def charger(donnees=None):
    donnees = donnees or yaml.safe_load(FICHIER.read_text(encoding="utf-8"))
    return charger_territoire(par=Machine("essai"), donnees=donnees, source="essai")


def etat() -> dict[str, list]:
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


def test_charge_les_communes_et_les_deux_millesimes():
    chargement = charger()
    assert (chargement.communes, chargement.quartiers) == (3, 19)
    assert Quartier.objects.filter(millesime=2015).count() == 9
    assert Quartier.objects.get(code="QP094001").valide_au == date(2023, 12, 31)
    assert Quartier.objects.get(code="QN09401M").valide_au is None


def test_charger_deux_fois_ne_change_rien():
    charger()
    avant = etat()
    assert charger().est_vide
    assert etat() == avant
    assert Evenement.objects.filter(action="territoires.charger").count() == 1


def test_dit_ce_que_devient_chaque_quartier():
    charger()
    suites = {
        c.ancien.code: (c.nature, c.nouveau and c.nouveau.code)
        for c in Correspondance.objects.select_related("ancien", "nouveau")
    }
    assert suites["QP094008"] == ("inchange", "QN09407I")
    assert suites["QP094001"] == ("modifie", "QN09401M")
    assert suites["QP094014"] == ("sorti", None)
    assert len(suites) == 9


def test_un_fichier_incomplet_n_ecrit_rien():
    with pytest.raises(KeyError), transaction.atomic():
        charger({"nom": "X", "communes": [{"insee": "94022", "nom": "Choisy-le-Roi"}]})
    assert not Commune.objects.exists()


@pytest.mark.parametrize(
    ("contenu", "message"),
    [("nom: X\n", "n'a pas la clé attendue"), ("a: [", "ne se lit pas"), (None, "ne se lit pas")],
)
def test_la_commande_dit_en_francais_ce_qui_ne_va_pas(tmp_path, contenu, message):
    fichier = tmp_path / "territoire.yaml"
    if contenu is not None:
        fichier.write_text(contenu)
    with pytest.raises(CommandError, match=message):
        call_command("charger_territoire", fichier)


def test_la_base_refuse_les_doublons_et_les_dates_a_l_envers():
    charger()
    gestes = [
        lambda: Commune.objects.create(code="94022", nom="Double", departement="94"),
        lambda: Quartier.objects.create(
            code="QP094001", millesime=2015, nom="Double", valide_du=date(2015, 1, 1)
        ),
        lambda: Quartier.objects.create(
            code="X",
            millesime=2015,
            nom="X",
            valide_du=date(2015, 1, 2),
            valide_au=date(2015, 1, 1),
        ),
        lambda: Epci.objects.create(nom=Epci.objects.get().nom),
        lambda: NomDeQuartier.objects.create(
            quartier=NomDeQuartier.objects.first().quartier, nom=NomDeQuartier.objects.first().nom
        ),
        lambda: Quartier.objects.get(code="QP094014").delete(),
    ]
    for geste in gestes:
        with pytest.raises(IntegrityError), transaction.atomic():
            geste()


def test_un_meme_code_peut_servir_a_deux_millesimes():
    Quartier.objects.create(code="A", millesime=2015, nom="A", valide_du=date(2015, 1, 1))
    Quartier.objects.create(code="A", millesime=2024, nom="A", valide_du=date(2024, 1, 1))


class TestSituer:
    @pytest.fixture
    def reperes(self):
        charger()
        return Reperes.de_l_annee(2015)

    @pytest.mark.parametrize(
        ("imprime", "territoire", "commune", "quartier"),
        [
            ("Vitry-sur-Seine", "", "94081", None),
            ("VITRY", "", "94081", None),
            ("Gagarine", "Ivry-sur-Seine", "94041", "QP094008"),
            ("gagarine truillot", "Ivry", "94041", "QP094008"),
            ("Balzac", "Vitry-sur-Seine", "94081", "QP094014"),
            ("Balzac", "", None, "QP094014"),
            ("Gagarine", "Vitry-sur-Seine", "94081", None),
            ("La Lune", "", None, None),
            ("", "", None, None),
        ],
    )
    def test_retrouve_ou_se_tait(self, reperes, imprime, territoire, commune, quartier):
        trouvee, trouve = reperes.situer(imprime, territoire)
        assert (trouvee and trouvee.code, trouve and trouve.code) == (commune, quartier)

    def test_suit_le_millesime_de_l_annee(self, reperes):
        _, ancien = reperes.situer("Gagarine", "Ivry-sur-Seine")
        _, nouveau = Reperes.de_l_annee(2025).situer("Gagarine", "Ivry-sur-Seine")
        assert (ancien.millesime, nouveau.millesime) == (2015, 2024)
        assert Reperes.de_l_annee(2000).situer("Gagarine", "") == (None, None)

    def test_ne_choisit_pas_entre_deux_communes_homonymes(self):
        for code, nom in (("94077", "Villeneuve-le-Roi"), ("94078", "Villeneuve-Saint-Georges")):
            Commune.objects.create(code=code, nom=nom, departement="94")
        for code, nom in (("93066", "Saint-Denis"), ("97411", "Saint-Denis")):
            Commune.objects.create(code=code, nom=nom, departement=code[:2])
        reperes = Reperes.de_l_annee(2015)
        assert reperes.situer("Villeneuve", "") == (None, None)
        assert reperes.situer("Saint-Denis", "") == (None, None)
        assert reperes.situer("Villeneuve-le-Roi", "")[0].code == "94077"

    def test_ne_choisit_pas_entre_deux_quartiers_homonymes(self):
        charger()
        double = Quartier.objects.create(
            code="QP094999", millesime=2015, nom="Balzac", valide_du=date(2015, 1, 1)
        )
        double.communes.add(Commune.objects.get(code="94022"))
        reperes = Reperes.de_l_annee(2015)
        assert reperes.situer("Balzac", "") == (None, None)
        assert reperes.situer("Balzac", "Vitry-sur-Seine")[1].code == "QP094014"
