from django.apps import AppConfig


class TerritoiresConfig(AppConfig):
    name = "parvis.territoires"
    label = "territoires"
    verbose_name = "Territoires"
