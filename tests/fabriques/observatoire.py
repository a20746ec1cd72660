"""Des chiffres pour les essais : un territoire, un fichier décrit, ses lignes importées pour de vrai."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps

from parvis.observatoire.actions import (
    ImportDeChiffres,
    SerieDecrite,
    decrire_un_fichier,
    importer_chiffres,
)
from parvis.observatoire.models import Description, Valeur, ValeurDEnsemble
from parvis.socle.auteur import Machine
from parvis.territoires.models import Commune, Epci, Quartier

MOI = Machine("essai")
CONTRAT = "tilleuls"
PRODUCTEUR = "Les Veilleurs"


def code(rang: int) -> str:
    """Rend le code du quartier de ce rang."""
    return f"QN{94000 + rang}M"


def territoire(
    nombre: int = 3, nom: str = "Val-des-Tilleuls", *, depart: int = 1, millesime: int = 2024
) -> Epci:
    """Crée une intercommunalité d'une commune, et ses quartiers, du rang `depart`."""
    epci = Epci.objects.create(nom=nom)
    insee = f"{94100 + Commune.objects.count()}"
    commune = Commune.objects.create(code=insee, nom=nom, departement="94")
    epci.communes.add(commune)
    for rang in range(depart, depart + nombre):
        quartier = Quartier.objects.create(
            code=code(rang),
            nom=f"Quartier {rang}",
            millesime=millesime,
            valide_du=date(millesime, 1, 1),
        )
        quartier.communes.add(commune)
    return epci


def serie(
    colonne: str, unite: str = "personnes", remontee: str = "somme", **autres: str
) -> SerieDecrite:
    """Rend la description d'une colonne ; des personnes qui s'additionnent si l'on ne dit rien."""
    return SerieDecrite(colonne, colonne.capitalize(), unite, remontee, **autres)


def part(colonne: str, tout: str = "tous", decoupage: str = "sexe", **autres: str) -> SerieDecrite:
    """Rend la description d'une partie d'un tout."""
    return serie(colonne, partie_de=tout, decoupage=decoupage, **autres)


def taux(colonne: str, poids: str = "tous") -> SerieDecrite:
    """Rend la description d'une part, en pour cent, pesée par une population."""
    return serie(colonne, "pourcent", "moyenne", poids=poids)


PAR_SEXE = (serie("tous"), part("femmes"), part("hommes"))


def decrire(*series: SerieDecrite, contrat: str = CONTRAT, **autres: Any) -> Description:
    """Décrit un fichier de quartiers."""
    valeurs: dict[str, Any] = {
        "source": "Enquête",
        "producteur": PRODUCTEUR,
        "nom": "Fichier",
        "niveau": "quartier",
        "millesime": 2024,
        "colonne_du_territoire": "code",
    }
    return decrire_un_fichier(par=MOI, contrat=contrat, series=series, **(valeurs | autres))


def octets(description: Description, lignes: Mapping[str, Sequence[Any]]) -> bytes:
    """Rend le fichier CSV de ces lignes : par territoire, une case par colonne décrite."""
    # PostgreSQL ne garde pas l'ordre des clés d'un JSON : celui des séries, lui, est tenu.
    par_code = {code: titre for titre, code in description.colonnes.items()}
    connues = description.source.series.order_by("rang", "pk")
    ordonnes = [par_code[serie.code] for serie in connues if serie.code in par_code]
    titres = [description.colonne_du_territoire, *ordonnes]
    textes = [";".join(titres), *(";".join(map(str, [ou, *suite])) for ou, suite in lignes.items())]
    return ("\n".join(textes) + "\n").encode()


def importer(
    description: Description,
    lignes: Mapping[str, Sequence[Any]],
    periode: str = "2024",
    *,
    ecrire: bool = True,
    par: Any = MOI,
) -> ImportDeChiffres:
    """Importe ces lignes."""
    return importer_chiffres(
        par=par,
        description=description,
        periode=periode,
        nom="fichier.csv",
        octets=octets(description, lignes),
        ecrire=ecrire,
    )


def par_rang(*lignes: Sequence[Any], depart: int = 1) -> dict[str, Sequence[Any]]:
    """Rend des lignes par code de quartier, du rang `depart`."""
    return {code(rang): ligne for rang, ligne in enumerate(lignes, depart)}


def lue(serie: str, rang: int, periode: str = "2024") -> Valeur:
    """Rend la valeur gardée d'une série en un quartier."""
    return Valeur.objects.get(serie__code=serie, quartier__code=code(rang), periode=periode)


def diffusions(serie: str, periode: str = "2024") -> list[str]:
    """Rend la diffusion d'une série dans chaque quartier, par code."""
    lues = Valeur.objects.filter(serie__code=serie, periode=periode, quartier__isnull=False)
    return list(lues.order_by("quartier__code").values_list("diffusion", flat=True))


def ensemble(serie: str, periode: str = "2024", epci: str = "Val-des-Tilleuls") -> ValeurDEnsemble:
    """Rend la valeur d'ensemble d'une série."""
    return ValeurDEnsemble.objects.get(serie__code=serie, periode=periode, epci__nom=epci)


def tus() -> list[Decimal]:
    """Rend tous les nombres que le secret tait, ensembles compris."""
    return [
        valeur
        for table in (Valeur, ValeurDEnsemble)
        for valeur in table.objects.exclude(diffusion="publiable").values_list("valeur", flat=True)
        if valeur is not None
    ]


def toute_la_base() -> dict[str, list[Any]]:
    """Rend chaque ligne de chaque table des chiffres, du journal et des territoires."""
    tables = [
        table
        for piece in ("observatoire", "journal", "territoires", "courriels", "travaux")
        for table in apps.get_app_config(piece).get_models(include_auto_created=True)
    ]
    return {table._meta.label: list(table.objects.order_by("pk").values()) for table in tables}
