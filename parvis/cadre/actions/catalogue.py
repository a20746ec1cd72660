"""Les partenaires, dispositifs et publics d'un contrat : créés à l'import, renseignés à la publication."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import ProtectedError

from parvis.cadre.importation.catalogue import (
    catalogue,
    savoir_du_dispositif,
    savoir_du_partenaire,
)
from parvis.cadre.importation.lexique import charger_lexique
from parvis.cadre.importation.structure import ContratLu, DispositifConnu, PartenaireConnu
from parvis.cadre.models import Contrat, Dispositif, Edition, Partenaire, Public
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


def mettre_a_jour(edition: Edition, relue: ContratLu) -> None:
    """Accorde le catalogue d'un brouillon retouché à ce qu'il cite : rien de plus, rien de moins.

    Ce que le catalogue savait d'un nom cité est gardé ; un responsable ajouté dans une fiche s'y ajoute.
    """
    cite, su = catalogue(relue), edition.catalogue
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


def connaitre(edition: Edition, *, partenaires: Iterable[str], dispositifs: Iterable[str]) -> None:
    """Ajoute au catalogue d'un brouillon les noms qu'il dit pour la première fois.

    Ce que le contrat sait déjà d'un nom l'accompagne : une publication ne l'effacera pas.
    """
    su, contrat = edition.catalogue, edition.contrat
    nouveaux = {
        "partenaires": {
            nom: savoir_du_partenaire(PartenaireConnu(nom)) | {"parent": None}
            for nom in partenaires
            if nom not in su["partenaires"]
        },
        "dispositifs": {
            nom: savoir_du_dispositif(DispositifConnu(nom))
            for nom in dispositifs
            if nom not in su["dispositifs"]
        },
    }
    if not any(nouveaux.values()):
        return
    for connu in contrat.partenaires.filter(nom__in=nouveaux["partenaires"]).select_related(
        "parent"
    ):
        parent = connu.parent.nom if connu.parent else None
        nouveaux["partenaires"][connu.nom] = {
            "sigle": connu.sigle,
            "nature": connu.nature,
            "parent": parent if parent in su["partenaires"] else None,
            "graphies": connu.graphies,
            "a_savoir": connu.a_savoir,
            "fin_le": _jour(connu.fin_le),
            "suite": connu.suite,
        }
    for dispositif in contrat.dispositifs.filter(nom__in=nouveaux["dispositifs"]):
        nouveaux["dispositifs"][dispositif.nom] = {
            "nature": dispositif.nature,
            "explication": dispositif.explication,
            "fin_le": _jour(dispositif.fin_le),
            "suite": dispositif.suite,
            "lien": dispositif.lien,
            "responsables": [],
        }
    edition.catalogue = {sorte: su[sorte] | noms for sorte, noms in nouveaux.items()}
    edition.save(update_fields=["catalogue"])


def oublier_les_noms(edition: Edition, noms: Iterable[str]) -> None:
    """Retire d'un contrat les noms que plus rien ne cite : ce qui s'est écrit en passant.

    Un nom que cite une autre édition, ou qu'une personne a relu, reste.
    """
    contrat = edition.contrat
    ailleurs = {
        nom
        for autre in contrat.editions.exclude(pk=edition.pk)
        for sorte in autre.catalogue.values()
        for nom in sorte
    }
    oubliables = set(noms) - ailleurs
    dispositifs = contrat.dispositifs.filter(nom__in=oubliables, revu_le=None)
    partenaires = contrat.partenaires.filter(nom__in=oubliables, revu_le=None, dispositifs=None)
    partis = {nom for lignes in (dispositifs, partenaires) for nom in _effacer(lignes)}
    if partis:
        edition.catalogue = {
            sorte: {nom: savoir for nom, savoir in savoirs.items() if nom not in partis}
            for sorte, savoirs in edition.catalogue.items()
        }
        edition.save(update_fields=["catalogue"])


def _effacer(lignes: Iterable[Partenaire | Dispositif]) -> list[str]:
    """Efface les lignes que rien ne cite ; rend leurs noms."""
    partis = []
    for ligne in lignes:
        with suppress(ProtectedError), transaction.atomic():
            ligne.delete()
            partis.append(ligne.nom)
    return partis


def _jour(jour: date | None) -> str | None:
    return jour.isoformat() if jour else None


def renseigner(edition: Edition) -> None:
    """Donne aux partenaires et dispositifs ce que l'édition en sait ; seule une publication le fait.

    Ce qu'une personne a relu ou vérifié passe avant : elle sait ce qui s'est passé depuis le
    document. Une graphie imprimée, elle, est un fait de plus, et s'ajoute.
    """
    connus = Catalogue.de_l_edition(edition)
    for nom, savoir in edition.catalogue["partenaires"].items():
        partenaire = connus.partenaires[nom]
        if partenaire.revu_le:
            graphies = dict.fromkeys([*partenaire.graphies, *savoir["graphies"]])
            _donner(partenaire, {"graphies": list(graphies)})
            continue
        parent = connus.partenaires[savoir["parent"]] if savoir["parent"] else None
        _donner(partenaire, {**savoir, "parent": parent, "fin_le": _date(savoir["fin_le"])})
    for nom, savoir in edition.catalogue["dispositifs"].items():
        dispositif = connus.dispositifs[nom]
        if not (dispositif.revu_le or dispositif.verifie_le):
            responsables = {connus.partenaires[r] for r in savoir["responsables"]}
            tenus = set(dispositif.responsables.all())
            lus = {**savoir, "fin_le": _date(savoir["fin_le"])}
            _donner(dispositif, lus, est_autre=responsables != tenus)
            dispositif.responsables.set(responsables)


def _donner(
    ligne: Partenaire | Dispositif, savoir: Mapping[str, Any], *, est_autre: bool = False
) -> None:
    """Écrit ce qui change d'une ligne ; sa version le dit à qui la modifie au même moment."""
    lus = {c: savoir[c] for c in ligne.CHAMPS if c in savoir and c != "responsables"}
    if not est_autre and all(getattr(ligne, champ) == lu for champ, lu in lus.items()):
        return
    for champ, lu in lus.items():
        setattr(ligne, champ, lu)
    ligne.version += 1
    ligne.save()


def _completer(modele: type[T], contrat: Contrat, noms: Iterable[str]) -> dict[str, T]:
    existants = {ligne.nom: ligne for ligne in modele._default_manager.filter(contrat=contrat)}
    pris = {ligne.slug for ligne in existants.values()}
    nouveaux = [
        modele(contrat=contrat, nom=nom, slug=libre(adresse(nom), pris), cle_de_tri=cle_de_tri(nom))
        for nom in noms
        if nom not in existants
    ]
    return existants | {ligne.nom: ligne for ligne in modele._default_manager.bulk_create(nouveaux)}


def _publics() -> dict[str, Public]:
    """Rend les publics du lexique, créés ou corrigés s'il a changé."""
    connus = {public.code: public for public in Public.objects.all()}
    for rang, public in enumerate(charger_lexique("publics")["publics"], 1):
        code, valeurs = public["code"], {"libelle": public["libelle"], "rang": rang}
        connu = connus.get(code)
        if connu is None or (connu.libelle, connu.rang) != (public["libelle"], rang):
            connus[code], _ = Public.objects.update_or_create(code=code, defaults=valeurs)
    return connus


def _date(texte: str | None) -> date | None:
    return date.fromisoformat(texte) if texte else None


def libre(voulue: str, prises: set[str]) -> str:
    """Rend une adresse que personne n'a encore prise dans le contrat."""
    voulue = voulue or "sans-nom"
    libre, rang = voulue, 1
    while libre in prises:
        rang += 1
        libre = f"{voulue}-{rang}"
    prises.add(libre)
    return libre
