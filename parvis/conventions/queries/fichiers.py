"""Relire un fichier de paiement : ce qu'il ajoute, ce qui est déjà connu, ce qui ne peut pas s'écrire."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import EtatDActe
from parvis.conventions.models import Acte, ColonnesDePaiement, Versement
from parvis.conventions.permissions import prend_des_actes
from parvis.conventions.queries.actes import actes
from parvis.conventions.queries.paiements import Paiements, paiements_de
from parvis.conventions.rules.fichiers import (
    Candidat,
    DateIllisible,
    ajouter,
    chiffres,
    choisir,
    designe,
    lire_une_date,
)
from parvis.conventions.rules.versements import (
    Du,
    Paiement,
    SituationDeLActe,
    motifs_empechant_de_payer,
    nommer,
)
from parvis.organismes.queries import membres_a_lire
from parvis.socle.montants import MontantIllisible, ecrire_montant, lire_montant
from parvis.socle.refus import Refus
from parvis.socle.tableur import Tableau
from parvis.socle.templatetags.socle import jour as en_clair

ZERO = Decimal("0.00")
LIGNES_AU_PLUS = 2_000
# Écrits d’un coup : le verrou de la base ne se garde que quelques secondes.
PAIEMENTS_AU_PLUS = 300
# Les colonnes de notre export, à remplir et à rendre.
D_ICI = {
    "numero_d_ordre": "Numéro d’ordre",
    "acte": "Acte",
    "montant": "Montant",
    "verse_le": "Payé le",
    "echeance": "Échéance",
}


@dataclass(frozen=True)
class LigneDePaiement:
    """Une ligne du fichier qui s'écrirait : où elle est, pour quel acte, combien, quand."""

    ou: str
    acte: int
    nom: str
    titulaire: str
    echeance: int | None
    # L'échéance, en clair ; vide si l'acte n'en prévoit aucune.
    quoi: str
    montant: Decimal
    verse_le: date
    numero_d_ordre: str


@dataclass
class RelectureDePaiements:
    """Ce que le fichier ajoute, ce que l'on sait déjà, ce qui est refusé, et les lignes sans paiement."""

    nouvelles: list[LigneDePaiement] = field(default_factory=list)
    connues: list[str] = field(default_factory=list)
    motifs: list[str] = field(default_factory=list)
    sans_paiement: int = 0

    @property
    def total(self) -> Decimal:
        return sum((une.montant for une in self.nouvelles), ZERO)


def colonnes_de(acteur: Acteur) -> dict[str, str]:
    """Rend où le service lit chaque chose : ce qu'il a choisi, ou les colonnes de notre export."""
    if not prend_des_actes(acteur) or acteur.organisme is None:
        return {}
    gardees = ColonnesDePaiement.objects.filter(
        financeur__in=membres_a_lire(acteur.organisme)
    ).first()
    return {champ: getattr(gardees, champ) if gardees else nom for champ, nom in D_ICI.items()}


def relire_les_paiements(
    acteur: Acteur, contrat: Contrat, lu: Tableau, colonnes: dict[str, str]
) -> RelectureDePaiements:
    """Compare chaque ligne à ce qui est dû et déjà versé ; rien ne s'écrit, un seul motif arrête tout.

    Lève Refus s'il manque une colonne ou s'il y a trop de lignes.
    """
    titres = [" ".join(titre.split()) for titre in lu.colonnes]
    # L'échéance est la seule chose qu'un fichier peut taire : la nôtre se lit quand elle y est.
    colonnes = {
        champ: nom
        for champ, nom in colonnes.items()
        if champ != "echeance" or nom in titres or nom not in ("", D_ICI["echeance"])
    }
    manquent = [nom for nom in colonnes.values() if nom not in titres]
    if manquent:
        raise Refus([f"Il manque au fichier : {', '.join(f'« {nom} »' for nom in manquent)}."])
    if len(lu.lignes) > LIGNES_AU_PLUS:
        raise Refus([f"Ce fichier a plus de {LIGNES_AU_PLUS} lignes : coupez-le."])
    rangs = {champ: titres.index(nom) for champ, nom in colonnes.items()}
    relecteur = _Relecteur(acteur, contrat)
    for numero, cellules in enumerate(lu.lignes, lu.premiere_ligne):
        dites = {champ: cellules[rang].strip() for champ, rang in rangs.items()}
        relecteur.lire(numero, dites)
    nouvelles = len(relecteur.rendue.nouvelles)
    if nouvelles > PAIEMENTS_AU_PLUS:
        relecteur.rendue.motifs.append(
            f"Le fichier note {nouvelles} versements : reprenez-en {PAIEMENTS_AU_PLUS} au plus à la fois."
        )
    return relecteur.rendue


class _Relecteur:
    """Ce que l'on sait en lisant le fichier : l'argent de chaque acte, les lignes d'avant comprises."""

    def __init__(self, acteur: Acteur, contrat: Contrat) -> None:
        notifies = Q(etat=EtatDActe.NOTIFIE, montant__gt=0)
        # Ceux que l'acteur lit, contrat par contrat ; un Siret, lui, vaut pour tous ceux du service.
        self.contrats = dict(
            actes(acteur, None).filter(notifies).values_list("pk", "contrat__titre")
        )
        self.ici = set(actes(acteur, contrat).filter(notifies).values_list("pk", flat=True))
        siens = Acte.objects.none()
        if self.ici and acteur.organisme is not None:
            siens = Acte.objects.filter(notifies, financeur__in=membres_a_lire(acteur.organisme))
        self.lus = paiements_de(siens.select_related("titulaire__fusionne_dans"))
        self.situations: dict[int, SituationDeLActe] = {
            pk: lu.situation() for pk, lu in self.lus.items()
        }
        self.par_nom = _par_nom(self.lus, self.ici)
        self.connus = _connus(self.lus)
        self.jour = timezone.localdate()
        self.rendue = RelectureDePaiements()

    def lire(self, numero: int, dites: dict[str, str]) -> None:
        """Range une ligne : nouvelle, connue, refusée, ou sans paiement."""
        # Une échéance emportée et pas encore payée : ni numéro, ni date.
        if not dites["numero_d_ordre"] and not dites["verse_le"]:
            self.rendue.sans_paiement += 1
            return
        ou = f"Ligne {numero}, {dites['acte'] or 'sans acte'}"
        try:
            ligne = self._lire(ou, dites)
        except (Refus, MontantIllisible, DateIllisible) as faute:
            motifs = faute.motifs if isinstance(faute, Refus) else [str(faute)]
            self.rendue.motifs += [f"{ou} : {motif}" for motif in motifs]
            return
        if ligne is None:
            self.rendue.connues.append(ou)
        else:
            self.rendue.nouvelles.append(ligne)

    def _lire(self, ou: str, dites: dict[str, str]) -> LigneDePaiement | None:
        numero = " ".join(dites["numero_d_ordre"].split())
        if not numero:
            raise Refus(["le numéro d’ordre manque : c’est lui qui empêche de payer deux fois."])
        if len(numero) > 40:
            raise Refus(["le numéro d’ordre dépasse quarante signes."])
        montant, verse_le = lire_montant(dites["montant"]), lire_une_date(dites["verse_le"])
        deja = self.connus.get((verse_le.year, numero))
        trouves = self._actes(dites["acte"])
        # Déjà noté : c'est le même acte, s'il est de ceux-là.
        if deja is not None:
            if deja[0] in trouves and deja[1:] == (montant, verse_le):
                return None
            raise Refus([f"le numéro {numero} est déjà noté, pour un autre acte, montant ou jour."])
        choisi = self._choisir(trouves, dites.get("echeance", ""), montant)
        pk, rang = choisi.acte, choisi.due.rang if choisi.due else None
        self._verifier_a_la_main(pk, montant)
        motifs = motifs_empechant_de_payer(
            self.situations[pk], Paiement(rang, montant, verse_le), jour=self.jour
        )
        if motifs:
            raise Refus(motifs)
        return self._retenir(ou, choisi, montant, verse_le, numero)

    def _verifier_a_la_main(self, pk: int, montant: Decimal) -> None:
        """Lève Refus si l'acte a déjà ce montant, noté à la main sans numéro : il compterait deux fois.

        Le jour ne les départage pas : à la main, on écrit souvent celui de l'ordre ou du relevé.
        """
        deja = next(
            (un for un in self.lus[pk].valables if not un.numero_d_ordre and un.montant == montant),
            None,
        )
        if deja is not None:
            raise Refus(
                [
                    f"{ecrire_montant(montant, court=True)} sont déjà notés sur cet acte, sans numéro "
                    f"d’ordre, le {en_clair(deja.verse_le)}. Si c’est ce versement, annulez-le pour le "
                    "reprendre d’ici, ou retirez la ligne ; si c’en est un autre, notez-le à la main."
                ]
            )

    def _retenir(
        self, ou: str, choisi: Candidat, montant: Decimal, verse_le: date, numero: str
    ) -> LigneDePaiement:
        pk, rang = choisi.acte, choisi.due.rang if choisi.due else None
        situation, lu = self.situations[pk], self.lus[pk]
        self.situations[pk] = replace(
            situation,
            echeances=ajouter(situation.echeances, rang, montant),
            reste=situation.reste - montant,
            laisse_du=None if situation.laisse_du is None else situation.laisse_du - montant,
        )
        self.connus[verse_le.year, numero] = (pk, montant, verse_le)
        visee = next((e.echeance for e in lu.echeances if e.echeance.rang == rang), None)
        return LigneDePaiement(
            ou,
            pk,
            lu.acte.numero,
            lu.acte.titulaire.retenu.nom,
            visee.pk if visee else None,
            visee.nom if visee else "",
            montant,
            verse_le,
            numero,
        )

    def _actes(self, nom: str) -> list[int]:
        """Rend les actes que nomme une ligne, par leur numéro, un dossier ou un Siret ; lève Refus."""
        siret = chiffres(nom)
        trouves = self.par_nom.get(nom, []) or (
            self.par_nom.get(siret, []) if len(siret) == 14 else []
        )
        if not self.ici.intersection(trouves):
            raise Refus(
                [f"« {nom} » n’est ni un acte notifié, ni un dossier, ni un Siret connus ici."]
            )
        return trouves

    def _choisir(self, trouves: list[int], dite: str, montant: Decimal) -> Candidat:
        """Rend la seule échéance de ces actes qu'une ligne peut payer ; lève Refus, et les nomme, sinon."""
        ouverts = [pk for pk in trouves if not self.situations[pk].est_retire] or trouves
        nommees = [
            (pk, due)
            for pk in ouverts
            for due in self.situations[pk].echeances or (None,)
            if (designe(dite, due) if due else not dite)
        ]
        if not nommees:
            raise Refus([f"aucune échéance « {dite} » : relisez la colonne."])
        candidats: list[Candidat] = []
        for pk, due in nommees:
            situation = self.situations[pk]
            reste = due.reste if due else situation.reste
            if reste > 0:
                du = situation.a_verser()[due.rang] if due else situation.laisse_du
                est_prochaine = all(un.acte != pk for un in candidats)
                candidats.append(Candidat(pk, due, du or reste, est_prochaine))
        choisis = choisir(candidats, montant)
        if not choisis:
            de_trop = ecrire_montant(montant, court=True)
            raise Refus([f"tout est déjà versé : {de_trop} sont de trop."])
        if len(choisis) > 1:
            noms = " ; ".join(dict.fromkeys(self._nommer(un) for un in choisis))
            raise Refus(
                [
                    f"plusieurs échéances conviennent ({noms}) : écrivez le numéro de l’acte et l’échéance."
                ]
            )
        (choisi,) = choisis
        if choisi.acte not in self.ici:
            raise Refus([f"cette ligne paierait {self._nommer(choisi)} : elle se note là-bas."])
        if not choisi.est_prochaine:
            avant = next(un for un in candidats if un.acte == choisi.acte)
            assert avant.due is not None and choisi.due is not None
            raise Refus(
                [
                    f"{nommer(choisi.due)} est de ce montant, mais {_en_suite(avant.due)} n’est pas "
                    "versé : dites l’échéance dans sa colonne."
                ]
            )
        return choisi

    def _nommer(self, un: Candidat) -> str:
        """Rend l'échéance et son acte ; ni l'un ni l'autre si l'acteur ne le lit pas."""
        if un.acte not in self.contrats:
            return "un acte que vous ne lisez pas"
        ou = "" if un.acte in self.ici else f" du contrat « {self.contrats[un.acte]} »"
        quoi = f"{_en_suite(un.due)} de " if un.due else ""
        return f"{quoi}l’acte {self.lus[un.acte].acte.numero}{ou}"


def _en_suite(due: Du) -> str:
    """Rend une échéance au milieu d'une phrase : « le solde de 600 € »."""
    nom = nommer(due)
    return nom[:1].lower() + nom[1:]


def _par_nom(lus: dict[int, Paiements], ici: set[int]) -> dict[str, list[int]]:
    """Rend les actes que chaque nom désigne : un numéro d'acte de ce contrat, un dossier, un Siret."""
    noms: dict[str, list[int]] = defaultdict(list)
    for pk, lu in lus.items():
        dits = {lu.acte.titulaire.retenu.siret}
        dits |= {un.ligne.demande.dossier.reference for un in lu.lignes}
        for nom in dits - {""}:
            noms[nom].append(pk)
    # Du millième acte, « 2026-1042 » s'écrit comme un dossier : le numéro de l'acte l'emporte.
    numeros: dict[str, list[int]] = defaultdict(list)
    for pk in ici & lus.keys():
        numeros[lus[pk].acte.numero].append(pk)
    return noms | numeros


def _connus(lus: dict[int, Paiements]) -> dict[tuple[int, str], tuple[int, Decimal, date]]:
    """Rend ce que dit chaque numéro d'ordre déjà noté par ces financeurs, tous contrats compris."""
    financeurs = {lu.acte.financeur_id for lu in lus.values()}
    faits = Versement.objects.filter(financeur__in=financeurs, annule_le__isnull=True)
    return {
        (un.exercice, un.numero_d_ordre): (un.acte_id, un.montant, un.verse_le)
        for un in faits.exclude(numero_d_ordre="")
    }
