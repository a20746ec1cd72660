"""Importer un fichier de chiffres : la différence d'abord, tout ou rien, le secret aussitôt."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from parvis.journal.actions import noter, tenir_la_chaine
from parvis.observatoire.actions.secret import proteger_les_tables
from parvis.observatoire.enums import Etat, Niveau
from parvis.observatoire.importation.chiffres import ChiffreLu, Forme, lire_les_chiffres
from parvis.observatoire.models import Description, Livraison, LivraisonAttendue, Serie, Valeur
from parvis.observatoire.rules.lecture import echeance_suivante, est_une_periode
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger
from parvis.socle.tableur import lire_tableau
from parvis.territoires.models import Commune, Epci, Quartier

CHAINE = "instance"
PAR_LOT = 500


@dataclass
class ImportDeChiffres:
    """Ce qu'un fichier change, en nombres de valeurs, et les territoires que l'on ne connaît pas."""

    nouvelles: int = 0
    changees: int = 0
    inchangees: int = 0
    manquantes: int = 0
    secretes: int = 0
    tues: int = 0
    inconnus: list[str] = field(default_factory=list)

    @property
    def est_vide(self) -> bool:
        return not (self.nouvelles or self.changees)

    def lignes(self) -> list[str]:
        """Rend le bilan en phrases."""
        dites = [
            f"{self.nouvelles} valeur(s) nouvelle(s), {self.changees} changée(s), "
            f"{self.inchangees} inchangée(s).",
            f"{self.manquantes} non disponible(s), {self.secretes} tue(s) par la source, "
            f"{self.tues} tue(s) ici par le secret statistique.",
        ]
        if self.inconnus:
            cites = ", ".join(self.inconnus[:8]) + ("…" if len(self.inconnus) > 8 else "")
            dites.append(f"{len(self.inconnus)} territoire(s) inconnu(s), laissé(s) : {cites}")
        return dites


@transaction.atomic
def importer_chiffres(
    *, par: Auteur, description: Description, periode: str, nom: str, octets: bytes, ecrire: bool
) -> ImportDeChiffres:
    """Écrit les valeurs d'un fichier pour une période, puis tait ce que le secret demande.

    Lève Refus : période mal écrite, forme changée, case illisible. Un territoire inconnu est laissé
    et nommé. Sans `ecrire`, ou si rien ne change, l'import se
    fait puis se défait.
    """
    exiger([] if est_une_periode(periode) else ["Écrivez la période : 2018, 2018-T1 ou 2018-03."])
    lus = lire_les_chiffres(lire_tableau(octets, nom), _forme(description))
    exiger(_motifs_des_personnes(description, lus))
    contrat = description.source.contrat or CHAINE
    tenir_la_chaine(contrat)
    livraison = Livraison.objects.create(
        description=description,
        periode=periode,
        fichier=nom[-200:],
        empreinte=hashlib.sha256(octets).hexdigest(),
        recue_le=timezone.now(),
        recue_par=par.utilisateur_nom[:200],
    )
    bilan = _ecrire_les_valeurs(description, periode, livraison, lus)
    exiger(
        ["Aucun territoire de ce fichier n’est connu : est-ce la bonne génération de quartiers ?"]
        if len(bilan.inconnus) == len({lu.territoire for lu in lus})
        else []
    )
    bilan.tues = proteger_les_tables(description.source, description.niveau, periode)
    if not ecrire or bilan.est_vide:
        transaction.set_rollback(True)
        return bilan
    _reporter_les_attentes(description)
    noter(
        par=par,
        contrat=contrat,
        action="observatoire.importer_chiffres",
        objet=f"livraison:{livraison.pk}",
        objet_nom=f"{description.nom}, {periode}",
        details={"nouvelles": bilan.nouvelles, "changees": bilan.changees, "tues": bilan.tues},
    )
    return bilan


def _motifs_des_personnes(description: Description, lus: list[ChiffreLu]) -> list[str]:
    """Rend pourquoi des nombres de personnes ne peuvent pas en être."""
    personnes = {s.code for s in description.source.series.all() if s.est_secrete}
    return [
        f"Ligne {lu.ligne} : {lu.valeur} n’est pas un nombre de personnes."
        for lu in lus
        if lu.serie in personnes and lu.valeur is not None and lu.valeur < 0
    ][:20]


def _forme(description: Description) -> Forme:
    return Forme(
        description.colonne_du_territoire,
        description.colonnes,
        frozenset(description.marques_du_secret),
    )


def _ecrire_les_valeurs(
    description: Description, periode: str, livraison: Livraison, lus: list[ChiffreLu]
) -> ImportDeChiffres:
    bilan = ImportDeChiffres()
    champ = str(description.niveau)
    territoires = _territoires(description)
    series = {serie.code: serie for serie in description.source.series.all()}
    deja = {
        (v.serie_id, getattr(v, f"{champ}_id")): v
        for v in Valeur.objects.filter(
            serie__source=description.source, periode=periode, **{f"{champ}__isnull": False}
        )
    }
    nouvelles, changees = [], []
    inconnus: dict[str, None] = {}
    for lu in lus:
        ou = territoires.get(lu.territoire)
        if ou is None:
            inconnus[lu.territoire] = None
            continue
        bilan.manquantes += lu.etat == Etat.MANQUANTE
        bilan.secretes += lu.etat == Etat.SECRETE
        serie = series[lu.serie]
        valeur = deja.get((serie.pk, ou))
        if valeur is None:
            nouvelles.append(_valeur(serie, champ, ou, periode, lu, livraison))
        elif (valeur.etat, valeur.valeur) != (lu.etat, lu.valeur):
            valeur.etat, valeur.valeur, valeur.livraison = lu.etat, lu.valeur, livraison
            valeur.diffusion = "publiable"
            changees.append(valeur)
        else:
            bilan.inchangees += 1
    Valeur.objects.bulk_create(nouvelles, batch_size=PAR_LOT)
    Valeur.objects.bulk_update(
        changees, ["etat", "valeur", "livraison", "diffusion"], batch_size=PAR_LOT
    )
    bilan.nouvelles, bilan.changees = len(nouvelles), len(changees)
    bilan.inconnus = list(inconnus)
    return bilan


def _valeur(
    serie: Serie, champ: str, ou: int, periode: str, lu: ChiffreLu, livraison: Livraison
) -> Valeur:
    return Valeur(
        serie=serie,
        periode=periode,
        etat=lu.etat,
        valeur=lu.valeur,
        livraison=livraison,
        **{f"{champ}_id": ou},
    )


def _territoires(description: Description) -> Mapping[str, int]:
    """Rend la clé de chaque territoire connu à cette échelle, par son code."""
    if description.niveau == Niveau.QUARTIER:
        lignes = Quartier.objects.filter(millesime=description.millesime or 0)
        return dict(lignes.values_list("code", "pk"))
    if description.niveau == Niveau.COMMUNE:
        return dict(Commune.objects.values_list("code", "pk"))
    return dict(Epci.objects.exclude(siren="").values_list("siren", "pk"))


def _reporter_les_attentes(description: Description) -> None:
    """Reporte à la suivante chaque livraison attendue que ce fichier satisfait."""
    for attente in LivraisonAttendue.objects.filter(description=description, est_close=False):
        suivante = echeance_suivante(attente.prochaine_le, attente.frequence)
        if suivante is None:
            attente.est_close = True
        else:
            attente.prochaine_le = suivante
        attente.save(update_fields=["prochaine_le", "est_close"])
