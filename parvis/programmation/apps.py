from django.apps import AppConfig


class ProgrammationConfig(AppConfig):
    name = "parvis.programmation"
    label = "programmation"
    verbose_name = "Enveloppes et programmation"
