"""La carte, les quartiers et les adresses d'un contrat."""

from django.urls import include, path

from parvis.carte.views import adresses, carte, chiffres, communes, lots, quartiers

app_name = "carte"

contrat_urls = [
    path("carte/", carte.carte, name="carte"),
    path("carte/couches/<slug:code>.geojson", carte.couche, name="couche"),
    path("quartiers/", quartiers.liste, name="quartiers"),
    path("quartiers/tableau.<slug:extension>", quartiers.tableau, name="tableau"),
    path("quartiers/<slug:code>/", quartiers.quartier, name="quartier"),
    path("quartiers/<slug:code>/a-punaiser.pdf", quartiers.affiche, name="affiche"),
    path("communes/<slug:code>/", communes.commune, name="commune"),
    path("chiffres/", chiffres.chiffres, name="chiffres"),
    path(
        "chiffres/tableau.<slug:extension>",
        chiffres.tableau,
        name="tableau_des_chiffres",
    ),
    path("adresse/", adresses.adresse, name="adresse"),
    path("adresses/", lots.lots, name="lots"),
    path("adresses/<uuid:identifiant>/", lots.lot, name="lot"),
    path("adresses/<uuid:identifiant>/telecharger/", lots.telecharger, name="telecharger"),
    path("adresses/<uuid:identifiant>/recommencer/", lots.recommencer, name="recommencer"),
    path("adresses/<uuid:identifiant>/effacer/", lots.effacer, name="effacer"),
]

urlpatterns = [path("<slug:contrat>/", include(contrat_urls))]
