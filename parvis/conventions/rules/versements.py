"""Ce qui se verse sur un acte, quand, et tout ce qui l'empêche."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from parvis.conventions.enums import SorteDEcheance
from parvis.conventions.rules.echeancier import A_LA_NOTIFICATION, AU_BILAN, JOURS_POUR_PAYER
from parvis.socle.montants import ecrire_montant

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Du:
    """Une échéance et ce qui en est déjà versé."""

    rang: int
    sorte: str
    montant: Decimal
    verse: Decimal = ZERO
    # Ce qu'elle attend encore pour se verser : vide, elle n'attend rien.
    attend: str = ""

    @property
    def reste(self) -> Decimal:
        return self.montant - self.verse


@dataclass(frozen=True)
class SituationDeLActe:
    """Ce que l'on sait d'un acte au moment de payer."""

    notifie_le: date | None
    est_retire: bool
    # Le projet de chaque condition qui n'est pas levée, et ce qu'elle demande.
    conditions: Sequence[tuple[str, str]]
    echeances: Sequence[Du]
    # Ce que l'acte engage encore en argent, et ce qui n'en est pas versé.
    reste: Decimal
    a_un_compte: bool
    compte_change_le: date | None = None
    # Les comptes rendus qui manquent et arrêtent les paiements, tels que l'appel le règle, depuis quand.
    bilans: Sequence[tuple[date, str]] = ()
    # Ce que les bilans acceptés laissent dû de ce reste ; rien si aucun n'en retire.
    laisse_du: Decimal | None = None
    # Le financeur a dit qu'il ne verserait pas le reste.
    est_clos: bool = False

    def a_verser(self) -> dict[int, Decimal]:
        """Rend ce qu'il y a à verser de chaque échéance, par rang : les premières prennent ce qui est dû."""
        du, rendu = self.laisse_du, {}
        for echeance in self.echeances:
            rendu[echeance.rang] = echeance.reste if du is None else min(echeance.reste, du)
            du = None if du is None else du - rendu[echeance.rang]
        return rendu


@dataclass(frozen=True)
class Paiement:
    """Ce que l'on veut noter : sur quelle échéance, combien, quel jour, dans quel ordre."""

    rang: int | None
    montant: Decimal
    verse_le: date | None
    hors_de_l_ordre: bool = False
    attente_confirmee: bool = False
    au_dela_du_bilan: bool = False
    numeros_pris: frozenset[str] = field(default_factory=frozenset)
    numero_d_ordre: str = ""


def payer_avant(
    *,
    prevue_le: date | None,
    condition: str,
    notifie_le: date | None,
    bilan_accepte_le: date | None = None,
) -> date | None:
    """Rend le dernier jour pour payer ; rien tant que ce qu'une échéance attend n'a pas de date.

    Sauf si l'acte en dispose autrement : soixante jours (loi n° 2000-321, article 10), après la
    notification, ou l'acceptation du compte rendu si l'échéance l'attend.
    """
    if prevue_le is not None:
        return prevue_le
    depuis = {A_LA_NOTIFICATION: notifie_le, AU_BILAN: bilan_accepte_le}.get(condition)
    if notifie_le is None or depuis is None:
        return None
    return depuis + timedelta(days=JOURS_POUR_PAYER)


def motifs_empechant_de_payer(
    situation: SituationDeLActe, paiement: Paiement, *, jour: date
) -> list[str]:
    """Rend tout ce qui empêche de noter ce paiement, d'un coup."""
    motifs = _motifs_de_l_acte(situation)
    # Ce qui était versé avant qu'un bilan manque se note encore.
    motifs += [
        dit
        for attendu_le, dit in situation.bilans
        if paiement.verse_le is None or attendu_le < paiement.verse_le
    ]
    motifs += _motifs_de_la_date(paiement.verse_le, situation.notifie_le, jour)
    motifs += _motifs_du_compte(situation, paiement.verse_le)
    if paiement.numero_d_ordre and paiement.numero_d_ordre in paiement.numeros_pris:
        motifs.append(f"Le numéro d’ordre {paiement.numero_d_ordre} a déjà été payé.")
    return motifs + _motifs_du_montant(situation, paiement)


def _motifs_de_l_acte(situation: SituationDeLActe) -> list[str]:
    motifs = []
    if situation.notifie_le is None:
        motifs.append("Cet acte n’est pas notifié : rien ne se verse avant.")
    if situation.est_clos:
        motifs.append(
            "Le reste de cet acte ne se verse pas, avez-vous décidé : rien de plus ne s’y note."
        )
    elif situation.est_retire:
        motifs.append("Cette subvention est retirée : rien de plus ne se verse sur cet acte.")
    motifs += [
        f"« {projet} » attend qu’une condition soit levée : « {condition} »."
        for projet, condition in situation.conditions
    ]
    return motifs


def _motifs_de_la_date(verse_le: date | None, notifie_le: date | None, jour: date) -> list[str]:
    if verse_le is None:
        return ["Écrivez le jour du versement."]
    if verse_le > jour:
        return ["Un versement à venir ne se note pas."]
    if notifie_le is not None and verse_le < notifie_le:
        return ["Le versement serait d’avant la notification. Relisez sa date."]
    return []


def _motifs_du_compte(situation: SituationDeLActe, verse_le: date | None) -> list[str]:
    change_le = situation.compte_change_le
    # Ce qui était versé avant le changement est allé à l'ancien compte : il se note encore.
    if change_le is not None and (verse_le is None or verse_le >= change_le):
        return [
            "L’organisme a changé de compte bancaire, et une seconde personne ne l’a pas confirmé : "
            "rien ne se verse avant."
        ]
    if not situation.a_un_compte:
        return ["L’organisme n’a pas donné de compte bancaire : demandez-le-lui avant de verser."]
    return []


def _motifs_du_montant(situation: SituationDeLActe, paiement: Paiement) -> list[str]:
    visee = next((e for e in situation.echeances if e.rang == paiement.rang), None)
    if visee is None and situation.echeances:
        return ["Dites quelle échéance est versée."]
    if visee is not None and visee.reste <= 0:
        return [f"{nommer(visee)} est déjà versé."]
    if paiement.montant <= 0:
        return ["Un versement est d’un montant positif."]
    reste = min(situation.reste, visee.reste) if visee is not None else situation.reste
    motifs = []
    if paiement.montant > reste:
        motifs.append(
            f"{_euros(paiement.montant)} dépassent ce qui reste à verser : {_euros(reste)}."
        )
    elif depasse_le_bilan(situation, paiement.montant) and not paiement.au_dela_du_bilan:
        motifs.append(
            f"{dire_le_du(situation.laisse_du)} {_euros(paiement.montant)} iraient au-delà : cela se note "
            "sur la page de l’acte, en confirmant."
        )
    avant = [e for e in situation.echeances if visee and e.rang < visee.rang and e.reste > 0]
    if avant and not paiement.hors_de_l_ordre:
        motifs.append(
            f"{nommer(avant[0])} n’est pas versé. Versez-le d’abord, ou confirmez que vous payez hors de "
            "l’ordre."
        )
    if visee is not None and visee.attend and not paiement.attente_confirmee:
        motifs.append(
            f"{nommer(visee)} se verse après {visee.attend} : notez-le sur la page de l’acte, en confirmant "
            "que c’est fait."
        )
    return motifs


def depasse_le_bilan(situation: SituationDeLActe, montant: Decimal) -> bool:
    """Dit si ce montant va au-delà de ce que les bilans acceptés laissent dû."""
    return situation.laisse_du is not None and montant > situation.laisse_du


def dire_le_du(laisse_du: Decimal | None) -> str:
    """Rend ce que les bilans acceptés laissent à verser, en une phrase ; vide s'ils n'en retirent rien."""
    if laisse_du is None:
        return ""
    reste = f"il reste {_euros(laisse_du)}" if laisse_du else "il ne reste rien"
    return f"D’après le bilan accepté, {reste} à verser."


def nommer(echeance: Du) -> str:
    """Rend une échéance en tête de phrase : « Le solde de 600 € »."""
    nom = {
        SorteDEcheance.UNIQUE: "Le versement unique",
        SorteDEcheance.ACOMPTE: "L’acompte",
        SorteDEcheance.SOLDE: "Le solde",
    }[SorteDEcheance(echeance.sorte)]
    return f"{nom} de {_euros(echeance.montant)}"


def motifs_empechant_d_annuler(
    *,
    est_annule: bool,
    motif: str,
    est_retire: bool,
    est_clos: bool = False,
    verse: Decimal,
    rendu: Decimal,
    part: Decimal,
) -> list[str]:
    """Rend pourquoi un versement ne s'annule pas.

    `verse` et `rendu` : ce que l'acte a versé, et ce qui en est rendu ou redemandé ; `part` : ce versement.
    """
    if est_annule:
        return ["Ce versement est déjà annulé."]
    motifs = [] if motif.strip() else ["Dites pourquoi ce versement est annulé."]
    if est_clos:
        motifs.append(
            "Vous avez décidé de ne pas verser le reste de cet acte : ce versement ne s’annule plus."
        )
    elif est_retire:
        motifs.append("Un retrait s’appuie sur ce versement : il ne s’annule plus.")
    elif rendu > verse - part:
        motifs.append(
            f"{_euros(rendu)} sont rendus ou redemandés sur cet acte : abandonnez d’abord le reversement."
        )
    return motifs


def motifs_empechant_de_lever(
    *,
    condition: str,
    est_levee: bool,
    levee_le: date | None,
    prise_le: date,
    justification: str,
    jour: date,
) -> list[str]:
    """Rend pourquoi une condition ne se lève pas : sans objet, déjà levée, sans date ou sans raison."""
    if not condition:
        return ["Cette réponse ne pose aucune condition."]
    if est_levee:
        return ["Cette condition est déjà levée."]
    motifs = [] if justification.strip() else ["Dites ce qui montre que la condition est remplie."]
    if levee_le is None:
        motifs.append("Écrivez le jour où la condition est levée.")
    elif levee_le > jour:
        motifs.append("Une condition ne se lève pas à l’avance.")
    elif levee_le < prise_le:
        motifs.append("La condition serait levée avant la décision. Relisez sa date.")
    return motifs


def motifs_empechant_d_annuler_la_levee(
    *, est_levee: bool, motif: str, verse: Decimal
) -> list[str]:
    """Rend pourquoi une condition ne se remet pas : pas levée, sans raison, ou de l'argent est parti."""
    if not est_levee:
        return ["Cette condition n’est pas levée : il n’y a rien à annuler."]
    motifs = [] if motif.strip() else ["Dites pourquoi cette condition est à lever de nouveau."]
    if verse:
        motifs.append(
            f"{_euros(verse)} sont versés sur cet acte depuis que la condition est levée : annulez "
            "d’abord ce versement."
        )
    return motifs


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
