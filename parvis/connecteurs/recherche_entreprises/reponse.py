"""Lire une réponse de l'API sans rien lui supposer : un champ d'un type inattendu est vide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.connecteurs import appel
from parvis.connecteurs.appel import ReponseIllisible

# Ce que l'Insee écrit à la place d'une donnée que la personne a demandé de ne pas diffuser.
NON_DIFFUSIBLE = re.compile(r"\[?\s*NON[- ]DIFFUSIBLE\s*\]?", re.IGNORECASE)


@dataclass(frozen=True)
class EntrepriseTrouvee:
    """Un établissement et l'organisme dont il dépend ; ce que le registre tait est vide."""

    siren: str
    siret: str
    nom: str
    sigle: str = ""
    forme_juridique: str = ""
    rna: str = ""
    est_association: bool = False
    adresse: str = ""
    code_postal: str = ""
    commune_code: str = ""
    commune_nom: str = ""
    est_siege: bool = True
    est_fermee: bool = False
    fermee_le: date | None = None


def lire(contenu: Any, siret: str = "") -> list[EntrepriseTrouvee]:
    """Rend les entreprises d'une réponse ; avec un Siret, l'établissement qui le porte.

    Une entrée sans nom ou sans Siren est passée. Lève ReponseIllisible sans liste de résultats.
    """
    resultats = contenu.get("results") if isinstance(contenu, Mapping) else None
    if not isinstance(resultats, list):
        raise ReponseIllisible
    lues = (_entreprise(r, siret) for r in resultats if isinstance(r, Mapping))
    return [lue for lue in lues if lue.nom and re.fullmatch(r"[0-9]{9}", lue.siren)]


def _entreprise(resultat: Mapping[str, Any], siret: str) -> EntrepriseTrouvee:
    siege = appel.objet(resultat, "siege")
    etablissement = _celui_de(siret, siege, resultat.get("matching_etablissements"))
    complements = appel.objet(resultat, "complements")
    numero = _texte(etablissement, "siret")
    return EntrepriseTrouvee(
        siren=_texte(resultat, "siren"),
        siret=numero if re.fullmatch(r"[0-9]{14}", numero) else "",
        nom=_texte(resultat, "nom_raison_sociale") or _texte(resultat, "nom_complet"),
        sigle=_texte(resultat, "sigle"),
        forme_juridique=_texte(resultat, "nature_juridique")[:4],
        rna=_texte(complements, "identifiant_association"),
        est_association=complements.get("est_association") is True,
        adresse=_texte(etablissement, "adresse"),
        code_postal=_texte(etablissement, "code_postal"),
        commune_code=_texte(etablissement, "commune"),
        commune_nom=_texte(etablissement, "libelle_commune"),
        est_siege=etablissement is siege,
        # « C » pour une unité légale qui a cessé, « F » pour un établissement fermé.
        est_fermee=_texte(resultat, "etat_administratif") == "C"
        or _texte(etablissement, "etat_administratif") == "F",
        fermee_le=_date(etablissement, "date_fermeture") or _date(resultat, "date_fermeture"),
    )


def _celui_de(siret: str, siege: Mapping[str, Any], autres: Any) -> Mapping[str, Any]:
    """Rend l'établissement qui porte ce Siret, ou le siège."""
    for autre in autres if siret and isinstance(autres, list) else []:
        if isinstance(autre, Mapping) and autre.get("siret") == siret != siege.get("siret"):
            return autre
    return siege


def _texte(parent: Mapping[str, Any], champ: str) -> str:
    return " ".join(NON_DIFFUSIBLE.sub(" ", appel.texte(parent, champ)).split())


def _date(parent: Mapping[str, Any], champ: str) -> date | None:
    try:
        return date.fromisoformat(_texte(parent, champ)[:10])
    except ValueError:
        return None
