"""Lire un dossier que l'on étudie : sa version, ce qui change, ce qu'on en emporte, les autres du porteur."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Information, Regard
from parvis.comptes.rules.regards import voit
from parvis.documents.models import Fichier
from parvis.documents.queries import FichierAServir
from parvis.dossiers.enums import EtatDeDemande, Guichet, NatureDeDemande, SourceDuSuivi
from parvis.dossiers.models import Demande, Dossier, VersionDeposee
from parvis.dossiers.queries.dossiers_imprimes import pdf_de_la_version
from parvis.dossiers.queries.pieces_a_emporter import ArchiveAEmporter, archive_de_la_version
from parvis.dossiers.queries.projets_visibles import dossiers_publics
from parvis.dossiers.queries.versions_deposees import (
    VersionLue,
    fichier_depose,
    lire_la_version,
    version_du_dossier,
)
from parvis.dossiers.rules.demandes import dire_la_demande
from parvis.dossiers.rules.suivi import SUITES
from parvis.dossiers.sections.voile import Voile
from parvis.instruction.enums import Qualite
from parvis.instruction.queries.dossiers import (
    Titre,
    demandes_du_service,
    dossiers_a_etudier,
    titre_sur,
)
from parvis.instruction.queries.equipe import derniere_lecture
from parvis.organismes.queries import membres_a_lire


@dataclass(frozen=True)
class DossierLu:
    """Une version d'un dossier à étudier, telle que l'acteur la lit, et d'où viennent les différences."""

    lue: VersionLue
    versions: list[VersionDeposee]
    depuis: str
    # La dernière version que l'acteur a dit avoir lue, et celle de l'an dernier s'il peut la lire.
    vue: VersionDeposee | None
    an_dernier: VersionDeposee | None

    @property
    def est_la_derniere(self) -> bool:
        return self.lue.version == self.versions[0]

    @property
    def a_du_neuf(self) -> bool:
        """Dit si une version a été déposée depuis la dernière que l'acteur a lue."""
        return self.vue is not None and self.vue.numero < self.versions[0].numero


@dataclass(frozen=True)
class AutreDossier:
    """Un autre dossier du même porteur ; sans lien, on n'en sait que ce qui est public."""

    dossier: Dossier
    est_lisible: bool
    demande: Decimal | None
    vote: Decimal | None


@dataclass(frozen=True)
class DemandeLue:
    """Une demande du dossier, et si elle s'adresse au service de l'acteur."""

    demande: Demande
    regard: Regard

    @property
    def est_du_service(self) -> bool:
        """Dit si elle s'adresse au service de qui lit."""
        return self.regard == Regard.SERVICE

    @property
    def etat_se_lit(self) -> bool:
        """Dit si l'on sait où elle en est : qui est consulté ne sait que ce qui est voté, et public."""
        if self.demande.etat == EtatDeDemande.ACCORDEE:
            return voit(Information.MONTANT_VOTE, self.regard)
        return voit(Information.REFUS, self.regard)

    @property
    def phrase(self) -> str:
        """Rend ce que son état veut dire à qui étudie le dossier ; rien s'il n'a pas à le savoir."""
        if not self.etat_se_lit:
            return ""
        demande = self.demande
        return dire_la_demande(
            demande.etat, self.regard, engage=demande.montant_engage, verse=demande.montant_verse
        )


def voile_pour(titre: Titre, dossier: Dossier) -> Voile | None:
    """Rend ce que l'on cache du dossier à ce titre : rien à un service que le porteur sollicite."""
    if titre.qualite == Qualite.FINANCEUR:
        return None
    nominatives = dossier.version_d_appel.pieces.filter(est_nominative=True)
    return Voile(frozenset(nominatives.values_list("cle", flat=True)))


def lire_le_dossier(
    acteur: Acteur, dossier: Dossier, numero: int | None = None, depuis: str = ""
) -> DossierLu:
    """Rend une version d'un dossier que l'acteur étudie ; lève VersionDeposee.DoesNotExist.

    `depuis` choisit ce que les différences comparent : « vue » (la dernière version que l'on a lue), « an »
    (le dossier de l'an dernier, si l'on peut le lire), à défaut la version d'avant.
    """
    voile = voile_pour(titre_sur(acteur, dossier), dossier)
    versions = list(dossier.versions_deposees.order_by("-numero"))
    vue, an_dernier = derniere_lecture(acteur, dossier), _de_l_an_dernier(acteur, dossier)
    reperes = {"vue": vue, "an": an_dernier}
    repere = reperes.get(depuis)
    lue = lire_la_version(versions, numero, depuis=repere, voile=voile)
    return DossierLu(lue, versions, depuis if repere else "", vue, an_dernier)


def _de_l_an_dernier(acteur: Acteur, dossier: Dossier) -> VersionDeposee | None:
    """Rend la dernière version du dossier de l'année d'avant, s'il est de ceux que l'acteur lit."""
    anciens = dossiers_a_etudier(acteur, dossier.appel.contrat).filter(
        projet=dossier.projet_id, exercice__lt=dossier.exercice
    )
    versions = VersionDeposee.objects.filter(dossier__in=anciens.values("pk"))
    return (
        versions.select_related("dossier")
        .order_by("-dossier__exercice", "-dossier__depose_le", "-numero")
        .first()
    )


def demandes_lues(acteur: Acteur, dossier: Dossier) -> list[DemandeLue]:
    """Rend ce que le dossier demande à chacun, celles du service de l'acteur d'abord."""
    siennes: set[int] = set()
    autres = Regard.CO_INSTRUCTEUR
    if titre_sur(acteur, dossier).qualite == Qualite.FINANCEUR:
        autres = Regard.COFINANCEUR
        siennes = set(
            demandes_du_service(acteur).filter(dossier=dossier).values_list("pk", flat=True)
        )
    demandes = dossier.demandes.filter(etat__in=SUITES).select_related("financeur__fusionne_dans")
    lues = [
        DemandeLue(demande, Regard.SERVICE if demande.pk in siennes else autres)
        for demande in demandes
    ]
    return sorted(lues, key=lambda lue: not lue.est_du_service)


def autres_dossiers(acteur: Acteur, dossier: Dossier, *, jour: date) -> list[AutreDossier]:
    """Rend les autres dossiers déposés du porteur : ceux que l'acteur étudie, et ceux qui sont publics.

    D'un dossier qu'il n'étudie pas, il ne lit que ce que tout le monde lit : ce qui est voté. En un
    nombre fixe de requêtes.
    """
    contrat = dossier.appel.contrat
    siens = (
        Dossier.objects.deposes()
        .filter(projet__porteur__in=membres_a_lire(dossier.projet.porteur), appel__contrat=contrat)
        .exclude(pk=dossier.pk)
    )
    lisibles, publics = dossiers_a_etudier(acteur, contrat), dossiers_publics(jour)
    gardes = (
        siens.annotate(est_lisible=Exists(lisibles.filter(pk=OuterRef("pk"))))
        .filter(Q(est_lisible=True) | Q(pk__in=publics.values("pk")))
        .select_related("projet", "appel")
        .order_by("-exercice", "-depose_le", "-pk")
    )
    argent = _argent_par_dossier(gardes)
    return [
        AutreDossier(
            d,
            d.est_lisible,
            argent.get(d.pk, {}).get("demande") if d.est_lisible else None,
            argent.get(d.pk, {}).get("vote"),
        )
        for d in gardes
    ]


def _argent_par_dossier(dossiers: QuerySet[Dossier]) -> dict[int, dict[str, Any]]:
    """Rend, pour chacun, ce qui y est demandé en argent, et ce que ses financeurs disent avoir voté."""
    dits = Q(guichet=Guichet.PLATEFORME) | Q(suivi_source=SourceDuSuivi.EXPORT)
    lignes = (
        Demande.objects.filter(
            dossier__in=dossiers.values("pk"), nature=NatureDeDemande.NUMERAIRE, etat__in=SUITES
        )
        .order_by()
        .values("dossier")
        .annotate(demande=Sum("montant_demande"), vote=Sum("montant_vote", filter=dits))
    )
    return {ligne["dossier"]: dict(ligne) for ligne in lignes}


def pdf_a_etudier(acteur: Acteur, dossier: Dossier, numero: int | None = None) -> FichierAServir:
    """Rend le PDF d'une version déposée à qui l'étudie, sans ce qu'on lui cache.

    Lève Dossier.DoesNotExist, VersionDeposee.DoesNotExist, ImpressionImpossible.
    """
    voile = voile_pour(titre_sur(acteur, dossier), dossier)
    return pdf_de_la_version(dossier, version_du_dossier(dossier, numero), voile)


def archive_a_etudier(
    acteur: Acteur, dossier: Dossier, numero: int | None = None
) -> ArchiveAEmporter:
    """Rend les pièces d'une version déposée à qui l'étudie ; celles qu'on lui cache n'y sont pas.

    Lève Dossier.DoesNotExist, VersionDeposee.DoesNotExist.
    """
    voile = voile_pour(titre_sur(acteur, dossier), dossier)
    return archive_de_la_version(dossier, version_du_dossier(dossier, numero), voile)


def piece_a_etudier(acteur: Acteur, dossier: Dossier, identifiant: str) -> Fichier:
    """Rend une pièce déposée à qui étudie le dossier ; lève Fichier.DoesNotExist si on la lui cache."""
    return fichier_depose(dossier, identifiant, voile_pour(titre_sur(acteur, dossier), dossier))


def demande_et_vote_ici(
    lues: Iterable[DemandeLue], dossier: Dossier
) -> tuple[Decimal, Decimal | None]:
    """Rend ce qui est demandé ici en argent, pour le premier exercice, et ce qui en est voté."""
    siennes = [
        lue.demande
        for lue in lues
        if lue.demande.guichet == Guichet.PLATEFORME
        and lue.demande.nature == NatureDeDemande.NUMERAIRE
        and lue.demande.exercice == dossier.exercice
    ]
    votes = [demande.montant_vote for demande in siennes if demande.montant_vote is not None]
    demande = sum((demande.montant_demande or Decimal(0) for demande in siennes), Decimal(0))
    return demande, sum(votes, Decimal(0)) if votes else None
