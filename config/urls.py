"""Les adresses : d'abord celles du site, puis celles de chaque contrat."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("parvis.api.urls")),
    path("compte/", include("parvis.comptes.urls.authentification")),
    path("", include("parvis.comptes.urls")),
    path("", include("parvis.pilotage.urls")),
    path("", include("parvis.espace_porteur.urls")),
    path("", include("parvis.espace_financeur.urls")),
    path("", include("parvis.carte.urls")),
    path("", include("parvis.accueil.urls")),
]

handler400 = "parvis.accueil.views.pages.requete_invalide"
handler403 = "parvis.accueil.views.pages.refus"
handler404 = "parvis.accueil.views.pages.introuvable"
handler500 = "parvis.accueil.views.pages.panne"
