from django.apps import AppConfig


class InstancesConfig(AppConfig):
    name = "parvis.instances"
    label = "instances"
    verbose_name = "Instances du contrat"
