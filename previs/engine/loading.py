"""From a model id to the engine that renders it."""

from __future__ import annotations

from pathlib import Path

from previs.engine.cards import load_cards
from previs.engine.catalogue import available, refuse_changed
from previs.engine.port import Engine, EngineError
from previs.engine.scripted import ScriptedEngine


def load_engine(
    model_id: str,
    *,
    models_home: Path | str,
    allow_scripted: bool = False,
    threads: int | None = None,
    revision: str = "",
) -> Engine:
    """Load one model; every weight file is compared with its recorded digest first.

    models_home: folder of the models added with `models add`.
    allow_scripted: let the id "scripted" through, for tests.  threads: CPU threads; None for torch's own choice.
    revision: of the weights, to render a frame again as it was; the present ones where that is not kept.
    Raises EngineError in words if the model is unknown, not installed, changed or too big for this machine.
    """
    if model_id == "scripted" and allow_scripted:
        return ScriptedEngine()
    here = available(models_home, allow_scripted=allow_scripted)
    if model_id not in here:
        known = load_cards().get(model_id)
        what = (
            f"{known.title} is in the catalogue but not installed"
            if known
            else f"There is no model {model_id!r}"
        )
        choice = f"Installed here: {', '.join(here)}." if here else "No model is installed here."
        raise EngineError(f"{what}. {choice} Add one with `manage.py models add`.", permanent=True)
    try:
        if model_id == "pocket":
            from previs.engine.pocket.engine import PocketEngine
            from previs.engine.pocket.weights import folder_of

            pocket: Engine = PocketEngine(folder_of(revision), threads=threads)
            return pocket
        from previs.engine.diffusion import DiffusersEngine

        model = refuse_changed(models_home, model_id)
        return DiffusersEngine(model.card, model.folder, digests=model.digests, threads=threads)
    except ImportError as error:
        raise EngineError(
            f"This machine cannot render: {error.name or error} is not installed. Install the `diffusion` extra.",
            permanent=True,
        ) from error
