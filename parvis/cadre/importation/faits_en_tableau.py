"""Ce que disent les rangées d'un tableau de rubrique, case par case : rien ne s'y devine."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .blocs import Fait
from .entete import jour_imprime
from .lexique import charger_lexique, repertoire
from .structure import (
    Constat,
    Dispositif,
    DispositifConnu,
    Lieu,
    Partenaire,
    PartenaireConnu,
    Public,
    Renvoi,
    SujetHorsContrat,
    TypeDAction,
)
from .texte import cle

_ENTRE_NOMS = " ; "
_NOMS_OU_SIGNE = re.compile(f";;|{_ENTRE_NOMS}")
_CHIFFRE = re.compile(
    r"(?P<valeur>-?\d{1,3}(?:\s\d{3})+(?:,\d+)?|-?\d+(?:,\d+)?)(?:\s(?P<unite>.+))?"
)

Faits = Iterable[Fait]


def valeur(liste: str, imprime: str) -> str | None:
    """Rend le code d'une liste fermée que disent les mots d'une case, sinon rien."""
    codes = charger_lexique("rubriques")["valeurs"][liste]
    return next((code for code, mots in codes.items() if cle(mots) == cle(imprime)), None)


def joindre(noms: Iterable[str]) -> str:
    """Rend plusieurs noms dans une case, « État ; Région » ; le point-virgule d'un nom s'y double."""
    return _ENTRE_NOMS.join(nom.replace(";", ";;") for nom in noms)


def separer(imprime: str) -> tuple[str, ...]:
    """Rend les noms qu'une case joint : l'inverse de `joindre`."""
    noms, debut = [""], 0
    for signe in _NOMS_OU_SIGNE.finditer(imprime):
        noms[-1] += imprime[debut : signe.start()]
        debut = signe.end()
        if signe[0] == _ENTRE_NOMS:
            noms.append("")
        else:
            noms[-1] += ";"
    noms[-1] += imprime[debut:]
    return tuple(nom for nom in noms if nom)


def types_d_action(faits: Faits) -> tuple[TypeDAction, ...]:
    """Rend les types de projets d'un tableau."""
    return tuple(TypeDAction(f.cases["texte"], ligne=f.ligne) for f in faits)


def partenaires(faits: Faits) -> tuple[Partenaire, ...]:
    """Rend les financeurs ou les opérateurs d'un tableau, chacun une fois."""
    lus = [_partenaire(f) for f in faits]
    return tuple(
        {p.nom: p for p in reversed(lus)}[nom] for nom in dict.fromkeys(p.nom for p in lus)
    )


def _partenaire(fait: Fait) -> Partenaire:
    nom = fait.cases["nom"]
    connu = repertoire().entrees.get(nom) or getattr(repertoire().trouver(nom), "entree", None)
    return Partenaire(
        nom,
        nom,
        fait.cases.get("parent") or None,
        fait.cases.get("condition") or None,
        fait.ligne,
        connu.nature if connu else "inconnu",
        1.0,
        valeur("degres_de_partenaire", fait.cases.get("degre", "")),
    )


def dispositifs(faits: Faits) -> tuple[Dispositif, ...]:
    """Rend les dispositifs d'un tableau, chacun avec son responsable."""
    return tuple(_dispositif(f) for f in faits)


def _dispositif(fait: Fait) -> Dispositif:
    porteurs = separer(fait.cases.get("responsable", ""))
    detail = fait.cases.get("detail", "")
    return Dispositif(
        porteurs[0] if porteurs else None,
        fait.cases["nom"],
        detail or None,
        ligne=fait.ligne,
        porteurs=porteurs,
        degre=valeur("degres_de_dispositif", fait.cases.get("degre", "")),
    )


def publics(faits: Faits) -> tuple[Public, ...]:
    """Rend les publics d'un tableau ; un public hors de la liste fermée n'est pas retenu."""
    codes = {cle(p["libelle"]): p["code"] for p in charger_lexique("publics")["publics"]}
    return tuple(
        Public(code, f.cases.get("preuve", ""), f.ligne)
        for f in faits
        if (code := codes.get(cle(f.cases["public"])))
    )


def lieux(faits: Faits) -> tuple[Lieu, ...]:
    """Rend les lieux d'un tableau."""
    return tuple(
        Lieu(
            f.cases["imprime"],
            f.cases.get("territoire") or None,
            valeur("lieux", f.cases.get("type", "")) or "autre",
            f.ligne,
        )
        for f in faits
    )


def constats(faits: Faits) -> tuple[Constat, ...]:
    """Rend les constats d'un tableau, avec leur chiffre et son unité."""
    return tuple(_constat(f) for f in faits)


def _constat(fait: Fait) -> Constat:
    chiffre = _CHIFFRE.fullmatch(fait.cases.get("chiffre", ""))
    annee = fait.cases.get("annee", "")
    return Constat(
        fait.cases["texte"],
        _nombre(chiffre["valeur"]) if chiffre else None,
        chiffre["unite"] if chiffre else None,
        int(annee) if annee.isdigit() else None,
        fait.cases.get("territoire") or None,
        fait.cases.get("source") or None,
        fait.ligne,
    )


def _nombre(imprime: str) -> float | int:
    nu = re.sub(r"\s", "", imprime)
    return float(nu.replace(",", ".")) if "," in nu else int(nu)


def renvois(faits: Faits) -> tuple[Renvoi, ...]:
    """Rend les renvois d'un tableau."""
    return tuple(
        Renvoi(
            f.cases["imprime"],
            f.cases.get("cible", ""),
            valeur("renvois", f.cases.get("nature", "")) or "voir_aussi",
            f.cases.get("anomalie") or None,
            f.ligne,
        )
        for f in faits
    )


def hors_contrat(faits: Faits) -> tuple[SujetHorsContrat, ...]:
    """Rend les sujets que le contrat traite ailleurs."""
    return tuple(
        SujetHorsContrat(
            f.cases["titre"],
            f.cases.get("explication", ""),
            separer(f.cases.get("mots", "")),
        )
        for f in faits
    )


def partenaires_connus(faits: Faits) -> tuple[PartenaireConnu, ...]:
    """Rend ce qu'une annexe sait des partenaires."""
    return tuple(
        PartenaireConnu(
            f.cases["nom"],
            f.cases.get("sigle", ""),
            f.cases.get("a_savoir", ""),
            jour_imprime(f.cases.get("fin_le", "")),
            f.cases.get("suite", ""),
        )
        for f in faits
    )


def dispositifs_connus(faits: Faits) -> tuple[DispositifConnu, ...]:
    """Rend ce qu'une annexe sait des dispositifs."""
    return tuple(
        DispositifConnu(
            f.cases["nom"],
            f.cases.get("explication", ""),
            valeur("natures", f.cases.get("nature", "")),
            jour_imprime(f.cases.get("fin_le", "")),
            f.cases.get("suite", ""),
            f.cases.get("lien", ""),
        )
        for f in faits
    )
