"""Décrire une fois un fichier de chiffres : sa source, son échelle, ses séries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from parvis.journal.actions import noter, tenir_la_chaine
from parvis.observatoire.actions.secret import reprendre_le_secret
from parvis.observatoire.enums import Niveau, Remontee
from parvis.observatoire.models import Description, Serie, Source
from parvis.observatoire.rules.description import motifs_empechant_la_description
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger
from parvis.territoires.rules.millesimes import VALIDITES

CHAINE = "instance"


@dataclass(frozen=True)
class SerieDecrite:
    """Une colonne à lire : son titre, et ce qu'elle mesure. `poids` et `partie_de` sont des titres."""

    colonne: str
    libelle: str
    unite: str
    remontee: str = Remontee.AUCUNE
    poids: str = ""
    partie_de: str = ""
    decoupage: str = ""
    definition: str = ""


@transaction.atomic
def decrire_un_fichier(
    *,
    par: Auteur,
    contrat: str,
    source: str,
    producteur: str,
    nom: str,
    niveau: str,
    colonne_du_territoire: str,
    series: Sequence[SerieDecrite],
    millesime: int | None = None,
    licence: str = "",
    adresse: str = "",
    seuil: int = 11,
    marques_du_secret: Sequence[str] = (),
) -> Description:
    """Garde la description d'un fichier et crée ses séries ; lève Refus si elle se contredit.

    `contrat` vide : la source est à toute la plateforme. Une série déjà connue de la source, sous le
    même code, est gardée.
    """
    exiger(
        motifs_empechant_la_description(
            niveau=niveau, millesime=millesime, millesimes=tuple(VALIDITES), series=series
        )
        + (["Le seuil du secret est d’au moins une personne."] if seuil < 1 else [])
    )
    tenir_la_chaine(contrat or CHAINE)
    defauts = {"producteur": producteur, "licence": licence, "adresse": adresse, "seuil": seuil}
    trouvee, _ = Source.objects.get_or_create(contrat=contrat, nom=source, defaults=defauts)
    exiger(_motifs_de_la_source(trouvee, nom, seuil, series))
    creees = {
        decrite.colonne: _serie(trouvee, decrite, rang) for rang, decrite in enumerate(series)
    }
    _relier(series, creees)
    # Une série déjà connue vient d'être reliée autrement : ce qu'elle protège change aussi.
    reprendre_le_secret(trouvee)
    description = Description.objects.create(
        source=trouvee,
        nom=nom,
        niveau=niveau,
        millesime=millesime if niveau == Niveau.QUARTIER else None,
        colonne_du_territoire=colonne_du_territoire,
        colonnes={colonne: serie.code for colonne, serie in creees.items()},
        marques_du_secret=[marque.strip().lower() for marque in marques_du_secret],
    )
    noter(
        par=par,
        contrat=contrat or CHAINE,
        action="observatoire.decrire_un_fichier",
        objet=f"description:{description.pk}",
        objet_nom=nom,
        details={"source": source, "series": [serie.libelle for serie in creees.values()]},
    )
    return description


def _motifs_de_la_source(
    source: Source, nom: str, seuil: int, decrites: Sequence[SerieDecrite]
) -> list[str]:
    """Rend ce qui contredit la source déjà connue : une autre unité, et le secret ne s'appliquerait plus."""
    motifs = []
    if source.descriptions.filter(nom=nom).exists():
        motifs.append("Cette source a déjà un fichier décrit sous ce nom.")
    if source.seuil != seuil:
        motifs.append(f"Cette source se tait sous {source.seuil} personnes, et non {seuil}.")
    connues = {serie.code: serie for serie in source.series.all()}
    vus: dict[str, str] = {}
    for rang, decrite in enumerate(decrites):
        code = _code(decrite, rang)
        if code in vus:
            motifs.append(
                f"« {decrite.colonne} » et « {vus[code]} » se confondent : renommez-en une."
            )
        vus[code] = decrite.colonne
        connue = connues.get(code)
        tout = connues.get(slugify(decrite.partie_de)[:80]) if decrite.partie_de else None
        est_deja_un_tout = connue is not None and connue.parties.exists()
        if (tout and tout.partie_de_id) or (decrite.partie_de and est_deja_un_tout):
            motifs.append(
                f"« {decrite.libelle} » : une partie d’une partie ne se protège pas ; un seul étage."
            )
        if connue and connue.unite != decrite.unite:
            motifs.append(
                f"« {decrite.libelle} » : cette source la compte déjà en "
                f"{connue.get_unite_display().lower()}."
            )
    return motifs


def _code(decrite: SerieDecrite, rang: int) -> str:
    return slugify(decrite.colonne)[:80] or f"colonne-{rang + 1}"


def _serie(source: Source, decrite: SerieDecrite, rang: int) -> Serie:
    # Créée sans poids, une moyenne attend le sien : la contrainte le veut dans la même transaction.
    code = _code(decrite, rang)
    serie, _ = Serie.objects.get_or_create(
        source=source,
        code=code,
        defaults={
            "libelle": decrite.libelle,
            "definition": decrite.definition,
            "unite": decrite.unite,
            "remontee": Remontee.AUCUNE
            if decrite.remontee == Remontee.MOYENNE
            else decrite.remontee,
            "rang": rang,
        },
    )
    return serie


def _relier(decrites: Sequence[SerieDecrite], creees: dict[str, Serie]) -> None:
    """Donne à chaque moyenne la série qui la pèse, et à chaque partie son tout."""
    for decrite in decrites:
        serie = creees[decrite.colonne]
        if decrite.remontee == Remontee.MOYENNE:
            serie.remontee, serie.poids = Remontee.MOYENNE, creees[decrite.poids]
        if decrite.partie_de:
            serie.partie_de, serie.decoupage = creees[decrite.partie_de], decrite.decoupage
        serie.save(update_fields=["remontee", "poids", "partie_de", "decoupage"])
