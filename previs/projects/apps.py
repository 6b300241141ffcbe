from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "previs.projects"
    verbose_name = "Productions"
