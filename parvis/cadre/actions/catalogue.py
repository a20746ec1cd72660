"""Les partenaires, dispositifs et publics d'un contrat : créés à l'import, renseignés à la publication."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from parvis.cadre.importation.catalogue import catalogue
from parvis.cadre.importation.lexique import charger_lexique
from parvis.cadre.models import Contrat, Dispositif, Edition, Partenaire, Public
from parvis.cadre.queries.relire import relire
from parvis.comptes.acteur import Acteur
from parvis.socle.texte import adresse, cle_de_tri

T = TypeVar("T", Partenaire, Dispositif)


@dataclass(frozen=True)
class Catalogue:
    """Ce qui se partage entre les fiches d'un contrat, par nom ou par code."""

    partenaires: dict[str, Partenaire]
    dispositifs: dict[str, Dispositif]
    publics: dict[str, Public]

    @classmethod
    def de_l_edition(cls, edition: Edition) -> "Catalogue":
        """Rend le catalogue du contrat, complété des noms que l'édition dit pour la première fois."""
        return cls(
            _completer(Partenaire, edition.contrat, edition.catalogue["partenaires"]),
            _completer(Dispositif, edition.contrat, edition.catalogue["dispositifs"]),
            _publics(),
        )


def mettre_a_jour(par: Acteur, edition: Edition) -> None:
    """Accorde le catalogue d'un brouillon retouché à ce qu'il cite : rien de plus, rien de moins.

    Ce que le catalogue savait d'un nom cité est gardé ; un responsable ajouté dans une fiche s'y ajoute.
    """
    cite, su = catalogue(relire(par, edition)), edition.catalogue
    dispositifs = {}
    for nom, savoir in cite["dispositifs"].items():
        connu = su["dispositifs"].get(nom, savoir)
        responsables = dict.fromkeys((*connu["responsables"], *savoir["responsables"]))
        dispositifs[nom] = connu | {"responsables": list(responsables)}
    partenaires: dict[str, dict[str, Any]] = {}
    a_garder = [*cite["partenaires"], *(r for d in dispositifs.values() for r in d["responsables"])]
    for nom in a_garder:  # la liste s'allonge des parents
        savoir = su["partenaires"].get(nom) or cite["partenaires"][nom]
        partenaires[nom] = savoir
        if savoir["parent"] and savoir["parent"] not in partenaires:
            a_garder.append(savoir["parent"])
    edition.catalogue = {"partenaires": partenaires, "dispositifs": dispositifs}


def renseigner(edition: Edition) -> None:
    """Donne aux partenaires et dispositifs ce que l'édition en sait ; seule une publication le fait."""
    connus = Catalogue.de_l_edition(edition)
    for nom, savoir in edition.catalogue["partenaires"].items():
        partenaire = connus.partenaires[nom]
        parent = savoir["parent"]
        partenaire.parent = connus.partenaires[parent] if parent else None
        partenaire.sigle, partenaire.nature = savoir["sigle"], savoir["nature"]
        partenaire.graphies, partenaire.a_savoir = savoir["graphies"], savoir["a_savoir"]
        partenaire.fin_le, partenaire.suite = _date(savoir["fin_le"]), savoir["suite"]
        partenaire.save()
    for nom, savoir in edition.catalogue["dispositifs"].items():
        dispositif = connus.dispositifs[nom]
        dispositif.nature, dispositif.explication = savoir["nature"], savoir["explication"]
        dispositif.fin_le, dispositif.suite = _date(savoir["fin_le"]), savoir["suite"]
        dispositif.lien = savoir["lien"]
        dispositif.save()
        dispositif.responsables.set(connus.partenaires[r] for r in savoir["responsables"])


def _completer(modele: type[T], contrat: Contrat, noms: Iterable[str]) -> dict[str, T]:
    existants = {ligne.nom: ligne for ligne in modele._default_manager.filter(contrat=contrat)}
    pris = {ligne.slug for ligne in existants.values()}
    nouveaux = [
        modele(
            contrat=contrat, nom=nom, slug=_libre(adresse(nom), pris), cle_de_tri=cle_de_tri(nom)
        )
        for nom in noms
        if nom not in existants
    ]
    return existants | {ligne.nom: ligne for ligne in modele._default_manager.bulk_create(nouveaux)}


def _publics() -> dict[str, Public]:
    for rang, public in enumerate(charger_lexique("publics")["publics"], 1):
        Public.objects.update_or_create(
            code=public["code"], defaults={"libelle": public["libelle"], "rang": rang}
        )
    return {public.code: public for public in Public.objects.all()}


def _date(texte: str | None) -> date | None:
    return date.fromisoformat(texte) if texte else None


def _libre(voulue: str, prises: set[str]) -> str:
    """Rend une adresse que personne n'a encore prise dans le contrat."""
    voulue = voulue or "sans-nom"
    libre, rang = voulue, 1
    while libre in prises:
        rang += 1
        libre = f"{voulue}-{rang}"
    prises.add(libre)
    return libre
