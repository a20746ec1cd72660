"""Les décors : ce que les tests d'un fichier supposent en base, posé une fois et repris par chacun.

Un décor s'écrit comme un accessoire, et ne demande que d'autres décors. Il est posé dans une
transaction que chaque test rejoint par un point de retour, et défait avant qu'un test qui ne le
demande pas ne commence : nul ne voit que ce qu'il a demandé. Chacun reçoit sa copie des objets et
des fichiers. Un test qui valide ses transactions le refait pour lui seul.
"""

import inspect
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

Chemin = dict[str, Callable[..., Any]]


def decor(batir: Callable[..., Any]) -> Any:
    """Fait d'une fonction un décor, que les tests demandent par son nom."""
    parents = list(inspect.signature(batir).parameters)

    def reprendre(_decors, request, db, **donnes):
        if _decors.porte(batir):
            return _decors.copies()[batir.__name__]
        return batir(**donnes)

    noms = ["_decors", "request", "db", *parents]
    sorte = inspect.Parameter.KEYWORD_ONLY
    reprendre.__signature__ = inspect.Signature([inspect.Parameter(nom, sorte) for nom in noms])
    reprendre.__doc__, reprendre.__module__ = batir.__doc__, batir.__module__
    reprendre.batir = batir
    return pytest.fixture(name=batir.__name__)(reprendre)


def chemin(item: pytest.Item) -> Chemin:
    """Rend les décors d'un test, chacun après ceux dont il part."""
    poses: Chemin = {}
    accessoires = item._fixtureinfo.name2fixturedefs if hasattr(item, "_fixtureinfo") else {}

    def suivre(nom: str, depuis: str = "") -> None:
        batir = getattr(accessoires[nom][-1].func, "batir", None) if nom in accessoires else None
        assert batir or not depuis, f"Le décor {depuis} part de {nom}, qui n'en est pas un."
        if batir and nom not in poses:
            for parent in inspect.signature(batir).parameters:
                suivre(parent, nom)
            poses[nom] = batir

    if not est_transactionnel(item):
        for nom in item.fixturenames:
            suivre(nom)
    return poses


def est_transactionnel(item: pytest.Item) -> bool:
    """Dit si un test valide ses transactions : rien ne peut alors être posé sous lui."""
    marque = item.get_closest_marker("django_db")
    return bool(marque and marque.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(item.fixturenames)
    )


def rapprocher(items: list[pytest.Item]) -> None:
    """Rapproche, dans chaque fichier, les tests d'un même décor ; le hasard ordonne le reste."""
    ranges = []
    for _, du_fichier in groupby(items, lambda item: item.path):
        chemins = [(item, tuple(chemin(item))) for item in du_fichier]
        rangs: dict[tuple[str, ...], int] = {}
        for _, noms in chemins:
            for nombre in range(len(noms) + 1):
                rangs.setdefault(noms[:nombre], len(rangs))

        def rang(
            paire: tuple[pytest.Item, tuple[str, ...]], rangs: dict[tuple[str, ...], int] = rangs
        ) -> list[int]:
            return [rangs[paire[1][:nombre]] for nombre in range(len(paire[1]) + 1)]

        ranges += [item for item, _ in sorted(chemins, key=rang)]
    items[:] = ranges


@dataclass
class Etage:
    """Un décor posé : sa transaction, ses fichiers, et les objets de tous ceux du dessous."""

    batir: Callable[..., Any]
    retour: transaction.Atomic
    fichiers: Path
    objets: bytes = b""


class Decors:
    """Les décors posés sous les tests d'un fichier, le dernier par-dessus les autres."""

    def __init__(self, dossier: Callable[[], Path]) -> None:
        self.dossier, self.etages = dossier, list[Etage]()
        self.repris: dict[str, Any] | None = None

    def porte(self, batir: Callable[..., Any]) -> bool:
        """Dit si ce décor est posé."""
        return any(etage.batir is batir for etage in self.etages)

    def monter(self, voulus: Chemin) -> None:
        """Ne laisse sous le prochain test que ces décors-là."""
        self.repris = None
        if self.etages and (connection.needs_rollback or connection.closed_in_transaction):
            self.demonter()
        communs = 0
        for etage, batir in zip(self.etages, voulus.values(), strict=False):
            if etage.batir is not batir:
                break
            communs += 1
        self.demonter(communs)
        for nom, batir in list(voulus.items())[communs:]:
            self._poser(nom, batir)

    def demonter(self, restants: int = 0) -> None:
        """Défait les décors, sauf les premiers."""
        while len(self.etages) > restants:
            etage = self.etages.pop()
            transaction.set_rollback(True)
            etage.retour.__exit__(None, None, None)
            shutil.rmtree(etage.fichiers)

    def _poser(self, nom: str, batir: Callable[..., Any]) -> None:
        dessous = self.etages[-1] if self.etages else None
        etage = Etage(batir, transaction.atomic(), self.dossier())
        # Un acte qui veut être seul dans sa transaction l'admet sous un test, donc ici.
        etage.retour._from_testcase = True
        etage.retour.__enter__()
        self.etages.append(etage)
        try:
            objets = pickle.loads(dessous.objets) if dessous else {}
            if dessous:
                shutil.copytree(dessous.fichiers, etage.fichiers, dirs_exist_ok=True)
            parents = {parent: objets[parent] for parent in inspect.signature(batir).parameters}
            with override_settings(MEDIA_ROOT=etage.fichiers, ANTIVIRUS=""):
                objets[nom] = batir(**parents)
            connection.check_constraints()
            etage.objets = pickle.dumps(objets)
        except BaseException:
            self.demonter(len(self.etages) - 1)
            raise

    def copies(self) -> dict[str, Any]:
        """Rend les objets des décors, à ce test seul, et met leurs fichiers dans sa réserve."""
        if self.repris is None:
            etage = self.etages[-1]
            self.repris = pickle.loads(etage.objets)
            if any(etage.fichiers.iterdir()):
                shutil.copytree(etage.fichiers, settings.MEDIA_ROOT, dirs_exist_ok=True)
        return self.repris
