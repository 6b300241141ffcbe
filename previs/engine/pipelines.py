"""The pipelines of one model: loaded once, shared between abilities, laid out as the memory plan says."""

from __future__ import annotations

import dataclasses
import gc
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from previs.engine import hardware
from previs.engine.cards import CONTROLNET, ModelCard
from previs.engine.families import FAMILIES
from previs.engine.hardware import Hardware, Plan
from previs.engine.port import EngineError
from previs.engine.preview import fit_factors, thumbnail
from previs.engine.request import WAYS, Ability

if TYPE_CHECKING:
    from torch import Tensor

ADAPTER_WEIGHTS = "ip_adapter.safetensors"


class Pipelines:
    """Loads the weights of a model into one pipeline and derives the others from it.

    Raises EngineError if the card asks for a class its family does not have, or the weights do not fit.
    """

    def __init__(self, card: ModelCard, folder: Path, found: Hardware) -> None:
        if card.family not in FAMILIES:
            raise EngineError(
                f"{card.title} is of the family {card.family!r}; this engine knows {', '.join(FAMILIES)}.",
                permanent=True,
            )
        self.card, self.folder, self.family = card, folder, FAMILIES[card.family]
        if foreign := set(card.pipelines.values()) - self.family.pipelines:
            raise EngineError(
                f"The card of {card.id} names {', '.join(sorted(foreign))}, which is no pipeline of its family "
                f"({', '.join(sorted(self.family.pipelines))}). Correct the card.",
                permanent=True,
            )
        self.variant = _variant(folder)
        self.plan: Plan = hardware.plan(
            hardware.count_weights(folder, variant=self.variant),
            found,
            half=self.family.half,
            title=card.title,
        )
        able = [ability for ability in WAYS if ability in card.pipelines and ability != "depth"]
        if not able:
            raise EngineError(
                f"The card of {card.id} names no pipeline but depth. Add one for text.", permanent=True
            )
        self._base = self._load(able[0])
        self._own_scheduler = self._base.scheduler
        self._factors = self._fit_previews()
        self._pipelines: dict[Ability, Any] = {able[0]: self._base}
        self._adapted: Any = None
        self._place(self._base)

    @property
    def abilities(self) -> frozenset[Ability]:
        there = {path.parent.name for path in self.folder.glob("*/config.json")}
        there |= {path.parent.name for path in self.folder.glob(f"*/{ADAPTER_WEIGHTS}")}
        able = set(self.card.with_folders(there).abilities)
        if not self.family.controlnet:
            able.discard("depth")
        if not self.family.reference or (self.family.reference == "ip_adapter" and not self.card.ip_adapter):
            able.discard("reference")
        return frozenset(able)

    def ready(self, ability: Ability, *, scheduler: str = "", reference: bool = False) -> Any:
        """The pipeline for an ability with a fresh scheduler, which holds no trace of an earlier render.

        scheduler: class name from the family's list, "" for the model's own.
        reference: with the adapter that a reference picture goes through, where the family has one.
        """
        import diffusers

        adapts = reference and self.family.reference == "ip_adapter"
        if self._adapted is not None and not (adapts and self._adapted is self._pipelines.get(ability)):
            # The adapter sits in the denoiser that all pipelines share, and no frame without a reference runs with it.
            self._adapted.unload_ip_adapter()
            self._adapted = None
        if ability not in self._pipelines:
            self._pipelines[ability] = self._derive(ability)
        pipeline = self._pipelines[ability]
        if adapts and self._adapted is None:
            self._adapt(pipeline)
        own = self._own_scheduler
        pipeline.scheduler = (getattr(diffusers, scheduler) if scheduler else type(own)).from_config(
            own.config
        )
        if self.plan.offload:
            # The parts are shared, so the hooks on them may still be those of the pipeline that ran last.
            pipeline.enable_model_cpu_offload(device=self.plan.device)
        return pipeline

    def _adapt(self, pipeline: Any) -> None:
        try:
            pipeline.load_ip_adapter(
                str(self.folder),
                subfolder=self.card.ip_adapter,
                weight_name=ADAPTER_WEIGHTS,
                local_files_only=True,
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise EngineError(
                f"The reference adapter of {self.card.title} cannot be loaded: {error} Add the model again with the "
                f"adapter's {ADAPTER_WEIGHTS} and image_encoder in the folder {self.card.ip_adapter}.",
                permanent=True,
            ) from error
        self._adapted = pipeline

    def keywords(self, pipeline: Any) -> frozenset[str]:
        return frozenset(inspect.signature(type(pipeline).__call__).parameters)

    def previews(self, pipeline: Any, latents: Tensor, height: int, width: int) -> list[Image.Image]:
        """One thumbnail for each request of the batch. latents: as the step callback sees them; sides in px."""
        grids = self.family.unpack(pipeline, latents.detach(), height, width)
        return [thumbnail(grid, factors=self._factors) for grid in grids]

    def save_memory(self) -> bool:
        """Switch on whatever still saves memory; False if everything was on already."""
        saving = dataclasses.replace(self.plan, tiling=True, slicing=True, offload=self.plan.device == "cuda")
        if saving == self.plan:
            return False
        self.plan = saving
        for pipeline in self._pipelines.values():
            self._place(pipeline)
        return True

    def empty_cache(self) -> None:
        """Give unused memory of the device back."""
        import torch

        gc.collect()
        if self.plan.device == "cuda":
            torch.cuda.empty_cache()
        elif self.plan.device == "mps":
            torch.mps.empty_cache()

    def _load(self, ability: Ability) -> Any:
        import diffusers
        import torch
        import transformers

        # A worker's log is read by people; bars belong in a terminal.
        diffusers.utils.logging.disable_progress_bar()
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            pipeline = getattr(diffusers, self.card.pipelines[ability]).from_pretrained(
                self.folder,
                torch_dtype=getattr(torch, self.plan.dtype),
                local_files_only=True,
                use_safetensors=True,
                variant=self.variant,
                **self._options(ability),
            )
        except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise EngineError(
                f"{self.card.title} cannot be loaded: {error} Check that the folder holds the model its card names.",
                permanent=True,
            ) from error
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    def _options(self, ability: Ability) -> dict[str, Any]:
        """The export marks frames itself; a mark burnt in here would depend on which packages are installed."""
        return {"add_watermarker": False} if self.card.family == "sdxl" else {}

    def _derive(self, ability: Ability) -> Any:
        """Another pipeline over the same weights.

        `from_pipe` ends in a cast, to float32 unless told otherwise, and the cast hits the shared weights.
        """
        import diffusers
        import torch

        parts: dict[str, Any] = self._options(ability)
        dtype = getattr(torch, self.plan.dtype)
        if ability == "depth":
            controlnet = getattr(diffusers, self.family.controlnet)
            parts["controlnet"] = controlnet.from_pretrained(
                self.folder / CONTROLNET,
                torch_dtype=dtype,
                local_files_only=True,
                use_safetensors=True,
                variant=_variant(self.folder / CONTROLNET),
            )
        derived = getattr(diffusers, self.card.pipelines[ability])
        pipeline = derived.from_pipe(self._base, torch_dtype=dtype, **parts)
        pipeline.set_progress_bar_config(disable=True)
        self._place(pipeline)
        return pipeline

    def _place(self, pipeline: Any) -> None:
        """Lay a pipeline out as the plan says. Does nothing twice: shared parts stay where they are."""
        plan = self.plan
        if plan.tiling:
            for switch in ("enable_tiling", "enable_slicing"):
                if hasattr(pipeline.vae, switch):
                    getattr(pipeline.vae, switch)()
        if plan.slicing:
            pipeline.enable_attention_slicing()
        if plan.offload:
            pipeline.enable_model_cpu_offload(device=plan.device)
        else:
            pipeline.to(plan.device)

    def _fit_previews(self) -> Tensor:
        """Fit the preview weights to this model's decoder, in float32: some decoders overflow in 16 bits."""
        import torch

        vae = self._base.vae
        channels = (getattr(vae.config, "latent_channels", None) or vae.config.z_dim) * self.family.stacked
        was = vae.dtype
        if was != torch.float32:
            vae.to(torch.float32)
        factors = fit_factors(lambda latents: self.family.decode(self._base, latents), channels=channels)
        if was != torch.float32:
            vae.to(was)
        return factors


def _variant(folder: Path) -> str | None:
    """ "fp16" where a folder holds its weights only under that name; else the plain files are read."""
    weights = list(folder.rglob("*.safetensors"))
    return "fp16" if weights and all(".fp16" in path.name for path in weights) else None
