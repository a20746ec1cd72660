from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "parvis.pilotage"
    label = "pilotage"
    verbose_name = "Pilotage"
