"""Who gets what at every address there is. An address without a row here fails the first test."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

# What an address is for:
#   account  allauth's own pages; whoever is signed out may open them, or is sent to sign in
#   own      a page of one's own, whichever productions one is on        own form  the same, read and sent
#   read     a page for everybody on the crew                            look      a page only for who may edit
#   edit     a change by who may edit                                    form      a page and its sending, for editors
#   desk     a page for everybody on the crew, and its sending for editors
#   manage   a change by the owner or a producer
ROWS = {
    "account_login": "account",
    "account_logout": "account",
    "account_change_password": "account",
    "account_signup": "account",
    "account_inactive": "account",
    "home": "own",
    "home_now": "own",
    "queue": "own",
    "new_production": "own form",
    "project": "read",
    "people": "read",
    "cast_person": "manage",
    "new_person": "manage",
    "change_role": "manage",
    "remove_person": "manage",
    "job_card": "read",
    "cancel_job": "edit",
    "retry_job": "edit",
    "takes": "read",
    "cancel_rest": "edit",
    "pick_frame": "edit",
    "star_frame": "edit",
    "frame_file": "read",
    "review": "read",
    "frame": "read",
    "frame_panel": "read",
    "frame_composer": "look",
    "frame_actions": "read",
    "frame_versions": "read",
    "frame_record": "read",
    "frame_note": "edit",
    "reply_composer": "look",
    "reply_note": "edit",
    "resolve_note": "edit",
    "reopen_note": "edit",
    "decide": "edit",
    "frame_star": "read",
    "history": "read",
    "compare": "read",
    "script": "read",
    "scene_facts": "read",
    "script_import": "form",
    "script_preview": "look",
    "script_confirm": "edit",
    "script_source": "read",
    "boards": "read",
    "scene": "read",
    "add_shot": "edit",
    "generate_panel": "edit",
    "edit_panel": "edit",
    "add_panel": "edit",
    "remove_panel": "edit",
    "sets": "read",
    "set": "read",
    "describe_set": "edit",
    "generate_set": "edit",
    "merge_set": "edit",
    "split_set": "edit",
    "split_sides": "edit",
    "keep_sets_apart": "edit",
    "add_reference": "form",
    "remove_reference": "edit",
    "reference_file": "read",
    "add_dressing": "edit",
    "keep_dressing": "edit",
    "fill_variants": "edit",
    "match_variants": "edit",
    "keep_concept": "edit",
    "add_condition": "edit",
    "variant": "read",
    "generate_variant": "edit",
    "edit_variant": "edit",
    "remakes": "read",
    "ask_remakes": "edit",
    "remake": "read",
    "blockout_library": "own",
    "blockout": "read",
    "start_blockout": "edit",
    "save_blockout": "edit",
    "blockout_document": "read",
    "blockout_versions": "read",
    "blockout_models": "read",
    "blockout_pass": "read",
    "export_blockout": "read",
    "import_mesh": "edit",
    "choose_camera": "edit",
    "flip_setup": "edit",
    "waive_finding": "edit",
    "withdraw_waiver": "edit",
    "queue_move": "edit",
    "add_beat": "edit",
    "queue_beats": "edit",
    "edit_beat": "edit",
    "move_beat": "edit",
    "remove_beat": "edit",
    "queue_beat": "edit",
    "use_frame": "edit",
    "keep_mask": "edit",
    "compile_brief": "read",
    "control_maps": "edit",
    "keep_reference": "edit",
    "contact_sheet": "read",
    "contact_sheet_png": "read",
    "costumes": "read",
    "change": "read",
    "dress_change": "edit",
    "generate_change": "edit",
    "add_change": "edit",
    "looks": "read",
    "plot_table": "read",
    "plot_row": "read",
    "plot_cell": "read",
    "plot_pdf": "read",
    "closet": "read",
    "garment_file": "read",
    "export_closet": "read",
    "wear_change": "edit",
    "leave_to_inherit": "edit",
    "insert_change": "edit",
    "undo_on_plot": "edit",
    "set_presence": "edit",
    "set_story_day": "edit",
    "set_shooting_order": "edit",
    "remove_garment": "edit",
    "import_closet": "edit",
    "set_era": "edit",
    "put_on": "edit",
    "take_off": "edit",
    "move_layer": "edit",
    "set_stage": "edit",
    "end_stage": "edit",
    "add_performer": "edit",
    "edit_performer": "edit",
    "add_picture": "edit",
    "link_photo": "edit",
    "add_garment": "form",
    "edit_garment": "form",
    "add_photo": "form",
    "rights": "look",
    "performer": "look",
    "photo_file": "look",
    "release": "look",
    "add_release": "manage",
    "edit_release": "manage",
    "move_release": "manage",
    "revoke_release": "manage",
    "add_role": "edit",
    "change_casting": "edit",
    "frame_download": "read",
    "remove_change": "edit",
    "garment_cut": "look",
    "cut_garment": "edit",
    "set_anchors": "edit",
    "guess_anchors": "edit",
    "cut_file": "read",
    "fitting_room": "desk",
    "keep_fitting_brush": "edit",
    "fitting": "read",
    "fitting_shown": "read",
    "fitting_picture": "read",
    "rerun_fitting": "edit",
    "remove_fitted": "edit",
    "cancel_fitting": "edit",
    "send_fitting": "edit",
    "decide_fitting": "edit",
    "watch_name": "manage",
    "clear_prompt": "manage",
    "close_incident": "manage",
}
# Parts of an address that name no row of a production.
FREE = ("slug", "which", "tab", "how", "kind", "form")
# Where a part means another row than elsewhere.
MEANT = {"keep_concept": {"frame_id": "concept_id"}, "fitting_picture": {"which": "of_a_fitting"}}
OPENED = {"own", "own form", "read", "desk", "look", "form"}
SENT = {"own form", "edit", "desk", "form", "manage"}
OF_A_PRODUCTION = [name for name, kind in ROWS.items() if kind not in ("account", "own", "own form")]
PRIVATE = [name for name, kind in ROWS.items() if kind != "account"]


@dataclass(frozen=True)
class Address:
    name: str
    route: str
    parts: tuple[str, ...]


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None, route: str = "", parts: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Every address of the site, with the names of the parts that vary."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here, inside = route + str(pattern.pattern), (*parts, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here, inside)
        else:
            yield Address(pattern.name or "", here, inside)


BY_NAME = {address.name: address for address in addresses()}


def make_production(owner: Any, crew: dict[str, Any], title: str) -> dict[str, Any]:
    """A production with one of everything; the values of every varying part of an address in it."""
    from costumes import closet, stages
    from costumes.cutting import cut_garment
    from costumes.models import Fitting
    from costumes.services import add_change
    from previs.consent.uploads import take_in
    from previs.demo.garment_photos import Flat, garment_photo
    from previs.generation import store
    from previs.generation.runner import run_available
    from previs.generation.services import Brief, generate
    from previs.projects.services import cast, start_project
    from previs.review.services import add_note
    from previs.rights.models import Incident
    from previs.rights.services import add_person, keep_release
    from previs.script import services as script
    from previs.storyboard.beats import add_beat
    from previs.storyboard.models import Panel, Waiver
    from sets.blockouts import begin_from_words
    from sets.models import Remake, Set
    from sets.references import add_reference
    from sets.variants import Spot, open_variant

    production = start_project(title=title, by=owner, aspect_ratio=Decimal("2.39"))
    for role, user in crew.items():
        cast(production, user=user, role=role, by=owner)
    fountain = b"INT. MILL - DAY #12#\n\nWren waits by the wheel.\n\nWREN\nIt turns.\n"
    revision = script.upload(production, raw=fountain, name="mill.fountain", by=owner)
    script.confirm(revision, by=owner)
    draft = script.upload(
        production, raw=fountain.replace(b"waits", b"sleeps"), name="mill-2.fountain", by=owner
    )
    scene = production.scenes.get()
    panel = Panel.objects.get(shot__scene=scene)
    place = Set.objects.get(project=production)
    job = generate(panel.sheet, Brief(prompt="The wheel", takes=1, seed=7), by=crew["director"])[0]
    concept = generate(place.sheet, Brief(prompt="The mill", takes=1, seed=7), by=crew["director"])[0]
    run_available(worker="here")
    job.refresh_from_db()
    concept.refresh_from_db()
    note = add_note(job.frame, by=owner, text="Warmer.", pin=None, parent=None)
    character = production.characters.get()
    variant = open_variant(place, Spot("night", "intact", "snow"), by=owner)
    begin_from_words(place, words="INT. MILL - DAY", by=owner)
    reference = add_reference(
        place,
        data=store.read(job.frame.sha256),
        title="",
        source="",
        rights="own",
        statement="Ours",
        by=owner,
    )
    waiver = Waiver.objects.create(
        panel=panel, code="line_crossed", digest="0" * 64, reason="On purpose", waived_by=owner
    )
    drawn = garment_photo(Flat("coat", (96, 98, 103)))
    garment = closet.keep_garment(
        production, by=owner, name="Coat", category="coat", picture=drawn, rights="own", statement="Ours"
    )
    cut_garment(garment, by=owner)
    worn = character.changes.first() or add_change(character, by=owner)
    performer = add_person(production, by=owner, union="none")
    release = keep_release(performer, by=owner, valid_from=timezone.now(), scopes=["tryon"])
    photo = take_in(
        production,
        garment_photo(Flat("shirt", (40, 90, 150))),
        by=owner,
        kind="person",
        title="",
        rights="own",
        statement="Ours",
        persons=[performer],
    )
    fitting = Fitting.objects.create(
        change=worn, photo=photo, points=[], person_sha256=photo.sha256, protected_sha256=photo.sha256,
        requested_by=owner,
    )  # fmt: skip
    incident = Incident.objects.create(project=production, about=crew["viewer"], code="prohibited_intimacy")
    return {
        "fitting_id": fitting.pk,
        "of_a_fitting": "person",
        "garment_id": garment.pk,
        "layer_id": closet.put_on(worn, garment, by=owner).pk,
        "stage_id": stages.set_stage(worn, stage="wet", scene=scene.pk, by=owner).pk,
        "person_id": performer.pk,
        "release_id": release.pk,
        "asset_id": photo.pk,
        "incident_id": incident.pk,
        "variant_id": variant.pk,
        "reference_id": reference.pk,
        "remake_id": Remake.objects.create(set=place, old=job.frame, job=job).pk,
        "waiver_id": waiver.pk,
        "shot_id": panel.shot_id,
        "beat_id": add_beat(panel.shot, by=owner).pk,
        "brief": job.brief,
        "how": "prompt",
        "kind": "clay",
        "form": "svg",
        "slug": production.slug,
        "number": scene.number,
        "panel_id": panel.pk,
        "set_id": place.pk,
        "character_id": character.pk,
        "change_id": worn.pk,
        "job_id": job.pk,
        "sheet_id": panel.sheet_id,
        "frame_id": job.frame.pk,
        "concept_id": concept.frame.pk,
        "note_id": note.pk,
        "which": "master",
        "tab": "notes",
        "revision_id": draft.pk,
        "membership_id": production.memberships.get(role="viewer").pk,
    }


@pytest.fixture
def crew(director: Any, viewer: Any) -> dict[str, Any]:
    return {"director": director, "viewer": viewer}


@pytest.fixture
def values(owner: Any, crew: dict[str, Any]) -> dict[str, Any]:
    return make_production(owner, crew, "The Mill")


def url_of(name: str, values: dict[str, Any]) -> str:
    meant = MEANT.get(name, {})
    return reverse(name, kwargs={part: values[meant.get(part, part)] for part in BY_NAME[name].parts})


def send(client: Client, method: str, url: str) -> int:
    return int(getattr(client, method)(url).status_code)


ClientFor = Callable[[Any], Client]


def test_every_address_has_a_name_and_a_row_here() -> None:
    found = [address.name for address in addresses()]
    assert "" not in found, "an address has no name"
    assert sorted(set(found)) == sorted(ROWS)


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_sent_to_sign_in_everywhere(
    values: dict[str, Any], client_for: ClientFor
) -> None:
    nobody = client_for(None)
    for name in PRIVATE:
        url = url_of(name, values)
        for method in ("get", "post"):
            answer = getattr(nobody, method)(url)
            assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (
                302,
                "/accounts/login/",
            ), f"{method} {name}"


@pytest.mark.django_db
def test_a_stranger_finds_nothing_of_a_production(
    values: dict[str, Any], stranger: Any, client_for: ClientFor
) -> None:
    browser = client_for(stranger)
    for name in OF_A_PRODUCTION:
        method = "get" if ROWS[name] in OPENED else "post"
        assert send(browser, method, url_of(name, values)) == 404, name
        if ROWS[name] in ("form", "desk"):
            assert send(browser, "post", url_of(name, values)) == 404, name


@pytest.mark.django_db
def test_a_viewer_may_look_at_everything_and_change_nothing(
    values: dict[str, Any], viewer: Any, client_for: ClientFor
) -> None:
    from previs.audit.models import AuditEntry
    from previs.generation.leaving import EXPORTED

    browser = client_for(viewer)
    before = AuditEntry.objects.exclude(verb=EXPORTED).count()
    for name, kind in ROWS.items():
        url = url_of(name, values)
        if kind in ("own", "own form"):
            assert send(browser, "get", url) == 200, name
        elif kind in ("read", "desk"):
            assert send(browser, "get", url) in (200, 302), name
        elif kind in ("look", "form"):
            assert send(browser, "get", url) == 403, name
        if kind in ("edit", "desk", "form", "manage"):
            assert send(browser, "post", url) == 403, name
    # What leaves the house as a file is on record, whoever took it.
    assert AuditEntry.objects.exclude(verb=EXPORTED).count() == before


@pytest.mark.django_db
def test_the_owner_is_let_in_everywhere(values: dict[str, Any], owner: Any, client_for: ClientFor) -> None:
    browser = client_for(owner)
    for name in PRIVATE:
        for method, kinds in (("get", OPENED), ("post", SENT)):
            if ROWS[name] not in kinds:
                continue
            # What one address changes or removes is there again for the next.
            with transaction.atomic():
                assert send(browser, method, url_of(name, values)) not in (403, 404, 405, 500), (
                    f"{method} {name}"
                )
                transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_director_edits_but_does_not_manage_the_crew(
    values: dict[str, Any], director: Any, client_for: ClientFor
) -> None:
    browser = client_for(director)
    for name, kind in ROWS.items():
        if kind == "manage":
            assert send(browser, "post", url_of(name, values)) == 403, name
        if kind in ("look", "form"):
            assert send(browser, "get", url_of(name, values)) in (200, 302), name


@pytest.mark.django_db
def test_an_address_asked_in_the_wrong_way_says_so(
    values: dict[str, Any], owner: Any, client_for: ClientFor
) -> None:
    browser = client_for(owner)
    for name in PRIVATE:
        url = url_of(name, values)
        if ROWS[name] not in SENT:
            assert send(browser, "post", url) == 405, f"post {name}"
        if ROWS[name] not in OPENED:
            assert send(browser, "get", url) == 405, f"get {name}"
        assert send(browser, "delete", url) == 405, f"delete {name}"


@pytest.mark.django_db
def test_things_of_another_production_are_not_found_under_this_one(
    values: dict[str, Any], owner: Any, crew: dict[str, Any], client_for: ClientFor
) -> None:
    """The owner is on both crews, so nothing but the nesting can refuse."""
    elsewhere = make_production(owner, crew, "Elsewhere") | {"slug": values["slug"], "number": "99"}
    browser = client_for(owner)
    checked = 0
    for name in OF_A_PRODUCTION:
        nested = [part for part in BY_NAME[name].parts if part not in FREE]
        if "slug" not in BY_NAME[name].parts or not nested:
            continue
        checked += 1
        method = "get" if ROWS[name] in OPENED else "post"
        assert send(browser, method, url_of(name, elsewhere)) == 404, name
        # A frame of this production, with a note of the other one.
        if "note_id" in nested:
            mixed = values | {"note_id": elsewhere["note_id"]}
            assert send(browser, method, url_of(name, mixed)) == 404, name
    assert checked > 20


@pytest.mark.django_db
def test_an_id_of_nothing_is_not_found(values: dict[str, Any], owner: Any, client_for: ClientFor) -> None:
    nothing = values | {
        part: uuid.uuid4() for part in ("job_id", "sheet_id", "frame_id", "panel_id", "set_id", "change_id")
    }
    browser = client_for(owner)
    for name in ("job_card", "takes", "frame_file", "frame", "set", "change", "compile_brief"):
        assert send(browser, "get", url_of(name, nothing)) == 404, name
