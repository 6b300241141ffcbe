"""Frames that no engine renders alone: a part of the program says how the jobs of a model of its own are made.

The model of such a job is the name of its maker, and behind a plus the engine that paints for it: "fitting" makes a
frame without any model, "fitting+pocket" has the pocket model paint over it. Everything else about the job is as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from previs.engine.port import EngineFacts, OnStep
from previs.engine.request import RenderedFrame
from previs.generation.models import Frame, Job


@dataclass(frozen=True, slots=True)
class Made:
    """One finished frame and what made its pixels.

    keep: called with the frame's row in the transaction that ends the job, to keep what belongs to it; whatever it
    raises undoes both.
    """

    frame: RenderedFrame
    facts: EngineFacts
    keep: Callable[[Frame], None]


Make = Callable[[Job, OnStep], Made]
"""Makes the frame of a job; calls on_step after every step, and whatever that raises ends the work.

Raises EngineError in words, RenderCancelled from on_step.
"""
_MAKERS: dict[str, str] = {}


def register(name: str, path: str) -> None:
    """path: "package.module:function", a `Make`. It is imported when the first job comes, so it may be heavy."""
    _MAKERS[name] = path


def has_maker(model: str) -> bool:
    return model.partition("+")[0] in _MAKERS


def maker_of(model: str) -> Make | None:
    """Who makes the frames of a model; None where an engine renders them."""
    path = _MAKERS.get(model.partition("+")[0])
    if path is None:
        return None
    module, _, name = path.partition(":")
    return cast(Make, getattr(import_module(module), name))


def engine_behind(model: str) -> str:
    """The id of the model whose engine takes part; "" where no trained model does."""
    return model.partition("+")[2] if has_maker(model) else model
