"""A panel that looks through a camera of its set's plan."""

from __future__ import annotations

import pytest

from previs.generation.sources import stale_reasons
from previs.storyboard.models import Panel
from previs.storyboard.recipe import compile_panel
from previs.tags import short_hash

pytestmark = pytest.mark.django_db


def fields(panel: Panel, **changes: str) -> dict[str, str]:
    values = {
        "size": panel.shot.size, "angle": panel.shot.angle, "move": panel.shot.move, "lens_mm": "35",
        "seconds": "2", "action": panel.action, "camera": panel.camera,
    }  # fmt: skip
    return values | changes


def brief(panel: Panel, **changes: str) -> dict[str, str]:
    from previs.generation.composer import first_values

    values = {
        name: str(value) for name, value in first_values(compile_panel(panel)).items() if value is not None
    }
    return values | {"takes": "1", "seed": "7"} | changes


def test_a_frame_follows_the_blockout_of_the_chosen_camera(two_panels, look, director, client_for) -> None:
    panel = two_panels[0]
    look(panel, "A")
    url = f"/p/the-salt-road/panel/{panel.pk}/generate/"
    answer = client_for(director).post(url, brief(panel), headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content.decode()
    request = panel.sheet.jobs.get().frame_request
    assert request.blockout is not None
    assert request.blockout["camera"]["id"] == "A"
    assert request.blockout["plan"]["figures"][0]["name"] == "MARA"
    assert request.blockout["time_of_day"] == "night"
    assert list(panel.sheet.jobs.get().sources.filter(kind="plan").values_list("label", flat=True)) == [
        "Cannery, camera A"
    ]


def test_without_a_camera_the_model_places_its_own(two_panels) -> None:
    compiled = compile_panel(two_panels[0])
    assert compiled.blockout is None
    assert "plan" not in {source.kind for source in compiled.sources}


@pytest.fixture
def two_lenses(save_plan) -> None:
    """A plan whose cameras carry 28 and 85 mm."""
    cameras = [{"id": "A", "x": -2, "y": 1.6, "z": 3, "pan": -33.7, "focal_mm": 28}]
    save_plan(cameras=[*cameras, {**cameras[0], "id": "B", "focal_mm": 85}])


def test_the_first_camera_of_a_shot_brings_its_lens_where_nobody_chose_one(
    two_panels, two_lenses, director, client_for
) -> None:
    panel = two_panels[0]
    answer = (
        client_for(director)
        .post(
            f"/p/the-salt-road/panel/{panel.pk}/edit/",
            fields(panel, camera="A"),
            headers={"HX-Request": "true"},
        )
        .text
    )
    panel.shot.refresh_from_db()
    assert panel.shot.lens_mm == 28
    assert 'name="lens_mm" value="28"' in answer and "The shot says" not in answer


def test_a_lens_that_somebody_chose_and_one_of_a_shot_with_a_camera_stay(
    two_panels, two_lenses, look, director, client_for
) -> None:
    from previs.storyboard.services import add_panel

    chosen, other = two_panels
    answer = client_for(director).post(
        f"/p/the-salt-road/panel/{chosen.pk}/edit/",
        fields(chosen, camera="A", lens_mm="50"),
        headers={"HX-Request": "true"},
    )
    assert "The shot says 50 mm, camera A carries 28 mm." in answer.text
    chosen.refresh_from_db()
    look(chosen, "B")
    assert chosen.shot.lens_mm == 50
    look(other, "A")
    assert other.shot.lens_mm == 28
    look(add_panel(other, by=director), "B")
    other.shot.refresh_from_db()
    assert other.shot.lens_mm == 28


def test_the_prompt_names_the_lens_of_the_chosen_camera(two_panels, look, save_plan) -> None:
    panel = two_panels[0]
    assert "35 mm" in compile_panel(panel).prompt
    save_plan(cameras=[{"id": "A", "x": 0, "y": 1.5, "z": 4, "focal_mm": 85}])
    look(panel, "A")
    assert "85 mm" in compile_panel(panel).prompt


def test_a_changed_plan_makes_its_frames_stale_with_the_reason(
    two_panels, look, director, work, save_plan
) -> None:
    from previs.generation.services import Brief, generate

    panel = two_panels[0]
    look(panel, "A")
    compiled = compile_panel(panel)
    asked = Brief(prompt=compiled.prompt, takes=1, sources=compiled.sources, blockout=compiled.blockout)
    (job,) = generate(panel.sheet, asked, by=director)
    work()
    job.refresh_from_db()
    assert stale_reasons([job.frame]) == {}
    save_plan(ceiling=3.0)
    assert stale_reasons([job.frame]) == {job.frame.pk: ["Blockout changed: Cannery"]}


def test_the_inspector_offers_the_cameras_of_the_newest_plan(
    two_panels, director, client_for, save_plan
) -> None:
    save_plan(cameras=[{"id": "K", "x": 0, "y": 1.5, "z": 4}])
    page = client_for(director).get(f"/p/the-salt-road/scene/12/?panel={two_panels[0].pk}").content.decode()
    assert '<option value="K">Camera K</option>' in page
    assert "Camera A" not in page


def test_what_is_in_frame_is_named_in_words_and_without_codes(two_panels, look, director, client_for) -> None:
    panel = two_panels[0]
    look(panel, "A")
    page = client_for(director).get(f"/p/the-salt-road/scene/12/?panel={panel.pk}").text
    shown = page.partition(">In frame<")[2].partition("</section>")[0]
    assert "<b>Cannery, camera A</b><span>Blockout</span>" in shown
    for source in compile_panel(panel).sources:
        assert source.label in shown and short_hash(source.digest) not in shown


def test_a_camera_is_chosen_in_the_inspector(two_panels, director, client_for) -> None:
    panel = two_panels[0]
    url = f"/p/the-salt-road/panel/{panel.pk}/edit/"
    answer = client_for(director).post(
        url, fields(panel, camera="B", prompt=compile_panel(panel).prompt), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    panel.refresh_from_db()
    assert panel.camera == "B"
    # The composer that nobody touched follows at once.
    assert "Cannery, camera B" in answer.content.decode()


def test_a_camera_that_does_not_exist_is_refused_and_nothing_is_stored(
    two_panels, director, client_for
) -> None:
    panel = two_panels[0]
    url = f"/p/the-salt-road/panel/{panel.pk}/edit/"
    answer = client_for(director).post(
        url, fields(panel, camera="Q", action="New"), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "Camera Q is not in the set" in answer.content.decode()
    panel.refresh_from_db()
    assert (panel.camera, panel.action) == ("", "Mara and Elias.")


def test_a_camera_that_left_the_plan_is_named_and_no_frame_is_asked_for(
    two_panels, look, save_plan, director, client_for
) -> None:
    panel = two_panels[0]
    look(panel, "X")
    save_plan(cameras=[{"id": "A", "x": 0, "y": 1.5, "z": 4}])
    browser = client_for(director)
    page = browser.get(f"/p/the-salt-road/scene/12/?panel={panel.pk}").content.decode()
    assert "Camera X is no longer in the plan of Cannery" in page
    url = f"/p/the-salt-road/panel/{panel.pk}/generate/"
    answer = browser.post(url, brief(panel), headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Camera X is no longer in the plan" in answer.content.decode()
    assert not panel.sheet.jobs.exists()


def test_choosing_a_camera_is_on_record(two_panels, look, director) -> None:
    from previs.audit.models import AuditEntry

    look(two_panels[0], "A")
    entry = AuditEntry.objects.filter(verb="choose_camera").get()
    assert entry.actor == director
    assert entry.payload.body == {"camera": "A", "lens_mm": 35}
