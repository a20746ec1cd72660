from django.apps import AppConfig


class OrganismesConfig(AppConfig):
    name = "parvis.organismes"
    label = "organismes"
    verbose_name = "Organismes"
