"""Who may listen to a production, and what reaches them, over real sockets."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from websockets.exceptions import InvalidStatus

from previs.events import JobChanged, JobClaimed, SceneChanged, SheetChanged, group_of, publish, to_message
from previs.generation import queue
from previs.generation.sheets import open_sheet
from previs.projects.services import uncast

from .conftest import OpenLine

pytestmark = pytest.mark.django_db(transaction=True)


def announce(job) -> None:
    publish(JobChanged(str(job.project_id), str(job.pk), str(job.sheet_id)))


def test_nobody_in_particular_is_closed_with_4401(production, open_line: OpenLine):
    assert open_line(production, None).closed_with() == (4401, [])


def test_a_cookie_of_no_session_is_closed_with_4401(production, open_line: OpenLine):
    browser = Client()
    browser.cookies["sessionid"] = "made-up-by-somebody"
    assert open_line(production, None, client=browser).closed_with() == (4401, [])


def test_a_stranger_is_closed_with_4403(production, stranger, open_line: OpenLine):
    assert open_line(production, stranger).closed_with() == (4403, [])


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1.evil.example", "null"])
def test_a_page_of_another_site_cannot_open_a_socket(production, owner, open_line: OpenLine, origin):
    with pytest.raises(InvalidStatus) as refused:
        open_line(production, owner, origin=origin)
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("who", ["viewer", "director"])
def test_viewer_and_editor_receive_the_card_of_a_new_job(production, ask, request, who, open_line: OpenLine):
    line = open_line(production, request.getfixturevalue(who))
    job = ask(production.memberships.get(role="owner").user)[0]
    assert "Next" in line.until(f'id="job-{job.pk}-card"')[-1]


def test_a_claim_waits_a_moment_and_comes_together_with_the_frame_before_it(
    production, owner, ask, open_line: OpenLine, monkeypatch
):
    # Long enough for the slowest machine: the frame's event is what ends the wait.
    monkeypatch.setattr(JobClaimed, "patience", 20.0)
    before, claimed = ask(owner, takes=2)
    line = open_line(production, owner)
    publish(JobClaimed(str(claimed.project_id), str(claimed.pk), str(claimed.sheet_id)))
    time.sleep(0.06)
    announce(before)
    heard = line.until(f'id="job-{before.pk}-card"')
    assert len(heard) == 1 and f'id="job-{claimed.pk}-card"' in heard[0]


def test_a_claim_that_nothing_follows_is_told_all_the_same(production, owner, ask, open_line: OpenLine):
    job = ask(owner)[0]
    line = open_line(production, owner)
    publish(JobClaimed(str(job.project_id), str(job.pk), str(job.sheet_id)))
    assert line.until(f'id="job-{job.pk}-card"')


def test_what_each_person_sees_is_rendered_for_that_person(
    production, owner, viewer, ask, open_line: OpenLine
):
    job = ask(owner)[0]
    watching, asking = open_line(production, viewer), open_line(production, owner)
    announce(job)
    card = f'id="job-{job.pk}-card"'
    assert f"/job/{job.pk}/cancel/" in asking.until(card)[-1]
    assert f"/job/{job.pk}/cancel/" not in watching.until(card)[-1]


def test_an_event_reaches_only_the_people_of_its_project(
    production, other_production, owner, stranger, ask, open_line: OpenLine
):
    ours, theirs = open_line(production, owner), open_line(other_production, stranger)
    hidden = ask(owner)[0]
    shown = ask(stranger, on=open_sheet(other_production, kind="panel", title="1A.1"))[0]
    heard = theirs.until(f'id="job-{shown.pk}-card"')
    assert not any(str(hidden.pk) in message or str(hidden.sheet_id) in message for message in heard)
    assert not any(str(shown.pk) in message for message in ours.until(str(hidden.pk)))


def test_somebody_taken_off_the_crew_receives_nothing_more_and_is_closed(
    production, owner, viewer, ask, open_line: OpenLine
):
    job = ask(owner)[0]
    line = open_line(production, viewer)
    uncast(production, user=viewer, by=owner)
    announce(job)
    assert line.closed_with() == (4403, [])


def test_somebody_who_signed_out_receives_nothing_more_and_is_closed(
    production, owner, viewer, ask, open_line: OpenLine, client_for
):
    job = ask(owner)[0]
    browser = client_for(viewer)
    line = open_line(production, viewer, client=browser)
    browser.post("/accounts/logout/")
    announce(job)
    assert line.closed_with() == (4403, [])


def test_a_new_password_closes_the_lines_that_the_old_one_opened(
    production, owner, viewer, ask, open_line: OpenLine
):
    job = ask(owner)[0]
    line = open_line(production, viewer)
    viewer.set_password("something else entirely")
    viewer.save()
    announce(job)
    assert line.closed_with() == (4403, [])


def test_an_account_that_is_switched_off_receives_nothing_more(
    production, owner, viewer, ask, open_line: OpenLine
):
    job = ask(owner)[0]
    line = open_line(production, viewer)
    viewer.is_active = False
    viewer.save()
    announce(job)
    assert line.closed_with() == (4403, [])


def test_nothing_is_sent_before_the_commit_and_nothing_after_a_rollback(
    production, owner, ask, send_now, open_line: OpenLine
):
    first, second, third = ask(owner, takes=3)
    line = open_line(production, owner)

    with transaction.atomic():
        announce(first)
        send_now(second)
        # The line keeps order: had the announcement left already, it would come before this one.
        assert not any(str(first.pk) in message for message in line.until(f'id="job-{second.pk}-card"'))
    line.until(f'id="job-{first.pk}-card"')

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce(second)
        raise ZeroDivisionError
    send_now(third)
    heard = line.until(f'id="job-{third.pk}-card"')
    assert not any(str(second.pk) in message for message in heard)


def test_an_event_of_an_unknown_version_or_kind_is_ignored_and_the_line_lives_on(
    production, owner, ask, layer_send, open_line: OpenLine
):
    job = ask(owner)[0]
    line = open_line(production, owner)
    message = to_message(JobChanged(str(production.pk), str(job.pk), str(job.sheet_id)))
    for was, becomes in (('"version": 1', '"version": 99'), ('"JobChanged"', '"JobTeleported"')):
        assert was in message["body"]
        layer_send(group_of(production.pk), message | {"body": message["body"].replace(was, becomes)})
    publish(SceneChanged(str(production.pk), "00000000-0000-0000-0000-000000000000"))
    announce(job)
    assert f'id="job-{job.pk}-card"' in line.next()


def test_a_whole_render_arrives_as_queued_running_previews_and_frame(
    production, owner, ask, open_line: OpenLine
):
    from previs.generation.runner import run_available

    line = open_line(production, owner)
    job = ask(owner, prompt="INT. CANNERY - NIGHT [150 ms]")[0]
    assert run_available(worker="here") == 1
    job.refresh_from_db()
    heard = line.until(f"/frame/{job.frame.pk}/thumb")
    previews = [message for message in heard if "data:image/jpeg;base64," in message]
    assert previews and f'id="job-{job.pk}-live"' in previews[0]
    assert queue.waiting() is False


@pytest.fixture
def layer_send() -> Callable[[str, dict], None]:
    """layer_send(group, message): past `publish`, straight to the channel layer."""
    from asgiref.sync import async_to_sync
    from channels.layers import get_channel_layer

    def layer_send(group: str, message: dict) -> None:
        async_to_sync(get_channel_layer().group_send)(group, message)

    return layer_send


@pytest.fixture
def send_now(layer_send) -> Callable[[object], None]:
    """send_now(job): its event, at once and whatever transaction is open."""

    def send_now(job) -> None:
        event = JobChanged(str(job.project_id), str(job.pk), str(job.sheet_id))
        layer_send(group_of(job.project_id), to_message(event))

    return send_now


def test_the_composer_says_what_a_take_costs_again_once_nothing_of_its_sheet_waits(
    production, owner, ask, open_line: OpenLine
):
    first, second = ask(owner, takes=2)
    line = open_line(production, owner)
    cost = f'id="sheet-{first.sheet_id}-eta"'
    queue.cancel(first)
    publish(SheetChanged(str(production.pk), str(first.sheet_id)))
    assert not any(cost in piece for piece in line.until(f'id="sheet-{first.sheet_id}-takes"'))
    queue.cancel(second)
    publish(SheetChanged(str(production.pk), str(first.sheet_id)))
    assert "no estimate yet" in line.until(cost)[-1]
