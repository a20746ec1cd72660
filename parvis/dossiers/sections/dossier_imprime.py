"""Tout un dossier en parties à imprimer, d'après ce qui est figé ; le document ne lit rien d'autre."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.dossiers.document.description import (
    Colonne,
    Document,
    Fait,
    Faits,
    Ligne,
    Note,
    Partie,
    Points,
    Tableau,
    Texte,
    Titre,
)
from parvis.dossiers.rules.attestations import ATTESTATIONS
from parvis.dossiers.rules.cerfa import (
    Chapitre,
    Extrait,
    avertissement,
    champs_pris_ailleurs,
    chapitres,
    frequence,
    intitule,
)
from parvis.dossiers.rules.compte_bancaire import est_bancaire
from parvis.dossiers.rules.comptes import MILLESIME, plan_de_comptes
from parvis.dossiers.sections.budget import lire_la_saisie
from parvis.dossiers.sections.budget_imprime import parties_du_budget
from parvis.dossiers.sections.imprimees import VIDE, parties_de_la_section
from parvis.organismes.enums import Nature
from parvis.socle.montants import ecrire_montant, lire_montant
from parvis.socle.templatetags.socle import heure, jour

Contenu = Mapping[str, Any]
BANDEAU = "Brouillon, non déposé"
RESERVE = "Joint. Seuls l’ouvrent ceux qui signent pour l’organisme et ceux qui paient."
_IDENTITE = (
    ("nom", "Nom"),
    ("sigle", "Sigle"),
    ("nature", "Sorte d’organisme"),
    ("siret", "Siret"),
    ("siren", "Siren"),
    ("rna", "RNA"),
    ("adresse", "Adresse"),
    ("courriel", "Courriel"),
    ("telephone", "Téléphone"),
    ("site", "Site"),
)


@dataclass(frozen=True)
class AutourDuDossier:
    """Ce qui entoure le contenu d'un dossier imprimé ; un brouillon n'a pas de référence."""

    # Les sections, par code et dans l'ordre, écrites ou non.
    titres: Mapping[str, str]
    mentions: Sequence[str]
    reference: str = ""
    # Ce qui manque encore à un brouillon.
    a_signer: Sequence[str] = ()
    a_joindre: Sequence[str] = ()

    @property
    def est_un_brouillon(self) -> bool:
        return not self.reference


def decrire_le_dossier(contenu: Contenu, autour: AutourDuDossier) -> Document:
    """Rend le document d'un dossier ; l'ordre des chapitres est celui de la sorte de son porteur."""
    nature = contenu["porteur"]["nature"]
    titre = f"{intitule(nature)} {autour.reference or '(brouillon)'}"
    projet = contenu["projet"]["titre"]
    sections = {**autour.titres, "pieces": "Les pièces", "attestations": "Les attestations"}
    plan = chapitres(nature, sections)
    parties: list[Partie] = [Titre(2, "La demande"), Faits(_la_demande(contenu))]
    for chapitre in plan:
        parties += _le_chapitre(chapitre, plan, contenu, autour)
    return Document(
        titre=titre,
        projet=projet,
        auteur=contenu["porteur"]["nom"],
        entete=contenu["contrat"],
        mentions=[*autour.mentions, *filter(None, [avertissement(nature)])],
        bandeau=BANDEAU if autour.est_un_brouillon else "",
        parties=parties,
    )


def _la_demande(contenu: Contenu) -> list[Fait]:
    annees, demandes = contenu["exercices"], contenu["demandes"]
    natures = {demande["nature"] for demande in demandes}
    formes = [
        mot for nature, mot in (("numeraire", "en argent"), ("nature", "en nature"))
        if nature in natures
    ]  # fmt: skip
    periode = (
        f"Annuelle ou ponctuelle, {annees[0]}"
        if len(annees) == 1
        else f"Pluriannuelle, de {annees[0]} à {annees[-1]} : {annees[0]} ferme, le reste prévu"
    )
    figee = contenu["sections"].get("projet", {})
    dits = dict(zip(figee.get("codes", ()), figee.get("champs", ()), strict=False))
    return [
        Fait("Contrat", contenu["contrat"]),
        Fait("Appel", contenu["appel"]["titre"]),
        Fait("Forme", " et ".join(formes).capitalize() or "Rien n’est encore demandé"),
        *([Fait("Fréquence", frequence(dits["frequence"][1]))] if "frequence" in dits else []),
        Fait("Objet", "Un projet"),
        Fait("Période", periode),
        Fait("Demandé à", "\n".join(map(_un_destinataire, demandes)) or "Personne encore"),
    ]


def _un_destinataire(demande: Mapping[str, Any]) -> str:
    brut = demande["montant"]
    montant = ecrire_montant(lire_montant(brut)) if brut else "montant à corriger"
    nature = ", en nature" if demande["nature"] == "nature" else ""
    return f"{demande['financeur']} : {montant} pour {demande['exercice']}{nature}"


def _le_chapitre(
    chapitre: Chapitre, plan: tuple[Chapitre, ...], contenu: Contenu, autour: AutourDuDossier
) -> list[Partie]:
    parties: list[Partie] = [Titre(2, chapitre.titre)]
    for extrait in chapitre.extraits:
        if extrait.titre:
            parties.append(Titre(3, extrait.titre))
        parties += _l_extrait(extrait, plan, contenu, autour)
    return parties if len(parties) > 1 else [*parties, Note(VIDE)]


def _l_extrait(
    extrait: Extrait, plan: tuple[Chapitre, ...], contenu: Contenu, autour: AutourDuDossier
) -> list[Partie]:
    if extrait.section == "porteur":
        return _le_porteur(contenu)
    if extrait.section == "piece":
        return _une_piece(contenu, extrait.champs[0])
    if extrait.section == "pieces":
        return _les_pieces(contenu, autour)
    if extrait.section == "attestations":
        return _les_attestations(contenu, autour)
    if extrait.section not in contenu["sections"]:
        return [Note(VIDE)]
    if extrait.section == "budget":
        return _le_budget(contenu)
    figee = contenu["sections"][extrait.section]
    pris = champs_pris_ailleurs(plan, extrait.section)
    return parties_de_la_section(figee, extrait.champs, pris)


def _le_budget(contenu: Contenu) -> list[Partie]:
    valeur = contenu["sections"]["budget"]["valeur"]
    plan = plan_de_comptes(contenu.get("plan", MILLESIME))
    noms = contenu.get("financeurs") or _noms_par_le_rang(contenu, valeur)
    return parties_du_budget(lire_la_saisie(valeur, contenu["exercices"], noms, plan))


def _noms_par_le_rang(contenu: Contenu, valeur: Mapping[str, Any]) -> dict[str, str]:
    """Rend le nom de chaque financeur d'un dossier figé sans leur table : demandes et noms se suivent."""
    tapees = [
        demande
        for annee in contenu["exercices"]
        for demande in valeur.get("exercices", {}).get(str(annee), {}).get("demandes", ())
    ]
    dites = contenu["demandes"]
    if len(tapees) != len(dites):
        return {}
    return {
        tapee["financeur"]: dite["financeur"]
        for tapee, dite in zip(tapees, dites, strict=True)
        if tapee.get("financeur")
    }


def _le_porteur(contenu: Contenu) -> list[Partie]:
    parties: list[Partie] = [Faits(_identite(contenu["porteur"]))]
    if contenu["porteuse"]:
        parties += [
            Titre(3, "La structure qui recevrait l’argent"),
            Faits(_identite(contenu["porteuse"])),
        ]
    return parties


def _identite(organisme: Mapping[str, str]) -> list[Fait]:
    natures: dict[str, str] = {nature.value: str(nature.label) for nature in Nature}
    faits = []
    for champ, libelle in _IDENTITE:
        dit = organisme.get(champ, "")
        # Le Siret commence par le Siren.
        if not dit or (champ == "siren" and organisme.get("siret")):
            continue
        faits.append(Fait(libelle, natures.get(dit, dit) if champ == "nature" else dit))
    return faits


def _une_piece(contenu: Contenu, cle: str) -> list[Partie]:
    jointes = [piece["nom"] for piece in contenu["pieces"] if piece["cle"] == cle]
    if not jointes:
        return [Note("Ce budget n’est pas parmi les pièces jointes.")]
    return [Faits([Fait("Joint au dossier", "\n".join(jointes))])]


def _les_pieces(contenu: Contenu, autour: AutourDuDossier) -> list[Partie]:
    parties: list[Partie] = []
    if contenu["pieces"]:
        colonnes = (Colonne("Pièce", 4), Colonne("Fichier", 5), Colonne("Validité", 3))
        lignes = [_la_piece(piece) for piece in contenu["pieces"]]
        parties.append(Tableau("Pièces jointes", colonnes, lignes))
    else:
        parties.append(Note("Aucune pièce n’est jointe."))
    return [*parties, *_manques("Ce qui n’est pas joint :", autour.a_joindre)]


def _la_piece(piece: Mapping[str, Any]) -> Ligne:
    fin = piece["valable_jusqu_au"]
    validite = f"Jusqu’au {jour(date.fromisoformat(fin))}" if fin else "Sans limite de durée"
    fichier = RESERVE if est_bancaire(piece["cle"]) else f"{piece['nom']}\n{piece['poids']}"
    return Ligne([piece["libelle"], fichier, validite])


def _les_attestations(contenu: Contenu, autour: AutourDuDossier) -> list[Partie]:
    parties: list[Partie] = []
    for signee in sorted(contenu["attestations"], key=_rang_de_l_attestation):
        instant = datetime.fromisoformat(signee["signee_le"])
        faits = [
            Fait("Réponse", signee["precision_dite"]),
            Fait("Signée par", f"{signee['signee_par']}, {signee['fonction']}"),
            # Une version déposée avant que cela se dise n'en a pas la clé.
            Fait("Signée sur", f"La version {sur}" if (sur := signee.get("signee_sur")) else ""),
            Fait("Signée le", f"{signee['jour']} à {heure(instant)}"),
            Fait("Référence", signee["reference"]),
        ]
        parties += [
            Titre(3, signee["titre"]),
            Texte("\n\n".join(signee["texte"])),
            Faits([fait for fait in faits if fait.texte]),
        ]
    if not parties:
        parties.append(Note("Aucune attestation n’est signée."))
    return [*parties, *_manques("À signer avant de déposer :", autour.a_signer)]


def _rang_de_l_attestation(signee: Mapping[str, Any]) -> int:
    codes = [texte.code for texte in ATTESTATIONS]
    return codes.index(signee["code"]) if signee["code"] in codes else len(codes)


def _manques(phrase: str, manques: Sequence[str]) -> Iterable[Partie]:
    return [Note(phrase), Points(manques)] if manques else []
