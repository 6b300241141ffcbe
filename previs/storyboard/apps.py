from django.apps import AppConfig


class StoryboardConfig(AppConfig):
    name = "previs.storyboard"

    def ready(self) -> None:
        from previs.generation import sources
        from previs.script.services import on_import
        from previs.storyboard.recipe import present_scenes
        from previs.storyboard.services import start_boards

        sources.register("scene", present_scenes)
        on_import(start_boards)
