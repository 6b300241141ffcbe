from django.apps import AppConfig


class CostumesConfig(AppConfig):
    name = "costumes"

    def ready(self) -> None:
        from costumes.desk import open_desk
        from costumes.keeping import made_of_photos, shown_by_garments
        from costumes.recipe import present_characters, present_wardrobes
        from costumes.services import dress_the_cast
        from costumes.worn import present_changes, present_worn
        from previs.generation import desks, makers, retention, sources
        from previs.script.services import on_import

        desks.register("change", open_desk)
        sources.register("change", present_changes)
        sources.register("worn", present_worn)
        sources.register("wardrobe", present_wardrobes)
        sources.register("character", present_characters)
        makers.register("fitting", "costumes.fitting_run:make")
        retention.register(derived=made_of_photos, needed=shown_by_garments)
        on_import(dress_the_cast)
