"""Importer une liste d'organismes : l'aperçu d'abord, puis tout ou rien."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from parvis.journal.actions import noter
from parvis.organismes.actions.acte import CHAINE, tenir
from parvis.organismes.actions.saisie import NORMES, Changements, enregistrer
from parvis.organismes.enums import OrigineDeCourriel
from parvis.organismes.importation import LigneLue
from parvis.organismes.models import Organisme
from parvis.organismes.rules.noms import cle
from parvis.organismes.rules.numeros import NumeroInvalide
from parvis.socle.auteur import Auteur
from parvis.socle.refus import Refus, exiger
from parvis.territoires.models import Commune, Epci


@dataclass(frozen=True)
class OrganismeImporte:
    """Ce qu'une ligne change : un organisme nouveau, ou l'avant et l'après de ses champs."""

    nom: str
    est_nouveau: bool
    changements: Changements

    def __str__(self) -> str:
        if self.est_nouveau:
            return f"nouveau · {self.nom}"
        champs = (f"{c} : {avant} → {apres}" for c, (avant, apres) in self.changements.items())
        return f"changé · {self.nom} · {' ; '.join(champs)}"


@transaction.atomic
def importer_organismes(
    *, par: Auteur, lignes: Iterable[LigneLue], source: str, ecrire: bool
) -> list[OrganismeImporte]:
    """Crée ou complète les organismes d'un fichier ; lève Refus, chaque motif avec sa ligne.

    Une ligne retrouve son organisme par un numéro, sinon par son nom et sa nature. Sans
    `ecrire`, l'import se fait puis se défait : l'aperçu dit exactement ce qui serait écrit.
    """
    tenir()
    motifs: list[str] = []
    importes = []
    for ligne in lignes:
        try:
            importes.append(_importer(ligne))
        except Refus as refus:
            motifs += [f"Ligne {ligne.numero} : {motif}" for motif in refus.motifs]
    exiger(motifs)
    importes = [i for i in importes if i.est_nouveau or i.changements]
    if not ecrire:
        transaction.set_rollback(True)
    elif importes:
        noter(
            par=par,
            contrat=CHAINE,
            action="organismes.importer",
            objet=f"fichier:{source}"[:120],
            objet_nom=source[:300],
            details={"organismes": [vars(importe) for importe in importes]},
        )
    return importes


def _importer(ligne: LigneLue) -> OrganismeImporte:
    valeurs = _valeurs(ligne.valeurs)
    fin_le = valeurs.pop("fin_le", None)
    organisme = _retrouve(valeurs) or Organisme()
    est_nouveau = organisme.pk is None
    if organisme.courriel == valeurs.get("courriel"):
        # Le même courriel, donné par l'organisme lui-même, vaut mieux que le fichier.
        valeurs.pop("courriel_origine", None)
    changements = enregistrer(organisme, valeurs)
    if fin_le and fin_le != organisme.fin_le:
        changements["fin_le"] = [str(organisme.fin_le or ""), str(fin_le)]
        organisme.fin_le = fin_le
        organisme.version += 1
        organisme.save(update_fields=["fin_le", "version"])
    return OrganismeImporte(organisme.nom, est_nouveau, changements)


def _valeurs(lues: dict[str, Any]) -> dict[str, Any]:
    """Rend les valeurs d'une ligne, les lieux retrouvés par leur code ou leur nom."""
    motifs = []
    valeurs = dict(lues)
    codes = [valeurs["siege"]] if "siege" in valeurs else []
    codes += valeurs.get("communes", [])
    communes = Commune.objects.in_bulk(codes, field_name="code")
    motifs += [f"La commune de code Insee {c} est inconnue." for c in codes if c not in communes]
    if "siege" in valeurs:
        valeurs["siege"] = communes.get(valeurs["siege"])
    if "communes" in valeurs:
        valeurs["communes"] = [communes[c] for c in valeurs["communes"] if c in communes]
    if "epci" in valeurs:
        nom = valeurs["epci"]
        valeurs["epci"] = Epci.objects.filter(nom=nom).first()
        if valeurs["epci"] is None:
            motifs.append(f"L’intercommunalité « {nom} » est inconnue.")
    if "fin_le" in valeurs:
        try:
            valeurs["fin_le"] = date.fromisoformat(valeurs["fin_le"])
        except ValueError:
            motifs.append(f"La date « {valeurs['fin_le']} » ne s’écrit pas AAAA-MM-JJ.")
    if "courriel" in valeurs:
        valeurs["courriel_origine"] = OrigineDeCourriel.IMPORTE
    exiger(motifs)
    return valeurs


def _retrouve(valeurs: dict[str, Any]) -> Organisme | None:
    """Rend l'organisme retenu que désigne la ligne : par un numéro, sinon par son nom et sa nature."""
    lus = _numeros(valeurs)
    retenus = Organisme.objects.retenus()
    for filtre in (
        {"siret": lus["siret"]},
        {"rna": lus["rna"]},
        {"siren": lus["siren"], "siret": ""},
    ):
        if next(iter(filtre.values())) and (trouve := retenus.filter(**filtre).first()):
            return trouve
    nommes = retenus.filter(
        cle_de_tri=cle(valeurs.get("nom", "")), nature=valeurs.get("nature", "")
    )
    # Le même nom avec un autre numéro est un autre organisme.
    memes = [o for o in nommes if all(getattr(o, c) in ("", n) for c, n in lus.items() if n)]
    return memes[0] if len(memes) == 1 else None


def _numeros(valeurs: dict[str, Any]) -> dict[str, str]:
    """Rend les numéros justes de la ligne ; l'enregistrement dira ce que les autres ont de faux."""
    lus = dict.fromkeys(NORMES, "")
    for champ, norme in NORMES.items():
        with contextlib.suppress(NumeroInvalide):
            lus[champ] = norme(valeurs.get(champ, ""))
    return lus
