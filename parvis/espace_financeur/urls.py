"""Les adresses de qui étudie les dossiers : un financeur, une commune, un délégué, un conseil, un expert."""

from django.urls import include, path

from parvis.espace_financeur.views import (
    avis,
    bilans,
    decisions,
    dossier,
    dossiers,
    echanges,
    enveloppes,
    equipe,
    grille,
    imputations,
    mouvements,
    programmation,
    reponses,
    reprise,
    reunions,
    scenarios,
    seances,
)

app_name = "espace_financeur"

_contrat = [
    path("dossiers/", dossiers.liste, name="dossiers"),
    path("dossiers/tableau.<str:extension>", dossiers.tableau, name="dossiers_tableau"),
    path("dossiers/vues/", dossiers.enregistrer_la_vue, name="enregistrer_la_vue"),
    path("dossiers/vues/<int:pk>/oublier/", dossiers.oublier_la_vue, name="oublier_la_vue"),
    path("dossiers/<int:pk>/", dossier.dossier, name="dossier"),
    path("dossiers/<int:pk>/lu/", dossier.lu, name="marquer_lu"),
    path("dossiers/<int:pk>/dossier.pdf", dossier.imprime, name="dossier_imprime"),
    path("dossiers/<int:pk>/pieces.zip", dossier.pieces, name="pieces_a_emporter"),
    path("dossiers/<int:pk>/pieces/<uuid:identifiant>/", dossier.piece, name="piece"),
    path("dossiers/<int:pk>/avis/", avis.rendre, name="rendre_avis"),
    path("dossiers/<int:pk>/avis/partager/", avis.partager, name="partager_le_montant"),
    path(
        "dossiers/<int:pk>/avis/fichiers/<uuid:identifiant>/", avis.fichier, name="fichier_d_avis"
    ),
    path("dossiers/<int:pk>/grille/", grille.noter, name="noter"),
    path("dossiers/<int:pk>/expert/", avis.expert, name="inviter_un_expert"),
    path(
        "dossiers/<int:pk>/expert/<int:consultation>/clore/", avis.clore, name="clore_l_invitation"
    ),
    path("dossiers/<int:pk>/questions/", echanges.poser, name="poser_une_question"),
    path(
        "dossiers/<int:pk>/questions/<int:question>/",
        echanges.repondre,
        name="repondre_a_une_question",
    ),
    path(
        "dossiers/<int:pk>/questions/<int:question>/clore/",
        echanges.clore,
        name="clore_une_question",
    ),
    path("dossiers/<int:pk>/charge/", equipe.se_charger, name="se_charger"),
    path("dossiers/<int:pk>/main/", equipe.rendre_la_main, name="rendre_la_main"),
    path("dossiers/<int:pk>/deport/", equipe.se_deporter, name="se_deporter"),
    path("bilans/", bilans.liste, name="bilans"),
    path("bilans/tableau.<str:extension>", bilans.tableau, name="bilans_tableau"),
    path("bilans/<int:pk>/", bilans.bilan, name="bilan"),
    path("bilans/<int:pk>/bilan.pdf", bilans.imprime, name="bilan_imprime"),
    path("bilans/<int:pk>/fichiers/<uuid:identifiant>/", bilans.fichier, name="fichier_du_bilan"),
    path("programmation/", programmation.tableau, name="programmation"),
    path(
        "programmation/tableau.<str:extension>",
        programmation.emporte,
        name="programmation_tableau",
    ),
    path("programmation/reprendre/", reprise.reprendre, name="reprendre_la_programmation"),
    path("programmation/reprendre/ecrire/", reprise.ecrire, name="ecrire_la_programmation"),
    path("scenarios/", scenarios.comparer, name="scenarios"),
    path("scenarios/nouveau/", scenarios.faire, name="faire_un_scenario"),
    path("scenarios/<int:pk>/appliquer/", scenarios.appliquer, name="appliquer_le_scenario"),
    path("scenarios/<int:pk>/jeter/", scenarios.jeter, name="jeter_le_scenario"),
    path("programmation/<int:pk>/", programmation.proposer, name="proposer_un_montant"),
    path("reunions/", reunions.liste, name="reunions"),
    path("seances/<int:pk>/", seances.seance, name="seance"),
    path("seances/<int:pk>/apport/", seances.apporter, name="apporter"),
    path("seances/<int:pk>/deport/", seances.se_deporter, name="se_deporter_en_seance"),
    path(
        "seances/<int:pk>/releve.<str:extension>",
        seances.emporter_le_releve,
        name="releve_de_seance",
    ),
    path("liens/", equipe.liens, name="liens"),
    path("liens/<int:pk>/finir/", equipe.finir, name="finir_un_lien"),
]

_enveloppes = [
    path("", enveloppes.liste, name="enveloppes"),
    path(
        "tableau-<int:exercice>.<str:extension>",
        enveloppes.tableau,
        name="enveloppes_tableau",
    ),
    path("nouvelle/", enveloppes.creer, name="creer_une_enveloppe"),
    path("demandes/<int:exercice>/", imputations.liste, name="demandes_a_imputer"),
    path("demandes/<int:exercice>/<int:pk>/", imputations.imputer, name="imputer"),
    path("<int:pk>/", enveloppes.enveloppe, name="enveloppe"),
    path(
        "<int:pk>/mouvements.<str:extension>",
        enveloppes.mouvements,
        name="mouvements_tableau",
    ),
    path("<int:pk>/doter/", mouvements.doter, name="doter"),
    path("<int:pk>/deleguer/", mouvements.deleguer, name="deleguer"),
    path("<int:pk>/reporter/", mouvements.reporter, name="reporter"),
]
_decisions = [
    path("decisions/", decisions.liste, name="decisions"),
    path("decisions/nouvelle/", decisions.nouvelle, name="nouvelle_decision"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("decisions/<int:pk>/modifier/", decisions.modifier, name="modifier_la_decision"),
    path("decisions/<int:pk>/publier/", decisions.publier, name="publier_la_decision"),
    path(
        "decisions/<int:pk>/seances/<int:seance>/",
        seances.reprendre,
        name="reprendre_une_seance",
    ),
    path("decisions/<int:pk>/jeter/", decisions.jeter, name="jeter_la_decision"),
    path("decisions/<int:pk>/fichier/", decisions.fichier, name="fichier_de_decision"),
    path("decisions/<int:pk>/accorder/", reponses.accorder, name="accorder"),
    path("decisions/<int:pk>/refuser/", reponses.refuser, name="refuser"),
    path("decisions/<int:pk>/reponses/<int:ligne>/", reponses.modifier, name="reponse"),
    path(
        "decisions/<int:pk>/reponses/<int:ligne>/retirer/",
        reponses.retirer,
        name="retirer_une_reponse",
    ),
]

urlpatterns = [
    path("instruction/", dossiers.tous, name="tous"),
    path("<slug:contrat>/instruction/", include([*_contrat, *_decisions])),
    path("enveloppes/", enveloppes.toutes, name="toutes_les_enveloppes"),
    path("<slug:contrat>/enveloppes/", include(_enveloppes)),
]
