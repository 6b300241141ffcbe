from django.urls import include, path

from sets import material_views, variant_views, views

OF_A_SET = [
    path("", views.set_page, name="set"),
    path("describe/", views.describe, name="describe_set"),
    path("generate/", views.generate, name="generate_set"),
    path("merge/", views.merge, name="merge_set"),
    path("split/", views.split, name="split_set"),
    path("sides/", views.split_sides, name="split_sides"),
    path("apart/", views.keep_apart, name="keep_sets_apart"),
    path("references/", material_views.add_reference, name="add_reference"),
    path("references/<uuid:reference_id>/remove/", material_views.remove_reference, name="remove_reference"),
    path(
        "references/<uuid:reference_id>/<slug:which>/", material_views.reference_file, name="reference_file"
    ),
    path("dressing/", material_views.add_dressing, name="add_dressing"),
    path("dressing/keep/", material_views.keep_dressing, name="keep_dressing"),
    path("variants/fill/", variant_views.fill_variants, name="fill_variants"),
    path("variants/match/", variant_views.match_variants, name="match_variants"),
    path("variants/keep/", variant_views.keep_concept, name="keep_concept"),
    path("variants/rows/", variant_views.add_condition, name="add_condition"),
    path("variants/<uuid:variant_id>/", variant_views.variant_page, name="variant"),
    path("variants/<uuid:variant_id>/generate/", variant_views.generate_variant, name="generate_variant"),
    path("variants/<uuid:variant_id>/edit/", variant_views.edit_variant, name="edit_variant"),
    path("remakes/", variant_views.remakes, name="remakes"),
    path("remakes/ask/", variant_views.ask_remakes, name="ask_remakes"),
    path("remakes/<uuid:remake_id>/", variant_views.remake, name="remake"),
]

urlpatterns = [
    path("p/<slug:slug>/sets/", views.set_list, name="sets"),
    path("p/<slug:slug>/sets/<uuid:set_id>/", include(OF_A_SET)),
    path("", include("sets.blockout_urls")),
]
