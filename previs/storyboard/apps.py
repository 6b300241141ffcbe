from django.apps import AppConfig


class StoryboardConfig(AppConfig):
    name = "previs.storyboard"

    def ready(self) -> None:
        from previs.generation import desks, sources
        from previs.script.services import on_import
        from previs.storyboard.beats import present_beats
        from previs.storyboard.desk import open_desk
        from previs.storyboard.moves import present_moves
        from previs.storyboard.recipe import present_scenes
        from previs.storyboard.services import start_boards

        desks.register("panel", open_desk)
        sources.register("scene", present_scenes)
        sources.register("beat", present_beats)
        sources.register("move", present_moves)
        on_import(start_boards)
