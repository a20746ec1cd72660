"""Comment se racontent les actes sur les instances : au pilote du contrat."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "instances.creer_une_instance": Phrase(
        pilotage="{{ qui }} a créé l’instance « {{ objet }} ».",
    ),
    "instances.modifier_une_instance": Phrase(
        pilotage="{{ qui }} a changé l’instance « {{ objet }} »{% if avant %}, qui s’appelait "
        "« {{ avant }} »{% endif %}.",
        sans_details="{{ qui }} a changé l’instance « {{ objet }} ».",
    ),
    "instances.clore_une_instance": Phrase(
        pilotage="{{ qui }} a clos l’instance « {{ objet }} ».",
    ),
    "instances.donner_un_mandat": Phrase(
        pilotage="{{ membre }} siège à « {{ objet }} », avec {{ voix }}.",
        sans_details="{{ qui }} a nommé un membre de « {{ objet }} ».",
    ),
    "instances.finir_un_mandat": Phrase(
        pilotage="{{ membre }} ne siège plus à « {{ objet }} ».",
        sans_details="{{ qui }} a mis fin à un mandat de « {{ objet }} ».",
    ),
    "instances.prevoir_une_reunion": Phrase(
        pilotage="{{ qui }} a prévu une réunion de « {{ objet }} » : « {{ reunion }} », le {{ jour }}.",
        sans_details="{{ qui }} a prévu une réunion de « {{ objet }} ».",
    ),
    "instances.modifier_une_reunion": Phrase(
        pilotage="{{ qui }} a changé la réunion « {{ reunion }} » de « {{ objet }} », le {{ jour }}.",
        sans_details="{{ qui }} a changé une réunion de « {{ objet }} ».",
    ),
    "instances.convoquer": Phrase(
        pilotage="{{ qui }} a convoqué « {{ objet }} » : « {{ reunion }} », le {{ jour }}, "
        "{{ membres }} membre{{ membres|pluralize }}.",
        sans_details="{{ qui }} a convoqué « {{ objet }} ».",
    ),
    "instances.annuler_une_reunion": Phrase(
        pilotage="{{ qui }} a annulé la réunion « {{ reunion }} » de « {{ objet }} ». "
        "Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a annulé une réunion de « {{ objet }} ».",
    ),
    "instances.noter_les_presences": Phrase(
        pilotage="{{ qui }} a noté les présences à « {{ reunion }} », réunion de « {{ objet }} » : "
        "{{ quorum }}.",
        sans_details="{{ qui }} a noté les présences à une réunion de « {{ objet }} ».",
    ),
    "instances.tenir_une_reunion": Phrase(
        pilotage="« {{ objet }} » s’est réunie : « {{ reunion }} », {{ quorum }}.",
        sans_details="« {{ objet }} » s’est réunie.",
    ),
}
