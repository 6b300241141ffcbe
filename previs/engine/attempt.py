"""One attempt at rendering a batch: the call of the pipeline, its steps, and the frames that come of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps

from previs.engine.blockouts import BlockoutPictures, passes_of, pictures_of
from previs.engine.hardware import out_of_memory
from previs.engine.pictures import finish, fit, input_of, keep_outside, open_inputs, solid
from previs.engine.pipelines import Pipelines
from previs.engine.port import EngineError, OnStep, OpenInput
from previs.engine.request import FrameRequest, RenderedFrame, Step

if TYPE_CHECKING:
    from torch import Tensor


class Attempt:
    """One call of `render`: the same requests, tried in one or more parts and at one or another size."""

    def __init__(
        self,
        pipelines: Pipelines,
        requests: Sequence[FrameRequest],
        on_step: OnStep,
        open_input: OpenInput | None,
    ) -> None:
        self.pipelines = pipelines
        self.requests = requests
        self.on_step = on_step
        self.open_input = open_input

    def run(self, *, parts: int, scale: float = 1.0) -> list[RenderedFrame]:
        """Render all requests in `parts` calls of the pipeline, at `scale` times the size.

        Returns no frames if the device ran out of memory.
        """
        size = -(-len(self.requests) // parts)
        frames: list[RenderedFrame] = []
        for part in range(parts):
            share = self.requests[part * size : (part + 1) * size]
            try:
                frames += self._part(share, done=frames, part=part, parts=parts, scale=scale)
            except (RuntimeError, MemoryError) as error:
                if out_of_memory(error):
                    return []
                raise
        return frames

    def _part(
        self,
        requests: Sequence[FrameRequest],
        *,
        done: list[RenderedFrame],
        part: int,
        parts: int,
        scale: float,
    ) -> list[RenderedFrame]:
        pipelines, head = self.pipelines, requests[0]
        referring = "reference" in head.needs
        pipeline = pipelines.ready(head.ability, scheduler=head.scheduler, reference=referring)
        multiple = pipeline.vae_scale_factor * pipelines.family.patch
        width, height = (
            max(multiple, -(-int(side * scale) // multiple) * multiple) for side in (head.width, head.height)
        )
        blockouts = self._blockouts(requests, (width, height))
        arguments = self._arguments(pipeline, requests, (width, height), blockouts)

        def after_step(
            pipe: Any, index: int, _timestep: Any, tensors: dict[str, Tensor]
        ) -> dict[str, Tensor]:
            latents, steps = tensors["latents"], int(pipe.num_timesteps)

            def previews() -> list[Image.Image]:
                forming = pipelines.previews(pipe, latents, height, width)
                waiting = len(self.requests) - len(done) - len(forming)
                blank = Image.new("RGB", forming[0].size, (128, 128, 128))
                return [fit(frame.picture, forming[0].size) for frame in done] + forming + [blank] * waiting

            self.on_step(Step(part * steps + index + 1, parts * steps, previews))
            return tensors

        try:
            result = pipeline(**arguments, callback_on_step_end=after_step)
        finally:
            # A raise in the callback skips the pipeline's own clean-up.
            pipeline.maybe_free_model_hooks()
        if any(getattr(result, "nsfw_content_detected", None) or ()):
            raise EngineError(
                f"The safety checker of {pipelines.card.title} withheld a frame. Change the prompt.",
                permanent=True,
            )
        used = self._settings(pipeline, arguments, parts=parts, scale=scale)
        return [
            RenderedFrame(
                request,
                self._finish(request, picture, scale),
                blockout=self._lit(request, blockouts[index] if blockouts else None, scale),
                settings={**used, "batch_size": len(self.requests), "batch_index": len(done) + index},
            )
            for index, (request, picture) in enumerate(zip(requests, result.images, strict=True))
        ]

    def _blockouts(self, requests: Sequence[FrameRequest], size: tuple[int, int]) -> list[BlockoutPictures]:
        """The blockouts that frames follow by their depth pass, at the size that is rendered; else none."""
        import torch

        if requests[0].ability != "depth" or input_of(requests[0], "depth"):
            return []
        return [
            pictures_of(
                passes_of(
                    request.blockout or {}, seed=request.seed, size=size, threads=torch.get_num_threads()
                )
            )
            for request in requests
        ]

    def _arguments(
        self,
        pipeline: Any,
        requests: Sequence[FrameRequest],
        size: tuple[int, int],
        blockouts: Sequence[BlockoutPictures],
    ) -> dict[str, Any]:
        """The keywords of one pipeline call; a keyword the pipeline's signature lacks is left out."""
        import torch

        pipelines, head = self.pipelines, requests[0]
        family, card = pipelines.family, pipelines.card
        # On the CPU, one for each request: the same seed gives the same noise on every device and in every batch.
        generators = [torch.Generator().manual_seed(request.seed) for request in requests]
        wanted: dict[str, Any] = {
            "prompt": [request.prompt for request in requests],
            "generator": generators,
            "num_inference_steps": head.steps,
            "width": size[0],
            "height": size[1],
            family.guidance: head.guidance if card.takes_guidance else card.guidance,
        }
        if family.negative:
            # Some text encoders cannot read an empty text.
            wanted["negative_prompt"] = [request.negative_prompt or " " for request in requests]
        if head.ability in ("refine", "inpaint"):
            wanted["image"] = self._inputs(requests, "picture", size)
            wanted["strength"] = head.strength
        if head.ability == "inpaint":
            wanted["mask_image"] = [solid(mask) for mask in self._inputs(requests, "mask", size)]
        if head.ability == "depth":
            strength, start, end = head.control
            wanted[family.depth_keyword] = (
                [blockout.depth for blockout in blockouts]
                if blockouts
                else self._inputs(requests, "depth", size)
            )
            wanted["controlnet_conditioning_scale"] = strength
            wanted["control_guidance_start"], wanted["control_guidance_end"] = start, end
        if reference := input_of(head, "reference"):
            self._refer(pipeline, wanted, requests, reference.strength, size)
        taken = pipelines.keywords(pipeline)
        return {keyword: value for keyword, value in wanted.items() if keyword in taken}

    def _refer(
        self,
        pipeline: Any,
        wanted: dict[str, Any],
        requests: Sequence[FrameRequest],
        strength: float,
        size: tuple[int, int],
    ) -> None:
        """Add the reference picture of the one request to the keywords, in the family's way."""
        (reference,) = open_inputs(requests, "reference", self.open_input)
        if self.pipelines.family.reference == "ip_adapter":
            pipeline.set_ip_adapter_scale(strength)
            wanted["ip_adapter_image"] = reference
        elif "image_reference" in self.pipelines.keywords(pipeline):
            wanted["image_reference"] = reference
        else:
            filling = ImageOps.fit(reference, size, Image.Resampling.LANCZOS)
            wanted["image"] = [*wanted.get("image", ()), filling]

    def _inputs(
        self, requests: Sequence[FrameRequest], role: str, size: tuple[int, int]
    ) -> list[Image.Image]:
        return [fit(picture, size) for picture in open_inputs(requests, role, self.open_input)]

    def _lit(
        self, request: FrameRequest, blockout: BlockoutPictures | None, scale: float
    ) -> Image.Image | None:
        if blockout is None:
            return None
        return finish(blockout.lit, (request.width, request.height), shrunk=scale < 1)

    def _finish(self, request: FrameRequest, picture: Image.Image, scale: float) -> Image.Image:
        wanted = (request.width, request.height)
        finished = finish(picture, wanted, shrunk=scale < 1)
        if request.ability == "inpaint":
            (original,) = self._inputs([request], "picture", wanted)
            (mask,) = (fit(mask, wanted) for mask in open_inputs([request], "mask", self.open_input))
            finished = keep_outside(finished, original, mask)
        return finished

    def _settings(
        self, pipeline: Any, arguments: dict[str, Any], *, parts: int, scale: float
    ) -> dict[str, Any]:
        import torch

        pipelines, head = self.pipelines, self.requests[0]
        used: dict[str, Any] = {
            "pipeline": type(pipeline).__name__,
            "scheduler": type(pipeline.scheduler).__name__,
            "guidance": arguments[pipelines.family.guidance],
            "device": pipelines.plan.device,
            "dtype": pipelines.plan.dtype,
            "threads": torch.get_num_threads(),
            "offload": pipelines.plan.offload,
            "tiling": pipelines.plan.tiling,
            "slicing": pipelines.plan.slicing,
        }
        if scale < 1:
            used["rendered_at"] = scale
        if parts > 1:
            used["parts"] = parts
        unused: dict[str, Callable[[], bool]] = {
            "guidance": lambda: head.guidance != used["guidance"],
            "negative_prompt": lambda: (
                any(r.negative_prompt for r in self.requests) and "negative_prompt" not in arguments
            ),
            "strength": lambda: head.ability in ("refine", "inpaint") and "strength" not in arguments,
            "blockout": lambda: (
                any(r.blockout for r in self.requests)
                and (head.ability != "depth" or input_of(head, "depth") is not None)
            ),
            "control_range": lambda: (
                head.ability == "depth"
                and head.control[1:] != (0.0, 1.0)
                and "control_guidance_start" not in arguments
            ),
            "reference_strength": lambda: (
                "reference" in head.needs
                and pipelines.family.reference == "image"
                and any(i.strength < 1 for i in head.inputs if i.role == "reference")
            ),
        }
        if ignored := [name for name, is_unused in unused.items() if is_unused()]:
            used["ignored"] = ignored
        return used
