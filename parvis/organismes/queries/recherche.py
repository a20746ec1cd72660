"""Chercher un organisme par un numéro ou par un nom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from parvis.organismes.index import Index, Nomme
from parvis.organismes.models import AliasDOrganisme, Organisme
from parvis.organismes.rules.noms import cle
from parvis.organismes.rules.numeros import numero_cherche
from parvis.socle.auteur import Auteur

# Un processus garde son index tant que l'empreinte des organismes ne bouge pas.
Empreinte = tuple[object, ...]


@dataclass(frozen=True)
class _Garde:
    empreinte: Empreinte
    index: Index


_garde = _Garde((), Index())


def chercher(acteur: Auteur, texte: str, *, limite: int = 20) -> list[Organisme]:
    """Rend les organismes retenus qui répondent à un numéro ou à un nom, les meilleurs d'abord.

    Un doublon réuni répond par l'organisme gardé. À égalité, l'ordre est celui du dictionnaire.
    """
    if numero_cherche(texte) and (trouves := par_numero(acteur, texte)):
        return trouves[:limite]
    pks = _index().chercher(texte, limite)
    par_pk = {o.pk: o for o in _lignes(Organisme.objects.filter(pk__in=pks))}
    return [par_pk[pk] for pk in pks if pk in par_pk]


def par_numero(acteur: Auteur, texte: str) -> list[Organisme]:
    """Rend les organismes retenus qui portent ce Siren, ce Siret ou ce RNA, entier ou commencé.

    Un Siret que personne n'a rend les organismes de même Siren : les autres établissements.
    """
    numero = numero_cherche(texte)
    if numero is None:
        return []
    trouves = _retenus(Organisme.objects.filter(**{f"{numero.champ}__startswith": numero.debut}))
    if not trouves and numero.champ == "siret":
        trouves = _retenus(Organisme.objects.filter(siren=numero.debut[:9]))
    return trouves


def membres(organisme: Organisme) -> list[int]:
    """Rend les identifiants de l'organisme retenu et de ses doublons réunis.

    Les lignes d'un doublon ne bougent pas : qui lit « les dossiers d'un organisme » filtre sur eux.
    """
    retenu = Organisme.objects.filter(pk=organisme.pk).values(garde=Coalesce("fusionne_dans", "pk"))
    lignes = Organisme.objects.filter(Q(pk__in=retenu) | Q(fusionne_dans__in=retenu))
    return list(lignes.order_by("pk").values_list("pk", flat=True))


def membres_a_lire(organisme: Organisme) -> "QuerySet[Organisme, Any]":
    """Rend la même chose que `membres`, à mettre dans une autre requête : rien n'est lu ici."""
    retenu = organisme.retenu.pk
    return Organisme.objects.filter(Q(pk=retenu) | Q(fusionne_dans=retenu)).values("pk")


def _lignes(lignes: QuerySet[Organisme]) -> QuerySet[Organisme]:
    return lignes.select_related("siege", "epci").prefetch_related("alias", "communes")


def _retenus(lignes: QuerySet[Organisme]) -> list[Organisme]:
    """Rend les organismes gardés de ces lignes, doublons réunis compris, en ordre français."""
    pks = {gardien or pk for pk, gardien in lignes.values_list("pk", "fusionne_dans")}
    return list(_lignes(Organisme.objects.filter(pk__in=pks)).order_by("cle_de_tri", "pk"))


def _index() -> Index:
    """Rend l'index de ce processus, rebâti si un organisme a changé depuis.

    Chaque acte augmente d'un la somme des versions : deux actes qui se croisent ne se cachent pas.
    """
    global _garde
    faits = Organisme.objects.aggregate(Count("version"), Sum("version"), Max("cree_le"))
    empreinte = tuple(faits.values())
    garde = _garde
    if garde.empreinte != empreinte:
        garde = _garde = _Garde(empreinte, Index.construire(_nommes()))
    return garde.index


def _nommes() -> Iterable[Nomme]:
    autres: dict[int, list[str]] = {}
    for pk, nom in AliasDOrganisme.objects.values_list("organisme", "cle"):
        autres.setdefault(pk, []).append(nom)
    lignes = Organisme.objects.values_list("pk", "fusionne_dans", "cle_de_tri", "sigle")
    premieres: dict[int, str] = {}
    for pk, gardien, propre, sigle in lignes:
        suivantes = autres.setdefault(gardien or pk, [])
        if gardien is None:
            premieres[pk] = propre
        else:
            suivantes += [propre, *autres.pop(pk, [])]
        if sigle:
            suivantes.append(cle(sigle))
    return [Nomme(pk, (propre, *autres[pk])) for pk, propre in premieres.items()]
