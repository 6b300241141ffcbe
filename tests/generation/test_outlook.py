"""What a waiting person is told, also when the row has moved on since it was read."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from previs.generation import cards, queue
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
