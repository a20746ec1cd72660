"""Les bilans qu'un porteur doit : ceux qui manquent, et ce qu'ils arrêtent."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce

from parvis.dossiers.enums import EffetDeBilan, NatureDeDemande, SorteDeBilan
from parvis.dossiers.models import BilanAttendu, Dossier, VersionDAppel, VersionDeposee
from parvis.dossiers.rules.bilans import (
    LOI,
    BilanManquant,
    EffetsDeBilan,
    avertissements_de_bilan,
    bilan_attendu_le,
    fin_de_l_exercice,
    manque,
    motifs_de_bilan_empechant_de_decider,
    motifs_de_bilan_empechant_de_deposer,
)
from parvis.dossiers.rules.depot import Motif
from parvis.dossiers.rules.suivi import BilanDuDossier
from parvis.socle.saisie import jour_ou_rien
from parvis.socle.templatetags.socle import jour as en_clair

# Le porteur d'un bilan, doublon réuni compris.
_RETENU = Coalesce("dossier__projet__porteur__fusionne_dans", "dossier__projet__porteur")
# Où le contrôle d'un dossier range ce qui tient à d'autres dossiers.
SECTION, TITRE = "bilans", "Les bilans"


def effets_de(version: VersionDAppel) -> EffetsDeBilan:
    """Rend ce que fait un bilan en retard, d'après l'appel."""
    return EffetsDeBilan(version.bilan_d_avant, version.bilan_de_plus_loin)


def jours_des_bilans(dossiers: Collection[Dossier], exercice: int) -> dict[int, date]:
    """Rend le jour où chaque dossier doit le bilan définitif de cet exercice : inscrit, il ne bouge plus.

    Les actes l'écrivent, le site le rappelle : il n'y en a qu'un. Deux requêtes pour tous.
    """
    inscrits = BilanAttendu.objects.filter(
        dossier__in=dossiers, exercice=exercice, sorte=SorteDeBilan.DEFINITIF
    )
    jours = dict(inscrits.values_list("dossier", "attendu_le"))
    versions = VersionDeposee.objects.filter(dossier__in=dossiers).order_by("numero")
    fins = dict(versions.values_list("dossier", "contenu__sections__calendrier__valeur__fin_le"))
    for dossier in dossiers:
        if dossier.pk not in jours:
            fin = fin_de_l_exercice(
                exercice,
                jour_ou_rien(fins.get(dossier.pk)),
                est_le_dernier=exercice == dossier.annees[-1],
            )
            jours[dossier.pk] = bilan_attendu_le(fin)
    return jours


def bilans_en_retard(jour: date) -> QuerySet[BilanAttendu]:
    """Rend les bilans définitifs dont le jour est passé, et que personne n'a rendus."""
    return BilanAttendu.objects.filter(
        sorte=SorteDeBilan.DEFINITIF, rendu_le__isnull=True, attendu_le__lt=jour
    )


def bilans_manquants(dossier: Dossier, jour: date) -> list[BilanManquant]:
    """Rend les bilans que doit encore le porteur d'un dossier dans son contrat, le plus ancien d'abord.

    Ceux de tous ses projets : un financeur ne redonne pas à qui n'a pas rendu compte. Le dossier
    lui-même n'y est pas.
    """
    return bilans_manquants_de([dossier], jour)[dossier.pk]


def bilans_manquants_de(
    dossiers: Collection[Dossier], jour: date, *, avec_les_siens: bool = False
) -> dict[int, list[BilanManquant]]:
    """Rend, par dossier, les bilans que doit encore son porteur ; une requête pour tous.

    Ceux du dossier lui-même n'y sont que si on les demande : il court peut-être sur plusieurs exercices.
    """
    porteurs = {dossier.pk: dossier.projet.porteur.retenu.pk for dossier in dossiers}
    lus = (
        bilans_en_retard(jour)
        .annotate(retenu=_RETENU)
        .filter(
            retenu__in=set(porteurs.values()),
            dossier__projet__contrat__in={dossier.projet.contrat_id for dossier in dossiers},
        )
        .order_by("exercice", "attendu_le", "pk")
        .values_list(
            "retenu", "dossier__projet__contrat", "exercice", "dossier__projet__titre",
            "attendu_le", "dossier",
        )
    )  # fmt: skip
    par_porteur: dict[tuple[int, int], list[BilanManquant]] = {}
    for retenu, contrat, exercice, titre, attendu, pk in lus:
        manquant = BilanManquant(exercice, titre, attendu, en_clair(attendu), pk)
        par_porteur.setdefault((retenu, contrat), []).append(manquant)
    return {
        dossier.pk: [
            manquant
            for manquant in par_porteur.get((porteurs[dossier.pk], dossier.projet.contrat_id), ())
            if avec_les_siens or manquant.dossier != dossier.pk
        ]
        for dossier in dossiers
    }


def bilan_du_dossier(dossier: Dossier) -> BilanDuDossier | None:
    """Rend le premier bilan définitif qu'un dossier doit encore, ou qui attend sa réponse ; rien sinon."""
    prefetch_related_objects([dossier], "demandes", "bilans_attendus")
    attendus = [b for b in dossier.bilans_attendus.all() if b.sorte == SorteDeBilan.DEFINITIF]
    for attendu in sorted(attendus, key=lambda b: b.exercice):
        if not attendu.accepte_le:
            est_rendu = attendu.rendu_le is not None
            return BilanDuDossier(attendu.exercice, en_clair(attendu.attendu_le), est_rendu)
    votes = {
        demande.exercice
        for demande in dossier.demandes.all()
        if demande.nature == NatureDeDemande.NUMERAIRE and demande.montant_vote
    }
    a_inscrire = votes - {attendu.exercice for attendu in attendus}
    return BilanDuDossier(min(a_inscrire)) if a_inscrire else None


def bilans_acceptes(dossiers: Collection[int]) -> dict[tuple[int, int], date]:
    """Rend, par dossier et par exercice, quand le bilan définitif d'un projet réalisé a été accepté."""
    acceptes = BilanAttendu.objects.filter(
        dossier__in=dossiers,
        sorte=SorteDeBilan.DEFINITIF,
        accepte_le__isnull=False,
        est_sans_realisation=False,
    )
    lus = acceptes.values_list("dossier", "exercice", "accepte_le")
    return {(dossier, annee): accepte for dossier, annee, accepte in lus if accepte is not None}


def dossiers_a_bilan_attendu(dossiers: Collection[int]) -> set[tuple[int, int]]:
    """Rend le dossier et l'exercice de chaque bilan définitif dû, ni accepté ni dispensé."""
    attendus = BilanAttendu.objects.filter(
        dossier__in=dossiers, sorte=SorteDeBilan.DEFINITIF, accepte_le__isnull=True
    )
    return set(attendus.values_list("dossier", "exercice"))


def bilans_au_depot(dossier: Dossier, jour: date) -> tuple[list[Motif], list[Motif]]:
    """Rend les bilans qui empêchent de déposer ce dossier, puis ce qui avertit, et où y répondre.

    D'après son appel, et en une requête ; un projet repris avant que son bilan soit rendu en demande un
    intermédiaire.
    """
    attendus = _attendus_du_porteur(dossier)
    effets, exercice = effets_de(dossier.version_d_appel), dossier.exercice
    motifs, avertissements = [], []
    for attendu in attendus:
        if not _manque(attendu, jour):
            continue
        dit = _manquant(attendu)
        motifs += [
            _motif(phrase, attendu)
            for phrase in motifs_de_bilan_empechant_de_deposer([dit], exercice, effets)
        ]
        avertissements += [
            _motif(phrase, attendu)
            for phrase in avertissements_de_bilan(
                [dit], exercice, effets, EffetDeBilan.BLOQUE_DEPOT
            )
        ]
    demande = _intermediaire_demande(dossier, attendus, jour)
    if demande is not None:
        phrase = (
            f"Ce projet reprend celui de {demande.exercice}, dont le bilan n’est pas encore rendu : "
            "joignez à votre demande un bilan intermédiaire."
        )
        avertissements.append(_motif(phrase, demande))
    return motifs, avertissements


def _attendus_du_porteur(dossier: Dossier) -> list[BilanAttendu]:
    """Rend ce que doit le porteur d'un dossier dans son contrat, hors de ce dossier, l'ancien d'abord."""
    return list(
        BilanAttendu.objects.annotate(retenu=_RETENU)
        .filter(
            retenu=dossier.projet.porteur.retenu.pk,
            dossier__projet__contrat=dossier.projet.contrat_id,
        )
        .exclude(dossier=dossier.pk)
        .exclude(sorte=SorteDeBilan.DEFINITIF, accepte_le__isnull=False)
        .select_related("dossier__projet")
        .order_by("exercice", "attendu_le", "pk")
    )


def _manque(attendu: BilanAttendu, jour: date) -> bool:
    return attendu.sorte == SorteDeBilan.DEFINITIF and manque(
        attendu_le=attendu.attendu_le, rendu_le=attendu.rendu_le, jour=jour
    )


def _manquant(attendu: BilanAttendu) -> BilanManquant:
    return BilanManquant(
        attendu.exercice,
        attendu.dossier.projet.titre,
        attendu.attendu_le,
        en_clair(attendu.attendu_le),
        attendu.dossier_id,
    )


def _motif(phrase: str, attendu: BilanAttendu) -> Motif:
    return Motif(SECTION, phrase, reference=LOI, titre=TITRE, bilan_du=attendu.dossier_id)


def _intermediaire_demande(
    dossier: Dossier, attendus: list[BilanAttendu], jour: date
) -> BilanAttendu | None:
    """Rend le bilan définitif qu'une reprise du projet devance ; rien si l'intermédiaire est rendu."""
    siens = [
        attendu
        for attendu in attendus
        if attendu.dossier.projet_id == dossier.projet_id
        and attendu.exercice == dossier.exercice - 1
    ]
    if any(a.sorte == SorteDeBilan.INTERMEDIAIRE and a.est_rendu for a in siens):
        return None
    definitifs = (a for a in siens if a.sorte == SorteDeBilan.DEFINITIF and not a.est_rendu)
    return next((a for a in definitifs if a.attendu_le >= jour), None)


def motifs_de_bilan_a_la_decision(dossiers: Collection[Dossier], jour: date) -> list[str]:
    """Rend pourquoi rien ne s'accorde encore à ces dossiers, d'après leurs appels ; deux requêtes au plus."""
    manquants = bilans_manquants_de(dossiers, jour)
    concernes = [dossier for dossier in dossiers if manquants[dossier.pk]]
    versions = VersionDAppel.objects.in_bulk({d.version_d_appel_id for d in concernes})
    motifs = [
        motif
        for dossier in concernes
        for motif in motifs_de_bilan_empechant_de_decider(
            manquants[dossier.pk],
            dossier.exercice,
            effets_de(versions[dossier.version_d_appel_id]),
        )
    ]
    # Deux dossiers d'un même porteur attendent le même bilan : il se dit une fois.
    return list(dict.fromkeys(motifs))


def avertissements_au_service(dossier: Dossier, jour: date) -> list[str]:
    """Rend ce qu'un service doit savoir des bilans du porteur avant d'étudier ce dossier."""
    effets = effets_de(dossier.version_d_appel)
    return avertissements_de_bilan(bilans_manquants(dossier, jour), dossier.exercice, effets)


def porteurs_en_retard(
    dossiers: QuerySet[Dossier], exercice: int, jour: date
) -> dict[int, list[tuple[int, int, date]]]:
    """Rend, par porteur retenu, le dossier, l'exercice et le jour de chaque bilan en retard.

    Ceux des porteurs de ces dossiers, pour un exercice d'avant ; une seule requête, quel que soit
    leur nombre.
    """
    siens = dossiers.annotate(
        retenu=Coalesce("projet__porteur__fusionne_dans", "projet__porteur")
    ).values("retenu")
    lus = (
        bilans_en_retard(jour)
        .annotate(retenu=_RETENU)
        .filter(
            exercice__lt=exercice,
            retenu__in=siens,
            dossier__projet__contrat__in=dossiers.values("projet__contrat"),
        )
        .order_by("exercice", "attendu_le", "pk")
        .values_list("retenu", "dossier", "exercice", "attendu_le")
    )
    ranges: dict[int, list[tuple[int, int, date]]] = {}
    for porteur, *bilan in lus:
        ranges.setdefault(porteur, []).append(tuple(bilan))  # type: ignore[arg-type]
    return ranges
