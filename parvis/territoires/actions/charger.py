"""Charger les communes et les quartiers d'un territoire."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.journal.actions import noter
from parvis.socle.auteur import Auteur
from parvis.territoires.actions.trace import retenir
from parvis.territoires.enums import NatureDeChargement, NatureDeCorrespondance
from parvis.territoires.models import (
    Commune,
    Correspondance,
    Couverture,
    Epci,
    NomDeQuartier,
    Quartier,
)
from parvis.territoires.rules.millesimes import VALIDITES, departement_de


@dataclass(frozen=True)
class BilanDeChargement:
    """Ce que le chargement a créé."""

    communes: int
    quartiers: int

    @property
    def est_vide(self) -> bool:
        return not (self.communes or self.quartiers)


@transaction.atomic
def charger_territoire(*, par: Auteur, donnees: dict[str, Any], source: str) -> BilanDeChargement:
    """Crée ce qui manque d'un territoire, sans rien effacer ; relancé, ne change rien.

    Lève KeyError si le fichier n'a pas les clés documentées dans donnees/SOURCES.md.
    """
    communes: dict[str, Commune] = {}
    creees = 0
    for ligne in donnees["communes"]:
        commune, est_creee = Commune.objects.get_or_create(
            code=ligne["insee"],
            defaults={"nom": ligne["nom"], "departement": departement_de(ligne["insee"])},
        )
        communes[commune.code] = commune
        creees += est_creee
    epci = Epci.objects.filter(nom=donnees["nom"]).first() or Epci.objects.create(
        nom=donnees["nom"]
    )
    epci.communes.add(*communes.values())
    quartiers = sum(
        _charger_quartier(int(millesime), ligne, communes)
        for millesime, lignes in donnees["quartiers"].items()
        for ligne in lignes
    )
    _charger_les_suites(donnees["quartiers"])
    for millesime in donnees["quartiers"]:
        _couvrir(int(millesime), communes, source)
    retenir(NatureDeChargement.TERRITOIRE, source)
    chargement = BilanDeChargement(creees, quartiers)
    if not chargement.est_vide:
        noter(
            par=par,
            contrat="instance",
            action="territoires.charger",
            objet=f"territoire:{source}",
            objet_nom=donnees["nom"],
            details=vars(chargement),
        )
    return chargement


def _charger_quartier(millesime: int, ligne: dict[str, Any], communes: dict[str, Commune]) -> bool:
    debut, fin = VALIDITES[millesime]
    quartier, est_cree = Quartier.objects.get_or_create(
        code=ligne["code"],
        millesime=millesime,
        defaults={
            "nom": ligne["nom"],
            "valide_du": debut,
            "valide_au": fin,
            "note": ligne.get("note", ""),
        },
    )
    if est_cree:
        quartier.communes.set(communes[code] for code in ligne["communes"])
    for alias in ligne.get("alias", []):
        NomDeQuartier.objects.get_or_create(quartier=quartier, nom=alias)
    return est_cree


def _couvrir(millesime: int, communes: dict[str, Commune], source: str) -> None:
    """Dit que le fichier nomme tous les quartiers de ses communes, même sans leur contour."""
    for code in communes:
        Couverture.objects.get_or_create(
            millesime=millesime,
            portee=code,
            defaults={"source": source, "chargee_le": timezone.now()},
        )


def _charger_les_suites(par_millesime: dict[int, list[dict[str, Any]]]) -> None:
    """Relie les quartiers d'un millésime à ceux dont ils sont issus."""
    quartiers = {q.code: q for q in Quartier.objects.all()}
    millesimes = sorted(par_millesime, key=int)
    suivis = set()
    for lignes in (par_millesime[m] for m in millesimes[1:]):
        for ligne in lignes:
            for ancien in ligne.get("issu_de", []):
                suivis.add(ancien)
                # La lettre finale du code 2024 dit le sort du quartier : I, M ou N.
                inchange = ligne["code"].endswith("I")
                Correspondance.objects.get_or_create(
                    ancien=quartiers[ancien],
                    nouveau=quartiers[ligne["code"]],
                    defaults={
                        "nature": NatureDeCorrespondance.INCHANGE
                        if inchange
                        else NatureDeCorrespondance.MODIFIE
                    },
                )
    for ligne in par_millesime[millesimes[0]] if len(millesimes) > 1 else []:
        if ligne["code"] not in suivis:
            Correspondance.objects.get_or_create(
                ancien=quartiers[ligne["code"]],
                nouveau=None,
                defaults={"nature": NatureDeCorrespondance.SORTI},
            )
