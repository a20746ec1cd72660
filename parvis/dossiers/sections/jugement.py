"""Dire ce qui manque, ou ne va pas, dans une section qui a sa page à elle.

Une section de cette sorte ne se montre que si elle est dans `JUGES` : elle a alors une page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parvis.dossiers.enums import EchelleDeProjet, EtatDeSection
from parvis.dossiers.rules.depot import motifs_des_fiches, motifs_des_lieux
from parvis.dossiers.sections.declaration import Section, Valeur
from parvis.dossiers.sections.saisie import Faute, etat, fautes, manques


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


JUGES: dict[str, Callable[[Valeur, Reperes], Jugement]] = {
    "fiches": _des_fiches,
    "lieux": _des_lieux,
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
    return EtatDeSection.EN_COURS if valeur else EtatDeSection.VIDE
