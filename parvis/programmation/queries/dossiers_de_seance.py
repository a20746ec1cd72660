"""Le dossier de séance : tous les dossiers de l'ordre du jour, tels que qui le demande les lit.

Le nombre de requêtes ne dépend pas du nombre de dossiers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.document.description import Colonne, Fait, Ligne, Tableau, en_donnees
from parvis.dossiers.models import VersionDeposee
from parvis.programmation.document.dossier_de_seance import (
    Cle,
    DossierDeSeance,
    Feuille,
    abreger,
    cles_de_la_feuille,
    lire_ce_qui_est_depose,
)
from parvis.programmation.enums import EtatDeSeance
from parvis.programmation.models import PointDeSeance, Seance
from parvis.programmation.queries.avis_de_seance import AvisDeSeance, avis_de_la_seance
from parvis.programmation.queries.ordre_du_jour import (
    DemandeEnSeance,
    OrdreDuJour,
    PointLu,
    ordre_du_jour,
)
from parvis.programmation.queries.seances import points_lisibles
from parvis.socle.montants import ecrire_montant
from parvis.socle.templatetags.socle import compte, heure, jour

_PAR_PAS = 10
_MOTIF_D_ARBITRAGE = 200
ZERO = Decimal("0.00")
Suivre = Callable[[int], None]


def dossiers_de_la_seance(acteur: Acteur, seance: Seance) -> list[int]:
    """Rend les dossiers que son dossier de séance réunirait, dans l'ordre du jour."""
    lus = points_lisibles(acteur, seance).order_by("rang", "pk")
    return list(lus.values_list("dossier", flat=True))


def donnees_du_dossier(
    acteur: Acteur, seance: Seance, suivre: Suivre
) -> tuple[dict[str, Any], list[int]]:
    """Rend tout ce que le document dit, prêt à composer, et les dossiers dont il parle.

    L'acteur lit déjà la séance. Ce qu'il n'a pas à lire n'y est pas. `suivre` apprend combien de dossiers
    sont lus.
    """
    lu = ordre_du_jour(acteur, seance)
    feuilles = list(_feuilles(acteur, lu, suivre))
    donnees: dict[str, Any] = en_donnees(_document(acteur, lu, feuilles))
    return donnees, [point.dossier.pk for point in lu.points]


def _document(acteur: Acteur, lu: OrdreDuJour, feuilles: Sequence[Feuille]) -> DossierDeSeance:
    seance, reunion = lu.seance, lu.seance.reunion
    contrat, le = reunion.instance.contrat, jour(reunion.commence_le)
    demandes = [d for point in lu.points for d in point.demandes]
    somme = sum((point.demande for point in lu.points), start=ZERO)
    return DossierDeSeance(
        titre=f"Dossier de séance, {le}",
        contrat=contrat.titre,
        entete=f"{contrat.titre} · séance du {le}",
        auteur=reunion.instance.nom,
        objet=reunion.objet,
        faits=[
            Fait("Instance", reunion.instance.nom),
            Fait("Réunion", f"Le {le} à {heure(reunion.commence_le)}"),
            Fait("Lieu", reunion.lieu),
            Fait("Exercice", str(seance.exercice)),
            *([Fait("État", seance.get_etat_display())] if seance.ouverte_le else []),
        ],
        cles=[
            Cle("À l’ordre du jour", compte(len(feuilles), "dossier")),
            Cle("En discussion", compte(len(demandes), "demande")),
            Cle("Demandé en tout", ecrire_montant(somme, court=True)),
        ],
        financeurs=_les_financeurs(lu),
        mentions=_mentions(acteur, lu, demandes),
        feuilles=feuilles,
    )


def _mentions(acteur: Acteur, lu: OrdreDuJour, demandes: Sequence[DemandeEnSeance]) -> list[str]:
    maintenant = timezone.now()
    qui = ", ".join(filter(None, [acteur.utilisateur_nom, acteur.organisme_nom]))
    mentions = [
        f"Composé le {jour(maintenant)} à {heure(maintenant)} pour {qui}. "
        "Ce qui a changé depuis n’y est pas.",
        "Ce document est réservé aux membres de la séance : il dit des avis et des montants qui ne sont "
        "pas publics.",
        "Les textes sont ceux des porteurs, tels qu’ils ont été déposés ; « […] » dit qu’un texte continue "
        "dans le dossier.",
    ]
    if any(d.arbitrage for d in demandes):
        provisoire = "" if lu.seance.etat == EtatDeSeance.PUBLIEE else " C’est encore provisoire."
        mentions.append(
            f"La séance propose ; chaque financeur vote ensuite, et ce vote seul l’engage.{provisoire}"
        )
    if lu.caches:
        mentions.append(
            f"{compte(lu.caches, 'dossier').capitalize()} dont vous vous êtes retiré n’y "
            f"{'sont' if lu.caches > 1 else 'est'} pas ; les numéros sont ceux de tout l’ordre du jour."
        )
    return mentions


def _les_financeurs(lu: OrdreDuJour) -> list[Tableau]:
    """Rend qui finance, ce qu'on lui demande et ce qu'il a dit apporter ; rien du reste d'une enveloppe."""
    if not lu.tables:
        return []
    annoncent = any(t.montant is not None for t in lu.tables)
    votent = any(t.apport and t.apport.vote_prevu_le for t in lu.tables)
    colonnes = [
        Colonne("Financeur", 5),
        Colonne("Demandes", 2, est_nombre=True),
        Colonne("Demandé", 3, est_nombre=True),
        *([Colonne("Dit apporter", 3, est_nombre=True)] if annoncent else []),
        *([Colonne("Votera le", 3)] if votent else []),
    ]
    lignes = [
        Ligne(
            [
                t.nom,
                str(t.demandes),
                ecrire_montant(t.demande, court=True),
                *([_montant(t.montant)] if annoncent else []),
                *([jour(t.apport.vote_prevu_le) if t.apport else ""] if votent else []),
            ]
        )
        for t in lu.tables
    ]
    return [Tableau("Les financeurs", colonnes, lignes)]


def _feuilles(acteur: Acteur, lu: OrdreDuJour, suivre: Suivre) -> Iterator[Feuille]:
    points = lu.seance.points.filter(pk__in=[point.point.pk for point in lu.points])
    # Le numéro est le même pour tous les membres, même à qui un dossier est caché.
    ordre = lu.seance.points.order_by("rang", "pk").values_list("pk", flat=True)
    rangs = {pk: str(rang) for rang, pk in enumerate(ordre, 1)}
    colonnes = _Colonnes.de(lu)
    avis = avis_de_la_seance(acteur, lu.seance, points)
    versions = _versions(points)
    for lus, point in enumerate(lu.points, 1):
        yield _feuille(rangs[point.point.pk], point, versions, colonnes, avis)
        if lus % _PAR_PAS == 0 or lus == len(lu.points):
            suivre(lus)


def _versions(points: QuerySet[PointDeSeance]) -> dict[int, VersionDeposee]:
    """Rend la dernière version déposée de chaque dossier."""
    siennes = VersionDeposee.objects.filter(dossier=OuterRef("dossier")).order_by()
    derniere = siennes.values("dossier").annotate(dernier=Max("numero")).values("dernier")
    lues = VersionDeposee.objects.filter(
        dossier__in=points.values("dossier"), numero=Subquery(derniere)
    )
    return {version.dossier_id: version for version in lues}


def _feuille(
    rang: str,
    point: PointLu,
    versions: Mapping[int, VersionDeposee],
    colonnes: "_Colonnes",
    avis: AvisDeSeance,
) -> Feuille:
    dossier, projet = point.dossier, point.dossier.projet
    version = versions[dossier.pk]
    lu = lire_ce_qui_est_depose(version.contenu, dossier.exercice)
    porteuse = projet.structure_porteuse
    suite = f"version {version.numero}, du {jour(version.deposee_le)}" if version.numero > 1 else ""
    return Feuille(
        rang=rang,
        reference=dossier.reference,
        titre=lu.depose.titre or projet.titre,
        mention=" · ".join(filter(None, [lu.depose.appel, suite])),
        porteur=str(projet.porteur.retenu),
        structure=f"L’argent irait à {porteuse.retenu}." if porteuse else "",
        demande=ecrire_montant(point.demande, court=True),
        cles=cles_de_la_feuille(lu, point.demande, point.arbitre if point.est_arbitre else None),
        depose=lu.depose,
        demandes=colonnes.tableau(point),
        avis=avis.dits(dossier.pk),
        attendus=avis.attendus(point),
        retraits=_retraits(point),
    )


def _retraits(point: PointLu) -> str:
    noms = ", ".join(deport.mandat.nom for deport in point.deports)
    return noms and f"{noms} se retire{'nt' if len(point.deports) > 1 else ''} de ce dossier."


@dataclass(frozen=True)
class _Colonnes:
    """Ce que les tableaux de demandes disent, le même pour toutes les feuilles."""

    exercice: int
    est_publiee: bool
    propose: bool
    vote: bool
    avant: bool
    ici: bool

    @classmethod
    def de(cls, lu: OrdreDuJour) -> "_Colonnes":
        demandes = [d for point in lu.points for d in point.demandes]
        return cls(
            lu.seance.exercice,
            lu.seance.etat == EtatDeSeance.PUBLIEE,
            any(d.propose is not None for d in demandes),
            any(d.vote_avant is not None for d in demandes),
            any(d.avant for d in demandes),
            any(d.arbitrage for d in demandes),
        )

    def tableau(self, point: PointLu) -> Tableau:
        """Rend les demandes d'un dossier, ce qu'on en sait, et leur somme en argent."""
        ici = "Cette séance" if self.est_publiee else "Cette séance (provisoire)"
        colonnes = [
            Colonne("Financeur", 5),
            Colonne("Demandé", 2, est_nombre=True),
            *([Colonne("Proposé", 2, est_nombre=True)] if self.propose else []),
            *([Colonne(f"Voté {self.exercice - 1}", 2, est_nombre=True)] if self.vote else []),
            *([Colonne("Séance d’avant", 5)] if self.avant else []),
            *([Colonne(ici, 5)] if self.ici else []),
        ]
        lignes = [Ligne(self._cases(d)) for d in point.demandes]
        if len(lignes) > 1:
            total = ["Total en argent", ecrire_montant(point.demande, court=True)]
            total += [""] * (len(colonnes) - 2)
            if point.est_arbitre:
                total[-1] = ecrire_montant(point.arbitre, court=True)
            lignes.append(Ligne(total, est_forte=True))
        return Tableau("Les demandes", colonnes, lignes)

    def _cases(self, d: DemandeEnSeance) -> list[str]:
        precision = ", ".join(
            filter(None, [d.demande.ligne, "en nature" if d.est_en_nature else ""])
        )
        return [
            "\n".join(filter(None, [d.nom, precision])),
            ecrire_montant(d.demande_montant, court=True),
            *([_montant(d.propose)] if self.propose else []),
            *([_montant(d.vote_avant)] if self.vote else []),
            *([_dire(d.dit_avant, d.avant.motif if d.avant else "")] if self.avant else []),
            *([_dire(d.dit, d.arbitrage.motif if d.arbitrage else "")] if self.ici else []),
        ]


def _montant(montant: Any) -> str:
    return "–" if montant is None else ecrire_montant(montant, court=True)


def _dire(dit: str, motif: str) -> str:
    phrases = [dit[:1].upper() + dit[1:], abreger(motif, _MOTIF_D_ARBITRAGE)]
    return "\n".join(filter(None, phrases)) or "–"
