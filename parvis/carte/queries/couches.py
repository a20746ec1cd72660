"""Les couches qu'une carte peut montrer dans un contrat, et leurs éléments."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from django.urls import reverse

from parvis.cadre.models import Edition
from parvis.carte.couches import (
    COMMUNE,
    Couche,
    Element,
    adresse_de_la_commune,
    adresse_du_quartier,
)
from parvis.carte.queries.couches_vivantes import couches_vivantes
from parvis.carte.queries.quartiers import (
    QuartierVu,
    communes_du_contrat,
    millesimes,
    quartiers,
)
from parvis.comptes.acteur import Acteur
from parvis.socle.templatetags.socle import compte, nombre
from parvis.territoires.geometrie import depuis_octets
from parvis.territoires.models import Commune

COMMUNES, FICHES, QUARTIERS = "communes", "fiches-locales", "quartiers-{}"


def couches_du_contrat(acteur: Acteur, edition: Edition) -> list[Couche]:
    """Rend les couches d'un contrat, la dernière génération de quartiers d'abord ; aucune n'est encore lue.

    Une pièce nouvelle ajoute ici la sienne. Sans quartier, il n'y a pas de carte.
    """
    generations = millesimes(acteur, edition.contrat)
    if not generations:
        return []
    return [
        *(
            Couche(
                QUARTIERS.format(millesime),
                f"Quartiers prioritaires {millesime}",
                partial(_des_quartiers, acteur, edition, millesime),
                # Deux générations se superposent : le trait les distingue, pas la seule couleur.
                trait="" if millesime == generations[0] else "tirets",
            )
            for millesime in generations
        ),
        Couche(
            FICHES,
            "Fiches qui parlent d’un lieu",
            partial(_des_fiches, acteur, edition, generations[0]),
            trait="points",
        ),
        *couches_vivantes(acteur, edition, generations[0]),
        Couche(COMMUNES, "Communes", partial(_des_communes, acteur, edition)),
    ]


def couches_par_defaut(couches: Sequence[Couche]) -> list[Couche]:
    """Rend ce qu'une carte montre d'abord : la dernière génération de quartiers, dans ses communes."""
    return [c for c in couches if c is couches[0] or c.code == COMMUNES]


def element_du_quartier(edition: Edition, vu: QuartierVu) -> Element:
    """Rend un quartier tel que la carte le montre."""
    quartier = vu.quartier
    return Element(
        code=quartier.code,
        nom=quartier.nom,
        sous_titre=f"{vu.noms_des_communes} · quartier prioritaire {quartier.millesime}",
        geometrie=vu.geometrie,
        adresse=adresse_du_quartier(edition.contrat.code, quartier.code),
        lignes=_chiffres(edition, vu),
    )


def _chiffres(edition: Edition, vu: QuartierVu) -> list[tuple[str, str]]:
    population, hectares = vu.quartier.population, vu.hectares
    return [
        ("Population", "non connue" if population is None else f"{nombre(population)} habitants"),
        ("Superficie", "contour non chargé" if hectares is None else f"{nombre(hectares)} ha"),
        (
            f"{edition.mot_fiche.capitalize()}s qui le nomment",
            nombre(vu.fiches) if vu.fiches else "aucune, toutes s’y appliquent",
        ),
    ]


def _des_quartiers(acteur: Acteur, edition: Edition, millesime: int) -> list[Element]:
    return [element_du_quartier(edition, vu) for vu in quartiers(acteur, edition, millesime)]


def _des_communes(acteur: Acteur, edition: Edition) -> list[Element]:
    communes = communes_du_contrat(acteur, edition.contrat)
    return [_de_la_commune(edition.contrat.code, commune) for commune in communes]


def _de_la_commune(contrat: str, commune: Commune) -> Element:
    return Element(
        code=commune.code,
        nom=commune.nom,
        sous_titre="commune",
        geometrie=depuis_octets(commune.contour) if commune.contour else None,
        adresse=adresse_de_la_commune(contrat, commune.code),
        lignes=[("Population", f"{nombre(commune.population)} habitants")]
        if commune.population is not None
        else [],
        classe=COMMUNE,
    )


def _des_fiches(acteur: Acteur, edition: Edition, millesime: int) -> list[Element]:
    """Rend un point par quartier ou commune dont des fiches parlent, avec leurs numéros."""
    elements = []
    for vu in quartiers(acteur, edition, millesime):
        if vu.fiches:
            milieu = vu.geometrie.representative_point() if vu.geometrie else None
            elements.append(
                Element(
                    code=f"fiches-{vu.quartier.code}",
                    nom=vu.quartier.nom,
                    sous_titre=f"{compte(vu.fiches, edition.mot_fiche)} en parlent"
                    if vu.fiches > 1
                    else f"une {edition.mot_fiche} en parle",
                    geometrie=milieu,
                    adresse=adresse_du_quartier(edition.contrat.code, vu.quartier.code),
                    classe="point",
                )
            )
    return [*elements, *_des_declinaisons_communales(acteur, edition)]


def _des_declinaisons_communales(acteur: Acteur, edition: Edition) -> list[Element]:
    par_lieu: dict[tuple[int | None, str], list[str]] = defaultdict(list)
    lignes = edition.declinaisons.filter(commune__isnull=False, quartier__isnull=True)
    for declinaison in lignes.select_related("version__fiche"):
        par_lieu[declinaison.commune_id, declinaison.slug].append(declinaison.version.numero)
    communes = Commune.objects.in_bulk([pk for pk, _ in par_lieu])
    elements = []
    for (pk, slug), numeros in par_lieu.items():
        commune = communes[pk]
        contour = depuis_octets(commune.contour) if commune.contour else None
        elements.append(
            Element(
                code=f"fiches-{commune.code}",
                nom=commune.nom,
                sous_titre=f"{compte(len(numeros), edition.mot_fiche)} dite"
                f"{'s' if len(numeros) > 1 else ''} autrement dans la commune",
                geometrie=contour.representative_point() if contour else None,
                adresse=reverse("accueil:lieu", args=(edition.contrat.code, slug)),
                lignes=[(f"{edition.mot_fiche.capitalize()}s", ", ".join(numeros))],
                classe="point",
            )
        )
    return elements
