"""Comment se racontent les actes de l'instruction : au pilote, jamais au public, ni au porteur.

Le porteur ne lit que ce qu'on lui demande, et ce qu'il répond. Aucun ne porte de texte d'échange, de
montant, de score ni de note interne : le journal d'un contrat se lit hors du service.
"""

from parvis.journal.phrases import Phrase

PHRASES = {
    "instruction.rendre_avis": Phrase(
        pilotage="{{ organisme }} a rendu un avis {{ sens }} sur « {{ objet }} », version {{ version }}.",
        sans_details="Un avis a été rendu sur « {{ objet }} ».",
    ),
    "instruction.partager_le_montant": Phrase(
        pilotage="{{ organisme }} a montré aux autres financeurs ce qu’il propose pour « {{ objet }} ».",
        sans_details="Un montant proposé a été partagé, pour « {{ objet }} ».",
    ),
    "instruction.noter_un_dossier": Phrase(
        pilotage="{{ organisme }} a rempli sa grille sur « {{ objet }} ».",
        sans_details="Une grille a été remplie, sur « {{ objet }} ».",
    ),
    "instruction.se_charger": Phrase(
        pilotage="{{ qui }} étudie « {{ objet }} » pour {{ organisme }}"
        "{% if avant %}, à la place de {{ avant }}{% endif %}.",
        sans_details="{{ qui }} étudie « {{ objet }} ».",
    ),
    "instruction.rendre_la_main": Phrase(
        pilotage="{{ qui }} n’étudie plus « {{ objet }} » pour {{ organisme }}.",
        sans_details="{{ qui }} n’étudie plus « {{ objet }} ».",
    ),
    "instruction.se_deporter": Phrase(
        pilotage="{{ qui }}, {{ organisme }}, s’est déporté de « {{ objet }} ».",
        sans_details="{{ qui }} s’est déporté de « {{ objet }} ».",
    ),
    "instruction.deporter_un_membre": Phrase(
        pilotage="{{ membre }} s’est retiré de « {{ objet }} », à l’ordre du jour d’une séance.",
        sans_details="Un membre de la séance s’est retiré de « {{ objet }} ».",
    ),
    "instruction.lever_un_deport": Phrase(
        pilotage="{{ qui }} a levé le déport de {{ personne }} sur « {{ objet }} ».",
        sans_details="{{ qui }} a levé un déport sur « {{ objet }} ».",
    ),
    "instruction.consulter": Phrase(
        pilotage="{{ qui }} demande un avis à {{ a_qui }} sur « {{ objet }} ».",
        sans_details="{{ qui }} demande un avis sur « {{ objet }} ».",
    ),
    "instruction.inviter_un_expert": Phrase(
        pilotage="{{ organisme }} a invité un expert sur « {{ objet }} ».",
        sans_details="Un expert a été invité sur « {{ objet }} ».",
    ),
    "instruction.clore_une_consultation": Phrase(
        pilotage="{{ qui }} n’attend plus l’avis de {{ a_qui }} sur « {{ objet }} ».",
        sans_details="{{ qui }} n’attend plus un avis sur « {{ objet }} ».",
    ),
    "instruction.interroger_le_porteur": Phrase(
        "{{ organisme }} pose une question au porteur de « {{ objet }} »"
        "{% if echeance %}, réponse attendue avant le {{ echeance }}{% endif %}.",
        sans_details="Un service pose une question au porteur de « {{ objet }} ».",
    ),
    "instruction.repondre": Phrase(
        "{{ qui }}, {{ organisme }}, répond à une question sur « {{ objet }} ».",
        sans_details="{{ qui }} répond à une question sur « {{ objet }} ».",
    ),
    "instruction.clore_une_question": Phrase(
        "{{ organisme }} n’attend plus de réponse à une question sur « {{ objet }} ».",
        sans_details="Une question sur « {{ objet }} » n’attend plus de réponse.",
    ),
    # Ce que les services se disent : le porteur ne sait pas même qu'ils se le disent.
    "instruction.interroger_les_services": Phrase(
        pilotage="{{ organisme }} pose une question aux autres services sur « {{ objet }} »"
        "{% if echeance %}, réponse attendue avant le {{ echeance }}{% endif %}.",
        sans_details="Un service pose une question aux autres sur « {{ objet }} ».",
    ),
    "instruction.repondre_entre_services": Phrase(
        pilotage="{{ organisme }} répond à un autre service sur « {{ objet }} ».",
        sans_details="Un service répond à un autre sur « {{ objet }} ».",
    ),
    "instruction.clore_entre_services": Phrase(
        pilotage="{{ organisme }} clôt une question aux autres services sur « {{ objet }} ».",
        sans_details="Un service clôt une question aux autres sur « {{ objet }} ».",
    ),
}
