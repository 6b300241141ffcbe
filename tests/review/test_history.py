"""Every frame of a production: how it is searched, paged and chosen from, and what bad input hears."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from previs.generation.models import Frame, FrameState, Provenance
from previs.review import history
from previs.review.history import Mark

from .conftest import new_frame, new_sheet

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def address(production):
    return reverse("history", args=[production.slug])


def made(frame, **fields):
    """The same frame with another record of how it was made."""
    Provenance.objects.filter(frame=frame).update(**fields)
    return frame


def on(frame, *day):
    """The same frame, made on that day at noon."""
    moment = timezone.make_aware(dt.datetime(*day, 12))
    Frame.objects.filter(pk=frame.pk).update(created_at=moment)
    return frame


@pytest.fixture
def found(production, director, client_for):
    """found(words="lamp") -> the frames that the page lists for it, newest first."""
    client = client_for(director)

    def search(**query):
        answer = client.get(address(production), query)
        assert answer.status_code == 200, answer.context["form"].errors
        return [tile.frame for tile in answer.context["page"].tiles]

    return search


class TestSearching:
    def test_without_a_filter_every_frame_is_listed_the_newest_first(
        self, production, frame, director, found
    ):
        newer = new_frame(new_sheet(production, "9.1"), director)
        assert found() == [newer, frame]

    def test_each_word_must_occur_in_the_prompt_in_any_order(self, frame, sheet, director, found):
        both = made(frame, prompt="One lamp over the belt")
        made(new_frame(sheet, director), prompt="One lamp behind her")
        assert found(words="belt LAMP") == [both]
        assert found(words="belt moon") == []

    def test_case_is_folded_beyond_ascii_too(self, frame, found):
        made(frame, prompt="ÉCLAIRAGE d'un café, Ölzeug")
        assert found(words="éclairage CAFÉ ölzeug") == [frame]

    @pytest.mark.parametrize("words", [".*", "a|b", "(", "[x", "\\", "%", "_", "***="])
    def test_signs_of_a_pattern_language_are_ordinary_signs(self, words, frame, sheet, director, found):
        made(frame, prompt="Mara at the belt")
        literal = made(new_frame(sheet, director), prompt=f"Mara {words} there")
        assert found(words=words) == [literal]

    def test_by_the_person_who_asked(self, frame, sheet, producer, found):
        theirs = new_frame(sheet, producer)
        assert found(person=producer.pk) == [theirs]

    def test_a_number_of_a_shot_is_matched_from_its_beginning(self, production, director, found):
        short = new_frame(new_sheet(production, "2A.1"), director)
        long = new_frame(new_sheet(production, "12A.1"), director)
        assert found(subject="2a.1") == [short]
        assert found(subject="12A") == [long]

    def test_part_of_a_title_finds_sets_and_costumes(self, production, director, found):
        place = new_frame(new_sheet(production, "CANNERY FLOOR", "set"), director)
        coat = new_frame(new_sheet(production, "Mara, change 2", "change"), director)
        assert found(subject="floor") == [place]
        assert found(subject="mara 2") == [coat]
        assert found(kind="change") == [coat]

    def test_by_the_model_that_made_it(self, frame, sheet, director, found):
        other = made(new_frame(sheet, director), model="klein")
        assert found(model="klein") == [other]

    def test_the_first_and_the_last_day_are_both_included(self, frame, sheet, director, found):
        early, late = on(frame, 2026, 3, 1), on(new_frame(sheet, director), 2026, 3, 5)
        assert found(since="2026-03-01", until="2026-03-05") == [late, early]
        assert found(since="2026-03-02") == [late]
        assert found(until="2026-03-04") == [early]

    def test_only_favourites(self, frame, sheet, director, found):
        starred = new_frame(sheet, director, starred=True)
        assert found(starred="on") == [starred]

    def test_filters_combine(self, frame, sheet, director, producer, found):
        made(frame, prompt="lamp")
        wanted = made(new_frame(sheet, producer, starred=True), prompt="lamp")
        made(new_frame(sheet, producer), prompt="lamp")
        assert found(words="lamp", person=producer.pk, starred="on") == [wanted]

    def test_a_drawing_is_listed_and_no_prompt_finds_it(self, sheet, director, found):
        drawing = new_frame(sheet, director, by_hand=True)
        assert found() == [drawing]
        assert found(words="Mara") == []

    def test_a_withdrawn_frame_is_never_listed(self, frame, production, director, client_for):
        Frame.objects.filter(pk=frame.pk).update(state=FrameState.WITHDRAWN)
        page = client_for(director).get(address(production), {"frame": frame.pk})
        assert page.context["page"].tiles == [] and page.context["elsewhere"] == []
        assert frame.thumb_url not in page.text

    def test_frames_of_another_production_are_not_listed(self, frame, owner, client_for):
        from previs.projects.services import start_project

        elsewhere = start_project(title="Elsewhere", by=owner)
        page = client_for(owner).get(address(elsewhere), {"frame": frame.pk})
        assert frame.thumb_url not in page.text
        assert "No frame yet" in page.text

    def test_a_search_that_finds_nothing_says_what_to_do(self, frame, production, director, client_for):
        page = client_for(director).get(address(production), {"words": "unicorn"})
        assert "No frame matches" in page.text and "Remove a filter" in page.text


class TestBadInput:
    @pytest.mark.parametrize(
        ("query", "field", "said"),
        [
            ({"since": "yesterday"}, "since", "This is no date"),
            ({"until": "2026-02-30"}, "until", "This is no date"),
            ({"since": "0001-01-01"}, "since", "between 1970 and 2999"),
            ({"until": "9999-12-31"}, "until", "between 1970 and 2999"),
            ({"since": "2026-03-05", "until": "2026-03-01"}, "until", "lies before 2026-03-05"),
            ({"person": "99999"}, "person", "asked for no frame here"),
            ({"person": "me"}, "person", "asked for no frame here"),
            ({"kind": "weather"}, "kind", "no frames of this kind"),
            ({"model": "gone"}, "model", "made with this model"),
            ({"words": "x" * 300}, "words", "at most 200 characters"),
            ({"words": "a\x00b"}, "words", "Null characters"),
        ],
    )
    def test_it_is_refused_in_words_beside_its_field(
        self, query, field, said, frame, production, director, client_for
    ):
        answer = client_for(director).get(address(production), query)
        assert answer.status_code == 422
        assert said in answer.context["form"].errors[field][0]
        assert "Nothing was searched" in answer.text

    def test_what_was_typed_stays(self, frame, production, director, client_for):
        page = client_for(director).get(address(production), {"since": "yesterday", "words": "lamp"}).text
        assert 'type="text" name="since" value="yesterday"' in page
        assert 'name="words" value="lamp"' in page

    @pytest.mark.parametrize("mark", ["x", "12", "12-zz", f"{10**30}-{'0' * 32}"])
    def test_a_place_that_the_list_does_not_have_is_not_found(self, mark, production, director, client_for):
        assert client_for(director).get(address(production), {"before": mark}).status_code == 404

    def test_a_choice_that_is_no_frame_is_passed_over(self, frame, production, director, client_for):
        answer = client_for(director).get(address(production), {"frame": ["x", str(uuid.uuid4())]})
        assert answer.status_code == 200 and answer.context["elsewhere"] == []


class TestPaging:
    @pytest.fixture(autouse=True)
    def _short_pages(self, monkeypatch):
        monkeypatch.setattr(history, "PAGE", 2)

    def test_show_more_leads_through_every_frame_once(self, production, sheet, director, client_for):
        frames = [new_frame(sheet, director) for _ in range(5)]
        # Frames of one batch can have one time: then their keys decide.
        Frame.objects.update(created_at=frames[0].created_at)
        client, seen, query = client_for(director), [], {}
        for _ in range(3):
            page = client.get(address(production), query, **HTMX).context["page"]
            seen += [tile.frame.pk for tile in page.tiles]
            query = {"before": str(page.older)}
        assert page.older is None
        assert sorted(seen) == sorted(frame.pk for frame in frames)

    def test_a_frame_that_arrives_meanwhile_shifts_nothing(self, production, sheet, director, client_for):
        frames = [new_frame(sheet, director) for _ in range(4)]
        client = client_for(director)
        older = client.get(address(production)).context["page"].older
        new_frame(sheet, director)
        page = client.get(address(production), {"before": str(older)}, **HTMX).context["page"]
        assert [tile.frame for tile in page.tiles] == [frames[1], frames[0]]

    def test_under_htmx_only_the_tiles_come_and_the_filters_stay(
        self, production, sheet, director, client_for
    ):
        for _ in range(5):
            new_frame(sheet, director)
        client = client_for(director)
        first = client.get(address(production), {"words": "belt"})
        assert "?words=belt&amp;before=" in first.text
        query = {"words": "belt", "before": str(first.context["page"].older)}
        more = client.get(address(production), query, **HTMX)
        assert "<html" not in more.text and "?words=belt&amp;before=" in more.text
        assert "<html" in client.get(address(production), query).text

    def test_a_mark_is_read_back_as_it_was_written(self):
        mark = Mark(dt.datetime(2026, 11, 21, 17, 42, 11, 123457, dt.UTC), uuid.uuid4())
        assert Mark.read(str(mark)) == mark


class TestChoosing:
    def test_what_is_chosen_stays_chosen_in_the_next_search(self, production, frame, director, client_for):
        other = new_frame(new_sheet(production, "9.1"), director)
        answer = client_for(director).get(
            address(production), {"subject": "9.1", "frame": [frame.pk, other.pk]}
        )
        assert [tile.frame for tile in answer.context["elsewhere"]] == [frame]
        assert answer.context["page"].tiles[0].chosen
        assert answer.text.count(" checked") == 3  # both frames, and the filters that a phone folds away

    def test_the_button_sends_the_choice_to_the_comparison(self, production, frame, director, client_for):
        page = client_for(director).get(address(production)).text
        assert f'formaction="{reverse("compare", args=[production.slug])}"' in page
        assert f'name="frame" value="{frame.pk}"' in page

    def test_who_may_edit_gets_a_star_and_who_watches_sees_it(
        self, production, frame, director, viewer, client_for
    ):
        star = reverse("star_frame", args=[frame.pk])
        assert f'hx-post="{star}"' in client_for(director).get(address(production)).text
        client_for(director).post(star)
        watching = client_for(viewer).get(address(production)).text
        assert "hx-post" not in watching and "Favourite" in watching
        again = client_for(director).get(reverse("frame_star", args=[production.slug, frame.pk]))
        assert 'aria-pressed="true"' in again.text


def test_the_list_costs_the_same_queries_however_long_it_is(production, sheet, director, client_for, frame):
    from previs.review.services import add_note, decide

    client = client_for(director)
    query = {"words": "belt", "frame": str(frame.pk)}
    with CaptureQueriesContext(connection) as few:
        client.get(address(production), query)
    for number in range(6):
        newer = new_frame(new_sheet(production, f"{number}A.1"), director)
        add_note(newer, by=director, text="Lower.")
        decide(newer, by=production.memberships.get(role="owner").user, verdict="approved", note="")
    with CaptureQueriesContext(connection) as many:
        client.get(address(production), query)
    assert len(many) == len(few)
    wide = [row["sql"] for row in many.captured_queries if '"generation_provenance"."request"' in row["sql"]]
    assert not wide
