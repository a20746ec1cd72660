"""Comment se racontent les actes sur les enveloppes : à leur service, et à lui seul."""

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
}
