"""The variants grid: what a cell is, what filling it asks for, and what it shows."""

from __future__ import annotations

import re

import pytest

from previs.generation.models import Job
from previs.tags import dom_id
from sets import variants
from sets.grid import grid_of
from sets.models import Variant
from sets.recipe import blockout_for, compile_set, compile_variant, row_reading
from sets.rematching import match_hero
from sets.services import SetError, camera_choices, describe, latest_plan
from sets.variants import Spot
from tests.sets.conftest import crew_answers, keep, save_plan, simple_plan

pytestmark = pytest.mark.django_db
NIGHT = Spot("night", "intact", "clear")


def cells(place, user, weather="clear"):
    return {cell.spot: cell for row in grid_of(place, weather, user).rows for cell in row.cells}


# --- what is asked for -----------------------------------------------------------------------------


def test_filling_the_grid_asks_for_every_empty_cell_with_one_seed_and_one_batch_key(place, owner):
    jobs = variants.fill_grid(place, weather="snow", by=owner)
    assert len(jobs) == 12
    assert len({job.frame_request.seed for job in jobs}) == 1
    assert len({job.batch_key for job in jobs}) == 1
    assert len({job.frame_request.prompt for job in jobs}) == 12
    assert {job.sheet.kind for job in jobs} == {"variant"}


def test_a_filled_grid_is_rendered_in_batches_and_not_cell_by_cell(place, owner, work):
    variants.fill_grid(place, weather="clear", by=owner)
    assert work() == 3, "the scripted engine takes four at once"
    assert variants.empty_spots(place, "clear") == []
    with pytest.raises(SetError, match="already"):
        variants.fill_grid(place, weather="clear", by=owner)


def test_filling_twice_at_once_asks_for_each_cell_once(place, owner):
    variants.fill_grid(place, weather="clear", only=[NIGHT], by=owner)
    assert len(variants.fill_grid(place, weather="clear", by=owner)) == 11
    assert Variant.objects.count() == 12


def test_the_pick_of_the_set_fills_its_own_cell_and_lends_its_seed(place, hero, owner):
    place.sheet.refresh_from_db()
    assert variants.hero_spot(place.sheet.pick) == NIGHT
    jobs = variants.fill_grid(place, weather="clear", by=owner)
    assert len(jobs) == 11
    assert {job.frame_request.seed for job in jobs} == {hero.job.frame_request.seed}


def test_a_refused_grid_leaves_no_variant_and_no_job_behind(place, owner, settings):
    from previs.generation.services import GenerationRefused

    settings.PREVIS_MODEL = "a model that is not here"
    with pytest.raises(GenerationRefused):
        variants.fill_grid(place, weather="clear", by=owner)
    assert not Variant.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"only": [Spot("noon", "intact", "clear")]},
        {"only": [Spot("day", "flooded", "clear")]},
        {"only": [Spot("day", "intact", "hail")]},
        {"crowd": 401},
        {"vehicles": -1},
        {"camera": "Z"},
    ],
)
def test_a_cell_outside_the_grid_is_refused_before_anything_is_queued(place, owner, wrong):
    with pytest.raises(SetError):
        variants.fill_grid(place, **{"weather": "clear", "by": owner} | wrong)
    assert not Job.objects.exists()


def test_a_variant_says_hour_weather_state_and_numbers_in_its_prompt_and_its_blockout(place, owner):
    describe(place, description="Wet concrete.", by=owner)
    variant = variants.open_variant(place, Spot("dusk", "ruined", "ash"), crowd=40, vehicles=3, by=owner)
    compiled = compile_variant(variant)
    assert compiled.prompt == (
        "INT. CANNERY - DUSK. Wide shot, eye level, 24 mm. A crowd of 40. 3 vehicles. Falling ash outside. Ruined. "
        "Wet concrete."
    )
    shown = compiled.blockout
    assert (shown["time_of_day"], shown["weather"], shown["damage"]) == ("dusk", "ash", "ruined")
    assert [source.kind for source in compiled.sources] == ["design"]


def test_in_a_plan_the_numbers_stage_people_and_without_one_the_words_do(place, owner):
    variant = variants.open_variant(place, NIGHT, crowd=40, by=owner)
    words_alone = compile_variant(variant).blockout
    assert words_alone["people"] and "crowd" not in words_alone
    save_plan(place, owner)
    staged = compile_variant(variant).blockout
    assert (staged["people"], staged["crowd"]) == ([], 40)


def test_only_a_picture_without_figures_is_said_to_have_no_people(place, owner):
    variant = variants.open_variant(place, NIGHT, by=owner)
    assert all("No people." in made.prompt for made in (compile_set(place), compile_variant(variant)))
    save_plan(place, owner)
    assert "No people." in compile_set(place).prompt
    keep(place, owner, simple_plan() | {"figures": [{"id": "f1", "name": "MARA", "x": 0, "z": 0, "yaw": 0}]})
    followed, staged = compile_set(place), compile_variant(variant)
    assert "people" not in followed.prompt.lower() and "people" not in staged.prompt.lower()
    assert [figure["name"] for figure in followed.blockout["plan"]["figures"]] == ["MARA"]
    assert followed.blockout["people"] == []


def test_without_a_plan_a_variant_shows_the_room_of_the_concept(place, owner):
    from previs.blockout.reader import read

    variant = variants.open_variant(place, NIGHT, by=owner)
    concept = read(compile_set(place).prompt).description
    shown = compile_variant(variant).blockout
    assert (shown["place"], shown["stage_key"]) == (concept.place, concept.stage_key)


def test_a_row_of_ones_own_is_read_like_a_prompt(place, owner):
    row = variants.add_condition(place, words=" Burnt out, rubble. ", by=owner)
    assert row == "burnt out, rubble"
    variant = variants.open_variant(place, Spot("day", row, "clear"), by=owner)
    compiled = compile_variant(variant)
    assert "Burnt out, rubble." in compiled.prompt
    assert compiled.blockout["damage"] == "ruined"
    assert len(variants.fill_grid(place, weather="clear", by=owner)) == 16


def test_a_row_says_which_of_its_words_were_not_understood_and_whether_it_looks_like_intact(
    place, owner, client_for
):
    for words in ("zorbule", "burnt out and zorbule", "burnt out"):
        variants.add_condition(place, words=words, by=owner)
    rows = {row.condition: row for row in grid_of(place, "clear", owner).rows}
    assert [(row.unread, row.alike) for row in rows.values()] == [
        *[([], False)] * 3,
        (["zorbule"], True),
        (["zorbule"], False),
        ([], False),
    ]
    page = client_for(owner).get(place.get_absolute_url()).text
    assert page.count("Not understood: <b>") == 2
    assert page.count("Drawn like Intact") == 1


def test_a_word_of_the_heading_is_not_held_against_a_row(place, owner):
    place.name = "ZORBULE CANNERY"
    assert row_reading(place, "burnt out") == ([], False)


@pytest.mark.parametrize("words", ["", "  ", "...", "x" * 61, "Ruined", "RUINED."])
def test_a_row_needs_words_of_its_own(place, owner, words):
    with pytest.raises(SetError):
        variants.add_condition(place, words=words, by=owner)
    place.refresh_from_db()
    assert place.conditions == []


# --- from a camera ---------------------------------------------------------------------------------


def test_with_a_plan_every_cell_is_seen_from_the_chosen_camera(place, owner):
    plan = save_plan(place, owner, focal=35.0)
    assert (latest_plan(place), camera_choices(place)) == (plan, ["A", "B"])
    job = variants.fill_grid(
        place, weather="rain", camera="B", only=[Spot("day", "intact", "rain")], by=owner
    )[0]
    assert "35 mm" in job.frame_request.prompt
    plan_source = job.sources.get(kind="plan")
    assert (plan_source.ref, plan_source.digest) == (f"{place.pk}:B", plan.digest_from("B"))


def test_a_concept_is_taken_from_the_chosen_camera_and_from_the_first_one_otherwise(place, owner, client_for):
    save_plan(place, owner)
    browser, url = client_for(owner), f"/p/{place.project.slug}/sets/{place.pk}/"
    assert "generate/?camera=A" in browser.get(f"{url}?new=1").content.decode()
    assert "generate/?camera=B" in browser.get(f"{url}?new=1&camera=B").content.decode()
    sent = {"prompt": "The line", "model": "scripted", "takes": "1"}
    browser.post(f"{url}generate/?camera=B", sent, headers={"HX-Request": "true"})
    assert Job.objects.get().sources.get(kind="plan").ref == f"{place.pk}:B"


def test_what_was_typed_for_a_camera_reaches_the_picture(place, owner, client_for):
    plan = save_plan(place, owner)
    sent = {"prompt": "INT. CANNERY - DAY. Ruined, snow.", "model": "scripted", "takes": "1"}
    url = f"/p/{place.project.slug}/sets/{place.pk}/generate/?camera=B"
    client_for(owner).post(url, sent, headers={"HX-Request": "true"})
    asked = Job.objects.get().frame_request.blockout
    assert (asked["time_of_day"], asked["damage"], asked["weather"]) == ("day", "ruined", "snow")
    assert (asked["plan"], asked["camera"]["id"]) == (plan.document, "B")


def test_a_camera_that_is_gone_is_said_and_what_was_typed_stays(place, owner, client_for):
    save_plan(place, owner)
    variant = variants.open_variant(place, NIGHT, by=owner)
    sent = {"prompt": "The line, typed", "model": "scripted", "takes": "1"}
    for base in (f"/p/{place.project.slug}/sets/{place.pk}/", variant.sheet.path):
        answer = client_for(owner).post(f"{base}generate/?camera=Q", sent, headers={"HX-Request": "true"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "no camera Q any more" in page and "The line, typed" in page
    assert not Job.objects.exists()


def test_a_blockout_carries_the_newest_plan_its_camera_and_the_set_as_its_key(place, owner):
    save_plan(place, owner, focal=25.0)
    plan = save_plan(place, owner, focal=50.0)
    shown = blockout_for(
        place, camera="B", time_of_day="NIGHT", weather="fog", damage="intact", crowd=5, vehicles=2, prompt="Mara waits."
    )  # fmt: skip
    assert (shown["stage_key"], shown["time_of_day"], shown["weather"]) == (str(place.pk), "night", "fog")
    assert len(shown["people"]) == 1
    assert shown["plan"] == plan.document
    assert (shown["camera"]["id"], shown["camera"]["focal_mm"]) == ("B", 50.0)
    assert (shown["crowd"], shown["vehicles"]) == (5, 2)


def test_a_new_plan_makes_frames_from_its_cameras_stale_with_the_reason(place, owner, make):
    from previs.generation.sources import stale_reasons

    save_plan(place, owner, focal=25.0)
    frame = make(place.sheet, compile_set(place), owner)
    assert stale_reasons([frame]) == {}
    save_plan(place, owner, focal=50.0)
    assert stale_reasons([frame]) == {frame.pk: ["Blockout changed: Cannery"]}


# --- what is shown ---------------------------------------------------------------------------------


def test_a_cell_shows_where_its_picture_stands(place, owner, director, producer, make, work):
    from previs.generation.sheets import pick
    from previs.review.services import decide

    variants.fill_grid(place, weather="clear", only=[NIGHT], by=owner)
    assert cells(place, owner)[NIGHT].job is not None
    work()
    drawn = cells(place, owner)[NIGHT]
    assert (drawn.words, drawn.icon, drawn.job) == ("Draft", "", None)
    pick(drawn.variant.sheet, drawn.frame, by=owner)
    assert cells(place, owner)[NIGHT].words == "In review"
    decide(drawn.frame, by=director, verdict="approved")
    assert (cells(place, owner)[NIGHT].words, cells(place, owner)[NIGHT].tone) == ("Hero v1", "ok")
    decide(drawn.frame, by=producer, verdict="changes", note="Warmer.")
    assert (cells(place, owner)[NIGHT].words, cells(place, owner)[NIGHT].tone) == ("Changes", "bad")


def test_a_failed_cell_says_so_and_is_empty_again(place, owner, work):
    describe(place, description="[fail]", by=owner)
    variants.fill_grid(place, weather="clear", only=[NIGHT], by=owner)
    work()
    cell = cells(place, owner)[NIGHT]
    assert cell.failed and cell.frame is None
    assert NIGHT in variants.empty_spots(place, "clear")


def test_the_pick_of_the_set_stands_in_the_grid_as_its_hero(place, hero, owner):
    place.sheet.refresh_from_db()
    cell = cells(place, owner)[NIGHT]
    assert (cell.hero, cell.frame, cell.words) == (True, hero, f"Hero v{hero.number}")
    assert not cells(place, owner, "snow")[Spot("night", "intact", "snow")].hero


def test_a_concept_can_be_kept_as_the_variant_its_prompt_describes(place, hero, owner, make, work):
    dusk = make(
        place.sheet, compile_set(place), owner, prompt="INT. CANNERY - DUSK. Rain outside.", pick=False
    )
    variant = variants.keep_concept(place, dusk, by=owner)
    spot = Spot("dusk", "intact", "rain")
    assert variants.spot_of(variant) == spot
    cell = cells(place, owner, "rain")[spot]
    assert (cell.frame, cell.url) == (dusk, dusk.get_absolute_url())
    assert spot not in variants.empty_spots(place, "rain")
    variants.fill_grid(place, weather="rain", only=[spot], by=owner)
    work()
    assert cells(place, owner, "rain")[spot].frame == variant.sheet.frames.get()
    with pytest.raises(SetError, match="picture of its own"):
        variants.keep_concept(place, dusk, by=owner)


def test_a_cell_that_was_made_beside_an_earlier_hero_says_so(place, hero, owner, make, work):
    spot = Spot("dusk", "intact", "clear")
    variants.fill_grid(place, weather="clear", only=[spot], by=owner)
    work()
    assert cells(place, owner)[spot].stale == ""
    make(place.sheet, compile_set(place), owner, seed=hero.provenance.seed + 100)
    place.sheet.refresh_from_db()
    assert cells(place, owner)[spot].stale == "Other seed than the hero"


def test_cells_from_another_camera_than_the_hero_are_made_again_together(
    place, owner, make, work, client_for
):
    save_plan(place, owner)
    make(place.sheet, compile_set(place, camera="A"), owner)
    spots = [Spot("dusk", "intact", "clear"), Spot("day", "ruined", "clear")]
    for spot in spots:
        variants.open_variant(place, spot, crowd=7, by=owner)
    variants.fill_grid(place, weather="clear", camera="A", crowd=None, only=spots, by=owner)
    variants.fill_grid(place, weather="snow", camera="A", only=[Spot("dusk", "intact", "snow")], by=owner)
    work()
    hero = make(place.sheet, compile_set(place, camera="B"), owner, seed=90)
    browser, url = client_for(owner), f"/p/{place.project.slug}/sets/{place.pk}/"
    assert "Make 2 again like the hero" in browser.get(url).text
    sent = {"weather": "clear"}
    answer = browser.post(f"{url}variants/match/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "again like the hero" not in answer.text
    jobs = Job.objects.filter(state="queued")
    assert {variants.spot_of(job.sheet.variant) for job in jobs} == set(spots)
    assert {job.frame_request.blockout["camera"]["id"] for job in jobs} == {"B"}
    assert {job.frame_request.seed for job in jobs} == {hero.provenance.seed}
    assert {job.frame_request.blockout["crowd"] for job in jobs} == {7}
    work()
    place.sheet.refresh_from_db()
    assert {cells(place, owner)[spot].stale for spot in spots} == {""}
    refused = browser.post(f"{url}variants/match/", sent, headers={"HX-Request": "true"})
    assert refused.status_code == 422 and "No cell of this weather" in refused.text


def test_a_cell_whose_other_take_is_picked_still_is_not_made_again_once_it_has_one_like_the_hero(
    place, owner, make, work
):
    from previs.generation.sheets import pick

    save_plan(place, owner)
    make(place.sheet, compile_set(place, camera="A"), owner)
    variants.fill_grid(
        place, weather="clear", camera="A", only=[NIGHT._replace(time_of_day="dusk")], by=owner
    )
    work()
    variant = Variant.objects.get()
    pick(variant.sheet, variant.sheet.frames.get(), by=owner)
    make(place.sheet, compile_set(place, camera="B"), owner, seed=90)
    place.sheet.refresh_from_db()
    spot = variants.spot_of(variant)
    assert grid_of(place, "clear", owner).again == [spot]
    match_hero(place, weather="clear", by=owner)
    assert grid_of(place, "clear", owner).again == []
    work()
    assert cells(place, owner)[spot].stale == "Other camera than the hero"
    assert grid_of(place, "clear", owner).again == []


def test_nothing_is_made_again_for_a_hero_whose_camera_is_gone(place, owner, make, work):
    save_plan(place, owner)
    variants.fill_grid(
        place, weather="clear", camera="A", only=[NIGHT._replace(time_of_day="dusk")], by=owner
    )
    work()
    make(place.sheet, compile_set(place, camera="B"), owner, seed=90)
    place.sheet.refresh_from_db()
    assert len(grid_of(place, "clear", owner).again) == 1
    save_plan(place, owner, cameras="AC")
    assert grid_of(place, "clear", owner).again == []
    with pytest.raises(SetError):
        match_hero(place, weather="clear", by=owner)


def test_making_cells_again_has_a_price_in_time_and_no_viewer_is_offered_it(
    place, owner, viewer, make, work, client_for
):
    save_plan(place, owner)
    make(place.sheet, compile_set(place, camera="A"), owner)
    variants.fill_grid(place, weather="clear", camera="A", by=owner)
    work()
    Job.objects.update(seconds=10.0)
    make(place.sheet, compile_set(place, camera="B"), owner, seed=90)
    place.sheet.refresh_from_db()
    grid = grid_of(place, "clear", owner)
    assert grid.again_seconds is not None and grid.again_seconds > grid.seconds
    url = f"/p/{place.project.slug}/sets/{place.pk}/"
    assert re.search(r"again like the hero</button></form><span[^>]*>about ", client_for(owner).get(url).text)
    assert "again like the hero" not in client_for(viewer).get(url).text


def test_the_whole_reason_why_a_cell_is_stale_can_be_read_however_narrow_it_is(
    place, owner, make, work, client_for
):
    save_plan(place, owner)
    variants.fill_grid(place, weather="clear", camera="A", only=[NIGHT], by=owner)
    work()
    make(place.sheet, compile_set(place, camera="B"), owner, seed=90, prompt="INT. CANNERY - DAY")
    page = client_for(owner).get(place.get_absolute_url()).text
    assert '<span class="stale" title="Other camera than the hero">' in page


def test_a_frame_of_something_else_is_no_concept_to_keep(place, owner, panel, make, client_for):
    from previs.generation.compiled import Compiled

    frame = make(panel.sheet, Compiled("INT. CANNERY - DAY"), owner)
    with pytest.raises(SetError):
        variants.keep_concept(place, frame, by=owner)
    url = f"/p/{place.project.slug}/sets/{place.pk}/variants/keep/"
    for version in ("", "x", "99", "9" * 40):
        assert client_for(owner).post(url, {"version": version}).status_code == 302
    assert not Variant.objects.exists()


def test_a_concept_is_kept_through_the_page(place, hero, owner, client_for):
    base = f"/p/{place.project.slug}/sets/{place.pk}/"
    answer = client_for(owner).post(f"{base}variants/keep/", {"version": hero.number})
    assert answer.headers["Location"] == f"{base}?weather=clear"
    assert Variant.objects.get().kept == hero


def test_the_page_asks_no_more_of_the_database_for_a_full_grid(
    place, hero, owner, work, client_for, django_assert_max_num_queries
):
    browser, url = client_for(owner), f"/p/{place.project.slug}/sets/{place.pk}/"
    with django_assert_max_num_queries(70) as empty:
        browser.get(url)
    variants.fill_grid(place, weather="clear", by=owner)
    work()
    with django_assert_max_num_queries(len(empty.captured_queries) + 8):
        browser.get(url)


def test_the_grid_costs_the_same_number_of_queries_empty_and_full(
    place, owner, work, django_assert_max_num_queries
):
    with django_assert_max_num_queries(16) as empty:
        grid_of(place, "clear", owner)
    variants.fill_grid(place, weather="clear", by=owner)
    work()
    with django_assert_max_num_queries(len(empty.captured_queries) + 6):
        grid_of(place, "clear", owner)


def test_the_price_of_the_grid_is_told_by_concepts_of_the_same_model_before_any_cell_was_made(
    place, owner, make, client_for
):
    save_plan(place, owner)
    url = f"/p/{place.project.slug}/sets/{place.pk}/"
    assert "12 empty, no estimate yet" in client_for(owner).get(url).text
    for steps in (2, 4, 8):
        make(place.sheet, compile_set(place), owner, steps=steps)
    Job.objects.update(seconds=10.0)
    grid = grid_of(place, "snow", owner)
    assert grid.seconds is not None
    assert f"{grid.empty} empty, about" in client_for(owner).get(f"{url}?weather=snow").text


def test_ids_of_cells_are_told_apart(place, owner):
    variants.add_condition(place, words="flooded to the knee", by=owner)
    ids = [cell.id for cell in cells(place, owner).values()]
    assert len(set(ids)) == len(ids) == 16
    assert all(re.fullmatch(r"[\w-]+", identity) for identity in ids)


# --- through the pages -----------------------------------------------------------------------------


def test_filling_through_the_page_answers_with_the_grid(place, client_for, director):
    url = f"/p/{place.project.slug}/sets/{place.pk}/variants/fill/"
    answer = client_for(director).post(url, {"weather": "fog", "crowd": "12"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="vc"') == 12
    assert page.count("ueued") + page.count("Next in line") == 12
    assert "0 running, 12 waiting" in page and "Engine idle" not in page
    assert {variant.crowd for variant in Variant.objects.all()} == {12}


def test_a_hero_without_a_blockout_is_told_that_cells_may_show_another_room(
    place, hero, client_for, director, viewer
):
    url = f"/p/{place.project.slug}/sets/{place.pk}/"
    link = f'href="{url}blockout/">A blockout</a> keeps all cells in the same room'
    page = client_for(director).get(url).text
    assert "may show another one than the hero" in page and link in page
    watched = client_for(viewer).get(url).text
    assert "may show another one than the hero" in watched and link not in watched
    save_plan(place, director)
    assert "may show another" not in client_for(director).get(url).text


def test_one_empty_cell_can_be_made_alone(place, client_for, director):
    url = f"/p/{place.project.slug}/sets/{place.pk}/variants/fill/"
    client_for(director).post(url, {"weather": "fog", "time_of_day": "dawn", "condition": "damaged"})
    variant = Variant.objects.get()
    assert (variant.time_of_day, variant.condition, variant.weather) == ("dawn", "damaged", "fog")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"weather": "hail"}, "no weather hail"),
        ({"weather": "clear", "crowd": "401"}, "between 0 and 400"),
        ({"weather": "clear", "vehicles": "many"}, "whole number from 0 to 60"),
        ({"weather": "clear", "camera": "Q"}, "no camera Q"),
    ],
)
def test_a_wrong_wish_is_refused_in_words_and_the_form_keeps_it(place, client_for, director, sent, words):
    url = f"/p/{place.project.slug}/sets/{place.pk}/variants/fill/"
    answer = client_for(director).post(url, sent, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    for typed in (sent.get("crowd"), sent.get("vehicles")):
        assert typed is None or f'value="{typed}"' in answer.content.decode()
    assert not Job.objects.exists()


def test_the_refusal_of_a_grid_stands_above_its_cells_where_fill_was_pressed(place, client_for, director):
    url = f"/p/{place.project.slug}/sets/{place.pk}/variants/fill/"
    sent = {"weather": "clear", "crowd": "401"}
    page = client_for(director).post(url, sent, headers={"HX-Request": "true"}).content.decode()
    assert page.index("Fill the grid") < page.index('role="alert"') < page.index("<table")


def test_the_grid_is_seen_as_its_hero_is_until_another_camera_is_asked_for(place, owner, make, client_for):
    save_plan(place, owner)
    make(place.sheet, compile_set(place, camera="B"), owner)
    page = f"/p/{place.project.slug}/sets/{place.pk}/"
    assert client_for(owner).get(page).context["grid_camera"] == "B"
    assert client_for(owner).get(page, {"camera": "A"}).context["grid_camera"] == "A"
    variant = variants.open_variant(place, NIGHT, by=owner).sheet.path
    assert client_for(owner).get(variant).context["camera"] == "B"
    assert client_for(owner).get(variant, {"camera": "A"}).context["camera"] == "A"
    save_plan(place, owner, cameras="AC")
    assert client_for(owner).get(page).context["grid_camera"] == "A", "B is gone"


def test_a_concept_says_from_which_camera_it_was_seen(place, owner, make, client_for):
    make(place.sheet, compile_set(place), owner)
    save_plan(place, owner)
    make(place.sheet, compile_set(place, camera="B"), owner)
    answer = client_for(owner).get(f"/p/{place.project.slug}/sets/{place.pk}/")
    assert [concept.camera for concept in answer.context["concepts"]] == ["B", ""]
    assert answer.content.decode().count("Camera B, seed 7") == 1


def test_a_new_pick_tells_open_pages_how_many_cells_are_empty_now(place, hero, owner):
    from sets.cards import card_html

    words = f'id="{dom_id(place, "empty")}-clear">11 empty'
    assert words in card_html(place.sheet, owner)


def test_a_variant_has_a_page_for_the_crew_where_editors_ask_for_more(place, owner, people, client_for):
    variant = variants.open_variant(place, NIGHT, by=owner)
    url = variant.sheet.path
    read = crew_answers(client_for, people, lambda browser: browser.get(url))
    assert read == {"nobody": 302, "stranger": 404, "viewer": 200, "director": 200}
    for name, may in (("viewer", False), ("director", True)):
        assert ("Save numbers" in client_for(people[name]).get(url).content.decode()) is may
    for path in ("edit/", "generate/"):
        sent = crew_answers(
            client_for, people, lambda browser, path=path: browser.post(url + path, {"crowd": "9"})
        )
        assert {name: sent[name] for name in ("nobody", "stranger", "viewer")} == {
            "nobody": 302,
            "stranger": 404,
            "viewer": 403,
        }
    variant.refresh_from_db()
    assert variant.crowd == 9


def test_a_variant_of_another_set_is_not_found_under_this_one(place, owner, client_for, add_scene):
    from sets.services import make_missing_sets

    add_scene("14", "INT. OFFICE - DAY")
    make_missing_sets(place.project, owner)
    office = place.project.sets.get(key="office")
    variant = variants.open_variant(place, NIGHT, by=owner)
    slug = place.project.slug
    assert client_for(owner).get(f"/p/{slug}/sets/{office.pk}/variants/{variant.pk}/").status_code == 404


def test_a_takes_generation_on_a_variant_lands_on_its_own_sheet(place, owner, client_for, work):
    variant = variants.open_variant(place, NIGHT, by=owner)
    sent = {"prompt": "The line at night", "model": "scripted", "takes": "2", "seed": "5"}
    answer = client_for(owner).post(f"{variant.sheet.path}generate/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    work()
    assert variant.sheet.frames.count() == 2


def test_the_socket_draws_the_cell_and_the_card_of_a_variant(place, owner, work):
    from sets.cards import card_html, variant_html

    variants.fill_grid(place, weather="clear", only=[NIGHT], by=owner)
    variant = Variant.objects.get()
    assert f'id="cell-{place.pk}-{NIGHT.slug}"' in variant_html(variant.sheet, owner)
    work()
    drawn = variant_html(variant.sheet, owner)
    assert "/thumb" in drawn and f'id="variant-{variant.pk}-card"' in drawn
    assert variant_html(place.sheet, owner) == ""
    roots = [f'id="set-{place.pk}-{part}"' for part in ("card", "hero", "palette", "effect")]
    whole = card_html(place.sheet, owner)
    assert all(root in whole for root in roots)
