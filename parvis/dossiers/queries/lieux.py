"""Où un projet peut se passer : les communes et les quartiers d'un contrat, et qui couvre le reste."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.cadre.queries.lecture import contrats_publies
from parvis.comptes.acteur import Acteur
from parvis.dossiers.queries.territoire import communes_du_contrat
from parvis.organismes.enums import Nature
from parvis.organismes.models import Organisme
from parvis.socle.texte import cle_de_tri
from parvis.territoires.models import Commune, Quartier
from parvis.territoires.rules.millesimes import millesime_du

FINANCEURS_D_UN_DEPARTEMENT = (Nature.ETAT, Nature.DEPARTEMENT, Nature.PROTECTION_SOCIALE)


@dataclass(frozen=True)
class LieuxDuContrat:
    """Les communes d'un contrat, ses quartiers d'aujourd'hui, et leur millésime."""

    communes: list[Commune]
    quartiers: list[Quartier]
    anciens: list[Quartier]
    millesime: int

    @property
    def par_commune(self) -> list[tuple[str, list[Quartier]]]:
        """Rend les quartiers rangés sous le nom de leurs communes."""
        ranges: dict[str, list[Quartier]] = {}
        for quartier in self.quartiers:
            noms = ", ".join(sorted(commune.nom for commune in quartier.communes.all()))
            ranges.setdefault(noms, []).append(quartier)
        return sorted(ranges.items(), key=lambda couple: cle_de_tri(couple[0]))


@dataclass(frozen=True)
class Ailleurs:
    """Une commune que le contrat ne couvre pas, et les contrats de l'instance qui la couvrent."""

    nom: str
    contrats: list[Contrat]
    commune: Commune | None = None


def lieux_du_contrat(contrat: Contrat, jour: date | None = None) -> LieuxDuContrat:
    """Rend les lieux d'un contrat ce jour-là, dans l'ordre des noms, en un nombre fixe de requêtes."""
    millesime = millesime_du(jour or timezone.localdate())
    communes = sorted(communes_du_contrat(contrat), key=lambda c: cle_de_tri(c.nom))
    tous = Quartier.objects.filter(communes__in=communes).distinct().prefetch_related("communes")
    ranges = sorted(tous, key=lambda q: (cle_de_tri(q.nom), q.pk))
    return LieuxDuContrat(
        communes,
        [q for q in ranges if q.millesime == millesime],
        [q for q in ranges if q.millesime != millesime],
        millesime,
    )


def communes_nommees(nom: str) -> list[Commune]:
    """Rend les communes de ce nom, ou de ce code Insee."""
    par_code = Commune.objects.filter(code=nom.strip())
    cle = cle_de_tri(nom)
    if not cle:
        return []
    # Le nom est assez rare pour que son premier mot suffise à ne pas tout lire.
    premier = nom.strip()[:2]
    possibles = Commune.objects.filter(nom__istartswith=premier)
    return [*par_code, *(c for c in possibles if cle_de_tri(c.nom) == cle)]


def ailleurs(acteur: Acteur, contrat: Contrat, nom: str) -> Ailleurs | Commune | None:
    """Rend la commune du contrat que ce nom désigne, ou ce qui la couvre si ce n'est pas lui.

    Un nom vide ne désigne rien.
    """
    if not nom.strip():
        return None
    nommees = communes_nommees(nom)
    siennes = set(communes_du_contrat(contrat))
    for commune in nommees:
        if commune in siennes:
            return commune
    autres = [c for c in contrats_publies(acteur).exclude(pk=contrat.pk) if not c.est_termine]
    couvrent = [autre for autre in autres if set(communes_du_contrat(autre)) & set(nommees)]
    premiere = nommees[0] if nommees else None
    return Ailleurs(premiere.nom if premiere else nom.strip(), couvrent, premiere)


def a_appeler(ou: Ailleurs) -> list[Organisme]:
    """Rend à qui demander ce qui se finance dans une commune : sa mairie, puis les financeurs publics."""
    if ou.commune is None:
        return []
    departement = Q(departement=ou.commune.departement, nature__in=FINANCEURS_D_UN_DEPARTEMENT)
    mairie = Q(siege=ou.commune, nature=Nature.COMMUNE)
    trouves = Organisme.objects.retenus().filter(mairie | departement).exclude(telephone="")
    jour = timezone.localdate()
    ouverts = [o for o in trouves if o.est_en_cours(jour)]
    return sorted(ouverts, key=lambda o: (o.nature != Nature.COMMUNE, o.cle_de_tri))[:8]
