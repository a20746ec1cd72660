"""Mener un même geste dans plusieurs fils (voir la fixture base_partagee)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def dans_des_fils(faire: Callable[[int], object], nombre: int) -> list:
    """Rend ce que rend `faire`, mené par autant de fils, chacun sa connexion."""

    def mener(rang: int):
        try:
            return faire(rang)
        finally:
            connection.close()

    with ThreadPoolExecutor(nombre) as fils:
        return list(fils.map(mener, range(nombre)))
