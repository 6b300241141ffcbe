"""What a waiting person is told, also when the row has moved on since it was read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from previs.generation import cards, queue
from previs.generation.history import seconds_per_frame
from previs.generation.models import Job

pytestmark = pytest.mark.django_db


def test_a_card_read_before_its_job_ended_can_still_be_drawn(ask, director):
    ask(director)
    held = queue.claim(worker="gpu:1")
    assert held is not None
    read_while_running = list(Job.objects.with_card())
    queue.fail(held.jobs[0], token=held.token, error="The lens cap was on. Take it off.")
    drawn = render_to_string(
        "generation/_job_card.html", {"card": cards.job_cards(read_while_running, director)[0]}
    )
    assert "starting" in drawn


def test_a_card_read_before_its_job_was_cancelled_in_the_line_can_still_be_drawn(ask, director):
    job = ask(director)[0]
    read_while_queued = list(Job.objects.with_card())
    assert queue.cancel(job)
    drawn = render_to_string(
        "generation/_job_card.html", {"card": cards.job_cards(read_while_queued, director)[0]}
    )
    assert "no estimate yet" in drawn


def test_a_tray_of_eight_frames_asks_the_database_no_more_than_a_tray_of_two(ask, work, director, sheet):
    def draw() -> int:
        with CaptureQueriesContext(connection) as asked:
            render_to_string("generation/_takes.html", cards.tray_context(sheet, director))
        return len(asked)

    ask(director, takes=2)
    work()
    few = draw()
    ask(director, takes=6)
    work()
    assert draw() == few


def test_frames_of_the_same_model_tell_the_cost_of_one_with_settings_nobody_used_yet(ask, work, director):
    for strength in (0.3, 0.4, 0.45):
        ask(director, strength=strength)
        work()
    Job.objects.update(seconds=10.0)
    (waiting,) = ask(director, strength=0.6)
    assert seconds_per_frame(waiting.batch_key) == pytest.approx(10.0)


def test_twice_the_steps_are_told_to_cost_twice_the_time(ask, work, director):
    ask(director, takes=3, steps=4)
    work()
    Job.objects.update(seconds=10.0)
    (waiting,) = ask(director, steps=8)
    assert seconds_per_frame(waiting.batch_key) == pytest.approx(20.0)


def test_every_word_that_was_not_understood_can_be_opened():
    words = ["ground", "hair", "cropped", "brooch", "lace", "velvet", "collar"]
    drawn = render_to_string("generation/_misread.html", {"words": words})
    assert "<details>" in drawn and "and 2 more" in drawn and all(word in drawn for word in words)
    assert "<details>" not in render_to_string("generation/_misread.html", {"words": words[:5]})
