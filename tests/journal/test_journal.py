"""Le journal : une chaîne par contrat, que la base refuse de modifier et que l'on sait vérifier."""

import json

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from parvis.journal import rules
from parvis.journal.actions import noter
from parvis.journal.models import Chaine, Evenement
from parvis.journal.queries.verification import ruptures
from tests.fabriques.journal import acte

pytestmark = pytest.mark.usefixtures("acte_d_essai")


def sql(requete: str, *valeurs) -> None:
    with connection.cursor() as curseur:
        curseur.execute(requete, valeurs)


@pytest.mark.django_db
class TestNoter:
    def test_garde_qui_pour_qui_et_quoi(self, acteur):
        evenement = noter(
            par=acteur,
            contrat="tilleuls",
            action="cadre.publier",
            objet="edition:1",
            objet_nom="Édition 2015",
            details={"fiches": 3},
        )
        relu = Evenement.objects.get(pk=evenement.pk)
        assert (relu.utilisateur, relu.utilisateur_nom) == (
            str(acteur.utilisateur.pk),
            "Amina Traoré",
        )
        assert relu.organisme_nom == "Agglomération des Tilleuls"
        assert relu.details.contenu == {"fiches": 3}
        assert (relu.rang, relu.empreinte_precedente) == (1, rules.ORIGINE)

    def test_chaque_contrat_a_sa_chaine(self):
        assert [acte("a").rang, acte("b").rang, acte("a").rang] == [1, 1, 2]
        assert ruptures() == []

    def test_la_tete_suit_le_dernier_acte(self):
        acte()
        dernier = acte()
        chaine = Chaine.objects.get(contrat="tilleuls")
        assert (chaine.nombre, chaine.empreinte) == (2, dernier.empreinte)

    def test_deux_actes_identiques_ont_deux_empreintes(self):
        assert acte(details={"a": 1}).empreinte_details != acte(details={"a": 1}).empreinte_details

    def test_un_acte_annule_ne_laisse_pas_de_trace(self):
        acte()
        with pytest.raises(RuntimeError), transaction.atomic():
            acte()
            raise RuntimeError
        assert Evenement.objects.count() == Chaine.objects.get().nombre == 1
        acte()
        assert ruptures() == []


@pytest.mark.django_db(transaction=True)
def test_noter_hors_transaction_est_refuse():
    with pytest.raises(transaction.TransactionManagementError):
        acte()
    assert not Chaine.objects.exists()


REFUS = {
    "changer un acte": "UPDATE journal_evenement SET objet_nom = 'Autre'",
    "effacer un acte": "DELETE FROM journal_evenement",
    "effacer la tête": "DELETE FROM journal_chaine",
    "reculer la tête": "UPDATE journal_chaine SET nombre = nombre - 1",
    "avancer la tête de deux": "UPDATE journal_chaine SET nombre = nombre + 2",
    "rebaptiser la chaîne": "UPDATE journal_chaine SET contrat = 'autre', nombre = nombre + 1",
    "changer l'empreinte de la tête": "UPDATE journal_chaine SET empreinte = 'x'",
    "changer des détails": "UPDATE journal_details SET sel = 'x'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("geste", REFUS)
def test_la_base_refuse(geste):
    acte(details={"a": 1})
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(REFUS[geste])
    assert ruptures() == []


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("table", ["journal_evenement", "journal_chaine", "journal_details"])
def test_la_base_refuse_le_vidage(table):
    acte(details={"a": 1})
    # Sans cela, PostgreSQL refuserait pour une autre raison : des clés encore à vérifier.
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"TRUNCATE {table} CASCADE")
    assert ruptures() == []


@pytest.mark.django_db
@pytest.mark.parametrize("champ", [c for c in rules.CHAMPS_SCELLES if c not in ("contrat", "rang")])
def test_le_journal_refuse_par_l_orm_aussi(champ):
    evenement = acte()
    with pytest.raises(DatabaseError), transaction.atomic():
        evenement.save(update_fields=[champ])


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE est propre à SQLite")
@pytest.mark.parametrize("table", ["journal_evenement", "journal_chaine", "journal_details"])
def test_la_base_refuse_un_remplacement(table):
    acte(details={"a": 1})
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"REPLACE INTO {table} SELECT * FROM {table}")


def test_verifier_relit_beaucoup_d_actes_en_peu_de_requetes(db, django_assert_max_num_queries):
    for _ in range(30):
        acte(details={"a": 1})
    with django_assert_max_num_queries(4):
        assert ruptures() == []


NOMBRES = st.one_of(
    st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False)
)
TEXTES = st.text(
    st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=20
)
CONTENUS = st.dictionaries(
    TEXTES, st.one_of(NOMBRES, TEXTES, st.booleans(), st.none(), st.lists(NOMBRES, max_size=3))
)


@given(CONTENUS)
def test_l_empreinte_survit_a_un_aller_retour_en_json(contenu):
    relu = json.loads(json.dumps(contenu))
    assert rules.empreinte_details("sel", contenu) == rules.empreinte_details("sel", relu)


@pytest.mark.django_db
def test_les_nombres_relus_par_le_moteur_ne_rompent_pas_la_chaine():
    acte(details={"a": 1e16, "b": -0.0, "c": 0.1, "d": 1e-7, "e": [1.0, 2.5], "f": {"g": 3e20}})
    acte(details={"accents": "été œuvre « ’ »", "vide": "", "liste": [], "rien": None})
    assert ruptures() == []
