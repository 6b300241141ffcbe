"""The embedded engine: prompt or blockout in, frame out, on any machine, without a download."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from previs.engine.blockouts import blockout_problems
from previs.engine.pocket.weights import PACKAGED, Manifest
from previs.engine.port import EngineError, EngineFacts, OnStep, OpenInput
from previs.engine.request import Ability, FrameRequest, RenderedFrame, Step

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

    from previs.engine.pocket.pipeline import PocketPipeline
    from previs.engine.pocket.takes import Take

MODEL = "pocket"
SCHEDULER = "DDIMScheduler"
WIDEST_RATIO = 4.0
BATCH_LIMIT = 4
LIBRARIES = ("torch", "diffusers", "transformers", "safetensors", "numpy", "pillow", "numba")


@cache
def _versions() -> dict[str, str]:
    """Read once: looking a version up opens files."""
    return {name: version(name) for name in LIBRARIES}


class PocketEngine:
    """Implements `previs.engine.port.Engine` on the CPU.

    weights: a folder with `manifest.json`.  threads: CPU threads; part of what decides the bytes, so it is recorded
    with every frame.  Nothing is loaded, and torch is not imported, before the first render.
    """

    def __init__(self, weights: Path = PACKAGED, threads: int | None = None) -> None:
        self.weights = weights
        self.threads = threads or min(4, os.cpu_count() or 1)
        self._manifest: Manifest | None = None
        self._pipeline: PocketPipeline | None = None

    @property
    def abilities(self) -> frozenset[Ability]:
        return frozenset(("text", "refine", "inpaint", "depth"))

    @property
    def batch_limit(self) -> int:
        return BATCH_LIMIT

    @property
    def manifest(self) -> Manifest:
        if self._manifest is None:
            self._manifest = Manifest.read(self.weights)
        return self._manifest

    def facts(self) -> EngineFacts:
        return EngineFacts(
            model=MODEL,
            revision=self.manifest.revision,
            digests=dict(self.manifest.digests),
            versions=dict(_versions()),
            device="cpu",
            dtype="float32",
            details={"threads": self.threads, "training": self.manifest.training},
        )

    def check(self, request: FrameRequest) -> list[str]:
        found = request.problems() + blockout_problems(request.blockout)
        if "reference" in request.needs:
            found.append("The pocket model cannot follow a reference picture. Choose a model that can.")
        if request.scheduler not in ("", SCHEDULER):
            found.append(f"The pocket model is sampled with {SCHEDULER} only; leave the scheduler empty.")
        if min(request.width, request.height) > 0:
            ratio = max(request.width / request.height, request.height / request.width)
            if ratio > WIDEST_RATIO:
                found.append(
                    f"The pocket model draws frames up to {WIDEST_RATIO:g} : 1; choose a less extreme size."
                )
        roles = [image.role for image in request.inputs]
        if len(roles) != len(set(roles)):
            found.append("Each kind of input picture may be given once.")
        return found

    def load(self) -> PocketPipeline:
        """Verify the digests, then load; later calls return the same pipeline. Raises EngineError."""
        if self._pipeline is None:
            self.manifest.verify(self.weights)
            import torch

            from previs.engine.pocket.pipeline import PocketPipeline

            torch.set_num_threads(self.threads)
            self._pipeline = PocketPipeline.load(self.weights)
        return self._pipeline

    def render(
        self, requests: Sequence[FrameRequest], on_step: OnStep, *, open_input: OpenInput | None = None
    ) -> list[RenderedFrame]:
        """See `previs.engine.port.Engine.render`. No requests, no frames."""
        if not requests:
            return []
        if len({request.batch_key for request in requests}) > 1:
            raise EngineError(
                "Frames of one batch must agree in model, size, steps and inputs.", permanent=True
            )
        if problems := [problem for request in requests for problem in self.check(request)]:
            raise EngineError(problems[0], permanent=True)
        pipeline = self.load()
        import torch

        from previs.engine.pocket.painting import conditions_of, depth_range_of, paint, previews
        from previs.engine.pocket.takes import prepare

        takes = [prepare(request, open_input, threads=self.threads) for request in requests]
        first = requests[0]
        conditions, start = conditions_of(takes, pipeline)
        generators = [torch.Generator().manual_seed(request.seed) for request in requests]

        def on_latents(number: int, of: int, latents: torch.Tensor) -> None:
            on_step(Step(number, of, lambda: previews(pipeline, latents, takes)))

        latents = pipeline.denoise(
            [take.caption for take in takes],
            [take.negative for take in takes],
            conditions,
            generators,
            steps=first.steps,
            guidance=first.guidance,
            start=start,
            strength=first.strength,
            depth_range=depth_range_of(takes[0]),
            on_latents=on_latents,
        )
        return [
            self._frame(take, paint(pipeline, take, latents[index : index + 1]), index, len(takes))
            for index, take in enumerate(takes)
        ]

    def _frame(self, take: Take, picture: Image, index: int, size: int) -> RenderedFrame:
        from previs.engine.pocket.painting import finishes

        settings: dict[str, Any] = {
            "scheduler": SCHEDULER,
            "steps": take.request.steps,
            "guidance": take.request.guidance,
            "dtype": "float32",
            "device": "cpu",
            "threads": self.threads,
            "batch_size": size,
            "batch_index": index,
            "caption": take.caption,
            "negative": take.negative,
            "blockout": take.description,
        }
        if over := finishes(take, self.load().sampling):
            settings["drawn_over"] = f"{', '.join(over)}, by the renderer"
        return RenderedFrame(take.request, picture, take.blockout, take.reading, settings)
