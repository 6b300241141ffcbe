"""What one frame is asked for and what comes back: plain values, JSON in and out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

Ability = Literal["text", "refine", "inpaint", "depth", "reference"]
ABILITIES: tuple[Ability, ...] = ("text", "refine", "inpaint", "depth", "reference")
WAYS: tuple[Ability, ...] = ("text", "refine", "inpaint", "depth")
"""How one frame is made; a reference picture can join any of them, where the model takes one."""
ABILITY_WORDS: dict[str, str] = {
    "text": "draw from words alone",
    "refine": "refine a picture",
    "inpaint": "repaint part of a picture",
    "depth": "follow a blockout",
    "reference": "follow a reference picture",
}

MAX_SEED = 2**32 - 1
MAX_PROMPT = 4_000
MIN_SIDE, MAX_SIDE = 64, 2048


@dataclass(frozen=True, slots=True)
class InputImage:
    """A picture the frame is made from, by content address.

    role: "picture" (refine, inpaint), "mask" (inpaint; white is repainted, grey blends), "depth" (8 bit, near is
        white), "reference" (its content and look are taken over, wherever the model can).
    sha256: hex digest of the encoded bytes.
    strength: 0 to 1, how strongly the control acts.  start, end: range of the steps it acts in, 0 to 1.
    """

    role: Literal["picture", "mask", "depth", "reference"]
    sha256: str
    strength: float = 1.0
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class FrameRequest:
    """Everything that decides the pixels of one frame, so that it can be stored, replayed and compared.

    width, height: pixels of the finished frame, multiples of 8.
    seed: 0 to 2**32 - 1.  steps: denoising steps.  guidance: classifier-free guidance scale.
    scheduler: diffusers scheduler class name, "" for the model's own.
    strength: 0 to 1, share of the noise put on the picture (refine and inpaint).
    blockout: a scene description as `previs.blockout` writes it; None lets the pocket model read the prompt. With
        ability "depth" and no depth picture, the engine renders the depth pass from it.
    control_strength: 0 to 1, how strongly the blockout acts.  control_start, control_end: range of the steps it acts
        in, 0 to 1.  A depth picture among the inputs brings its own.
    """

    prompt: str
    model: str
    seed: int
    width: int
    height: int
    ability: Ability = "text"
    negative_prompt: str = ""
    steps: int = 8
    guidance: float = 1.5
    scheduler: str = ""
    strength: float = 0.5
    inputs: tuple[InputImage, ...] = ()
    blockout: dict[str, Any] | None = None
    control_strength: float = 1.0
    control_start: float = 0.0
    control_end: float = 1.0

    def problems(self) -> list[str]:
        """Say in words what no engine could render; an empty list means well-formed."""
        found = []
        if not self.prompt.strip():
            found.append("The prompt is empty. Write what the frame shows.")
        if len(self.prompt) > MAX_PROMPT:
            found.append(
                f"The prompt has {len(self.prompt):,} characters; the limit is {MAX_PROMPT:,}. Shorten it."
            )
        if not 0 <= self.seed <= MAX_SEED:
            found.append(f"The seed must lie between 0 and {MAX_SEED:,}.")
        for name, side in (("width", self.width), ("height", self.height)):
            if not MIN_SIDE <= side <= MAX_SIDE or side % 8:
                found.append(f"The {name} must be a multiple of 8 between {MIN_SIDE} and {MAX_SIDE} pixels.")
        if not 1 <= self.steps <= 100:
            found.append("Steps must lie between 1 and 100.")
        if not 0 <= self.guidance <= 30:
            found.append("Guidance must lie between 0 and 30.")
        if not 0 < self.strength <= 1:
            found.append("Strength must lie above 0 and at most at 1.")
        if not 0 <= self.control_strength <= 1:
            found.append("The strength of the blockout must lie between 0 and 1.")
        if not 0 <= self.control_start < self.control_end <= 1:
            found.append("The blockout must start to act before it ends, both between 0 and 1 of the steps.")
        if self.ability not in WAYS:
            found.append(f"Unknown way of working {self.ability!r}; choose one of {', '.join(WAYS)}.")
        if not all(0 <= image.strength <= 1 for image in self.inputs):
            found.append("The strength of an input picture must lie between 0 and 1.")
        roles = {image.role for image in self.inputs}
        needed: dict[str, set[str]] = {"refine": {"picture"}, "inpaint": {"picture", "mask"}, "depth": set()}
        missing = needed.get(self.ability, set()) - roles
        if missing:
            found.append(f"To {self.ability}, add: {', '.join(sorted(missing))}.")
        return found

    @property
    def needs(self) -> frozenset[Ability]:
        """What a model must be able to do to render this."""
        reference: set[Ability] = {"reference"} if any(i.role == "reference" for i in self.inputs) else set()
        return frozenset({self.ability} | reference)

    @property
    def control(self) -> tuple[float, float, float]:
        """Strength, start and end of what the frame follows: of its depth picture, or else of its blockout."""
        for image in self.inputs:
            if image.role == "depth":
                return image.strength, image.start, image.end
        return self.control_strength, self.control_start, self.control_end

    @property
    def batch_key(self) -> tuple[object, ...]:
        """Requests with equal keys may be rendered in one batch."""
        control = (self.control_strength, self.control_start, self.control_end)
        return (
            self.model,
            self.ability,
            self.width,
            self.height,
            self.steps,
            self.guidance,
            self.scheduler,
            self.strength,
            tuple((image.role, image.strength, image.start, image.end) for image in self.inputs),
            # Only where it says something, so that keys of frames made before it existed stay as they were.
            *((control,) if control != (1.0, 0.0, 1.0) else ()),
        )

    def to_json(self) -> dict[str, Any]:
        record = dataclasses.asdict(self)
        record["inputs"] = [dataclasses.asdict(image) for image in self.inputs]
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> FrameRequest:
        """Raises TypeError if the record holds a field that this version does not know."""
        values = dict(record)
        values["inputs"] = tuple(InputImage(**image) for image in values.get("inputs", ()))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Step:
    """One denoising step of a batch is done.

    number: 1 to `of`.  previews: call it for one small picture per request (about 256 px wide); costs a few
    milliseconds, so call it only when a preview is due.
    """

    number: int
    of: int
    previews: Callable[[], list[Image]]


@dataclass(frozen=True, slots=True)
class RenderedFrame:
    """One finished frame.

    picture: RGB, exactly width x height of the request.
    blockout: the grey-box picture it was built on, if any (not AI).
    reading: what the model understood of the prompt: {"used": [...], "mapped": {...}, "ignored": [...]}, or {}.
    settings: what was really used where the request left it open: scheduler class, guidance, dtype, device,
        threads, batch_size, batch_index.
    """

    request: FrameRequest
    picture: Image
    blockout: Image | None = None
    reading: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
