"""Le client de l'API : délais courts, une seule reprise, mémoire d'un jour ; jamais d'écran bloqué."""

import json
from typing import Any

from django.conf import settings

from parvis.connecteurs import appel
from parvis.connecteurs.recherche_entreprises.reponse import EntrepriseTrouvee, lire

SERVICE = "recherche-entreprises"
EN_PANNE = f"{SERVICE}:en-panne"
DELAI_TOTAL = 4.0
PAR_PAGE = 10
UN_JOUR, UNE_HEURE = 86_400, 3_600


class RechercheIndisponible(Exception):
    """L'API ne répond pas ou pas bien ; le message dit que l'on peut continuer sans elle."""


def chercher_un_numero(numero: str) -> list[EntrepriseTrouvee]:
    """Rend l'organisme d'un Siren, d'un Siret ou d'un RNA déjà normalisé, s'il existe.

    Lève RechercheIndisponible.
    """
    trouvees = _demander(numero, siret=numero if len(numero) == 14 else "", memoire=UN_JOUR)
    return [t for t in trouvees if numero in (t.siren, t.siret, t.rna)]


def chercher_un_nom(nom: str) -> list[EntrepriseTrouvee]:
    """Rend les organismes qui répondent à un nom ; rien sous trois lettres. Lève RechercheIndisponible."""
    propre = " ".join(nom.split())[:200]
    return _demander(propre, siret="", memoire=UNE_HEURE) if len(propre) >= 3 else []


def _demander(terme: str, *, siret: str, memoire: int) -> list[EntrepriseTrouvee]:
    base = settings.RECHERCHE_ENTREPRISES
    if not base:
        raise RechercheIndisponible(
            "La recherche dans les registres publics est éteinte sur ce site. "
            "Remplissez la fiche à la main."
        )
    try:
        return appel.obtenir(
            lambda fin: lire(_appeler(base, terme, fin), siret),
            en_panne=EN_PANNE,
            delai=DELAI_TOTAL,
            cle=appel.cle(SERVICE, base, siret, terme.lower()),
            memoire=memoire,
        )
    except appel.ServiceMuet:
        raise RechercheIndisponible(
            "L’annuaire public des entreprises et des associations ne répond pas. "
            "Remplissez la fiche à la main, ou réessayez plus tard."
        ) from None


def _appeler(base: str, terme: str, fin: float) -> Any:
    questions = {"q": terme, "page": 1, "per_page": PAR_PAGE}
    return json.loads(appel.envoyer("GET", f"{base.rstrip('/')}/search", fin, params=questions))
