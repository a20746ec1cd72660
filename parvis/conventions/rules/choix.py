"""Quel acte un financeur doit prendre pour ce qu'il accorde à un organisme, et pourquoi.

Loi n° 2000-321 du 12 avril 2000, article 10 : l'autorité administrative qui attribue une subvention, ou
l'organisme chargé d'un service public industriel et commercial (article 9-1), conclut une convention
avec l'organisme de droit privé qui en bénéficie, quand elle passe un montant fixé par le décret
n° 2001-495 du 6 juin 2001, article 1er. Ce montant se compte par organisme et par exercice, pas par
projet, argent et nature ensemble ; il faut le dépasser, l'atteindre ne suffit pas.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from parvis.conventions.enums import SorteDActe
from parvis.dossiers.rules.recepisse import ADMINISTRATIONS
from parvis.organismes.enums import Nature
from parvis.organismes.rules.droit import est_de_droit_prive
from parvis.programmation.rules.seuils import REFERENCE_DU_SEUIL, seuil_de_convention
from parvis.socle.montants import ecrire_montant

CONVENTIONS = frozenset({SorteDActe.CONVENTION, SorteDActe.PLURIANNUELLE})
# Ceux que les deux parties signent.
A_DEUX = CONVENTIONS | {SorteDActe.AVENANT}
ORDINAIRES = (SorteDActe.NOTIFICATION, SorteDActe.ARRETE, SorteDActe.CONVENTION)


@dataclass(frozen=True)
class Situation:
    """Ce qu'un financeur accorde à un organisme, et ce qu'il lui a déjà accordé sur l'exercice.

    `en_argent` et `en_nature` : ce que l'acte porterait. `deja` : le reste de l'exercice, argent et
    nature, voté ici ou noté ailleurs. `modifie` : la convention signée qui porte déjà ces demandes ; un
    avenant la change. Une lettre ou un arrêté n'en a pas : un autre acte s'y ajoute, et nomme le premier.
    """

    financeur: str
    titulaire: str
    nature_du_financeur: str
    nature_du_titulaire: str
    forme_du_titulaire: str
    exercice: int
    en_argent: Decimal
    forme_du_financeur: str = ""
    en_nature: Decimal = Decimal(0)
    deja: Decimal = Decimal(0)
    actes_anterieurs: Sequence[str] = ()
    modifie: str = ""
    exercices: int = 1
    pluriannuelle: str = ""
    acte_ordinaire: str = ""
    est_un_refus: bool = False

    @property
    def cumul(self) -> Decimal:
        """Rend ce que l'organisme reçoit de cette autorité sur l'exercice, tout compris."""
        return self.en_argent + self.en_nature + self.deja


@dataclass(frozen=True)
class Choix:
    """L'acte qui convient, ceux que l'on peut lui préférer, et pourquoi, en phrases."""

    sorte: SorteDActe
    permises: tuple[SorteDActe, ...]
    raisons: tuple[str, ...]
    est_exige: bool = False
    est_a_verifier: bool = False


def choisir_l_acte(situation: Situation) -> Choix:
    """Rend l'acte qui convient à une situation, et ce qui l'explique, calcul compris."""
    if situation.est_un_refus:
        return Choix(
            SorteDActe.REFUS,
            (SorteDActe.REFUS,),
            ("Rien n’est accordé : une lettre le dit, avec les voies et délais de recours.",),
        )
    if situation.modifie:
        return Choix(
            SorteDActe.AVENANT,
            (SorteDActe.AVENANT,),
            (
                f"La convention n° {situation.modifie} est signée et porte déjà cette demande : "
                "un avenant la change.",
            ),
        )
    return _selon_le_seuil(situation)


def _selon_le_seuil(situation: Situation) -> Choix:
    seuil = seuil_de_convention(date(situation.exercice, 1, 1))
    convention = SorteDActe.PLURIANNUELLE if situation.exercices > 1 else SorteDActe.CONVENTION
    calcul = _calcul(situation, seuil)
    prive = est_de_droit_prive(situation.nature_du_titulaire, situation.forme_du_titulaire)
    tenu = est_tenu_a_une_convention(situation.nature_du_financeur, situation.forme_du_financeur)
    if tenu is False:
        raison = f"{situation.financeur} n’est pas une administration : la loi n’impose aucun acte."
        return _libre(situation, (raison,))
    if prive is False:
        raison = (
            f"{situation.titulaire} est de droit public : la loi n’impose pas de convention, "
            "quel que soit le montant."
        )
        return _libre(situation, (raison,))
    if situation.pluriannuelle:
        raison = (
            f"La convention pluriannuelle n° {situation.pluriannuelle} couvre cet exercice : un acte "
            "simple en fixe le montant."
        )
        return _libre(replace(situation, exercices=1), (calcul, raison))
    if situation.cumul <= seuil:
        return _libre(situation, (calcul, "Le seuil n’est pas dépassé : aucune convention exigée."))
    raisons = [calcul, f"Le seuil est dépassé : une convention est exigée ({REFERENCE_DU_SEUIL})."]
    if situation.actes_anterieurs:
        raisons.append(
            f"Elle nomme ce qui a déjà été accordé : {', '.join(situation.actes_anterieurs)}."
        )
    if prive is None or tenu is None:
        raisons.append(_a_verifier(situation, prive is None))
        permises = (*_les_conventions(situation), SorteDActe.NOTIFICATION, SorteDActe.ARRETE)
        return Choix(convention, permises, tuple(raisons), est_a_verifier=True)
    return Choix(convention, _les_conventions(situation), tuple(raisons), est_exige=True)


def est_tenu_a_une_convention(nature: str, forme: str = "") -> bool | None:
    """Dit si la loi oblige ce financeur à conclure une convention ; rien d'un bailleur de forme inconnue."""
    if nature in ADMINISTRATIONS:
        return True
    if nature == Nature.BAILLEUR:
        # Un office public de l'habitat est un établissement public ; une société ne l'est pas.
        prive = est_de_droit_prive(nature, forme)
        return None if prive is None else not prive
    return False


def _a_verifier(situation: Situation, est_le_titulaire: bool) -> str:
    if est_le_titulaire:
        return (
            f"On ne sait pas si {situation.titulaire} est de droit privé : vérifiez sa forme "
            "juridique. De droit public, un autre acte suffirait."
        )
    return (
        f"On ne sait pas si {situation.financeur} est de droit public : vérifiez sa forme juridique. "
        "De droit privé, un autre acte suffirait."
    )


def _libre(situation: Situation, raisons: tuple[str, ...]) -> Choix:
    """Rend l'acte ordinaire du financeur ; plusieurs années accordées se disent par une convention."""
    if situation.exercices > 1:
        sorte = SorteDActe.PLURIANNUELLE
        raisons = (*raisons, f"Le projet court sur {situation.exercices} exercices.")
    elif situation.acte_ordinaire:
        sorte = SorteDActe(situation.acte_ordinaire)
        raisons = (*raisons, "C’est l’acte ordinaire de votre service.")
    elif situation.nature_du_financeur == Nature.ETAT:
        sorte = SorteDActe.ARRETE
        raisons = (*raisons, "L’État attribue d’ordinaire par arrêté.")
    else:
        sorte = SorteDActe.NOTIFICATION
    permises = (*ORDINAIRES, SorteDActe.PLURIANNUELLE) if situation.exercices > 1 else ORDINAIRES
    return Choix(sorte, (sorte, *(autre for autre in permises if autre != sorte)), raisons)


def _les_conventions(situation: Situation) -> tuple[SorteDActe, ...]:
    if situation.exercices > 1:
        return (SorteDActe.PLURIANNUELLE, SorteDActe.CONVENTION)
    return (SorteDActe.CONVENTION,)


def _calcul(situation: Situation, seuil: Decimal) -> str:
    """Rend le compte en deux phrases : « 20 000 € par cet acte, 4 000 € en nature »."""
    parts = [f"{_euros(situation.en_argent)} par cet acte"]
    if situation.en_nature:
        parts.append(f"{_euros(situation.en_nature)} en nature")
    if situation.deja:
        parts.append(f"{_euros(situation.deja)} par ailleurs")
    total = f", soit {_euros(situation.cumul)}" if len(parts) > 1 else ""
    return (
        f"De {situation.financeur} à {situation.titulaire}, en {situation.exercice} : "
        f"{', '.join(parts)}{total}. Le seuil est de {_euros(seuil)}."
    )


def convention_exigee(
    *,
    nature_du_financeur: str,
    nature_du_titulaire: str,
    forme_du_titulaire: str,
    exercice: int,
    cumul: Decimal,
    forme_du_financeur: str = "",
) -> bool:
    """Dit si la loi exige une convention pour ce cumul ; non quand on ignore de quel droit il relève."""
    return (
        est_tenu_a_une_convention(nature_du_financeur, forme_du_financeur) is True
        and est_de_droit_prive(nature_du_titulaire, forme_du_titulaire) is True
        and cumul > seuil_de_convention(date(exercice, 1, 1))
    )


def motifs_empechant_la_sorte(choix: Choix, sorte: str) -> list[str]:
    """Rend pourquoi un autre acte que celui du calcul ne se prend pas : jamais moins que la loi n'exige."""
    if sorte in choix.permises:
        return []
    if choix.est_exige:
        return [f"Cet acte ne suffit pas. {' '.join(choix.raisons)}"]
    return ["Cet acte ne convient pas à ce qui est décidé."]


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
