"""Ce que dit un acte, mis en parties : son texte devient des titres, des paragraphes, des tableaux."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from parvis.conventions.rules.champs import TABLEAU_DES_PROJETS, TABLEAU_DES_VERSEMENTS
from parvis.dossiers.document.description import (
    Colonne,
    Ligne,
    Partie,
    Points,
    Tableau,
    Texte,
    Titre,
    en_donnees,
    paragraphes,
    propre,
)
from parvis.socle.montants import ecrire_montant
from parvis.socle.templatetags.socle import jour

APERCU = "Aperçu, sans valeur"
# « n° 2000-321 », « article 10 », « L. 212-1 » ne se coupent pas au bout d'une ligne.
_REFERENCE = re.compile(r"(?<!\w)(n°|[Aa]rticles?|[LRD]\.) +(?=\d)")


@dataclass(frozen=True, slots=True)
class ProjetDActe:
    """Un projet que l'acte finance : son dossier, son titre, combien, et si c'est en nature."""

    reference: str
    titre: str
    ligne: str
    montant: Decimal
    est_en_nature: bool


@dataclass(frozen=True, slots=True)
class VersementPrevu:
    """Un versement prévu : sa sorte en clair, son montant, quand ou après quoi."""

    sorte: str
    montant: Decimal
    prevue_le: date | None
    condition: str


@dataclass(frozen=True, slots=True)
class ActeAImprimer:
    """Un acte tel qu'il s'imprime. Les signatures sont vides : elles se font à la main."""

    sorte: str
    numero: str
    contrat: str
    objet: str
    texte: str
    pied: Mapping[str, str]
    projets: Sequence[ProjetDActe]
    versements: Sequence[VersementPrevu]
    # Une convention se signe à deux.
    se_signe_a_deux: bool
    est_un_apercu: bool = False


def parties(acte: ActeAImprimer) -> list[Partie]:
    """Rend les parties du texte d'un acte, ses tableaux à leur place."""
    blocs = re.split(r"\n\s*\n", _REFERENCE.sub("\\g<1>\N{NO-BREAK SPACE}", acte.texte.strip()))
    rendues: list[Partie] = []
    niveau = 1
    for bloc in blocs:
        for partie in _parties_du_bloc(acte, bloc.strip()):
            if isinstance(partie, Titre):
                # Un titre ne saute aucun niveau : qui n'écrit que des « ## » a ses chapitres ainsi.
                niveau = min(partie.niveau, niveau + 1)
                partie = Titre(niveau, partie.texte)
            rendues.append(partie)
    return rendues


def _parties_du_bloc(acte: ActeAImprimer, bloc: str) -> Iterator[Partie]:
    """Rend un bloc ligne à ligne : titre, points, tableau, ou paragraphe."""
    points: list[str] = []
    lignes: list[str] = []
    for ligne in (*bloc.split("\n"), ""):
        est_un_point = ligne.startswith("- ")
        titre = re.fullmatch(r"(#{1,2})\s+(.+)", ligne)
        tableau = _tableau(acte, ligne.strip())
        if lignes and (est_un_point or titre or tableau or not ligne):
            yield Texte("\n".join(lignes))
            lignes = []
        if points and not est_un_point:
            yield Points(points)
            points = []
        if est_un_point:
            points.append(ligne[2:].strip())
        elif titre:
            yield Titre(1 + len(titre[1]), titre[2])
        elif tableau:
            yield tableau
        elif ligne:
            lignes.append(ligne)


def _tableau(acte: ActeAImprimer, jeton: str) -> Partie | None:
    if jeton == f"{{{TABLEAU_DES_PROJETS}}}":
        return _des_projets(acte.projets)
    if jeton == f"{{{TABLEAU_DES_VERSEMENTS}}}":
        return _des_versements(acte.versements)
    return None


def _des_projets(projets: Sequence[ProjetDActe]) -> Tableau:
    lignes = [
        Ligne([p.reference, f"{p.titre}\n{p.ligne}" if p.ligne else p.titre,
               f"{ecrire_montant(p.montant)}{' (en nature)' if p.est_en_nature else ''}"])
        for p in projets
    ]  # fmt: skip
    if len(projets) > 1:
        total = ecrire_montant(sum((p.montant for p in projets), Decimal(0)))
        lignes.append(Ligne(["", "Ensemble", total], est_forte=True))
    colonnes = (Colonne("Dossier", 2), Colonne("Projet", 6), Colonne("Montant", 3, True))
    return Tableau("Projets financés", colonnes, lignes)


def _des_versements(versements: Sequence[VersementPrevu]) -> Tableau:
    lignes = [
        Ligne([v.sorte, jour(v.prevue_le) or f"Après {v.condition}", ecrire_montant(v.montant)])
        for v in versements
    ]
    colonnes = (Colonne("Versement", 3), Colonne("Quand", 6), Colonne("Montant", 3, True))
    return Tableau("Versements prévus", colonnes, lignes)


def en_donnees_a_imprimer(acte: ActeAImprimer) -> dict[str, Any]:
    """Rend l'acte en types simples, prêts pour le gabarit."""
    pied = acte.pied
    return {
        "sorte": propre(acte.sorte),
        "numero": propre(acte.numero),
        "contrat": propre(acte.contrat),
        "objet": propre(acte.objet),
        "bandeau": APERCU if acte.est_un_apercu else "",
        "entete": paragraphes(pied.get("entete") or pied["financeur"]),
        "destinataire": [propre(un) for un in destinataire(acte) if un],
        "parties": en_donnees(parties(acte)),
        "fait_a": propre(fait_a(acte)),
        "signatures": [[propre(un) for un in bloc if un] for bloc in signatures(acte)],
    }


def destinataire(acte: ActeAImprimer) -> list[str]:
    """Rend à qui la lettre s'adresse ; une convention nomme ses parties dans son texte."""
    pied = acte.pied
    if acte.se_signe_a_deux:
        return []
    return [pied["titulaire"], pied.get("representant", ""), pied.get("titulaire_adresse", "")]


def fait_a(acte: ActeAImprimer) -> str:
    """Rend où l'acte se fait ; le jour s'écrit à la main, en signant."""
    lieu = acte.pied.get("lieu", "")
    return f"Fait à {lieu}, le" if lieu else "Fait le"


def signatures(acte: ActeAImprimer) -> list[list[str]]:
    """Rend qui signe au bas de l'acte : le financeur ; et pour une convention, l'organisme aidé d'abord."""
    pied = acte.pied
    qui = (pied.get("signataire", ""), pied.get("qualite", ""))
    pour_le_financeur = [f"Pour {pied['financeur']}", *qui]
    if not acte.se_signe_a_deux:
        return [pour_le_financeur]
    return [[f"Pour {pied['titulaire']}", pied.get("representant", "")], pour_le_financeur]
