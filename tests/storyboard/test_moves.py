"""A camera move between two positions of the plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

from previs.generation.models import Job, Sheet
from previs.generation.sources import stale_reasons
from previs.storyboard.models import CameraMove
from previs.storyboard.moves import move_card_html, queue_move
from previs.storyboard.sequences import holds
from previs.storyboard.services import BoardError
from tests.storyboard.conftest import document

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(two_panels):
    return two_panels[0]


def test_a_move_queues_its_positions_with_one_seed_in_order(panel, director, client_for) -> None:
    answer = client_for(director).post(
        f"/p/the-salt-road/panel/{panel.pk}/move/",
        {"start": "A", "end": "B", "count": "5", "seed": "11"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200, answer.content.decode()
    assert "5 queued" in answer.content.decode()
    requests = [job.frame_request for job in Job.objects.order_by("created_at")]
    assert {request.seed for request in requests} == {11}
    across = [request.blockout["camera"]["x"] for request in requests]
    assert across == sorted(across)
    assert (across[0], across[-1]) == (-2.0, 2.0)
    assert len({job.batch_key for job in Job.objects.all()}) == 1
    rest = [{**request.blockout, "camera": None} for request in requests]
    assert all(one == rest[0] for one in rest)
    panel.refresh_from_db()
    assert panel.camera == "A"


def test_what_was_queued_is_told_no_longer_than_a_picture_of_it_is_busy(panel, director, client_for) -> None:
    answer = client_for(director).post(
        f"/p/the-salt-road/panel/{panel.pk}/move/",
        {"start": "A", "end": "B", "count": "3"},
        headers={"HX-Request": "true"},
    )
    assert 'class="st ok while-busy"' in answer.text and answer.text.count('aria-busy="true"') == 3
    styles = Path(find("css/sequence.css") or "").read_text()
    assert ':not(:has([aria-busy="true"])) .while-busy { display: none; }' in styles


def test_the_engine_does_not_look_idle_beside_a_move_that_was_just_queued(
    panel, director, client_for
) -> None:
    browser, asked = client_for(director), {"start": "A", "end": "B", "count": "5"}
    url = f"/p/the-salt-road/panel/{panel.pk}/move/"
    answer = browser.post(url, asked, headers={"HX-Request": "true"}).text
    assert 'id="engine-meter" hx-swap-oob="true"' in answer
    assert "0 running, 5 waiting" in answer and "Engine idle" not in answer


def test_each_picture_of_a_move_has_a_sheet_of_its_own(panel, director) -> None:
    queue_move(panel, start="A", end="B", count=4, by=director)
    sheets = Sheet.objects.filter(kind="move").order_by("created_at")
    assert [sheet.title for sheet in sheets] == [f"12A.1, move {number}" for number in (1, 2, 3, 4)]


def test_queueing_again_keeps_the_seed_and_adds_versions(panel, director, work) -> None:
    queue_move(panel, start="A", end="B", count=3, by=director)
    seed = CameraMove.objects.get().seed
    work()
    panel.refresh_from_db()
    jobs = queue_move(panel, start="A", end="B", count=3, by=director)
    work()
    assert {job.frame_request.seed for job in jobs} == {seed}
    assert [sheet.frames.count() for sheet in Sheet.objects.filter(kind="move")] == [2, 2, 2]


def test_a_shorter_move_leaves_the_frames_of_the_longer_one(panel, director, work, client_for) -> None:
    queue_move(panel, start="A", end="B", count=4, by=director)
    work()
    panel.refresh_from_db()
    queue_move(panel, start="A", end="B", count=2, by=director)
    sheets = list(Sheet.objects.filter(kind="move").order_by("created_at"))
    assert [sheet.frames.count() for sheet in sheets] == [1, 1, 1, 1]
    assert move_card_html(sheets[3], director) == ""
    page = client_for(director).get(f"/p/the-salt-road/scene/12/?panel={panel.pk}").content.decode()
    assert move_card_html(sheets[1], director).strip() in page


def test_moving_a_camera_of_the_plan_makes_the_pictures_stale(panel, director, work, save_plan) -> None:
    queue_move(panel, start="A", end="B", count=2, by=director)
    work()
    frame = Sheet.objects.filter(kind="move").first().frames.get()
    assert stale_reasons([frame]) == {}
    more = [*document()["cameras"], {"id": "Q", "x": 0, "y": 1.5, "z": 5}]
    save_plan(cameras=more)
    assert stale_reasons([frame]) == {}, "a camera that the move does not use changes nothing"
    save_plan(ceiling=3.1)
    assert stale_reasons([frame]) == {frame.pk: ["Camera move or blockout changed"]}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"start": "A", "end": "A", "count": 3}, "two different cameras"),
        ({"start": "A", "end": "Q", "count": 3}, "Camera Q is not in the plan of Cannery"),
        ({"start": "A", "end": "B", "count": 1}, "2 to 48 pictures"),
        ({"start": "A", "end": "B", "count": 49}, "2 to 48 pictures"),
    ],
)
def test_a_move_that_goes_nowhere_is_refused_before_anything_is_stored(panel, director, asked, words) -> None:
    with pytest.raises(BoardError, match=words):
        queue_move(panel, by=director, **asked)
    assert not CameraMove.objects.exists() and not Job.objects.exists()


def test_a_plan_with_one_camera_has_no_moves(panel, director, save_plan) -> None:
    save_plan(cameras=[{"id": "A", "x": 0, "y": 1.5, "z": 4}])
    with pytest.raises(BoardError, match="Place two cameras"):
        queue_move(panel, start="A", end="B", count=3, by=director)


def test_a_wrong_form_keeps_what_was_typed(panel, director, client_for) -> None:
    answer = client_for(director).post(
        f"/p/the-salt-road/panel/{panel.pk}/move/",
        {"start": "A", "end": "B", "count": "many", "seed": "12"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Say how many pictures, 2 to 48." in text
    assert 'value="many"' in text and 'value="12"' in text


def test_the_pictures_share_out_the_frames_of_the_panel() -> None:
    assert holds(48, 5) == [10, 9, 10, 9, 10]
    assert sum(holds(101, 7)) == 101
    assert holds(3, 8) == [1] * 8
    assert holds(24, 0) == []


def test_a_move_asks_for_an_editing_role(panel, viewer, stranger, client_for) -> None:
    url = f"/p/the-salt-road/panel/{panel.pk}/move/"
    asked = {"start": "A", "end": "B", "count": "3"}
    assert client_for(viewer).post(url, asked).status_code == 403
    assert client_for(stranger).post(url, asked).status_code == 404
    assert not Job.objects.exists()
