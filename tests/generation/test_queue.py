"""The queue: who is served when, and what happens to jobs whose worker is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from previs.generation import queue
from previs.generation.models import Job, JobState

pytestmark = pytest.mark.django_db


def expire(claim: queue.Claim) -> None:
    Job.objects.filter(token=claim.token).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_people_take_turns_instead_of_waiting_behind_a_long_batch(ask, director, producer):
    for _ in range(3):
        ask(director, takes=8)
    [late] = ask(producer)
    served = [queue.claim(worker="w").jobs[0] for _ in range(2)]
    assert late in served


def test_an_urgent_job_goes_before_everybody_elses(ask, director, producer):
    ask(producer, takes=4)
    [urgent] = ask(director, urgent=True)
    assert queue.claim(worker="w").jobs == (urgent,)


def test_of_two_people_the_one_served_longest_ago_is_next(ask, director, producer):
    first, second = ask(director, takes=2)
    [other] = ask(producer)
    assert [queue.claim(worker="w").jobs[0] for _ in range(3)] == [first, other, second]


def test_a_claimed_job_is_not_given_twice(ask, director):
    ask(director)
    assert queue.claim(worker="one") is not None
    assert queue.claim(worker="two") is None


def test_agreeing_jobs_join_a_batch_up_to_the_limit_and_others_do_not(ask, director):
    ask(director, takes=4)
    ask(director, steps=7)
    claim = queue.extend(queue.claim(worker="w"), to=3)
    assert len(claim.jobs) == 3
    assert len({job.batch_key for job in claim.jobs}) == 1
    assert Job.objects.filter(state=JobState.QUEUED).count() == 2


def test_a_job_that_lost_its_worker_is_rendered_alone_the_next_time(ask, director):
    ask(director, takes=3)
    lost = queue.extend(queue.claim(worker="w"), to=3)
    expire(lost)
    assert queue.release_lost() == (3, 0)
    again = queue.extend(queue.claim(worker="w"), to=3)
    assert len(again.jobs) == 1 and again.jobs[0].attempt == 2


def test_after_three_lost_workers_a_job_fails_in_words(ask, director):
    [job] = ask(director)
    for _ in range(queue.MAX_ATTEMPTS):
        expire(queue.claim(worker="w"))
        queue.release_lost()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "stopped 3 times" in job.error


def test_a_silent_worker_cannot_finish_a_job_that_was_given_to_another(ask, director):
    ask(director)
    silent = queue.claim(worker="silent")
    expire(silent)
    queue.release_lost()
    active = queue.claim(worker="active")
    with pytest.raises(queue.LostLease):
        queue.finish(silent.jobs[0], token=silent.token, seconds=1)
    queue.finish(active.jobs[0], token=active.token, seconds=1)
    assert Job.objects.get().state == JobState.DONE


def test_a_worker_that_keeps_its_lease_keeps_its_job(ask, director):
    ask(director)
    claim = queue.claim(worker="w")
    expire(claim)
    assert queue.renew(claim.token, step=3, steps=12) == 1
    assert queue.release_lost() == (0, 0)
    job = Job.objects.get()
    assert (job.step, job.steps, job.percent) == (3, 12, 25)


def test_a_queued_and_a_running_job_can_be_cancelled_and_an_ended_one_cannot(ask, director):
    running, queued = ask(director, takes=2)
    claim = queue.claim(worker="w")
    assert queue.cancel(running) and queue.cancel(queued)
    assert queue.renew(claim.token) == 0
    assert not queue.cancel(running)
    with pytest.raises(queue.LostLease):
        queue.finish(claim.jobs[0], token=claim.token, seconds=1)


def test_the_database_refuses_a_finished_job_without_its_end(ask, director):
    [job] = ask(director)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
