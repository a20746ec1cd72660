"""Proposer les organismes qui n'en font peut-être qu'un."""

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.organismes.models import AliasDOrganisme, Organisme, PaireEcartee
from parvis.organismes.queries.recherche import chercher
from parvis.organismes.rules.doublons import (
    Identite,
    Ressemblance,
    paires_a_comparer,
    ressemblance,
)
from parvis.socle.auteur import Auteur


@dataclass(frozen=True)
class DoublonPropose:
    """Deux organismes à réunir, ou à écarter, et les raisons de le croire."""

    premier: Organisme
    second: Organisme
    score: int
    raisons: list[str]


def doublons_proposes(acteur: Auteur, *, limite: int = 100) -> list[DoublonPropose]:
    """Rend les paires d'organismes retenus qui se ressemblent assez, les plus sûres d'abord.

    Une paire écartée ne revient pas.
    """
    identites = _identites(Organisme.objects.retenus())
    ecartees = set(PaireEcartee.objects.values_list("premier", "second"))
    trouvees = [
        (paire, trouvee)
        for paire in paires_a_comparer(identites)
        if paire not in ecartees
        and (trouvee := ressemblance(*(identites[pk] for pk in paire))).est_a_proposer
    ]
    trouvees.sort(key=lambda t: (-t[1].score, identites[t[0][0]].nom, t[0]))
    return _avec_leurs_lignes(trouvees[:limite])


def ressemblants(acteur: Auteur, organisme: Organisme) -> list[DoublonPropose]:
    """Rend les organismes connus à qui cet organisme ressemble, qu'il soit enregistré ou pas encore.

    À montrer avant d'en créer un : il existe peut-être déjà.
    """
    lignes = {o.pk: o for o in chercher(acteur, organisme.nom, limite=50)}
    for champ in ("siren", "rna", "courriel"):
        if valeur := getattr(organisme, champ):
            memes = Organisme.objects.retenus().filter(**{champ: valeur})[:50]
            lignes |= {o.pk: o for o in memes}
    lignes.pop(organisme.pk, None)
    noms = [alias.nom for alias in organisme.alias.all()] if organisme.pk else []
    sujet = _identite(organisme, noms)
    autres = _identites(lignes.values())
    trouvees = [
        DoublonPropose(organisme, lignes[pk], trouvee.score, trouvee.raisons)
        for pk, autre in autres.items()
        if (trouvee := ressemblance(sujet, autre)).est_a_proposer
    ]
    return sorted(trouvees, key=lambda d: (-d.score, d.second.cle_de_tri))


def _avec_leurs_lignes(
    trouvees: list[tuple[tuple[int, int], Ressemblance]],
) -> list[DoublonPropose]:
    pks = {pk for paire, _ in trouvees for pk in paire}
    lignes = Organisme.objects.select_related("siege").in_bulk(pks)
    return [
        DoublonPropose(lignes[premier], lignes[second], trouvee.score, trouvee.raisons)
        for (premier, second), trouvee in trouvees
    ]


def _identites(organismes: Iterable[Organisme]) -> dict[int, Identite]:
    noms: dict[int, list[str]] = {}
    for pk, nom in AliasDOrganisme.objects.values_list("organisme", "nom"):
        noms.setdefault(pk, []).append(nom)
    return {o.pk: _identite(o, noms.get(o.pk, [])) for o in organismes}


def _identite(organisme: Organisme, noms: list[str]) -> Identite:
    return Identite(
        nom=organisme.nom,
        nature=organisme.nature,
        sigle=organisme.sigle,
        alias=tuple(noms),
        siren=organisme.siren,
        siret=organisme.siret,
        rna=organisme.rna,
        courriel=organisme.courriel,
        siege=str(organisme.siege_id or ""),
    )
