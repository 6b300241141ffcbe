"""Two to four frames beside each other: which may be compared, and what the records say differs."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from previs.generation import cards, sheets
from previs.generation.models import Frame, FrameState, Job, Provenance, Source
from previs.review import facts
from previs.review.compare import Words, comparison, frames_of, merged_diff, word_diff
from previs.review.services import add_note, decide

from .conftest import new_frame, new_sheet

pytestmark = pytest.mark.django_db


def address(frame):
    return reverse("compare", args=[frame.sheet.project.slug])


def made(frame, **fields):
    Provenance.objects.filter(frame=frame).update(**fields)
    return frame


def compared(*frames):
    """The comparison of the frames, its changed rows as label -> the text of each cell."""
    project = frames[0].sheet.project
    found = comparison(frames_of(project, [frame.pk for frame in frames]), address="/compare/")
    rows = {row.label: [" ".join(run.text for run in cell) for cell in row.cells] for row in found.changed}
    return found, rows


@pytest.fixture
def second(sheet, director):
    return new_frame(sheet, director)


class TestWhichFrames:
    def test_two_to_four_of_any_sheets_are_shown_in_the_order_asked_for(
        self, frame, second, production, director, client_for
    ):
        others = [new_frame(new_sheet(production, title), director) for title in ("9.1", "BAR")]
        asked = [second, frame, *others]
        answer = client_for(director).get(address(frame), {"frame": [one.pk for one in asked]})
        assert answer.status_code == 200
        assert [side.frame for side in answer.context["comparison"].sides] == asked
        assert all(one.url in answer.text for one in asked)

    def test_without_any_the_page_says_how_many_to_choose(self, frame, director, client_for):
        answer = client_for(director).get(address(frame))
        assert answer.status_code == 200 and "Choose two to four frames" in answer.text

    def test_one_alone_is_refused_and_stays_in_sight(self, frame, director, client_for):
        answer = client_for(director).get(address(frame), {"frame": frame.pk, "words": "lamp"})
        assert answer.status_code == 422 and "Choose one more" in answer.text
        assert frame.thumb_url in answer.text
        # The way back leads to the same search, with the frame still chosen.
        assert "words=lamp" in answer.context["back"] and str(frame.pk) in answer.context["back"]

    def test_five_are_too_many(self, frame, sheet, director, client_for):
        more = [new_frame(sheet, director) for _ in range(4)]
        answer = client_for(director).get(address(frame), {"frame": [one.pk for one in [frame, *more]]})
        assert answer.status_code == 422 and "5 frames were chosen; 4 can be compared" in answer.text

    def test_the_same_frame_twice_is_refused(self, frame, second, director, client_for):
        answer = client_for(director).get(address(frame), {"frame": [frame.pk, second.pk, frame.pk]})
        assert answer.status_code == 422 and "chosen twice" in answer.text

    def test_a_frame_of_another_production_is_not_found(self, frame, second, owner, client_for):
        from previs.projects.services import start_project

        elsewhere = new_frame(new_sheet(start_project(title="Elsewhere", by=owner)), owner)
        client = client_for(owner)
        assert client.get(address(frame), {"frame": [frame.pk, elsewhere.pk]}).status_code == 404
        assert client.get(address(frame), {"frame": [frame.pk, uuid.uuid4()]}).status_code == 404
        assert client.get(address(frame), {"frame": [frame.pk, "first"]}).status_code == 404

    def test_a_withdrawn_frame_answers_410_and_shows_nothing(self, frame, second, director, client_for):
        Frame.objects.filter(pk=second.pk).update(state=FrameState.WITHDRAWN)
        answer = client_for(director).get(address(frame), {"frame": [frame.pk, second.pk]})
        assert answer.status_code == 410 and second.url not in answer.text

    def test_over_each_other_is_offered_for_two_alone(self, frame, second, sheet, director, client_for):
        third = new_frame(sheet, director)
        client = client_for(director)
        pair = client.get(address(frame), {"frame": [frame.pk, second.pk]}).text
        three = client.get(address(frame), {"frame": [frame.pk, second.pk, third.pk]}).text
        assert 'data-mode="wipe"' in pair and 'type="range" id="cp-wipe"' in pair
        assert 'data-mode="wipe"' not in three and "cp-wipe" not in three

    def test_the_page_has_no_inline_style_or_script(self, frame, second, director, client_for):
        page = client_for(director).get(address(frame), {"frame": [frame.pk, second.pk]}).text
        assert " style=" not in page and "<style" not in page and " onclick" not in page


class TestWhatChanged:
    def test_words_of_the_prompt_are_told_apart(self, frame, second):
        made(frame, prompt="one lamp above the belt")
        made(second, prompt="one lamp behind her")
        found, _ = compared(frame, second)
        row = next(row for row in found.changed if row.label == "Prompt")
        assert row.cells == [
            [Words("one lamp"), Words("above the belt", "del")],
            [Words("one lamp"), Words("behind her", "ins")],
        ]

    def test_of_more_than_two_each_shows_what_it_lost_and_gained_against_the_first(self):
        assert merged_diff("one lamp above", "two lamp") == [
            Words("one", "del"),
            Words("two", "ins"),
            Words("lamp"),
            Words("above", "del"),
        ]

    def test_a_text_that_was_not_there_before_is_new_as_a_whole(self):
        assert word_diff("", "no text") == ([], [Words("no text", "ins")])

    def test_numbers_model_and_negative_prompt(self, frame, second):
        made(
            second, seed=8, steps=20, guidance=4.5, width=128, height=64, model="klein", revision="r2",
            negative_prompt="hands",
        )  # fmt: skip
        _, rows = compared(frame, second)
        assert rows["Seed"] == ["7", "8"]
        assert rows["Steps"] == ["12", "20"]
        assert rows["Guidance"] == ["3", "4.5"]
        assert rows["Size"] == ["96 × 40", "128 × 64"]
        assert rows["Model"] == ["scripted", "klein"]
        assert rows["Revision"] == ["r1", "r2"]
        assert rows["Negative prompt"] == ["text", "hands"]

    def test_camera_and_blockout_are_said_in_words(self, frame, second):
        camera = {"id": "A", "x": 1, "y": 1.5, "z": -2, "pan": 90, "focal_mm": 35}
        made(frame, request={"blockout": {"time_of_day": "night", "camera": camera, "plan": {"walls": []}}})
        turned = camera | {"focal_mm": 50, "pan": 0}
        made(second, request={"blockout": {"time_of_day": "day", "camera": turned, "plan": {"walls": []}}})
        found, rows = compared(frame, second)
        assert rows["Camera"] == [
            "A, 35 mm, at 1.00, 1.50, -2.00 m, pan 90°",
            "A, 50 mm, at 1.00, 1.50, -2.00 m",
        ]
        assert rows["Blockout, time of day"] == ["night", "day"]
        assert "Blockout, plan" in dict(found.unchanged)

    def test_inputs_and_what_they_did(self, frame, second):
        picture = {"role": "picture", "sha256": "ab" * 32, "strength": 1.0}
        made(
            second,
            request={"ability": "refine", "inputs": [picture], "strength": 0.45},
            inputs={"depth": "e" * 64},
        )
        _, rows = compared(frame, second)
        assert rows["Made"] == ["from words alone", "by refining a picture"]
        assert rows["Refined from"] == ["", "picture abababab at 45 %"]
        assert rows["Input, depth"] == ["cccc cccc", "eeee eeee"]

    def test_sources_of_one_name_are_told_apart_by_their_digests(self, frame, second):
        Source.objects.filter(job=second.job).update(digest="b" * 64)
        _, rows = compared(frame, second)
        label = "12 INT. CANNERY - NIGHT"
        assert rows["Script"] == [f"{label} (aaaa aaaa)", f"{label} (bbbb bbbb)"]

    def test_several_sources_of_one_kind_have_a_row_each(self, frame, second):
        for ref, label in (("1", "Mara, change 1"), ("2", "Foreman, change 1")):
            Source.objects.create(job=second.job, kind="change", ref=ref, digest="c" * 64, label=label)
        _, rows = compared(frame, second)
        assert rows["Costume, Mara, change 1"] == ["", "Mara, change 1"]
        assert rows["Costume, Foreman, change 1"] == ["", "Foreman, change 1"]

    def test_what_did_not_change_stands_together(self, frame, second):
        found, rows = compared(frame, second)
        assert {"Seed": "7", "Model": "scripted", "Script": "12 INT. CANNERY - NIGHT"}.items() <= dict(
            found.unchanged
        ).items()
        assert set(rows) == {"Grey-box picture"}  # every frame of these tests has another one

    def test_a_drawing_says_that_it_was_made_by_hand(self, frame, sheet, director):
        drawing = new_frame(sheet, director, by_hand=True)
        _, rows = compared(frame, drawing)
        assert rows["Made"] == ["from words alone", "by hand"]
        assert rows["Prompt"][1] == ""

    def test_a_long_revision_is_known_by_its_beginning(self, frame):
        made(frame, revision="0123456789abcdef" * 3)
        assert facts.of_frame(Frame.objects.with_card().get(pk=frame.pk))["Revision"] == "0123456789ab"

    def test_words_that_look_like_markup_are_shown_as_words(self, frame, second, director, client_for):
        made(second, prompt="<script>alert(1)</script>")
        page = client_for(director).get(address(frame), {"frame": [frame.pk, second.pk]}).text
        assert "<ins>&lt;script&gt;alert(1)&lt;/script&gt;</ins>" in page


class TestWhereTheyStand:
    def test_the_newest_word_about_each_is_shown(self, frame, second, director, producer, client_for):
        add_note(frame, by=director, text="Warmer lamp behind her.")
        decide(second, by=producer, verdict="changes", note="Scarf is tucked.")
        page = client_for(director).get(address(frame), {"frame": [frame.pk, second.pk]}).text
        assert "“Warmer lamp behind her.”" in page and "“Scarf is tucked.”" in page
        assert "Changes" in page and frame.get_absolute_url() in page

    def test_a_frame_can_be_exchanged_for_another_version(self, frame, second, sheet, director):
        third = new_frame(sheet, director)
        found, _ = compared(frame, second)
        versions = dict(found.sides[0].versions)
        assert versions[third] == f"/compare/?frame={third.pk}&frame={second.pk}"
        assert second not in versions  # it stands on the other side already
        assert found.swapped == f"/compare/?frame={second.pk}&frame={frame.pk}"

    def test_the_comparison_costs_the_same_queries_for_four_as_for_two(
        self, frame, second, production, director, producer, client_for
    ):
        client, asked = client_for(director), [frame.pk, second.pk]
        with CaptureQueriesContext(connection) as two:
            client.get(address(frame), {"frame": asked})
        for title in ("9.1", "BAR"):
            other = new_frame(new_sheet(production, title), director)
            add_note(other, by=director, text="Lower.")
            decide(other, by=producer, verdict="approved", note="Good.")
            asked.append(other.pk)
        with CaptureQueriesContext(connection) as four:
            client.get(address(frame), {"frame": asked})
        assert len(four) == len(two)


class TestFromTheTray:
    def test_fewer_than_two_frames_are_not_compared(self, frame, sheet):
        assert cards.latest_comparison(sheet) == ""

    def test_the_takes_of_the_newest_brief_are_compared(self, frame, sheet, director):
        takes = [new_frame(sheet, director) for _ in range(2)]
        Job.objects.filter(frame__in=takes).update(brief=uuid.uuid4())
        asked = cards.latest_comparison(sheet)
        assert asked == f"{address(frame)}?frame={takes[0].pk}&frame={takes[1].pk}"

    def test_a_brief_of_one_take_is_compared_with_the_pick(self, frame, sheet, director):
        newer = [new_frame(sheet, director) for _ in range(2)]
        sheets.pick(sheet, frame, by=director)
        assert cards.latest_comparison(sheet) == f"{address(frame)}?frame={frame.pk}&frame={newer[1].pk}"

    def test_the_tray_offers_it_with_the_comparison_behind_it(self, frame, second, sheet, viewer, client_for):
        tray = client_for(viewer).get(reverse("takes", args=[sheet.pk])).text
        href = cards.latest_comparison(sheet).replace("&", "&amp;")
        assert f'href="{href}"' in tray
        assert client_for(viewer).get(cards.latest_comparison(sheet)).status_code == 200
