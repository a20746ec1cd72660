from django.apps import AppConfig


class EspacePorteurConfig(AppConfig):
    name = "parvis.espace_porteur"
    label = "espace_porteur"
    verbose_name = "Espace du porteur"
