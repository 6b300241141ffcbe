"""The variants grid, one variant, and frames that are asked for again because their set changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from previs.generation.models import Job
from previs.generation.services import GenerationRefused
from previs.generation.subjects import subject_context
from previs.projects.access import person
from previs.projects.models import EDITING_ROLES
from sets import effects, variants
from sets.cards import variant_context
from sets.forms import FillForm, NumbersForm
from sets.models import Remake, Set, Variant
from sets.pages import camera_for, grid_context
from sets.pairs import pairs_of
from sets.places import scenes_of
from sets.recipe import compile_variant
from sets.rematching import match_hero
from sets.services import SetError, camera_choices
from sets.views import from_camera, set_for, takes_from


@require_POST
def fill_variants(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    """Ask for all empty cells of a weather, or for the one cell that the form names."""
    place, form = set_for(request, slug, set_id, edit=True), FillForm(request.POST)

    def fill(weather: str) -> list[Job]:
        camera, only = form.cleaned_data["camera"], form.only()
        return variants.fill_grid(
            place, weather=weather, camera=camera, only=only, by=person(request), **form.numbers()
        )

    return _queued(request, place, form, fill)


@require_POST
def match_variants(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    """Ask again for the cells of a weather that do not show the room as the hero does."""
    place, form = set_for(request, slug, set_id, edit=True), FillForm(request.POST)
    return _queued(
        request, place, form, lambda weather: match_hero(place, weather=weather, by=person(request))
    )


def _queued(
    request: HttpRequest, place: Set, form: FillForm, ask: Callable[[str], list[Job]]
) -> HttpResponse:
    """The grid after asking for frames of a weather, with what stood in the way above its cells."""
    jobs: list[Job] = []
    if form.is_valid():
        try:
            jobs = ask(form.cleaned_data["weather"])
        except SetError as error:
            form.add_error(None, str(error))
        except GenerationRefused as refused:
            form.add_error(None, " ".join(refused.reasons))
    return _grid(request, place, form, queued=len(jobs))


@require_POST
def keep_concept(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    """Keep the concept frame that the form names as the variant that its prompt describes."""
    place = set_for(request, slug, set_id, edit=True)
    number = request.POST.get("version", "")
    frames = place.sheet.frames.select_related("job")
    frame = frames.filter(number=int(number)).first() if number.isdecimal() and len(number) < 9 else None
    try:
        variant = variants.keep_concept(place, frame, by=person(request))
        messages.success(request, f"Kept as {variant.condition}, {variant.time_of_day}, {variant.weather}.")
        return _go(request, f"{place.get_absolute_url()}?weather={variant.weather}")
    except SetError as error:
        messages.error(request, str(error))
    return _go(request, place.get_absolute_url())


@require_POST
def add_condition(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    try:
        variants.add_condition(place, words=request.POST.get("words", ""), by=person(request))
    except SetError as error:
        messages.error(request, str(error))
    weather = request.POST.get("weather", "")
    known = weather if weather in variants.WEATHERS else variants.WEATHERS[0]
    return redirect(f"{place.get_absolute_url()}?weather={known}")


@require_GET
def variant_page(request: HttpRequest, slug: str, set_id: uuid.UUID, variant_id: uuid.UUID) -> HttpResponse:
    return _page(request, _variant(request, slug, set_id, variant_id))


@require_POST
def generate_variant(
    request: HttpRequest, slug: str, set_id: uuid.UUID, variant_id: uuid.UUID
) -> HttpResponse:
    variant = _variant(request, slug, set_id, variant_id, edit=True)
    camera = request.GET.get("camera", "")
    return takes_from(
        request,
        variant.set,
        variant.sheet,
        compile_variant(variant, camera=camera),
        camera=camera,
        action=_action(variant, camera),
        heading=str(variant),
    )


@require_POST
def edit_variant(request: HttpRequest, slug: str, set_id: uuid.UUID, variant_id: uuid.UUID) -> HttpResponse:
    variant = _variant(request, slug, set_id, variant_id, edit=True)
    form = NumbersForm(request.POST)
    if not form.is_valid():
        return _page(request, variant, form=form, status=422)
    variants.edit_variant(variant, by=person(request), **form.numbers())
    return redirect(variant.sheet.path)


@require_GET
def remakes(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    """Old beside new: every frame that was asked for again, and what is stale still."""
    place = set_for(request, slug, set_id)
    context = {
        "nav": "sets",
        "concerned": [scene.number for scene in scenes_of(place)],
        "place": place,
        "pairs": pairs_of(place, person(request)),
        "effect": effects.effect_of(place),
        "can_edit": place.project.role_of(request.user) in EDITING_ROLES,
    }
    return render(request, "sets/remakes.html", context)


@require_POST
def ask_remakes(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    try:
        asked = effects.remake_stale(place, by=person(request))
        messages.success(request, f"{len(asked)} frame{'s' * (len(asked) != 1)} queued again.")
    except SetError as error:
        messages.error(request, str(error))
    except GenerationRefused as refused:
        messages.error(request, " ".join(refused.reasons))
    return _go(request, reverse("remakes", args=[slug, place.pk]))


@require_GET
def remake(request: HttpRequest, slug: str, set_id: uuid.UUID, remake_id: uuid.UUID) -> HttpResponse:
    """One pair, for the page that shows it to stay right by itself."""
    place = set_for(request, slug, set_id)
    get_object_or_404(Remake, set=place, pk=remake_id)
    pair = pairs_of(place, person(request), only=remake_id)[0]
    return render(request, "sets/_pair.html", {"pair": pair, "place": place, "project": place.project})


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser on. Forms that come over the socket are sent by htmx, which carries the CSRF token for them."""
    return HttpResponseClientRedirect(url) if "HX-Request" in request.headers else redirect(url)


def _grid(request: HttpRequest, place: Set, form: FillForm, *, queued: int) -> HttpResponse:
    """The grid as it is after a form was sent, with the form when it was refused."""
    weather = form.data.get("weather", "")
    if "HX-Request" not in request.headers and form.is_valid():
        return redirect(f"{place.get_absolute_url()}?weather={weather}")
    context = grid_context(
        place,
        person(request),
        weather=weather,
        cameras=camera_choices(place),
        camera=form.data.get("camera", ""),
        form=form,
    )
    may = place.project.role_of(request.user) in EDITING_ROLES
    context |= {"project": place.project, "can_edit": may, "queued": queued}
    return render(request, "sets/_variants.html", context, status=200 if form.is_valid() else 422)


def _page(
    request: HttpRequest, variant: Variant, *, form: NumbersForm | None = None, status: int = 200
) -> HttpResponse:
    user, cameras = person(request), camera_choices(variant.set)
    camera = camera_for(variant.set, cameras, asked=request.GET.get("camera", ""))
    compiled = compile_variant(variant, camera=camera)
    context = subject_context(variant, compiled, user, action=_action(variant, camera), heading=str(variant))
    context |= variant_context(variant, user) | {
        "nav": "sets",
        "concerned": [scene.number for scene in scenes_of(variant.set)],
        "place": variant.set,
        "can_edit": variant.set.project.role_of(user) in EDITING_ROLES,
        "variant": variant,
        "cameras": cameras,
        "camera": camera,
        "form": form or NumbersForm(initial={"crowd": variant.crowd, "vehicles": variant.vehicles}),
    }
    return render(request, "sets/variant.html", context, status=status)


def _action(variant: Variant, camera: str) -> str:
    place = variant.set
    return from_camera(reverse("generate_variant", args=[place.project.slug, place.pk, variant.pk]), camera)


def _variant(
    request: HttpRequest, slug: str, set_id: uuid.UUID, variant_id: uuid.UUID, *, edit: bool = False
) -> Variant:
    variant = variants.variant_of(set_for(request, slug, set_id, edit=edit), variant_id)
    if variant is None:
        raise Http404("There is no such variant in this set.")
    return variant
