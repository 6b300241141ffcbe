"""Rendering a stored frame again, exactly as it was made."""

from __future__ import annotations

from dataclasses import dataclass

from previs.engine.port import EngineFacts
from previs.engine.request import FrameRequest, RenderedFrame
from previs.generation import imaging, store
from previs.generation.engines import engine_for
from previs.generation.makers import maker_of
from previs.generation.models import Frame


@dataclass(frozen=True, slots=True)
class Replay:
    """same_bytes: the file; same_pixels: the picture; changed: what is no longer as it was, in words."""

    rendered: RenderedFrame
    data: bytes
    same_bytes: bool
    same_pixels: bool
    changed: list[str]


def replay(frame: Frame) -> Replay:
    """Render a frame again from its provenance and compare.

    The batch is rebuilt in its old size with this request at its old place: kernels choose other blockings for
    other shapes, and a blocking decides the last bit of a sum.
    Raises EngineError when its model is not here, ValueError when the frame was not generated.
    """
    made = getattr(frame, "provenance", None)
    if made is None:
        raise ValueError("This frame was drawn by hand or uploaded; there is nothing to render again.")
    request = FrameRequest.from_json(made.request)
    rendered, facts = _again(frame, request)
    data = imaging.png(rendered.picture, made.record)
    changed = [
        f"{name}: {old} then, {new} now"
        for name, old, new in (
            ("revision", made.revision, facts.revision),
            ("device", made.settings.get("device"), facts.device),
            ("dtype", made.settings.get("dtype"), facts.dtype),
            ("threads", made.settings.get("threads"), rendered.settings.get("threads")),
            *((package, was, facts.versions.get(package)) for package, was in made.versions.items()),
        )
        if old != new
    ]
    if made.digests != facts.digests:
        changed.append("weights: other digests")
    return Replay(
        rendered=rendered,
        data=data,
        same_bytes=imaging.bytes_sha256(data) == frame.sha256,
        same_pixels=imaging.pixels_sha256(rendered.picture) == made.pixels_sha256,
        changed=changed,
    )


def _again(frame: Frame, request: FrameRequest) -> tuple[RenderedFrame, EngineFacts]:
    made = frame.provenance
    make = maker_of(request.model)
    if make is not None and frame.job is not None:
        again = make(frame.job, lambda step: None)
        return again.frame, again.facts
    engine = engine_for(made.model, revision=made.revision)
    size, place = int(made.settings.get("batch_size", 1)), int(made.settings.get("batch_index", 0))
    rendered = engine.render([request] * size, lambda step: None, open_input=store.read)[place]
    return rendered, engine.facts()
