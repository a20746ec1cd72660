"""Les dispositifs d'un contrat, et ceux qui sont à vérifier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from parvis.cadre.models import Contrat, Dispositif, DispositifDeFiche, Edition
from parvis.cadre.queries.lecture import lignes_du_dispositif
from parvis.cadre.rules.savoirs import raisons_de_verifier
from parvis.comptes.acteur import Acteur
from parvis.pilotage.permissions import peut_piloter
from parvis.socle.filtres import Facette, Option
from parvis.socle.pages import Page, page_de_liste
from parvis.socle.tableaux import Cellule
from parvis.socle.texte import mots

COLONNES = (
    *("Dispositif", "Responsables", "Nature", "Fiches", "À vérifier parce que", "Vérifié le"),
    *("A pris fin le", "Ce qui lui succède", "Lien"),
)
ETATS = {"a_verifier": "À vérifier", "a_jour": "À jour", "non_cites": "Cités par aucune fiche"}


@dataclass(frozen=True)
class LigneDeDispositif:
    """Un dispositif, les fiches de l'édition en vigueur qui le citent, et pourquoi le vérifier."""

    dispositif: Dispositif
    nombre_de_fiches: int
    raisons: list[str]

    @property
    def etat(self) -> str:
        if not self.nombre_de_fiches:
            return "non_cites"
        return "a_verifier" if self.raisons else "a_jour"


def lignes_des_dispositifs(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, jour: date
) -> tuple[Page[LigneDeDispositif], list[Facette]]:
    """Rend une page des dispositifs choisis, et les choix avec leurs comptes."""
    trouvees = _qui_repondent(_lignes(acteur, contrat, jour), demandes.get("q", ""))
    voulu = demandes.get("etat")
    options = [
        Option(etat, libelle, sum(ligne.etat == etat for ligne in trouvees), etat == voulu)
        for etat, libelle in ETATS.items()
    ]
    lue = page_de_liste(
        _dans_l_etat(trouvees, voulu),
        lambda ligne: str(ligne.dispositif.pk),
        apres=demandes.get("apres", ""),
        avant=demandes.get("avant", ""),
    )
    return lue, [Facette("etat", "Où en est-on", options, est_unique=True)]


def ligne_du_dispositif(
    acteur: Acteur, contrat: Contrat, pk: int, *, jour: date
) -> LigneDeDispositif:
    """Rend un dispositif du contrat ; lève Dispositif.DoesNotExist pour celui d'un autre."""
    for ligne in _lignes(acteur, contrat, jour):
        if ligne.dispositif.pk == pk:
            return ligne
    raise Dispositif.DoesNotExist


def citations(acteur: Acteur, dispositif: Dispositif) -> list[DispositifDeFiche]:
    """Rend ce que les fiches de l'édition en vigueur disent d'un dispositif, dans leur ordre."""
    edition = Edition.objects.courante(dispositif.contrat.code)
    return list(lignes_du_dispositif(acteur, edition, dispositif)) if edition else []


def nombre_a_verifier(acteur: Acteur, contrat: Contrat, *, jour: date) -> int:
    """Rend le nombre de dispositifs à vérifier."""
    return sum(bool(ligne.raisons) for ligne in _lignes(acteur, contrat, jour))


def tableau_des_dispositifs(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, jour: date
) -> list[tuple[Cellule, ...]]:
    """Rend les dispositifs choisis, un par ligne, dans l'ordre de COLONNES."""
    trouvees = _qui_repondent(_lignes(acteur, contrat, jour), demandes.get("q", ""))
    return [
        (
            d.nom,
            ", ".join(str(responsable) for responsable in d.responsables.all()),
            d.get_nature_display(),
            ligne.nombre_de_fiches,
            " ".join(ligne.raisons),
            d.verifie_le,
            d.fin_le,
            d.suite,
            d.lien,
        )
        for ligne in _dans_l_etat(trouvees, demandes.get("etat"))
        for d in (ligne.dispositif,)
    ]


def _lignes(acteur: Acteur, contrat: Contrat, jour: date) -> list[LigneDeDispositif]:
    """Rend tous les dispositifs du contrat, jugés ; la loi est en Python, la liste en mémoire."""
    if not peut_piloter(acteur, contrat.code):
        return []
    edition = Edition.objects.courante(contrat.code)
    fiches: dict[int, set[int]] = {}
    degres: dict[int, set[str]] = {}
    cites = DispositifDeFiche.objects.filter(edition=edition)
    for dispositif, version, degre in cites.values_list("dispositif", "version", "degre"):
        fiches.setdefault(dispositif, set()).add(version)
        degres.setdefault(dispositif, set()).add(degre)
    publiee_le = timezone.localdate(edition.publiee_le) if edition else None
    siens = Dispositif.objects.filter(contrat=contrat).select_related("contrat")
    return [
        LigneDeDispositif(
            d,
            len(fiches.get(d.pk, ())),
            raisons_de_verifier(
                verifie_le=d.verifie_le,
                fin_le=d.fin_le,
                suite=d.suite,
                a_un_responsable=bool(d.responsables.all()),
                degres=degres.get(d.pk, set()),
                cite_depuis=publiee_le if d.pk in fiches else None,
                aujourd_hui=jour,
            ),
        )
        for d in siens.prefetch_related("responsables").order_by("cle_de_tri", "pk")
    ]


def _qui_repondent(lignes: list[LigneDeDispositif], question: str) -> list[LigneDeDispositif]:
    """Garde ceux dont le nom ou un responsable commence, mot pour mot, par ce que l'on cherche."""
    cherches = mots(question)

    def repond(ligne: LigneDeDispositif) -> bool:
        cles = [r.cle_de_tri for r in ligne.dispositif.responsables.all()]
        lus = " ".join([ligne.dispositif.cle_de_tri, *cles]).split()
        return all(any(mot.startswith(cherche) for mot in lus) for cherche in cherches)

    return [ligne for ligne in lignes if repond(ligne)]


def _dans_l_etat(lignes: list[LigneDeDispositif], etat: str | None) -> list[LigneDeDispositif]:
    return [ligne for ligne in lignes if ligne.etat == etat] if etat in ETATS else lignes
