"""Comment se racontent les actes sur les comptes."""

from parvis.journal.phrases import Phrase

_ROLE = "{{ role|lower }}{% if contrat %}, pour « {{ contrat }} »{% endif %}"
_MOTIF = "{% if motif %} Motif : « {{ motif }} ».{% endif %}"

PHRASES = {
    "comptes.creer_et_rejoindre": Phrase(
        "{{ personne }} {% if preuve %}tient{% else %}demande à tenir{% endif %} cette page comme "
        f"{_ROLE}.",
        sans_details="{{ qui }} a demandé à tenir cette page.",
    ),
    "comptes.revendiquer": Phrase(
        "{{ personne }} demande à agir comme "
        f"{_ROLE}.{{% if message %}} Son message : « {{{{ message }}}} ».{{% endif %}}",
        sans_details="{{ qui }} a demandé un rôle.",
    ),
    "comptes.confirmer": Phrase(
        f"{{{{ personne }}}} agit maintenant comme {_ROLE}."
        "{% if qui != personne %} Confirmation par {{ qui }}.{% endif %} Preuve : {{ preuve }}."
        "{% if precision %} Pièce : « {{ precision }} ».{% endif %}",
        sans_details="Une demande de rôle est confirmée.",
    ),
    "comptes.refuser": Phrase(
        f"{{{{ qui }}}} a refusé la demande de {{{{ personne }}}} ({_ROLE}).{_MOTIF}",
        sans_details="{{ qui }} a refusé une demande de rôle.",
    ),
    "comptes.terminer": Phrase(
        "{% if qui == personne %}{{ personne }} n’agit plus"
        "{% else %}{{ qui }} a mis fin au rôle de {{ personne }}, qui n’agit plus{% endif %}"
        f" comme {_ROLE}.{_MOTIF}",
        sans_details="{{ qui }} a mis fin à un rôle.",
    ),
    "comptes.passer_la_main": Phrase(
        "{{ qui }} passe la main à {{ personne }}, et part le {{ depart_le }}.",
        sans_details="{{ qui }} a passé la main.",
    ),
    "comptes.nommer": Phrase(
        f"{{{{ personne }}}} agit maintenant comme {_ROLE}, par décision de l’exploitant du site.",
        sans_details="L’exploitant du site a donné un rôle.",
    ),
    "comptes.inviter": Phrase(
        f"{{{{ qui }}}} a invité {{{{ personne }}}} à agir comme {_ROLE}.",
        sans_details="{{ qui }} a invité une personne.",
    ),
    "comptes.accepter": Phrase(
        f"{{{{ personne }}}} a accepté l’invitation et agit maintenant comme {_ROLE}.",
        sans_details="{{ qui }} a accepté une invitation.",
    ),
    "comptes.decliner": Phrase(
        f"{{{{ qui }}}} a décliné l’invitation ({_ROLE}).",
        sans_details="{{ qui }} a décliné une invitation.",
    ),
    "comptes.annuler_l_invitation": Phrase(
        f"{{{{ qui }}}} a annulé l’invitation de {{{{ personne }}}} ({_ROLE}).",
        sans_details="{{ qui }} a annulé une invitation.",
    ),
    "comptes.envoyer_un_code": Phrase(
        "Un code est parti à l’adresse de l’organisme, pour la demande de {{ personne }}.",
        sans_details="Un code est parti à l’adresse de l’organisme.",
    ),
    "comptes.changer_de_nom": Phrase(
        pilotage="{{ avant }} s’appelle maintenant {{ apres }}.",
        sans_details="{{ qui }} a changé de nom.",
    ),
}
