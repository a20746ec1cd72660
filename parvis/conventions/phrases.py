"""Comment se racontent les actes : au service tout, au porteur ce qui lui est notifié."""

from parvis.journal.phrases import Phrase

PHRASES = {
    "conventions.ecrire_les_mentions": Phrase(
        "{{ qui }} a écrit les mentions que portent les actes de « {{ objet }} ».", est_prive=True
    ),
    "conventions.ecrire_un_modele": Phrase(
        "{{ qui }} prépare la version {{ numero }} du modèle « {{ objet }} ».",
        sans_details="{{ qui }} prépare une version du modèle « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.publier_un_modele": Phrase(
        "{{ qui }} a publié la version {{ numero }} du modèle « {{ objet }} ».",
        sans_details="{{ qui }} a publié une version du modèle « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.jeter_une_version": Phrase(
        "{{ qui }} a jeté la version en préparation du modèle « {{ objet }} ».", est_prive=True
    ),
    "conventions.choisir_ce_qui_se_publie": Phrase(
        "{{ qui }} a choisi ce que publient les données ouvertes : « {{ portee }} ».",
        sans_details="{{ qui }} a choisi ce que publient les données ouvertes.",
    ),
    "conventions.noter_une_autre_subvention": Phrase(
        "{{ qui }} a noté, pour le seuil, une subvention de {{ montant }} à « {{ objet }} » en "
        "{{ exercice }}, hors de la plateforme : « {{ objet_de }} ».",
        sans_details="{{ qui }} a noté une subvention à « {{ objet }} », hors de la plateforme.",
        est_prive=True,
    ),
    "conventions.retirer_une_autre_subvention": Phrase(
        "{{ qui }} a retiré la subvention de {{ montant }} à « {{ objet }} », notée à tort.",
        sans_details="{{ qui }} a retiré une subvention à « {{ objet }} », notée à tort.",
        est_prive=True,
    ),
    "conventions.preparer_un_acte": Phrase(
        "{{ qui }} a préparé « {{ objet }} ». {{ raison }}",
        sans_details="{{ qui }} a préparé « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.corriger_un_acte": Phrase(
        "{{ qui }} a corrigé le texte de « {{ objet }} ».", est_prive=True
    ),
    "conventions.annuler_un_acte": Phrase(
        "{{ qui }} a annulé « {{ objet }} ». Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a annulé « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.signer_un_acte": Phrase(
        "{{ qui }} a noté que « {{ objet }} » est signé le {{ signe_le }} par {{ signe_par }}."
        "{% if fichier %} Fichier : « {{ fichier }} ».{% endif %}",
        sans_details="{{ qui }} a noté que « {{ objet }} » est signé.",
        est_prive=True,
    ),
    "conventions.joindre_l_exemplaire_signe": Phrase(
        "{{ qui }} a joint à « {{ objet }} » son exemplaire signé : « {{ fichier }} ».",
        sans_details="{{ qui }} a joint à « {{ objet }} » son exemplaire signé.",
        est_prive=True,
    ),
    "conventions.notifier_un_acte": Phrase(
        "{{ qui }} a noté que « {{ objet }} » est notifié le {{ notifie_le }} ({{ mode }})."
        "{% if fichier %} Preuve : « {{ fichier }} ».{% endif %}",
        sans_details="{{ qui }} a noté que « {{ objet }} » est notifié.",
        est_prive=True,
    ),
    "conventions.notifier_a_un_dossier": Phrase(
        "{{ financeur }} a notifié « {{ acte }} ».",
        sans_details="Un financeur a notifié un acte.",
    ),
    "conventions.verser": Phrase(
        "{{ qui }} a noté un versement de {{ montant }} le {{ verse_le }} sur « {{ objet }} »"
        "{% if numero %}, n° {{ numero }}{% endif %}, compte {{ compte }}"
        "{% if au_dela_du_bilan %}, au-delà de ce que le bilan accepté laissait dû{% endif %}.",
        sans_details="{{ qui }} a noté un versement sur « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.verser_a_un_dossier": Phrase(
        "{{ financeur }} a versé {{ montant }} le {{ verse_le }}.",
        sans_details="Un financeur a noté un versement.",
    ),
    "conventions.annuler_a_un_dossier": Phrase(
        "{{ financeur }} a annulé le versement de {{ montant }} du {{ verse_le }}.",
        sans_details="Un financeur a annulé un versement.",
    ),
    "conventions.annuler_un_versement": Phrase(
        "{{ qui }} a annulé le versement de {{ montant }} du {{ verse_le }} sur « {{ objet }} ». "
        "Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a annulé un versement sur « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.lever_une_condition": Phrase(
        "{{ financeur }} a levé la condition « {{ condition }} » le {{ levee_le }} : "
        "« {{ justification }} ».",
        sans_details="Un financeur a levé une condition.",
    ),
    "conventions.annuler_la_levee": Phrase(
        "{{ qui }} a remis la condition « {{ condition }} », levée par erreur, sur « {{ objet }} ». "
        "Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a remis une condition levée par erreur sur « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.remettre_une_condition": Phrase(
        "{{ financeur }} attend de nouveau que la condition « {{ condition }} » soit levée.",
        sans_details="Un financeur attend de nouveau qu’une condition soit levée.",
    ),
    "conventions.changer_l_echeancier": Phrase(
        "{{ qui }} a changé l’échéancier de « {{ objet }} ».", est_prive=True
    ),
    "conventions.demander_un_reversement": Phrase(
        "{{ qui }} a demandé de rendre {{ montant }} sur « {{ objet }} ». Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a demandé un reversement sur « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.recevoir_un_reversement": Phrase(
        "{{ qui }} a noté que {{ montant }} sont rendus le {{ recu_le }} sur « {{ objet }} »"
        "{% if titre %}, titre n° {{ titre }}{% endif %}.",
        sans_details="{{ qui }} a noté un reversement reçu sur « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.annuler_la_reception": Phrase(
        "{{ qui }} a annulé la réception de {{ montant }}, notée le {{ recu_le }}, sur « {{ objet }} ». "
        "Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a annulé la réception d’un reversement sur « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.abandonner_un_reversement": Phrase(
        "{{ qui }} a renoncé au reversement de {{ montant }} sur « {{ objet }} ». "
        "Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a renoncé à un reversement sur « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.demander_les_observations": Phrase(
        "{{ qui }} a demandé des observations jusqu’au {{ avant }} avant de retirer « {{ objet }} ». "
        "Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a demandé des observations avant de retirer « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.noter_les_observations": Phrase(
        "{{ qui }} a noté les observations reçues sur le retrait de « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.repondre_a_un_retrait": Phrase(
        "{{ qui }} a répondu au retrait envisagé de « {{ objet }} »."
        "{% if fichier %} Document : « {{ fichier }} ».{% endif %}",
        sans_details="{{ qui }} a répondu au retrait envisagé de « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.retirer": Phrase(
        "{{ qui }} a retiré {{ montant }} de « {{ objet }} ». Motif : « {{ motif }} »."
        "{% if non_verse %} {{ non_verse }} restaient dus et ne se versent pas.{% endif %}",
        sans_details="{{ qui }} a retiré une part de « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.abandonner_le_retrait": Phrase(
        "{{ qui }} a renoncé à retirer « {{ objet }} ». Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a renoncé à retirer « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.reversement_a_un_dossier": Phrase(
        "{{ financeur }} a demandé de rendre {{ montant }}.",
        sans_details="Un financeur a demandé de rendre de l’argent.",
    ),
    "conventions.recevoir_a_un_dossier": Phrase(
        "{{ financeur }} a reçu {{ montant }}, rendus le {{ recu_le }}.",
        sans_details="Un financeur a reçu de l’argent rendu.",
    ),
    "conventions.attendre_de_nouveau": Phrase(
        "{{ financeur }} attend de nouveau {{ montant }}, notés rendus par erreur.",
        sans_details="Un financeur attend de nouveau de l’argent noté rendu par erreur.",
    ),
    "conventions.renoncer_a_un_dossier": Phrase(
        "{{ financeur }} ne demande plus de rendre {{ montant }}.",
        sans_details="Un financeur a renoncé à se faire rendre de l’argent.",
    ),
    # Tant qu'il n'est pas décidé, un reproche ne regarde que l'organisme.
    "conventions.entendre_a_un_dossier": Phrase(
        "{{ financeur }} envisage de retirer une part de sa subvention, et attend vos observations "
        "jusqu’au {{ avant }}.",
        sans_details="Un financeur envisage de retirer une part de sa subvention.",
        est_prive=True,
    ),
    "conventions.retirer_a_un_dossier": Phrase(
        "{{ financeur }} a retiré {{ montant }} de « {{ acte }} ».",
        sans_details="Un financeur a retiré une part de sa subvention.",
    ),
    "conventions.garder_a_un_dossier": Phrase(
        "{{ financeur }} a renoncé à retirer sa subvention.",
        sans_details="Un financeur a renoncé à retirer sa subvention.",
        est_prive=True,
    ),
    "conventions.ne_pas_verser_le_reste": Phrase(
        "{{ qui }} a décidé que {{ montant }} ne se versent pas sur « {{ objet }} ». "
        "Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a décidé que le reste ne se verse pas sur « {{ objet }} ».",
        est_prive=True,
    ),
    "conventions.clore_a_un_dossier": Phrase(
        "{{ financeur }} ne versera pas {{ montant }} : « {{ motif }} ».",
        sans_details="Un financeur ne versera pas le reste d’un acte.",
    ),
    "conventions.choisir_les_colonnes": Phrase(
        "{{ qui }} a dit où lire les fichiers de paiement de « {{ objet }} ».", est_prive=True
    ),
    "conventions.emporter_les_comptes": Phrase(
        "{{ qui }} a emporté {{ nombre }} compte{{ nombre|pluralize }} bancaire{{ nombre|pluralize }} "
        "en clair, pour payer.",
        sans_details="{{ qui }} a emporté des comptes bancaires en clair, pour payer.",
        est_prive=True,
    ),
}
