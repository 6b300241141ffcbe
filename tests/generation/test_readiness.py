"""What pages say while an engine is still starting."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from previs.generation import cards, engines, readiness, tasks
from previs.generation.history import outlook
from previs.generation.models import Job
from previs.generation.services import Brief, generate

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(sheet, director):
    (job,) = generate(sheet, Brief(prompt="a street", takes=1), by=director)
    return job


@pytest.mark.parametrize(("queues", "told"), [(["gpu"], True), (["default"], False), (None, False)])
def test_a_worker_that_renders_says_from_its_first_moment_that_it_comes_up(queues, told):
    tasks.start_coming_up(options={"queues": queues})
    assert readiness.is_coming_up() is told


def test_a_job_that_waits_for_it_says_so_on_its_card_and_on_the_meter(waiting, director, client_for):
    readiness.engine_comes_up()
    assert outlook([waiting])[waiting.pk].coming_up
    assert cards.engine_meter(director)["coming_up"]
    page = client_for(director).get(f"/job/{waiting.pk}/card/").text
    assert "the engine is starting" in page and "no estimate yet" not in page
    assert "Engine starting, 1 waiting" in client_for(director).get("/queue/").text


def test_nobody_is_told_so_where_another_engine_renders_or_nothing_waits(waiting, director, work):
    readiness.engine_comes_up()
    running = Job.objects.get(pk=waiting.pk)
    assert cards.meter(running=1, waiting=1)["coming_up"] == 0
    assert cards.meter(running=0, waiting=0)["coming_up"] == 0
    work()
    running.refresh_from_db()
    assert running.state == "done" and not cards.engine_meter(director)["coming_up"]


class Gpu:
    task_consumer = type("Consumer", (), {"queues": ["gpu"]})


def test_it_is_up_once_it_has_warmed_up_also_when_that_failed(monkeypatch, settings):
    readiness.engine_comes_up()
    monkeypatch.setattr(engines, "engine_for", lambda model: (_ for _ in ()).throw(OSError("no such disk")))
    with pytest.raises(OSError, match="no such disk"):
        tasks.start_working(Gpu())
    assert not readiness.is_coming_up()


def test_a_cache_that_is_down_stops_nobody(monkeypatch, caplog):
    def down(*_, **__):
        raise ConnectionError("refused")

    for name in ("get", "set", "delete"):
        monkeypatch.setattr(cache, name, down)
    with readiness.coming_up():
        assert readiness.is_coming_up() is False
    assert len([line for line in caplog.records if "engine" in line.getMessage().lower()]) == 3
