"""Refining, repainting, extending and following references: from the composer to the frame and its record."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageChops

from previs.generation import store
from previs.generation.controls import Token, extended
from previs.generation.models import Frame, FrameState, Job
from previs.generation.replay import replay
from previs.storyboard.services import add_shot

pytestmark = pytest.mark.django_db
GOOD = {"prompt": "INT. CANNERY - NIGHT", "takes": "1", "model": "scripted"}


@pytest.fixture
def panel(scene, owner):
    return add_shot(scene, by=owner, action="Mara takes a jar off the belt.")


@pytest.fixture
def post(panel, director, client_for):
    """Press Generate in the panel's composer."""

    def post(**changes):
        url = reverse("generate_panel", args=[panel.shot.scene.project.slug, panel.pk])
        return client_for(director).post(url, {**GOOD, **changes}, headers={"hx-request": "true"})

    return post


@pytest.fixture
def frame(post, work):
    """A frame on the panel's sheet."""
    assert post(seed="7").status_code == 200
    work()
    return Frame.objects.select_related("sheet__project").get()


def png_of(picture: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def picture_of(frame: Frame) -> Image.Image:
    return Image.open(io.BytesIO(store.read(frame.sha256))).convert("RGB")


def newest() -> Frame:
    return Frame.objects.select_related("provenance", "sheet__project").order_by("-number").first()


@pytest.fixture
def mask_token(frame, director, client_for):
    """Post a mask that is white on the left quarter and grey beside it; returns the token."""
    mask = Image.new("L", (frame.width, frame.height))
    mask.paste(255, (0, 0, frame.width // 4, frame.height))
    mask.paste(100, (frame.width // 4, 0, frame.width // 4 + 8, frame.height))
    file = SimpleUploadedFile("mask.png", png_of(mask), content_type="image/png")
    answer = client_for(director).post(reverse("keep_mask", args=[frame.pk]), {"mask": file})
    assert answer.status_code == 200, answer.text
    assert 25 <= answer.json()["percent"] <= 27
    return answer.json()["token"]


def test_refining_starts_from_the_frame_at_its_size_and_strength(post, work, frame):
    assert post(way="refine", base=str(frame.pk), strength="30").status_code == 200
    work()
    refined = newest()
    request = refined.provenance.request
    assert (request["ability"], request["strength"]) == ("refine", 0.3)
    assert refined.provenance.inputs == {"picture": frame.sha256}
    assert (refined.width, refined.height) == (frame.width, frame.height)
    assert refined.job.sources.get(kind="frame").ref == str(frame.pk)


def test_a_repaint_keeps_every_pixel_that_the_mask_keeps(post, work, frame, mask_token):
    assert post(way="inpaint", base=str(frame.pk), mask=mask_token, seed="99").status_code == 200
    work()
    repainted = newest()
    changed = ImageChops.difference(picture_of(repainted), picture_of(frame)).getbbox()
    assert changed is not None
    assert changed[2] <= frame.width // 4 + 8
    assert set(repainted.provenance.inputs) == {"picture", "mask"}


def test_an_extension_keeps_the_frame_to_the_pixel_and_paints_around_it(post, work, frame):
    assert (
        post(way="extend", base=str(frame.pk), extend_left="25", extend_bottom="50", seed="9").status_code
        == 200
    )
    work()
    wide = newest()
    left, bottom = round(frame.width / 32) * 8, round(frame.height / 16) * 8
    assert (wide.width, wide.height) == (frame.width + left, frame.height + bottom)
    kept = picture_of(wide).crop((left, 0, left + frame.width, frame.height))
    assert kept.tobytes() == picture_of(frame).tobytes()
    assert wide.provenance.request["ability"] == "inpaint"


def test_what_lies_around_an_extended_picture_continues_its_border():
    picture = Image.new("RGB", (16, 16), (200, 0, 0))
    picture.paste((0, 0, 200), (0, 0, 16, 8))
    canvas, mask = extended(picture, {"left": 50, "top": 50})
    assert canvas.size == mask.size == (24, 24)
    assert canvas.getpixel((0, 0)) == canvas.getpixel((3, 12)) == (0, 0, 200)
    assert canvas.getpixel((2, 20)) == (200, 0, 0)
    assert (mask.getpixel((0, 20)), mask.getpixel((12, 12))) == (255, 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"way": "refine", "strength": "0"}, "At 0 % the frame would stay as it is"),
        ({"way": "refine", "strength": "101"}, "whole number from 0 to 100"),
        ({"way": "refine", "strength": "half"}, "whole number from 0 to 100"),
        ({"way": "inpaint"}, "Nothing is marked to repaint"),
        ({"way": "inpaint", "mask": "forged"}, "does not belong to this production"),
        ({"way": "extend"}, "on which side the frame grows"),
        ({"way": "extend", "extend_left": "-5"}, "whole number from 0 to 100"),
        ({"way": "melt"}, "Choose New frame, Refine, Repaint or Extend"),
        ({"way": "refine", "base": "nothing"}, "frame to start from is not known"),
        ({"reference": "forged"}, "does not belong to this production"),
        ({"control_strength": "120"}, "Blockout strength must be a whole number"),
        ({"control_start": "80", "control_end": "20"}, "before it ends"),
        ({"blockout_of": "nothing"}, "whose blockout to follow is not known"),
        ({"axis_1": "steps", "values_1": "2, two"}, "'two' is no number"),
        ({"axis_1": "", "values_1": "2, 3"}, "Say what the values 2, 3 are of"),
        ({"axis_1": "steps", "values_1": "1 to 100"}, "more than the 64 cells"),
    ],
)
def test_a_control_that_cannot_be_is_refused_in_words_and_the_form_keeps_what_was_typed(
    post, frame, changes, words
):
    answer = post(negative_prompt="umbrellas", **({"base": str(frame.pk)} | changes))
    assert answer.status_code == 422
    text = answer.text.replace("&#x27;", "'")
    assert words in text
    assert "umbrellas" in text
    for name in ("values_1", "extend_left", "control_start"):
        if name in changes:
            assert f'value="{changes[name]}"' in text
    assert Job.objects.count() == 1


def test_there_is_nothing_to_refine_before_the_first_frame(post):
    answer = post(way="refine")
    assert answer.status_code == 422
    assert "no frame to start from yet" in answer.text


def test_without_a_chosen_frame_the_pick_is_refined_or_else_the_newest(post, work, frame, owner):
    from previs.generation.sheets import pick

    post(seed="8")
    work()
    later = newest()
    assert post(way="refine").status_code == 200
    pick(frame.sheet, frame, by=owner)
    assert post(way="refine").status_code == 200
    used = [job.request["inputs"][0]["sha256"] for job in Job.objects.order_by("created_at")[2:]]
    assert used == [later.sha256, frame.sha256]


def test_a_refinement_that_leaves_no_step_is_refused_before_it_is_queued(post, frame, monkeypatch):
    import dataclasses

    from previs.generation import catalogue

    turbo = dataclasses.replace(catalogue.installed()["scripted"], id="turbo", family="stable-diffusion")
    cards = {**catalogue.installed(), "turbo": turbo}
    monkeypatch.setattr(catalogue, "installed", lambda: cards)
    answer = post(way="refine", model="turbo", steps="2", strength="30")
    assert answer.status_code == 422
    assert "At 30 %, 2 steps leave none to run" in answer.text


def test_what_a_frame_followed_is_named_among_its_facts(post, work, frame, mask_token):
    from previs.review.lineage import facts_of

    post(
        way="inpaint", base=str(frame.pk), mask=mask_token, reference=Token(frame.sha256).signed(frame.sheet)
    )
    work()
    facts = dict(facts_of(newest()))
    assert facts["Repainted over"] == f"picture {frame.sha256[:8]} at 100 %"
    assert facts["Reference"] == f"picture {frame.sha256[:8]} at 60 %"
    assert "Mask" in facts
    assert not {"Repainted over", "Mask", "Reference", "Blockout"} & set(dict(facts_of(frame)))


def test_a_frame_of_another_production_cannot_be_started_from(post, frame, owner, panel):
    from previs.generation.sheets import open_sheet
    from previs.projects.services import start_project

    elsewhere = open_sheet(start_project(title="Elsewhere", by=owner), kind="panel", title="1A.1")
    Frame.objects.filter(pk=frame.pk).update(sheet=elsewhere)
    assert "not in this production" in post(way="refine", base=str(frame.pk)).text
    foreign = Token(frame.sha256).signed(elsewhere)
    assert "does not belong to this production" in post(reference=foreign).text
    assert Job.objects.count() == 1


def test_a_withdrawn_frame_cannot_be_started_from(post, frame):
    Frame.objects.filter(pk=frame.pk).update(state=FrameState.WITHDRAWN)
    assert "was withdrawn" in post(way="refine", base=str(frame.pk)).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "No picture came along"),
        (b"words", "no PNG picture that can be read"),
        (png_of(Image.new("L", (8, 8), 255)), "8 x 8 pixels and the frame"),
        (png_of(Image.new("RGB", (64, 64)), "JPEG"), "no PNG picture"),
    ],
)
def test_a_mask_that_does_not_fit_is_refused(frame, director, client_for, data, words):
    file = SimpleUploadedFile("mask.png", data, content_type="image/png")
    answer = client_for(director).post(reverse("keep_mask", args=[frame.pk]), {"mask": file})
    assert answer.status_code == 422
    assert words in answer.json()["error"]


def test_an_empty_mask_is_refused(frame, director, client_for):
    file = SimpleUploadedFile("mask.png", png_of(Image.new("L", (frame.width, frame.height), 60)))
    answer = client_for(director).post(reverse("keep_mask", args=[frame.pk]), {"mask": file})
    assert "mask is empty" in answer.json()["error"]


def test_a_mask_painted_over_another_frame_is_refused(post, work, frame, mask_token):
    post(seed="8")
    work()
    answer = post(way="inpaint", base=str(newest().pk), mask=mask_token)
    assert "painted over another frame" in answer.text


def test_a_reference_is_stored_without_what_its_file_says_and_goes_into_the_record(
    post, work, frame, director, client_for
):
    picture = Image.new("RGB", (40, 30), (9, 90, 200))
    exif = Image.Exif()
    exif[0x013B] = "A person's name"
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    file = SimpleUploadedFile("wall.jpg", buffer.getvalue(), content_type="image/jpeg")
    ground = {"reference_rights": "own", "reference_statement": "Our own wall"}
    address = reverse("keep_reference", args=[frame.sheet_id])
    answer = client_for(director).post(address, {"picture": file, **ground})
    assert answer.status_code == 200
    assert "wall.jpg" in answer.text
    token = answer.text.split('name="reference" value="')[1].split('"')[0]
    assert post(reference=token, reference_strength="40").status_code == 200
    work()
    made = newest().provenance
    stored = store.read(made.inputs["reference"])
    assert b"A person's name" not in stored
    assert made.request["inputs"][0]["strength"] == 0.4


@pytest.mark.parametrize(("data", "words"), [(b"GIF89a", "can be read"), (b"", "No picture came along")])
def test_a_reference_that_is_no_picture_is_refused_in_words(frame, director, client_for, data, words):
    file = SimpleUploadedFile("wall.gif", data)
    answer = client_for(director).post(reverse("keep_reference", args=[frame.sheet_id]), {"picture": file})
    assert answer.status_code == 422
    assert words in answer.text


def test_a_model_that_cannot_is_refused_with_one_that_can(post, frame, monkeypatch):
    import dataclasses

    from previs.generation import catalogue

    cards = catalogue.installed()
    poor = dataclasses.replace(cards["pocket"], pipelines={"text": "PocketEngine"}, id="poor", title="Poor")
    monkeypatch.setattr(catalogue, "installed", lambda: {**cards, "poor": poor})
    answer = post(way="refine", base=str(frame.pk), model="poor")
    assert answer.status_code == 422
    assert "Poor cannot refine a picture. Scripted double, Pocket can." in answer.text


def test_every_kind_of_start_is_replayed_to_the_same_bytes(post, work, frame, mask_token):
    reference = Token(frame.sha256).signed(frame.sheet)
    base = {"base": str(frame.pk)}
    for way in (
        {"way": "refine", **base},
        {"way": "inpaint", "mask": mask_token, **base},
        {"way": "extend", "extend_top": "40", **base},
        {"reference": reference},
    ):
        assert post(**way).status_code == 200
        work()
        assert replay(newest()).same_bytes, way


# --- the blockout --------------------------------------------------------------------------------


@pytest.fixture
def room():
    return {"place": "kitchen", "interior": True, "stage_key": "a", "people": [], "props": []}


@pytest.fixture
def with_camera(monkeypatch, room):
    """The panel as if a camera of its set were chosen."""
    import dataclasses

    from previs.storyboard import desk, recipe, views

    plain = recipe.compile_panel

    def compiled(*args, **kwargs):
        return dataclasses.replace(plain(*args, **kwargs), blockout=room)

    for module in (recipe, views, desk):
        monkeypatch.setattr(module, "compile_panel", compiled)


def test_a_frame_follows_the_compiled_blockout_as_strongly_as_asked(post, work, with_camera, room):
    assert post(control_strength="60", control_start="10", control_end="80").status_code == 200
    request = Job.objects.get().request
    assert (request["ability"], request["blockout"]) == ("depth", room)
    assert (request["control_strength"], request["control_start"], request["control_end"]) == (0.6, 0.1, 0.8)


def test_the_embedded_model_follows_it_in_its_own_way(post, with_camera, room):
    assert post(model="pocket").status_code == 200
    request = Job.objects.get().request
    assert (request["ability"], request["blockout"]) == ("text", room)


def test_at_nought_the_blockout_is_left_out(post, with_camera):
    assert post(control_strength="0").status_code == 200
    request = Job.objects.get().request
    assert (request["ability"], request["blockout"], request["control_strength"]) == ("text", None, 1.0)


def test_a_grid_over_the_blockouts_strength_keeps_it_in_every_cell(post, with_camera, room):
    assert post(control_strength="0", axis_1="control_strength", values_1="0, 50, 100").status_code == 200
    requests = [job.request for job in Job.objects.order_by("take")]
    assert [request["control_strength"] for request in requests] == [0.0, 0.5, 1.0]
    assert all(request["blockout"] == room for request in requests)


def test_the_maps_of_the_blockout_are_shown_before_anything_is_queued(
    panel, director, client_for, with_camera
):
    answer = client_for(director).post(reverse("control_maps", args=[panel.sheet_id]), GOOD)
    assert answer.status_code == 200
    assert answer.text.count("data:image/png;base64,") == 4
    assert "Read from the words" not in answer.text
    assert not Job.objects.exists()


def test_without_a_camera_the_maps_are_read_from_the_words(panel, director, client_for):
    answer = client_for(director).post(reverse("control_maps", args=[panel.sheet_id]), GOOD)
    assert "Read from the words" in answer.text


def test_maps_of_a_bad_seed_are_refused_in_words(panel, director, client_for):
    answer = client_for(director).post(
        reverse("control_maps", args=[panel.sheet_id]), {**GOOD, "seed": "many"}
    )
    assert answer.status_code == 422
    assert "whole number" in answer.text


@pytest.mark.parametrize("name", ["keep_mask", "use_frame", "control_maps", "keep_reference"])
def test_viewers_and_strangers_reach_no_control(frame, viewer, stranger, client_for, name):
    parts = {
        "keep_mask": [frame.pk],
        "use_frame": [frame.pk, "all"],
        "control_maps": [frame.sheet_id],
        "keep_reference": [frame.sheet_id],
    }[name]
    for person, status in ((viewer, 403), (stranger, 404)):
        assert client_for(person).post(reverse(name, args=parts)).status_code == status
