"""Un territoire inventé : deux communes, des quartiers de deux générations, quelques adresses.

Tout se place en mètres autour d'une origine, le milieu du quartier du Verger. Les codes des communes
sont ceux du faux géocodeur.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from parvis.cadre.actions import importer_cadre, publier_edition
from parvis.cadre.actions.declinaisons import decliner
from parvis.cadre.importation import structure as lu
from parvis.cadre.models import Edition
from parvis.territoires.geometrie import RepereLocal, octets
from parvis.territoires.models import (
    Adresse,
    Commune,
    Correspondance,
    Couverture,
    Epci,
    Perimetre,
    Quartier,
)
from parvis.territoires.queries.situation import oublier_les_fonds
from parvis.territoires.rules.adresses import cle_de_voie
from parvis.territoires.rules.millesimes import VALIDITES
from tests.fabriques.cadre import MACHINE, fiche, petit_contrat

VAL, PORT = "94081", "94041"
ORIGINE = RepereLocal(2.3904, 48.7862)


def point(est: float, nord: float) -> tuple[float, float]:
    """Rend la longitude et la latitude d'un point, en mètres depuis l'origine."""
    return ORIGINE.lon + ORIGINE.degres(est)[0], ORIGINE.lat + ORIGINE.degres(nord)[1]


def rectangle(ouest: float, sud: float, est: float, nord: float) -> Polygon:
    """Rend un rectangle en degrés, depuis ses bords en mètres."""
    coins = ((ouest, sud), (est, sud), (est, nord), (ouest, nord))
    return Polygon([point(*coin) for coin in coins])


def carre(est: float = 0, nord: float = 0, cote: float = 200) -> Polygon:
    """Rend un carré autour d'un point, en mètres."""
    moitie = cote / 2
    return rectangle(est - moitie, nord - moitie, est + moitie, nord + moitie)


def quartier(
    code: str,
    millesime: int,
    nom: str,
    communes: Sequence[Commune],
    contour: BaseGeometry | None = None,
    **autres,
) -> Quartier:
    """Crée un quartier, et son périmètre en vigueur si son contour est donné."""
    debut, fin = VALIDITES[millesime]
    valeurs = {"nom": nom, "valide_du": debut, "valide_au": fin} | autres
    cree = Quartier.objects.create(code=code, millesime=millesime, **valeurs)
    cree.communes.set(communes)
    if contour is not None:
        Perimetre.objects.create(
            quartier=cree,
            geometrie=octets(contour),
            empreinte=code,
            source="Fichier d’essai",
            charge_le=timezone.now(),
        )
    return cree


def commune(code: str, nom: str, contour: BaseGeometry | None = None, **autres) -> Commune:
    """Crée une commune du Val-de-Marne."""
    valeurs = {"nom": nom, "departement": "94", "contour": octets(contour) if contour else None}
    return Commune.objects.create(code=code, **(valeurs | autres))


def adresse(ou: Commune, numero: int, voie: str, est: float, nord: float) -> Adresse:
    """Charge une adresse, placée en mètres depuis l'origine."""
    lon, lat = point(est, nord)
    return Adresse.objects.create(
        cle=f"{ou.code}_{cle_de_voie(voie)}_{numero}",
        commune=ou,
        numero=numero,
        voie=voie,
        voie_cle=cle_de_voie(voie),
        code_postal=ou.codes_postaux,
        lon=lon,
        lat=lat,
    )


@dataclass(frozen=True)
class Val:
    """Ce qui est chargé du Val-des-Tilleuls."""

    val: Commune
    port: Commune
    verger: Quartier
    grand_verger: Quartier
    moulin: Quartier
    bateliers: Quartier


def val_des_tilleuls() -> Val:
    """Crée le territoire du petit contrat : « Le Verger » est celui que ses fiches nomment.

    En 2015, Le Verger (200 m de côté) et Le Moulin ; en 2024, Le Grand Verger (300 m de côté) succède
    au premier, rien au second, et Les Bateliers, à Port-Tilleul, n'ont pas de contour.
    """
    val = commune(
        VAL,
        "Val-des-Tilleuls",
        rectangle(-3000, -1500, 3000, 1500),
        codes_postaux="94990",
        population=40_000,
    )
    port = commune(PORT, "Port-Tilleul", rectangle(-3000, 1500, 3000, 5000), codes_postaux="94980")
    Epci.objects.create(nom="Val-des-Tilleuls").communes.set([val, port])
    verger = quartier("QP94001", 2015, "Le Verger", [val], carre())
    grand = quartier(
        "QN94001A",
        2024,
        "Le Grand Verger",
        [val],
        carre(cote=300),
        population=1234,
        population_source="Insee, 2021",
        note="Une note sur ce quartier.",
    )
    grand.autres_noms.create(nom="Cité du Verger")
    moulin = quartier("QP94002", 2015, "Le Moulin", [val], carre(1500))
    bateliers = quartier("QN94002A", 2024, "Les Bateliers", [port])
    Correspondance.objects.create(ancien=verger, nouveau=grand, nature="modifie")
    Correspondance.objects.create(ancien=moulin, nature="sorti")
    for millesime in VALIDITES:
        Couverture.objects.create(
            millesime=millesime, portee="94", source="essai", chargee_le=timezone.now()
        )
    _charger_des_adresses(val, port)
    oublier_les_fonds()
    return Val(val, port, verger, grand, moulin, bateliers)


def _charger_des_adresses(val: Commune, port: Commune) -> None:
    adresse(val, 4, "Rue du Verger", 0, 0)
    adresse(val, 9, "Allée du Bord", 145, 0)
    adresse(val, 20, "Chemin du Moulin", 1500, 0)
    adresse(val, 7, "Place du Marché", 500, 0)
    # La même rue dans deux communes : sans dire laquelle, rien ne les départage.
    adresse(val, 3, "Rue des Lilas", 30, 0)
    adresse(port, 3, "Rue des Lilas", 0, 2500)


def territoire_de(nombre: int, rang: int = 0) -> tuple[Epci, Commune]:
    """Crée une intercommunalité d'une commune et d'autant de quartiers dans chaque génération.

    Chaque quartier de 2015, « Quartier 1 » et suivants, a son successeur en 2024.
    """
    ici = commune(f"9410{rang}", f"Commune {rang}", rectangle(-5000, -5000, 5000, 5000))
    epci = Epci.objects.create(nom=f"Territoire {rang}")
    epci.communes.add(ici)
    for numero in range(1, nombre + 1):
        contour = carre(300 * (numero % 8), 300 * (numero // 8))
        ancien, nouveau = (
            quartier(f"{lettres}{rang}{numero:03}", millesime, nom, [ici], contour)
            for lettres, millesime, nom in (
                ("QP", 2015, f"Quartier {numero}"),
                ("QN", 2024, f"Nouveau quartier {numero}"),
            )
        )
        ancien.autres_noms.create(nom=f"Cité {numero}")
        Correspondance.objects.create(ancien=ancien, nouveau=nouveau, nature="modifie")
    oublier_les_fonds()
    return epci, ici


def contrat_du(territoire: str, lieux: Sequence[str], nombre: int = 1) -> lu.ContratLu:
    """Rend un contrat d'un territoire, dont autant de fiches nomment ces lieux."""
    nommes = tuple(lu.Lieu(lieu, "", "quartier") for lieu in lieux)
    fiches = tuple(fiche(f"1-{rang}", lieux=nommes) for rang in range(1, nombre + 1))
    enjeu = lu.Enjeu(1, "Verdir", "Plus d'arbres.", fiches)
    return petit_contrat(territoire=territoire, piliers=(lu.Pilier("Vivre ensemble", (enjeu,)),))


def contrat_decline(lieu: str) -> Edition:
    """Publie le petit contrat, sa fiche 1-1 déclinée en un lieu."""
    edition = importer_cadre(
        par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai.txt"
    ).edition
    assert edition is not None
    decliner(par=MACHINE, edition=edition, numero="1-1", lieu=lieu, type="commune")
    return publier_edition(par=MACHINE, edition=edition)
