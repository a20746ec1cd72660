"""Les couches de ce qui se passe : les appels ouverts et les projets, au quartier ou à la commune.

Jamais une adresse : un projet se pose au milieu du quartier ou de la commune que dit son dossier.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial

from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from parvis.cadre.models import Edition
from parvis.carte.couches import Couche, Element, adresse_de_la_commune, adresse_du_quartier
from parvis.carte.queries.quartiers import (
    QuartierVu,
    memes_quartiers,
    quartiers,
    quartiers_par_cle,
)
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EchelleDeProjet
from parvis.dossiers.queries.appels import Echeance, a_un_appel_ouvert, appels_ouverts
from parvis.dossiers.queries.ici import Ici, fiches_par_lieu, ranger_les_appels
from parvis.dossiers.queries.projets_visibles import (
    ProjetVisible,
    dossiers_visibles,
    projets_visibles,
)
from parvis.socle.templatetags.socle import compte, jour
from parvis.territoires.geometrie import depuis_octets
from parvis.territoires.models import Commune

APPELS, PROJETS = "appels", "projets"
# Sur une carte, on lit les premiers ; la page du lieu a les autres.
LIGNES_AU_PLUS = 5
# Deux points du même quartier se couvriraient : l'un à gauche, l'autre à droite, en degrés.
ECART = 0.0011


def couches_vivantes(acteur: Acteur, edition: Edition, millesime: int) -> list[Couche]:
    """Rend la couche des appels, puis celle des projets ; une couche vide n'est pas proposée.

    Qui ne lit aucun projet ne voit pas non plus qu'il y en a.
    """
    couches = []
    if a_un_appel_ouvert(acteur, edition.contrat):
        lire = partial(_des_appels, acteur, edition, millesime)
        couches.append(Couche(APPELS, "Appels ouverts", lire, trait="tirets"))
    if dossiers_visibles(acteur, edition.contrat).exists():
        lire = partial(_des_projets, acteur, edition)
        couches.append(Couche(PROJETS, "Projets", lire))
    return couches


def _des_appels(acteur: Acteur, edition: Edition, millesime: int) -> list[Element]:
    """Rend un point par quartier où un projet peut répondre à un appel ouvert."""
    ouverts = appels_ouverts(acteur, edition.contrat)
    lieux = fiches_par_lieu(edition)
    elements = []
    vus = quartiers(acteur, edition, millesime)
    memes = memes_quartiers(vu.quartier for vu in vus)
    for vu in vus:
        ici = Ici(frozenset(c.pk for c in vu.communes), frozenset(memes[vu.quartier.pk]))
        appels = ranger_les_appels(ouverts, lieux, ici)
        if appels:
            nommes = [a.echeance for a in appels if a.fiches]
            elements.append(
                Element(
                    code=f"appels-{vu.quartier.code}",
                    nom=vu.quartier.nom,
                    sous_titre=f"{compte(len(appels), 'appel')} "
                    f"ouvert{'s' if len(appels) > 1 else ''} à un projet d’ici",
                    geometrie=_milieu(vu.geometrie, -ECART),
                    adresse=f"{adresse_du_quartier(edition.contrat.code, vu.quartier.code)}#appels",
                    lignes=_lignes_des_appels([a.echeance for a in appels], nommes),
                    classe="point",
                )
            )
    return elements


def _lignes_des_appels(
    appels: Iterable[Echeance], nommes: Iterable[Echeance]
) -> list[tuple[str, str]]:
    clos = [(e.jour_de_cloture, e.titre) for e in appels if e.jour_de_cloture]
    lignes = []
    if clos:
        quand, titre = min(clos)
        lignes.append(("Le premier ferme", f"le {jour(quand)} ({titre})"))
    if noms := [e.titre for e in nommes]:
        lignes.append(("Nomment ce quartier", ", ".join(noms)))
    return lignes


def _des_projets(acteur: Acteur, edition: Edition) -> list[Element]:
    """Rend un point par quartier et par commune où se passent des projets ; le reste, dans la liste."""
    par_quartier: dict[int, list[ProjetVisible]] = defaultdict(list)
    par_commune: dict[Commune, list[ProjetVisible]] = defaultdict(list)
    partout = []
    for projet in projets_visibles(acteur, edition.contrat):
        if projet.derniere.echelle == EchelleDeProjet.AGGLOMERATION:
            partout.append(projet)
        for lieu in projet.derniere.lieux.all():
            if lieu.quartier_id:
                par_quartier[lieu.quartier_id].append(projet)
            elif lieu.commune:
                par_commune[lieu.commune].append(projet)
    vus = quartiers_par_cle(acteur, edition, par_quartier)
    elements = [_du_quartier(edition, vu, par_quartier[vu.quartier.pk]) for vu in vus]
    elements += [
        _de_la_commune(edition, commune, projets)
        for commune, projets in sorted(par_commune.items(), key=lambda paire: paire[0].nom)
    ]
    if partout:
        elements.append(_element("projets-partout", "Tout le territoire du contrat", partout))
    return elements


def _de_la_commune(edition: Edition, commune: Commune, projets: list[ProjetVisible]) -> Element:
    return _element(
        f"projets-{commune.code}",
        commune.nom,
        projets,
        contour=depuis_octets(commune.contour) if commune.contour else None,
        adresse=f"{adresse_de_la_commune(edition.contrat.code, commune.code)}#projets",
    )


def _du_quartier(edition: Edition, vu: QuartierVu, projets: list[ProjetVisible]) -> Element:
    return _element(
        f"projets-{vu.quartier.code}",
        vu.quartier.nom,
        projets,
        contour=vu.geometrie,
        adresse=f"{adresse_du_quartier(edition.contrat.code, vu.quartier.code)}#projets",
    )


def _element(
    code: str,
    nom: str,
    projets: list[ProjetVisible],
    *,
    contour: BaseGeometry | None = None,
    adresse: str = "",
) -> Element:
    reserves = sum(not projet.est_public for projet in projets)
    sous_titre = compte(len(projets), "projet")
    if reserves:
        sous_titre += f", dont {reserves} pas encore public{'s' if reserves > 1 else ''}"
    lignes = [(p.projet.titre, _dire(p)) for p in projets[:LIGNES_AU_PLUS]]
    if len(projets) > LIGNES_AU_PLUS:
        lignes.append(("Et", f"{compte(len(projets) - LIGNES_AU_PLUS, 'projet')} de plus"))
    return Element(code, nom, sous_titre, _milieu(contour, ECART), adresse, lignes, "point")


def _dire(projet: ProjetVisible) -> str:
    derniere = projet.annees[0]
    dits = (
        str(projet.projet.porteur.retenu),
        str(derniere.annee),
        derniere.etat or derniere.argent,
    )
    return ", ".join(dit for dit in dits if dit)


def _milieu(contour: BaseGeometry | None, ecart: float) -> BaseGeometry | None:
    """Rend le milieu d'un lieu, un peu à côté ; rien sans contour."""
    return translate(contour.representative_point(), ecart) if contour is not None else None
