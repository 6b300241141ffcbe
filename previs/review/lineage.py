"""Where a frame came from, as a record that can leave the house with it."""

from __future__ import annotations

from typing import Any

from previs.generation import controls, sources
from previs.generation.models import Frame

RECORD_VERSION = 1


def record_of(frame: Frame) -> dict[str, Any]:
    """All that is known of a frame, as JSON: bytes, provenance, sources, decisions.

    frame: with sheet, project, job, made_for and provenance loaded.
    """
    provenance = getattr(frame, "provenance", None)
    return {
        "record": "previs-frame",
        "version": RECORD_VERSION,
        "frame": {
            "id": str(frame.pk),
            "production": frame.sheet.project.title,
            "subject": frame.sheet.title,
            "kind": frame.sheet.kind,
            "number": frame.number,
            "origin": frame.get_origin_display(),
            "caption": frame.caption,
            "width": frame.width,
            "height": frame.height,
            "sha256": frame.sha256,
            "blockout_sha256": frame.blockout_sha256 or None,
            "made_for": str(frame.made_for),
            "created_at": frame.created_at.isoformat(),
        },
        "provenance": provenance
        and {
            "requested_by": str(provenance.requested_by),
            "prompt": provenance.prompt,
            "negative_prompt": provenance.negative_prompt,
            "model": provenance.model,
            "revision": provenance.revision,
            "digests": provenance.digests,
            "seed": provenance.seed,
            "scheduler": provenance.scheduler,
            "steps": provenance.steps,
            "guidance": provenance.guidance,
            "width": provenance.width,
            "height": provenance.height,
            "inputs": provenance.inputs,
            "request": provenance.request,
            "settings": provenance.settings,
            "reading": provenance.reading,
            "versions": provenance.versions,
            "pixels_sha256": provenance.pixels_sha256,
            "rendered_at": provenance.rendered_at.isoformat(),
            "seconds": provenance.seconds,
        },
        "sources": [
            {"kind": source.kind, "ref": source.ref, "digest": source.digest, "label": source.label}
            for source in (frame.job.sources.all() if frame.job else [])
        ],
        "changed_since": sources.stale_reasons([frame]).get(frame.pk, []),
        "decisions": [
            {
                "verdict": decision.verdict,
                "by": str(decision.by),
                "role": decision.role,
                "note": decision.note,
                "covers_sha256": decision.frame_sha256,
                "policy_version": decision.policy_version,
                "current": decision.current,
                "at": decision.created_at.isoformat(),
            }
            for decision in frame.decisions.select_related("by")
        ],
    }


def facts_of(frame: Frame) -> list[tuple[str, str]]:
    """The same for people: label and value, in the order they are read; empty for a drawing."""
    provenance = getattr(frame, "provenance", None)
    if provenance is None:
        return []
    used = provenance.settings
    device = ", ".join(str(used[name]) for name in ("device", "dtype") if used.get(name))
    facts = [
        ("Model", provenance.model),
        ("Revision", provenance.revision),
        ("Seed", str(provenance.seed)),
        ("Scheduler", provenance.scheduler),
        ("Steps", str(provenance.steps)),
        ("Guidance", f"{provenance.guidance:g}"),
        ("Size", f"{provenance.width} × {provenance.height}"),
        *controls.facts_of(provenance.request),
        ("Device", device),
        ("Asked for by", str(provenance.requested_by)),
        ("Rendered", f"{provenance.rendered_at:%d %b %Y, %H:%M} UTC, {provenance.seconds:.1f} s"),
    ]
    return [(label, value) for label, value in facts if value]
