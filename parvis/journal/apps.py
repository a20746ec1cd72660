from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "parvis.journal"
    label = "journal"
    verbose_name = "Journal"
