"""The port every engine implements, and the two ways a render can end early."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from previs.engine.request import Ability, FrameRequest, RenderedFrame, Step

OnStep = Callable[[Step], None]
OpenInput = Callable[[str], bytes]
"""SHA-256 hex digest -> the encoded bytes of an input picture; raises KeyError when it is not stored."""


class EngineError(Exception):
    """A render failed.

    permanent: True means that trying again cannot help.  The message is shown to people: cause first, then
    what to do.
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class RenderCancelled(Exception):  # noqa: N818 - an outcome, not an error
    """Raised from `on_step` to stop a render between two steps."""


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What made the pixels. digests: file path inside the model folder -> SHA-256 hex."""

    model: str
    revision: str
    digests: dict[str, str]
    versions: dict[str, str]
    device: str
    dtype: str
    details: dict[str, Any] = field(default_factory=dict)


class Engine(Protocol):
    """Renders frames. One engine a process, one batch at a time: not thread-safe."""

    @property
    def abilities(self) -> frozenset[Ability]: ...

    @property
    def batch_limit(self) -> int:
        """How many agreeing requests this device gains from rendering at once; 1 means that batching does not pay."""
        ...

    def facts(self) -> EngineFacts: ...

    def check(self, request: FrameRequest) -> list[str]:
        """Say in words why this engine cannot render the request; cheap, loads nothing."""
        ...

    def render(
        self, requests: Sequence[FrameRequest], on_step: OnStep, *, open_input: OpenInput | None = None
    ) -> list[RenderedFrame]:
        """Render requests that share one `batch_key`, in order.

        Same request, same position and size of the batch, same device -> same bytes.
        Calls `on_step` after every denoising step; whatever it raises ends the render.
        Raises EngineError, or RenderCancelled from `on_step`.
        """
        ...
