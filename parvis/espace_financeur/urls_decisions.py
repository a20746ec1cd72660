"""Les adresses des décisions d'un financeur."""

from django.urls import path

from parvis.espace_financeur.views import decisions, reponses

DECISIONS = [
    path("decisions/", decisions.liste, name="decisions"),
    path("decisions/nouvelle/", decisions.nouvelle, name="nouvelle_decision"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("decisions/<int:pk>/modifier/", decisions.modifier, name="modifier_la_decision"),
    path("decisions/<int:pk>/publier/", decisions.publier, name="publier_la_decision"),
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
