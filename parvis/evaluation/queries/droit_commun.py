"""Les financeurs et les dispositifs que chaque fiche nomme, en face de ce que ses dossiers sollicitent."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.models import (
    Contrat,
    Dispositif,
    DispositifDeFiche,
    Edition,
    Partenaire,
    PartenaireDeFiche,
)
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande, Dossier, EcritureDeSection
from parvis.dossiers.rules.publicite import RECUS, est_votee
from parvis.evaluation.enums import Presence, Recours
from parvis.evaluation.queries.noms_du_contrat import (
    dispositif_nomme,
    partenaires_nommes,
    postes_aides,
)
from parvis.evaluation.rules.droit_commun import (
    Dossiers,
    Mobilisation,
    Nomme,
    Sollicitation,
    aide_obtenue,
    mobilisation,
    presence,
    reconnaitre,
    sollicitation,
)
from parvis.instruction.models import Avis
from parvis.instruction.queries.deports import dossiers_du_pilote
from parvis.organismes.models import Organisme
from parvis.programmation.models import PosteAide
from parvis.socle.tableaux import Cellule

_RETENU = Coalesce("financeur__fusionne_dans", "financeur")


@dataclass(frozen=True)
class DossierNomme:
    """Un dossier qui sert une fiche, et de quoi le lire."""

    pk: int
    reference: str
    titre: str


@dataclass(frozen=True)
class FicheMobilisee:
    """Une fiche, ses dossiers, et chaque financeur ou dispositif qu'elle nomme."""

    numero: str
    titre: str
    dossiers: list[DossierNomme]
    financeurs: list[Mobilisation]
    dispositifs: list[Mobilisation]

    def nommer(self, cles: Collection[int]) -> list[DossierNomme]:
        """Rend ces dossiers-là."""
        return [dossier for dossier in self.dossiers if dossier.pk in cles]


@dataclass(frozen=True)
class RecoursDuNomme:
    """Un financeur ou un dispositif : les fiches qui le nomment, celles où on le sollicite, l'obtient."""

    nomme: Nomme
    fiches: int
    sollicitent: int
    obtiennent: int
    # Les dossiers de ces fiches qui ne le sollicitent pas.
    pourraient: int

    @property
    def rang(self) -> int:
        """Rend où il se range : ce que rien ne sollicite d'abord, puis ce que l'on ne sait pas."""
        if self.sollicitent or self.nomme.postes:
            return 3
        if self.nomme.fin:
            return 2
        return 0 if self.nomme.est_reconnaissable else 1


@dataclass(frozen=True)
class PartenaireCherche:
    """Un partenaire que l'édition nomme, sur combien de fiches, et s'il s'est montré."""

    partenaire: Partenaire
    roles: list[str]
    fiches: int
    presence: Presence


@dataclass(frozen=True)
class DroitCommun:
    """Ce que le contrat nomme et que l'on sollicite, ou non, depuis un exercice."""

    depuis: int | None
    fiches: list[FicheMobilisee] = field(default_factory=list)
    partenaires: list[PartenaireCherche] = field(default_factory=list)

    def partenaires_par_presence(self) -> list[tuple[Presence, list[PartenaireCherche]]]:
        """Rend les partenaires jamais vus, puis ceux dont on ne sait rien, puis ceux que l'on a vus."""
        rangs = [(p, [un for un in self.partenaires if un.presence == p]) for p in Presence]
        return [(p, siens) for p, siens in rangs if siens]


def droit_commun(
    acteur: Acteur, contrat: Contrat, edition: Edition, depuis: int | None
) -> DroitCommun:
    """Rend ce que l'édition nomme en face de ce que les dossiers sollicitent, en un nombre fixe de requêtes.

    Les financeurs et les dispositifs se regardent depuis un exercice ; les partenaires, depuis toujours.
    Rien des dossiers à qui n'est pas le pilote.
    """
    recus = dossiers_du_pilote(acteur, contrat).filter(etat__in=RECUS)
    jour = timezone.localdate()
    exercices = dict(recus.values_list("pk", "exercice"))
    suivis = {pk for pk, exercice in exercices.items() if exercice >= (depuis or 0)}
    demandes = _demandes(recus, jour)
    agissants = _agissants(recus, contrat)
    cites = agissants | {une.organisme for une in demandes if une.organisme}
    noms, tenus = partenaires_nommes(acteur, contrat, edition, cites, jour)
    recents = {
        une: Dossiers(lus.demandent & suivis, lus.obtiennent & suivis, lus.ecartent & suivis)
        for une, lus in demandes.items()
    }
    return DroitCommun(
        depuis,
        _fiches(edition, recus, suivis, recents, noms, tenus, postes_aides(contrat), jour),
        _partenaires(edition, noms, agissants, [*demandes, *_cites(recus)]),
    )


def _fiches(
    edition: Edition,
    recus: QuerySet[Dossier],
    suivis: set[int],
    demandes: Mapping[Sollicitation, Dossiers],
    noms: Mapping[int, Nomme],
    tenus: Mapping[int, Collection[Organisme]],
    postes: Mapping[str, int],
    jour: date,
) -> list[FicheMobilisee]:
    par_fiche: dict[str, list[DossierNomme]] = defaultdict(list)
    for pk, exercice, numero, titre, fiche in recus.order_by(
        "exercice", "numero", "pk"
    ).values_list("pk", "exercice", "numero", "projet__titre", "fiches__fiche__numero"):
        if pk in suivis and fiche:
            par_fiche[fiche].append(DossierNomme(pk, f"{exercice}-{numero:04d}", titre))
    # Chaque nom ne se cherche qu'une fois, sur combien de fiches qu'il soit.
    reconnus = {cle: reconnaitre(nomme, demandes) for cle, nomme in noms.items()}
    dispositifs: dict[int, tuple[Nomme, Dossiers]] = {}

    def dispositif(un: Dispositif) -> tuple[Nomme, Dossiers]:
        if un.pk not in dispositifs:
            nomme = dispositif_nomme(un, tenus, postes, jour)
            dispositifs[un.pk] = nomme, reconnaitre(nomme, demandes)
        return dispositifs[un.pk]

    versions = edition.versions.select_related("fiche").prefetch_related(
        Prefetch("partenaires", PartenaireDeFiche.objects.filter(role=RoleDePartenaire.FINANCEUR)),
        Prefetch(
            "dispositifs",
            DispositifDeFiche.objects.select_related("dispositif").prefetch_related(
                "dispositif__responsables"
            ),
        ),
    )
    rendues = []
    for version in versions:
        dossiers = par_fiche[version.numero]
        siens = [dossier.pk for dossier in dossiers]
        nommes = {un.dispositif_id: un.dispositif for un in version.dispositifs.all()}
        rendues.append(
            FicheMobilisee(
                version.numero,
                version.titre,
                dossiers,
                [
                    mobilisation(noms[un.partenaire_id], siens, reconnus[un.partenaire_id])
                    for un in version.partenaires.all()
                ],
                [
                    mobilisation(nomme, siens, connus)
                    for nomme, connus in map(dispositif, nommes.values())
                    # Le lecteur ne propose pas ce qui n'existe plus.
                    if not nomme.fin
                ],
            )
        )
    return rendues


def _partenaires(
    edition: Edition,
    noms: Mapping[int, Nomme],
    agissants: set[int],
    sollicitations: Collection[Sollicitation],
) -> list[PartenaireCherche]:
    """Rend les partenaires que nomme l'édition, les plus nommés d'abord."""
    roles: dict[int, set[str]] = defaultdict(set)
    fiches: dict[int, set[int]] = defaultdict(set)
    for partenaire, role, version in PartenaireDeFiche.objects.filter(edition=edition).values_list(
        "partenaire", "role", "version"
    ):
        roles[partenaire].add(role)
        fiches[partenaire].add(version)
    cherches = [
        PartenaireCherche(
            un,
            [str(role.label) for role in RoleDePartenaire if role in roles[un.pk]],
            len(fiches[un.pk]),
            presence(noms[un.pk], agissants, sollicitations),
        )
        for un in Partenaire.objects.filter(pk__in=fiches)
    ]
    return sorted(cherches, key=lambda un: -un.fiches)


def _demandes(dossiers: QuerySet[Dossier], jour: date) -> dict[Sollicitation, Dossiers]:
    """Rend ce que des dossiers demandent, à leurs financeurs et au droit commun, réuni par demande."""
    reunies: dict[Sollicitation, Dossiers] = defaultdict(lambda: Dossiers(set(), set(), set()))
    ecrites: dict[tuple[int | None, str, str], Sollicitation] = {}

    def dossiers_de(organisme: int | None, qui: str, quoi: str) -> Dossiers:
        cle = (organisme, qui, quoi)
        if cle not in ecrites:
            ecrites[cle] = sollicitation(*cle)
        return reunies[ecrites[cle]]

    demandes = (
        Demande.objects.filter(dossier__in=dossiers.values("pk"))
        .exclude(etat__in=[EtatDeDemande.PREPAREE, EtatDeDemande.RETIREE])
        .annotate(retenu=_RETENU)
        .order_by()
    )
    for dossier, retenu, nom, ligne, guichet, source, etat, vote, vote_le in demandes.values_list(
        *("dossier", "retenu", "financeur_nom", "ligne"),
        *("guichet", "suivi_source", "etat", "montant_vote", "vote_le"),
    ):
        lus = dossiers_de(retenu, nom, ligne)
        lus.demandent.add(dossier)
        if est_votee(
            guichet=guichet, source=source, etat=etat, vote=vote, vote_le=vote_le, jour=jour
        ):
            lus.obtiennent.add(dossier)
    for dossier, aides in _ecrites(dossiers, "droit_commun"):
        for aide in aides:
            lus = dossiers_de(None, aide.get("organisme", ""), aide.get("dispositif", ""))
            obtenue = aide_obtenue(aide.get("etat", ""))
            (lus.ecartent if obtenue is None else lus.demandent).add(dossier)
            if obtenue:
                lus.obtiennent.add(dossier)
    return dict(reunies)


def _cites(dossiers: QuerySet[Dossier]) -> list[Sollicitation]:
    """Rend les partenaires que citent des dossiers, qui n'apportent pas d'argent."""
    return [
        sollicitation(None, cite.get("nom", ""), "")
        for _, cites in _ecrites(dossiers, "partenaires")
        for cite in cites
    ]


def _ecrites(
    dossiers: QuerySet[Dossier], section: str
) -> Iterable[tuple[int, list[dict[str, str]]]]:
    ecritures = EcritureDeSection.objects.filter(
        dossier__in=dossiers.values("pk"), section=section, est_courante=True
    )
    for dossier, valeur in ecritures.order_by("dossier").values_list("dossier", "valeur"):
        yield dossier, valeur if isinstance(valeur, list) else []


def _agissants(dossiers: QuerySet[Dossier], contrat: Contrat) -> set[int]:
    """Rend qui porte ces dossiers, qui les étudie, et qui emploie un poste aidé, doublons réunis."""
    porteurs = dossiers.annotate(
        qui=Coalesce("projet__porteur__fusionne_dans", "projet__porteur"),
        pour=Coalesce("projet__structure_porteuse__fusionne_dans", "projet__structure_porteuse"),
    )
    vus = {cle for paire in porteurs.values_list("qui", "pour") for cle in paire if cle}
    qui = Coalesce("organisme__fusionne_dans", F("organisme"))
    for lignes in (
        Avis.objects.filter(dossier__in=dossiers.values("pk")),
        PosteAide.objects.filter(contrat=contrat, organisme__isnull=False),
    ):
        vus |= set(lignes.order_by().annotate(qui=qui).values_list("qui", flat=True).distinct())
    return vus


COLONNES: tuple[str, ...] = (
    *("Fiche", "Titre", "Sorte", "Nommé par la fiche", "Où en est-on"),
    *("Dossiers qui le sollicitent", "Dossiers qui pourraient"),
)


def tableau_du_droit_commun(fiches: Iterable[FicheMobilisee]) -> list[tuple[Cellule, ...]]:
    """Rend une ligne par fiche et par financeur ou dispositif nommé, dans l'ordre de `COLONNES`."""
    lignes: list[tuple[Cellule, ...]] = []
    for fiche in fiches:
        references = {dossier.pk: dossier.reference for dossier in fiche.dossiers}
        for sorte, nommes in (("Financeur", fiche.financeurs), ("Dispositif", fiche.dispositifs)):
            lignes += [
                (
                    *(fiche.numero, fiche.titre, sorte, un.nomme.nom),
                    un.nomme.fin.capitalize() or str(un.recours.label),
                    ", ".join(references[pk] for pk in un.sollicitent),
                    ", ".join(references[pk] for pk in un.pourraient),
                )
                for un in nommes
            ]
    return lignes


COLONNES_DES_PARTENAIRES: tuple[str, ...] = ("Partenaire", "Nommé comme", "Fiches", "Vu")


def tableau_des_partenaires(partenaires: Iterable[PartenaireCherche]) -> list[tuple[Cellule, ...]]:
    """Rend une ligne par partenaire, dans l'ordre de `COLONNES_DES_PARTENAIRES`."""
    return [
        (un.partenaire.nom, " et ".join(un.roles), un.fiches, str(un.presence.label))
        for un in partenaires
    ]


def tous_les_recours(mobilisations: Iterable[Mobilisation]) -> list[RecoursDuNomme]:
    """Rend ce qu'il en est de chaque financeur, ou de chaque dispositif, toutes fiches réunies."""
    ranges: dict[str, list[Mobilisation]] = defaultdict(list)
    for un in mobilisations:
        ranges[un.nomme.adresse].append(un)
    rendus = [
        RecoursDuNomme(
            siens[0].nomme,
            len(siens),
            sum(un.recours in (Recours.DEMANDE, Recours.OBTENU) for un in siens),
            sum(un.recours == Recours.OBTENU for un in siens),
            len({pk for un in siens for pk in un.pourraient}),
        )
        for siens in ranges.values()
    ]
    return sorted(rendus, key=lambda un: (un.rang, -un.fiches, -un.pourraient))
