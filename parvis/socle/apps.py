from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "parvis.socle"
    label = "socle"
    verbose_name = "Socle"
