"""Retrouver une commune ou un quartier par un nom imprimé."""

from dataclasses import dataclass

from parvis.socle.texte import cle_de_tri
from parvis.territoires.models import Commune, Quartier


@dataclass(frozen=True)
class Reperes:
    """Les communes et quartiers connus, par toutes leurs graphies."""

    communes: dict[str, Commune]
    quartiers: dict[str, list[Quartier]]
    communes_des_quartiers: dict[int, frozenset[int]]

    @classmethod
    def de_l_annee(cls, annee: int) -> "Reperes":
        """Rend les repères avec le dernier millésime de quartiers en vigueur cette année-là."""
        communes = {}
        for commune in Commune.objects.all():
            communes[cle_de_tri(commune.nom)] = commune
            # « Vitry » se dit pour « Vitry-sur-Seine » ; le nom complet garde la priorité.
            communes.setdefault(cle_de_tri(commune.nom.split("-")[0]), commune)
        lignes = Quartier.objects.filter(millesime__lte=annee)
        millesime = lignes.order_by("-millesime").values_list("millesime", flat=True).first()
        quartiers: dict[str, list[Quartier]] = {}
        situes: dict[int, frozenset[int]] = {}
        retenus = lignes.filter(millesime=millesime).prefetch_related("communes", "autres_noms")
        for quartier in retenus:
            situes[quartier.pk] = frozenset(c.pk for c in quartier.communes.all())
            noms = {quartier.nom, *(autre.nom for autre in quartier.autres_noms.all())}
            for cle in {cle_de_tri(nom) for nom in noms}:
                quartiers.setdefault(cle, []).append(quartier)
        return cls(communes, quartiers, situes)

    def situer(self, imprime: str, territoire: str) -> tuple[Commune | None, Quartier | None]:
        """Rend la commune et le quartier d'un lieu imprimé ; rien plutôt qu'une supposition."""
        commune = self.communes.get(cle_de_tri(imprime)) or self.communes.get(
            cle_de_tri(territoire)
        )
        possibles = self.quartiers.get(cle_de_tri(imprime), [])
        if commune:
            possibles = [q for q in possibles if commune.pk in self.communes_des_quartiers[q.pk]]
        return commune, possibles[0] if len(possibles) == 1 else None
