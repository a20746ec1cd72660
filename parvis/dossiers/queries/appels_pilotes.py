"""Les appels vus du pilote : ce qui s'écrit, ce qui manque, ce que l'on peut proposer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.models import Contrat, Edition, PartenaireDeFiche
from parvis.cadre.queries.rapprochements import en_cours
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDAppel
from parvis.dossiers.models import Appel, AppelAilleurs, FinanceurDAppel, VersionDAppel
from parvis.dossiers.permissions import peut_tenir_les_appels
from parvis.dossiers.queries.contenu_d_appel import (
    FicheNommee,
    contenu,
    fiches_nommees,
    versions_entieres,
)
from parvis.dossiers.rules.appels import (
    SECTIONS,
    Manque,
    ce_qui_manque,
    etat_de_l_appel,
    etat_de_section,
)
from parvis.dossiers.rules.changements_d_appel import ce_qui_change
from parvis.dossiers.rules.contenu_d_appel import ContenuDAppel
from parvis.organismes.models import Organisme


@dataclass(frozen=True)
class AppelPilote:
    """Un appel tel que le pilote le tient : la version que l'on lit, et le brouillon s'il y en a un."""

    appel: Appel
    courante: VersionDAppel | None
    brouillon: VersionDAppel | None
    maintenant: datetime

    @property
    def titre(self) -> str:
        return self.derniere.titre

    @property
    def derniere(self) -> VersionDAppel:
        """Rend ce qui s'écrit, ou à défaut ce que l'on lit."""
        version = self.brouillon or self.courante
        assert version is not None  # un appel a toujours une version
        return version

    @property
    def etat(self) -> EtatDAppel | None:
        """Rend l'état public de l'appel ; rien tant qu'il n'est pas publié."""
        if self.courante is None:
            return None
        return etat_de_l_appel(self.courante.ouvre_le, self.courante.ferme_le, self.maintenant)


@dataclass(frozen=True)
class SectionAEcrire:
    """Une section du brouillon, et où elle en est : `sorte` vaut « fait », « attente » ou « vide »."""

    code: str
    titre: str
    sorte: str
    etat: str


@dataclass(frozen=True)
class Preparation:
    """Un brouillon entier, ce qui empêche de le publier, et ce qu'il change à ce que l'on lit."""

    version: VersionDAppel
    contenu: ContenuDAppel
    precedent: ContenuDAppel | None
    manques: list[Manque]
    changements: list[str]
    fiches: dict[int, FicheNommee]

    @property
    def sections(self) -> list[SectionAEcrire]:
        """Rend la liste de travail, section par section."""
        return [
            SectionAEcrire(code, titre, *etat_de_section(code, self.contenu, self.manques))
            for code, titre in SECTIONS.items()
        ]

    @property
    def en_vigueur(self) -> list[str]:
        """Rend les numéros des fiches de l'édition courante."""
        return [f.numero for f in self.fiches.values() if f.est_en_vigueur]


def appels_du_contrat(acteur: Acteur, contrat: Contrat) -> QuerySet[Appel]:
    """Rend les appels que cet acteur tient ; aucun pour tout autre que le pilote."""
    if not peut_tenir_les_appels(acteur, contrat.code):
        return Appel.objects.none()
    return Appel.objects.filter(contrat=contrat).select_related("contrat", "duplique_de")


def appels_pilotes(
    acteur: Acteur, contrat: Contrat, *, maintenant: datetime | None = None
) -> list[AppelPilote]:
    """Rend les appels d'un contrat, le dernier exercice d'abord ; deux requêtes."""
    appels = list(appels_du_contrat(acteur, contrat).order_by("-exercice", "-cree_le", "-pk"))
    courantes: dict[int, VersionDAppel] = {}
    brouillons: dict[int, VersionDAppel] = {}
    for version in VersionDAppel.objects.filter(appel__in=appels).order_by("numero"):
        (courantes if version.est_publiee else brouillons)[version.appel_id] = version
    instant = maintenant or timezone.now()
    return [AppelPilote(a, courantes.get(a.pk), brouillons.get(a.pk), instant) for a in appels]


def brouillons_d_appels(acteur: Acteur, contrat: Contrat) -> QuerySet[VersionDAppel]:
    """Rend les appels que l'acteur écrit et n'a pas publiés, le dernier modifié d'abord."""
    ecrits = VersionDAppel.objects.brouillons().filter(appel__in=appels_du_contrat(acteur, contrat))
    return ecrits.select_related("appel").order_by("-modifiee_le", "-pk")


def appel_pilote(
    acteur: Acteur, contrat: Contrat, adresse: str, *, maintenant: datetime | None = None
) -> AppelPilote:
    """Rend un appel que l'acteur tient ; lève Appel.DoesNotExist."""
    appel = appels_du_contrat(acteur, contrat).get(adresse=adresse)
    versions = list(appel.versions.order_by("-numero"))
    return AppelPilote(
        appel,
        next((v for v in versions if v.est_publiee), None),
        next((v for v in versions if not v.est_publiee), None),
        maintenant or timezone.now(),
    )


def brouillon_d_appel(acteur: Acteur, contrat: Contrat, adresse: str) -> VersionDAppel:
    """Rend le brouillon d'un appel, entier ; lève Appel.DoesNotExist ou VersionDAppel.DoesNotExist."""
    appel = appels_du_contrat(acteur, contrat).get(adresse=adresse)
    return versions_entieres().brouillons().get(appel=appel)


def preparation(
    acteur: Acteur, version: VersionDAppel, *, maintenant: datetime | None = None
) -> Preparation:
    """Rend ce qu'il reste à faire d'un brouillon chargé par `brouillon_d_appel`."""
    contrat = version.appel.contrat
    fiches = fiches_nommees(contrat)
    lu = contenu(version, fiches)
    courante = versions_entieres().courantes().filter(appel=version.appel_id).first()
    precedent = contenu(courante, fiches) if courante else None
    manques = ce_qui_manque(
        lu,
        fiches_en_vigueur={f.numero for f in fiches.values() if f.est_en_vigueur},
        maintenant=maintenant or timezone.now(),
        precedent=precedent,
    )
    changements = ce_qui_change(precedent, lu) if precedent else []
    return Preparation(version, lu, precedent, manques, changements, fiches)


@dataclass(frozen=True)
class FinanceurPropose:
    """Un organisme que le contrat connaît comme financeur, et sous quels noms."""

    organisme: Organisme
    partenaires: list[str]


def financeurs_proposes(acteur: Acteur, version: VersionDAppel) -> list[FinanceurPropose]:
    """Rend les organismes rapprochés des financeurs du contrat, ceux de l'appel mis à part."""
    contrat = version.appel.contrat
    courante = Edition.objects.courante(contrat.code)
    cite = PartenaireDeFiche.objects.filter(
        edition=courante, role=RoleDePartenaire.FINANCEUR, partenaire=OuterRef("partenaire")
    )
    jour = timezone.localdate()
    liens = (
        en_cours(jour)
        .filter(Exists(cite), partenaire__contrat=contrat)
        .exclude(organisme__in=version.financeurs.values("organisme"))
        .exclude(organisme__fin_le__lt=jour)
        .select_related("organisme__fusionne_dans", "partenaire")
        .order_by("organisme__cle_de_tri", "organisme")
    )
    noms: dict[Organisme, list[str]] = defaultdict(list)
    for lien in liens:
        noms[lien.organisme.retenu].append(lien.partenaire.nom)
    return [FinanceurPropose(organisme, dits) for organisme, dits in noms.items()]


def dernier_service_connu(contrat: Contrat, organisme: Organisme) -> FinanceurDAppel | None:
    """Rend le financeur du dernier appel publié où cet organisme finançait, pour reprendre son service."""
    return (
        FinanceurDAppel.objects.filter(
            organisme=organisme,
            version__in=VersionDAppel.objects.publiees().filter(appel__contrat=contrat),
        )
        .prefetch_related("lignes")
        .order_by("-version__publiee_le", "-pk")
        .first()
    )


def appels_d_ailleurs(acteur: Acteur, contrat: Contrat) -> QuerySet[AppelAilleurs]:
    """Rend les appels d'autres organismes que cet acteur tient ; aucun pour tout autre que le pilote."""
    if not peut_tenir_les_appels(acteur, contrat.code):
        return AppelAilleurs.objects.none()
    return AppelAilleurs.objects.filter(contrat=contrat)
