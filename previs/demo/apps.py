from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "previs.demo"
    verbose_name = "Demo production"
