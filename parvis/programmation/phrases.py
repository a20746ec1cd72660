"""Comment se racontent les actes de la programmation ; les enveloppes et les brouillons, au service seul."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "programmation.creer_une_enveloppe": Phrase(
        "{{ qui }} a créé l’enveloppe « {{ objet }} »{% if mere %}, prise sur « {{ mere }} »{% endif %}.",
        sans_details="{{ qui }} a créé l’enveloppe « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.doter": Phrase(
        "{{ qui }} a noté sur « {{ objet }} » une dotation de {{ montant }}, décidée le {{ decide_le }}."
        "{% if motif %} Motif : « {{ motif }} ».{% endif %}",
        sans_details="{{ qui }} a noté une dotation sur « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.deleguer": Phrase(
        "{{ qui }} a délégué {{ montant }} à « {{ objet }} », depuis « {{ depuis }} », le {{ decide_le }}."
        "{% if motif %} Motif : « {{ motif }} ».{% endif %}",
        sans_details="{{ qui }} a délégué de l’argent à « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.reporter": Phrase(
        "{{ qui }} a reporté {{ montant }} sur « {{ objet }} », depuis « {{ depuis }} », le "
        "{{ decide_le }}. Acte : « {{ motif }} ».",
        sans_details="{{ qui }} a reporté de l’argent sur « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.imputer": Phrase(
        "{{ qui }} prend sur « {{ objet }} » la demande de « {{ dossier }} »."
        "{% if avant %} Elle se prenait sur « {{ avant }} ».{% endif %}",
        sans_details="{{ qui }} prend une demande sur « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.desimputer": Phrase(
        "{{ qui }} ne prend plus sur « {{ objet }} » la demande de « {{ dossier }} ».",
        sans_details="{{ qui }} ne prend plus une demande sur « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.preparer_une_decision": Phrase(
        "{{ qui }} prépare « {{ objet }} », prise le {{ prise_le }}.",
        sans_details="{{ qui }} prépare « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.modifier_la_decision": Phrase(
        "{{ qui }} a corrigé « {{ objet }} », prise le {{ prise_le }}.",
        sans_details="{{ qui }} a corrigé « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.preparer_des_reponses": Phrase(
        "{{ qui }} a écrit dans « {{ objet }} » {{ nombre }} réponse{% if nombre > 1 %}s{% endif %}.",
        sans_details="{{ qui }} a écrit des réponses dans « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.retirer_une_reponse": Phrase(
        "{{ qui }} a retiré une réponse de « {{ objet }} ».", est_prive=True
    ),
    "programmation.jeter_la_decision": Phrase(
        "{{ qui }} a jeté « {{ objet }} », qui n’était pas publiée.", est_prive=True
    ),
    "programmation.publier_la_decision": Phrase(
        "{{ qui }} a publié « {{ objet }} », prise le {{ prise_le }}.",
        sans_details="{{ qui }} a publié « {{ objet }} ».",
    ),
    # Voté, un montant est public ; une réponse qui n'accorde rien ne se lit qu'au dossier.
    "programmation.repondre_a_un_dossier": Phrase(
        "{{ financeur }} a répondu à « {{ objet }} » ({{ acte }}) : {{ reponses }}.",
        sans_details="Un financeur a répondu à « {{ objet }} ».",
    ),
}
