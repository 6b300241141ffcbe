"""The studio mode: three URLs and nothing else, and Django's own deployment check has nothing to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.studio.conftest import environment_without_tests

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.processes
def test_check_deploy_is_silent_for_a_studio_that_is_set_up_right(tmp_path: Path) -> None:
    environment = environment_without_tests() | {
        "PREVIS_HOME": str(tmp_path),
        "PREVIS_HTTPS": "1",
        "PREVIS_SECRET_KEY": "3f9c1b7e5a2d4c6f8e0b1a3d5c7e9f2b4d6a8c0e1f3b5d7a9c",
        "PREVIS_ALLOWED_HOSTS": "previs.example",
        "PREVIS_DATABASE_URL": "postgresql://previs:secret@db.example/previs?sslmode=require",
        "PREVIS_REDIS_URL": "rediss://:secret@redis.example",
        "PREVIS_MEDIA_URL": "s3://frames/film?endpoint_url=https://s3.example",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
