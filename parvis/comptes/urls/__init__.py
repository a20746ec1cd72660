"""Les adresses de l'espace d'une personne et de la page d'un organisme."""

from django.urls import path

from parvis.comptes.views import demonstration, envois, espace, membres, organismes, rattachements

app_name = "comptes"

urlpatterns = [
    path("compte/", espace.accueil, name="accueil"),
    path("compte/agir-pour/", espace.agir_pour, name="agir_pour"),
    path("compte/nom/", espace.profil, name="profil"),
    path("compte/courriels/", espace.courriels, name="courriels"),
    path("compte/reprise/<uuid:identifiant>/", envois.reprise, name="reprise"),
    path("compte/invitations/<str:jeton>/", rattachements.invitation, name="invitation"),
    path("compte/demandes/<int:pk>/", rattachements.demande, name="demande"),
    path("compte/demandes/<int:pk>/code/", rattachements.envoyer_un_code, name="envoyer_un_code"),
    path("compte/roles/<int:pk>/quitter/", rattachements.quitter, name="quitter"),
    path("demonstration/essayer/", demonstration.essayer, name="essayer"),
    path("organismes/", organismes.trouver_le_sien, name="trouver"),
    path("organismes/nouveau/", organismes.nouveau, name="nouveau"),
    path("organismes/<int:organisme>/", organismes.organisme, name="organisme"),
    path("organismes/<int:organisme>/modifier/", organismes.modifier, name="modifier"),
    path("organismes/<int:organisme>/rejoindre/", rattachements.revendiquer, name="revendiquer"),
    path("organismes/<int:organisme>/membres/", membres.liste, name="membres"),
    path("organismes/<int:organisme>/inviter/", membres.inviter, name="inviter"),
    path("organismes/<int:organisme>/passer-la-main/", membres.passer_la_main, name="passation"),
    path(
        "organismes/<int:organisme>/invitations/<int:pk>/annuler/", membres.annuler, name="annuler"
    ),
    path(
        "organismes/<int:organisme>/demandes/<int:pk>/confirmer/",
        membres.confirmer,
        name="confirmer",
    ),
    path("organismes/<int:organisme>/demandes/<int:pk>/refuser/", membres.refuser, name="refuser"),
    path("organismes/<int:organisme>/membres/<int:pk>/fin/", membres.terminer, name="terminer"),
]
