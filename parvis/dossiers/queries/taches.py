"""La liste de tâches d'un dossier : où en est chaque section, qui l'a écrite, ce qu'on s'en dit."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from parvis.comptes.acteur import Acteur
from parvis.dossiers import sections as s
from parvis.dossiers.enums import EtatDeDossier, EtatDeSection
from parvis.dossiers.models import Dossier, EcritureDeSection
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.queries.a_part import reperes_a_part
from parvis.dossiers.queries.budget import reperes_du_budget
from parvis.dossiers.queries.contenu_d_appel import titres_des_fiches
from parvis.dossiers.queries.dossiers import SectionLue, ecritures, lire
from parvis.dossiers.queries.lieux import LieuxDuContrat, lieux_du_contrat
from parvis.dossiers.rules.dossiers import motifs_empechant_d_ecrire
from parvis.dossiers.sections import Reperes, Section
from parvis.dossiers.sections.budget import sans_les_annees


@dataclass(frozen=True)
class Tache:
    """Une section à remplir, ses commentaires à régler, et ce qu'elle doit à une autre année."""

    lue: SectionLue
    commentaires: int = 0
    est_reprise: bool = False
    a_change: bool = False

    @property
    def section(self) -> Section:
        return self.lue.section


@dataclass(frozen=True)
class Avancement:
    """Combien de sections sont complètes, et la prochaine à écrire."""

    completes: int
    total: int
    a_corriger: int
    prochaine: Section | None

    @property
    def est_complet(self) -> bool:
        return self.completes == self.total


def reperes(
    dossier: Dossier,
    lieux: LieuxDuContrat | None = None,
    jour: date | None = None,
    pour: str | None = None,
    ecrites: Mapping[str, EcritureDeSection] | None = None,
) -> Reperes:
    """Rend ce que l'appel d'un dossier et son contrat permettent, avec leurs noms.

    Donné `pour`, ne lit que ce qu'il faut à cette section : rien, pour la plupart. `ecrites` est ce
    que disent ses sections, si on l'a déjà lu.
    """
    lectures: dict[str, Callable[[], dict[str, Any]]] = {
        "fiches": lambda: _des_fiches(dossier),
        "lieux": lambda: _des_lieux(lieux or lieux_du_contrat(dossier.appel.contrat)),
        "budget": lambda: reperes_du_budget(dossier),
        "pieces": lambda: reperes_a_part(dossier, ecrites, jour),
        "attestations": lambda: reperes_a_part(dossier, ecrites, jour),
    }
    if pour is None:
        del lectures["attestations"]  # les mêmes que les pièces
    elif pour in lectures:
        lectures = {pour: lectures[pour]}
    else:
        return Reperes()
    return Reperes(**{nom: lu for lire in lectures.values() for nom, lu in lire().items()})


def _des_fiches(dossier: Dossier) -> dict[str, Any]:
    permises = [f.fiche_id for f in dossier.version_d_appel.fiches.all()]
    return {"fiches": titres_des_fiches(dossier.appel.contrat, permises)}


def _des_lieux(lieux: LieuxDuContrat) -> dict[str, Any]:
    return {
        "communes": {c.code: c.nom for c in lieux.communes},
        "quartiers": {str(q.pk): q.nom for q in lieux.quartiers},
        "anciens": {str(q.pk): f"{q.nom} ({q.millesime})" for q in lieux.anciens},
    }


def sections_ouvertes(dossier: Dossier) -> dict[str, Section]:
    """Rend les sections qui se remplissent, dans l'ordre, par code."""
    # Déjà triées par le modèle ; `all()` se sert de ce qui est déjà chargé.
    questions = dossier.version_d_appel.questions.all()
    toutes = s.sections_du_dossier(dossier.projet.porteur.nature, questions)
    return {code: section for code, section in toutes.items() if s.est_ouverte(section)}


def lues(
    dossier: Dossier, ecrites: Mapping[str, EcritureDeSection], permis: Reperes
) -> list[SectionLue]:
    """Rend chaque section d'un dossier, avec où elle en est."""
    ouvertes = sections_ouvertes(dossier).values()
    return [lire(section, ecrites.get(section.code), permis) for section in ouvertes]


def taches(
    acteur: Acteur, dossier: Dossier, ecrites: Mapping[str, EcritureDeSection] | None = None
) -> list[Tache]:
    """Rend la liste de tâches d'un dossier déjà lu par l'acteur, en un nombre fixe de requêtes."""
    ecrites = ecritures(dossier) if ecrites is None else ecrites
    # Chargés une fois, ils servent aussi à la section que la page montre.
    prefetch_related_objects([dossier], "commentaires")
    comptes = Counter(c.section for c in dossier.commentaires.all() if c.regle_le is None)
    avant = ecritures(dossier.copie_de) if dossier.copie_de else {}
    return [
        Tache(
            lue,
            comptes[lue.section.code],
            lue.section.code in avant,
            lue.section.code in avant and _a_change(lue, avant[lue.section.code]),
        )
        for lue in lues(dossier, ecrites, reperes(dossier, ecrites=ecrites))
    ]


def _a_change(lue: SectionLue, avant: EcritureDeSection) -> bool:
    """Dit si une section ne dit plus ce que disait le dossier repris.

    Un budget repris passe à l'année de l'appel : seuls comptent ses postes et ses montants.
    """
    if lue.section.code == "budget":
        return sans_les_annees(lue.valeur) != sans_les_annees(avant.valeur)
    return bool(lue.valeur != avant.valeur)


def avancement(sections: Iterable[SectionLue]) -> Avancement:
    """Rend où en est un dossier : la première section incomplète vient ensuite."""
    toutes = list(sections)
    completes = [lue for lue in toutes if lue.etat == EtatDeSection.COMPLETE]
    restantes = [lue for lue in toutes if lue.etat != EtatDeSection.COMPLETE]
    return Avancement(
        len(completes),
        len(toutes),
        sum(lue.etat == EtatDeSection.A_CORRIGER for lue in toutes),
        restantes[0].section if restantes else None,
    )


def est_a_ecrire(acteur: Acteur, dossier: Dossier, section: Section) -> bool:
    """Dit si l'acteur écrit cette section : un brouillon, ou un complément demandé qui attend."""
    if not peut_ecrire_le_projet(acteur, dossier.projet):
        return False
    attend = dossier.etat == EtatDeDossier.A_COMPLETER and (
        dossier.complements.filter(section=section.code, repondu_le__isnull=True).exists()
    )
    return not motifs_empechant_d_ecrire(etat=dossier.etat, est_ouverte=attend)


def voisines(dossier: Dossier, section: Section) -> tuple[Section | None, Section | None]:
    """Rend la section d'avant et celle d'après."""
    ouvertes = list(sections_ouvertes(dossier).values())
    rang = [une.code for une in ouvertes].index(section.code)
    avant = ouvertes[rang - 1] if rang else None
    return avant, ouvertes[rang + 1] if rang + 1 < len(ouvertes) else None
