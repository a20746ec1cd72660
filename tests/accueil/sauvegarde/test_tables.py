"""Aucune table, aucune colonne, aucune sorte de champ n'est oubliée sans être nommée."""

import pytest
from django.apps import apps
from django.db import connection, models

from parvis.accueil.sauvegarde import lignes, tables

pytestmark = pytest.mark.django_db


def oubliees() -> set[str]:
    """Rend les tables de la base qui ne sont ni sauvées, ni nommées parmi les laissées."""
    laissees = {apps.get_model(nom)._meta.db_table for nom in tables.LAISSEES}
    de_la_base = set(connection.introspection.table_names())
    return de_la_base - set(tables.a_sauver()) - laissees - tables.sans_modele() - {"parvis_cache"}


def test_chaque_table_est_sauvee_ou_laissee_en_le_disant():
    assert oubliees() == set()


def test_une_table_ajoutee_sans_modele_se_verrait():
    with connection.cursor() as curseur:
        curseur.execute("CREATE TABLE recherche_plein_texte (mot text)")
    assert oubliees() == {"recherche_plein_texte"}


def test_les_laissees_existent_et_disent_pourquoi():
    assert all(apps.get_model(nom) and raison for nom, raison in tables.LAISSEES.items())
    assert {nom.split(".")[0] for nom in tables.LAISSEES} == {"sessions", "axes", "travaux"}


def test_rien_de_sauve_ne_nomme_ce_qui_est_laisse():
    sauves = set(tables.a_sauver().values())
    for modele in sauves:
        for champ in lignes.colonnes(modele):
            assert champ.related_model is None or champ.related_model in sauves, champ


@pytest.mark.parametrize("table", sorted(tables.a_sauver()))
def test_chaque_colonne_se_sauve(table):
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)} WHERE 1 = 0")
        colonnes = {colonne[0] for colonne in curseur.description}
    modele = tables.a_sauver()[table]
    calculees = {champ.column for champ in modele._meta.local_concrete_fields if champ.generated}
    assert colonnes - calculees == {champ.column for champ in lignes.colonnes(modele)}
    # L'ordre des lignes ne doit rien à la collation du moteur.
    cle = modele._meta.pk
    while isinstance(cle, models.ForeignKey):
        cle = cle.target_field
    assert isinstance(cle, (models.AutoField, models.UUIDField))


def test_ce_que_la_base_calcule_ne_se_sauve_pas():
    class Calculee(models.Model):
        largeur = models.IntegerField()
        double = models.GeneratedField(
            expression=models.F("largeur") * 2,
            output_field=models.IntegerField(),
            db_persist=True,
        )

        class Meta:
            app_label = "socle"

        def __str__(self) -> str:
            return "calculée"

    try:
        assert [champ.name for champ in lignes.colonnes(Calculee)] == ["id", "largeur"]
    finally:
        del apps.all_models["socle"]["calculee"]
        apps.clear_cache()
