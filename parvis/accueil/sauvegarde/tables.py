"""Quelles tables se sauvent : toutes celles des modèles, sauf celles d'une liste fermée."""

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model

# Ce qui ne vaut que pour le site qui tourne. Une table n'est laissée que si elle est nommée ici.
LAISSEES = {
    "sessions.Session": "chacun se connecte de nouveau",
    "axes.AccessAttempt": "essais de mots de passe : un compteur d'un quart d'heure",
    "axes.AccessAttemptExpiration": "essais de mots de passe : un compteur d'un quart d'heure",
    "axes.AccessFailureLog": "essais de mots de passe : éteint par les réglages",
    "axes.AccessLog": "connexions : éteint par les réglages",
    "travaux.Bail": "qui tient l'exécutant à cet instant",
}
# `migrate` y écrit des lignes, que la restauration remplace : les autres les nomment par numéro.
REMPLIES_PAR_MIGRATE = ("contenttypes.ContentType", "auth.Permission")

Modele = type[Model]


def modeles() -> list[Modele]:
    """Rend tous les modèles qui ont leur table, liaisons comprises, dans un ordre stable."""
    tous = apps.get_models(include_auto_created=True, include_swapped=False)
    avec_table = [m for m in tous if m._meta.managed and not m._meta.proxy]
    return sorted(avec_table, key=lambda modele: modele._meta.db_table)


def a_sauver() -> dict[str, Modele]:
    """Rend, par nom de table, les modèles dont les lignes se sauvent."""
    return {m._meta.db_table: m for m in modeles() if m._meta.label not in LAISSEES}


def remplies_par_migrate() -> list[Modele]:
    """Rend les modèles dont `migrate` remplit la table, chacun avant celui qu'il nomme."""
    return [apps.get_model(nom) for nom in reversed(REMPLIES_PAR_MIGRATE)]


def sans_modele() -> set[str]:
    """Rend les tables qui n'ont pas de modèle : les migrations, écrites au manifeste, et le cache."""
    caches = {str(c["LOCATION"]) for c in settings.CACHES.values() if "LOCATION" in c}
    return {"django_migrations"} | caches


def remplies() -> dict[str, int]:
    """Rend le nombre de lignes de chaque table de la base qui en a, hors de ce que `migrate` écrit."""
    propres = sans_modele() | {m._meta.db_table for m in remplies_par_migrate()}
    comptes = {}
    with connection.cursor() as curseur:
        for table in sorted(set(connection.introspection.table_names(curseur)) - propres):
            curseur.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if nombre := curseur.fetchone()[0]:
                comptes[table] = nombre
    return comptes
