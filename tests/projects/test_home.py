"""The first page: the current film, the others, what waits, what the engine does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from previs.generation.models import Frame, Job, Sheet
from previs.generation.services import Brief, generate
from previs.projects.services import cast, start_project
from previs.reports.home import engine_now, films_of, next_step
from previs.reports.waiting import waiting_for
from previs.review.models import Decision, Verdict
from previs.rights.policy import POLICY_VERSION
from previs.script import services as script
from previs.storyboard.models import Panel

pytestmark = pytest.mark.django_db

FOUNTAIN = b"INT. MILL - DAY\n\nWater over the wheel.\n\nEXT. WEIR - NIGHT\n\nWREN\nIt turns.\n"


def filmed(title, by, scenes=FOUNTAIN):
    project = start_project(title=title, by=by, aspect_ratio=Decimal("1.85"))
    script.confirm(script.upload(project, raw=scenes, name="a.fountain", by=by), by=by)
    return project


def take(sheet: Sheet, by, *, pick=False) -> Frame:
    """A frame as the runner would have left it."""
    sheet.frames_made += 1
    frame = Frame.objects.create(
        sheet=sheet,
        number=sheet.frames_made,
        made_for=by,
        sha256="a" * 64,
        thumb_sha256="b" * 64,
        width=512,
        height=216,
    )
    if pick:
        sheet.pick = frame
    sheet.save()
    return frame


def first_panel(project) -> Panel:
    return (
        Panel.objects.filter(shot__scene__project=project)
        .select_related("sheet")
        .order_by("shot__scene__ordinal")[0]
    )


def decide(frame, by, verdict, note=""):
    return Decision.objects.create(
        frame=frame, by=by, role="director", verdict=verdict, note=note, frame_sha256=frame.sha256,
        policy_version=POLICY_VERSION,
    )  # fmt: skip


def test_somebody_on_no_crew_is_told_how_to_begin(client_for, stranger):
    page = client_for(stranger).get("/").content.decode()
    assert "You are on no production yet" in page
    assert reverse("new_production") in page


def test_the_production_somebody_touched_last_comes_first(owner):
    older, newer = filmed("Older", owner), filmed("Newer", owner)
    assert [film.project for film in films_of(owner)] == [newer, older]
    script.upload(older, raw=FOUNTAIN, name="b.fountain", by=owner)
    assert [film.project for film in films_of(owner)] == [older, newer]


def test_the_work_of_others_does_not_push_a_film_before_ones_own(owner, stranger):
    mine, theirs = filmed("Mine", owner), start_project(title="Theirs", by=stranger)
    cast(theirs, user=owner, role="viewer", by=stranger)
    assert [film.project for film in films_of(owner)] == [mine, theirs]


def test_the_facts_count_scenes_panels_frames_and_approvals(owner, stranger):
    project = filmed("Facts", owner)
    frame = take(first_panel(project).sheet, owner, pick=True)
    take(first_panel(project).sheet, owner)
    cast(project, user=stranger, role="director", by=owner)
    decide(frame, stranger, Verdict.APPROVED)
    (film,) = films_of(owner)
    assert (film.scenes, film.panels, film.approved, film.frames) == (2, 2, 1, 2)
    assert film.hero == frame
    assert [segment.approved_share for segment in film.strip] == [1.0, 0.0]
    assert (film.format, film.role, film.crew) == ("1.85 Flat, 24 fps", "owner", [stranger])


def test_somebody_who_asked_for_changes_outweighs_an_approval(owner, stranger, viewer):
    project = filmed("Facts", owner)
    frame = take(first_panel(project).sheet, owner, pick=True)
    decide(frame, stranger, Verdict.APPROVED)
    decide(frame, viewer, Verdict.CHANGES, "Darker.")
    assert next(film.approved for film in films_of(owner) if film.project == project) == 0


def test_the_button_leads_back_to_the_panel_one_worked_on(owner, stranger):
    project = filmed("Way back", owner)
    (film,) = films_of(owner)
    assert next_step(film, owner).words == "Open scene 1"
    panel = first_panel(project)
    generate(panel.sheet, Brief(prompt="A mill.", takes=1), by=owner)
    assert next_step(film, owner).words == f"Continue at {panel.label}"
    assert next_step(film, owner).url == panel.sheet.path


def test_a_production_without_a_script_leads_to_the_import_or_for_a_viewer_to_itself(owner, stranger):
    project = start_project(title="Bare", by=owner)
    cast(project, user=stranger, role="viewer", by=owner)
    assert next_step(films_of(owner)[0], owner).url == reverse("script_import", args=[project.slug])
    assert next_step(films_of(stranger)[0], stranger).url == project.get_absolute_url()


def test_a_picked_frame_waits_for_everybody_whose_decision_counts_except_its_maker(
    owner, stranger, viewer, production
):
    project = filmed("Decide", owner)
    cast(project, user=stranger, role="director", by=owner)
    cast(project, user=viewer, role="viewer", by=owner)
    frame = take(first_panel(project).sheet, owner, pick=True)
    assert [item.frame for item in waiting_for(stranger)] == [frame]
    assert waiting_for(owner) == []
    assert waiting_for(viewer) == []
    decide(frame, stranger, Verdict.APPROVED)
    assert waiting_for(stranger) == []


def test_takes_wait_for_their_maker_until_one_is_picked(owner):
    sheet = first_panel(filmed("Takes", owner)).sheet
    take(sheet, owner)
    newest = take(sheet, owner)
    (item,) = waiting_for(owner)
    assert (item.frame, item.words, item.url) == (newest, "Your 2 takes are ready to pick", sheet.path)
    sheet.pick = newest
    sheet.save()
    assert waiting_for(owner) == []


def test_requested_changes_come_back_to_the_maker_until_there_is_a_newer_version(owner, stranger):
    project = filmed("Again", owner)
    sheet = first_panel(project).sheet
    frame = take(sheet, owner, pick=True)
    decide(frame, stranger, Verdict.CHANGES, "Lower the camera.")
    assert [item.words for item in waiting_for(owner)] == ["Changes requested: Lower the camera."]
    take(sheet, owner)
    assert waiting_for(owner) == []


def test_a_failed_job_waits_with_its_cause_until_one_asks_again(owner):
    sheet = first_panel(filmed("Failed", owner)).sheet
    job = generate(sheet, Brief(prompt="A mill.", takes=1), by=owner)[0]
    Job.objects.filter(pk=job.pk).update(state="failed", finished_at=timezone.now(), error="Out of memory.")
    assert [item.words for item in waiting_for(owner)] == ["Failed: Out of memory."]
    generate(sheet, Brief(prompt="A mill.", takes=1), by=owner)
    assert waiting_for(owner) == []


def test_nothing_of_a_production_waits_for_somebody_who_left_it(owner, stranger):
    from previs.projects.services import uncast

    project = filmed("Left", owner)
    cast(project, user=stranger, role="director", by=owner)
    take(first_panel(project).sheet, stranger)
    take(Panel.objects.filter(shot__scene__project=project)[1].sheet, owner, pick=True)
    assert len(waiting_for(stranger)) == 2
    uncast(project, user=stranger, by=owner)
    assert waiting_for(stranger) == []


def test_the_engine_part_shows_titles_of_ones_own_productions_and_never_a_prompt(client_for, owner, stranger):
    mine, theirs = filmed("Mine", owner), filmed("Theirs", stranger)
    generate(first_panel(mine).sheet, Brief(prompt="a secret orchard", takes=2), by=owner)
    generate(first_panel(theirs).sheet, Brief(prompt="a hidden chapel", takes=1), by=stranger)
    now = engine_now(owner)
    assert (now.waiting, now.mine.place) == (2, 1)
    running = Job.objects.filter(project=mine).first()
    Job.objects.filter(pk=running.pk).update(
        state="running", token="0" * 32, lease_until=timezone.now(), step=3, steps=12
    )
    page = client_for(owner).get(reverse("home_now")).content.decode()
    assert first_panel(mine).label in page and "25" in page and "1 waiting" in page
    assert "secret orchard" not in page and "hidden chapel" not in page


def test_the_meter_of_the_first_page_follows_what_its_panel_says(client_for, owner):
    (job,) = generate(first_panel(filmed("Mine", owner)).sheet, Brief(prompt="A mill.", takes=1), by=owner)
    client = client_for(owner)
    assert "Engine queue: 0 running, 1 waiting" in client.get("/").content.decode()
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=timezone.now())
    refreshed = client.get(reverse("home_now")).content.decode()
    assert 'id="engine-meter" hx-swap-oob="true"' in refreshed
    assert "Engine idle" in refreshed and "The engine is idle." in refreshed


def test_a_costume_that_waits_keeps_its_shape(client_for, owner, stranger):
    project = filmed("Dress", owner)
    cast(project, user=stranger, role="director", by=owner)
    sheet = project.characters.get().changes.get().sheet
    frame = take(sheet, owner, pick=True)
    Frame.objects.filter(pk=frame.pk).update(width=288, height=512)
    assert '<div class="fr r916 fit level">' in client_for(stranger).get("/").content.decode()


def test_eleven_productions_cost_as_many_queries_as_two(client_for, owner, stranger):
    def dressed(number):
        project = filmed(f"Film {number}", stranger)
        cast(project, user=owner, role="director", by=stranger)
        take(first_panel(project).sheet, stranger, pick=True)
        generate(first_panel(project).sheet, Brief(prompt="A mill.", takes=1), by=owner)

    client = client_for(owner)
    dressed(1)
    dressed(2)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        assert client.get("/").status_code == 200
    for number in range(3, 12):
        dressed(number)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/").content.decode()
    assert "Film 11" in page and "Film 1<" in page
    assert len(many) == len(few)


def test_a_standing_hero_is_shown_whole(owner, client_for):
    frame = take(first_panel(filmed("Tall", owner)).sheet, owner, pick=True)
    assert "fr standing" not in client_for(owner).get("/").text
    type(frame).objects.filter(pk=frame.pk).update(width=288, height=512)
    assert "fr standing" in client_for(owner).get("/").text
