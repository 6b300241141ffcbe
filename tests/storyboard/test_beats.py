"""VFX shots: a list of beats, queued together with one seed, played as a strip."""

from __future__ import annotations

import pytest

from previs.audit.models import AuditEntry
from previs.generation.models import Job
from previs.generation.services import GenerationRefused
from previs.generation.sources import stale_reasons
from previs.storyboard.beats import (
    add_beat,
    beat_card_html,
    edit_beat,
    move_beat,
    queue_beats,
    remove_beat,
    start_beats,
)
from previs.storyboard.models import Beat
from previs.storyboard.sequences import strip_cards
from previs.storyboard.services import BoardError
from tests.storyboard.test_camera import fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def shot(two_panels, look, director):
    """12A looks through camera A and holds the beats of a collapse."""
    look(two_panels[0], "A")
    shot = two_panels[0].shot
    shot.vfx = True
    shot.save(update_fields=["vfx"])
    start_beats(shot, by=director)
    return shot


def names(shot) -> list[str]:
    return list(shot.beats.values_list("name", flat=True))


def test_flagging_a_shot_gives_it_the_beats_of_a_collapse(two_panels, director, client_for) -> None:
    panel = two_panels[0]
    answer = client_for(director).post(
        f"/p/the-salt-road/panel/{panel.pk}/edit/", fields(panel, vfx="on"), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert names(panel.shot) == ["Before", "Crack", "Collapse", "Dust", "After"]
    # The strip comes along with the answer.
    assert "Queue all beats" in answer.content.decode()


def test_flagging_again_keeps_the_list_that_was_written(shot, director, client_for) -> None:
    remove_beat(shot.beats.get(name="Dust"), by=director)
    panel = shot.panels.get()
    for flag in ({}, {"vfx": "on"}):
        client_for(director).post(f"/p/the-salt-road/panel/{panel.pk}/edit/", fields(panel, **flag))
    assert names(shot) == ["Before", "Crack", "Collapse", "After"]


def test_one_click_queues_every_beat_with_one_seed_from_one_camera(shot, director, client_for) -> None:
    answer = client_for(director).post(
        f"/p/the-salt-road/shot/{shot.pk}/beats/queue/", {"seed": ""}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "5 queued" in answer.content.decode()
    requests = [job.frame_request for job in Job.objects.order_by("created_at")]
    assert len(requests) == 5
    assert len({request.seed for request in requests}) == 1
    states = [(request.blockout["damage"], request.blockout["weather"]) for request in requests]
    assert states == [
        ("intact", "clear"), ("damaged", "clear"), ("ruined", "ash"), ("ruined", "fog"), ("ruined", "clear"),
    ]  # fmt: skip
    rest = [{**request.blockout, "damage": "", "weather": ""} for request in requests]
    assert all(one == rest[0] for one in rest)
    assert rest[0]["camera"]["id"] == "A"


def test_all_beats_agree_in_everything_a_batch_asks_for(shot, director) -> None:
    queue_beats(shot, by=director)
    assert len(set(Job.objects.values_list("batch_key", flat=True))) == 1


def test_a_refused_beat_leaves_none_queued(shot, director) -> None:
    Beat.objects.filter(shot=shot, name="After").update(name="x" * 80)
    panel = shot.panels.get()
    panel.brief = "word " * 790
    panel.save(update_fields=["brief"])
    with pytest.raises(GenerationRefused, match="the limit is 4,000"):
        queue_beats(shot, by=director, seed=5)
    assert not Job.objects.exists()
    assert not AuditEntry.objects.filter(verb__in=["generate", "queue_beats"]).exists()
    shot.refresh_from_db()
    assert shot.beat_seed is None


def test_without_a_camera_nothing_is_queued_and_the_words_say_what_to_choose(
    two_panels, director, client_for
) -> None:
    shot = two_panels[0].shot
    start_beats(shot, by=director)
    answer = client_for(director).post(
        f"/p/the-salt-road/shot/{shot.pk}/beats/queue/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "Choose a camera for 12A.1 first" in answer.content.decode()
    assert not Job.objects.exists()


def test_one_beat_is_made_again_with_the_seed_of_the_others(shot, director) -> None:
    queue_beats(shot, by=director, seed=77)
    (job,) = queue_beats(shot, by=director, only=shot.beats.get(name="Dust"))
    assert job.frame_request.seed == 77
    assert job.sheet.kind == "beat"


def test_a_seed_that_is_none_is_refused_in_words(shot, director, client_for) -> None:
    answer = client_for(director).post(
        f"/p/the-salt-road/shot/{shot.pk}/beats/queue/", {"seed": "-3"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "The seed must be 0 or more" in answer.content.decode()
    assert not Job.objects.exists()


def test_beats_play_their_newest_frame_and_hold_it_as_long_as_they_say(
    shot, director, work, client_for
) -> None:
    beat = shot.beats.first()
    edit_beat(beat, name=beat.name, damage=beat.damage, weather=beat.weather, frames=40, by=director)
    queue_beats(shot, by=director, seed=3)
    work()
    queue_beats(shot, by=director, only=beat)
    work()
    rows = list(shot.beats.select_related("sheet__project", "sheet__pick"))
    cards = strip_cards([(row, row.frames) for row in rows], director)
    assert [card.hold for card in cards] == [40, 24, 24, 24, 24]
    assert [card.frame.number for card in cards] == [2, 1, 1, 1, 1]
    assert not any(card.stale for card in cards)
    page = client_for(director).get("/p/the-salt-road/scene/12/").content.decode()
    assert 'data-hold="40"' in page and f'data-src="{cards[0].frame.thumb_url}"' in page
    assert 'data-fps="24"' in page


def test_editing_a_beat_makes_its_frame_stale_but_holding_it_longer_does_not(shot, director, work) -> None:
    queue_beats(shot, by=director)
    work()
    beat = shot.beats.get(name="Crack")
    frame = beat.sheet.frames.get()
    edit_beat(beat, name="Crack", damage="damaged", weather="clear", frames=99, by=director)
    assert stale_reasons([frame]) == {}
    edit_beat(beat, name="Crack", damage="damaged", weather="storm", frames=99, by=director)
    assert stale_reasons([frame]) == {frame.pk: ["Beat changed: Crack"]}


def test_the_card_over_the_socket_is_the_card_of_the_page(shot, director, work, client_for) -> None:
    queue_beats(shot, by=director)
    beat = shot.beats.first()
    page = client_for(director).get("/p/the-salt-road/scene/12/").content.decode()
    assert beat_card_html(beat.sheet, director).strip() in page
    work()
    beat.sheet.refresh_from_db()
    page = client_for(director).get("/p/the-salt-road/scene/12/").content.decode()
    assert beat_card_html(beat.sheet, director).strip() in page


def test_beats_are_added_edited_reordered_and_removed(shot, director) -> None:
    added = add_beat(shot, by=director)
    assert (added.damage, added.weather) == ("ruined", "clear")
    edit_beat(added, name="Silence", damage="ruined", weather="snow", frames=12, by=director)
    assert move_beat(added, later=False, by=director)
    assert names(shot) == ["Before", "Crack", "Collapse", "Dust", "Silence", "After"]
    assert not move_beat(shot.beats.first(), later=False, by=director)
    remove_beat(shot.beats.get(name="Crack"), by=director)
    assert names(shot) == ["Before", "Collapse", "Dust", "Silence", "After"]
    assert list(shot.beats.values_list("ordinal", flat=True)) == [1, 2, 3, 4, 5]
    added.refresh_from_db()
    assert added.sheet.title == "12A, Silence"


def test_a_removed_beat_leaves_its_frames(shot, director, work) -> None:
    queue_beats(shot, by=director)
    work()
    beat = shot.beats.get(name="Dust")
    frame = beat.sheet.frames.get()
    remove_beat(beat, by=director)
    frame.refresh_from_db()
    assert frame.sheet.title == "12A, Dust"
    assert stale_reasons([frame]) == {frame.pk: ["Beat Dust is gone"]}


def test_a_beat_that_says_nothing_is_refused_and_keeps_what_was_typed(shot, director, client_for) -> None:
    beat = shot.beats.first()
    answer = client_for(director).post(
        f"/p/the-salt-road/beat/{beat.pk}/edit/",
        {"name": " ", "damage": "ruined", "weather": "clear", "frames": "0"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Say what happens in this beat." in text and "Hold a beat for 1 to" in text
    beat.refresh_from_db()
    assert (beat.name, beat.damage) == ("Before", "intact")


def test_a_shot_holds_so_many_beats_and_no_more(shot, director) -> None:
    for _ in range(19):
        add_beat(shot, by=director)
    with pytest.raises(BoardError, match="at most 24 beats"):
        add_beat(shot, by=director)


def test_the_last_panel_of_a_shot_stays_while_its_beats_have_frames(shot, director, work) -> None:
    from previs.storyboard.services import remove_panel

    queue_beats(shot, by=director)
    work()
    with pytest.raises(BoardError, match="has frames"):
        remove_panel(shot.panels.get(), by=director)


def test_every_address_of_beats_asks_for_an_editing_role(shot, viewer, stranger, client_for) -> None:
    beat = shot.beats.first()
    urls = [f"/p/the-salt-road/shot/{shot.pk}/{end}/" for end in ("beat", "beats/queue")]
    urls += [f"/p/the-salt-road/beat/{beat.pk}/{end}/" for end in ("edit", "place", "remove", "queue")]
    for url in urls:
        assert client_for(viewer).post(url).status_code == 403, url
        assert client_for(stranger).post(url).status_code == 404, url
    assert not Job.objects.exists() and len(names(shot)) == 5
