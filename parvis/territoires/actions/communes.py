"""Importer des communes, leurs contours, leurs intercommunalités : la différence d'abord."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from parvis.journal.actions import noter
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger
from parvis.territoires.actions.trace import CHAINE, retenir
from parvis.territoires.enums import NatureDeChargement
from parvis.territoires.geometrie import octets
from parvis.territoires.importation.communes import CommuneLue, EpciLu
from parvis.territoires.models import Commune, Epci
from parvis.territoires.rules.millesimes import departement_de

# Au-delà, la différence se compte : trente-cinq mille lignes ne se lisent pas.
NOMMES_MAX = 50
PAR_LOT = 500


@dataclass
class ImportDeCommunes:
    """Ce qu'un import change : les communes nouvelles, et les changées avec leurs champs."""

    nouvelles: list[str] = field(default_factory=list)
    changees: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    inchangees: int = 0

    @property
    def est_vide(self) -> bool:
        return not (self.nouvelles or self.changees)

    def lignes(self) -> list[str]:
        """Rend la différence, une phrase par commune, comptée au-delà de cinquante."""
        dites = [f"nouvelle · {nom}" for nom in self.nouvelles]
        for nom, champs in self.changees.items():
            detail = " ; ".join(
                f"{champ} : {a or '(rien)'} → {b}" for champ, (a, b) in champs.items()
            )
            dites.append(f"changée · {nom} · {detail}")
        reste = len(dites) - NOMMES_MAX
        return dites if reste <= 0 else [*dites[:NOMMES_MAX], f"… et {reste} autres"]


@transaction.atomic
def importer_communes(
    *, par: Auteur, lues: Sequence[CommuneLue], source: str, ecrire: bool
) -> ImportDeCommunes:
    """Crée ou met à jour des communes ; ce que le fichier ne dit pas reste.

    Sans `ecrire`, rien n'est touché. Aucune commune n'est retirée : une décision peut la citer.
    """
    connues = Commune.objects.in_bulk(field_name="code")
    bilan = ImportDeCommunes()
    nouvelles, changees = [], []
    for lue in lues:
        commune = connues.get(lue.code)
        est_nouvelle = commune is None
        if commune is None:
            commune = Commune(code=lue.code, nom=lue.nom, departement=departement_de(lue.code))
        champs = _donner(commune, lue)
        nom = f"{lue.nom} ({lue.code})"
        if est_nouvelle:
            nouvelles.append(commune)
            bilan.nouvelles.append(nom)
        elif champs:
            changees.append(commune)
            bilan.changees[nom] = champs
        else:
            bilan.inchangees += 1
    if ecrire and not bilan.est_vide:
        Commune.objects.bulk_create(nouvelles, batch_size=PAR_LOT)
        Commune.objects.bulk_update(
            changees, ["nom", "codes_postaux", "population", "contour"], batch_size=PAR_LOT
        )
        retenir(NatureDeChargement.COMMUNES, source)
        noter(
            par=par,
            contrat=CHAINE,
            action="territoires.importer_communes",
            objet=f"fichier:{source}"[:120],
            objet_nom=source[:300],
            details={"nouvelles": len(nouvelles), "changees": len(changees)},
        )
    return bilan


def _donner(commune: Commune, lue: CommuneLue) -> dict[str, tuple[str, str]]:
    """Donne à la commune ce que dit le fichier ; rend ce qui change, avant et après."""
    champs: dict[str, tuple[str, str]] = {}
    for champ in ("nom", "codes_postaux", "population"):
        avant, apres = getattr(commune, champ), getattr(lue, champ)
        # Un fichier de contours n'est pas celui des noms : il ne rebaptise pas une commune connue.
        est_a_taire = champ == "nom" and lue.contour is not None and commune.pk
        if apres not in ("", None) and apres != avant and not est_a_taire:
            champs[champ] = (str(avant or ""), str(apres))
            setattr(commune, champ, apres)
    if lue.contour is not None:
        contour = octets(lue.contour)
        if commune.contour is None or bytes(commune.contour) != contour:
            champs["contour"] = ("" if commune.contour is None else "un contour", "un contour")
            commune.contour = contour
    return champs


@dataclass
class ImportDEpci:
    """Ce qu'un import change : les intercommunalités nouvelles, et les changées."""

    nouveaux: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    inchanges: int = 0

    @property
    def est_vide(self) -> bool:
        return not (self.nouveaux or self.changes)

    def lignes(self) -> list[str]:
        """Rend la différence, une phrase par intercommunalité."""
        return [
            *(f"nouveau · {n}" for n in self.nouveaux),
            *(f"changé · {n}" for n in self.changes),
        ]


@transaction.atomic
def importer_epci(*, par: Auteur, lus: Sequence[EpciLu], source: str, ecrire: bool) -> ImportDEpci:
    """Crée ou met à jour des intercommunalités et leurs communes ; lève Refus si une commune manque.

    Sans `ecrire`, l'import se fait puis se défait.
    """
    codes = {code for lu in lus for code in lu.communes}
    communes = Commune.objects.in_bulk(list(codes), field_name="code")
    absentes = sorted(codes - communes.keys())
    exiger(
        [
            f"{len(absentes)} commune(s) ne sont pas chargées, dont {absentes[0]} : "
            "importez d’abord les communes (importer_communes)."
        ]
        if absentes
        else []
    )
    bilan = ImportDEpci()
    for lu in lus:
        _importer_un_epci(lu, communes, bilan)
    if not ecrire:
        transaction.set_rollback(True)
    elif not bilan.est_vide:
        retenir(NatureDeChargement.EPCI, source)
        noter(
            par=par,
            contrat=CHAINE,
            action="territoires.importer_epci",
            objet=f"fichier:{source}"[:120],
            objet_nom=source[:300],
            details={"nouveaux": bilan.nouveaux, "changes": bilan.changes},
        )
    return bilan


def _importer_un_epci(lu: EpciLu, communes: dict[str, Commune], bilan: ImportDEpci) -> None:
    # Chargée par son seul nom, l'intercommunalité du contrat livré reçoit ici son numéro.
    epci = (
        Epci.objects.filter(siren=lu.siren).first()
        or Epci.objects.filter(siren="", nom=lu.nom).first()
        or Epci()
    )
    est_nouveau = epci.pk is None
    avant = (
        epci.siren,
        epci.nom,
        set() if est_nouveau else set(epci.communes.values_list("code", flat=True)),
    )
    if avant == (lu.siren, lu.nom, set(lu.communes)):
        bilan.inchanges += 1
        return
    epci.siren, epci.nom = lu.siren, lu.nom
    epci.save()
    epci.communes.set(communes[code] for code in lu.communes)
    nombre = len(lu.communes)
    (bilan.nouveaux if est_nouveau else bilan.changes).append(
        f"{lu.nom} ({lu.siren}), {nombre} commune{'s' if nombre > 1 else ''}"
    )
