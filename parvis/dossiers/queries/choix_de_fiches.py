"""Choisir les fiches d'un dossier : celles de l'appel, ce qu'elles attendent, qui les appuie."""

from dataclasses import dataclass
from itertools import groupby

from parvis.cadre.enums import DegreDeDispositif, DegreDePartenaire
from parvis.cadre.models import DispositifDeFiche, PartenaireDeFiche, Pilier, VersionDeFiche
from parvis.cadre.queries.lecture import edition_courante, fiches_entieres
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier


@dataclass(frozen=True)
class FicheAChoisir:
    """Une fiche de l'appel : ce qu'elle attend, et ce qu'un porteur doit savoir de ses appuis."""

    version: VersionDeFiche
    est_choisie: bool
    est_principale: bool
    # Ceux que le dossier a choisis d'abord, même si l'édition ne les imprime plus.
    types: list[tuple[str, bool]]
    financeurs: list[PartenaireDeFiche]
    dispositifs: list[DispositifDeFiche]


@dataclass(frozen=True)
class ChoixDeFiches:
    """Les fiches que l'on peut choisir, par pilier, et celles que l'appel n'a plus."""

    piliers: list[tuple[Pilier, list[FicheAChoisir]]]
    choisies: list[FicheAChoisir]
    perdues: list[str]


def choix_de_fiches(acteur: Acteur, dossier: Dossier, valeur: dict) -> ChoixDeFiches:
    """Rend les fiches de l'appel dans l'édition courante, en un nombre fixe de requêtes."""
    edition = edition_courante(acteur, dossier.appel.contrat.code)
    permises = [f.fiche_id for f in dossier.version_d_appel.fiches.all()]
    choisies = valeur.get("fiches", {})
    versions = fiches_entieres(acteur, edition).filter(fiche__in=permises).order_by("rang")
    fiches = [_fiche(v, choisies, valeur.get("principale", "")) for v in versions]
    par_pilier = groupby(fiches, key=lambda f: f.version.enjeu.pilier)
    connues = {f.version.numero for f in fiches}
    return ChoixDeFiches(
        [(pilier, list(siennes)) for pilier, siennes in par_pilier],
        sorted((f for f in fiches if f.est_choisie), key=lambda f: not f.est_principale),
        [numero for numero in choisies if numero not in connues],
    )


def _fiche(version: VersionDeFiche, choisies: dict, principale: str) -> FicheAChoisir:
    gardes = choisies.get(version.numero, [])
    imprimes = [t.texte for t in version.types.all()]
    textes = list(dict.fromkeys([*imprimes, *gardes]))
    a_dire = (DegreDePartenaire.INDICATIF, DegreDePartenaire.EN_ATTENTE)
    return FicheAChoisir(
        version,
        version.numero in choisies,
        version.numero == principale,
        [(texte, texte in gardes) for texte in textes],
        [
            f
            for f in version.financeurs
            if f.condition or f.degre in a_dire or f.partenaire.a_savoir
        ],
        _en_place(version),
    )


def _en_place(version: VersionDeFiche) -> list[DispositifDeFiche]:
    """Rend les dispositifs sur lesquels s'appuyer aujourd'hui, chacun une fois."""
    cites = {
        lien.dispositif_id: lien
        for lien in version.dispositifs.all()
        if lien.degre in ("", DegreDeDispositif.EN_PLACE) and lien.dispositif.fin_le is None
    }
    return list(cites.values())
