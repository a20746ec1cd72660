from django.apps import AppConfig


class EspaceFinanceurConfig(AppConfig):
    name = "parvis.espace_financeur"
    label = "espace_financeur"
    verbose_name = "Espace du financeur"
