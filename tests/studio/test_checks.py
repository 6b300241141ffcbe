"""System checks: each hazard has words, and a studio that is set up right has none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage

from previs import checks

# What is overridden here is only read by the checks; no connection is opened with it.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
S3 = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": "frames"}}
POSTGRES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db.example"}}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}


def ids(found: list[CheckMessage]) -> set[str]:
    return {message.id for message in found}


@pytest.fixture
def one_machine(settings: Any, tmp_path: Path) -> Iterator[Any]:
    settings.PREVIS_HOME = tmp_path
    settings.DATABASES = SQLITE
    settings.CELERY_BROKER_URL = "redis+socket:///run/v.sock?virtual_host=0"
    local = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "media")},
    }
    settings.STORAGES = {**settings.STORAGES, "default": local}
    yield settings


def test_one_machine_with_its_own_services_has_no_hazard(one_machine: Any) -> None:
    assert checks.services_fit_together(None) == []
    assert checks.state_folder_is_writable(None) == []


def test_a_whole_studio_has_no_hazard(one_machine: Any) -> None:
    one_machine.DATABASES = POSTGRES
    one_machine.CELERY_BROKER_URL = "rediss://redis.example/0"
    one_machine.STORAGES = {**one_machine.STORAGES, "default": S3}
    assert checks.services_fit_together(None) == []


def test_half_a_studio_is_warned_of(one_machine: Any) -> None:
    one_machine.DATABASES = POSTGRES
    assert ids(checks.services_fit_together(None)) == {"previs.W003"}
    one_machine.CELERY_BROKER_URL = "redis://redis.example/0"
    assert ids(checks.services_fit_together(None)) == {"previs.W005"}
    one_machine.DATABASES = SQLITE
    assert ids(checks.services_fit_together(None)) == {"previs.W004"}
    one_machine.CELERY_BROKER_URL = "redis://127.0.0.1/0"
    assert checks.services_fit_together(None) == []


def test_a_picture_folder_that_takes_no_files_is_an_error(one_machine: Any, tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where a folder should be")
    assert ids(checks.state_folder_is_writable(None)) == {"previs.E002"}


def test_a_model_that_is_not_installed_is_a_warning_in_words(settings: Any, tmp_path: Path) -> None:
    settings.PREVIS_MODEL = "sdxl-1.0"
    settings.PREVIS_MODELS_HOME = tmp_path
    (message,) = checks.model_is_there(None)
    assert "'sdxl-1.0' is not installed" in message.msg
    assert "models add" in (message.hint or "")


def test_a_changed_weight_file_of_the_embedded_model_is_named(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from previs.engine import catalogue
    from previs.engine.pocket import weights

    (tmp_path / "unet.safetensors").write_bytes(b"trained")
    weights.write_manifest(tmp_path, training={})
    monkeypatch.setattr(weights, "PACKAGED", tmp_path)
    monkeypatch.setattr(catalogue, "POCKET_WEIGHTS", tmp_path)
    settings.PREVIS_MODEL = "pocket"
    assert checks.model_is_there(None) == []
    (tmp_path / "unet.safetensors").write_bytes(b"changed")
    (message,) = checks.model_is_there(None)
    assert "unet.safetensors was changed" in message.msg


def test_deployment_wants_a_key_and_https_and_no_test_engine(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREVIS_SECRET_KEY", raising=False)
    settings.PREVIS_HTTPS = False
    settings.PREVIS_ALLOW_SCRIPTED = True
    assert ids(checks.deployment_is_deliberate(None)) == {"previs.E010", "previs.E011", "previs.E012"}
    monkeypatch.setenv("PREVIS_SECRET_KEY", "long and random")
    settings.PREVIS_HTTPS = True
    settings.PREVIS_ALLOW_SCRIPTED = False
    assert checks.deployment_is_deliberate(None) == []
