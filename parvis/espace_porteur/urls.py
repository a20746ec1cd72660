"""Les adresses du porteur : ses projets, ses dossiers."""

from django.urls import include, path

from parvis.espace_porteur.views import (
    a_emporter,
    attestations,
    budget,
    collage,
    comptes_bancaires,
    depot,
    dossiers,
    nouveau,
    organismes,
    pieces,
    projets,
    recopie,
    remarques,
    sections,
    suites,
    suivi,
)

app_name = "espace_porteur"

_contrat = [
    path("projets/", projets.liste, name="projets"),
    path("projets/nouveau/", nouveau.nouveau, name="nouveau"),
    path("projets/<int:pk>/", projets.projet, name="projet"),
    path("projets/<int:pk>/suivi/", suivi.suivi, name="suivi"),
    path("projets/<int:pk>/suivi/<int:demande>/", suivi.noter, name="noter_la_suite"),
    path("projets/<int:pk>/liens/", suivi.creer_lien, name="creer_un_lien"),
    path("projets/<int:pk>/liens/<int:lien>/fermer/", suivi.fermer_lien, name="fermer_un_lien"),
    path("dossiers/<int:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<int:pk>/suivre/", dossiers.suivre, name="suivre"),
    path("dossiers/<int:pk>/exercices/", dossiers.exercices, name="exercices"),
    path("dossiers/<int:pk>/jeter/", dossiers.jeter, name="jeter"),
    path("dossiers/<int:pk>/emporter/<slug:vers>/", dossiers.emporter, name="emporter"),
    path("dossiers/<int:pk>/budget/", budget.budget, name="budget"),
    path("dossiers/<int:pk>/budget/totaux/", budget.totaux, name="totaux"),
    path("dossiers/<int:pk>/budget/coller/", collage.coller, name="coller"),
    path("dossiers/<int:pk>/pieces/", pieces.pieces, name="pieces"),
    path("dossiers/<int:pk>/pieces/reprendre/", pieces.reprendre, name="reprendre_une_piece"),
    path("dossiers/<int:pk>/pieces/<int:piece>/", pieces.piece, name="piece"),
    path("dossiers/<int:pk>/pieces/<int:piece>/dater/", pieces.dater, name="dater_une_piece"),
    path("dossiers/<int:pk>/pieces/<int:piece>/retirer/", pieces.retirer, name="retirer_une_piece"),
    path("dossiers/<int:pk>/compte-bancaire/", comptes_bancaires.compte, name="compte_bancaire"),
    path(
        "dossiers/<int:pk>/compte-bancaire/<int:compte>/confirmer/",
        comptes_bancaires.confirmer,
        name="confirmer_le_compte",
    ),
    path(
        "dossiers/<int:pk>/compte-bancaire/<int:compte>/ecarter/",
        comptes_bancaires.ecarter,
        name="ecarter_le_compte",
    ),
    path("dossiers/<int:pk>/attestations/", attestations.attestations, name="attestations"),
    path("dossiers/<int:pk>/verifier/", depot.verifier, name="verifier"),
    path("dossiers/<int:pk>/deposer/", depot.deposer, name="deposer"),
    path("dossiers/<int:pk>/recepisses/", depot.recepisses, name="recepisses"),
    path(
        "dossiers/<int:pk>/recepisses/<int:numero>/<int:financeur>.pdf",
        depot.recepisse,
        name="recepisse",
    ),
    path("dossiers/<int:pk>/depose/", depot.depose, name="depose"),
    path("dossiers/<int:pk>/depose/<int:numero>/", depot.depose, name="version_deposee"),
    path("dossiers/<int:pk>/dossier.pdf", a_emporter.imprime, name="dossier_imprime"),
    path("dossiers/<int:pk>/pieces.zip", a_emporter.pieces, name="pieces_a_emporter"),
    path(
        "dossiers/<int:pk>/depose/<int:numero>/dossier.pdf",
        a_emporter.imprime,
        name="version_imprimee",
    ),
    path(
        "dossiers/<int:pk>/depose/<int:numero>/pieces.zip",
        a_emporter.pieces,
        name="pieces_deposees",
    ),
    path("dossiers/<int:pk>/depose/fichiers/<uuid:fichier>/", depot.fichier, name="fichier_depose"),
    path("dossiers/<int:pk>/retirer/", depot.retirer, name="retirer"),
    path("dossiers/<int:pk>/suites/", suites.suites, name="suites"),
    path("dossiers/<int:pk>/actes/<int:acte>/", suites.acte, name="acte_notifie"),
    path("dossiers/<int:pk>/suites/rendre/", suites.rendre, name="rendre"),
    path(
        "dossiers/<int:pk>/suites/questions/<int:question>/",
        suites.repondre,
        name="repondre_a_une_question",
    ),
    path("dossiers/<int:pk>/suites/messages/", suites.ecrire, name="ecrire_au_service"),
    path("dossiers/<int:pk>/suites/messages/lus/", suites.lire, name="lire_le_service"),
    path("dossiers/<int:pk>/recopier/<slug:portail>/", recopie.recopier, name="recopier"),
    path(
        "dossiers/<int:pk>/recopier/<slug:portail>/champ/",
        recopie.marquer,
        name="marquer_un_champ",
    ),
    path(
        "dossiers/<int:pk>/recopier/<slug:portail>/limite/",
        recopie.limiter,
        name="dire_la_limite",
    ),
    path(
        "dossiers/<int:pk>/recopier/<slug:portail>/numero/",
        recopie.numero,
        name="noter_le_numero",
    ),
    path("dossiers/<int:pk>/<slug:code>/", sections.section, name="section"),
    path(
        "dossiers/<int:pk>/<slug:code>/ecritures/<int:numero>/",
        sections.reprendre,
        name="reprendre",
    ),
    path("dossiers/<int:pk>/<slug:code>/remarques/", remarques.ecrire, name="remarquer"),
    path(
        "dossiers/<int:pk>/<slug:code>/remarques/<int:commentaire>/regler/",
        remarques.regler,
        name="regler",
    ),
]

urlpatterns = [
    path("projets/", projets.tous, name="tous"),
    path("organismes/<int:organisme>/projets/", organismes.organisme, name="organisme"),
    path("lecture/<str:jeton>/", suivi.lecture, name="lecture"),
    path("lecture/<str:jeton>/lue/", suivi.compter, name="compter_une_lecture"),
    path("<slug:contrat>/", include(_contrat)),
]
