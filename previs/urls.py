"""Composition only: which app answers which address."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("previs.reports.urls")),
    path("", include("previs.projects.urls")),
    path("accounts/", include("previs.accounts.urls")),
    path("", include("previs.generation.urls")),
    path("", include("previs.review.urls")),
    path("", include("previs.consent.urls")),
    path("", include("previs.script.urls")),
    path("", include("previs.storyboard.urls")),
    path("", include("sets.urls")),
    path("", include("costumes.urls")),
]
