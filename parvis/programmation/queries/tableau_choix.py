"""Choisir parmi les lignes du tableau, déjà lues : tout s'y compte sans une requête de plus."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from parvis.dossiers.enums import EtatDeDossier
from parvis.instruction.enums import SensDAvis
from parvis.programmation.queries.tableau_faits import Cadre, Faits
from parvis.programmation.rules.tableau import Ligne
from parvis.socle.filtres import Facette, Option

ALERTES = {
    "budget": "Budget plus couvert",
    "seuil": "Convention obligatoire",
    "bilan": "Bilan manquant",
}
TRIS = {
    "numero": "Par numéro",
    "porteur": "Par porteur",
    "montant": "Le plus demandé d’abord",
    "trou": "Ce qui manque le plus d’abord",
}


@dataclass(frozen=True)
class Critere:
    """Un choix du tableau : ses valeurs dans l'ordre, et celles que porte une ligne."""

    nom: str
    libelle: str
    valeurs: Mapping[str, str]
    de: Callable[[Ligne], Sequence[str]]


def criteres(
    lus: Faits, cadre: Cadre, appels: Mapping[int, str], *, finance: bool
) -> list[Critere]:
    """Rend les choix du tableau ; l'avis est celui du service, à qui finance seulement."""
    cites = {numero for ligne in lus.lignes for numero in ligne.fiches}
    porteurs = sorted(
        {ligne.porteur for ligne in lus.lignes}, key=lambda pk: lus.organismes[pk].cle
    )
    avis = {"a_rendre": "À rendre", "rendu": "Rendu", **dict(SensDAvis.choices)}
    rendus = [
        Critere("appel", "Appel", _textes(appels), lambda ligne: (str(ligne.appel),)),
        Critere("pilier", cadre.mot_pilier, cadre.piliers, lambda ligne: _piliers(ligne, cadre)),
        Critere("fiche", "Fiche", _fiches(cadre, cites), lambda ligne: ligne.fiches),
        Critere(
            "quartier",
            "Quartier",
            _textes(lus.quartiers),
            lambda ligne: [str(q) for q in ligne.quartiers],
        ),
        Critere(
            "porteur",
            "Porteur",
            {str(pk): lus.organismes[pk].nom for pk in porteurs},
            lambda ligne: (str(ligne.porteur),),
        ),
        Critere("alerte", "À regarder", ALERTES, alertes_de),
    ]
    return [*rendus, Critere("avis", "Mon avis", avis, avis_de)] if finance else rendus


def choisir(
    lignes: Sequence[Ligne], tous: Sequence[Critere], choix: Mapping[str, str]
) -> tuple[list[Ligne], list[Facette]]:
    """Rend les lignes choisies, et chaque choix avec ce qu'il laisserait, les autres choix gardés.

    Une valeur inconnue ne filtre pas.
    """
    actifs = {c.nom: choix[c.nom] for c in tous if choix.get(c.nom) in c.valeurs}
    portees = [[c.de(ligne) for c in tous] for ligne in lignes]
    # Pour chaque ligne, les critères choisis qu'elle ne remplit pas : un seul l'écarte de la liste, mais
    # elle compte encore parmi les autres valeurs de ce critère-là.
    refus = [
        [
            critere.nom
            for critere, valeurs in zip(tous, portee, strict=True)
            if critere.nom in actifs and actifs[critere.nom] not in valeurs
        ]
        for portee in portees
    ]
    comptes: list[dict[str, int]] = [dict.fromkeys(c.valeurs, 0) for c in tous]
    for portee, manques in zip(portees, refus, strict=True):
        if len(manques) > 1:
            continue
        for critere, valeurs, compte in zip(tous, portee, comptes, strict=True):
            if not manques or manques[0] == critere.nom:
                for valeur in valeurs:
                    if valeur in compte:
                        compte[valeur] += 1
    choisies = [ligne for ligne, manques in zip(lignes, refus, strict=True) if not manques]
    return choisies, [
        _facette(critere, compte, actifs.get(critere.nom, ""))
        for critere, compte in zip(tous, comptes, strict=True)
    ]


def trier(lignes: list[Ligne], tri: str, lus: Faits) -> list[Ligne]:
    """Rend les lignes dans l'ordre voulu ; à égalité, par numéro."""
    if tri == "porteur":
        return sorted(
            lignes, key=lambda ligne: (lus.organismes[ligne.porteur].cle, ligne.numero, ligne.pk)
        )
    if tri == "montant":
        return sorted(lignes, key=lambda ligne: (-ligne.tout.demande, ligne.numero, ligne.pk))
    if tri == "trou":
        return sorted(lignes, key=lambda ligne: (-ligne.trou, ligne.numero, ligne.pk))
    return lignes


def alertes_de(ligne: Ligne) -> list[str]:
    """Rend ce qu'il y a à regarder sur une ligne."""
    alertes = (("budget", ligne.trou), ("seuil", ligne.seuils), ("bilan", ligne.bilans))
    return [nom for nom, est_la in alertes if est_la]


def avis_de(ligne: Ligne) -> list[str]:
    """Rend où en est l'avis du service sur une ligne."""
    if ligne.rang:
        return ["rendu", ligne.sens]
    return ["a_rendre"] if ligne.etat == EtatDeDossier.RECEVABLE else []


def _piliers(ligne: Ligne, cadre: Cadre) -> list[str]:
    cites = (cadre.fiches[numero].pilier for numero in ligne.fiches if numero in cadre.fiches)
    return list(dict.fromkeys(cites))


def _fiches(cadre: Cadre, cites: set[str]) -> dict[str, str]:
    """Rend les fiches citées, dans l'ordre du contrat ; celles d'une édition passée ensuite."""
    anciennes = sorted(cites - set(cadre.fiches))
    return {n: f"Fiche {n}" for n in [*(n for n in cadre.fiches if n in cites), *anciennes]}


def _textes(noms: Mapping[int, str]) -> dict[str, str]:
    return {str(pk): nom for pk, nom in noms.items()}


def _facette(critere: Critere, compte: Mapping[str, int], choisie: str) -> Facette:
    return Facette(
        critere.nom,
        critere.libelle,
        [
            Option(valeur, libelle, compte[valeur], valeur == choisie)
            for valeur, libelle in critere.valeurs.items()
        ],
        est_unique=True,
    )
