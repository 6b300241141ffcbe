"""Notes: who may write them, what is refused, and what a thread is."""

from __future__ import annotations

import pytest

from previs.audit.models import AuditEntry
from previs.generation.models import FrameState
from previs.review.models import Comment
from previs.review.services import ReviewError, add_note, reopen, resolve

from .conftest import new_frame

pytestmark = pytest.mark.django_db


def test_a_note_may_mean_the_whole_frame_or_one_place_in_it(frame, director):
    whole = add_note(frame, by=director, text="  Too dark.  ")
    place = add_note(frame, by=director, text="His hat owns the frame.", pin=(0.34, 0.165))
    assert (whole.text, whole.pin_x) == ("Too dark.", None)
    assert (place.pin_x, place.pin_y) == (0.34, 0.165)


@pytest.mark.parametrize("pin", [(-0.01, 0.5), (0.5, 1.01), (float("nan"), 0.5), (float("inf"), 0.5)])
def test_a_pin_outside_the_picture_is_refused(frame, director, pin):
    with pytest.raises(ReviewError, match="outside the picture"):
        add_note(frame, by=director, text="There.", pin=pin)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("pin", [(0, 0), (1, 1)])
def test_a_pin_may_sit_in_a_corner(frame, director, pin):
    assert add_note(frame, by=director, text="Corner.", pin=pin).pin_x == pin[0]


def test_a_note_of_fifty_thousand_characters_is_refused_with_its_length(frame, director):
    with pytest.raises(ReviewError, match=r"50,000 characters; the limit is 4,000"):
        add_note(frame, by=director, text="x" * 50_000)


def test_a_note_of_blanks_is_refused(frame, director):
    with pytest.raises(ReviewError, match="Write the note first"):
        add_note(frame, by=director, text=" \n ")


def test_an_answer_to_an_answer_joins_the_thread(frame, director, producer):
    first = add_note(frame, by=director, text="Lower.")
    second = add_note(frame, by=producer, text="How low?", parent=first)
    third = add_note(frame, by=director, text="Belt height.", parent=second)
    assert second.parent == first
    assert third.parent == first


def test_an_answer_cannot_reach_into_another_version(frame, sheet, director):
    other = new_frame(sheet, director)
    first = add_note(frame, by=director, text="Lower.")
    with pytest.raises(ReviewError, match="another version"):
        add_note(other, by=director, text="Yes.", parent=first)


def test_an_answer_has_no_pin_of_its_own(frame, director):
    first = add_note(frame, by=director, text="Lower.")
    with pytest.raises(ReviewError, match="no pin"):
        add_note(frame, by=director, text="There.", pin=(0.1, 0.1), parent=first)


def test_a_thread_is_resolved_by_somebody_and_can_be_reopened(frame, director, producer):
    note = add_note(frame, by=director, text="Lower.")
    resolve(note, by=producer)
    assert note.resolved_by == producer
    assert list(Comment.objects.open()) == []
    reopen(note, by=director)
    assert note.resolved_at is None
    assert list(Comment.objects.open()) == [note]


def test_resolving_twice_keeps_the_first_name_and_writes_one_audit_entry(frame, director, producer):
    note = add_note(frame, by=director, text="Lower.")
    resolve(note, by=producer)
    resolve(note, by=director)
    assert note.resolved_by == producer
    assert AuditEntry.objects.filter(verb="resolve_note").count() == 1


def test_an_answer_cannot_be_resolved_apart_from_its_thread(frame, director):
    first = add_note(frame, by=director, text="Lower.")
    answer = add_note(frame, by=director, text="Done.", parent=first)
    with pytest.raises(ReviewError, match="as a whole"):
        resolve(answer, by=director)


def test_nothing_is_noted_on_a_withdrawn_frame(frame, director):
    frame.state = FrameState.WITHDRAWN
    frame.save(update_fields=["state"])
    with pytest.raises(ReviewError, match="withdrawn"):
        add_note(frame, by=director, text="Lower.")


def test_the_audit_names_the_note_but_never_its_words(frame, director):
    note = add_note(frame, by=director, text="The lead's contract is not signed.")
    entry = AuditEntry.objects.get(verb="note")
    assert entry.actor == director
    assert entry.payload.body["comment"] == str(note.pk)
    assert "contract" not in str(entry.payload.body)
