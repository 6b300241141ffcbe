"""System checks: hazards of an installation, said in words before they cost somebody a day.

`manage.py check` runs the first group, `manage.py check --deploy` all. Each message says what to do.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

STUDIO = "studio"


@register(STUDIO)
def state_folder_is_writable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Errors when the state folder or the picture folder takes no files, or has no room left."""
    from previs.studio import preflight

    found: list[CheckMessage] = []
    try:
        warning = preflight.usable_home(Path(settings.PREVIS_HOME))
        if warning:
            found.append(Warning(warning, id="previs.W001"))
    except preflight.StartError as refusal:
        found.append(Error(str(refusal), id="previs.E001"))
    pictures = settings.STORAGES["default"]["OPTIONS"].get("location")
    if is_local_storage() and pictures:
        try:
            Path(pictures).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=pictures):
                pass
        except OSError as error:
            found.append(
                Error(
                    f"Frames would be stored in {pictures}, and Previs cannot write there: {error.strerror}.",
                    hint="Fix the folder's permissions, or set PREVIS_MEDIA_URL to another folder or a bucket.",
                    id="previs.E002",
                )
            )
    return found


@register(STUDIO)
def services_fit_together(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn about half a studio: parts that several machines share beside parts that they cannot share."""
    database = settings.DATABASES["default"]
    database_is_remote = not database["ENGINE"].endswith("sqlite3") and is_remote(
        str(database.get("HOST", ""))
    )
    broker_is_local = settings.CELERY_BROKER_URL.startswith("redis+socket://")
    found: list[CheckMessage] = []
    if database_is_remote and broker_is_local:
        found.append(
            Warning(
                "The database is on another machine, but the broker is this machine's own.",
                hint="Web and workers on other machines would never hear of a job. Set PREVIS_REDIS_URL to a "
                "server that all of them reach, or keep this installation to this one machine.",
                id="previs.W003",
            )
        )
    if not broker_is_local and is_remote(urlsplit(settings.CELERY_BROKER_URL).hostname or ""):
        if database["ENGINE"].endswith("sqlite3"):
            found.append(
                Warning(
                    "The broker is on another machine, but the database is a file on this one.",
                    hint="Workers elsewhere would take wake-ups for jobs that they cannot see. Set "
                    "PREVIS_DATABASE_URL to a PostgreSQL server, or unset PREVIS_REDIS_URL.",
                    id="previs.W004",
                )
            )
        elif is_local_storage():
            found.append(
                Warning(
                    "Database and broker are shared with other machines, but pictures go to a folder here.",
                    hint="Frames rendered elsewhere would be missing unless every machine mounts this folder at "
                    "the same place; if so, silence previs.W005. Otherwise set PREVIS_MEDIA_URL to a bucket.",
                    id="previs.W005",
                )
            )
    return found


@register(STUDIO)
def model_is_there(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn when the default model is absent, or when its files are not the ones that were recorded."""
    return [Warning(words, hint=hint, id="previs.W006") for words, hint in model_problems()]


@register(Tags.security, deploy=True)
def deployment_is_deliberate(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Errors for values that are right on one machine and wrong in a studio."""
    found: list[CheckMessage] = []
    if not os.environ.get("PREVIS_SECRET_KEY"):
        found.append(
            Error(
                "PREVIS_SECRET_KEY is not set, so each machine makes a key of its own.",
                hint="A session signed by one web process would be refused by the next. Give all of them the same "
                "long random value.",
                id="previs.E010",
            )
        )
    if not settings.PREVIS_HTTPS:
        found.append(
            Error(
                "PREVIS_HTTPS is not set, so passwords and sessions may travel unencrypted.",
                hint="Put a reverse proxy with TLS in front, have it set X-Forwarded-Proto, and set PREVIS_HTTPS=1.",
                id="previs.E011",
            )
        )
    if settings.PREVIS_ALLOW_SCRIPTED:
        found.append(
            Error(
                "PREVIS_ALLOW_SCRIPTED is on: test cards instead of pictures.",
                hint="Unset it; it is for tests only.",
                id="previs.E012",
            )
        )
    return found


def is_local_storage() -> bool:
    return str(settings.STORAGES["default"]["BACKEND"]).endswith("FileSystemStorage")


def is_remote(host: str) -> bool:
    """Whether a service's host is another machine; '' and paths mean a unix socket here."""
    return bool(host) and not host.startswith(("/", "127.")) and host not in ("localhost", "::1")


def model_problems() -> list[tuple[str, str]]:
    """What is wrong with the default model's files: pairs of (what, what to do). Reads every weight file."""
    from previs.engine import catalogue
    from previs.engine.port import EngineError

    model = settings.PREVIS_MODEL
    if model == "scripted" and settings.PREVIS_ALLOW_SCRIPTED:
        return []
    if model not in catalogue.available(settings.PREVIS_MODELS_HOME):
        return [
            (
                f"The model {model!r} is not installed, so no frame can be rendered. Pages work without it.",
                "Run `manage.py models list`, then `manage.py models add`, or set PREVIS_MODEL to one that is there.",
            )
        ]
    try:
        if model == "pocket":
            from previs.engine.pocket.weights import PACKAGED, Manifest

            Manifest.read(PACKAGED).verify(PACKAGED)
        else:
            catalogue.refuse_changed(settings.PREVIS_MODELS_HOME, model)
    except EngineError as error:
        return [(str(error), f"Until then the model {model!r} is not loaded and its jobs fail in words.")]
    return []
