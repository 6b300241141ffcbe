"""The frame's page in a browser without scripts and under htmx: what it shows, who may press what."""

from __future__ import annotations

import json
import uuid

import pytest
from django.urls import reverse

from previs.generation import sheets
from previs.generation.models import Frame, FrameState
from previs.review.models import Comment, Decision
from previs.review.services import add_note, decide

from .conftest import new_frame, new_sheet

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def at(name, frame, *rest):
    return reverse(name, args=[frame.sheet.project.slug, frame.pk, *rest])


@pytest.fixture
def note(frame, director) -> Comment:
    return add_note(frame, by=director, text="His hat owns the frame.", pin=(0.34, 0.165))


def reads(frame, note):
    return [
        at("frame", frame),
        at("frame_panel", frame, "lineage"),
        at("frame_versions", frame),
        at("frame_actions", frame),
        at("frame_record", frame),
        reverse("review", args=[frame.sheet.project.slug]),
    ]


def writes(frame, note):
    return [
        (at("frame_note", frame), {"text": "Lower."}),
        (at("reply_note", frame, note.pk), {"text": "How low?"}),
        (at("resolve_note", frame, note.pk), {}),
        (at("reopen_note", frame, note.pk), {}),
        (at("decide", frame), {"verdict": "approved"}),
    ]


class TestPermission:
    def test_nobody_is_sent_to_the_sign_in(self, frame, note, client_for):
        client = client_for(None)
        answers = [client.get(url) for url in reads(frame, note)]
        answers += [client.post(url, data) for url, data in writes(frame, note)]
        assert {answer.status_code for answer in answers} == {302}
        assert all(reverse("account_login") in answer["Location"] for answer in answers)

    def test_a_stranger_finds_nothing(self, frame, note, stranger, client_for):
        client = client_for(stranger)
        answers = [client.get(url) for url in reads(frame, note)]
        answers += [client.post(url, data) for url, data in writes(frame, note)]
        assert {answer.status_code for answer in answers} == {404}

    def test_a_viewer_reads_everything_and_writes_nothing(self, frame, note, viewer, client_for):
        client = client_for(viewer)
        assert {client.get(url).status_code for url in reads(frame, note)} == {200}
        assert {client.post(url, data).status_code for url, data in writes(frame, note)} == {403}
        assert {client.get(at(name, frame)).status_code for name in ("frame_composer",)} == {403}
        assert not Decision.objects.exists()
        assert Comment.objects.count() == 1

    def test_an_editor_reads_and_writes(self, frame, note, producer, client_for):
        client = client_for(producer)
        assert {client.get(url).status_code for url in reads(frame, note)} == {200}
        assert {client.post(url, data, **HTMX).status_code for url, data in writes(frame, note)} == {200}

    def test_reading_never_writes_and_writing_is_never_a_get(self, frame, note, producer, client_for):
        client = client_for(producer)
        assert {client.get(url).status_code for url, _ in writes(frame, note)} == {405}

    def test_a_note_of_another_version_is_not_found_through_this_one(
        self, frame, sheet, note, director, client_for
    ):
        other = new_frame(sheet, director)
        client = client_for(director)
        for name in ("reply_note", "resolve_note", "reopen_note"):
            assert client.post(at(name, other, note.pk), {"text": "x"}).status_code == 404
        assert client.get(at("reply_composer", other, note.pk)).status_code == 404

    def test_a_frame_of_another_production_is_not_found_through_this_one(self, frame, owner, client_for):
        from previs.projects.services import start_project

        elsewhere = start_project(title="Elsewhere", by=owner)
        assert client_for(owner).get(reverse("frame", args=[elsewhere.slug, frame.pk])).status_code == 404
        assert (
            client_for(owner).get(reverse("frame", args=[frame.sheet.project.slug, uuid.uuid4()])).status_code
            == 404
        )


class TestWithdrawn:
    def test_every_address_of_a_withdrawn_frame_answers_410_in_words(self, frame, note, producer, client_for):
        Frame.objects.filter(pk=frame.pk).update(state=FrameState.WITHDRAWN)
        client = client_for(producer)
        pages = [client.get(url) for url in reads(frame, note)[:-1]]
        pages += [client.post(url, data) for url, data in writes(frame, note)]
        assert {page.status_code for page in pages} == {410}
        assert "withdrawn" in pages[0].text

    def test_its_place_in_the_strip_stays_without_its_picture(self, frame, sheet, director, client_for):
        newer = new_frame(sheet, director)
        Frame.objects.filter(pk=frame.pk).update(state=FrameState.WITHDRAWN)
        page = client_for(director).get(at("frame", newer)).text
        assert "Withdrawn" in page
        assert frame.thumb_url not in page


class TestWhatItShows:
    def test_picture_label_versions_and_pins(self, frame, sheet, note, director, client_for):
        newer = new_frame(sheet, director)
        sheets.pick(sheet, newer, by=director)
        page = client_for(director).get(at("frame", frame)).text
        assert frame.url in page and newer.thumb_url in page
        assert "AI-generated" in page
        assert 'data-x="0.34"' in page and 'data-y="0.165"' in page
        assert 'aria-current="page"' in page
        assert "Pick" in page

    def test_a_drawing_is_labelled_as_made_by_hand(self, sheet, director, client_for):
        drawing = new_frame(sheet, director, by_hand=True)
        client = client_for(director)
        assert "Hand" in client.get(at("frame", drawing)).text
        assert "uploaded by Dario Duran" in client.get(at("frame", drawing) + "?tab=brief").text
        assert "By hand" in client.get(at("frame", drawing) + "?tab=lineage").text

    def test_the_brief_names_the_words_that_were_ignored(self, frame, director, client_for):
        page = client_for(director).get(at("frame", frame) + "?tab=brief").text
        assert "Mara at the belt" in page
        assert "zeugma" in page
        assert "1 word ignored" in page

    def test_the_lineage_names_all_that_decided_the_pixels(self, frame, director, client_for):
        page = client_for(director).get(at("frame_panel", frame, "lineage"), **HTMX).text
        for fact in (
            "DDIMScheduler",
            "cpu, float32",
            "bbbb bbbb",
            "cccc cccc",
            "12 INT. CANNERY - NIGHT",
            "2.13",
            "the same code, the same content",
        ):
            assert fact in page
        assert "Blockout, not AI" in page
        assert frame.blockout_url in page

    def test_a_source_that_changed_since_is_named(self, frame, director, client_for, monkeypatch):
        from previs.generation import sources

        monkeypatch.setitem(
            sources._READERS,
            "scene",
            lambda refs: {ref: sources.Present("e" * 64, "Script changed: scene 12") for ref in refs},
        )
        page = client_for(director).get(at("frame", frame) + "?tab=lineage").text
        assert (
            page.count("Script changed: scene 12") == 3
        )  # on the picture, whole when pointed at, and in the lineage

    def test_the_decision_names_exactly_what_it_covers(self, frame, producer, client_for):
        page = client_for(producer).get(at("frame", frame)).text
        assert f"SHA-256 {frame.sha256}" in page
        assert "Script <b>12 INT. CANNERY - NIGHT</b>" in page
        assert "Model <b>scripted</b>" in page
        assert "You decide as producer" in page

    def test_every_deciding_role_says_where_it_is(
        self, frame, director, producer, costume_designer, client_for
    ):
        decide(frame, by=costume_designer, verdict="changes", note="Scarf is tucked.")
        page = client_for(producer).get(at("frame", frame)).text
        assert "made this frame" in page
        assert "asks for changes" in page
        assert "you decide" in page

    def test_the_maker_and_the_viewer_see_disabled_buttons_and_why(self, frame, director, viewer, client_for):
        mine = client_for(director).get(at("frame", frame)).text
        assert "somebody else has to decide" in mine and "disabled" in mine
        watching = client_for(viewer).get(at("frame", frame)).text
        assert "Your role on this production is to watch" in watching and "disabled" in watching
        assert "data-pin-form" not in watching

    def test_a_note_of_an_older_version_is_shown_with_its_version(
        self, frame, sheet, note, director, client_for
    ):
        newer = new_frame(sheet, director)
        page = client_for(director).get(at("frame", newer)).text
        assert "His hat owns the frame." in page
        assert "on v1" in page
        assert 'data-x="0.34"' not in page

    def test_words_that_look_like_markup_are_shown_as_words(self, frame, director, client_for):
        add_note(frame, by=director, text="<script>alert(1)</script>\nsecond line")
        page = client_for(director).get(at("frame", frame)).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>second line" in page

    def test_the_neighbours_are_the_picks_before_and_after(self, frame, production, director, client_for):
        for title in ("12A.1", "9.1", "12C.2", "12C.10"):
            other = new_sheet(production, title)
            sheets.pick(other, new_frame(other, director), by=director)
        page = client_for(director).get(at("frame", frame)).context
        assert (page["before"].sheet.title, page["after"].sheet.title) == ("12A.1", "12C.2")

    def test_the_page_costs_the_same_queries_however_much_was_said(
        self, frame, sheet, director, producer, costume_designer, client_for, django_assert_max_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        add_note(frame, by=director, text="One.")
        decide(frame, by=producer, verdict="approved", note="Good.")
        client = client_for(director)
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get(at("frame", frame))
        for _ in range(6):
            newer = new_frame(sheet, director)
            note = add_note(newer, by=producer, text="Older.")
            add_note(newer, by=director, text="Yes.", parent=note)
            note = add_note(frame, by=costume_designer, text="More.", pin=(0.5, 0.5))
            add_note(frame, by=producer, text="Yes.", parent=note)
            decide(newer, by=producer, verdict="changes", note="No.")
        decide(frame, by=costume_designer, verdict="changes", note="No.")
        with CaptureQueriesContext(connection) as many:
            client.get(at("frame", frame))
        assert len(many) == len(few)
        assert len(many) < 40


class TestNoting:
    def test_only_a_note_about_one_place_wears_a_pin(self, frame, note, director, client_for):
        client = client_for(director)
        assert "About the whole frame" not in client.get(at("frame", frame)).text
        add_note(frame, by=director, text="Warmer.")
        assert client.get(at("frame", frame)).text.count("About the whole frame, not pinned") == 1

    def test_a_note_comes_back_in_the_threads_with_its_pin(self, frame, director, client_for):
        answer = client_for(director).post(
            at("frame_note", frame), {"text": "Lower.", "x": "0.25", "y": "0.75"}, **HTMX
        )
        assert answer.status_code == 200
        assert f'id="frame-{frame.pk}-threads" hx-swap-oob="true"' in answer.text
        assert 'data-x="0.25"' in answer.text

    def test_without_scripts_the_page_comes_again(self, frame, director, client_for):
        answer = client_for(director).post(at("frame_note", frame), {"text": "Lower."}, follow=True)
        assert answer.redirect_chain == [(at("frame", frame), 302)]
        assert "Lower." in answer.text

    @pytest.mark.parametrize("headers", [HTMX, {}])
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"text": ""}, "Write the note first."),
            ({"text": "x" * 50_000}, "50,000 characters; the limit is 4,000"),
            ({"text": "kept words", "x": "1.2", "y": "0.5"}, "outside the picture"),
            ({"text": "kept words", "x": "0.5"}, "outside the picture"),
            ({"text": "kept words", "x": "here", "y": "0.5"}, "outside the picture"),
            ({"text": "kept words", "x": "nan", "y": "0.5"}, "outside the picture"),
            ({"text": "kept words\x00"}, "Null characters"),
        ],
    )
    def test_what_cannot_be_taken_is_refused_in_words_and_kept(
        self, frame, director, client_for, data, words, headers
    ):
        answer = client_for(director).post(at("frame_note", frame), data, **headers)
        assert answer.status_code == 422
        assert words in answer.text
        assert data["text"][:50].rstrip("\x00") in answer.text
        assert not Comment.objects.exists()

    def test_answering_shows_which_note_is_answered(self, frame, note, producer, client_for):
        client = client_for(producer)
        composer = client.get(at("reply_composer", frame, note.pk), **HTMX).text
        assert "To Dario Duran: His hat owns the frame." in composer
        client.post(at("reply_note", frame, note.pk), {"text": "I go lower."}, **HTMX)
        assert note.replies.get().author == producer

    def test_resolving_takes_the_pin_off_the_picture_and_keeps_the_words(
        self, frame, note, producer, client_for
    ):
        answer = client_for(producer).post(at("resolve_note", frame, note.pk), **HTMX).text
        assert 'class="pin ' not in answer
        assert "His hat owns the frame." in answer
        assert "resolved by Petra Pohl" in answer


class TestDeciding:
    def test_approving_shows_on_the_bar_and_in_the_strip(self, frame, producer, client_for):
        answer = client_for(producer).post(at("decide", frame), {"verdict": "approved"}, **HTMX)
        assert answer.status_code == 200
        assert "You approved v1 as producer" in answer.text
        assert json.loads(answer["HX-Trigger-After-Settle"])["toast"]["text"] == "v1 approved."
        assert f'id="frame-{frame.pk}-version" hx-swap-oob="true"' in answer.text

    def test_requesting_changes_without_a_note_is_refused(self, frame, producer, client_for):
        answer = client_for(producer).post(at("decide", frame), {"verdict": "changes", "note": ""}, **HTMX)
        assert answer.status_code == 422
        assert "Say what should change" in answer.text
        assert not Decision.objects.exists()

    def test_a_reason_that_is_too_long_is_refused_and_kept(self, frame, producer, client_for):
        answer = client_for(producer).post(
            at("decide", frame), {"verdict": "changes", "note": "low " * 1_100}, **HTMX
        )
        assert answer.status_code == 422
        assert "the limit is 4,000" in answer.text
        assert "low low low" in answer.text

    def test_the_maker_who_posts_all_the_same_is_refused_in_words(self, frame, director, client_for):
        answer = client_for(director).post(at("decide", frame), {"verdict": "approved"})
        assert answer.status_code == 403
        assert "somebody else has to decide" in answer.text
        assert not Decision.objects.exists()

    def test_a_request_for_changes_is_read_among_the_notes(self, frame, producer, director, client_for):
        client_for(producer).post(
            at("decide", frame), {"verdict": "changes", "note": "Drop the camera."}, **HTMX
        )
        assert "Drop the camera." in client_for(director).get(at("frame", frame)).text

    @pytest.mark.parametrize("tab", ["notes", "lineage"])
    def test_the_note_of_a_replaced_decision_stays_in_sight(self, frame, producer, client_for, tab):
        decide(frame, by=producer, verdict="changes", note="Lose the clock.")
        decide(frame, by=producer, verdict="approved")
        page = client_for(producer).get(at("frame", frame) + f"?tab={tab}").text
        assert "Lose the clock." in page
        assert page.count("replaced since") == 1

    def test_decisions_say_who_decided_what_in_which_role_newest_first(self, frame, producer, client_for):
        first = decide(frame, by=producer, verdict="changes", note="Lose the clock.")
        last = decide(frame, by=producer, verdict="approved")
        threads = client_for(producer).get(at("frame", frame)).text.split('class="ths"')[1]
        newest, oldest = threads.split("<article")[1:3]
        assert f'id="decision-{last.pk}"' in newest and "Approved" in newest
        assert f'id="decision-{first.pk}"' in oldest and "Asks for changes" in oldest
        assert "Petra Pohl, producer" in newest and "Petra Pohl, producer" in oldest

    @pytest.mark.parametrize("note", ["", "Lose the clock."])
    def test_the_answer_finds_its_place_even_if_the_socket_was_faster(
        self, frame, producer, client_for, note
    ):
        answer = client_for(producer).post(at("decide", frame), {"verdict": "changes", "note": note}, **HTMX)
        assert f'id="frame-{frame.pk}-decision" aria-label="Decision" hx-swap-oob="true"' in answer.text


def test_the_record_holds_provenance_sources_and_decisions(frame, producer, client_for):
    decide(frame, by=producer, verdict="approved", note="Good.")
    answer = client_for(producer).get(at("frame_record", frame))
    record = json.loads(answer.content)
    assert 'filename="12c1-v1.json"' in answer["Content-Disposition"]
    assert record["frame"]["sha256"] == frame.sha256
    assert record["provenance"]["seed"] == 7
    assert record["sources"][0]["label"] == "12 INT. CANNERY - NIGHT"
    assert record["decisions"][0]["covers_sha256"] == frame.sha256


def test_the_record_of_a_drawing_has_no_provenance(sheet, director, client_for):
    record = json.loads(
        client_for(director).get(at("frame_record", new_frame(sheet, director, by_hand=True))).content
    )
    assert record["provenance"] is None
    assert record["frame"]["origin"] == "Hand"


def test_what_the_socket_sends_leaves_half_written_words_alone(frame, producer):
    from previs.review.cards import FRAGMENTS, frame_fragments

    html = "\n".join(frame_fragments(Frame.objects.with_card().get(pk=frame.pk), producer))
    assert "hx-preserve" in html
    assert "frame-composer" not in html.replace('hx-target="#frame-composer"', "")
    for part in ("threads", "decision", "pins", "standing", "version", "actions", "count"):
        assert html.count(f'id="frame-{frame.pk}-{part}"') == 1
    assert len(FRAGMENTS) == 7


def test_a_new_pick_brings_the_standing_of_every_version_over_the_socket(frame, sheet, director, viewer):
    from previs.review.cards import standing_fragments

    newer = new_frame(sheet, director)
    gone = new_frame(sheet, director, state=FrameState.WITHDRAWN)
    sheets.pick(sheet, newer, by=director)
    html = "\n".join(standing_fragments(list(sheet.frames.with_card()), director))
    assert html.count("In review") == 2  # beside the name and in the strip, of the pick alone
    assert f'id="frame-{frame.pk}-version"' in html
    assert str(gone.pk) not in html
    assert "Make it the pick" in html
    assert "Make it the pick" not in "".join(standing_fragments(list(sheet.frames.with_card()), viewer))
