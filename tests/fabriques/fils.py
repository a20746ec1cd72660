"""Mener un même geste dans plusieurs fils (voir la fixture base_partagee)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BrokenBarrierError

from django.db import connection


def dans_des_fils(faire: Callable[[int], object], nombre: int) -> list:
    """Rend ce que rend `faire`, mené par autant de fils, chacun sa connexion."""

    def mener(rang: int):
        try:
            return faire(rang)
        finally:
            connection.close()

    with ThreadPoolExecutor(nombre) as fils:
        menes = [fils.submit(mener, rang) for rang in range(nombre)]
    # Un fil qui tombe rompt la barrière où les autres l'attendent : c'est sa faute à lui que l'on dit.
    fautes = [faute for mene in menes if (faute := mene.exception())]
    for faute in sorted(fautes, key=lambda faute: isinstance(faute, BrokenBarrierError)):
        raise faute
    return [mene.result() for mene in menes]
