"""Les lignes d'une table, écrites sans rien devoir à un moteur : une liste JSON de valeurs par ligne.

Un instant y est en UTC à la microseconde, un décimal et un identifiant en texte, des octets en base 64.
Une colonne JSON y est son texte même : l'ordre des clés et l'écriture des nombres survivent à un
aller-retour sur un moteur qui les garde.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.functions import Cast

from parvis.accueil.sauvegarde.tables import Modele

PAQUET = 2000
# Lus et écrits comme JSON les rend ; tout autre champ passe par sa propre lecture.
_TELS_QUELS = (
    models.CharField, models.TextField, models.SlugField, models.EmailField, models.URLField,
    models.IntegerField, models.SmallIntegerField, models.PositiveIntegerField,
    models.PositiveSmallIntegerField, models.PositiveBigIntegerField, models.BigIntegerField,
    models.AutoField, models.BigAutoField, models.BooleanField, models.FloatField, models.JSONField,
)  # fmt: skip
_EXACT = Context(prec=20_000, Emax=20_000, Emin=-20_000)


def colonnes(modele: Modele) -> list[models.Field]:
    """Rend les champs qui ont leur colonne, sans celles que la base calcule elle-même."""
    return [champ for champ in modele._meta.local_concrete_fields if not champ.generated]


def lire(modele: Modele) -> Iterator[tuple[bytes, bytes]]:
    """Rend chaque ligne d'une table, par clé : telle qu'elle s'écrit, puis telle qu'elle se compare."""
    champs = colonnes(modele)
    rangs = [rang for rang, champ in enumerate(champs) if isinstance(champ, models.JSONField)]
    textes = {f"texte_{c}": Cast(champs[c].attname, models.TextField()) for c in rangs}
    noms = [f"texte_{c}" if c in rangs else champ.attname for c, champ in enumerate(champs)]
    choisies = modele._base_manager.annotate(**textes).order_by("pk").values_list(*noms)
    for valeurs in choisies.iterator(chunk_size=PAQUET):
        ligne = _ECRIRE(valeurs).encode()
        yield ligne, _comparable(valeurs, rangs) if rangs else ligne


class Compte:
    """Le nombre et l'empreinte des lignes d'une table, les mêmes sur les deux moteurs."""

    def __init__(self) -> None:
        self.nombre, self._somme = 0, hashlib.sha256()

    def suivre(self, modele: Modele) -> Iterator[bytes]:
        """Rend les lignes d'une table, telles qu'elles s'écrivent, en les comptant."""
        for ligne, comparable in lire(modele):
            self.nombre += 1
            self._somme.update(comparable + b"\n")
            yield ligne

    @property
    def empreinte(self) -> str:
        """Rend la somme SHA-256 des lignes comptées."""
        return self._somme.hexdigest()


def charger(modele: Modele, lignes: Iterable[bytes]) -> None:
    """Écrit des lignes dans une table, sans règle ni déclencheur ni valeur par défaut."""
    champs = colonnes(modele)
    lectures = [(rang, lecture) for rang, c in enumerate(champs) if (lecture := _lecture(c))]
    nommer = connection.ops.quote_name
    table, noms = nommer(modele._meta.db_table), ", ".join(nommer(c.column) for c in champs)
    rangees = (_rangee(json.loads(ligne), len(champs), lectures) for ligne in lignes)
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            copier = f"COPY {table} ({noms}) FROM STDIN"
            with connection.wrap_database_errors, curseur.copy(copier) as copie:
                for rangee in rangees:
                    copie.write_row(rangee)
            return
        marques = ", ".join(["%s"] * len(champs))
        while paquet := list(islice(rangees, PAQUET)):
            curseur.executemany(f"INSERT INTO {table} ({noms}) VALUES ({marques})", paquet)  # noqa: S608


def suite(modele: Modele) -> int | None:
    """Rend le dernier numéro donné dans une table, même effacé depuis ; None si elle n'en donne pas."""
    if not isinstance(modele._meta.pk, models.AutoField):
        return None
    with connection.cursor() as curseur:
        if connection.vendor == "sqlite":
            curseur.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = %s", [modele._meta.db_table]
            )
            return (curseur.fetchone() or [0])[0]
        curseur.execute(f"SELECT last_value, is_called FROM {_compteur(modele, curseur)}")  # noqa: S608
        dernier, est_donne = curseur.fetchone()
        return dernier if est_donne else 0


def reprendre_la_suite(modele: Modele, dernier: int) -> None:
    """Fait partir les prochains numéros après celui-ci : un numéro effacé ne se redonne pas."""
    table = modele._meta.db_table
    with connection.cursor() as curseur:
        if connection.vendor == "sqlite":
            curseur.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            curseur.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, dernier])
        else:
            compteur = _compteur(modele, curseur)
            curseur.execute("SELECT setval(%s, %s, %s)", [compteur, max(dernier, 1), dernier > 0])


def _compteur(modele: Modele, curseur: Any) -> str:
    nom = connection.ops.quote_name(modele._meta.db_table)
    curseur.execute("SELECT pg_get_serial_sequence(%s, %s)", [nom, modele._meta.pk.column])
    return curseur.fetchone()[0]


def _rangee(valeurs: Any, attendues: int, lectures: list[tuple[int, Callable]]) -> list:
    if not isinstance(valeurs, list) or len(valeurs) != attendues:
        raise ValueError("une ligne n'a pas le nombre de valeurs attendu")
    for rang, lecture in lectures:
        if valeurs[rang] is not None:
            valeurs[rang] = lecture(valeurs[rang])
    return valeurs


def _lecture(champ: models.Field) -> Callable[[Any], Any] | None:
    """Rend de quoi passer du JSON à ce qu'attend la base, ou None s'il n'y a rien à faire."""
    source = champ.target_field if isinstance(champ, models.ForeignKey) else champ
    if type(source) in _TELS_QUELS:
        return None
    if isinstance(source, models.BinaryField):
        return base64.b64decode
    return lambda valeur: source.get_db_prep_save(source.to_python(valeur), connection)


def _en_texte(valeur: Any) -> str:
    if isinstance(valeur, datetime):
        return valeur.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, (Decimal, UUID)):
        return str(valeur)
    if isinstance(valeur, (bytes, memoryview)):
        return base64.b64encode(valeur).decode()
    raise TypeError(f"une valeur « {type(valeur).__name__} » ne se sauve pas encore")


def _comparable(valeurs: tuple, rangs: list[int]) -> bytes:
    """Rend une ligne comme les deux moteurs la rendraient : PostgreSQL récrit clés et nombres."""
    ligne = list(valeurs)
    for rang in rangs:
        if ligne[rang] is not None:
            ligne[rang] = [json.loads(ligne[rang], parse_float=_nombre)]
    return _COMPARER(ligne).encode()


def _nombre(ecrit: str) -> int | dict[str, str]:
    """Rend un nombre à virgule sous une seule forme : 1e16 et 10000000000000000.0 sont le même.

    Marqué, il ne se confond avec aucun texte : nul JSON de PostgreSQL ne tient le signe zéro.
    """
    nombre = _EXACT.normalize(_EXACT.create_decimal(ecrit))
    return int(nombre) if nombre == nombre.to_integral_value() else {"\0": str(nombre)}


_ECRIRE = json.JSONEncoder(
    default=_en_texte, ensure_ascii=False, allow_nan=False, separators=(",", ":")
).encode
_COMPARER = json.JSONEncoder(
    default=_en_texte, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
).encode
