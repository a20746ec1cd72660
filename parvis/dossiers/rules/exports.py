"""L'export d'un portail : ses colonnes, ses statuts, et ce qu'une ligne change à une demande.

Noms de champs et statuts du portail de l'État : betagouv/api-subventions-asso.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from parvis.dossiers.enums import EtatDeDemande, SourceDuSuivi
from parvis.dossiers.rules.demandes import PASSAGES as PASSAGES_DE_DEMANDE
from parvis.dossiers.rules.portails import racine_du_numero
from parvis.dossiers.rules.suivi import SUITES
from parvis.socle.montants import MontantIllisible, ecrire_montant, lire_montant
from parvis.socle.texte import cle_de_tri

# Un export plus long n'est pas celui d'un contrat.
LIGNES_MAX = 20_000
# Chaque fait, son nom à l'écran, et comment les exports titrent sa colonne.
FAITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "numero": (
        "numéro de l’action",
        (
            *("referenceAdministrative", "codeActionProjet", "reference", "numéro externe"),
            *("Action de demande - Code dossier", "Action - Code dossier", "numéro"),
            *("Numéro De l'Action Prj", "numéro de l’action", "n° action", "numéro de dossier"),
        ),
    ),
    "statut": (
        "statut",
        (
            "statut",
            "status",
            "virtualStatusLabel",
            "état",
            "statut de la demande",
            "libellé statut",
        ),
    ),
    "vote": (
        "montant voté",
        (
            *("montantVote", "montantVote.ht", "montant voté", "montant accordé"),
            *("montant attribué", "montant de la subvention", "montant voté (€)"),
        ),
    ),
    "vote_le": (
        "date de la décision",
        ("date de la décision", "date décision", "dateDecision", "date du vote", "voté le"),
    ),
    "exercice": ("exercice", ("exerciceBudgetaire", "exercice", "année", "exercice budgétaire")),
}
OBLIGATOIRES = ("numero", "statut")
_PAR_STATUT: dict[str, tuple[str, ...]] = {
    EtatDeDemande.REFUSEE: ("Rejetée",),
    EtatDeDemande.ACCORDEE: (
        *("A justifier", "Justifiée", "A été versé", "Justification à modifier"),
        "Justification en cours",
    ),
    EtatDeDemande.IRRECEVABLE: ("Cloturée", "Non recevable"),
    EtatDeDemande.DEMANDEE: (
        *("Prise en charge", "Recevable", "Transmise", "En attente d'attestation"),
        *("En attente d'instruction", "En cours de saisie", "En cours"),
    ),
}
STATUTS: dict[str, str] = {
    cle_de_tri(libelle): etat for etat, libelles in _PAR_STATUT.items() for libelle in libelles
}
# Ce qu'un export remplace : une décision d'ailleurs se corrige, même une irrecevabilité.
_REPRISES = {
    **PASSAGES_DE_DEMANDE,
    EtatDeDemande.DEMANDEE: (
        EtatDeDemande.ACCORDEE,
        EtatDeDemande.REFUSEE,
        EtatDeDemande.IRRECEVABLE,
    ),
    EtatDeDemande.REFUSEE: (
        *PASSAGES_DE_DEMANDE[EtatDeDemande.REFUSEE],
        EtatDeDemande.IRRECEVABLE,
    ),
    EtatDeDemande.IRRECEVABLE: SUITES,
}
_ANNEE = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class LigneBrute:
    """Une ligne d'un export, telle qu'elle est écrite : son numéro dans le fichier, ses faits."""

    ligne: int
    faits: Mapping[str, str]


@dataclass(frozen=True)
class LigneDExport:
    """Une ligne d'un export, lue : ce que le portail répond à une action."""

    ligne: int
    numero: str
    statut: str
    etat: str
    vote: Decimal | None = None
    vote_le: date | None = None
    exercice: int | None = None

    @property
    def racine(self) -> str:
        return racine_du_numero(self.numero)

    @property
    def reponse(self) -> tuple[object, ...]:
        """Rend ce qui distingue deux réponses à la même action."""
        return (self.statut, self.vote, self.vote_le)


@dataclass(frozen=True)
class LigneIllisible:
    """Une ligne d'un export qui ne se lit pas, et pourquoi."""

    ligne: int
    numero: str
    motifs: tuple[str, ...]


@dataclass(frozen=True)
class Suivie:
    """Ce que la plateforme sait d'une demande faite ailleurs, avant l'import."""

    exercice: int
    etat: str
    numero: str
    source: str
    statut: str
    # Une personne a écrit la suite de cette demande.
    est_notee: bool
    demande_le: date
    vote: Decimal | None = None
    vote_le: date | None = None
    engage: Decimal | None = None


@dataclass(frozen=True)
class Reponse:
    """Ce qu'une demande deviendrait."""

    etat: str
    numero: str
    statut: str
    vote: Decimal | None = None
    vote_le: date | None = None


def cle_de_colonne(titre: str) -> str:
    """Rend un titre de colonne sans accents, espaces ni ponctuation."""
    return cle_de_tri(titre).replace(" ", "")


_TITRES = {cle_de_colonne(t): fait for fait, (_, titres) in FAITS.items() for t in titres}


def reconnaitre_les_colonnes(
    colonnes: Iterable[str], connues: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Rend le titre de la colonne de chaque fait, et ce qui empêche de lire.

    `connues` est la correspondance déjà gardée, ou dite : elle passe avant les noms reconnus, si le
    fichier a encore ces colonnes.
    """
    presentes = list(colonnes)
    trouvees = {fait: titre for fait, titre in connues.items() if titre in presentes}
    for titre in presentes:
        fait = _TITRES.get(cle_de_colonne(titre))
        if fait and fait not in trouvees and titre not in trouvees.values():
            trouvees[fait] = titre
    absents = [FAITS[fait][0] for fait in OBLIGATOIRES if fait not in trouvees]
    motifs = [
        f"Aucune colonne ne dit le {absent}. Colonnes du fichier : {', '.join(presentes)}."
        for absent in absents
    ]
    return trouvees, motifs


def lire_la_ligne(brute: LigneBrute) -> LigneDExport | LigneIllisible | None:
    """Rend une ligne lue, ou pourquoi elle ne se lit pas ; None si elle est vide."""
    dits = {fait: brute.faits.get(fait, "").strip() for fait in FAITS}
    if not any(dits.values()):
        return None
    motifs: list[str] = []
    etat = STATUTS.get(cle_de_tri(dits["statut"]), "")
    if not racine_du_numero(dits["numero"]):
        motifs.append(f"« {dits['numero'][:40]} » n’est pas un numéro d’action.")
    if not etat:
        motifs.append(f"le statut « {dits['statut'][:60]} » n’est pas connu.")
    vote, faute = _lire_le_vote(dits["vote"])
    quand, faute_de_date = _lire_le_jour(dits["vote_le"])
    annee = _ANNEE.search(dits["exercice"])
    if dits["exercice"] and annee is None:
        motifs.append(f"« {dits['exercice'][:20]} » n’est pas une année.")
    motifs += [m for m in (faute, faute_de_date) if m]
    if motifs:
        return LigneIllisible(brute.ligne, dits["numero"][:40], tuple(motifs))
    return LigneDExport(
        brute.ligne,
        "".join(dits["numero"].split()).upper()[:60],
        dits["statut"][:100],
        etat,
        vote,
        quand,
        int(annee[0]) if annee else None,
    )


def _lire_le_vote(texte: str) -> tuple[Decimal | None, str]:
    if not texte:
        return None, ""
    try:
        return lire_montant(texte), ""
    except MontantIllisible as refus:
        return None, f"montant voté : {refus}"


def _lire_le_jour(texte: str) -> tuple[date | None, str]:
    """Rend un jour écrit à la française, ou en ISO avec ou sans heure."""
    if not texte:
        return None, ""
    for lire in (lambda t: datetime.strptime(t[:10], "%d/%m/%Y").date(), _iso):
        try:
            return lire(texte), ""
        except ValueError:
            continue
    return None, f"« {texte[:20]} » n’est pas une date."


def _iso(texte: str) -> date:
    return date.fromisoformat(texte[:10])


def ecarter_les_doublons(
    lignes: Iterable[LigneDExport],
) -> tuple[list[LigneDExport], list[LigneIllisible]]:
    """Rend une ligne par action et par exercice, et celles qui se contredisent.

    Deux lignes qui disent la même chose n'en font qu'une.
    """
    par_action: dict[tuple[str, int | None], list[LigneDExport]] = {}
    for ligne in lignes:
        par_action.setdefault((ligne.racine, ligne.exercice), []).append(ligne)
    gardees, doublons = [], []
    for semblables in par_action.values():
        premiere = semblables[0]
        if len({ligne.reponse for ligne in semblables}) == 1:
            gardees.append(premiere)
            continue
        ou = ", ".join(str(ligne.ligne) for ligne in semblables)
        motif = f"les lignes {ou} disent autre chose de la même action."
        doublons.append(LigneIllisible(premiere.ligne, premiere.numero, (motif,)))
    return gardees, doublons


def ce_que_devient(suivie: Suivie, ligne: LigneDExport, jour: date) -> Reponse:
    """Rend ce que la demande deviendrait ; le jour d'une décision non datée est celui de l'import.

    Un vote déjà su, du même montant, garde sa date ; celle qu'une personne a notée vaut mieux que
    celle de l'export.
    """
    if ligne.etat != EtatDeDemande.ACCORDEE:
        return Reponse(ligne.etat, ligne.numero, ligne.statut)
    deja = suivie.vote_le if suivie.vote is not None and ligne.vote == suivie.vote else None
    quand = deja or ligne.vote_le if est_d_une_personne(suivie) else ligne.vote_le or deja
    return Reponse(
        ligne.etat,
        ligne.numero,
        ligne.statut,
        ligne.vote,
        quand or (jour if ligne.vote is not None else None),
    )


def est_d_une_personne(suivie: Suivie) -> bool:
    """Dit si ce que l'on sait de la demande, une personne l'a écrit."""
    return suivie.est_notee and suivie.source != SourceDuSuivi.EXPORT


def motifs_empechant_la_reprise(suivie: Suivie, vers: Reponse, jour: date) -> list[str]:
    """Rend pourquoi une demande ne devient pas ce que dit l'export : tous les motifs à la fois."""
    if vers.etat != suivie.etat and vers.etat not in _REPRISES[suivie.etat]:
        avant = EtatDeDemande(suivie.etat).label.lower()
        return [f"elle est {avant} ici, et le portail la dit « {vers.statut} »."]
    if vers.etat != EtatDeDemande.ACCORDEE:
        if suivie.engage is not None:
            return ["une convention est déjà notée ici : cela se corrige à la main."]
        return []
    if vers.vote is None:
        return ["elle est accordée, et l’export ne dit pas combien."]
    if vers.vote <= 0:
        return ["elle est accordée pour rien : le montant voté est nul."]
    motifs = []
    if suivie.engage is not None and vers.vote < suivie.engage:
        motifs.append("le montant voté est plus petit que la convention déjà notée ici.")
    if vers.vote_le is not None and vers.vote_le > jour:
        motifs.append("sa décision est datée d’un jour à venir.")
    elif vers.vote_le is not None and vers.vote_le < suivie.demande_le:
        motifs.append("sa décision est datée d’avant la demande.")
    return motifs


def est_a_confirmer(suivie: Suivie, vers: Reponse) -> bool:
    """Dit si l'export contredit ce qu'une personne a noté : il ne l'efface pas sans qu'on le dise."""
    return est_d_une_personne(suivie) and (vers.etat, vers.vote) != (suivie.etat, suivie.vote)


def change(suivie: Suivie, vers: Reponse) -> bool:
    """Dit si l'export apprend quelque chose."""
    return (suivie.etat, suivie.vote, suivie.vote_le, suivie.numero, suivie.statut) != (
        vers.etat,
        vers.vote,
        vers.vote_le,
        vers.numero,
        vers.statut,
    )


def dire_la_reponse(
    etat: str, vote: Decimal | None, vote_le: date | None, statut: str, numero: str
) -> str:
    """Rend où en est une demande : « accordée, 8 000 € votés le 03/04/2026, n° DA01234567 »."""
    dits = [EtatDeDemande(etat).label.lower()]
    if vote is not None and vote_le is not None:
        s = "s" if vote >= 2 else ""
        dits.append(f"{ecrire_montant(vote, court=True)} voté{s} le {vote_le:%d/%m/%Y}")
    if statut:
        dits.append(f"« {statut} »")
    if numero:
        dits.append(f"n°\u00a0{numero}")
    return ", ".join(dits)
