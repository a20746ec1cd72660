"""Ce que fait un bilan qui manque : il avertit, ou arrête le dépôt, la décision, le paiement.

Qui reçoit une subvention en rend compte dans les six mois de la fin de l'exercice (loi n° 2000-321 du
12 avril 2000, article 10). Ce qu'un retard arrête est réglé dans chaque appel ; les réglages de départ
sont les nôtres.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from parvis.dossiers.enums import EffetDeBilan, SorteDeBilan
from parvis.dossiers.rules.recepisse import apres_des_mois

LOI = "loi n° 2000-321 du 12 avril 2000, article 10"
MOIS_POUR_RENDRE = 6
# Un effet arrête son geste et tous ceux qui le suivent : ce qui ne se dépose pas ne se paie pas non plus.
GESTES = (
    EffetDeBilan.BLOQUE_DEPOT,
    EffetDeBilan.BLOQUE_DECISION,
    EffetDeBilan.BLOQUE_PAIEMENT,
)


@dataclass(frozen=True)
class BilanManquant:
    """Un bilan attendu d'un porteur et qui n'est pas rendu, le jour passé."""

    exercice: int
    projet: str
    attendu_le: date
    # Le jour en clair, pour la phrase.
    attendu: str
    dossier: int = 0
    sorte: str = SorteDeBilan.DEFINITIF


@dataclass(frozen=True)
class EffetsDeBilan:
    """Ce que règle un appel : l'effet du bilan de l'exercice d'avant, et de ceux de plus loin."""

    d_avant: str = EffetDeBilan.BLOQUE_PAIEMENT
    de_plus_loin: str = EffetDeBilan.BLOQUE_DEPOT


def fin_de_l_exercice(exercice: int, fin_du_projet: date | None, *, est_le_dernier: bool) -> date:
    """Rend le jour où finit un exercice : le 31 décembre, ou la fin du projet si elle vient après.

    Une année scolaire finit en juin : seul le dernier exercice d'un dossier attend la fin du projet.
    """
    dernier_jour = date(exercice, 12, 31)
    if est_le_dernier and fin_du_projet is not None and fin_du_projet > dernier_jour:
        # Une année mal tapée (2206) ne repousse pas le bilan pour toujours.
        return min(fin_du_projet, date(exercice + 1, 12, 31))
    return dernier_jour


def bilan_attendu_le(fin: date) -> date:
    """Rend le jour où le bilan définitif est dû : six mois après la fin."""
    return apres_des_mois(fin, MOIS_POUR_RENDRE)


def manque(*, attendu_le: date, rendu_le: date | None, jour: date) -> bool:
    """Dit si un bilan manque : son jour est passé, et rien n'est rendu.

    Rendu, il ne manque plus, même si le service n'a pas répondu : le porteur a fait sa part.
    """
    return rendu_le is None and attendu_le < jour


def effet_du_manque(manquant: BilanManquant, exercice: int, effets: EffetsDeBilan) -> str:
    """Rend ce que fait ce bilan à un dossier de cet exercice ; celui de l'année même ne fait rien.

    Seul un bilan définitif arrête quelque chose.
    """
    if manquant.sorte != SorteDeBilan.DEFINITIF or manquant.exercice >= exercice:
        return EffetDeBilan.RIEN
    return effets.d_avant if manquant.exercice == exercice - 1 else effets.de_plus_loin


def arrete(effet: str, geste: str) -> bool:
    """Dit si un effet arrête ce geste : le sien, ou l'un de ceux qui le précèdent."""
    return effet in GESTES and GESTES.index(EffetDeBilan(effet)) <= GESTES.index(
        EffetDeBilan(geste)
    )


def motifs_de_bilan_empechant(
    geste: str, manquants: Iterable[BilanManquant], exercice: int, effets: EffetsDeBilan
) -> list[str]:
    """Rend pourquoi un geste attend, un motif par bilan ; vide si rien ne s'oppose."""
    return [
        f"{phrase_du_manque(manquant)}."
        for manquant in manquants
        if arrete(effet_du_manque(manquant, exercice, effets), geste)
    ]


def motifs_de_bilan_empechant_de_deposer(
    manquants: Iterable[BilanManquant], exercice: int, effets: EffetsDeBilan
) -> list[str]:
    """Rend pourquoi un dossier ne se dépose pas encore ; vide si aucun bilan ne s'y oppose."""
    return motifs_de_bilan_empechant(EffetDeBilan.BLOQUE_DEPOT, manquants, exercice, effets)


def motifs_de_bilan_empechant_de_decider(
    manquants: Iterable[BilanManquant], exercice: int, effets: EffetsDeBilan
) -> list[str]:
    """Rend pourquoi une demande ne s'accorde pas encore ; vide si aucun bilan ne s'y oppose."""
    return motifs_de_bilan_empechant(EffetDeBilan.BLOQUE_DECISION, manquants, exercice, effets)


def motifs_de_bilan_empechant_de_payer(
    manquants: Iterable[BilanManquant], exercice: int, effets: EffetsDeBilan
) -> list[str]:
    """Rend pourquoi rien ne se verse encore ; vide si aucun bilan ne s'y oppose."""
    return motifs_de_bilan_empechant(EffetDeBilan.BLOQUE_PAIEMENT, manquants, exercice, effets)


def avertissements_de_bilan(
    manquants: Iterable[BilanManquant], exercice: int, effets: EffetsDeBilan, geste: str = ""
) -> list[str]:
    """Rend ce qui mérite un regard, et ce que cela arrête ; sans ce qui arrête déjà `geste`."""
    phrases = []
    for manquant in manquants:
        effet = effet_du_manque(manquant, exercice, effets)
        if effet == EffetDeBilan.RIEN or (geste and arrete(effet, geste)):
            continue
        suite = ""
        if arrete(effet, EffetDeBilan.BLOQUE_DECISION):
            suite = ". Rien ne se décide, ni ne se verse, tant qu’il manque"
        elif arrete(effet, EffetDeBilan.BLOQUE_PAIEMENT):
            suite = ". Rien ne se verse tant qu’il manque"
        phrases.append(f"{phrase_du_manque(manquant)}{suite}.")
    return phrases


def phrase_du_manque(manquant: BilanManquant) -> str:
    """Rend ce qui manque, en mots, sans point final."""
    return (
        f"Le bilan {manquant.exercice} de « {manquant.projet} » manque : "
        f"il était attendu le {manquant.attendu}"
    )
