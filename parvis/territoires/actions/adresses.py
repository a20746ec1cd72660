"""Importer les adresses de communes entières : la différence d'abord, puis tout ou rien."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice

from django.db import transaction

from parvis.journal.actions import noter
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger
from parvis.territoires.actions.trace import retenir
from parvis.territoires.enums import NatureDeChargement
from parvis.territoires.importation.adresses import LigneDAdresse
from parvis.territoires.importation.communes import est_un_code_insee
from parvis.territoires.models import Adresse, Commune
from parvis.territoires.rules.adresses import cle_de_voie
from parvis.territoires.rules.millesimes import departement_de

# SQLite n'admet qu'un millier de valeurs par requête.
PAR_LOT = 900
CHAMPS = ("commune_id", "numero", "suffixe", "voie", "voie_cle", "code_postal", "lon", "lat")


@dataclass
class ImportDAdresses:
    """Ce qu'un import change, en nombres d'adresses ; puis les communes du fichier, et les créées."""

    nouvelles: int = 0
    changees: int = 0
    inchangees: int = 0
    absentes: int = 0
    communes: int = 0
    communes_creees: int = 0

    @property
    def est_vide(self) -> bool:
        return not (self.nouvelles or self.changees or self.absentes)

    def lignes(self) -> list[str]:
        """Rend la différence en une phrase : les adresses se comptent, elles ne se lisent pas."""
        return [
            f"{self.communes} commune(s), dont {self.communes_creees} nouvelle(s). Adresses : "
            f"{self.nouvelles} nouvelle(s), {self.changees} changée(s), "
            f"{self.inchangees} inchangée(s), {self.absentes} absente(s) du fichier."
        ]


@transaction.atomic
def importer_adresses(
    *, par: Auteur, lignes: Iterable[LigneDAdresse], source: str, ecrire: bool
) -> ImportDAdresses:
    """Remplace les adresses des communes du fichier ; les autres communes ne changent pas.

    Sans `ecrire`, la différence se calcule et rien ne s'écrit. Lève Refus avec la ligne d'une
    commune inconnue et sans code Insee valable, et transmet ceux de la lecture.
    """
    bilan = ImportDAdresses()
    communes = Commune.objects.in_bulk(field_name="code")
    vues: dict[str, set[str]] = defaultdict(set)
    for lot in _par_lots(lignes):
        bilan.communes_creees += _connaitre_les_communes(lot, communes, ecrire)
        _importer_un_lot(lot, communes, bilan, ecrire)
        for ligne in lot:
            vues[ligne.commune_code].add(ligne.cle)
    bilan.communes = len(vues)
    bilan.absentes = _retirer_les_absentes(vues, communes, ecrire)
    if ecrire and not bilan.est_vide:
        retenir(NatureDeChargement.ADRESSES, source)
        noter(
            par=par,
            contrat="instance",
            action="territoires.importer_adresses",
            objet=f"fichier:{source}"[:120],
            objet_nom=source[:300],
            details=asdict(bilan),
        )
    return bilan


def _par_lots(lignes: Iterable[LigneDAdresse]) -> Iterator[list[LigneDAdresse]]:
    restantes = iter(lignes)
    while lot := list(islice(restantes, PAR_LOT)):
        yield lot


def _connaitre_les_communes(
    lot: list[LigneDAdresse], communes: dict[str, Commune], ecrire: bool
) -> int:
    """Ajoute à `communes` celles du lot qui n'y sont pas, et les crée s'il faut écrire ; rend leur nombre."""
    inconnues: dict[str, Commune] = {}
    motifs: dict[str, str] = {}
    for ligne in lot:
        code = ligne.commune_code
        if code in communes or code in inconnues or code in motifs:
            continue
        if est_un_code_insee(code) and ligne.commune_nom:
            inconnues[code] = Commune(
                code=code, nom=ligne.commune_nom[:120], departement=departement_de(code)
            )
        else:
            motifs[code] = (
                f"Ligne {ligne.ligne} : la commune « {ligne.commune_nom} » de code « {code} » est "
                "inconnue, et ne peut pas être créée sans un nom et un code Insee de cinq signes."
            )
    exiger(list(motifs.values()))
    if ecrire:
        Commune.objects.bulk_create(inconnues.values())
    communes |= inconnues
    return len(inconnues)


def _importer_un_lot(
    lot: list[LigneDAdresse], communes: dict[str, Commune], bilan: ImportDAdresses, ecrire: bool
) -> None:
    cles = [ligne.cle for ligne in lot]
    connues = {
        cle: tuple(valeurs)
        for cle, *valeurs in Adresse.objects.filter(cle__in=cles).values_list("cle", *CHAMPS)
    }
    a_ecrire = []
    for ligne in lot:
        valeurs = (
            communes[ligne.commune_code].pk,
            *(ligne.numero, ligne.suffixe, ligne.voie, cle_de_voie(ligne.voie)),
            *(ligne.code_postal, ligne.lon, ligne.lat),
        )
        if connues.get(ligne.cle) == valeurs:
            bilan.inchangees += 1
            continue
        if ligne.cle in connues:
            bilan.changees += 1
        else:
            bilan.nouvelles += 1
        a_ecrire.append(Adresse(cle=ligne.cle, **dict(zip(CHAMPS, valeurs, strict=True))))
    if ecrire and a_ecrire:
        # Une adresse garde sa ligne : seule sa clé d'interopérabilité dit que c'est la même.
        Adresse.objects.bulk_create(
            a_ecrire,
            update_conflicts=True,
            unique_fields=["cle"],
            update_fields=[champ.removesuffix("_id") for champ in CHAMPS],
        )


def _retirer_les_absentes(
    vues: dict[str, set[str]], communes: dict[str, Commune], ecrire: bool
) -> int:
    """Retire les adresses des communes du fichier qu'il ne donne plus ; rend leur nombre.

    Une adresse passée d'une commune du fichier à une autre n'est pas absente.
    """
    toutes = set().union(*vues.values())
    absentes: list[int] = []
    for code in vues:
        if communes[code].pk is not None:
            connues = Adresse.objects.filter(commune=communes[code]).order_by()
            absentes += [pk for pk, cle in connues.values_list("pk", "cle") if cle not in toutes]
    if ecrire:
        for debut in range(0, len(absentes), PAR_LOT):
            Adresse.objects.filter(pk__in=absentes[debut : debut + PAR_LOT]).delete()
    return len(absentes)
