"""If a set changes: what hangs on it, what becomes stale, and making that again."""

from __future__ import annotations

import pytest

from previs.generation.sources import stale_reasons
from sets import effects
from sets.models import Remake
from sets.recipe import compile_set
from sets.services import SetError, describe
from tests.sets.conftest import keep, save_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def shot(panel, hero, owner, make):
    """A picked storyboard frame that was made from the set with its first hero."""
    from previs.storyboard.recipe import compile_panel

    panel.refresh_from_db()
    return make(
        panel.sheet, compile_panel(panel), owner, seed=41, steps=9, guidance=2.5, negative_prompt="rain"
    )


@pytest.fixture
def new_hero(place, shot, owner, make):
    """Another pick, made after `shot`."""
    return make(place.sheet, compile_set(place), owner, seed=8)


def fresh(place):
    return type(place).objects.select_related("project", "sheet__project", "sheet__pick").get(pk=place.pk)


def test_before_a_change_the_effect_counts_frames_picks_and_approvals(place, shot, director):
    from previs.review.services import decide

    decide(shot, by=director, verdict="approved")
    effect = effects.effect_of(fresh(place))
    assert (effect.frames, effect.picks, effect.approved, effect.stale) == (1, [shot], 1, [])


def test_the_price_is_the_measured_time_of_such_frames_and_unknown_before_three(
    place, shot, owner, make, panel
):
    from previs.generation.models import Job
    from previs.storyboard.recipe import compile_panel

    assert effects.effect_of(fresh(place)).seconds is None
    for seed in (1, 2):
        make(panel.sheet, compile_panel(panel), owner, seed=seed, steps=9, guidance=2.5, pick=False)
    Job.objects.filter(batch_key=shot.job.batch_key).update(seconds=4.0)
    assert effects.effect_of(fresh(place)).seconds == 4.0


def test_a_new_hero_makes_the_frames_that_used_the_old_one_stale_with_the_reason(place, shot, new_hero):
    assert stale_reasons([shot]) == {shot.pk: [f"Set changed: Cannery is now v{new_hero.number}"]}
    effect = effects.effect_of(fresh(place))
    assert (effect.frames, effect.stale, effect.to_ask) == (0, [shot], 1)


def test_an_open_board_hears_that_a_set_changed(place, shot, new_hero, viewer):
    from previs.events import SheetChanged
    from previs.live import fragments

    told = fragments([SheetChanged(str(place.project_id), str(place.sheet_id))], viewer)
    card = next(piece for piece in told if f"Set changed: Cannery is now v{new_hero.number}" in piece)
    assert f"-{shot.sheet_id}-" in card or str(shot.pk) in card
    assert sum('id="engine-meter"' in piece for piece in told) == 1


def test_re_rendering_asks_for_the_same_seed_camera_and_controls_with_the_set_as_it_is_now(
    place, shot, new_hero, owner
):
    remake = effects.remake_stale(place, by=owner)[0]
    before, after = shot.job.frame_request, remake.job.frame_request
    assert after == before, "nothing of the request changes when only the hero did"
    assert (remake.old, remake.job.sheet) == (shot, shot.sheet)
    sources = {source.kind: source.digest for source in remake.job.sources.all()}
    assert sources["set"] == fresh(place).digest
    assert sources["scene"] == shot.job.sources.get(kind="scene").digest


def test_a_re_rendered_frame_is_fresh_and_replaces_nothing_by_itself(place, shot, new_hero, owner, work):
    remake = effects.remake_stale(place, by=owner)[0]
    work()
    remake.job.refresh_from_db()
    shot.sheet.refresh_from_db()
    assert stale_reasons([remake.job.frame]) == {}
    assert shot.sheet.pick_id == shot.pk


def test_nobody_asks_twice_for_the_same_frame(place, shot, new_hero, owner, work):
    effects.remake_stale(place, by=owner)
    with pytest.raises(SetError, match="Nothing here is stale"):
        effects.remake_stale(place, by=owner)
    work()
    with pytest.raises(SetError):
        effects.remake_stale(place, by=owner)
    assert Remake.objects.count() == 1
    assert effects.effect_of(fresh(place)).asked == 1


def test_after_another_change_it_can_be_asked_for_again(place, shot, new_hero, owner, work):
    effects.remake_stale(place, by=owner)
    work()
    describe(fresh(place), description="All glass.", by=owner)
    assert len(effects.remake_stale(place, by=owner)) == 1


def test_a_cancelled_remake_can_be_asked_for_again(place, shot, new_hero, owner):
    from previs.generation.services import cancel

    cancel(effects.remake_stale(place, by=owner)[0].job, by=owner)
    assert len(effects.remake_stale(place, by=owner)) == 1


def test_new_design_words_replace_the_old_ones_in_the_prompt_and_leave_the_rest(place, panel, owner, make):
    from previs.generation.compiled import Compiled
    from previs.storyboard.recipe import compile_panel

    describe(place, description="Wet concrete.", by=owner)
    compiled = compile_panel(panel)
    edited = Compiled(compiled.prompt + " One lamp swings.", compiled.sources)
    frame = make(panel.sheet, edited, owner)
    describe(fresh(place), description="Dry boards.", by=owner)
    prompt = effects.remake_stale(place, by=owner)[0].job.frame_request.prompt
    assert prompt == frame.job.frame_request.prompt.replace("Wet concrete.", "Dry boards.")
    assert prompt.endswith("One lamp swings.")


@pytest.mark.parametrize(
    ("prompt", "before", "now", "after"),
    [
        ("A room. Old.", "Old.", "New.", "A room. New."),
        ("A room. Old. Cold.", "Old.", "", "A room. Cold."),
        ("A room.", "", "New.", "A room. New."),
        ("A room. New.", "", "New.", "A room. New."),
        ("My own words.", "Old.", "New.", "My own words."),
        ("A room. Old.", None, "New.", "A room. Old."),
    ],
)
def test_a_prompt_is_renewed_only_where_it_has_the_words_of_the_set(prompt, before, now, after):
    assert effects.renewed_prompt(prompt, before=before, now=now) == after


def test_a_new_plan_goes_into_the_blockout_of_what_is_made_again(place, owner, make):
    save_plan(place, owner, focal=25.0)
    frame = make(place.sheet, compile_set(place, camera="B"), owner)
    plan = save_plan(place, owner, focal=50.0)
    job = effects.remake_stale(fresh(place), by=owner)[0].job
    source = job.sources.get(kind="plan")
    assert (source.ref, source.digest) == (f"{place.pk}:B", plan.digest_from("B"))
    assert frame.job.frame_request.blockout["camera"]["focal_mm"] == 25.0
    assert job.frame_request.blockout["plan"] == plan.document
    assert job.frame_request.blockout["camera"]["id"] == "B"
    assert job.frame_request.blockout["camera"]["focal_mm"] == 50.0


def test_variants_follow_the_words_of_the_set_and_not_its_pick(place, owner, make, work):
    from previs.generation.sheets import pick
    from sets.variants import Spot, fill_grid

    job = fill_grid(place, weather="snow", only=[Spot("day", "intact", "snow")], by=owner)[0]
    work()
    job.refresh_from_db()
    pick(job.sheet, job.frame, by=owner)
    make(place.sheet, compile_set(place), owner)
    assert stale_reasons([job.frame]) == {}
    describe(fresh(place), description="All glass.", by=owner)
    assert stale_reasons([job.frame]) == {job.frame.pk: ["Set changed: Cannery"]}
    assert "All glass." in effects.remake_stale(place, by=owner)[0].job.frame_request.prompt


def test_a_withdrawn_frame_is_not_made_again(place, shot, new_hero, owner):
    from previs.generation.models import Frame

    Frame.objects.filter(pk=shot.pk).update(state="withdrawn")
    with pytest.raises(SetError):
        effects.remake_stale(place, by=owner)


def test_old_stands_beside_new_and_the_new_one_can_be_chosen(
    place, shot, new_hero, client_for, director, work
):
    base = f"/p/{place.project.slug}/sets/{place.pk}/remakes/"
    browser = client_for(director)
    assert shot.sheet.title in browser.get(base).content.decode()
    browser.post(f"{base}ask/")
    remake = Remake.objects.get()
    assert 'aria-busy="true"' in browser.get(f"{base}{remake.pk}/").content.decode()
    work()
    new = Remake.objects.get().job.frame
    page = browser.get(base).content.decode()
    assert f"Old, v{shot.number}" in page and f"New, v{new.number}" in page
    assert f"Set changed: Cannery is now v{new_hero.number}" in page
    from previs.generation.sheets import pick

    pick(shot.sheet, new, by=director)
    assert f"New, v{new.number}, the pick" in browser.get(f"{base}{remake.pk}/").content.decode()


def test_a_pair_that_a_newer_hero_has_passed_is_marked_and_no_longer_offers_its_new_frame(
    place, shot, new_hero, owner, make, client_for, director, work
):
    effects.remake_stale(fresh(place), by=owner)
    work()
    base, browser = f"/p/{place.project.slug}/sets/{place.pk}/remakes/", client_for(director)
    assert "Use the new one" in browser.get(base).text and "superseded" not in browser.get(base).text
    newest = make(place.sheet, compile_set(place), owner, seed=9)
    page = browser.get(base).text
    assert "Use the new one" not in page and ", superseded" in page
    # The old frame's reason and the new one's are the same by now.
    assert page.count(f"<span>Set changed: Cannery is now v{newest.number}</span>") >= 2
    effects.remake_stale(fresh(place), by=owner)
    work()
    assert browser.get(base).text.count("Use the new one") == 1


def test_a_pair_says_when_the_new_frame_is_the_same_picture(
    place, shot, new_hero, owner, client_for, director, work
):
    from previs.generation.models import Provenance

    remake = effects.remake_stale(fresh(place), by=owner)[0]
    work()
    base, browser = f"/p/{place.project.slug}/sets/{place.pk}/remakes/", client_for(director)
    drawn = dict(Provenance.objects.values_list("frame_id", "pixels_sha256"))
    remake.job.refresh_from_db()
    assert ("The same picture:" in browser.get(base).text) == (drawn[shot.pk] == drawn[remake.job.frame.pk])
    for pixels, same in ((drawn[shot.pk], True), ("0" * 64, False)):
        Provenance.objects.filter(frame=remake.job.frame).update(pixels_sha256=pixels)
        assert ("The same picture:" in browser.get(base).text) is same


def test_a_form_that_came_over_the_socket_is_sent_by_htmx_and_moves_the_browser_on(
    place, shot, new_hero, client_for, director
):
    from sets.cards import card_html

    ask = f"/p/{place.project.slug}/sets/{place.pk}/remakes/ask/"
    assert f'hx-post="{ask}"' in card_html(place.sheet, director)
    answer = client_for(director).post(ask, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == ask.removesuffix("ask/")


def test_the_page_of_the_set_says_what_a_change_would_cost(place, shot, client_for, viewer):
    page = client_for(viewer).get(f"/p/{place.project.slug}/sets/{place.pk}/").content.decode()
    assert "1 frame uses it" in page
    assert "Re-render 1 panel with the same seed and camera: no estimate yet" in page
    assert "/ask/" not in page


def test_viewers_see_pairs_and_ask_for_none(place, shot, new_hero, people, client_for):
    from tests.sets.conftest import crew_answers

    base = f"/p/{place.project.slug}/sets/{place.pk}/remakes/"
    assert crew_answers(client_for, people, lambda browser: browser.get(base)) == {
        "nobody": 302,
        "stranger": 404,
        "viewer": 200,
        "director": 200,
    }
    assert crew_answers(client_for, people, lambda browser: browser.post(f"{base}ask/")) == {
        "nobody": 302,
        "stranger": 404,
        "viewer": 403,
        "director": 302,
    }


def test_another_camera_or_its_move_leaves_what_was_seen_from_the_first_current(place, owner, make):
    """A warning for every camera that is added would teach people to look away from it."""
    from previs.generation.sources import stale_reasons

    before = save_plan(place, owner, focal=25.0)
    frame = make(place.sheet, compile_set(place, camera="B"), owner)
    document = before.document
    cameras = [*document["cameras"], {**document["cameras"][0], "id": "C", "x": 1.0}]
    keep(place, owner, document | {"cameras": cameras})
    assert stale_reasons([frame]) == {} and effects.effect_of(fresh(place)).stale == []
    cameras[0] = {**cameras[0], "pan": 33.0}
    keep(place, owner, document | {"cameras": cameras})
    assert stale_reasons([frame]) == {}
    keep(place, owner, document | {"cameras": cameras, "ceiling": 9.0})
    assert "Blockout changed" in stale_reasons([frame])[frame.pk][0]


def test_a_camera_that_is_moved_or_taken_away_makes_its_frames_stale(place, owner, make):
    from previs.generation.sources import stale_reasons

    document = save_plan(place, owner, focal=25.0).document
    frame = make(place.sheet, compile_set(place, camera="B"), owner)
    only_a = [camera for camera in document["cameras"] if camera["id"] != "B"]
    keep(place, owner, document | {"cameras": only_a})
    assert "Blockout changed" in stale_reasons([frame])[frame.pk][0]
