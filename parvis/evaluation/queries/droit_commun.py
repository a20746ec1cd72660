"""Les financeurs et les dispositifs que chaque fiche nomme, en face de ce que ses dossiers sollicitent."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.cadre.enums import NatureDePartenaire, RoleDePartenaire
from parvis.cadre.models import (
    Contrat,
    Dispositif,
    DispositifDeFiche,
    Edition,
    Partenaire,
    PartenaireDeFiche,
)
from parvis.cadre.queries.rapprochements import organismes_des_partenaires
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande, Dossier, EcritureDeSection
from parvis.dossiers.queries.projets_visibles import dossiers_publics, vote_publie
from parvis.dossiers.rules.publicite import RECUS
from parvis.evaluation.enums import Presence, Recours
from parvis.evaluation.rules.droit_commun import (
    Mobilisation,
    Nomme,
    Sollicitation,
    aide_obtenue,
    graphies_d_un_dispositif,
    mobilisation,
    presence,
)
from parvis.instruction.models import Avis
from parvis.instruction.queries.deports import dossiers_du_pilote
from parvis.organismes.enums import Nature
from parvis.organismes.models import Organisme
from parvis.socle.tableaux import Cellule
from parvis.socle.texte import racines

_RETENU = Coalesce("financeur__fusionne_dans", "financeur")
# Une catégorie qui porte le nom d'une sorte d'organisme (« Associations ») vaut pour tous ceux-là.
_NATURES = {frozenset(racines(str(nature.label))): nature for nature in Nature}


@dataclass(frozen=True)
class FicheMobilisee:
    """Une fiche, ses dossiers en cours, et chaque financeur ou dispositif qu'elle nomme."""

    numero: str
    titre: str
    dossiers: list[Dossier]
    financeurs: list[Mobilisation]
    dispositifs: list[Mobilisation]


@dataclass(frozen=True)
class RecoursDuNomme:
    """Un financeur ou un dispositif : les fiches qui le nomment, celles où on le sollicite, l'obtient."""

    nomme: Nomme
    fiches: int
    sollicitent: int
    obtiennent: int
    # Les dossiers de ces fiches qui ne le sollicitent pas.
    pourraient: int


@dataclass(frozen=True)
class PartenaireCherche:
    """Un partenaire que l'édition nomme, sur combien de fiches, et s'il s'est montré."""

    partenaire: Partenaire
    roles: list[str]
    fiches: int
    presence: Presence


def fiches_mobilisees(
    acteur: Acteur, contrat: Contrat, edition: Edition
) -> tuple[int | None, list[FicheMobilisee]]:
    """Rend le premier exercice que l'on regarde, et chaque fiche de l'édition, en un nombre fixe de requêtes.

    On regarde le dernier exercice voté et ceux qui le suivent : rien à qui n'est pas le pilote.
    """
    depuis, suivis = _suivis(acteur, contrat)
    sollicitations = _sollicitations(suivis)
    par_fiche: dict[str, list[Dossier]] = defaultdict(list)
    for dossier in suivis.select_related("projet").prefetch_related("fiches__fiche"):
        for ligne in dossier.fiches.all():
            par_fiche[ligne.fiche.numero].append(dossier)
    noms = _partenaires_nommes(acteur, edition)
    versions = edition.versions.select_related("fiche").prefetch_related(
        Prefetch("partenaires", PartenaireDeFiche.objects.filter(role=RoleDePartenaire.FINANCEUR)),
        Prefetch(
            "dispositifs",
            DispositifDeFiche.objects.select_related("dispositif").prefetch_related(
                "dispositif__responsables"
            ),
        ),
    )
    cles = contrat.partenaires.values_list("pk", flat=True)
    tenus = organismes_des_partenaires(acteur, cles, timezone.localdate())
    rendues = []
    for version in versions:
        dossiers = par_fiche[version.numero]
        siens = [dossier.pk for dossier in dossiers]
        rendues.append(
            FicheMobilisee(
                version.numero,
                version.titre,
                dossiers,
                [
                    mobilisation(noms[un.partenaire_id], siens, sollicitations)
                    for un in version.partenaires.all()
                ],
                [
                    mobilisation(_dispositif(un.dispositif, tenus), siens, sollicitations)
                    for un in version.dispositifs.all()
                    # Le lecteur ne propose pas ce qui n'existe plus.
                    if not un.dispositif.fin_le
                ],
            )
        )
    return depuis, rendues


def partenaires_cherches(
    acteur: Acteur, contrat: Contrat, edition: Edition
) -> list[PartenaireCherche]:
    """Rend les partenaires que nomme l'édition, les jamais vus d'abord, puis les plus nommés.

    Vus à n'importe quel exercice : porteur, financeur sollicité, service qui rend un avis, ou cité.
    """
    recus = dossiers_du_pilote(acteur, contrat).filter(etat__in=RECUS)
    sollicitations = _sollicitations(recus) + _cites(recus)
    agissants = _agissants(recus)
    noms = _partenaires_nommes(acteur, edition)
    roles: dict[int, set[str]] = defaultdict(set)
    fiches: dict[int, set[int]] = defaultdict(set)
    for partenaire, role, version in PartenaireDeFiche.objects.filter(edition=edition).values_list(
        "partenaire", "role", "version"
    ):
        roles[partenaire].add(role)
        fiches[partenaire].add(version)
    rangs = {une: rang for rang, une in enumerate(Presence)}
    cherches = [
        PartenaireCherche(
            un,
            [str(role.label) for role in RoleDePartenaire if role in roles[un.pk]],
            len(fiches[un.pk]),
            presence(noms[un.pk], agissants, sollicitations),
        )
        for un in Partenaire.objects.filter(pk__in=fiches)
    ]
    return sorted(cherches, key=lambda un: (rangs[un.presence], -un.fiches))


def _suivis(acteur: Acteur, contrat: Contrat) -> tuple[int | None, QuerySet[Dossier]]:
    recus = dossiers_du_pilote(acteur, contrat).filter(etat__in=RECUS)
    votes = recus.filter(pk__in=dossiers_publics(timezone.localdate()).values("pk"))
    depuis = votes.order_by("-exercice").values_list("exercice", flat=True).first()
    return depuis, recus.filter(exercice__gte=depuis or 0).order_by("exercice", "numero", "pk")


def _sollicitations(dossiers: QuerySet[Dossier]) -> list[Sollicitation]:
    """Rend ce que des dossiers demandent : à leurs financeurs, et au droit commun."""
    jour = timezone.localdate()
    demandes = (
        Demande.objects.filter(dossier__in=dossiers.values("pk"))
        .exclude(etat__in=[EtatDeDemande.PREPAREE, EtatDeDemande.RETIREE])
        .annotate(retenu=_RETENU)
        .order_by()
    )
    rendues = [
        Sollicitation(
            demande.dossier_id,
            demande.retenu,
            frozenset(racines(f"{demande.ligne} {demande.financeur_nom}")),
            vote_publie(demande, jour),
        )
        for demande in demandes
    ]
    for dossier, aides in _ecrites(dossiers, "droit_commun"):
        for aide in aides:
            if (obtenue := aide_obtenue(aide.get("etat", ""))) is not None:
                dite = f"{aide.get('organisme', '')} {aide.get('dispositif', '')}"
                rendues.append(Sollicitation(dossier, None, frozenset(racines(dite)), obtenue))
    return rendues


def _cites(dossiers: QuerySet[Dossier]) -> list[Sollicitation]:
    """Rend les partenaires que citent des dossiers, qui n'apportent pas d'argent."""
    return [
        Sollicitation(dossier, None, frozenset(racines(cite.get("nom", ""))))
        for dossier, cites in _ecrites(dossiers, "partenaires")
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


def _agissants(dossiers: QuerySet[Dossier]) -> set[int]:
    """Rend qui porte ces dossiers et qui les étudie, doublons réunis."""
    porteurs = dossiers.annotate(
        qui=Coalesce("projet__porteur__fusionne_dans", "projet__porteur"),
        pour=Coalesce("projet__structure_porteuse__fusionne_dans", "projet__structure_porteuse"),
    )
    vus = {cle for paire in porteurs.values_list("qui", "pour") for cle in paire if cle}
    avis = Avis.objects.filter(dossier__in=dossiers.values("pk")).order_by()
    qui = Coalesce("organisme__fusionne_dans", F("organisme"))
    return vus | set(avis.annotate(qui=qui).values_list("qui", flat=True).distinct())


def _partenaires_nommes(acteur: Acteur, edition: Edition) -> dict[int, Nomme]:
    """Rend chaque partenaire de l'édition, avec ce qui le fait reconnaître."""
    partenaires = list(Partenaire.objects.filter(fiches__edition=edition).distinct())
    tenus = organismes_des_partenaires(acteur, [un.pk for un in partenaires], timezone.localdate())
    de_nature: dict[str, set[int]] = defaultdict(set)
    for cle, nature in Organisme.objects.filter(
        nature__in=_NATURES.values(), fusionne_dans__isnull=True
    ).values_list("pk", "nature"):
        de_nature[nature].add(cle)
    nommes = {}
    for un in partenaires:
        organismes = {organisme.pk for organisme in tenus.get(un.pk, [])}
        sorte = _NATURES.get(frozenset(racines(un.nom)))
        if un.nature == NatureDePartenaire.CATEGORIE and sorte:
            organismes |= de_nature[sorte]
        graphies = tuple(frozenset(racines(nom)) for nom in (un.nom, un.sigle, *un.graphies) if nom)
        nommes[un.pk] = Nomme(un.nom, un.slug, graphies, frozenset(organismes))
    return nommes


def _dispositif(dispositif: Dispositif, tenus: Mapping[int, Collection[Organisme]]) -> Nomme:
    responsables = {un.pk for p in dispositif.responsables.all() for un in tenus.get(p.pk, ())}
    return Nomme(
        dispositif.nom,
        dispositif.slug,
        graphies_d_un_dispositif(dispositif.nom),
        frozenset(responsables),
        est_un_dispositif=True,
    )


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
                    *(fiche.numero, fiche.titre, sorte, un.nomme.nom, str(un.recours.label)),
                    ", ".join(references[pk] for pk in un.sollicitent),
                    ", ".join(references[pk] for pk in un.pourraient),
                )
                for un in nommes
            ]
    return lignes


def tous_les_recours(fiches: Iterable[FicheMobilisee], sorte: str) -> list[RecoursDuNomme]:
    """Rend ce qu'il en est de chaque financeur, ou de chaque dispositif (`sorte`), toutes fiches réunies.

    Ceux que rien ne sollicite d'abord, les plus nommés d'abord.
    """
    ranges: dict[str, list[Mobilisation]] = defaultdict(list)
    for fiche in fiches:
        for un in getattr(fiche, sorte):
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
    return sorted(rendus, key=lambda un: (un.sollicitent > 0, -un.fiches, -un.pourraient))
