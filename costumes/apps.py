from django.apps import AppConfig


class CostumesConfig(AppConfig):
    name = "costumes"

    def ready(self) -> None:
        from costumes.recipe import present_changes, present_characters
        from costumes.services import dress_the_cast
        from previs.generation import sources
        from previs.script.services import on_import

        sources.register("change", present_changes)
        sources.register("character", present_characters)
        on_import(dress_the_cast)
