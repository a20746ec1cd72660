"""Les organismes de la plateforme, ceux qui n'en font peut-être qu'un, ceux que l'on a réunis."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Rattachement
from parvis.comptes.queries.membres import membres_confirmes
from parvis.organismes.enums import Nature
from parvis.organismes.models import Organisme
from parvis.organismes.queries import DoublonPropose, chercher, doublons_proposes, ressemblants
from parvis.pilotage.permissions import peut_administrer
from parvis.pilotage.queries.retenus import a_un_gestionnaire, a_une_demande
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.pages import Page, page, page_de_liste
from parvis.socle.texte import cle_de_tri

COLONNES = ("Nom", "Sigle", "Nature", "Siren", "Siret", "RNA", "Siège", "A pris fin le")
# Assez pour une recherche par nom ; au-delà, on précise sa question.
REPONSES = 500
_NATURE = Critere("nature", "Nature", {n.value: (n.label, Q(nature=n)) for n in Nature})


def _criteres(jour: date) -> list[Critere]:
    etats = {
        "demande": ("Une demande attend", Q(a_une_demande=True)),
        "sans": ("Sans gestionnaire", Q(a_un_gestionnaire=False)),
        "fini": ("A pris fin", Q(fin_le__lt=jour)),
    }
    return [_NATURE, Critere("etat", "État", etats)]


def organismes(acteur: Acteur, question: str, *, jour: date) -> QuerySet[Organisme]:
    """Rend les organismes gardés qui répondent à la question, ou tous."""
    lignes: QuerySet[Organisme] = Organisme.objects.retenus()
    if not peut_administrer(acteur):
        lignes = lignes.none()
    if question:
        lignes = lignes.filter(pk__in=[o.pk for o in chercher(acteur, question, limite=REPONSES)])
    return lignes.select_related("siege", "remplace_par").annotate(
        a_un_gestionnaire=a_un_gestionnaire("pk", jour=jour), a_une_demande=a_une_demande("pk")
    )


def page_des_organismes(
    acteur: Acteur, demandes: Mapping[str, str], *, jour: date
) -> tuple[Page[Organisme], list[Facette]]:
    """Rend une page des organismes choisis, dans l'ordre du dictionnaire."""
    lignes = organismes(acteur, demandes.get("q", ""), jour=jour)
    choisis, facettes = filtrer(lignes, _criteres(jour), demandes)
    return (
        page(
            choisis,
            ("cle_de_tri", "pk"),
            apres=demandes.get("apres", ""),
            avant=demandes.get("avant", ""),
        ),
        facettes,
    )


def tableau_des_organismes(
    acteur: Acteur, demandes: Mapping[str, str], *, jour: date
) -> list[tuple[str | date | None, ...]]:
    """Rend les organismes choisis, dans l'ordre de COLONNES."""
    lignes = organismes(acteur, demandes.get("q", ""), jour=jour)
    choisis, _ = filtrer(lignes, _criteres(jour), demandes)
    return [
        (
            *(o.nom, o.sigle, o.get_nature_display(), o.siren, o.siret, o.rna),
            *(str(o.siege or ""), o.fin_le),
        )
        for o in choisis.order_by("cle_de_tri", "pk")
    ]


def page_des_doublons(acteur: Acteur, demandes: Mapping[str, str]) -> Page[DoublonPropose]:
    """Rend une page des paires proposées, les plus sûres d'abord ; chaque mot cherché est dans un nom."""
    if not peut_administrer(acteur):
        return page_de_liste([], str)
    mots = cle_de_tri(demandes.get("q", "")).split()
    proposees = [
        paire
        for paire in doublons_proposes(acteur, limite=10_000)
        if all(mot in cle_de_tri(f"{paire.premier.nom} {paire.second.nom}") for mot in mots)
    ]
    return page_de_liste(
        proposees,
        lambda paire: f"{paire.premier.pk}-{paire.second.pk}",
        apres=demandes.get("apres", ""),
        avant=demandes.get("avant", ""),
    )


@dataclass(frozen=True)
class Comparaison:
    """Deux organismes côte à côte, ceux qui agissent pour chacun, et ce qui les rapproche."""

    premier: Organisme
    second: Organisme
    membres: dict[int, list[Rattachement]]
    raisons: list[str]


def comparaison(acteur: Acteur, premier: int, second: int, *, jour: date) -> Comparaison:
    """Rend deux organismes gardés ; lève Organisme.DoesNotExist s'il en manque un, ou si c'est le même."""
    if not peut_administrer(acteur) or premier == second:
        raise Organisme.DoesNotExist
    lignes = Organisme.objects.retenus().select_related("siege", "epci")
    lus = [lignes.prefetch_related("alias", "communes").get(pk=pk) for pk in (premier, second)]
    proches = [d for d in ressemblants(acteur, lus[0]) if d.second.pk == second]
    return Comparaison(
        lus[0],
        lus[1],
        {o.pk: list(membres_confirmes(o, jour=jour)) for o in lus},
        proches[0].raisons if proches else [],
    )


def page_des_reunis(acteur: Acteur, demandes: Mapping[str, str]) -> Page[Organisme]:
    """Rend une page des doublons réunis, chacun avec l'organisme gardé."""
    reunis = Organisme.objects.filter(fusionne_dans__isnull=False).select_related("fusionne_dans")
    return page(
        reunis if peut_administrer(acteur) else reunis.none(),
        ("cle_de_tri", "pk"),
        apres=demandes.get("apres", ""),
        avant=demandes.get("avant", ""),
    )


def doublon_reuni(acteur: Acteur, pk: int) -> Organisme:
    """Rend un doublon réuni ; lève Organisme.DoesNotExist pour tout autre organisme."""
    if not peut_administrer(acteur):
        raise Organisme.DoesNotExist
    reunis = Organisme.objects.filter(fusionne_dans__isnull=False)
    return reunis.select_related("fusionne_dans").get(pk=pk)
