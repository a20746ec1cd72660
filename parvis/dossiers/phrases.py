"""Comment se racontent les actes sur les appels et les dossiers."""

from parvis.dossiers.phrases_des_dossiers import DES_BROUILLONS
from parvis.dossiers.phrases_des_suites import DES_SUITES
from parvis.dossiers.phrases_du_depot import DU_DEPOT
from parvis.journal.phrases import Phrase

PHRASES = {
    **DES_BROUILLONS,
    **DES_SUITES,
    **DU_DEPOT,
    "dossiers.creer_un_appel": Phrase(
        pilotage="{{ qui }} a créé l’appel à projets « {{ objet }} », pour {{ exercice }}.",
        sans_details="{{ qui }} a créé l’appel à projets « {{ objet }} ».",
    ),
    "dossiers.dupliquer_un_appel": Phrase(
        pilotage="{{ qui }} a repris l’appel « {{ depuis }} » pour {{ exercice }} : « {{ objet }} ».",
        sans_details="{{ qui }} a repris un appel à projets : « {{ objet }} ».",
    ),
    "dossiers.preparer_une_version": Phrase(
        pilotage="{{ qui }} prépare la version {{ numero }} de l’appel « {{ objet }} ».",
        sans_details="{{ qui }} prépare une version de l’appel « {{ objet }} ».",
    ),
    "dossiers.modifier_un_appel": Phrase(
        pilotage="{{ qui }} écrit « {{ section }} » dans le brouillon de l’appel « {{ objet }} ».",
        sans_details="{{ qui }} écrit dans le brouillon de l’appel « {{ objet }} ».",
    ),
    "dossiers.jeter_le_brouillon": Phrase(
        pilotage="{{ qui }} jette le brouillon, version {{ numero }}, de l’appel « {{ objet }} ».",
        sans_details="{{ qui }} jette un brouillon de l’appel « {{ objet }} ».",
    ),
    "dossiers.publier_un_appel": Phrase(
        pilotage="{{ qui }} a publié l’appel « {{ objet }} », version {{ numero }}."
        "{% if change %} {{ change|join:' ' }}{% endif %}",
        public="Publication de l’appel à projets « {{ objet }} ».",
        sans_details="{{ qui }} a publié l’appel « {{ objet }} ».",
    ),
    "dossiers.ajouter_un_appel_d_ailleurs": Phrase(
        pilotage="{{ qui }} a mis au calendrier un appel de « {{ organisme }} » : « {{ objet }} ».",
        sans_details="{{ qui }} a mis au calendrier l’appel « {{ objet }} ».",
    ),
    "dossiers.modifier_un_appel_d_ailleurs": Phrase(
        pilotage="{{ qui }} a revu l’appel de « {{ organisme }} » : « {{ objet }} ».",
        sans_details="{{ qui }} a revu l’appel « {{ objet }} ».",
    ),
    "dossiers.retirer_un_appel_d_ailleurs": Phrase(
        pilotage="{{ qui }} a retiré du calendrier l’appel de « {{ organisme }} » : « {{ objet }} ».",
        sans_details="{{ qui }} a retiré du calendrier l’appel « {{ objet }} ».",
    ),
}
