"""From a queued job to a stored frame, with the scripted engine and the real store."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from previs.audit.models import AuditEntry
from previs.audit.record import verify
from previs.generation import services, store
from previs.generation.models import Frame, Job, JobState
from previs.generation.replay import replay

pytestmark = pytest.mark.django_db


def test_a_job_becomes_one_frame_whose_file_has_the_hash_its_row_says(ask, director, work):
    ask(director)
    work()
    frame = Frame.objects.get()
    assert Job.objects.get().state == JobState.DONE
    data = store.read(frame.sha256)
    assert hashlib.sha256(data).hexdigest() == frame.sha256
    assert data.startswith(b"\x89PNG") and store.read(frame.thumb_sha256)[8:12] == b"WEBP"


def test_the_frame_knows_everything_that_made_it(ask, director, work):
    [job] = ask(director, "INT. CHURCH - DAWN", seed=77, steps=5, guidance=2.5, negative_prompt="text")
    work()
    made = Frame.objects.get().provenance
    assert (made.prompt, made.negative_prompt, made.seed) == ("INT. CHURCH - DAWN", "text", 77)
    assert (made.steps, made.guidance, made.model) == (5, 2.5, "scripted")
    assert made.revision and made.digests and made.versions
    assert made.requested_by == director and job.frame_request.width == made.width


def test_the_file_says_of_itself_that_it_is_ai(ask, director, work):
    ask(director, "INT. SECRET PLACE - NIGHT")
    work()
    data = store.read(Frame.objects.get().sha256)
    assert b"trainedAlgorithmicMedia" in data
    assert b"SECRET" not in data, "the prompt stays out of the file"


def test_takes_of_one_brief_have_seeds_that_count_up(ask, director, work):
    ask(director, takes=4, seed=10)
    work()
    assert sorted(frame.provenance.seed for frame in Frame.objects.all()) == [10, 11, 12, 13]
    assert sorted(Frame.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_four_agreeing_takes_cost_one_claim(ask, director, work):
    ask(director, takes=4)
    assert work() == 1


def test_a_permanent_failure_is_told_in_words_and_not_tried_again(ask, director, work):
    [job] = ask(director, "[fail] a street")
    work()
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.FAILED, 1)
    assert job.error
    assert not Frame.objects.exists()


def test_a_passing_failure_is_tried_again_and_ends_well(ask, director, work):
    [job] = ask(director, "[fail once] a street")
    work()
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.DONE, 2)


def test_a_full_disk_at_save_fails_the_job_in_words_and_leaves_no_row_without_a_file(
    ask, director, work, monkeypatch
):
    [job] = ask(director)
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left"))
    )
    work()
    monkeypatch.undo()
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "disk is full" in job.error
    assert not Frame.objects.exists()
    services.retry(job, by=director)
    work()
    assert Frame.objects.count() == 1


def test_a_job_cancelled_while_it_runs_leaves_no_frame(ask, director, work, monkeypatch):
    from previs.generation import runner

    [job] = ask(director)
    original = runner._reporter

    def cancelling(*args, **kwargs):
        on_step = original(*args, **kwargs)

        def step_then_cancel(step):
            services.cancel(job, by=director)
            on_step(step)

        return step_then_cancel

    monkeypatch.setattr(runner, "_reporter", cancelling)
    work()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not Frame.objects.exists()


def test_a_licence_that_changed_after_the_submit_stops_the_job_in_the_worker(
    ask, director, work, monkeypatch
):
    [job] = ask(director)
    monkeypatch.setattr("previs.generation.catalogue.installed", dict)
    work()
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "not installed" in job.error


def test_a_retry_is_a_new_job_and_the_failed_one_stays_as_it_was(ask, director, work):
    [job] = ask(director, "[fail] a street")
    work()
    again = services.retry(Job.objects.get(), by=director)
    assert again.pk != job.pk and again.request == job.request
    with pytest.raises(services.GenerationRefused):
        services.retry(again, by=director)


def test_replaying_a_frame_gives_the_same_bytes_even_out_of_a_batch(ask, director, work):
    ask(director, takes=4, seed=5)
    work()
    for frame in Frame.objects.all():
        assert replay(frame).same_bytes


def test_verify_frames_finds_a_missing_and_a_changed_file(ask, director, work, capsys):
    from django.core.files.storage import default_storage

    ask(director, takes=2)
    work()
    call_command("verify_frames")
    first, second = Frame.objects.all()
    changed, missing = (Path(default_storage.path(store.path_of(frame.sha256))) for frame in (first, second))
    changed.write_bytes(changed.read_bytes() + b"x")
    missing.unlink()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("verify_frames")


def test_generating_and_making_frames_is_on_record_and_the_chain_holds(ask, director, work):
    ask(director)
    work()
    assert {"generate", "frame_made"} <= set(AuditEntry.objects.values_list("verb", flat=True))
    assert list(verify()) == []


def test_putting_the_same_bytes_twice_keeps_one_file():
    assert store.put(b"frame") == store.put(b"frame") == hashlib.sha256(b"frame").hexdigest()
    with pytest.raises(KeyError):
        store.read("0" * 64)
