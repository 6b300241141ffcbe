from django.apps import AppConfig


class SetsConfig(AppConfig):
    name = "sets"

    def ready(self) -> None:
        from previs.generation import desks, retention, sources
        from previs.script.services import on_import
        from sets.desk import open_set_desk, open_variant_desk
        from sets.present import present_designs, present_headings, present_plans, present_sets
        from sets.references import shown_by_references
        from sets.services import make_missing_sets

        desks.register("set", open_set_desk)
        desks.register("variant", open_variant_desk)
        sources.register("set", present_sets)
        sources.register("design", present_designs)
        sources.register("plan", present_plans)
        sources.register("heading", present_headings)
        retention.register(needed=shown_by_references)
        on_import(make_missing_sets)
