"""What the lint says: findings with stable codes, and the digests that waivers hold on to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from previs.storyboard.lint.setups import Camera, Figure, Floor, Setup

LINE, EYELINE, TURNED = "line_crossed", "eyeline_mismatch", "eyeline_turned"
JUMP, LEAP, SIZE = "jump_cut", "size_leap", "size_disagrees"
LENS, LENSES, SENSOR = "lens_disagrees", "lens_mismatch", "sensor_changes"
CODES = (LINE, EYELINE, TURNED, JUMP, LEAP, SIZE, LENS, LENSES, SENSOR)
# What a cut breaks, before what merely disagrees on paper.
WARNINGS = (LINE, EYELINE, JUMP)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the lint would say to the director.

    code: stable, one of CODES.  panel: the panel it is about.  before: the panel it is compared with, "" for none.
    sentence: what is wrong and what it does.  line: the axis on the floor, if one is meant.
    figures: who is meant.  cameras: of the panel before and of this one, or of this one only.
    digest: of everything the finding was computed from, so that a waiver ends when any of it changes.
    """

    code: str
    panel: str
    before: str
    sentence: str
    digest: str
    figures: tuple[Figure, ...]
    cameras: tuple[Camera, ...]
    line: tuple[Floor, Floor] | None = None

    @property
    def warns(self) -> bool:
        return self.code in WARNINGS


def finding(
    code: str,
    before: Setup | None,
    here: Setup,
    sentence: str,
    figures: tuple[Figure, ...],
    line: tuple[Floor, Floor] | None,
) -> Finding:
    cameras = (before.last, here.camera) if before else (here.camera,)
    inputs = {
        "code": code,
        "panels": [before.panel if before else "", here.panel],
        "cameras": [asdict(camera) for camera in cameras],
        "figures": [asdict(figure) for figure in figures],
        "fields": [here.size, here.lens_mm, here.ratio],
    }
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    return Finding(code, here.panel, before.panel if before else "", sentence, digest, figures, cameras, line)
