"""Les subventions accordées d'un contrat, telles que son fichier ouvert les publie."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Prefetch, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import EtatDActe, PorteeOuverte, SorteDActe
from parvis.conventions.models import Acte, DonneesOuvertes, LigneDActe, PartDeVersement
from parvis.conventions.rules.scdl import Organisation, Subvention, Versements, manques
from parvis.dossiers.enums import Guichet, NatureDeDemande
from parvis.dossiers.models import Demande
from parvis.dossiers.queries.projets_visibles import demandes_publiques
from parvis.organismes.models import Organisme
from parvis.programmation.rules.seuils import seuil_de_convention
from parvis.socle.texte import cle_de_tri

ZERO = Decimal("0.00")
# Qui donne, à qui, quelle année : c'est par là que le seuil se compte. Zéro, un financeur sans organisme.
Cumul = tuple[int, str, int, int]
_RECOIT = (
    "dossier__projet__structure_porteuse__fusionne_dans",
    "dossier__projet__structure_porteuse",
    "dossier__projet__porteur__fusionne_dans",
    "dossier__projet__porteur",
)
_LIES = (
    *("financeur__fusionne_dans", "dossier__version_d_appel", "dossier__projet__contrat"),
    "dossier__projet__porteur__fusionne_dans",
    "dossier__projet__structure_porteuse__fusionne_dans",
)


@dataclass(frozen=True)
class Incomplete:
    """Une subvention que le fichier doit publier et ne peut pas encore écrire, et pourquoi."""

    dossier: int
    subvention: Subvention
    manques: list[str]


@dataclass(frozen=True)
class Ouverture:
    """Ce qu'un contrat publie : le choix du pilote, les lignes du fichier, celles qui attendent."""

    portee: PorteeOuverte
    subventions: list[Subvention] = field(default_factory=list)
    incompletes: list[Incomplete] = field(default_factory=list)

    @property
    def somme(self) -> Decimal:
        """Rend ce que le fichier totalise, argent et nature ensemble comme dans la norme."""
        return sum((subvention.montant for subvention in self.subventions), ZERO)


def choix_du_contrat(contrat: Contrat) -> DonneesOuvertes | None:
    """Rend ce que le pilote a choisi de publier, ou rien s'il n'a pas choisi."""
    return DonneesOuvertes.objects.filter(contrat=contrat).first()


def ouverture(acteur: Acteur, contrat: Contrat, *, jour: date) -> Ouverture:
    """Rend les subventions à publier, la dernière votée d'abord ; le nombre de requêtes est fixe.

    Tout le monde lit la même chose : un déport n'y change rien.
    """
    choix = choix_du_contrat(contrat)
    portee = PorteeOuverte(choix.portee) if choix else PorteeOuverte.CONVENTIONS
    publiques = demandes_publiques(jour).filter(dossier__projet__contrat=contrat)
    demandes = list(_avec_leurs_actes(publiques).order_by("-exercice", "-vote_le", "-pk"))
    passent = _au_dela_du_seuil(demandes, jour) if portee == PorteeOuverte.CONVENTIONS else None
    rendue = Ouverture(portee)
    for demande, subvention in zip(demandes, _subventions(demandes), strict=True):
        if passent is not None and _cle(demande) not in passent:
            continue
        manque = manques(subvention)
        if manque:
            rendue.incompletes.append(Incomplete(demande.dossier_id, subvention, manque))
        else:
            rendue.subventions.append(subvention)
    return rendue


def _avec_leurs_actes(demandes: QuerySet[Demande]) -> QuerySet[Demande]:
    # Un acte signé se lit d'abord chez qui le reçoit : avant d'être notifié, il n'est pas public.
    notifies = (
        LigneDActe.objects.filter(vaut=True, acte__etat=EtatDActe.NOTIFIE)
        .exclude(acte__sorte=SorteDActe.REFUS)
        .select_related("acte")
        .prefetch_related("acte__echeances")
        .order_by("acte__signe_le", "acte")
    )
    payees = PartDeVersement.objects.filter(versement__annule_le__isnull=True).select_related(
        "versement"
    )
    return demandes.select_related(*_LIES).prefetch_related(
        Prefetch("actes", notifies, to_attr="lignes_notifiees"),
        Prefetch("versements", payees, to_attr="parts_payees"),
    )


def _subventions(demandes: Sequence[Demande]) -> Iterable[Subvention]:
    """Rend chaque demande en faits du fichier ; `demandes` sont toutes celles du contrat."""
    memes: dict[tuple[object, ...], list[Demande]] = defaultdict(list)
    par_dossier: dict[int, list[Demande]] = defaultdict(list)
    for demande in demandes:
        memes[_subvention(demande)].append(demande)
        par_dossier[demande.dossier_id].append(demande)
    for demande in demandes:
        annees = memes[_subvention(demande)]
        autres = {
            _attribuant(autre).nom
            for autre in par_dossier[demande.dossier_id]
            if autre.exercice == demande.exercice and _donne(autre) != _donne(demande)
        }
        yield _faits(
            demande,
            annees=tuple(sorted({une.exercice for une in annees})),
            cofinanceurs=tuple(sorted(autres, key=cle_de_tri)),
        )


def _faits(
    demande: Demande, *, annees: tuple[int, ...], cofinanceurs: tuple[str, ...]
) -> Subvention:
    projet, est_d_ailleurs = demande.dossier.projet, demande.guichet == Guichet.AILLEURS
    lignes: list[LigneDActe] = demande.lignes_notifiees  # type: ignore[attr-defined]
    notifies: list[Acte] = [ligne.acte for ligne in lignes]
    # Un montant relevé ou baissé depuis attend que son avenant soit notifié à son tour.
    est_dit = sum((ligne.montant for ligne in lignes), ZERO) == demande.montant_vote
    signe = notifies[0] if notifies and est_dit else None
    if any(acte.sorte == SorteDActe.PLURIANNUELLE for acte in notifies):
        annees = tuple(demande.dossier.annees)
    recoit = (projet.structure_porteuse or projet.porteur).retenu
    dossier = f"{projet.contrat.code}-{demande.dossier.reference}"
    return Subvention(
        # La clé de la demande : ni une autre demande, ni un vote qui suit ne la change.
        identifiant=f"{dossier}-{demande.pk}",
        dossier=dossier,
        attribuant=_attribuant(demande),
        beneficiaire=_organisation(recoit),
        exercice=demande.exercice,
        montant=demande.montant_vote or ZERO,
        objet=projet.titre,
        votee_le=demande.vote_le,  # type: ignore[arg-type]
        est_en_nature=demande.nature != NatureDeDemande.NUMERAIRE,
        # D'un autre portail, l'export ne dit ni acte, ni date : le porteur seul les note.
        signee_le=signe.signe_le if signe else None,
        reference=signe.numero if signe else "",
        dispositif=projet.contrat.titre,
        sous_dispositif=demande.dossier.version_d_appel.titre,
        annees=annees,
        cofinanceurs=cofinanceurs,
        versements=_versements(demande, notifies),
        est_d_ailleurs=est_d_ailleurs,
    )


def _versements(demande: Demande, notifies: Sequence[Acte]) -> Versements:
    parts: list[PartDeVersement] = demande.parts_payees  # type: ignore[attr-defined]
    prevues = [echeance for acte in notifies for echeance in acte.echeances.all()]
    payees = {part.versement.echeance_id for part in parts}
    jours = {part.versement.verse_le for part in parts} | {
        echeance.prevue_le
        for echeance in prevues
        if echeance.prevue_le and echeance.pk not in payees
    }
    return Versements(len(prevues), tuple(sorted(jours)))


def _au_dela_du_seuil(demandes: Sequence[Demande], jour: date) -> set[Cumul]:
    """Rend qui passe le seuil d'une convention : par financeur, bénéficiaire et année, tous contrats."""
    sommes = (
        demandes_publiques(jour)
        .filter(exercice__in={demande.exercice for demande in demandes})
        .annotate(
            donne=Coalesce("financeur__fusionne_dans", "financeur", Value(0)),
            recoit=Coalesce(*_RECOIT),
        )
        # Qui ne reçoit rien de ce contrat n'y passe aucun seuil : le reste du pays ne se lit pas.
        .filter(recoit__in={_cle(demande)[2] for demande in demandes})
        .order_by()
        .values_list("donne", "financeur_nom", "recoit", "exercice")
        .annotate(somme=Sum(F("montant_vote")))
    )
    return {
        (donne, nom, recoit, exercice)
        for donne, nom, recoit, exercice, somme in sommes
        if somme > seuil_de_convention(date(exercice, 1, 1))
    }


def _cle(demande: Demande) -> Cumul:
    projet = demande.dossier.projet
    recoit = (projet.structure_porteuse or projet.porteur).retenu
    return (*_donne(demande), recoit.pk, demande.exercice)


def _donne(demande: Demande) -> tuple[int, str]:
    return (demande.financeur.retenu.pk if demande.financeur else 0, demande.financeur_nom)


def _subvention(demande: Demande) -> tuple[object, ...]:
    """Rend ce qui fait d'une demande de chaque année une même subvention."""
    return (demande.dossier_id, _donne(demande), demande.ligne, demande.nature)


def _attribuant(demande: Demande) -> Organisation:
    if demande.financeur is None:
        return Organisation(demande.financeur_nom)
    return _organisation(demande.financeur.retenu)


def _organisation(organisme: Organisme) -> Organisation:
    return Organisation(organisme.nom, organisme.siret, organisme.rna)
