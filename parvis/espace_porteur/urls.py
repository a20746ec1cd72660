"""Les adresses du porteur : ses projets, ses dossiers."""

from django.urls import include, path

from parvis.espace_porteur.views import (
    budget,
    collage,
    dossiers,
    nouveau,
    projets,
    remarques,
    sections,
)

app_name = "espace_porteur"

_contrat = [
    path("projets/", projets.liste, name="projets"),
    path("projets/nouveau/", nouveau.nouveau, name="nouveau"),
    path("projets/<int:pk>/", projets.projet, name="projet"),
    path("dossiers/<int:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<int:pk>/suivre/", dossiers.suivre, name="suivre"),
    path("dossiers/<int:pk>/exercices/", dossiers.exercices, name="exercices"),
    path("dossiers/<int:pk>/jeter/", dossiers.jeter, name="jeter"),
    path("dossiers/<int:pk>/emporter/<slug:vers>/", dossiers.emporter, name="emporter"),
    path("dossiers/<int:pk>/budget/", budget.budget, name="budget"),
    path("dossiers/<int:pk>/budget/totaux/", budget.totaux, name="totaux"),
    path("dossiers/<int:pk>/budget/coller/", collage.coller, name="coller"),
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
    path("<slug:contrat>/", include(_contrat)),
]
