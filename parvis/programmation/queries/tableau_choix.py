"""Choisir parmi les lignes du tableau, déjà lues : tout s'y compte sans une requête de plus."""

from collections.abc import Mapping

from parvis.dossiers.enums import EtatDeDossier
from parvis.instruction.enums import SensDAvis
from parvis.programmation.queries.tableau_faits import Cadre, Faits
from parvis.programmation.rules.tableau import Ligne
from parvis.socle.choix import Critere

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


def criteres(
    lus: Faits, cadre: Cadre, appels: Mapping[int, str], *, finance: bool
) -> list[Critere[Ligne]]:
    """Rend les choix du tableau ; l'avis est celui du service, à qui finance seulement."""
    cites = {numero for ligne in lus.lignes for numero in ligne.fiches}
    porteurs = sorted(
        {ligne.porteur for ligne in lus.lignes}, key=lambda pk: lus.organismes[pk].cle
    )
    financeurs = sorted(
        {part.financeur for ligne in lus.lignes for part in ligne.parts if part.financeur},
        key=lambda pk: lus.organismes[pk].cle,
    )
    avis = {"a_rendre": "À rendre", "rendu": "Rendu", **dict(SensDAvis.choices)}
    rendus: list[Critere[Ligne]] = [
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
        Critere(
            "financeur",
            "Financeur",
            {str(pk): lus.organismes[pk].nom for pk in financeurs},
            lambda ligne: [str(part.financeur) for part in ligne.parts if part.financeur],
        ),
        Critere("alerte", "À regarder", ALERTES, alertes_de),
    ]
    return [*rendus, Critere("avis", "Mon avis", avis, avis_de)] if finance else rendus


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
