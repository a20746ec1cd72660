from django.apps import AppConfig


class TravauxConfig(AppConfig):
    name = "parvis.travaux"
    label = "travaux"
    verbose_name = "Travaux"
