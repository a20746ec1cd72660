"""Dire ce qui manque, ou ne va pas, dans une section qui a sa page à elle.

Une section de cette sorte ne se montre que si elle est dans `JUGES` : elle a alors une page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parvis.dossiers.enums import EchelleDeProjet, EtatDeSection
from parvis.dossiers.rules.depot import Motif, motifs_des_fiches, motifs_des_lieux
from parvis.dossiers.sections.budget import juger_le_budget
from parvis.dossiers.sections.declaration import Section, Valeur
from parvis.dossiers.sections.saisie import Faute, etat, fautes, manques


@dataclass(frozen=True)
class JugeeAPart:
    """Une section qui ne s'écrit pas : ses pièces ou ses signatures disent où elle en est."""

    motifs: tuple[Motif, ...] = ()
    est_commencee: bool = False


@dataclass(frozen=True)
class Reperes:
    """Ce que l'appel et le contrat permettent, avec son nom.

    Les fiches vont par numéro, les communes par code Insee, les quartiers par clé.
    """

    fiches: Mapping[str, str] = field(default_factory=dict)
    communes: Mapping[str, str] = field(default_factory=dict)
    quartiers: Mapping[str, str] = field(default_factory=dict)
    # Les quartiers d'une génération passée : ils se lisent, ils ne se choisissent plus.
    anciens: Mapping[str, str] = field(default_factory=dict)
    # Les exercices du dossier, le premier ferme.
    annees: tuple[int, ...] = ()
    # Les financeurs que l'on connaît, par identifiant, et ceux de l'appel qui reçoivent ici.
    financeurs: Mapping[str, str] = field(default_factory=dict)
    recoivent_ici: frozenset[int] = frozenset()
    # Les pièces et les attestations, par code de section.
    a_part: Mapping[str, JugeeAPart] = field(default_factory=dict)


Jugement = tuple[list[Faute], list[Faute]]


def _des_fiches(valeur: Valeur, reperes: Reperes) -> Jugement:
    choisies = valeur.get("fiches", {})
    dits = [Faute(None, "", m.phrase) for m in motifs_des_fiches(choisies, reperes.fiches)]
    return (dits, []) if choisies else ([], dits)


def _des_lieux(valeur: Valeur, reperes: Reperes) -> Jugement:
    echelle = valeur.get("echelle", "")
    communes, quartiers = valeur.get("communes", []), valeur.get("quartiers", [])
    hors = [f"« {valeur['ailleurs']} »"] if valeur.get("ailleurs") else []
    # Un contrat dont le territoire n'est pas connu ne dit rien des lieux.
    if echelle == EchelleDeProjet.COMMUNES and reperes.communes:
        hors += [code for code in communes if code not in reperes.communes]
    if echelle == EchelleDeProjet.QUARTIERS and reperes.communes:
        hors += [reperes.anciens.get(c, c) for c in quartiers if c not in reperes.quartiers]
    fautes_, manques_ = (
        motifs_des_lieux(EchelleDeProjet.AGGLOMERATION, (), (), hors),
        motifs_des_lieux(echelle, communes, quartiers, ()),
    )
    champ = "ailleurs" if valeur.get("ailleurs") else ""
    return (
        [Faute(None, champ, motif.phrase) for motif in fautes_],
        [Faute(None, "echelle", motif.phrase) for motif in manques_],
    )


def _du_budget(valeur: Valeur, reperes: Reperes) -> Jugement:
    return juger_le_budget(valeur, reperes.annees, reperes.financeurs, reperes.recoivent_ici)


def _a_part(code: str) -> Callable[[Valeur, Reperes], Jugement]:
    def juger_a_part(valeur: Valeur, reperes: Reperes) -> Jugement:
        motifs = reperes.a_part.get(code, JugeeAPart()).motifs
        return [], [Faute(None, motif.champ, motif.phrase) for motif in motifs]

    return juger_a_part


JUGES: dict[str, Callable[[Valeur, Reperes], Jugement]] = {
    "fiches": _des_fiches,
    "lieux": _des_lieux,
    "budget": _du_budget,
    "pieces": _a_part("pieces"),
    "attestations": _a_part("attestations"),
}


def est_ouverte(section: Section) -> bool:
    """Dit si la section se remplit : elle est faite de champs, ou elle a sa page et son juge."""
    return not section.est_propre or section.code in JUGES


def juger(section: Section, valeur: Valeur, reperes: Reperes) -> Jugement:
    """Rend les fautes d'une section, et ce qui lui manque encore pour déposer."""
    if section.code in JUGES:
        return JUGES[section.code](valeur, reperes)
    return fautes(section, valeur), manques(section, valeur)


def etat_juge(
    section: Section, valeur: Valeur, reperes: Reperes, *, est_ecrite: bool
) -> EtatDeSection:
    """Rend où en est une section, de quelque sorte qu'elle soit."""
    if section.code not in JUGES:
        return etat(section, valeur, est_ecrite=est_ecrite)
    ses_fautes, ses_manques = juger(section, valeur, reperes)
    if ses_fautes:
        return EtatDeSection.A_CORRIGER
    if not ses_manques:
        return EtatDeSection.COMPLETE
    est_commencee = valeur or reperes.a_part.get(section.code, JugeeAPart()).est_commencee
    return EtatDeSection.EN_COURS if est_commencee else EtatDeSection.VIDE
