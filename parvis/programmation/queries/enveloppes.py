"""Lire les enveloppes d'un service : rien n'en sort pour un autre, ni une ligne, ni un compte."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from parvis.cadre.models import Contrat, Edition
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande, EtatDeVersion, Guichet, NatureDeDemande
from parvis.dossiers.models import Demande
from parvis.dossiers.queries.territoire import communes_du_contrat
from parvis.instruction.queries.deports import hors_des_deports
from parvis.organismes.queries import membres
from parvis.programmation.enums import SorteDeMouvement
from parvis.programmation.models import Enveloppe, Imputation, Mouvement
from parvis.programmation.permissions import a_des_enveloppes
from parvis.programmation.rules.enveloppes import IMPUTABLES, dire_le_reste

__all__ = ["communes_du_contrat"]

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Comptes:
    """L'argent d'une enveloppe, ou de plusieurs : un mot, un montant, en euros."""

    initial: Decimal = ZERO
    # Reçu d'une enveloppe dont elle dépend, ou délégué à celles qui dépendent d'elle, retours déduits.
    recu: Decimal = ZERO
    delegue: Decimal = ZERO
    report_recu: Decimal = ZERO
    report_cede: Decimal = ZERO
    # Promis par son service sur les demandes qui s'y prennent : ce n'est pas de l'argent.
    propose: Decimal = ZERO
    # La part de ce qui est proposé dont le vote n'est pas connu.
    attendu: Decimal = ZERO
    # Ce que des séances publiées proposent, et la part dont le vote n'est pas connu.
    arbitre: Decimal = ZERO
    arbitre_attendu: Decimal = ZERO
    vote: Decimal = ZERO
    engage: Decimal = ZERO
    verse: Decimal = ZERO
    reste: Decimal = ZERO

    @property
    def report(self) -> Decimal:
        """Rend ce qui vient d'un autre exercice, moins ce qui y va."""
        return self.report_recu - self.report_cede

    @property
    def disponible(self) -> Decimal:
        """Rend ce qui peut être voté en tout."""
        return self.vote + self.reste

    @property
    def propose_de_trop(self) -> Decimal:
        """Rend ce qui est proposé, et pas encore voté, au-delà du reste ; cela se montre sans se refuser."""
        return max(ZERO, self.attendu - self.reste)

    @property
    def arbitre_de_trop(self) -> Decimal:
        """Rend ce qui est arbitré, et pas encore voté, au-delà du reste ; cela se montre sans se refuser."""
        return max(ZERO, self.arbitre_attendu - self.reste)

    @property
    def part_votee(self) -> int:
        """Rend ce qui est voté, en centièmes de ce qui peut l'être."""
        return int(self.vote * 100 / self.disponible) if self.disponible else 0

    @property
    def part_attendue(self) -> int:
        """Rend ce qui est proposé et pas encore voté, en centièmes, sans dépasser ce qui reste."""
        if not self.disponible:
            return 0
        return min(int(self.attendu * 100 / self.disponible), 100 - self.part_votee)

    @property
    def phrase(self) -> str:
        return dire_le_reste(disponible=self.disponible, vote=self.vote)


@dataclass(frozen=True)
class LigneDEnveloppe:
    """Une enveloppe, ce dont elle dépend et ses comptes."""

    enveloppe: Enveloppe
    pour: str
    comptes: Comptes

    @property
    def est_fille(self) -> bool:
        return self.enveloppe.mere_id is not None


@dataclass(frozen=True)
class Tableau:
    """Les enveloppes d'un exercice, chaque sous-enveloppe sous celle dont elle dépend, et leur total."""

    exercice: int
    lignes: list[LigneDEnveloppe] = field(default_factory=list)
    total: Comptes = Comptes()


@dataclass(frozen=True)
class Ecriture:
    """Un mouvement, vu d'une enveloppe : ce qu'elle y gagne ou y perd, et avec quelle autre."""

    mouvement: Mouvement
    montant: Decimal
    autre: Enveloppe | None


def piliers_du_contrat(contrat: Contrat) -> dict[str, str]:
    """Rend le titre de chaque pilier de l'édition courante, par adresse."""
    edition = Edition.objects.courante(contrat.code)
    return dict(edition.piliers.order_by("rang").values_list("slug", "titre")) if edition else {}


def contrats_du_financeur(acteur: Acteur) -> QuerySet[Contrat]:
    """Rend les contrats publiés où l'organisme de l'acteur finance, ou tient des enveloppes."""
    if not a_des_enveloppes(acteur):
        return Contrat.objects.none()
    assert acteur.organisme is not None
    siens = membres(acteur.organisme)
    ici = Q(enveloppes__financeur__in=siens) | Q(
        appels__versions__financeurs__organisme__in=siens,
        appels__versions__etat=EtatDeVersion.PUBLIEE,
    )
    publies = Edition.objects.publiees().values("contrat")
    return Contrat.objects.filter(ici, pk__in=publies).distinct().order_by("titre")


def enveloppes(acteur: Acteur, contrat: Contrat) -> QuerySet[Enveloppe]:
    """Rend les enveloppes du service de l'acteur dans ce contrat ; aucune à tout autre."""
    if not a_des_enveloppes(acteur):
        return Enveloppe.objects.none()
    assert acteur.organisme is not None
    siennes = Enveloppe.objects.filter(contrat=contrat, financeur__in=membres(acteur.organisme))
    return siennes.select_related("contrat", "commune", "mere")


def enveloppe(acteur: Acteur, contrat: Contrat, pk: int) -> Enveloppe:
    """Rend une enveloppe du service ; lève Enveloppe.DoesNotExist pour toute autre."""
    return enveloppes(acteur, contrat).get(pk=pk)


def exercices(acteur: Acteur, contrat: Contrat) -> list[int]:
    """Rend les exercices où le service a des enveloppes, ou des demandes, le plus récent d'abord."""
    lues = (enveloppes(acteur, contrat), demandes_du_service(acteur, contrat))
    annees = (lignes.order_by().values_list("exercice", flat=True).distinct() for lignes in lues)
    return sorted(set().union(*annees), reverse=True)


def tableau(acteur: Acteur, contrat: Contrat, exercice: int) -> Tableau:
    """Rend les enveloppes d'un exercice et leurs comptes, en un nombre fixe de requêtes."""
    siennes = list(enveloppes(acteur, contrat).filter(exercice=exercice).order_by("ligne", "pk"))
    if not siennes:
        return Tableau(exercice)
    comptes = _comptes(siennes)
    piliers = piliers_du_contrat(contrat)
    lignes = [
        LigneDEnveloppe(une, pour(une, piliers), comptes[une.pk]) for une in _en_arbre(siennes)
    ]
    return Tableau(exercice, lignes, _total(lignes))


def nommees(contrat: Contrat, lues: QuerySet[Enveloppe]) -> list[tuple[Enveloppe, str]]:
    """Rend ces enveloppes, que l'on a le droit de lire, et pour qui vaut chacune."""
    piliers = piliers_du_contrat(contrat)
    return [(une, pour(une, piliers)) for une in lues.order_by("exercice", "ligne", "pk")]


def pour(enveloppe: Enveloppe, piliers: dict[str, str]) -> str:
    """Rend la commune ou le pilier pour qui vaut une enveloppe ; vide si elle vaut pour tout le contrat."""
    if enveloppe.commune is not None:
        return str(enveloppe.commune)
    # Un pilier qu'une édition ne nomme plus garde son adresse.
    return piliers.get(enveloppe.pilier, enveloppe.pilier)


def histoire(acteur: Acteur, enveloppe: Enveloppe) -> list[Ecriture]:
    """Rend les mouvements d'une enveloppe du service, du plus récent au plus ancien."""
    if not enveloppes(acteur, enveloppe.contrat).filter(pk=enveloppe.pk).exists():
        return []
    siens = Mouvement.objects.filter(Q(enveloppe=enveloppe) | Q(depuis=enveloppe))
    return [
        Ecriture(un, un.montant, un.depuis)
        if un.enveloppe_id == enveloppe.pk
        else Ecriture(un, -un.montant, un.enveloppe)
        for un in siens.select_related("enveloppe", "depuis").order_by("-note_le", "-pk")
    ]


def demandes_imputees(acteur: Acteur, enveloppe: Enveloppe) -> QuerySet[Demande]:
    """Rend les demandes qui se prennent sur une enveloppe du service."""
    siennes = enveloppes(acteur, enveloppe.contrat).filter(pk=enveloppe.pk)
    return _lues(acteur, Demande.objects.filter(imputation__enveloppe__in=siennes))


def demandes_du_service(acteur: Acteur, contrat: Contrat) -> QuerySet[Demande]:
    """Rend les demandes faites ici au service, en argent : celles qui se prennent sur une enveloppe."""
    if not a_des_enveloppes(acteur):
        return Demande.objects.none()
    assert acteur.organisme is not None
    return _lues(
        acteur,
        Demande.objects.filter(
            financeur__in=membres(acteur.organisme),
            dossier__appel__contrat=contrat,
            guichet=Guichet.PLATEFORME,
            nature=NatureDeDemande.NUMERAIRE,
            etat__in=IMPUTABLES,
        ),
    )


def demandes_a_imputer(acteur: Acteur, contrat: Contrat, exercice: int) -> QuerySet[Demande]:
    """Rend celles d'un exercice qui ne se prennent encore sur aucune enveloppe."""
    siennes = demandes_du_service(acteur, contrat)
    return siennes.filter(exercice=exercice, imputation__isnull=True)


def enveloppe_de(acteur: Acteur, demande: Demande) -> Enveloppe | None:
    """Rend l'enveloppe dont une demande se prendra, à son service ; rien à tout autre."""
    contrat = demande.dossier.appel.contrat
    return enveloppes(acteur, contrat).filter(imputations__demande=demande).first()


def _lues(acteur: Acteur, demandes: QuerySet[Demande]) -> QuerySet[Demande]:
    """Écarte les dossiers dont l'acteur s'est déporté : il ne les voit plus, ni par leur argent."""
    return (
        demandes.filter(hors_des_deports(acteur, "dossier"))
        .select_related("dossier__projet__porteur__fusionne_dans", "dossier__appel", "financeur")
        .order_by("dossier__numero", "rang", "pk")
    )


def _en_arbre(siennes: list[Enveloppe]) -> Iterable[Enveloppe]:
    """Range chaque sous-enveloppe sous celle dont elle dépend."""
    filles: dict[int | None, list[Enveloppe]] = {}
    for une in siennes:
        filles.setdefault(une.mere_id, []).append(une)
    for mere in filles.get(None, []):
        yield mere
        yield from filles.get(mere.pk, [])


_DES_DEMANDES = ("propose", "attendu", "arbitre", "arbitre_attendu", "engage", "verse")


def _comptes(siennes: list[Enveloppe]) -> dict[int, Comptes]:
    pks = [une.pk for une in siennes]
    entrees = _par_sorte(Mouvement.objects.filter(enveloppe__in=pks), "enveloppe")
    sorties = _par_sorte(Mouvement.objects.filter(depuis__in=pks), "depuis")
    sommes = Imputation.objects.filter(enveloppe__in=pks).values("enveloppe").order_by()
    argent = {
        pk: dict(zip(_DES_DEMANDES, montants, strict=True))
        for pk, *montants in sommes.annotate(
            propose=Sum("demande__montant_propose", filter=Q(demande__etat__in=IMPUTABLES)),
            attendu=Sum("demande__montant_propose", filter=Q(demande__etat=EtatDeDemande.DEMANDEE)),
            arbitre=Sum("demande__montant_arbitre", filter=Q(demande__etat__in=IMPUTABLES)),
            arbitre_attendu=Sum(
                "demande__montant_arbitre", filter=Q(demande__etat=EtatDeDemande.DEMANDEE)
            ),
            engage=Sum("demande__montant_engage"),
            verse=Sum("demande__montant_verse"),
        ).values_list("enveloppe", *_DES_DEMANDES)
    }
    return {
        une.pk: Comptes(
            initial=entrees.get((une.pk, SorteDeMouvement.DOTATION), ZERO),
            recu=entrees.get((une.pk, SorteDeMouvement.DELEGATION), ZERO),
            delegue=sorties.get((une.pk, SorteDeMouvement.DELEGATION), ZERO),
            report_recu=entrees.get((une.pk, SorteDeMouvement.REPORT), ZERO),
            report_cede=sorties.get((une.pk, SorteDeMouvement.REPORT), ZERO),
            vote=une.montant_vote,
            reste=une.montant_reste,
            **{mot: montant or ZERO for mot, montant in argent.get(une.pk, {}).items()},
        )
        for une in siennes
    }


def _par_sorte(mouvements: QuerySet[Mouvement], champ: str) -> dict[tuple[int, str], Decimal]:
    sommes = mouvements.values(champ, "sorte").order_by().annotate(total=Sum("montant"))
    return {(ligne[champ], ligne["sorte"]): ligne["total"] for ligne in sommes}


def _total(lignes: list[LigneDEnveloppe]) -> Comptes:
    """Rend la somme des enveloppes ; ce qui passe d'une mère à ses filles s'y compte une fois, en délégué."""
    sommes = {
        mot: sum((getattr(ligne.comptes, mot) for ligne in lignes), ZERO)
        for mot in (
            "initial",
            "delegue",
            "report_recu",
            "report_cede",
            "propose",
            "attendu",
            "arbitre",
            "arbitre_attendu",
            "vote",
            "engage",
            "verse",
            "reste",
        )
    }
    return Comptes(**sommes)
