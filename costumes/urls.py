from django.urls import include, path

from costumes import closet_views, cutting_views, fitting_views, plot_views, views

OF_A_ROW = [
    path("", plot_views.plot_row, name="plot_row"),
    path("cell/", plot_views.plot_cell, name="plot_cell"),
    path("wear/", plot_views.wear, name="wear_change"),
    path("leave/", plot_views.leave, name="leave_to_inherit"),
    path("insert/", plot_views.insert, name="insert_change"),
    path("undo/", plot_views.undo, name="undo_on_plot"),
    path("presence/", plot_views.presence, name="set_presence"),
    path("remove/", plot_views.remove, name="remove_change"),
]

OF_THE_CLOSET = [
    path("", closet_views.closet_page, name="closet"),
    path("add/", closet_views.add_garment, name="add_garment"),
    path("csv/", closet_views.export_closet, name="export_closet"),
    path("import/", closet_views.import_closet, name="import_closet"),
    path("era/", closet_views.set_era, name="set_era"),
    path("<uuid:garment_id>/", closet_views.edit_garment, name="edit_garment"),
    path("<uuid:garment_id>/remove/", closet_views.remove_garment, name="remove_garment"),
    path("<uuid:garment_id>/cut/", cutting_views.garment_cut, name="garment_cut"),
    path("<uuid:garment_id>/cut/now/", cutting_views.cut_garment, name="cut_garment"),
    path("<uuid:garment_id>/cut/anchors/", cutting_views.set_anchors, name="set_anchors"),
    path("<uuid:garment_id>/cut/guess/", cutting_views.guess_anchors, name="guess_anchors"),
    path("<uuid:garment_id>/cut/picture/", cutting_views.cut_file, name="cut_file"),
    path("<uuid:garment_id>/<slug:which>/", closet_views.garment_file, name="garment_file"),
]

OF_A_CHANGE = [
    path("", views.change_page, name="change"),
    path("dress/", views.dress, name="dress_change"),
    path("generate/", views.generate, name="generate_change"),
    path("layers/", closet_views.put_on, name="put_on"),
    path("layers/<int:layer_id>/off/", closet_views.take_off, name="take_off"),
    path("layers/<int:layer_id>/move/", closet_views.move_layer, name="move_layer"),
    path("stages/", closet_views.set_stage, name="set_stage"),
    path("fitting/", fitting_views.fitting_room, name="fitting_room"),
    path("fitting/brush/", fitting_views.keep_brush, name="keep_fitting_brush"),
    path("stages/<int:stage_id>/end/", closet_views.end_stage, name="end_stage"),
]

OF_A_FITTING = [
    path("", fitting_views.fitting_page_of, name="fitting"),
    path("shown/", fitting_views.fitting_shown, name="fitting_shown"),
    path("rerun/", fitting_views.rerun_fitting, name="rerun_fitting"),
    path("remove/", fitting_views.remove_fitted, name="remove_fitted"),
    path("cancel/", fitting_views.cancel_fitting, name="cancel_fitting"),
    path("send/", fitting_views.send_fitting, name="send_fitting"),
    path("decide/", fitting_views.decide_fitting, name="decide_fitting"),
    path("picture/<slug:which>/", fitting_views.fitting_picture, name="fitting_picture"),
]

urlpatterns = [
    path("p/<slug:slug>/costume/", plot_views.plot_page, name="costumes"),
    path("p/<slug:slug>/costume/plot.pdf", plot_views.plot_pdf, name="plot_pdf"),
    path("p/<slug:slug>/costume/plot/", plot_views.plot_table, name="plot_table"),
    path("p/<slug:slug>/costume/plot/<uuid:character_id>/", include(OF_A_ROW)),
    path("p/<slug:slug>/costume/days/", plot_views.story_day, name="set_story_day"),
    path("p/<slug:slug>/costume/shooting/", plot_views.shooting_order, name="set_shooting_order"),
    path("p/<slug:slug>/costume/looks/", views.change_list, name="looks"),
    path("p/<slug:slug>/costume/closet/", include(OF_THE_CLOSET)),
    path("p/<slug:slug>/costume/<uuid:change_id>/", include(OF_A_CHANGE)),
    path("p/<slug:slug>/costume/<uuid:change_id>/fitting/<uuid:fitting_id>/", include(OF_A_FITTING)),
    path("p/<slug:slug>/costume/character/<uuid:character_id>/add/", views.add_change, name="add_change"),
]
