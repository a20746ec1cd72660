"""Créer et modifier un organisme, sans jamais effacer en silence le travail d'un autre."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.organismes.actions.acte import consigner, tenir
from parvis.organismes.enums import OrigineDeCourriel
from parvis.organismes.models import AliasDOrganisme, Organisme
from parvis.organismes.rules import numeros
from parvis.organismes.rules.natures import forme_vers_nature
from parvis.organismes.rules.noms import cle
from parvis.socle.auteur import Auteur
from parvis.socle.refus import ConflitDeVersion, exiger
from parvis.socle.texte import sans_signes_caches
from parvis.socle.validation import motifs_de_validation

NORMES: dict[str, Callable[[str], str]] = {
    "siren": numeros.normaliser_siren,
    "siret": numeros.normaliser_siret,
    "rna": numeros.normaliser_rna,
}
CHAMPS = (
    *("nom", "sigle", "nature", "forme_juridique", *NORMES, "siege", "epci", "departement"),
    *("adresse", "courriel", "courriel_origine", "courriel_releve_le", "telephone", "site"),
)
LISTES = ("alias", "communes")
Changements = dict[str, list[Any]]
# Par liste, chaque élément sous sa clé : un alias sous son nom réduit, une commune sous son code.
Listes = dict[str, dict[str, Any]]


@transaction.atomic
def creer(*, par: Auteur, **valeurs: Any) -> Organisme:
    """Crée un organisme ; lève Refus avec tous les motifs.

    `valeurs` suit CHAMPS, plus `alias` (des noms) et `communes` (des Commune).
    """
    tenir()
    organisme = Organisme()
    changements = enregistrer(organisme, valeurs)
    consigner(par, "creer", organisme, {"changements": changements})
    return organisme


@transaction.atomic
def modifier(
    *, par: Auteur, organisme: Organisme, version: int, valeurs: Mapping[str, Any]
) -> Organisme:
    """Change les champs donnés ; lève ConflitDeVersion si `version` n'est plus la bonne, ou Refus.

    Rend l'organisme relu, et n'écrit rien si rien ne change.
    """
    (tenu,) = tenir(organisme)
    if tenu.version != version:
        raise ConflitDeVersion(tenu)
    if changements := enregistrer(tenu, valeurs):
        consigner(par, "modifier", tenu, {"changements": changements})
    return tenu


def enregistrer(organisme: Organisme, valeurs: Mapping[str, Any]) -> Changements:
    """Écrit les valeurs sur un organisme tenu ; rend, par champ changé, l'avant et l'après.

    Sans journal : l'acte qui l'appelle le tient. Lève Refus, ou TypeError sur un champ inconnu.
    """
    if inconnus := set(valeurs) - {*CHAMPS, *LISTES}:
        raise TypeError(f"Champs inconnus : {', '.join(sorted(inconnus))}.")
    avant, listes = _photographier(organisme), _lire_les_listes(organisme)
    motifs = _poser(organisme, valeurs, avant)
    motifs += motifs_de_validation(organisme, avec_contraintes=not motifs)
    voulues = _listes_voulues(organisme, valeurs, listes)
    exiger(motifs)
    avant |= _en_textes(listes)
    apres = _photographier(organisme) | _en_textes(voulues)
    changements = {c: [avant[c], apres[c]] for c in apres if avant[c] != apres[c]}
    if changements:
        organisme.version += organisme.pk is not None
        organisme.save()
        _ecrire_les_listes(organisme, listes, voulues)
    return changements


def _poser(organisme: Organisme, valeurs: Mapping[str, Any], avant: Mapping[str, Any]) -> list[str]:
    """Pose les valeurs normalisées ; rend les motifs de refus, tous à la fois."""
    motifs = []
    if organisme.fusionne_dans:
        motifs.append(f"C’est un doublon de « {organisme.fusionne_dans} » : modifiez celui-ci.")
    for champ in (c for c in CHAMPS if c in valeurs):
        valeur = valeurs[champ]
        if isinstance(valeur, str):
            valeur = sans_signes_caches(valeur)
            valeur = valeur.strip() if champ == "adresse" else " ".join(valeur.split())
        try:
            setattr(organisme, champ, NORMES[champ](valeur) if champ in NORMES else valeur)
        except numeros.NumeroInvalide as erreur:
            motifs.append(str(erreur))
    if organisme.siret and (not organisme.siren or "siren" not in valeurs):
        organisme.siren = organisme.siret[:9]
    organisme.nature = organisme.nature or forme_vers_nature(organisme.forme_juridique)
    organisme.cle_de_tri = cle(organisme.nom)
    if not organisme.courriel:
        organisme.courriel_origine, organisme.courriel_releve_le = "", None
    elif organisme.courriel != avant["courriel"]:
        origine = valeurs.get("courriel_origine") or OrigineDeCourriel.SAISI
        organisme.courriel_origine = origine
        organisme.courriel_releve_le = valeurs.get("courriel_releve_le") or timezone.localdate()
    return motifs + motifs_de_numeros_pris(organisme)


def motifs_de_numeros_pris(organisme: Organisme) -> list[str]:
    """Rend une phrase par numéro de cet organisme qu'un autre organisme retenu porte déjà."""
    autres = Organisme.objects.retenus().exclude(pk=organisme.pk)
    recherches = {"Siret": {"siret": organisme.siret}, "RNA": {"rna": organisme.rna}}
    if not organisme.siret:
        recherches["Siren"] = {"siren": organisme.siren, "siret": ""}
    return [
        f"Le numéro {nom} {numeros.ecrire_numero(numero)} est déjà celui de « {autre} »."
        for nom, filtre in recherches.items()
        if (numero := filtre[nom.lower()]) and (autre := autres.filter(**filtre).first())
    ]


def _photographier(organisme: Organisme) -> dict[str, Any]:
    """Rend les champs tels que le journal les garde : des textes."""
    valeurs = {champ: getattr(organisme, champ) for champ in CHAMPS}
    return {champ: "" if valeur is None else str(valeur) for champ, valeur in valeurs.items()}


def _lire_les_listes(organisme: Organisme) -> Listes:
    if organisme.pk is None:
        return {liste: {} for liste in LISTES}
    return {
        "alias": {alias.cle: alias.nom for alias in organisme.alias.all()},
        "communes": {commune.code: commune for commune in organisme.communes.all()},
    }


def _listes_voulues(organisme: Organisme, valeurs: Mapping[str, Any], listes: Listes) -> Listes:
    """Rend les listes demandées ; un alias déjà connu garde sa graphie, le nom n'en est pas un."""
    voulues = dict(listes)
    if "alias" in valeurs:
        demandes = {
            cle(nom): " ".join(sans_signes_caches(nom).split())[:300] for nom in valeurs["alias"]
        }
        voulues["alias"] = {
            c: listes["alias"].get(c, nom)
            for c, nom in demandes.items()
            if c not in ("", organisme.cle_de_tri)
        }
    if "communes" in valeurs:
        voulues["communes"] = {commune.code: commune for commune in valeurs["communes"]}
    return voulues


def _en_textes(listes: Listes) -> dict[str, list[str]]:
    return {nom: [str(liste[c]) for c in sorted(liste)] for nom, liste in listes.items()}


def _ecrire_les_listes(organisme: Organisme, listes: Listes, voulues: Listes) -> None:
    organisme.communes.set(voulues["communes"].values())
    organisme.alias.exclude(cle__in=voulues["alias"]).delete()
    AliasDOrganisme.objects.bulk_create(
        AliasDOrganisme(organisme=organisme, nom=nom, cle=c)
        for c, nom in voulues["alias"].items()
        if c not in listes["alias"]
    )
