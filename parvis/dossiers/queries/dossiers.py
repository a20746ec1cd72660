"""Les projets et les dossiers qu'un acteur peut lire, et où en est chacun."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers import sections as s
from parvis.dossiers.enums import EtatDeSection
from parvis.dossiers.models import Appel, Dossier, EcritureDeSection, Projet, VersionDAppel
from parvis.dossiers.sections import Section
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres


def projets(acteur: Acteur, contrat: Contrat) -> QuerySet[Projet]:
    """Rend les projets de ce contrat que l'acteur lit comme porteur, le dernier créé d'abord."""
    siens = Projet.objects.filter(contrat=contrat).filter(_du_porteur(acteur))
    return siens.select_related(
        "porteur__fusionne_dans", "structure_porteuse__fusionne_dans", "contrat"
    )


def _du_porteur(acteur: Acteur, vers: str = "") -> Q:
    """Rend le filtre de `permissions.est_du_porteur`, doublons du porteur compris ; `vers` y mène."""
    if acteur.organisme is None:
        return Q(pk__in=[])
    siens = membres(acteur.organisme)
    if acteur.est_confirme:
        return Q((f"{vers}porteur__in", siens)) | Q((f"{vers}structure_porteuse__in", siens))
    return Q((f"{vers}porteur__in", siens), (f"{vers}auteur", acteur.utilisateur_identifiant))


def version_courante(acteur: Acteur, appel: Appel) -> VersionDAppel:
    """Rend la version d'un appel que tout le monde lit ; lève VersionDAppel.DoesNotExist."""
    return appel.versions.publiees().latest("numero")


def projet(acteur: Acteur, contrat: Contrat, pk: int) -> Projet:
    """Rend un projet de l'acteur ; lève Projet.DoesNotExist pour tout autre."""
    return projets(acteur, contrat).get(pk=pk)


def avec_leurs_dossiers(lus: QuerySet[Projet]) -> QuerySet[Projet]:
    """Rend les projets, chacun avec ses dossiers, leur appel et leurs demandes."""
    dossiers = Dossier.objects.select_related("version_d_appel", "appel").prefetch_related(
        "demandes__financeur"
    )
    return lus.prefetch_related(Prefetch("dossiers", queryset=dossiers))


def dossier(acteur: Acteur, contrat: Contrat, pk: int) -> Dossier:
    """Rend un dossier de l'acteur, comme porteur ; lève Dossier.DoesNotExist pour tout autre."""
    lu = (
        Dossier.objects.filter(_du_porteur(acteur, "projet__"), projet__contrat=contrat)
        # Peu de jointures : PostgreSQL passerait plus de temps à les ordonner qu'à lire la ligne.
        .select_related("projet", "appel", "version_d_appel")
        # Chaque page d'un dossier dit ses sections, donc les questions de son appel.
        .prefetch_related("version_d_appel__questions")
        .get(pk=pk)
    )
    lu.projet.contrat = contrat
    if lu.appel.contrat_id == contrat.pk:
        lu.appel.contrat = contrat
    _dire_ses_organismes(acteur, lu.projet)
    return lu


def _dire_ses_organismes(acteur: Acteur, lu: Projet) -> None:
    """Donne à un projet son porteur et qui reçoit l'argent pour lui ; celui de l'acteur est déjà lu."""
    connus = {acteur.organisme.pk: acteur.organisme} if acteur.organisme else {}
    autres = {lu.porteur_id, lu.structure_porteuse_id} - {None} - connus.keys()
    if autres:
        connus |= Organisme.objects.select_related("fusionne_dans").in_bulk(autres)
    lu.porteur = connus[lu.porteur_id]
    if lu.structure_porteuse_id is not None:
        lu.structure_porteuse = connus[lu.structure_porteuse_id]


@dataclass(frozen=True)
class SectionLue:
    """Une section d'un dossier : ce qu'elle dit, où elle en est, qui l'a écrite."""

    section: Section
    valeur: Any
    etat: EtatDeSection
    fautes: list[s.Faute] = field(default_factory=list)
    manques: list[s.Faute] = field(default_factory=list)
    ecriture: EcritureDeSection | None = None

    @property
    def motifs(self) -> list[s.Faute]:
        """Rend tout ce qui empêche cette section d'être complète."""
        return [*self.fautes, *self.manques]


def sections(dossier: Dossier) -> dict[str, Section]:
    """Rend les sections de ce dossier, dans l'ordre, par code."""
    # Déjà triées par le modèle ; `all()` se sert de ce qui est déjà chargé.
    questions = dossier.version_d_appel.questions.all()
    return s.sections_du_dossier(dossier.projet.porteur.nature, questions)


def ecritures(dossier: Dossier) -> dict[str, EcritureDeSection]:
    """Rend ce que dit aujourd'hui chaque section écrite, par code."""
    return {e.section: e for e in dossier.ecritures.filter(est_courante=True)}


def lire(
    section: Section, ecriture: EcritureDeSection | None, reperes: s.Reperes | None = None
) -> SectionLue:
    """Rend une section, où elle en est, ses fautes et ses manques.

    `reperes` dit ce que l'appel et le contrat permettent à celles qui ont leur page à elles.
    """
    reperes = reperes or s.Reperes()
    valeur = ecriture.valeur if ecriture else s.vide(section)
    fautes, manques = s.juger(section, valeur, reperes)
    etat = s.etat_juge(section, valeur, reperes, est_ecrite=ecriture is not None)
    return SectionLue(section, valeur, etat, fautes, manques, ecriture)


def derniere_modification(lus: Iterable[SectionLue]) -> datetime | None:
    """Rend quand le dossier a été écrit pour la dernière fois."""
    return max((lu.ecriture.enregistree_le for lu in lus if lu.ecriture), default=None)
