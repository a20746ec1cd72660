"""Comment se racontent les actes sur les comptes."""

from parvis.journal.phrases import Phrase

_PIECE = "{% if precision %} Pièce : {{ precision }}.{% endif %}"

PHRASES = {
    "comptes.creer_et_rejoindre": Phrase(
        "{{ qui }} a créé la page et demande à la tenir comme {{ role|lower }}."
    ),
    "comptes.revendiquer": Phrase(
        "{{ personne }} demande le rôle de {{ role|lower }}."
        "{% if message %} « {{ message }} »{% endif %}"
    ),
    "comptes.confirmer": Phrase(
        "{{ personne }} est confirmé comme {{ role|lower }} par {{ qui }}. Preuve : {{ preuve }}."
        + _PIECE
    ),
    "comptes.refuser": Phrase(
        "{{ qui }} a refusé la demande de {{ personne }} ({{ role|lower }}). Motif : {{ motif }}"
    ),
    "comptes.terminer": Phrase(
        "{% if qui == personne %}{{ personne }} a quitté son rôle de {{ role|lower }}."
        "{% else %}{{ qui }} a mis fin au rôle de {{ role|lower }} de {{ personne }}.{% endif %}"
        "{% if motif %} Motif : {{ motif }}{% endif %}"
    ),
    "comptes.passer_la_main": Phrase(
        "{{ qui }} passe la main à {{ personne }}, et part le {{ depart_le }}."
    ),
    "comptes.nommer": Phrase("{{ personne }} est nommé {{ role|lower }} par l’exploitant du site."),
    "comptes.inviter": Phrase("{{ qui }} a invité {{ personne }} comme {{ role|lower }}."),
    "comptes.accepter": Phrase(
        "{{ personne }} a accepté l’invitation et devient {{ role|lower }}."
    ),
    "comptes.decliner": Phrase("{{ personne }} a décliné l’invitation ({{ role|lower }})."),
    "comptes.annuler_l_invitation": Phrase(
        "{{ qui }} a annulé l’invitation de {{ personne }} ({{ role|lower }})."
    ),
    "comptes.envoyer_un_code": Phrase(
        "Un code est parti à l’adresse de l’organisme, à la demande de {{ personne }}."
    ),
    "comptes.changer_de_nom": Phrase(pilotage="{{ avant }} s’appelle maintenant {{ apres }}."),
}
