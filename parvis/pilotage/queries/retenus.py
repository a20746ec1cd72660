"""L'organisme gardé d'une ligne : celles d'un doublon réuni comptent pour lui."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from parvis.cadre.models import Contrat
from parvis.cadre.queries.rapprochements import en_cours
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.organismes.models import Organisme
from parvis.socle.auteur import Auteur

RETENU = Coalesce(F("organisme__fusionne_dans_id"), F("organisme_id"))


def a_un_gestionnaire(reference: str, *, jour: date) -> Exists:
    """Rend la condition : l'organisme gardé que nomme `reference` a un gestionnaire confirmé."""
    tenus = Rattachement.objects.confirmes(jour).filter(role=Role.GESTIONNAIRE)
    return Exists(tenus.annotate(retenu=RETENU).filter(retenu=OuterRef(reference)))


def a_une_demande(reference: str) -> Exists:
    """Rend la condition : quelqu'un attend une réponse de l'organisme gardé."""
    attendent = Rattachement.objects.a_trancher()
    return Exists(attendent.annotate(retenu=RETENU).filter(retenu=OuterRef(reference)))


def retenus_du_contrat(contrat: Contrat, *, jour: date) -> QuerySet[Any, Any]:
    """Rend les clés des organismes gardés qui tiennent un partenaire du contrat ce jour-là."""
    siens = en_cours(jour).filter(partenaire__contrat=contrat)
    return siens.annotate(retenu=RETENU).values("retenu")


def est_d_ici_ou_de_nulle_part(
    lignes: QuerySet, contrat: Contrat, *, jour: date, reference: str
) -> QuerySet:
    """Écarte ce qui tient à un organisme partenaire d'un autre contrat : l'administrateur décide.

    Qu'il le soit aussi de celui-ci ne suffit pas : un pilote rapproche qui il veut.
    """
    siens = en_cours(jour).annotate(retenu=RETENU).filter(retenu=OuterRef(reference))
    return lignes.filter(~Exists(siens.exclude(partenaire__contrat=contrat)))


def organisme_retenu(acteur: Auteur, pk: int) -> Organisme:
    """Rend un organisme par son identifiant ; lève Organisme.DoesNotExist pour un doublon réuni."""
    return Organisme.objects.retenus().get(pk=pk)
