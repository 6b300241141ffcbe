from django.urls import include, path

from costumes import plot_views, views

OF_A_ROW = [
    path("", plot_views.plot_row, name="plot_row"),
    path("cell/", plot_views.plot_cell, name="plot_cell"),
    path("wear/", plot_views.wear, name="wear_change"),
    path("leave/", plot_views.leave, name="leave_to_inherit"),
    path("insert/", plot_views.insert, name="insert_change"),
    path("presence/", plot_views.presence, name="set_presence"),
]

urlpatterns = [
    path("p/<slug:slug>/costume/", plot_views.plot_page, name="costumes"),
    path("p/<slug:slug>/costume/plot/", plot_views.plot_table, name="plot_table"),
    path("p/<slug:slug>/costume/plot/<uuid:character_id>/", include(OF_A_ROW)),
    path("p/<slug:slug>/costume/days/", plot_views.story_day, name="set_story_day"),
    path("p/<slug:slug>/costume/shooting/", plot_views.shooting_order, name="set_shooting_order"),
    path("p/<slug:slug>/costume/looks/", views.change_list, name="looks"),
    path("p/<slug:slug>/costume/<uuid:change_id>/", views.change_page, name="change"),
    path("p/<slug:slug>/costume/<uuid:change_id>/dress/", views.dress, name="dress_change"),
    path("p/<slug:slug>/costume/<uuid:change_id>/generate/", views.generate, name="generate_change"),
    path("p/<slug:slug>/costume/character/<uuid:character_id>/add/", views.add_change, name="add_change"),
]
