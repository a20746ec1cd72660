from django.apps import AppConfig


class CadreConfig(AppConfig):
    name = "parvis.cadre"
    label = "cadre"
    verbose_name = "Cadre du contrat"
