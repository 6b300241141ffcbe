"""The lint in the inspector: found on a real board, cured by another camera, waived with a reason."""

from __future__ import annotations

import pytest

from previs.audit.models import AuditEntry
from previs.storyboard.cards import panels_of
from previs.storyboard.continuity import check, waive, withdraw
from previs.storyboard.models import Waiver
from previs.storyboard.services import BoardError, add_panel
from previs.storyboard.setting import setting_of
from tests.storyboard.conftest import document

pytestmark = pytest.mark.django_db


def checks(panel):
    return check(panel, panels_of(panel.shot.scene), setting_of(panel.shot.scene))


def open_codes(panel) -> list[str]:
    return [one.finding.code for one in checks(panel).open]


@pytest.fixture
def crossed(two_panels, look):
    """12A.1 from A, 12B.1 from across the line."""
    look(two_panels[0], "A")
    look(two_panels[1], "X")
    return two_panels[1]


def test_a_crossed_line_is_shown_in_the_inspector_with_its_plan(crossed, director, client_for) -> None:
    page = client_for(director).get(f"/p/the-salt-road/scene/12/?panel={crossed.pk}").content.decode()
    assert "The camera has crossed the line between Mara and Elias." in page
    assert "1 warning" in page
    assert '<svg class="lint-plan"' in page
    assert "Use camera B" in page


def test_a_still_shot_that_changes_sides_between_its_panels_is_told_and_a_moving_one_is_not(
    two_panels, look, director
) -> None:
    first = two_panels[0]
    second = add_panel(first, by=director)
    look(first, "A")
    look(second, "X")
    assert open_codes(second) == ["line_crossed"]
    first.shot.move = "dolly"
    first.shot.save()
    assert open_codes(second) == []


def test_the_mirror_image_of_the_setup_is_clean(two_panels, look, director, client_for) -> None:
    look(two_panels[0], "A")
    look(two_panels[1], "B")
    assert open_codes(two_panels[1]) == []
    page = client_for(director).get(f"/p/the-salt-road/scene/12/?panel={two_panels[1].pk}").content.decode()
    assert "crossed" not in page
    assert "Clean" in page


def test_a_panel_without_a_camera_is_not_judged(two_panels, director, client_for) -> None:
    assert not checks(two_panels[0]).looks
    page = client_for(director).get(f"/p/the-salt-road/scene/12/?panel={two_panels[0].pk}").content.decode()
    assert "Choose a camera of the plan" in page


def test_the_offered_camera_cures_the_finding(crossed, director, client_for) -> None:
    (found,) = checks(crossed).open
    assert found.cures == ["B"]
    answer = client_for(director).post(
        f"/p/the-salt-road/panel/{crossed.pk}/camera/", {"camera": "B"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "Clean" in answer.content.decode()
    crossed.refresh_from_db()
    assert crossed.camera == "B"
    assert open_codes(crossed) == []


def test_a_camera_that_is_not_in_the_plan_is_refused_in_words(crossed, director, client_for) -> None:
    answer = client_for(director).post(
        f"/p/the-salt-road/panel/{crossed.pk}/camera/", {"camera": "Q"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "Camera Q is not in the plan of Cannery" in answer.content.decode()
    crossed.refresh_from_db()
    assert crossed.camera == "X"


def test_a_finding_is_waived_with_a_reason_who_and_when(crossed, director, client_for) -> None:
    (found,) = checks(crossed).open
    answer = client_for(director).post(
        f"/p/the-salt-road/panel/{crossed.pk}/waive/",
        {"digest": found.finding.digest, "reason": "She turns on him: the jump is meant."},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "Waived by Dario Duran" in answer.content.decode()
    waiver = Waiver.objects.get()
    assert (waiver.code, waiver.waived_by) == ("line_crossed", director)
    assert waiver.reason == "She turns on him: the jump is meant."
    entry = AuditEntry.objects.get(verb="waive_finding")
    assert entry.actor == director
    assert entry.payload.body["code"] == "line_crossed"
    assert checks(crossed).warnings == 0


def test_the_head_of_the_board_loses_a_waived_cut_and_gets_it_back_with_the_answer(
    crossed, director, client_for
) -> None:
    browser = client_for(director)
    assert "1 cut breaks direction" in browser.get(crossed.sheet.path).text
    (found,) = checks(crossed).open
    answer = browser.post(
        f"/p/the-salt-road/panel/{crossed.pk}/waive/",
        {"digest": found.finding.digest, "reason": "She turns on him: it is meant."},
        headers={"HX-Request": "true"},
    ).text
    count = f'<span class="cuts" id="scene-{crossed.shot.scene_id}-troubled" hx-swap-oob="true" data-live>'
    assert f"{count}</span>" in answer
    again = browser.post(
        f"/p/the-salt-road/waiver/{Waiver.objects.get().pk}/withdraw/", headers={"HX-Request": "true"}
    ).text
    assert count in again and "1 cut breaks direction" in again
    # Another camera clears it too, and the whole page has the count once.
    cured = browser.post(
        f"/p/the-salt-road/panel/{crossed.pk}/camera/", {"camera": "B"}, headers={"HX-Request": "true"}
    ).text
    assert f"{count}</span>" in cured
    assert browser.get(crossed.sheet.path).text.count("-troubled") == 1


def test_other_open_boards_hear_how_many_cuts_break_direction(crossed, director) -> None:
    from previs.events import SceneChanged
    from previs.live import fragments

    scene = crossed.shot.scene
    pieces = "".join(fragments([SceneChanged(str(scene.project_id), str(scene.pk))], director))
    assert f'id="scene-{scene.pk}-troubled"' in pieces and "1 cut breaks direction" in pieces


def test_a_waiver_without_a_reason_is_refused_and_what_was_typed_stays(crossed, director, client_for) -> None:
    (found,) = checks(crossed).open
    answer = client_for(director).post(
        f"/p/the-salt-road/panel/{crossed.pk}/waive/",
        {"digest": found.finding.digest, "reason": "ok"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Say why this is meant" in text and 'value="ok"' in text
    assert not Waiver.objects.exists()


def test_a_waiver_speaks_of_nothing_once_a_figure_moves(crossed, director, save_plan) -> None:
    (found,) = checks(crossed).open
    waive(crossed, checks(crossed), digest=found.finding.digest, reason="It is meant.", by=director)
    assert open_codes(crossed) == []
    figures = crossed_figures(x=-1.1)
    save_plan(figures=figures)
    assert open_codes(crossed) == ["line_crossed"]
    with pytest.raises(BoardError, match="has moved meanwhile"):
        waive(crossed, checks(crossed), digest=found.finding.digest, reason="It is meant.", by=director)


def crossed_figures(x: float) -> list[dict[str, object]]:
    return [
        {"id": "f1", "name": "MARA", "x": x, "z": 0, "yaw": 90, "looks_at": "f2"},
        {"id": "f2", "name": "ELIAS", "x": 0.8, "z": 0, "yaw": -90, "looks_at": "f1"},
    ]


def test_a_fixed_finding_takes_its_waiver_out_of_sight(crossed, director, look) -> None:
    (found,) = checks(crossed).open
    waive(crossed, checks(crossed), digest=found.finding.digest, reason="It is meant.", by=director)
    look(crossed, "B")
    assert (checks(crossed).open, checks(crossed).waived) == ([], [])
    # The same setup again is the same decision.
    look(crossed, "X")
    assert [one.waiver.reason for one in checks(crossed).waived] == ["It is meant."]


def test_a_waiver_can_be_taken_back_and_the_record_keeps_both(
    crossed, director, producer, client_for
) -> None:
    (found,) = checks(crossed).open
    waiver = waive(crossed, checks(crossed), digest=found.finding.digest, reason="It is meant.", by=director)
    answer = client_for(producer).post(
        f"/p/the-salt-road/waiver/{waiver.pk}/withdraw/", headers={"HX-Request": "true"}
    )
    assert "1 warning" in answer.content.decode()
    assert list(AuditEntry.objects.filter(verb__endswith="waiver").values_list("actor", flat=True)) == [
        producer.pk
    ]
    assert AuditEntry.objects.filter(verb="waive_finding").exists()


def test_waiving_and_taking_back_ask_for_an_editing_role(
    crossed, director, viewer, stranger, client_for
) -> None:
    (found,) = checks(crossed).open
    waiver = waive(crossed, checks(crossed), digest=found.finding.digest, reason="It is meant.", by=director)
    for who, status in ((viewer, 403), (stranger, 404)):
        browser = client_for(who)
        assert browser.post(f"/p/the-salt-road/panel/{crossed.pk}/waive/", {}).status_code == status
        assert browser.post(f"/p/the-salt-road/waiver/{waiver.pk}/withdraw/").status_code == status
        assert (
            browser.post(f"/p/the-salt-road/panel/{crossed.pk}/camera/", {"camera": "A"}).status_code
            == status
        )
    assert Waiver.objects.count() == 1


def test_withdrawing_twice_is_refused_by_the_address(crossed, director, client_for) -> None:
    (found,) = checks(crossed).open
    waiver = waive(crossed, checks(crossed), digest=found.finding.digest, reason="It is meant.", by=director)
    withdraw(waiver, by=director)
    browser = client_for(director)
    assert browser.post(f"/p/the-salt-road/waiver/{waiver.pk}/withdraw/").status_code == 404


def test_a_viewer_reads_the_findings_and_sees_no_buttons(crossed, viewer, client_for) -> None:
    page = client_for(viewer).get(f"/p/the-salt-road/scene/12/?panel={crossed.pk}").content.decode()
    assert "has crossed the line" in page
    assert "Waive with reason" not in page and "Use camera" not in page


def test_a_board_of_many_panels_asks_the_database_as_often_as_a_small_one(
    two_panels, look, director, client_for, django_assert_max_num_queries, scene
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from previs.storyboard.services import add_shot

    browser = client_for(director)
    for panel in two_panels:
        look(panel, "A")
    browser.get("/p/the-salt-road/scene/12/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/p/the-salt-road/scene/12/")
    for _ in range(6):
        look(add_shot(scene, by=director, action="More."), "B")
    with CaptureQueriesContext(connection) as many:
        browser.get("/p/the-salt-road/scene/12/")
    assert len(many) <= len(few)


def test_the_board_says_how_many_cuts_break_direction_and_leads_to_the_first(
    crossed, director, client_for
) -> None:
    browser = client_for(director)
    page = browser.get("/p/the-salt-road/scene/12/").content.decode()
    assert "1 cut breaks direction" in page
    assert f'href="/p/the-salt-road/scene/12/?panel={crossed.pk}"' in page
    (found,) = checks(crossed).open
    waive(crossed, checks(crossed), digest=found.finding.digest, reason="It is meant.", by=director)
    assert "direction</a>" not in browser.get("/p/the-salt-road/scene/12/").content.decode()


def test_a_moving_camera_is_judged_by_where_it_starts_and_where_it_ends(two_panels, look, director) -> None:
    from previs.storyboard.models import CameraMove

    first, second = two_panels
    look(first, "A")
    CameraMove.objects.create(panel=first, start="A", end="X", count=2, seed=1)
    look(second, "X")
    assert "line_crossed" not in open_codes(second)
    look(second, "B")
    assert "line_crossed" in open_codes(second)
    # Given another camera since, the panel no longer moves that way.
    look(first, "B")
    assert "line_crossed" not in open_codes(second)


@pytest.fixture
def without_a_cure(save_plan, two_panels, look):
    """The plan holds A and X only, so no camera of it cures 12B.1."""
    cameras = [camera for camera in document()["cameras"] if camera["id"] != "B"]
    save_plan(cameras=cameras)
    look(two_panels[0], "A")
    look(two_panels[1], "X")
    return two_panels[1]


def test_flipping_the_setup_places_a_camera_on_the_right_side_and_looks_through_it(
    without_a_cure, director, client_for, cannery
) -> None:
    (found,) = checks(without_a_cure).open
    assert found.cures == []
    url = f"/p/the-salt-road/panel/{without_a_cure.pk}/flip/"
    answer = client_for(director).post(url, {"digest": found.finding.digest}, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content.decode()
    assert "Clean" in answer.content.decode()
    without_a_cure.refresh_from_db()
    assert without_a_cure.camera == "B"
    newest = cannery.plans.order_by("-number").first()
    (placed,) = [camera for camera in newest.document["cameras"] if camera["id"] == "B"]
    assert (placed["x"], placed["z"]) == pytest.approx((2.0, 3.0))
    assert placed["pan"] == pytest.approx(33.7)
    assert newest.saved_by == director
    assert AuditEntry.objects.get(verb="flip_setup").payload.body["mirrored"] == "X"


def test_a_camera_is_not_flipped_through_a_wall(
    without_a_cure, director, save_plan, client_for, cannery
) -> None:
    cameras = [camera for camera in document()["cameras"] if camera["id"] != "B"]
    save_plan(cameras=cameras, outline=[[-6, -6], [6, -6], [6, 2], [-6, 2]])
    (found,) = checks(without_a_cure).open
    before = cannery.plans.count()
    url = f"/p/the-salt-road/panel/{without_a_cure.pk}/flip/"
    answer = client_for(director).post(url, {"digest": found.finding.digest}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "would stand outside the room" in answer.content.decode()
    assert cannery.plans.count() == before
    without_a_cure.refresh_from_db()
    assert without_a_cure.camera == "X"


def test_flipping_asks_for_the_finding_that_is_there_and_for_an_editing_role(
    without_a_cure, director, viewer, stranger, client_for
) -> None:
    url = f"/p/the-salt-road/panel/{without_a_cure.pk}/flip/"
    answer = client_for(director).post(url, {"digest": "other"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and "has moved meanwhile" in answer.content.decode()
    assert client_for(viewer).post(url).status_code == 403
    assert client_for(stranger).post(url).status_code == 404
