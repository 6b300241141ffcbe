from django.apps import AppConfig


class SetsConfig(AppConfig):
    name = "sets"

    def ready(self) -> None:
        from previs.generation import sources
        from previs.script.services import on_import
        from sets.recipe import present_headings, present_sets
        from sets.services import make_missing_sets

        sources.register("set", present_sets)
        sources.register("heading", present_headings)
        on_import(make_missing_sets)
