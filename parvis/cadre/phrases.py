"""Comment se racontent les actes sur le cadre d'un contrat."""

from collections.abc import Mapping
from typing import Any

from parvis.cadre.enums import NatureDeDispositif, NatureDePartenaire
from parvis.journal.phrases import Phrase, passage

# Ce que l'on sait d'un partenaire ou d'un dispositif, dans l'ordre où on le raconte.
SAVOIRS = {
    "sigle": "sigle",
    "nature": "nature",
    "parent": "ensemble dont il fait partie",
    "responsables": "responsables",
    "graphies": "autres façons de l’écrire",
    "a_savoir": "à savoir",
    "explication": "explication",
    "lien": "lien",
    "fin_le": "fin",
    "suite": "suite",
    "verifie_le": "vérification",
}
# Un long texte se relit sur la page : l'avant et l'après rempliraient l'histoire.
_LONGS = frozenset({"a_savoir", "explication"})
_NATURES = dict(NatureDePartenaire.choices) | dict(NatureDeDispositif.choices)


def _changements(details: Mapping[str, Any]) -> dict[str, str]:
    changes = details["changements"]
    dits = [
        f"nouveau texte pour « {nom} »"
        if champ in _LONGS
        else passage(nom, *(dire_un_savoir(champ, valeur) for valeur in changes[champ]))
        for champ, nom in SAVOIRS.items()
        if champ in changes
    ]
    return {"passages": " ; ".join(dits)}


def dire_un_savoir(champ: str, valeur: Any) -> str:
    """Rend une valeur gardée par le journal dans les mots où on la lit."""
    if isinstance(valeur, list):
        return ", ".join(valeur)
    return str(_NATURES.get(valeur, valeur)) if champ == "nature" else str(valeur)


PHRASES = {
    "cadre.importer": Phrase(
        pilotage="{{ qui }} a importé un brouillon, {{ objet }}, depuis {{ source }}. "
        "Il change {{ differences }} passage{% if differences > 1 %}s{% endif %} ; {{ anomalies }} "
        "anomalie{% if anomalies > 1 %}s{% endif %} de lecture.",
        sans_details="{{ qui }} a importé un brouillon, {{ objet }}.",
    ),
    "cadre.creer_contrat": Phrase(
        pilotage="{{ qui }} a créé le contrat « {{ objet }} », de {{ debut }} à {{ fin }}.",
        sans_details="{{ qui }} a créé le contrat « {{ objet }} ».",
    ),
    "cadre.noter_le_code_national": Phrase(
        pilotage="{% if code %}{{ qui }} a noté le code national du contrat : {{ code }}{% if avant %}, au "
        "lieu de {{ avant }}{% endif %}.{% else %}{{ qui }} a effacé le code national du contrat, "
        "{{ avant }}.{% endif %}",
        sans_details="{{ qui }} a changé le code national du contrat.",
    ),
    "cadre.deposer": Phrase(pilotage="{{ qui }} a déposé le document « {{ objet }} »."),
    "cadre.repondre": Phrase(
        pilotage="{{ qui }} a répondu à une question sur « {{ objet }} » : "
        "{% if reponse == imprime %}accepte « {{ imprime }} »{% else %}"
        "« {{ imprime }} »{% if reponse %} devient « {{ reponse }} »{% else %}, non{% endif %}{% endif %}"
        "{% if nombre > 1 %}, et {{ nombre|add:-1 }} autre{% if nombre > 2 %}s{% endif %}{% endif %}.",
        sans_details="{{ qui }} a répondu à une question sur « {{ objet }} ».",
    ),
    "cadre.rouvrir": Phrase(
        pilotage="{{ qui }} rouvre une question sur « {{ objet }} » : « {{ imprime }} ».",
        sans_details="{{ qui }} rouvre une question sur « {{ objet }} ».",
    ),
    "cadre.abandonner": Phrase(pilotage="{{ qui }} renonce à lire « {{ objet }} »."),
    "cadre.publier": Phrase(
        pilotage="{{ qui }} a publié : {{ objet }}.", public="Publication : {{ objet }}."
    ),
    "cadre.preparer_un_avenant": Phrase(
        pilotage="{{ qui }} prépare un avenant, {{ objet }}, sur la copie de l’{{ depuis }}.",
        sans_details="{{ qui }} prépare un avenant, {{ objet }}.",
    ),
    "cadre.jeter_le_brouillon": Phrase(pilotage="{{ qui }} jette un brouillon, {{ objet }}."),
    "cadre.retoucher": Phrase(
        pilotage="{{ qui }} retouche « {{ section }} » ({{ ou }}), version {{ version }}.",
        sans_details="{{ qui }} retouche un brouillon, {{ objet }}.",
    ),
    "cadre.ajouter_une_fiche": Phrase(
        pilotage="{{ qui }} ajoute : {{ ou }}, « {{ titre }} ».",
        sans_details="{{ qui }} ajoute une fiche à un brouillon, {{ objet }}.",
    ),
    "cadre.retirer_une_fiche": Phrase(
        pilotage="{{ qui }} retire : {{ ou }}, « {{ titre }} ».",
        sans_details="{{ qui }} retire une fiche d’un brouillon, {{ objet }}.",
    ),
    "cadre.ajouter_un_pilier": Phrase(
        pilotage="{{ qui }} ajoute : {{ ou }}, « {{ titre }} ».",
        sans_details="{{ qui }} ajoute un pilier à un brouillon, {{ objet }}.",
    ),
    "cadre.retirer_un_pilier": Phrase(
        pilotage="{{ qui }} retire : {{ ou }}, « {{ titre }} ».",
        sans_details="{{ qui }} retire un pilier d’un brouillon, {{ objet }}.",
    ),
    "cadre.renumeroter": Phrase(
        pilotage="{{ qui }} donne le numéro {{ numero }} à « {{ ou }} ».",
        sans_details="{{ qui }} change un numéro d’un brouillon, {{ objet }}.",
    ),
    "cadre.deplacer": Phrase(
        pilotage="{{ qui }} déplace « {{ ou }} », à la suite de « {{ apres }} ».",
        sans_details="{{ qui }} range autrement un brouillon, {{ objet }}.",
    ),
    "cadre.ajouter_un_enjeu": Phrase(
        pilotage="{{ qui }} ajoute : {{ ou }}, « {{ titre }} ».",
        sans_details="{{ qui }} ajoute un enjeu à un brouillon, {{ objet }}.",
    ),
    "cadre.retirer_un_enjeu": Phrase(
        pilotage="{{ qui }} retire : {{ ou }}, « {{ titre }} ».",
        sans_details="{{ qui }} retire un enjeu d’un brouillon, {{ objet }}.",
    ),
    "cadre.decliner": Phrase(
        pilotage="{{ qui }} décline pour « {{ lieu }} » : {{ ou }}.",
        sans_details="{{ qui }} décline une fiche d’un brouillon, {{ objet }}.",
    ),
    "cadre.retirer_une_declinaison": Phrase(
        pilotage="{{ qui }} retire la déclinaison pour « {{ lieu }} » : {{ ou }}.",
        sans_details="{{ qui }} retire une déclinaison d’un brouillon, {{ objet }}.",
    ),
    "cadre.rapprocher": Phrase(
        pilotage="{{ qui }} rapporte « {{ objet }} » à {{ organisme_nom }}.",
        sans_details="{{ qui }} rapporte « {{ objet }} » à un organisme.",
    ),
    "cadre.detacher": Phrase(
        pilotage="{{ qui }} met fin au rapprochement de « {{ objet }} » et de {{ organisme_nom }}.",
        sans_details="{{ qui }} met fin à un rapprochement de « {{ objet }} ».",
    ),
    "cadre.effacer_rapprochement": Phrase(
        pilotage="{{ qui }} efface le rapprochement de « {{ objet }} » et de {{ organisme_nom }}.",
        sans_details="{{ qui }} efface un rapprochement de « {{ objet }} ».",
    ),
    "cadre.modifier_partenaire": Phrase(
        pilotage="{{ qui }} a changé ce que l’on sait de « {{ objet }} » : {{ passages }}.",
        sans_details="{{ qui }} a changé ce que l’on sait de « {{ objet }} ».",
        mots=_changements,
    ),
    "cadre.modifier_dispositif": Phrase(
        pilotage="{{ qui }} a changé ce que l’on sait de « {{ objet }} » : {{ passages }}.",
        sans_details="{{ qui }} a changé ce que l’on sait de « {{ objet }} ».",
        mots=_changements,
    ),
    "cadre.verifier_dispositif": Phrase(
        pilotage="{{ qui }} a vérifié « {{ objet }} » : rien n’a changé."
    ),
    "cadre.ajouter_un_indicateur": Phrase(
        pilotage="{{ qui }} propose de compter « {{ objet }} »"
        "{% if fiche %} pour la fiche {{ fiche }}{% endif %}.",
        sans_details="{{ qui }} propose de compter « {{ objet }} ».",
    ),
    "cadre.modifier_un_indicateur": Phrase(
        pilotage="{{ qui }} a corrigé l’indicateur « {{ avant }} » : « {{ objet }} ».",
        sans_details="{{ qui }} a corrigé l’indicateur « {{ objet }} ».",
    ),
    "cadre.retirer_un_indicateur": Phrase(
        pilotage="{{ qui }} a retiré l’indicateur « {{ objet }} »."
    ),
}
