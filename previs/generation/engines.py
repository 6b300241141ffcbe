"""The engine this process holds: one at a time, kept warm, changed only when a job needs another model."""

from __future__ import annotations

import gc
import logging

from django.conf import settings

from previs.engine.port import Engine, EngineError
from previs.engine.request import FrameRequest

logger = logging.getLogger(__name__)
_held: tuple[tuple[str, str], Engine] | None = None


def engine_for(model: str, *, revision: str = "") -> Engine:
    """The loaded engine of a model. Loading checks every weight file against its recorded digest.

    revision: of its weights; "" for those that new frames are made with.
    Raises EngineError in words when the model is unknown, incomplete or changed.
    """
    global _held
    if _held is not None and _held[0] == (model, revision):
        return _held[1]
    # Two models rarely fit; the old one goes before the new one comes.
    _held = None
    gc.collect()
    from previs.engine.loading import load_engine

    engine = load_engine(
        model,
        models_home=settings.PREVIS_MODELS_HOME,
        allow_scripted=settings.PREVIS_ALLOW_SCRIPTED,
        threads=settings.PREVIS_THREADS,
        revision=revision,
    )
    _held = ((model, revision), engine)
    logger.info("Engine %s is ready.", model)
    return engine


def forget() -> None:
    """Drop the engine, for instance after it failed in a way that may have left it half loaded."""
    global _held
    _held = None
    gc.collect()


def warm_up(model: str) -> None:
    """Load ahead of the first job, by a frame of one step that nobody sees: what loads or compiles late has done so.

    A fault is logged now and told to the person who asks for a frame.
    """
    request = FrameRequest(prompt="INT. ROOM - DAY", model=model, seed=0, width=512, height=288, steps=1)
    try:
        engine_for(model).render([request], lambda step: None)
    except EngineError as error:
        logger.warning("The model %s is not ready: %s", model, error)
