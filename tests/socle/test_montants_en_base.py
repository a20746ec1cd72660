"""L'argent gardé : des centimes entiers en base, des sommes et des contraintes exactes."""

from decimal import Decimal

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Avg, F, Q, Sum
from django.db.models.functions import Coalesce
from django.forms import Form, modelform_factory
from django.test.utils import isolate_apps
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.socle.montants import PLAFOND, ChampMontant, MontantField, ecrire_montant, en_base
from tests.conftest import est_postgresql

N = "\u00a0"


@pytest.fixture(scope="module")
def classes():
    """Un modèle d'essai, et le même que tient une contrainte."""
    with isolate_apps("parvis.socle"):

        class Ligne(models.Model):
            groupe = models.IntegerField(default=0)
            a = MontantField()
            b = MontantField(default=Decimal(0), negatif=True)
            plafond = MontantField(null=True, blank=True)

            class Meta:
                app_label = "socle"
                db_table = "essai_des_montants"

            def __str__(self):
                return ecrire_montant(self.a)

        class LigneTenue(models.Model):
            a = MontantField()
            b = MontantField()
            plafond = MontantField()

            class Meta:
                app_label = "socle"
                db_table = "essai_des_montants_tenus"
                constraints = [
                    models.CheckConstraint(
                        name="essai_sous_le_plafond",
                        condition=Q(plafond__gte=F("a") + F("b")),
                        violation_error_message="Les deux montants dépassent le plafond.",
                    )
                ]

            def __str__(self):
                return ecrire_montant(self.a)

    return Ligne, LigneTenue


@pytest.fixture
def tables(db, classes):
    for classe in classes:
        with connection.cursor() as curseur:
            curseur.execute(connection.schema_editor(collect_sql=True).table_sql(classe)[0])
    return [classe.objects for classe in classes]


@pytest.fixture
def table(tables):
    return tables[0]


def test_la_base_tient_des_centimes_entiers(table):
    table.create(a=Decimal("1250.5"))
    with connection.cursor() as curseur:
        curseur.execute("SELECT a, plafond FROM essai_des_montants")
        assert curseur.fetchall() == [(125050, None)]
    ligne = table.get()
    assert (str(ligne.a), ligne.plafond) == ("1250.50", None)


def test_les_lectures_par_montant(table):
    table.bulk_create([table.model(a=Decimal(a)) for a in ("0.29", "0.30", "0.31")])
    seuil = Decimal("0.30")
    assert table.filter(a__gt=seuil).count() == table.filter(a__lt=seuil).count() == 1
    assert table.filter(a__gte=seuil).count() == table.filter(a__lte=seuil).count() == 2
    assert table.filter(a__range=(Decimal(0), seuil)).count() == 2
    assert table.get(a__in=[seuil, Decimal(7)]).a == table.get(a=seuil).a == seuil
    assert str(table.order_by("-a").first().a) == "0.31"


def test_les_sommes_et_les_calculs_restent_des_montants(table):
    table.bulk_create([table.model(a=Decimal("0.10"), b=Decimal("0.20"), groupe=3)] * 3)
    vu = table.aggregate(
        somme=Sum("a"),
        deux=Sum(F("a") + F("b")),
        fois=Sum(F("groupe") * F("a")),
        moyenne=Avg("a"),
        rien=Sum("plafond"),
        zero=Sum("plafond", default=Decimal(0)),
        repli=Coalesce(Sum("plafond"), en_base(0)),
    )
    assert {nom: str(valeur) for nom, valeur in vu.items()} == {
        "somme": "0.30",
        "deux": "0.90",
        "fois": "0.90",
        "moyenne": "0.10",
        "rien": "None",
        "zero": "0.00",
        "repli": "0.00",
    }
    assert table.annotate(reste=F("b") - F("a")).first().reste == Decimal("0.10")
    assert table.filter(a__lt=F("b")).count() == 3


def test_un_montant_s_ajoute_en_base_et_jamais_un_nombre_nu(table):
    table.create(a=Decimal("1.00"))
    table.update(a=F("a") + en_base(Decimal("0.50")))
    assert table.get().a == Decimal("1.50")
    with pytest.raises(FieldError):
        table.annotate(faux=F("a") + 1).get()
    with pytest.raises(FieldError):
        table.annotate(faux=F("a") + Decimal("1.00")).get()


def test_une_moyenne_se_coupe_au_centime_du_dessous(table):
    table.bulk_create([table.model(a=Decimal(a)) for a in ("0.01", "0.02")])
    assert table.aggregate(moyenne=Avg("a"))["moyenne"] == Decimal("0.01")


def test_la_contrainte_est_exacte_la_ou_un_flottant_echoue(tables):
    tenue = tables[1]
    assert not 0.10 + 0.20 <= 0.30
    dix, vingt, trente = Decimal("0.10"), Decimal("0.20"), Decimal("0.30")
    tenue.create(a=dix, b=vingt, plafond=trente).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        tenue.create(a=dix, b=vingt + Decimal("0.01"), plafond=trente)
    with pytest.raises(ValidationError, match="dépassent le plafond"):
        tenue.model(a=dix, b=Decimal("0.21"), plafond=trente).full_clean()


@pytest.mark.skipif(est_postgresql(), reason="PostgreSQL compare les décimaux exactement")
def test_un_decimal_de_sqlite_se_trompe(db):
    with connection.cursor() as curseur:
        curseur.execute("SELECT 0.10 + 0.20 <= 0.30, 10 + 20 <= 30")
        assert curseur.fetchone() == (0, 1)


def test_additionner_et_comparer_en_base_est_le_faire_en_python(table):
    tires = []

    @settings(max_examples=10_000)
    @given(st.integers(0, 10**14 - 1))
    def tirer(nombre):
        tires.append([Decimal(centimes).scaleb(-2) for centimes in divmod(nombre, 10**7)])

    tirer()
    # Le plafond est la somme même, un centime de moins ou un de plus : là où un flottant se trompe.
    lignes = [
        table.model(groupe=rang // 4, a=a, b=b, plafond=abs(a + b + Decimal(rang % 3 - 1) / 100))
        for rang, (a, b) in enumerate(tires)
    ]
    table.bulk_create(lignes, batch_size=5000)
    attendues = {}
    for ligne in lignes:
        attendues[ligne.groupe] = attendues.get(ligne.groupe, 0) + ligne.a
    assert dict(table.values_list("groupe").annotate(somme=Sum("a"))) == attendues
    assert table.aggregate(somme=Sum(F("a") + F("b")))["somme"] == sum(map(sum, tires))
    sous = table.filter(plafond__gte=F("a") + F("b")).count()
    assert sous == sum(ligne.a + ligne.b <= ligne.plafond for ligne in lignes)
    assert sous != sum(float(li.a) + float(li.b) <= float(li.plafond) for li in lignes)


# Le champ, hors de la base.


@pytest.mark.parametrize("faux", [0.1, True, Decimal("1.005"), Decimal("NaN"), "1,50", "abc", []])
def test_le_champ_refuse_ce_qui_n_est_pas_un_montant(faux):
    with pytest.raises(ValidationError):
        MontantField().to_python(faux)


def test_un_flottant_ne_s_ecrit_pas_en_base(table):
    with pytest.raises(TypeError):
        table.create(a=0.1)
    with pytest.raises(TypeError):
        table.filter(a__lte=0.3).count()
    with pytest.raises(ValueError, match="999"):
        table.create(a=PLAFOND + 1)


@pytest.mark.parametrize(
    ("brut", "lu"),
    [(12, "12.00"), (Decimal("1.5"), "1.50"), (Decimal("1.500"), "1.50"), ("-3.4", "-3.40")],
)
def test_le_champ_rend_deux_decimales(brut, lu):
    assert str(MontantField().to_python(brut)) == lu


def test_le_champ_se_decrit_pour_les_migrations():
    _, chemin, args, options = MontantField("dû", negatif=True, null=True).deconstruct()
    assert chemin == "parvis.socle.montants.MontantField"
    refait = MontantField(*args, **options)
    assert (refait.negatif, refait.null, refait.verbose_name) == (True, True, "dû")
    assert "negatif" not in MontantField().deconstruct()[3]


@pytest.mark.parametrize(
    ("valeur", "negatif"), [(-1, False), (PLAFOND + 1, True), (-PLAFOND - 1, True)]
)
def test_le_champ_tient_ses_bornes(valeur, negatif):
    with pytest.raises(ValidationError):
        MontantField(negatif=negatif).clean(valeur, None)


def test_le_formulaire_lit_et_ecrit_a_la_francaise(db, classes):
    Ligne = classes[0]
    Formulaire = modelform_factory(Ligne, fields=["a", "b", "plafond"])
    saisie = Formulaire({"a": f"1{N}000,50 €", "b": "-2", "plafond": ""})
    assert saisie.is_valid(), saisie.errors
    assert saisie.cleaned_data == {"a": Decimal("1000.50"), "b": Decimal(-2), "plafond": None}
    faute = Formulaire({"a": "-1", "b": "beaucoup", "plafond": "1,000"})
    assert sorted(faute.errors) == ["a", "b", "plafond"]
    assert "se lit de deux façons" in faute.errors["plafond"][0]
    rendu = str(Formulaire(instance=Ligne(a=Decimal("1250.00"), b=Decimal("0.5")))["a"])
    assert f'value="1{N}250"' in rendu
    assert 'inputmode="decimal"' in rendu


def test_reecrire_le_meme_montant_n_est_pas_un_changement():
    class Essai(Form):
        prix = ChampMontant(required=False)

    depart = {"initial": {"prix": Decimal("1250.00")}}
    assert not Essai({"prix": "1 250,00 €"}, **depart).has_changed()
    assert Essai({"prix": "1 251"}, **depart).has_changed()
    assert Essai({"prix": "?"}, **depart).has_changed()
    assert not Essai({"prix": ""}, initial={"prix": None}).has_changed()
    assert Essai({"prix": ""}).is_valid()
