"""The studio app: no tables, only the command that runs Previs and the checks that watch over its set-up."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "previs.studio"
    label = "studio"
    verbose_name = "Studio"

    def ready(self) -> None:
        from previs import checks  # noqa: F401 - importing it registers the checks
