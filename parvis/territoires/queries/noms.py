"""Retrouver une commune ou un quartier par un nom imprimé."""

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.socle.texte import cle_de_tri
from parvis.territoires.models import Commune, Quartier


def _sans_homonymes(nommees: Iterable[tuple[str, Commune]]) -> dict[str, Commune]:
    """Rend les communes que leur nom désigne seules : « Villeneuve » en désigne plusieurs."""
    par_nom: dict[str, list[Commune]] = {}
    for nom, commune in nommees:
        par_nom.setdefault(nom, []).append(commune)
    return {nom: trouvees[0] for nom, trouvees in par_nom.items() if len(trouvees) == 1}


@dataclass(frozen=True)
class Reperes:
    """Les communes et quartiers connus, par toutes leurs graphies."""

    communes: dict[str, Commune]
    quartiers: dict[str, list[Quartier]]
    communes_des_quartiers: dict[int, frozenset[int]]

    @classmethod
    def de_l_annee(cls, annee: int) -> "Reperes":
        """Rend les repères avec le dernier millésime de quartiers en vigueur cette année-là."""
        communes = list(Commune.objects.all())
        # « Vitry » se dit pour « Vitry-sur-Seine » ; le nom complet garde la priorité.
        courtes = _sans_homonymes((cle_de_tri(c.nom.split("-")[0]), c) for c in communes)
        completes = _sans_homonymes((cle_de_tri(c.nom), c) for c in communes)
        lignes = Quartier.objects.filter(millesime__lte=annee)
        millesime = lignes.order_by("-millesime").values_list("millesime", flat=True).first()
        quartiers: dict[str, list[Quartier]] = {}
        situes: dict[int, frozenset[int]] = {}
        retenus = lignes.filter(millesime=millesime or 0)
        for quartier in retenus.prefetch_related("communes", "autres_noms"):
            situes[quartier.pk] = frozenset(c.pk for c in quartier.communes.all())
            noms = {quartier.nom, *(autre.nom for autre in quartier.autres_noms.all())}
            for cle in {cle_de_tri(nom) for nom in noms}:
                quartiers.setdefault(cle, []).append(quartier)
        return cls(courtes | completes, quartiers, situes)

    def situer(self, imprime: str, territoire: str) -> tuple[Commune | None, Quartier | None]:
        """Rend la commune et le quartier d'un lieu imprimé ; rien plutôt qu'une supposition."""
        commune = self.communes.get(cle_de_tri(imprime)) or self.communes.get(
            cle_de_tri(territoire)
        )
        possibles = self.quartiers.get(cle_de_tri(imprime), [])
        if commune:
            possibles = [q for q in possibles if commune.pk in self.communes_des_quartiers[q.pk]]
        return commune, possibles[0] if len(possibles) == 1 else None
