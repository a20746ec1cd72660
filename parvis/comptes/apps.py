from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "parvis.comptes"
    label = "comptes"
    verbose_name = "Comptes"
