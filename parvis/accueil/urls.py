"""Les pages publiques. Le contrat est dans chaque adresse, donc dans chaque requête."""

from django.urls import include, path

from parvis.accueil.views import (
    appels,
    contrat,
    courriels,
    declinaisons,
    documents,
    editions,
    exports,
    fiches,
    orientation,
    pages,
    partenaires,
)

app_name = "accueil"

contrat_urls = [
    path("", contrat.accueil, name="contrat"),
    path("sommaire/", contrat.sommaire, name="sommaire"),
    path("appels/", appels.calendrier, name="appels"),
    path("appels/calendrier.<slug:extension>", appels.emporter, name="appels_a_emporter"),
    path("appels/etre-prevenu/", appels.alertes, name="alertes"),
    path("appels/<slug:adresse>/", appels.appel, name="appel"),
    path("appels/<slug:adresse>/versions/<int:rang>/", appels.version, name="version_d_appel"),
    path("fiches/", fiches.liste, name="fiches"),
    path("fiches/<str:numero>/", fiches.fiche, name="fiche"),
    path("fiches/<str:numero>/<slug:lieu>/", declinaisons.declinaison, name="declinaison"),
    path("declinaisons/", declinaisons.lieux, name="lieux"),
    path("declinaisons/<slug:lieu>/", declinaisons.lieu, name="lieu"),
    path("piliers/<slug:slug>/", contrat.pilier, name="pilier"),
    path("enjeux/<str:numero>/", contrat.enjeu, name="enjeu"),
    path("financeurs/", partenaires.financeurs, name="financeurs"),
    path("financeurs/<slug:slug>/", partenaires.financeur, name="financeur"),
    path("operateurs/", partenaires.operateurs, name="operateurs"),
    path("operateurs/<slug:slug>/", partenaires.operateur, name="operateur"),
    path("dispositifs/", partenaires.dispositifs, name="dispositifs"),
    path("dispositifs/<slug:slug>/", partenaires.dispositif, name="dispositif"),
    path("croisement/", fiches.croisement, name="croisement"),
    path("orientation/", orientation.orientation, name="orientation"),
    path("recherche/", fiches.recherche, name="recherche"),
    path("exports/contrat.json", exports.contrat_json, name="export_json"),
    path("exports/<slug:nom>.<slug:extension>", exports.tableau, name="export"),
    path("editions/", editions.liste, name="editions"),
    path("comparaison/", editions.comparaison, name="comparaison"),
    path("editions/<slug:edition>/", contrat.edition, name="edition"),
    path("editions/<slug:edition>/document.<slug:extension>", documents.document, name="document"),
    path("editions/<slug:edition>/fiches/<str:numero>/", fiches.permanente, name="permanente"),
    path(
        "editions/<slug:edition>/fiches/<str:numero>/<slug:lieu>/",
        declinaisons.permanente,
        name="declinaison_permanente",
    ),
    path(
        "editions/<slug:edition>/fiches/<str:numero>/document.<slug:extension>",
        documents.document_de_fiche,
        name="document_de_fiche",
    ),
]

urlpatterns = [
    path("", pages.instance, name="instance"),
    path("sante/", pages.sante, name="sante"),
    path("theme.css", pages.theme, name="theme"),
    path("robots.txt", pages.robots, name="robots"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
    path("lexique/", pages.lexique, name="lexique"),
    path("mentions-legales/", pages.mentions, name="mentions"),
    path("accessibilite/", pages.accessibilite, name="accessibilite"),
    path("donnees-personnelles/", pages.donnees, name="donnees"),
    path("composants/", pages.composants, name="composants"),
    path("desabonnement/<str:jeton>/", courriels.desabonnement, name="desabonnement"),
    path("demonstration/courriels/", courriels.boite, name="courriels"),
    path("demonstration/courriels/<uuid:identifiant>/", courriels.courriel, name="courriel"),
    path("<slug:contrat>/", include(contrat_urls)),
]
