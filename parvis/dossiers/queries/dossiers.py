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
from parvis.organismes.queries import membres


def projets(acteur: Acteur, contrat: Contrat) -> QuerySet[Projet]:
    """Rend les projets de ce contrat que l'acteur lit comme porteur, le dernier créé d'abord."""
    siens = Projet.objects.filter(contrat=contrat).filter(_du_porteur(acteur))
    return siens.select_related(
        "porteur__fusionne_dans", "structure_porteuse__fusionne_dans", "contrat"
    )


def _du_porteur(acteur: Acteur) -> Q:
    """Rend le filtre de `permissions.est_du_porteur`, doublons du porteur compris."""
    if acteur.organisme is None:
        return Q(pk__in=[])
    siens = membres(acteur.organisme)
    if acteur.est_confirme:
        return Q(porteur__in=siens) | Q(structure_porteuse__in=siens)
    return Q(porteur__in=siens, auteur=acteur.utilisateur_identifiant)


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
    return (
        Dossier.objects.filter(projet__in=projets(acteur, contrat))
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__porteur__siege",
            "projet__structure_porteuse__fusionne_dans",
            "projet__contrat",
            "appel__contrat",
            "version_d_appel",
            "copie_de",
        )
        # Chaque page d'un dossier dit ses sections, donc les questions de son appel.
        .prefetch_related("version_d_appel__questions")
        .get(pk=pk)
    )


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
