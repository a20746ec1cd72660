"""Où se trouve une adresse : dans les adresses chargées d'abord, puis auprès du service de géocodage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from parvis.connecteurs import geocodage
from parvis.connecteurs.geocodage import AdresseCherchee, AdresseTrouvee, GeocodageIndisponible
from parvis.territoires.enums import PrecisionDeLieu
from parvis.territoires.queries.adresses import (
    AdresseLocale,
    chercher_des_adresses,
    chercher_une_adresse,
)
from parvis.territoires.queries.situation import Lieu
from parvis.territoires.rules.situation import SCORE_MINIMAL, Position

LOCALE, SERVICE = "locale", "service"
PAR_TRANCHE = 1_000


@dataclass(frozen=True)
class Trouvee:
    """Une adresse trouvée, son lieu, et qui l'a trouvée."""

    libelle: str
    lieu: Lieu
    origine: str

    @property
    def score(self) -> float:
        return self.lieu.position.score

    @property
    def precision(self) -> str:
        """Rend la sorte de position en français : « Numéro », « Voie, sans numéro »…"""
        precision = self.lieu.position.precision
        return PrecisionDeLieu(precision).label if precision in PrecisionDeLieu else precision

    @property
    def est_sure(self) -> bool:
        return self.score >= SCORE_MINIMAL


@dataclass(frozen=True)
class Recherche:
    """Les adresses trouvées, la meilleure d'abord ; et, si le service s'est tu, ce qu'il faut en dire."""

    trouvees: list[Trouvee]
    panne: str = ""


def chercher(texte: str, *, code_postal: str = "", commune: str = "", nombre: int = 5) -> Recherche:
    """Rend les lieux qui répondent à une adresse ; le service ne sert que si rien de sûr n'est chargé."""
    locales = [_locale(a) for a in chercher_une_adresse(texte, code_postal, commune, nombre)]
    if locales and locales[0].est_sure:
        return Recherche(locales)
    try:
        reponses = geocodage.chercher(AdresseCherchee(texte, code_postal, commune), nombre)
    except GeocodageIndisponible as erreur:
        return Recherche(locales, str(erreur))
    toutes = [*locales, *(_du_service(reponse) for reponse in reponses)]
    return Recherche(sorted(toutes, key=lambda t: -t.score)[:nombre])


def chercher_en_lot(
    adresses: Sequence[AdresseCherchee], avancer: Callable[[int], None] = lambda fait: None
) -> tuple[list[Trouvee | None], str]:
    """Rend la meilleure réponse à chaque adresse ; et, si le service s'est tu, ce qu'il en dit.

    `avancer` reçoit le nombre d'adresses déjà cherchées.
    """
    demandes = [(a.texte, a.code_postal, a.commune_code) for a in adresses]
    trouvees: list[Trouvee | None] = []
    # Par tranches : chacune prolonge le bail du travail, et laisse voir une annulation.
    for debut in range(0, len(demandes), PAR_TRANCHE):
        locales = chercher_des_adresses(demandes[debut : debut + PAR_TRANCHE])
        trouvees += [_locale(a) if a else None for a in locales]
        avancer(len(trouvees) // 2)
    a_demander = [rang for rang, t in enumerate(trouvees) if t is None or not t.est_sure]
    faites = len(adresses) - len(a_demander)
    avancer(max(faites, len(adresses) // 2))
    for debut in range(0, len(a_demander), geocodage.LOT_MAXIMAL):
        lot = a_demander[debut : debut + geocodage.LOT_MAXIMAL]
        try:
            reponses = geocodage.chercher_en_lot([adresses[rang] for rang in lot])
        except GeocodageIndisponible as erreur:
            return trouvees, str(erreur)
        for rang, reponse in zip(lot, reponses, strict=True):
            trouvees[rang] = _la_meilleure(
                trouvees[rang], _du_service(reponse) if reponse else None
            )
        avancer(max(faites + debut + len(lot), len(adresses) // 2))
    return trouvees, ""


def _la_meilleure(locale: Trouvee | None, autre: Trouvee | None) -> Trouvee | None:
    candidates = [t for t in (locale, autre) if t is not None]
    return max(candidates, key=lambda t: t.score, default=None)


def _locale(adresse: AdresseLocale) -> Trouvee:
    position = Position(precision=adresse.type, score=adresse.score)
    lieu = Lieu(adresse.lon, adresse.lat, position, adresse.commune_code)
    if adresse.type == PrecisionDeLieu.VOIE and not adresse.numero_inconnu:
        lieu = replace(lieu, voie=tuple(adresse.points))
    return Trouvee(adresse.libelle, lieu, LOCALE)


def _du_service(adresse: AdresseTrouvee) -> Trouvee:
    position = Position(precision=adresse.type, score=adresse.score)
    lieu = Lieu(adresse.lon, adresse.lat, position, adresse.commune_code)
    return Trouvee(adresse.libelle, lieu, SERVICE)
