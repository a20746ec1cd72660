from django.apps import AppConfig


class AccueilConfig(AppConfig):
    name = "parvis.accueil"
    label = "accueil"
    verbose_name = "Accueil"
