"""Comment se racontent les actes de l'instruction : au pilote, jamais au porteur ni au public.

Aucun ne porte de montant, de score ni de note interne : le journal d'un contrat se lit hors du service.
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
        pilotage="{{ membre }} s’est retiré de « {{ objet }} » avant la séance.",
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
}
