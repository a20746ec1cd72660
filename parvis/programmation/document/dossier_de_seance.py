"""Ce que dit un dossier de séance : sa couverture, puis une feuille par dossier de l'ordre du jour.

D'une version déposée, une feuille ne prend que les sections qu'elle nomme : ni l'organisation et ses
contacts, ni les pièces, ni les attestations n'y ont de place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from parvis.dossiers.document.description import Colonne, Fait, Ligne, Tableau, Texte
from parvis.dossiers.rules.budget import Bilan, en_pour_cent, pourcentage
from parvis.dossiers.rules.cerfa import frequence
from parvis.dossiers.rules.comptes import MILLESIME, plan_de_comptes
from parvis.dossiers.sections.budget import lire_la_saisie
from parvis.dossiers.sections.table import CALENDRIER, PROJET, PUBLICS
from parvis.socle.montants import INSECABLE, ecrire_montant, lire_montant
from parvis.socle.saisie import lire_un_jour
from parvis.socle.templatetags.socle import jour

Contenu = Mapping[str, Any]
ZERO = Decimal("0.00")
# De quoi tenir une feuille en deux pages ; le texte entier est dans le dossier.
SUITE = "[…]"
_TEXTES = (
    ("besoin", "Le besoin", 450),
    ("objectifs", "Ce qui doit changer", 450),
    ("description", "Ce qui sera fait", 900),
    ("habitants", "La place des habitants", 300),
)
_RESUME, _PUBLIC, _FICHES, _LIEUX, _INDICATEURS = 300, 280, 4, 8, 5
_AGES = tuple(champ for champ in PUBLICS.champs if champ.code.startswith("ages_"))


@dataclass(frozen=True, slots=True)
class Cle:
    """Un chiffre que l'on cherche des yeux, et son nom."""

    libelle: str
    texte: str


@dataclass(frozen=True, slots=True)
class AvisDit:
    """Un avis tel que ses lecteurs le lisent : de qui, quel jour, son sens, son motif."""

    qui: str
    quand: str
    sens: str
    ton: str
    motif: Texte


@dataclass(frozen=True, slots=True)
class Depose:
    """Ce qu'une feuille dit de ce qui a été déposé, avec les mots du porteur."""

    titre: str = ""
    appel: str = ""
    faits: Sequence[Fait] = ()
    resume: str = ""
    textes: Sequence[Fait] = ()
    indicateurs: Sequence[str] = ()
    budget: Sequence[Tableau] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DepotLu:
    """Une version déposée : ce qu'une feuille en dit, ce que coûte l'exercice, combien de personnes."""

    depose: Depose
    cout: Decimal
    personnes: str


@dataclass(frozen=True, slots=True)
class Feuille:
    """Un dossier à l'ordre du jour : une à deux pages."""

    rang: str
    reference: str
    titre: str
    mention: str
    porteur: str
    structure: str
    demande: str
    cles: Sequence[Cle]
    depose: Depose
    demandes: Tableau
    avis: Sequence[AvisDit] = ()
    attendus: str = ""
    retraits: str = ""


@dataclass(frozen=True, slots=True)
class DossierDeSeance:
    """Tout le document : sa couverture, l'ordre du jour, ses feuilles."""

    titre: str
    contrat: str
    entete: str
    auteur: str
    objet: str
    faits: Sequence[Fait]
    cles: Sequence[Cle]
    financeurs: Sequence[Tableau]
    mentions: Sequence[str]
    feuilles: Sequence[Feuille] = field(default_factory=list)


def abreger(texte: str, signes: int) -> str:
    """Rend le début d'un texte, coupé à la fin d'une phrase ou d'un mot ; « […] » dit qu'il continue."""
    texte = re.sub(r"\n\s*\n", "\n", texte.strip())
    if len(texte) <= signes:
        return texte
    debut = texte[:signes]
    phrases = [trouvee.end() for trouvee in re.finditer(r"[.!?…](?=\s)", debut)]
    # Une phrase entière se lit mieux, si elle ne fait pas perdre la moitié de la place.
    fin = phrases[-1] if phrases and phrases[-1] > signes * 0.6 else debut.rfind(" ")
    return f"{debut[: fin if fin > 0 else signes].rstrip(' ,;:')} {SUITE}"


def cles_de_la_feuille(lu: DepotLu, demande: Decimal, arbitre: Decimal | None) -> list[Cle]:
    """Rend les chiffres d'une feuille : ce qui est demandé, sa part du coût, qui est concerné."""
    part = pourcentage(demande, lu.cout)
    cles = [
        Cle("Demandé", ecrire_montant(demande, court=True)),
        Cle("Coût du projet", ecrire_montant(lu.cout, court=True) if lu.cout else "non dit"),
        Cle("Part demandée", en_pour_cent(part) if part is not None else "non dite"),
        Cle("Personnes", lu.personnes or "non dit"),
    ]
    if arbitre is not None:
        cles.insert(1, Cle("Arbitré", ecrire_montant(arbitre, court=True)))
    return cles


def lire_ce_qui_est_depose(contenu: Contenu, exercice: int) -> DepotLu:
    """Rend ce qu'une feuille dit d'une version déposée ; ce qui n'y est pas ne se dit pas."""
    sections = contenu.get("sections", {})
    projet = _champs(sections, PROJET.code)
    publics = _champs(sections, PUBLICS.code)
    cout, budget, notes = _le_budget(contenu, exercice)
    faits = [
        ("Fiche du contrat", "\n".join(_les_fiches(sections))),
        ("Lieux", _les_lieux(sections)),
        ("Publics", _les_publics(publics)),
        ("Calendrier", _le_calendrier(_champs(sections, CALENDRIER.code))),
        ("Déjà soutenu", frequence(projet["frequence"]) if "frequence" in projet else ""),
    ]
    depose = Depose(
        titre=contenu.get("projet", {}).get("titre", ""),
        appel=contenu.get("appel", {}).get("titre", ""),
        faits=[Fait(libelle, texte) for libelle, texte in faits if texte],
        resume=abreger(projet.get("resume", ""), _RESUME),
        textes=[
            Fait(libelle, abreger(projet[code], signes))
            for code, libelle, signes in _TEXTES
            if projet.get(code)
        ],
        indicateurs=_les_indicateurs(sections),
        budget=budget,
        notes=notes,
    )
    return DepotLu(depose, cout, publics.get("nombre", ""))


def _champs(sections: Mapping[str, Any], code: str) -> dict[str, str]:
    """Rend ce que dit une section, par le nom de ses champs ; une ancienne n'en a que les libellés."""
    figee = sections.get(code, {})
    dits = figee.get("champs", [])
    if "codes" in figee:
        return {nom: texte for nom, (_, texte) in zip(figee["codes"], dits, strict=True)}
    section = {PROJET.code: PROJET, PUBLICS.code: PUBLICS, CALENDRIER.code: CALENDRIER}[code]
    noms = {champ.libelle: champ.code for champ in section.champs}
    return {noms[libelle]: texte for libelle, texte in dits if libelle in noms}


def _les_fiches(sections: Mapping[str, Any]) -> list[str]:
    """Rend les fiches du contrat, la principale d'abord, sans les types de projet."""
    texte = sections.get("fiches", {}).get("texte", "")
    fiches = [ligne for ligne in texte.split("\n") if ligne and not ligne.startswith("- ")]
    fiches.sort(key=lambda ligne: "(principale)" not in ligne)
    dites = [ligne.replace(" (principale)", "") for ligne in fiches]
    return _les_premiers(dites, _FICHES, "Et")


def _les_premiers(dits: list[str], nombre: int, mot: str) -> list[str]:
    """Rend les premiers, et combien il en reste : « et 12 autres »."""
    reste = len(dits) - nombre
    if reste <= 0:
        return dits
    return [*dits[:nombre], f"{mot} {reste} autre{'s' if reste > 1 else ''}"]


def _les_lieux(sections: Mapping[str, Any]) -> str:
    texte = sections.get("lieux", {}).get("texte", "")
    echelle, *suite = [ligne for ligne in texte.split("\n") if ligne] or [""]
    noms = [ligne.removeprefix("- ") for ligne in suite if ligne.startswith("- ")]
    ailleurs = [ligne for ligne in suite if not ligne.startswith("- ")]
    dits = ", ".join(_les_premiers(noms, _LIEUX, "et"))
    return " · ".join(filter(None, [dits or echelle, *ailleurs]))


def _les_publics(dits: Mapping[str, str]) -> str:
    compte = []
    if part := dits.get("part_quartiers"):
        compte.append(f"{part}{INSECABLE}% des quartiers prioritaires")
    if femmes := dits.get("femmes"):
        compte.append(f"{femmes} femmes et filles")
    compte += [f"{dits[a.code]} de {a.libelle}" for a in _AGES if dits.get(a.code)]
    phrase = ", ".join(compte)
    return "\n".join(filter(None, [abreger(dits.get("description", ""), _PUBLIC), phrase]))


def _le_calendrier(dits: Mapping[str, str]) -> str:
    debut, fin = _en_jour(dits.get("debut_le", "")), _en_jour(dits.get("fin_le", ""))
    bornes = f"Du {debut} au {fin}" if debut and fin else debut or fin
    return "\n".join(filter(None, [bornes, abreger(dits.get("rythme", ""), 120)]))


def _en_jour(texte: str) -> str:
    """Rend un jour comme on le dit ; ce qui ne se lit pas reste tel qu'on l'a tapé."""
    try:
        return jour(lire_un_jour(texte))
    except ValueError:
        return texte


def _les_indicateurs(sections: Mapping[str, Any]) -> list[str]:
    dits = []
    for ligne in sections.get("indicateurs", {}).get("valeur", []):
        cible = " ".join(filter(None, [ligne.get("cible", ""), ligne.get("unite", "").lower()]))
        dits.append(" : ".join(filter(None, [ligne.get("nom", ""), cible])))
    return _les_premiers(dits, _INDICATEURS, "Et")


def _le_budget(contenu: Contenu, exercice: int) -> tuple[Decimal, list[Tableau], list[str]]:
    """Rend ce que coûte l'exercice, ses dépenses et ses recettes poste par poste, et ce qui s'ajoute."""
    section = contenu.get("sections", {}).get("budget")
    if section is None:
        return ZERO, [], ["Aucun budget n’est déposé."]
    annees, plan = contenu["exercices"], plan_de_comptes(contenu.get("plan", MILLESIME))
    noms = contenu.get("financeurs") or {}
    lus = lire_la_saisie(section["valeur"], annees, noms, plan).exercices
    bilan = next((lu for lu in lus if lu.annee == exercice), lus[0]).bilan
    demandes = [d for d in contenu["demandes"] if d["exercice"] == exercice]
    des_demandes = {poste.code for poste in plan.postes() if poste.est_demande}
    depenses = [(p.libelle, p.montant) for p in _du_cote(bilan, "charge")]
    recettes = [
        *_les_demandes(demandes),
        *((p.libelle, p.montant) for p in _du_cote(bilan, "produit") if p.code not in des_demandes),
    ]
    tableaux = [
        _cote("Dépenses", depenses, bilan.charges),
        _cote("Recettes", recettes, bilan.produits),
    ]
    return bilan.charges, tableaux, list(_notes_du_budget(bilan, annees))


def _du_cote(bilan: Bilan, sens: str) -> list[Any]:
    return [p for p in bilan.postes if p.sens == sens and p.bloc == "equilibre" and p.montant]


def _les_demandes(demandes: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Decimal]]:
    """Rend ce que le dépôt demande en argent à chaque financeur."""
    sommes: dict[str, Decimal] = {}
    for demande in demandes:
        if demande["nature"] != "nature" and demande["montant"]:
            deja = sommes.get(demande["financeur"], ZERO)
            sommes[demande["financeur"]] = deja + lire_montant(demande["montant"])
    return ((f"{nom} (demandé)", somme) for nom, somme in sommes.items())


def _cote(nom: str, lignes: Iterable[tuple[str, Decimal]], total: Decimal) -> Tableau:
    ecrites = [Ligne([libelle, ecrire_montant(montant, court=True)]) for libelle, montant in lignes]
    somme = Ligne([f"Total des {nom.lower()}", ecrire_montant(total, court=True)], est_forte=True)
    return Tableau(nom, (Colonne(nom, 3), Colonne("Montant", 1, True)), [*ecrites, somme])


def _notes_du_budget(bilan: Bilan, annees: Sequence[int]) -> Iterator[str]:
    if bilan.ecart:
        yield f"Ce budget n’est pas équilibré : {bilan.phrase}."
    if bilan.emplois_en_nature:
        somme = ecrire_montant(bilan.emplois_en_nature, court=True)
        yield f"S’y ajoutent {somme} de contributions en nature (bénévolat, prêts, dons)."
    if len(annees) > 1:
        yield f"La demande court de {annees[0]} à {annees[-1]} ; seul {annees[0]} est ferme."
