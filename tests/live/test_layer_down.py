"""The broker and the channel layer are gone: what was asked for is kept all the same."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from previs.generation.models import Job, JobState
from previs.storyboard.services import add_shot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lonely_server(tmp_path: Path) -> Iterator[str]:
    """A web process on the test database whose PREVIS_REDIS_URL leads to nothing."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        who = f"{database['USER']}:{database['PASSWORD']}" if database["USER"] else ""
        url = f"postgres://{who}@{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}/{database['NAME']}"
    environment = os.environ | {
        "PREVIS_DATABASE_URL": url,
        "PREVIS_REDIS_URL": f"unix://{tmp_path / 'nobody.sock'}",
        "PREVIS_DEBUG": "1",
    }
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = subprocess.Popen(
            [sys.executable, "-m", "previs.studio.web", str(listening.fileno())],
            cwd=ROOT,
            env=environment,
            pass_fds=(listening.fileno(),),
            stdout=subprocess.DEVNULL,
            stderr=(tmp_path / "web.log").open("wb"),
        )
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            process.terminate()
            process.wait(20)


def test_generate_answers_and_queues_while_valkey_is_down(lonely_server, scene, director, client_for):
    panel = add_shot(scene, by=director)
    browser: Client = client_for(director)
    browser.get("/accounts/password/change/")  # any form hands out the token
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    request = urllib.request.Request(
        f"{lonely_server}/p/{scene.project.slug}/panel/{panel.pk}/generate/",
        urlencode({"prompt": "Mara walks the line.", "model": "scripted", "takes": 2, "steps": 2}).encode(),
        {
            "Cookie": cookies,
            "X-CSRFToken": browser.cookies["csrftoken"].value,
            "HX-Request": "true",
            "Referer": lonely_server + "/",
        },
    )
    with urllib.request.urlopen(f"{lonely_server}/accounts/login/", timeout=60) as awake:
        assert awake.status == 200
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=60) as answer:
        page = answer.read().decode()
        assert answer.status == 200
    assert time.monotonic() - began < 5, "the person waits for a broker that is not there"
    jobs = list(Job.objects.filter(sheet=panel.sheet))
    assert [job.state for job in jobs] == [JobState.QUEUED, JobState.QUEUED]
    assert all(str(job.pk) in page for job in jobs)
