"""Les déclinaisons d'une édition : depuis une fiche, depuis un lieu, et ce qu'elles changent."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from parvis.cadre.models import Declinaison, Edition
from parvis.cadre.queries import lecture
from parvis.cadre.queries.rapprochements import Territoire
from parvis.cadre.queries.sections import valeur_de_fiche
from parvis.cadre.sections import SECTIONS, Section, en_texte
from parvis.comptes.acteur import Acteur
from parvis.socle.comparaison import Morceau, comparer_les_mots
from parvis.territoires.models import Commune, Quartier


@dataclass(frozen=True)
class Ecart:
    """Une section que le lieu dit autrement : ce qui change, mot par mot."""

    section: Section
    morceaux: list[Morceau]


def de_l_edition(acteur: Acteur, edition: Edition) -> QuerySet[Declinaison]:
    """Rend toutes les déclinaisons d'une édition, lieu par lieu, avec leur fiche."""
    return edition.declinaisons.select_related(
        "version__fiche", "version__enjeu__pilier", "quartier"
    )


def du_lieu(acteur: Acteur, edition: Edition, slug: str) -> list[Declinaison]:
    """Rend les fiches déclinées en un lieu ; lève Declinaison.DoesNotExist s'il n'y en a pas."""
    trouvees = list(de_l_edition(acteur, edition).filter(slug=slug))
    if not trouvees:
        raise Declinaison.DoesNotExist
    return trouvees


def lieux(acteur: Acteur, edition: Edition) -> list[dict[str, object]]:
    """Rend les lieux où des fiches sont déclinées, et combien."""
    par_lieu = edition.declinaisons.values("slug").annotate(nombre=Count("pk"))
    noms = dict(edition.declinaisons.values_list("slug", "lieu"))
    return [{**ligne, "lieu": noms[ligne["slug"]]} for ligne in par_lieu.order_by("slug")]


def declinaison(acteur: Acteur, edition: Edition, numero: str, slug: str) -> Declinaison:
    """Rend la déclinaison d'une fiche en un lieu ; lève Declinaison.DoesNotExist."""
    return de_l_edition(acteur, edition).get(version__fiche__numero=numero, slug=slug)


def lieux_connus(edition: Edition) -> list[str]:
    """Rend les communes et quartiers du territoire du contrat, pour les proposer."""
    communes = Territoire.du_contrat(edition.contrat).communes
    quartiers = Quartier.objects.filter(communes__in=communes).order_by("nom").distinct()
    noms = [*Commune.objects.filter(pk__in=communes).values_list("nom", flat=True)]
    return list(dict.fromkeys([*noms, *quartiers.values_list("nom", flat=True)]))


def ecarts(acteur: Acteur, declinaison: Declinaison) -> list[Ecart]:
    """Rend chaque section où le lieu diffère de la fiche, dans l'ordre de la fiche."""
    fiche = lecture.fiches_entieres(acteur, declinaison.edition).get(pk=declinaison.version_id)
    trouves = []
    for section in SECTIONS["declinaison"]:
        if section.code in declinaison.sections:
            avant = en_texte(section, valeur_de_fiche(fiche, section))
            ici = en_texte(section, declinaison.sections[section.code])
            if avant != ici:
                trouves.append(Ecart(section, comparer_les_mots(avant, ici)))
    return trouves
