"""Ce qu'une personne peut retoucher dans une édition : ses objets, leurs sections, leurs versions."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from parvis.cadre import models as m
from parvis.cadre.importation.structure import en_dict
from parvis.cadre.models import Edition, VersionDeSection
from parvis.cadre.queries import lecture
from parvis.cadre.queries.relire import fiche_lue
from parvis.cadre.sections import SECTIONS, Ligne, Section, Valeur
from parvis.comptes.acteur import Acteur

Porteur = Edition | m.Pilier | m.Enjeu | m.VersionDeFiche


@dataclass(frozen=True)
class Objet:
    """Ce que l'on retouche : le contrat, un pilier, un enjeu ou une fiche d'une édition."""

    edition: Edition
    cle: str  # « contrat », « pilier-2 », « enjeu-4 », « fiche-13-2 »
    sorte: str
    titre: str
    ligne: Any
    fiche: m.VersionDeFiche | None = None  # celle que la déclinaison décline

    @property
    def est_retirable(self) -> bool:
        return self.sorte != "contrat"

    @property
    def sections(self) -> tuple[Section, ...]:
        return SECTIONS[self.sorte]


def objet(acteur: Acteur, edition: Edition, cle: str) -> Objet:
    """Rend un objet d'une édition par sa clé ; lève ObjectDoesNotExist."""
    sorte, _, numero = cle.partition("-")
    if cle == "contrat":
        return Objet(edition, cle, "contrat", "Le contrat", edition)
    if sorte == "pilier" and numero.isascii() and numero.isdigit() and len(numero) < 5:
        pilier = edition.piliers.get(rang=int(numero))
        return Objet(edition, cle, sorte, nommer(edition.mot_pilier, numero, pilier.titre), pilier)
    if sorte == "enjeu":
        enjeu = edition.enjeux.get(numero=numero)
        return Objet(edition, cle, sorte, nommer(edition.mot_enjeu, numero, enjeu.titre), enjeu)
    if sorte == "fiche":
        version = lecture.fiches_entieres(acteur, edition).get(fiche__numero=numero)
        return Objet(edition, cle, sorte, nommer(edition.mot_fiche, numero, version.titre), version)
    if sorte == "declinaison" and numero.isascii() and numero.isdigit() and len(numero) < 19:
        trouvee = edition.declinaisons.select_related("version__fiche").get(pk=int(numero))
        version = lecture.fiches_entieres(acteur, edition).get(pk=trouvee.version_id)
        nom = f"{edition.mot_fiche.capitalize()} {version.numero} · {trouvee.lieu}"
        return Objet(edition, cle, sorte, f"{nom} : {version.titre}", trouvee, version)
    raise ObjectDoesNotExist


def nommer(mot: str, numero: str, titre: str) -> str:
    """Rend le nom d'un objet, avec le mot du contrat : « Fiche 13-2 : … »."""
    return f"{mot.capitalize()} {numero} : {titre}"


def section(objet: Objet, code: str) -> Section:
    """Rend une section d'un objet ; lève ObjectDoesNotExist."""
    for trouvee in objet.sections:
        if trouvee.code == code:
            return trouvee
    raise ObjectDoesNotExist


def valeur(objet: Objet, section: Section) -> Valeur:
    """Rend ce que dit aujourd'hui une section d'un objet."""
    if objet.fiche is not None:
        ici: Valeur | None = objet.ligne.sections.get(section.code)
        return valeur_de_fiche(objet.fiche, section) if ici is None else ici
    if not section.est_liste:
        return {champ.code: _simple(getattr(objet.ligne, champ.code)) for champ in section.champs}
    if objet.sorte == "contrat":
        return [
            {"titre": s.titre, "explication": s.explication, "mots": ", ".join(s.mots)}
            for s in objet.edition.sujets_hors_contrat.all()
        ]
    return valeur_de_fiche(objet.ligne, section)


def valeur_de_fiche(version: m.VersionDeFiche, section: Section) -> Valeur:
    """Rend ce que dit une section d'une fiche déjà chargée par `lecture.fiches_entieres`."""
    if not section.est_liste:
        return {champ.code: getattr(version, champ.code) for champ in section.champs}
    lignes: list[Ligne] = en_dict(getattr(fiche_lue(version), section.code))
    permis = {champ.code for champ in section.champs} | set(section.gardes)
    vides = {champ.code: champ.vide for champ in section.champs}
    return [
        {
            nom: vides.get(nom) if x is None and nom in vides else x
            for nom, x in ligne.items()
            if nom in permis
        }
        for ligne in lignes
        if section.code != "rubriques" or ligne["texte"]
    ]


def _simple(valeur: Any) -> Any:
    return valeur.isoformat() if hasattr(valeur, "isoformat") else valeur


def versions(objet: Objet, section: Section) -> QuerySet[VersionDeSection]:
    """Rend les versions d'une section, la dernière d'abord."""
    return objet.edition.retouches.filter(objet=objet.cle, section=section.code)


def retouches(acteur: Acteur, edition: Edition) -> dict[tuple[str, str], VersionDeSection]:
    """Rend la dernière version de chaque section retouchée d'une édition, par objet et section."""
    dernieres = {}
    for version in edition.retouches.order_by("numero").defer("valeur"):
        dernieres[version.objet, version.section] = version
    return dernieres


def noms_connus(edition: Edition) -> dict[str, list[str]]:
    """Rend les noms de partenaires et de dispositifs que le contrat connaît, pour les proposer."""
    contrat = edition.contrat
    return {
        "partenaires": list(contrat.partenaires.values_list("nom", flat=True)),
        "dispositifs": list(contrat.dispositifs.values_list("nom", flat=True)),
    }
