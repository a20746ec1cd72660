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
    # De ce que la séance dit d'un dossier, rien ne se lit ici : un déporté lit aussi le journal.
    "programmation.preparer_une_seance": Phrase(
        pilotage="{{ qui }} prépare la séance « {{ objet }} »."
    ),
    "programmation.jeter_la_seance": Phrase(
        pilotage="{{ qui }} a jeté la séance « {{ objet }} », qui ne s’est pas ouverte."
    ),
    "programmation.inscrire": Phrase(
        pilotage="{{ qui }} a mis {{ nombre }} dossier{{ nombre|pluralize }} à l’ordre du jour de "
        "« {{ objet }} ».",
        sans_details="{{ qui }} a complété l’ordre du jour de « {{ objet }} ».",
    ),
    "programmation.retirer_de_l_ordre": Phrase(
        pilotage="{{ qui }} a retiré un dossier de l’ordre du jour de « {{ objet }} »."
    ),
    "programmation.ranger": Phrase(
        pilotage="{{ qui }} a changé l’ordre des dossiers de « {{ objet }} »."
    ),
    "programmation.apporter": Phrase(
        pilotage="{{ financeur }} apporte à « {{ objet }} » "
        "{% if montant %}{{ montant }}{% else %}un montant qu’il ne dit pas{% endif %}"
        "{% if vote_prevu_le %}, et votera le {{ vote_prevu_le }}{% endif %}.",
        sans_details="Un financeur a dit ce qu’il apporte à « {{ objet }} ».",
    ),
    "programmation.deporter": Phrase(
        pilotage="{{ membre }} se retire d’un dossier de « {{ objet }} ».",
        sans_details="Un membre se retire d’un dossier de « {{ objet }} ».",
    ),
    "programmation.ouvrir_la_seance": Phrase(
        pilotage="{{ qui }} a ouvert la séance « {{ objet }} » : {{ quorum }}.",
        sans_details="{{ qui }} a ouvert la séance « {{ objet }} ».",
    ),
    "programmation.arbitrer": Phrase(
        pilotage="La séance « {{ objet }} » a arbitré une demande ; {{ qui }} l’a noté."
    ),
    "programmation.annuler_un_arbitrage": Phrase(
        pilotage="{{ qui }} a annulé un arbitrage de la séance « {{ objet }} »."
    ),
    "programmation.lever_la_seance": Phrase(pilotage="{{ qui }} a levé la séance « {{ objet }} »."),
    "programmation.publier_la_seance": Phrase(
        pilotage="{{ qui }} a publié ce que propose la séance « {{ objet }} »."
    ),
    # Arbitré, un montant se dit au porteur à la publication, sous réserve du vote.
    "programmation.proposer_a_un_dossier": Phrase(
        "La séance du {{ seance }} propose, pour « {{ objet }} » : {{ propositions }}.",
        pilotage="La séance du {{ seance }} propose une réponse à « {{ objet }} ».",
        sans_details="Une séance a proposé une réponse à « {{ objet }} ».",
    ),
    "programmation.dater_le_vote": Phrase(
        pilotage="{{ financeur }} votera {% if vote %}le {{ vote }}{% else %}un jour qu’il dira{% endif %} "
        "ce que propose la séance « {{ objet }} » ; {{ qui }} l’a noté.",
        sans_details="{{ qui }} a changé le jour du vote de ce que propose la séance « {{ objet }} ».",
    ),
    "programmation.dater_le_vote_d_un_dossier": Phrase(
        "{{ financeur }} votera {% if vote %}le {{ vote }}{% else %}un jour qu’il dira{% endif %} "
        "ce qui est proposé à « {{ objet }} ».",
        sans_details="Le jour où un financeur votera ce qui est proposé à « {{ objet }} » a changé.",
    ),
    "programmation.reprendre_une_seance": Phrase(
        "{{ qui }} a repris dans « {{ objet }} » {{ nombre }} proposition{{ nombre|pluralize }} de la "
        "séance « {{ seance }} ».",
        sans_details="{{ qui }} a repris une séance dans « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.faire_un_scenario": Phrase(
        "{{ qui }} a fait le scénario « {{ objet }} ».", est_prive=True
    ),
    "programmation.jeter_le_scenario": Phrase(
        "{{ qui }} a jeté le scénario « {{ objet }} ».", est_prive=True
    ),
    "programmation.appliquer_le_scenario": Phrase(
        "{{ qui }} a appliqué le scénario « {{ objet }} » : {{ nombre }} montant{{ nombre|pluralize }} "
        "proposé{{ nombre|pluralize }}.",
        sans_details="{{ qui }} a appliqué le scénario « {{ objet }} ».",
        est_prive=True,
    ),
    "programmation.importer_les_postes": Phrase(
        pilotage="{{ qui }} a importé des postes aidés de « {{ objet }} » ({{ dispositif }}, "
        "{{ exercices }}) : {{ nouveaux }} de plus, {{ changes }} à jour, {{ partis }} de moins.",
        sans_details="{{ qui }} a importé des postes aidés de « {{ objet }} ».",
    ),
}
