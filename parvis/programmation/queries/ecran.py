"""L'écran de séance : un dossier, la demande que l'on arbitre, celle d'après, ce qui reste à chacun."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from parvis.comptes.acteur import Acteur
from parvis.programmation.models import Arbitrage, Seance
from parvis.programmation.queries.ordre_du_jour import (
    DemandeEnSeance,
    OrdreDuJour,
    PointLu,
    ordre_du_jour,
)
from parvis.programmation.queries.seances import discutees, points_lisibles, restantes


@dataclass(frozen=True)
class Ecran:
    """Ce que montre l'écran : le point, la demande que l'on tient, et où aller ensuite."""

    lu: OrdreDuJour
    point: PointLu | None
    demande: DemandeEnSeance | None
    # La demande suivante à arbitrer ; le dossier d'avant, celui d'après.
    suivante: int | None
    precedent: int | None
    suivant: int | None
    numero: int
    points: int
    # Ce qu'annulerait Ctrl+Z ; rien s'il n'y a rien à annuler.
    dernier: int | None

    @property
    def reste(self) -> Decimal | None:
        """Rend ce qui reste de l'apport du financeur dont on tient la demande ; rien s'il n'en dit pas."""
        if self.demande is None or self.demande.est_en_nature:
            return None
        siennes = (t.reste for t in self.lu.tables if t.financeur == self.demande.financeur)
        return next(siennes, None)


def ecran(
    acteur: Acteur, seance: Seance, *, point: int | None = None, demande: int | None = None
) -> Ecran:
    """Rend l'écran d'une séance que l'acteur tient, en un nombre fixe de requêtes.

    Une demande choisie donne son dossier ; un dossier, sa première demande à arbitrer ; rien, la première
    de toute la séance. Un dossier dont l'acteur s'est déporté n'y est jamais.
    """
    lisibles = points_lisibles(acteur, seance)
    points = dict(lisibles.order_by("rang", "pk").values_list("dossier", "pk"))
    ordre = list(points.values())
    rangs = {pk: rang for rang, pk in enumerate(ordre)}
    faits = Arbitrage.objects.filter(point__seance=seance, annule_le__isnull=True)
    a_faire = set(restantes(lisibles, seance).values_list("pk", flat=True))
    dernier = faits.order_by("-pk").values_list("pk", flat=True).first()
    # Dans l'ordre de la séance, puis dans celui où le dossier les montre.
    demandes = sorted(
        (
            (rangs[points[dossier]], rang, pk)
            for rang, (dossier, pk) in enumerate(
                discutees(lisibles, seance)
                .annotate(cle=F("financeur__cle_de_tri"))
                .order_by("cle", "rang", "pk")
                .values_list("dossier", "pk")
            )
        ),
    )
    restent = [(ou, pk) for ou, _, pk in demandes if pk in a_faire]
    choisie = next((ou for ou, _, pk in demandes if pk == demande), None)
    ici = choisie if choisie is not None else rangs.get(point or 0)
    if ici is None:
        ici = restent[0][0] if restent else 0
    if not ordre:
        return Ecran(ordre_du_jour(acteur, seance), None, None, None, None, None, 0, 0, None)
    lu = ordre_du_jour(acteur, seance, points=lisibles.filter(pk=ordre[ici]))
    lue = lu.points[0]
    tenue = next((d for d in lue.demandes if d.demande.pk == demande), None) or next(
        (d for d in lue.demandes if d.est_a_arbitrer), lue.demandes[0] if lue.demandes else None
    )
    return Ecran(
        lu,
        lue,
        tenue,
        _suivante(restent, ici, tenue),
        ordre[ici - 1] if ici else None,
        ordre[ici + 1] if ici + 1 < len(ordre) else None,
        ici + 1,
        len(ordre),
        dernier,
    )


def _suivante(
    restent: list[tuple[int, int]], ici: int, tenue: DemandeEnSeance | None
) -> int | None:
    """Rend la demande à arbitrer après celle-ci : dans le dossier, puis plus loin, puis depuis le début."""
    autres = [(ou, pk) for ou, pk in restent if tenue is None or pk != tenue.demande.pk]
    apres = [pk for ou, pk in autres if ou >= ici]
    return next(iter(apres or [pk for _, pk in autres]), None)
