"""Le calendrier des appels : filtré, rangé par mois de clôture, avec de quoi filtrer autrement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDAppel
from parvis.dossiers.queries.appels import Echeance, echeances
from parvis.socle.filtres import Facette, Option
from parvis.socle.tableaux import Cellule
from parvis.socle.templatetags.socle import heure
from parvis.socle.texte import adresse

DU_CONTRAT = "ce-contrat"
CRITERES = ("etat", "pilier", "fiche", "organisme")
COLONNES = (
    *("Appel", "Organisme", "État", "Ouvre le", "Ouvre à", "Ferme le", "Ferme à"),
    *("Fiches", "Adresse"),
)
Mois = tuple[date | None, list[Echeance]]


@dataclass(frozen=True)
class Calendrier:
    """Les appels gardés, par mois de clôture, puis ceux de toute l'année ; et de quoi en choisir d'autres."""

    mois: list[Mois]
    toute_l_annee: list[Echeance]
    facettes: list[Facette]
    total: int
    clos: int

    @property
    def nombre(self) -> int:
        return sum(len(lignes) for _, lignes in self.mois) + len(self.toute_l_annee)

    @property
    def lignes(self) -> list[Echeance]:
        """Rend tous les appels gardés, dans l'ordre où on les lit."""
        return [e for _, lignes in self.mois for e in lignes] + self.toute_l_annee


def calendrier(
    acteur: Acteur, contrat: Contrat, choix: Mapping[str, str], *, maintenant: datetime
) -> Calendrier:
    """Rend le calendrier d'un contrat selon les choix faits (`CRITERES`).

    Sans choix d'état, les appels clos n'y sont pas. Le nombre de requêtes ne dépend pas des appels.
    """
    toutes = echeances(acteur, contrat, maintenant=maintenant)
    choisis = {critere: choix.get(critere, "") for critere in CRITERES}
    gardees = _filtrer(toutes, choisis)
    est_passe = choisis["etat"] == EtatDAppel.CLOS
    datees = [e for e in gardees if e.jour_de_cloture is not None]
    if est_passe:
        datees.reverse()
    return Calendrier(
        [(mois, list(lignes)) for mois, lignes in groupby(datees, key=_mois)],
        [e for e in gardees if e.jour_de_cloture is None],
        [_facette(critere, toutes, choisis) for critere in CRITERES],
        len(toutes),
        sum(e.etat == EtatDAppel.CLOS for e in toutes),
    )


def tableau(calendrier: Calendrier, adresse_de: Callable[[Echeance], str]) -> list[list[Cellule]]:
    """Rend les lignes du tableau à emporter, dans l'ordre de COLONNES."""
    return [
        [
            e.titre,
            e.organisme or "Ce contrat",
            str(e.etat.label),
            *_jour_et_heure(e.ouvre_le),
            *_jour_et_heure(e.ferme_le),
            ", ".join(f.numero for f in e.fiches),
            adresse_de(e),
        ]
        for e in calendrier.lignes
    ]


def _jour_et_heure(valeur: date | None) -> tuple[date | None, str]:
    if not isinstance(valeur, datetime):
        return valeur, ""
    return timezone.localtime(valeur).date(), heure(valeur)


def _mois(echeance: Echeance) -> date | None:
    jour = echeance.jour_de_cloture
    return jour and jour.replace(day=1)


def _filtrer(
    toutes: list[Echeance], choisis: Mapping[str, str], *, sauf: str = ""
) -> list[Echeance]:
    gardees = []
    for echeance in toutes:
        valeurs = _valeurs(echeance)
        est_gardee = all(
            critere == sauf or not voulu or voulu in valeurs[critere]
            for critere, voulu in choisis.items()
        )
        sans_etat = not choisis["etat"] and sauf != "etat"
        if est_gardee and not (sans_etat and echeance.etat == EtatDAppel.CLOS):
            gardees.append(echeance)
    return gardees


def _valeurs(echeance: Echeance) -> dict[str, dict[str, str]]:
    """Rend, pour chaque critère, les valeurs d'un appel et leurs mots."""
    nom = echeance.organisme
    return {
        "etat": {echeance.etat.value: str(echeance.etat.label)},
        "pilier": {f.adresse_du_pilier: f.pilier for f in echeance.fiches},
        "fiche": {f.numero: f"{f.numero} · {f.titre}" for f in echeance.fiches},
        "organisme": {adresse(nom): nom} if nom else {DU_CONTRAT: "Ce contrat"},
    }


_LIBELLES = {"etat": "État", "pilier": "Pilier", "fiche": "Fiche", "organisme": "Qui le lance"}


def _facette(critere: str, toutes: list[Echeance], choisis: Mapping[str, str]) -> Facette:
    comptes: dict[str, list[str]] = {}
    for echeance in _filtrer(toutes, choisis, sauf=critere):
        for valeur, libelle in _valeurs(echeance)[critere].items():
            comptes.setdefault(valeur, []).append(libelle)
    options = [
        Option(valeur, dits[0], len(dits), choisis[critere] == valeur)
        for valeur, dits in sorted(comptes.items(), key=lambda paire: _ordre(critere, *paire))
    ]
    return Facette(critere, _LIBELLES[critere], options, est_unique=True)


def _ordre(critere: str, valeur: str, dits: list[str]) -> tuple[int, str]:
    if critere == "etat":
        return list(EtatDAppel).index(EtatDAppel(valeur)), ""
    return (0 if valeur == DU_CONTRAT else 1), adresse(dits[0])
