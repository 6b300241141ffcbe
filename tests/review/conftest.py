"""Frames to review: real pictures in the store, with the job and the provenance that a render leaves."""

from __future__ import annotations

import io
import itertools
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.generation.models import Frame, Sheet
    from previs.projects.models import Project

FrameFactory = Callable[..., "Frame"]
_shades = itertools.count(1)


def picture(width: int = 96, height: int = 40, kind: str = "PNG") -> bytes:
    """A plain picture that no other test has: each one is another grey."""
    from PIL import Image

    shade = next(_shades)
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (shade % 256, shade // 256 % 256, 90)).save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def _scene_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scene that frames are made from here has not changed since, unless a test says so."""
    from previs.generation import sources

    now = sources.Present("a" * 64, "Script changed: scene 12")
    monkeypatch.setitem(sources._READERS, "scene", lambda refs: dict.fromkeys(refs, now))


@pytest.fixture
def sheet(production: Project) -> Sheet:
    return new_sheet(production)


def new_sheet(production: Project, title: str = "12C.1", kind: str = "panel") -> Sheet:
    from previs.generation.sheets import open_sheet

    return open_sheet(production, kind=kind, title=title, path=f"/p/{production.slug}/scene/12/")


@pytest.fixture
def frame(sheet: Sheet, director: User) -> Frame:
    """Version 1 of panel 12C.1, rendered for the director."""
    return new_frame(sheet, director)


def new_frame(sheet: Sheet, made_for: User, *, by_hand: bool = False, **fields: Any) -> Frame:
    """The next version of a sheet. by_hand: uploaded, so without a job, provenance or blockout."""
    from previs.generation.models import Frame, Origin
    from previs.generation.store import put

    addresses = {"sha256": put(picture()), "thumb_sha256": put(picture(48, 20, "WEBP"))}
    if not by_hand:
        addresses["blockout_sha256"] = put(picture())
    frame = Frame.objects.create(
        **{
            "sheet": sheet,
            "job": None if by_hand else done_job(sheet, made_for),
            "number": sheet.frames.count() + 1,
            "origin": Origin.HAND if by_hand else Origin.AI,
            "made_for": made_for,
            "width": 96,
            "height": 40,
            **addresses,
            **fields,
        }
    )
    if frame.job:
        record_provenance(frame)
    return frame


def done_job(sheet: Sheet, made_for: User) -> Any:
    from django.utils import timezone

    from previs.engine.request import FrameRequest
    from previs.generation.models import Job, JobState, Source

    request = FrameRequest(prompt="Mara at the belt", model="scripted", seed=7, width=96, height=40)
    job = Job.objects.create(
        project=sheet.project,
        sheet=sheet,
        requested_by=made_for,
        brief=uuid.uuid4(),
        model="scripted",
        request=request.to_json(),
        batch_key="k",
        state=JobState.DONE,
        finished_at=timezone.now(),
    )
    Source.objects.create(job=job, kind="scene", ref="12", digest="a" * 64, label="12 INT. CANNERY - NIGHT")
    return job


def record_provenance(frame: Frame) -> None:
    from django.utils import timezone

    from previs.generation.models import Provenance

    Provenance.objects.create(
        frame=frame,
        requested_by=frame.made_for,
        prompt="Mara at the belt, zeugma light",
        negative_prompt="text",
        model="scripted",
        revision="r1",
        digests={"unet.safetensors": "b" * 64},
        seed=7,
        scheduler="DDIMScheduler",
        steps=12,
        guidance=3.0,
        width=96,
        height=40,
        request={},
        inputs={"depth": "c" * 64},
        versions={"torch": "2.13"},
        settings={"device": "cpu", "dtype": "float32"},
        reading={"used": ["belt"], "mapped": {"cannery": "factory"}, "ignored": ["zeugma"]},
        pixels_sha256="d" * 64,
        rendered_at=timezone.now(),
        seconds=2.5,
    )
