"""Les projets que l'acteur lit sur les pages de tous : publics, les siens, ceux qu'il reçoit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import (
    EchelleDeProjet,
    EtatDeDemande,
    EtatDeDossier,
    Guichet,
    LecteurDeProjet,
    NatureDeDemande,
    SourceDuSuivi,
)
from parvis.dossiers.models import Demande, Dossier, Projet
from parvis.dossiers.permissions import est_du_porteur, peut_recevoir_les_dossiers
from parvis.dossiers.queries.dossiers import projets
from parvis.dossiers.queries.suivi import argent_de
from parvis.dossiers.rules.publicite import RECUS, est_public, est_votee
from parvis.dossiers.rules.suivi import SUITES, phrase_de_l_argent
from parvis.dossiers.rules.suivi import phrase_de_ce_qui_est_vote as dire_le_vote
from parvis.socle.texte import cle_de_tri

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class AnneeVisible:
    """Un dossier d'un projet, tel que l'acteur le lit ; `argent` est une phrase, vide s'il n'y en a pas."""

    dossier: Dossier
    lecteur: LecteurDeProjet
    est_publique: bool
    argent: str

    @property
    def annee(self) -> int:
        return self.dossier.exercice

    @property
    def etat(self) -> str:
        """Rend où en est le dossier, en quelques mots ; rien pour le public, qui lit l'argent voté."""
        if self.lecteur == LecteurDeProjet.PUBLIC:
            return ""
        if self.dossier.est_un_brouillon:
            return "brouillon, rien n’est déposé"
        return str(EtatDeDossier(self.dossier.etat).label).lower()


@dataclass(frozen=True)
class ProjetVisible:
    """Un projet et ses années, la dernière d'abord."""

    projet: Projet
    lecteur: LecteurDeProjet
    annees: list[AnneeVisible] = field(default_factory=list)

    @property
    def est_public(self) -> bool:
        return any(annee.est_publique for annee in self.annees)

    @property
    def derniere(self) -> Dossier:
        return self.annees[0].dossier

    @property
    def lieux(self) -> str:
        """Rend où il se passe la dernière année ; vide si rien n'est encore dit."""
        if self.derniere.echelle == EchelleDeProjet.AGGLOMERATION:
            return "tout le territoire du contrat"
        lieux = self.derniere.lieux.all()
        noms = (lieu.quartier.nom if lieu.quartier else str(lieu.commune) for lieu in lieux)
        return ", ".join(sorted(noms, key=cle_de_tri))

    @property
    def fiches(self) -> list[str]:
        """Rend les numéros des fiches que sert le projet la dernière année, la principale d'abord."""
        return [ligne.fiche.numero for ligne in self.derniere.fiches.all()]


def dossiers_visibles(
    acteur: Acteur, contrat: Contrat, *, jour: date | None = None
) -> QuerySet[Dossier]:
    """Rend les dossiers d'un contrat que l'acteur lit : publics, les siens, ceux qu'il reçoit.

    La loi est dans `rules.publicite` ; un test compare les deux.
    """
    a_lire = Q(pk__in=dossiers_publics(jour or timezone.localdate()))
    if acteur.organisme is not None:
        a_lire |= Q(projet__in=projets(acteur, contrat).values("pk"))
    if peut_recevoir_les_dossiers(acteur, contrat.code):
        a_lire |= Q(etat__in=RECUS)
    return Dossier.objects.filter(a_lire, projet__contrat=contrat)


def dossiers_publics(jour: date) -> QuerySet[Dossier]:
    return Dossier.objects.filter(pk__in=demandes_publiques(jour).values("dossier"))


def demandes_publiques(jour: date) -> QuerySet[Demande]:
    """Rend les demandes dont tout le monde lit le vote ; ni un refus, ni ce qui attend, n'en est."""
    return Demande.objects.filter(
        Q(guichet=Guichet.PLATEFORME) | Q(suivi_source=SourceDuSuivi.EXPORT),
        etat=EtatDeDemande.ACCORDEE,
        montant_vote__gt=0,
        vote_le__lte=jour,
        dossier__etat__in=RECUS,
    )


def projets_visibles(
    acteur: Acteur,
    contrat: Contrat,
    parmi: QuerySet[Dossier] | None = None,
    *,
    jour: date | None = None,
) -> list[ProjetVisible]:
    """Rend les projets que l'acteur lit, ou ceux de ces dossiers seulement, le dernier d'abord.

    `parmi` restreint `dossiers_visibles`. Le nombre de requêtes ne dépend pas des projets.
    """
    jour = jour or timezone.localdate()
    visibles = dossiers_visibles(acteur, contrat, jour=jour)
    if parmi is not None:
        visibles = visibles.filter(pk__in=parmi.values("pk"))
    dossiers = list(
        visibles.select_related(
            "projet__contrat",
            "projet__porteur__fusionne_dans",
            "projet__structure_porteuse__fusionne_dans",
            "version_d_appel",
            "appel",
        )
        .prefetch_related(
            "lieux__commune", "lieux__quartier__communes", "fiches__fiche", "demandes__financeur"
        )
        # Les deux moteurs ne rangent pas pareil une date absente : ce qui est déposé vient d'abord.
        .order_by("-exercice", F("depose_le").desc(nulls_last=True), "-pk")
    )
    recoit = peut_recevoir_les_dossiers(acteur, contrat.code)
    lus: dict[int, ProjetVisible] = {}
    for dossier in dossiers:
        lecteur = _lecteur(acteur, dossier, recoit)
        vu = lus.setdefault(dossier.projet_id, ProjetVisible(dossier.projet, lecteur))
        vu.annees.append(_annee(dossier, lecteur, jour))
    return sorted(lus.values(), key=lambda p: (-p.derniere.exercice, cle_de_tri(p.projet.titre)))


def _lecteur(acteur: Acteur, dossier: Dossier, recoit: bool) -> LecteurDeProjet:
    """Rend à quel titre on lit ce dossier : le plus proche d'abord."""
    if est_du_porteur(acteur, dossier.projet):
        return LecteurDeProjet.PORTEUR
    if recoit and dossier.etat in RECUS:
        return LecteurDeProjet.PILOTE
    return LecteurDeProjet.PUBLIC


def _annee(dossier: Dossier, lecteur: LecteurDeProjet, jour: date) -> AnneeVisible:
    demandes = [d for d in dossier.demandes.all() if d.exercice == dossier.exercice]
    votees = [d for d in dossier.demandes.all() if _est_votee(d, jour)]
    publique = est_public(etat=dossier.etat, votees=[True for _ in votees])
    if lecteur == LecteurDeProjet.PUBLIC:
        # Une salle prêtée n'est pas de l'argent : elle ne s'additionne pas aux euros votés.
        # D'un autre portail, seul le porteur dit ce qui est versé : personne d'autre ne le lit.
        d_ici = [demande for demande in votees if demande.guichet == Guichet.PLATEFORME]
        verse = argent_de(_en_argent(d_ici)).verse
        public = replace(argent_de(_en_argent(votees)), verse=verse)
        return AnneeVisible(dossier, lecteur, publique, dire_le_vote(public))
    suivies = _en_argent([d for d in demandes if d.etat in SUITES])
    argent = phrase_de_l_argent(argent_de(suivies)) if suivies else ""
    return AnneeVisible(dossier, lecteur, publique, argent)


def _est_votee(demande: Demande, jour: date) -> bool:
    return est_votee(
        guichet=demande.guichet,
        source=demande.suivi_source,
        etat=demande.etat,
        vote=demande.montant_vote,
        vote_le=demande.vote_le,
        jour=jour,
    )


def _en_argent(demandes: Sequence[Demande]) -> list[Demande]:
    return [d for d in demandes if d.nature == NatureDeDemande.NUMERAIRE]
