"""Ce que le contrat sait des noms qu'il cite, tel qu'un formulaire le compare."""

from typing import Any

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from parvis.cadre.models import Contrat, Dispositif, Partenaire


def etat_du_savoir(ligne: Partenaire | Dispositif) -> dict[str, Any]:
    """Rend ce que l'on sait d'une ligne en textes, clés et listes : ce que l'on compare et signe."""
    etat: dict[str, Any] = {champ: getattr(ligne, champ) for champ in ligne.CHAMPS}
    etat["fin_le"] = ligne.fin_le.isoformat() if ligne.fin_le else ""
    if isinstance(ligne, Dispositif):
        etat["responsables"] = sorted(partenaire.pk for partenaire in ligne.responsables.all())
    else:
        etat["parent"] = ligne.parent_id
    return etat


def versions_des_savoirs(contrat: int) -> int:
    """Rend la somme des versions d'un contrat : elle ne fait que croître, à chaque changement."""

    def somme(modele: type[Partenaire] | type[Dispositif]) -> Coalesce:
        lignes = modele._default_manager.filter(contrat=OuterRef("pk")).order_by()
        total = lignes.values("contrat").annotate(n=Sum("version")).values("n")
        return Coalesce(Subquery(total), 0)

    return sum(
        Contrat.objects.filter(pk=contrat).values_list(somme(Partenaire), somme(Dispositif))[0]
    )
