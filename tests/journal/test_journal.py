"""Le journal : une chaîne par contrat, que la base refuse de modifier et que l'on sait vérifier."""

import io
import json
import threading
from dataclasses import dataclass

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from parvis.journal import rules
from parvis.journal.actions import noter
from parvis.journal.models import Chaine, Details, Evenement
from parvis.journal.queries.verification import Rupture, ruptures
from parvis.socle.auteur import Machine


def acte(contrat: str = "tilleuls", **autres) -> Evenement:
    valeurs = {"action": "essai", "objet": "fiche:1-1", "objet_nom": "Un jardin", "details": None}
    return noter(par=Machine("essai"), contrat=contrat, **(valeurs | autres))


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
}


@pytest.mark.django_db
@pytest.mark.parametrize("geste", REFUS)
def test_la_base_refuse(geste):
    acte()
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(REFUS[geste])
    assert ruptures() == []


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("table", ["journal_evenement", "journal_chaine"])
def test_la_base_refuse_le_vidage(table):
    acte()
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"TRUNCATE {table} CASCADE")
    assert ruptures() == []


@pytest.mark.django_db
@pytest.mark.parametrize("champ", [c for c in rules.CHAMPS_SCELLES if c not in ("contrat", "rang")])
def test_le_journal_refuse_par_l_orm_aussi(champ):
    evenement = acte()
    with pytest.raises(DatabaseError), transaction.atomic():
        evenement.save(update_fields=[champ])


@pytest.fixture
def trois_actes(db):
    return [acte(details={"rang": rang}) for rang in (1, 2, 3)]


FALSIFICATIONS = {
    "un nom changé": (
        "UPDATE journal_evenement SET utilisateur_nom = 'Autre' WHERE rang = 2",
        (2, "son contenu a changé"),
    ),
    "une date changée": (
        "UPDATE journal_evenement SET instant = '2001-01-01 00:00:00+00:00' WHERE rang = 2",
        (2, "son contenu a changé"),
    ),
    "la fin retirée": (
        "DELETE FROM journal_evenement WHERE rang = 3",
        (2, "la fin de la chaîne ne rejoint pas sa tête"),
    ),
    "le milieu retiré": (
        "DELETE FROM journal_evenement WHERE rang = 2",
        (3, "un événement manque avant celui-ci"),
    ),
    "des détails changés": (
        """UPDATE journal_details SET contenu = '{"rang": 9}'
        WHERE evenement_id = (SELECT id FROM journal_evenement WHERE rang = 2)""",
        (2, "ses détails ont changé"),
    ),
    "la tête retirée": ("DELETE FROM journal_chaine", (1, "la tête de sa chaîne a disparu")),
    "une empreinte refaite": (
        "UPDATE journal_evenement SET empreinte_precedente = 'x' WHERE rang = 2",
        (2, "il ne suit pas le précédent"),
    ),
}


@pytest.mark.parametrize("faux", FALSIFICATIONS)
def test_une_falsification_se_voit(trois_actes, sans_declencheurs, faux):
    requete, (rang, motif) = FALSIFICATIONS[faux]
    with sans_declencheurs():
        if "DELETE FROM journal_evenement" in requete:
            sql("DELETE FROM journal_details")
        sql(requete)
    assert Rupture("tilleuls", rang, motif) in ruptures()
    erreurs = io.StringIO()
    with pytest.raises(CommandError, match="rupture"):
        call_command("verifier_journal", stderr=erreurs)
    assert f"tilleuls, événement n°{rang} : {motif}." in erreurs.getvalue()


def test_des_details_effaces_ne_rompent_rien(trois_actes):
    Details.objects.all().delete()
    sortie = io.StringIO()
    call_command("verifier_journal", stdout=sortie)
    assert sortie.getvalue() == "Le journal est intact.\n"


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


@dataclass
class Essai:
    """Ce que chaque fil rapporte de ses actes."""

    erreurs: list


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_huit_fils_ecrivent_une_chaine_sans_trou():
    essai, depart = Essai([]), threading.Barrier(8)

    def ecrire():
        try:
            depart.wait(10)
            for _ in range(10):
                with transaction.atomic():
                    acte()
        except Exception as erreur:
            essai.erreurs.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=ecrire) for _ in range(8)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    assert essai.erreurs == []
    rangs = list(Evenement.objects.order_by("rang").values_list("rang", flat=True))
    assert rangs == list(range(1, 81))
    assert ruptures() == []
