from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "parvis.dossiers"
    label = "dossiers"
    verbose_name = "Appels, projets et dossiers"
