"""Ce que l'export d'un portail changerait aux demandes d'un contrat, ligne à ligne."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.importation import ExportLu
from parvis.dossiers.models import CorrespondanceDImport, Demande
from parvis.dossiers.permissions import peut_reprendre_un_export
from parvis.dossiers.rules import exports as loi
from parvis.dossiers.rules.exports import LigneDExport, LigneIllisible, Reponse
from parvis.dossiers.rules.portails import DAUPHIN, racine_du_numero
from parvis.socle.auteur import Auteur
from parvis.socle.montants import ecrire_montant


@dataclass(frozen=True)
class Reprise:
    """Ce qu'une ligne de l'export change à une demande : avant, après, et ce qu'il faut en savoir."""

    demande: Demande
    ligne: LigneDExport
    vers: Reponse
    avant: str
    apres: str
    precision: str = ""

    @property
    def a_une_decision(self) -> bool:
        """Dit si l'état ou le montant voté changent : le porteur l'apprend."""
        avant = (self.demande.etat, self.demande.montant_vote)
        return avant != (self.vers.etat, self.vers.vote)


@dataclass(frozen=True)
class Laissee:
    """Une ligne qui n'est pas reprise, et pourquoi."""

    ligne: int
    numero: str
    motifs: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Tout ce qu'un export changerait, et tout ce qu'il ne changerait pas."""

    reprises: list[Reprise] = field(default_factory=list)
    # L'export contredit ce qu'une personne a noté : rien ne s'efface sans qu'on le dise.
    a_confirmer: list[Reprise] = field(default_factory=list)
    laissees: list[Laissee] = field(default_factory=list)
    sans_correspondance: list[LigneDExport] = field(default_factory=list)
    # Des demandes qui portent un numéro de ce portail, et que l'export ne dit pas.
    absentes: list[Demande] = field(default_factory=list)
    identiques: int = 0
    hors_exercice: int = 0

    @property
    def empreinte(self) -> str:
        """Rend l'empreinte de ce qui change : on n'applique que ce qui a été relu."""
        dits = [
            f"{r.demande.pk} {r.avant} → {r.apres}" for r in [*self.reprises, *self.a_confirmer]
        ]
        return hashlib.sha256("\n".join(dits).encode()).hexdigest()[:32]


def demandes_a_retrouver(par: Auteur, contrat: Contrat) -> QuerySet[Demande]:
    """Rend les demandes déposées d'un contrat que le portail de l'État connaît par un numéro.

    Lève Contrat.DoesNotExist à qui ne conduit pas ce contrat ; une commande en tient lieu.
    """
    if isinstance(par, Acteur) and not peut_reprendre_un_export(par, contrat.code):
        raise Contrat.DoesNotExist
    return (
        Demande.objects.filter(
            dossier__appel__contrat=contrat,
            guichet=Guichet.AILLEURS,
            financeur__nature__in=DAUPHIN.natures,
        )
        .exclude(dossier__etat=EtatDeDossier.BROUILLON)
        .exclude(etat=EtatDeDemande.PREPAREE)
        .exclude(numero_externe="")
        .select_related("financeur", "dossier__projet__porteur", "dossier__appel__contrat")
        .order_by("pk")
    )


def correspondance(par: Auteur, contrat: Contrat) -> dict[str, str]:
    """Rend la colonne de chaque fait, gardée au dernier import de ce contrat ; vide au premier.

    Lève Contrat.DoesNotExist comme `demandes_a_retrouver`.
    """
    if isinstance(par, Acteur) and not peut_reprendre_un_export(par, contrat.code):
        raise Contrat.DoesNotExist
    gardee = CorrespondanceDImport.objects.filter(contrat=contrat, portail=DAUPHIN.code).first()
    return dict(gardee.colonnes) if gardee else {}


def comparer_a_l_export(
    par: Auteur, contrat: Contrat, lu: ExportLu, *, exercice: int | None, jour: date
) -> Difference:
    """Rend ce que l'export changerait, en une requête ; lève Contrat.DoesNotExist."""
    return comparer(demandes_a_retrouver(par, contrat), lu, exercice=exercice, jour=jour)


def comparer(
    demandes: Iterable[Demande], lu: ExportLu, *, exercice: int | None, jour: date
) -> Difference:
    """Rend ce que l'export changerait à ces demandes ; `exercice` n'en garde qu'un, s'il est donné."""
    par_racine: dict[str, list[Demande]] = {}
    for demande in demandes:
        if exercice in (None, demande.exercice):
            par_racine.setdefault(racine_du_numero(demande.numero_externe), []).append(demande)
    par_racine.pop("", None)
    difference = Difference()
    lignes, illisibles = _lignes(lu)
    uniques, doublons = loi.ecarter_les_doublons(lignes)
    for illisible in [*illisibles, *doublons]:
        difference.laissees.append(Laissee(illisible.ligne, illisible.numero, illisible.motifs))
    dites = {racine_du_numero(laissee.numero) for laissee in difference.laissees}
    identiques = hors = 0
    for ligne in uniques:
        if exercice is not None and ligne.exercice not in (None, exercice):
            hors += 1
            continue
        dites.add(ligne.racine)
        identiques += _ranger(ligne, par_racine.get(ligne.racine, []), difference, jour)
    absentes = [d for racine, siennes in par_racine.items() if racine not in dites for d in siennes]
    difference.laissees.sort(key=lambda laissee: laissee.ligne)
    return Difference(
        difference.reprises,
        difference.a_confirmer,
        difference.laissees,
        difference.sans_correspondance,
        absentes,
        identiques,
        hors,
    )


def _lignes(lu: ExportLu) -> tuple[list[LigneDExport], list[LigneIllisible]]:
    lues = [loi.lire_la_ligne(brute) for brute in lu.lignes]
    return (
        [ligne for ligne in lues if isinstance(ligne, LigneDExport)],
        [ligne for ligne in lues if isinstance(ligne, LigneIllisible)],
    )


def _ranger(ligne: LigneDExport, connues: list[Demande], difference: Difference, jour: date) -> int:
    """Range ce que dit une ligne de ses demandes ; rend combien ne changent pas."""
    if not connues:
        difference.sans_correspondance.append(ligne)
        return 0
    siennes = [d for d in connues if ligne.exercice in (None, d.exercice)]
    if not siennes:
        annees = ", ".join(sorted({str(d.exercice) for d in connues}))
        motif = f"l’export dit {ligne.exercice}, et la demande est pour {annees}."
        difference.laissees.append(Laissee(ligne.ligne, ligne.numero, (motif,)))
        return 0
    if len(siennes) > 1 and ligne.etat == EtatDeDemande.ACCORDEE:
        motif = (
            f"{len(siennes)} demandes portent ce numéro : répartissez le montant voté entre elles, "
            "à la main."
        )
        difference.laissees.append(Laissee(ligne.ligne, ligne.numero, (motif,)))
        return 0
    return sum(_comparer_une(ligne, demande, difference, jour) for demande in siennes)


def _comparer_une(
    ligne: LigneDExport, demande: Demande, difference: Difference, jour: date
) -> bool:
    suivie = _suivie(demande)
    vers = loi.ce_que_devient(suivie, ligne, jour)
    if not loi.change(suivie, vers):
        return True
    motifs = loi.motifs_empechant_la_reprise(suivie, vers, jour)
    if motifs:
        difference.laissees.append(Laissee(ligne.ligne, ligne.numero, tuple(motifs)))
        return False
    reprise = Reprise(
        demande,
        ligne,
        vers,
        loi.dire_la_reponse(suivie.etat, suivie.vote, suivie.vote_le, suivie.statut, suivie.numero),
        loi.dire_la_reponse(vers.etat, vers.vote, vers.vote_le, vers.statut, vers.numero),
        _precision(ligne, demande, suivie, vers),
    )
    ou = difference.a_confirmer if loi.est_a_confirmer(suivie, vers) else difference.reprises
    ou.append(reprise)
    return False


def _suivie(demande: Demande) -> loi.Suivie:
    return loi.Suivie(
        exercice=demande.exercice,
        etat=demande.etat,
        numero=demande.numero_externe,
        source=demande.suivi_source,
        statut=demande.statut_externe,
        est_notee=demande.suivi_le is not None,
        demande_le=timezone.localdate(demande.demande_le),
        vote=demande.montant_vote,
        vote_le=demande.vote_le,
        engage=demande.montant_engage,
    )


def _precision(ligne: LigneDExport, demande: Demande, suivie: loi.Suivie, vers: Reponse) -> str:
    """Rend ce qu'il faut savoir avant de reprendre cette ligne."""
    if loi.est_a_confirmer(suivie, vers) and demande.suivi_le:
        quand = timezone.localdate(demande.suivi_le)
        return f"Noté ici par {demande.suivi_par} le {quand:%d/%m/%Y}."
    if ligne.vote and vers.vote is None:
        montant = ecrire_montant(ligne.vote, court=True)
        return f"Le montant voté de l’export ({montant}) n’est pas repris : rien n’est accordé."
    demande_ici = demande.montant_demande
    if vers.vote is not None and demande_ici is not None and vers.vote > demande_ici:
        montant = ecrire_montant(demande_ici, court=True)
        return f"C’est plus que ce qui est demandé ({montant})."
    return ""
