from django.apps import AppConfig


class ScriptConfig(AppConfig):
    name = "previs.script"
    verbose_name = "Script"
