"""Comment se racontent les actes sur les organismes."""

from collections.abc import Mapping
from typing import Any

from parvis.journal.phrases import Phrase, passage
from parvis.organismes.actions.saisie import CHAMPS, LISTES
from parvis.organismes.enums import Nature, OrigineDeCourriel
from parvis.organismes.models import Organisme
from parvis.organismes.queries.formes import formes_juridiques

# Les mots du formulaire, quand le modèle en dit d'autres.
_NOMS = {"alias": "autres noms", "forme_juridique": "forme juridique"}
# L'origine et la date d'un courriel changent avec lui : le dire trois fois n'apprend rien.
_SUIVENT = {
    "courriel_origine": {"courriel"},
    "courriel_releve_le": {"courriel", "courriel_origine"},
}


def _nom(champ: str) -> str:
    return _NOMS.get(champ) or str(Organisme._meta.get_field(champ).verbose_name)  # type: ignore[union-attr]


def _valeur(champ: str, valeur: Any) -> str:
    if isinstance(valeur, list):
        return ", ".join(valeur)
    listes: dict[str, Mapping[str, Any]] = {
        "nature": dict(Nature.choices),
        "courriel_origine": dict(OrigineDeCourriel.choices),
        "forme_juridique": formes_juridiques(),
    }
    return str(listes.get(champ, {}).get(valeur, valeur))


def _passage(champ: str, avant: Any, apres: Any) -> str:
    return passage(_nom(champ), _valeur(champ, avant), _valeur(champ, apres))


def _changements(details: Mapping[str, Any]) -> dict[str, str]:
    changes = details["changements"]
    # PostgreSQL range à sa façon les clés d'un objet JSON : l'ordre de lecture est le nôtre.
    dits = {
        champ: changes[champ]
        for champ in (*CHAMPS, *LISTES)
        if champ in changes and not _SUIVENT.get(champ, set()) & changes.keys()
    }
    return {
        "champs": ", ".join(_nom(champ) for champ in dits),
        "passages": " ; ".join(_passage(champ, *valeurs) for champ, valeurs in dits.items()),
    }


def _fin(details: Mapping[str, Any]) -> dict[str, str]:
    changes = details["changements"]
    dits = []
    if "fin_le" in changes:
        fin_le = changes["fin_le"][1]
        dits.append(f"fin le {fin_le}" if fin_le else "plus de date de fin")
    if "remplace_par" in changes:
        suivant = changes["remplace_par"][1]
        dits.append(f"remplacement par {suivant}" if suivant else "plus de remplaçant")
    return {"fin": ", ".join(dits)}


PHRASES = {
    "organismes.creer": Phrase("{{ qui }} a créé la page « {{ objet }} »."),
    "organismes.modifier": Phrase(
        "{{ qui }} a changé la page « {{ objet }} » : {{ champs }}.",
        pilotage="{{ qui }} a changé la page « {{ objet }} » : {{ passages }}.",
        sans_details="{{ qui }} a changé la page « {{ objet }} ».",
        mots=_changements,
    ),
    "organismes.cloturer": Phrase(
        "{{ qui }} a changé la fin de « {{ objet }} » : {{ fin }}.",
        sans_details="{{ qui }} a changé la fin de « {{ objet }} ».",
        mots=_fin,
    ),
    "organismes.fusionner": Phrase(
        "{{ qui }} a réuni « {{ objet }} » à « {{ garde_nom }} » : c’est un doublon.",
        pilotage="{{ qui }} a réuni « {{ objet }} » à « {{ garde_nom }} » : c’est un doublon. "
        "Raisons : « {{ raisons|join:' ; ' }} ».",
        sans_details="{{ qui }} a réuni « {{ objet }} » à un autre organisme : c’est un doublon.",
    ),
    "organismes.separer": Phrase(
        "{{ qui }} a séparé de nouveau « {{ objet }} » et « {{ garde_nom }} ».",
        sans_details="{{ qui }} a séparé de nouveau « {{ objet }} » et un autre organisme.",
    ),
    "organismes.ecarter": Phrase(
        pilotage="{{ qui }} a noté que « {{ objet }} » et « {{ nom }} » ne sont pas des doublons.",
        sans_details="{{ qui }} a noté que « {{ objet }} » n’est pas le doublon d’un autre organisme.",
    ),
    "organismes.importer": Phrase(
        pilotage="{{ qui }} a importé {{ organismes|length }} organisme"
        "{{ organismes|length|pluralize }} depuis « {{ objet }} ».",
        sans_details="{{ qui }} a importé des organismes depuis « {{ objet }} ».",
    ),
}
