"""Une séance telle qu'on la lit : ses dossiers dans l'ordre, chaque financeur, ce qui est arbitré."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Information, Regard
from parvis.comptes.rules.regards import voit
from parvis.dossiers.enums import NatureDeDemande
from parvis.dossiers.models import Demande, Dossier
from parvis.instances.permissions import peut_tenir_les_instances
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.dossiers import demandes_du_service
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres
from parvis.programmation.enums import EtatDeSeance
from parvis.programmation.models import (
    ApportDeSeance,
    Arbitrage,
    DeportDeSeance,
    PointDeSeance,
    Seance,
)
from parvis.programmation.permissions import a_des_enveloppes
from parvis.programmation.queries.seances import discutees, points_lisibles, restantes
from parvis.programmation.rules.seances import Avancee, dire_l_arbitrage, somme

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class DemandeEnSeance:
    """Une demande à l'ordre du jour, ce que l'on sait d'elle, ce que la séance en propose."""

    demande: Demande
    financeur: int
    nom: str
    propose: Decimal | None
    vote_avant: Decimal | None
    arbitrage: Arbitrage | None
    # Ce qu'une séance d'avant en a proposé.
    avant: Arbitrage | None

    @property
    def est_a_arbitrer(self) -> bool:
        """Dit si la séance a encore à s'en occuper : ni elle ni une autre n'en propose rien."""
        return self.arbitrage is None and self.demande.montant_arbitre is None

    @property
    def rang(self) -> int:
        return self.arbitrage.rang if self.arbitrage else 0

    @property
    def demande_montant(self) -> Decimal:
        return self.demande.montant_demande or ZERO

    @property
    def est_en_nature(self) -> bool:
        return bool(self.demande.nature == NatureDeDemande.NATURE)

    @property
    def dit(self) -> str:
        return dire(self.arbitrage, self.demande) if self.arbitrage else ""

    @property
    def dit_avant(self) -> str:
        return dire(self.avant, self.demande) if self.avant else ""


@dataclass(frozen=True)
class PointLu:
    """Un dossier de l'ordre du jour : ses demandes, et qui s'en retire."""

    point: PointDeSeance
    fiche: str
    quartiers: list[str]
    demandes: list[DemandeEnSeance]
    deports: list[DeportDeSeance] = field(default_factory=list)

    @property
    def dossier(self) -> Dossier:
        return self.point.dossier

    @property
    def restent(self) -> int:
        return sum(d.est_a_arbitrer for d in self.demandes)

    @property
    def est_arbitre(self) -> bool:
        return any(d.arbitrage for d in self.demandes)

    @property
    def arbitre(self) -> Decimal:
        return somme(
            d.arbitrage.montant for d in self.demandes if d.arbitrage and not d.est_en_nature
        )

    @property
    def demande(self) -> Decimal:
        return somme(d.demande_montant for d in self.demandes if not d.est_en_nature)


@dataclass(frozen=True)
class Table:
    """Un financeur de la séance : ce qu'il apporte, ce qui en est arbitré, et ce qui en reste."""

    organisme: Organisme
    apport: ApportDeSeance | None
    demande: Decimal
    arbitre: Decimal
    demandes: int
    restent: int

    @property
    def financeur(self) -> int:
        return int(self.organisme.pk)

    @property
    def nom(self) -> str:
        return str(self.organisme)

    @property
    def montant(self) -> Decimal | None:
        return self.apport.montant if self.apport else None

    @property
    def reste(self) -> Decimal | None:
        """Rend ce qui reste de l'apport, négatif si l'on a arbitré plus ; rien sans apport dit."""
        return None if self.montant is None else self.montant - self.arbitre

    @property
    def depassement(self) -> Decimal:
        """Rend ce qui est arbitré au-delà de l'apport."""
        return max(ZERO, -(self.reste or ZERO))

    @property
    def part(self) -> int:
        """Rend ce qui est arbitré, en centièmes de l'apport, cent au plus."""
        return min(100, int(self.arbitre * 100 / self.montant)) if self.montant else 0


@dataclass(frozen=True)
class OrdreDuJour:
    """Toute une séance : ses points dans l'ordre, chaque financeur, et où l'on en est."""

    seance: Seance
    points: list[PointLu]
    tables: list[Table]
    avancee: Avancee
    # Un point dont le lecteur s'est déporté ne se compte que là.
    caches: int = 0

    @property
    def deports(self) -> int:
        return sum(len(point.deports) for point in self.points)


def ordre_du_jour(
    acteur: Acteur, seance: Seance, *, points: QuerySet[PointDeSeance] | None = None
) -> OrdreDuJour:
    """Rend une séance que l'acteur lit, en un nombre fixe de requêtes ; `points` la réduit à ceux-là.

    Les dossiers dont il s'est déporté n'y sont pas, ni dans un point, ni dans une somme.
    """
    lisibles = points_lisibles(acteur, seance)
    lus = list(
        (lisibles if points is None else lisibles.filter(pk__in=points))
        .select_related(
            "dossier__projet__porteur__fusionne_dans",
            "dossier__projet__structure_porteuse__fusionne_dans",
            "dossier__appel__contrat",
        )
        .prefetch_related(
            "dossier__fiches__fiche",
            "dossier__lieux__quartier",
            "deports__mandat__utilisateur",
        )
        .order_by("rang", "pk")
    )
    demandes = _demandes(acteur, seance, lus)
    tables = tables_de_la_seance(seance, lisibles)
    return OrdreDuJour(
        seance,
        [_point_lu(point, demandes[point.dossier_id]) for point in lus],
        tables,
        Avancee(sum(t.demandes for t in tables), sum(t.demandes - t.restent for t in tables)),
        seance.points.count() - lisibles.count(),
    )


def table_du_service(acteur: Acteur, lu: OrdreDuJour) -> Table | None:
    """Rend la table du financeur de l'acteur ; rien s'il n'en tient pas l'argent."""
    if not a_des_enveloppes(acteur) or acteur.organisme is None:
        return None
    sien = acteur.organisme.retenu.pk
    return next((table for table in lu.tables if table.financeur == sien), None)


def tables_de_la_seance(seance: Seance, points: QuerySet[PointDeSeance]) -> list[Table]:
    """Rend chaque financeur de ces points, par nom : son apport, et les sommes que la base calcule."""
    en_argent = Q(nature=NatureDeDemande.NUMERAIRE)
    qui = Coalesce("financeur__fusionne_dans", "financeur")
    lues = discutees(points, seance).annotate(qui=qui).order_by().values("qui")
    sommes = lues.annotate(
        demandes=Count("pk"), demande=Sum("montant_demande", filter=en_argent)
    ).values_list("qui", "demandes", "demande")
    arbitrees = lues.filter(arbitrages__vaut=True, arbitrages__point__seance=seance).annotate(
        montant=Sum("arbitrages__montant", filter=en_argent)
    )
    faits = {pk: m or ZERO for pk, m in arbitrees.values_list("qui", "montant")}
    reste = restantes(points, seance).annotate(qui=qui).order_by().values("qui")
    restent = dict(reste.annotate(nombre=Count("pk")).values_list("qui", "nombre"))
    organismes = Organisme.objects.in_bulk([pk for pk, *_ in sommes])
    apports = apports_par_financeur(seance)
    rendues = []
    for pk, demandes, demande in sommes:
        rendues.append(
            Table(
                organismes[pk],
                apports.get(pk),
                demande or ZERO,
                faits.get(pk, ZERO),
                demandes,
                restent.get(pk, 0),
            )
        )
    return sorted(rendues, key=lambda table: (table.organisme.cle_de_tri, table.nom))


def restes_d_avant(acteur: Acteur, seance: Seance) -> dict[int, Decimal]:
    """Rend ce que la séance d'avant a laissé de chaque apport, par financeur ; rien sans elle."""
    avant = seance.suite_de
    # Tant qu'elle peut changer, ou si l'acteur ne la lit pas toute, son reste serait faux.
    if avant is None or avant.etat != EtatDeSeance.PUBLIEE:
        return {}
    points = points_lisibles(acteur, avant)
    if points.count() < avant.points.count():
        return {}
    tables = tables_de_la_seance(avant, points)
    return {table.financeur: table.reste for table in tables if table.reste}


def apports_par_financeur(seance: Seance) -> dict[int, ApportDeSeance]:
    """Rend ce que chaque financeur apporte ; de doublons réunis depuis, le dernier mot vaut."""
    lus = seance.apports.select_related("financeur__fusionne_dans").order_by("note_le", "pk")
    return {apport.financeur.retenu.pk: apport for apport in lus}


def _demandes(
    acteur: Acteur, seance: Seance, points: Sequence[PointDeSeance]
) -> dict[int, list[DemandeEnSeance]]:
    """Rend les demandes de ces points, par dossier, avec ce que l'acteur a le droit d'en lire."""
    pks = seance.points.filter(pk__in=[point.pk for point in points])
    lues = list(
        discutees(pks, seance)
        .select_related("financeur__fusionne_dans", "dossier")
        .order_by("dossier", "financeur__cle_de_tri", "rang", "pk")
    )
    ici = {
        a.demande_id: a
        for a in Arbitrage.objects.filter(point__seance=seance, vaut=True, demande__in=lues)
    }
    avant = _d_avant(seance, lues)
    votes = _votes_d_avant(seance, lues)
    siens, finances = _du_service(acteur, lues)
    rendues: dict[int, list[DemandeEnSeance]] = defaultdict(list)
    for demande in lues:
        assert demande.financeur is not None
        retenu = demande.financeur.retenu
        rendues[demande.dossier_id].append(
            DemandeEnSeance(
                demande,
                retenu.pk,
                str(retenu),
                demande.montant_propose
                if _lit_le_propose(acteur, demande, siens, finances, seance)
                else None,
                votes.get((demande.dossier.projet_id, retenu.pk)),
                ici.get(demande.pk),
                avant.get(demande.pk),
            )
        )
    return rendues


def _du_service(acteur: Acteur, demandes: Sequence[Demande]) -> tuple[set[int], set[int]]:
    """Rend l'organisme d'un instructeur, doublons compris, et les dossiers qu'il finance parmi ceux-là."""
    if not peut_financer(acteur) or acteur.organisme is None:
        return set(), set()
    siennes = demandes_du_service(acteur).filter(dossier__in={d.dossier_id for d in demandes})
    return set(membres(acteur.organisme)), set(siennes.values_list("dossier", flat=True))


def _lit_le_propose(
    acteur: Acteur, demande: Demande, siens: set[int], finances: set[int], seance: Seance
) -> bool:
    """Dit si l'acteur lit ce qu'un service propose : son auteur, les cofinanceurs et qui tient la séance."""
    if demande.financeur_id in siens:
        return voit(Information.MONTANT_PROPOSE, Regard.SERVICE)
    # Un financeur qui siège n'est pas cofinanceur d'un dossier qui ne lui demande rien.
    cofinance = demande.dossier_id in finances
    tient = peut_tenir_les_instances(acteur, seance.reunion.instance.contrat.code)
    regard = Regard.COFINANCEUR if tient or cofinance else Regard.CO_INSTRUCTEUR
    est_partagee = demande.propose_partage_le is not None
    return voit(Information.MONTANT_PROPOSE, regard, est_partagee=est_partagee)


def _d_avant(seance: Seance, demandes: Sequence[Demande]) -> dict[int, Arbitrage]:
    """Rend ce que la dernière séance publiée d'avant a dit de chacune de ces demandes."""
    dites = Arbitrage.objects.filter(
        demande__in=demandes, vaut=True, point__seance__publiee_le__isnull=False
    ).exclude(point__seance=seance)
    if seance.ouverte_le:
        dites = dites.filter(point__seance__ouverte_le__lt=seance.ouverte_le)
    return {a.demande_id: a for a in dites.order_by("point__seance__reunion__commence_le", "pk")}


def _votes_d_avant(seance: Seance, demandes: Sequence[Demande]) -> dict[tuple[int, int], Decimal]:
    """Rend ce que chaque financeur a voté l'exercice d'avant pour le même projet."""
    votes = (
        Demande.objects.filter(
            dossier__projet__in={d.dossier.projet_id for d in demandes},
            exercice=seance.exercice - 1,
            montant_vote__isnull=False,
            nature=NatureDeDemande.NUMERAIRE,
        )
        .order_by()
        .values("dossier__projet", "financeur", "financeur__fusionne_dans")
        .annotate(somme=Sum("montant_vote"))
    )
    rendus: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    for vote in votes:
        qui = vote["financeur__fusionne_dans"] or vote["financeur"]
        rendus[vote["dossier__projet"], qui] += vote["somme"]
    return dict(rendus)


def _point_lu(point: PointDeSeance, demandes: list[DemandeEnSeance]) -> PointLu:
    dossier = point.dossier
    principale = next((f for f in dossier.fiches.all() if f.est_principale), None)
    quartiers = {lieu.quartier.nom for lieu in dossier.lieux.all() if lieu.quartier}
    return PointLu(
        point,
        principale.fiche.numero if principale else "",
        sorted(quartiers),
        demandes,
        list(point.deports.all()),
    )


def dire(arbitrage: Arbitrage, demande: Demande) -> str:
    """Rend en peu de mots ce que la séance propose pour une demande."""
    return dire_l_arbitrage(
        resultat=arbitrage.resultat,
        montant=arbitrage.montant,
        demande=demande.montant_demande or ZERO,
        condition=arbitrage.condition,
        vers=arbitrage.vers,
    )


def avec_ses_suites(dit: str, arbitrage: Arbitrage | None) -> str:
    """Rend ce qu'une séance propose au porteur avec sa condition, et où elle lui conseille d'aller."""
    if arbitrage is None:
        return dit
    if arbitrage.condition:
        dit += f", à condition : {arbitrage.condition.rstrip(' .')}"
    return f"{dit} (la séance conseille : {arbitrage.vers})" if arbitrage.vers else dit
