from django.apps import AppConfig


class InstructionConfig(AppConfig):
    name = "parvis.instruction"
    label = "instruction"
    verbose_name = "Instruction des demandes"
