"""La loi d'un avis : quand il se rend, ce qu'il dit, ce qu'il propose."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.instruction.enums import Qualite, SensDAvis
from parvis.socle.montants import ecrire_montant

SANS_MOTIF = (SensDAvis.FAVORABLE, SensDAvis.SANS)
SANS_ARGENT = (SensDAvis.DEFAVORABLE, SensDAvis.SANS)
FICHIERS_AU_PLUS = 5


@dataclass(frozen=True)
class DemandeAJuger:
    """Une demande du service qui rend l'avis : sur quoi, combien, et où elle en est."""

    nom: str
    demande: Decimal
    etat: str = EtatDeDemande.DEMANDEE


def motifs_empechant_l_instruction(etat: str) -> list[str]:
    """Rend pourquoi l'avis sur un dossier ne se rend pas maintenant ; vide s'il se rend."""
    if etat == EtatDeDossier.RECEVABLE:
        return []
    if etat in (EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER):
        return ["Ce dossier n’est pas encore dit recevable : l’avis se rend ensuite."]
    return [f"Ce dossier est « {EtatDeDossier(etat).label.lower()} » : il ne s’étudie plus."]


def motifs_empechant_l_avis(
    *,
    etat: str,
    qualite: str,
    sens: str,
    motif: str,
    propositions: Mapping[int, Decimal],
    demandes: Mapping[int, DemandeAJuger],
) -> list[str]:
    """Rend pourquoi un avis ne peut pas se rendre ainsi : tous les motifs à la fois.

    `propositions` donne un montant par demande, et `demandes` celles du service, par identifiant. Seul un
    financeur propose un montant : qui est consulté donne un avis, et rien d'autre.
    """
    motifs = motifs_empechant_l_instruction(etat)
    if sens not in SensDAvis.values:
        motifs.append("Choisissez le sens de votre avis.")
    elif sens not in SANS_MOTIF and not motif:
        dit = SensDAvis(sens).label.lower()
        motifs.append(f"Un avis {dit} dit pourquoi : écrivez le motif, que le porteur lira.")
    if propositions and qualite != Qualite.FINANCEUR:
        motifs.append("Seul un financeur propose un montant.")
        return motifs
    for pk, montant in propositions.items():
        motifs += _motifs_du_montant(demandes.get(pk), montant)
    if sens in SANS_ARGENT and any(propositions.values()):
        motifs.append(
            f"Un avis {SensDAvis(sens).label.lower()} ne propose pas d’argent : laissez le montant vide."
            if sens == SensDAvis.DEFAVORABLE
            else "Un service qui ne se prononce pas ne propose pas d’argent : laissez le montant vide."
        )
    return motifs


def _motifs_du_montant(demande: DemandeAJuger | None, montant: Decimal) -> list[str]:
    if demande is None:
        return ["On ne propose un montant que pour ce que son service reçoit."]
    if demande.etat != EtatDeDemande.DEMANDEE:
        etat = EtatDeDemande(demande.etat).label.lower()
        return [f"{demande.nom} : cette demande est {etat}, son montant ne se propose plus."]
    if montant < 0:
        return [f"{demande.nom} : un montant ne peut pas être négatif."]
    if montant > demande.demande:
        demandes = ecrire_montant(demande.demande, court=True)
        return [f"{demande.nom} : vous proposez plus que les {demandes} demandés."]
    return []


def dire_les_avis(demandes: int, rendus: int) -> str:
    """Rend où en sont les avis : « 3 demandés, 2 rendus »."""
    if not demandes:
        return "Aucun avis demandé"
    return f"{demandes} demandé{'s' if demandes > 1 else ''}, {rendus} rendu{'s' if rendus > 1 else ''}"
