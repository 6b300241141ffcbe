"""The diffusers engine: stock pipelines of the catalogue's families, from a local folder and nothing else."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from previs.engine import hardware
from previs.engine.attempt import Attempt
from previs.engine.blockouts import blockout_problems
from previs.engine.cards import ModelCard
from previs.engine.families import FAMILIES, Family
from previs.engine.hardware import Hardware, Plan
from previs.engine.pictures import input_of
from previs.engine.pipelines import Pipelines
from previs.engine.port import EngineError, EngineFacts, OnStep, OpenInput
from previs.engine.request import ABILITIES, ABILITY_WORDS, Ability, FrameRequest, RenderedFrame

SHRINK = 0.75


class DiffusersEngine:
    """Renders with the stock diffusers pipelines of one model.

    card: what the model is.  folder: its weights in the diffusers layout.
    digests: file in the folder -> SHA-256, as compared before loading.
    threads: CPU threads, None for torch's own choice.  found: the device to use instead of the one detected.
    Raises EngineError if the model does not fit the machine or the folder does not fit the card.
    """

    def __init__(
        self,
        card: ModelCard,
        folder: Path,
        *,
        digests: Mapping[str, str],
        threads: int | None = None,
        found: Hardware | None = None,
    ) -> None:
        # Read when the hub client is first imported: without it a missing file would be asked for over the network.
        os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
        import torch

        if threads:
            torch.set_num_threads(threads)
        # The fastest convolution may differ from run to run, and so would the bytes.
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.deterministic = True
        self.card = card
        self._digests = dict(digests)
        self._hardware = found or hardware.detect()
        self.pipelines = Pipelines(card, folder, self._hardware)

    @property
    def family(self) -> Family:
        return FAMILIES[self.card.family]

    @property
    def plan(self) -> Plan:
        return self.pipelines.plan

    @property
    def abilities(self) -> frozenset[Ability]:
        return self.pipelines.abilities

    @property
    def batch_limit(self) -> int:
        return self.plan.batch_limit

    def facts(self) -> EngineFacts:
        versions = {
            package: version(package) for package in ("torch", "diffusers", "transformers", "accelerate")
        }
        return EngineFacts(
            model=self.card.id,
            revision=self.card.revision,
            digests=dict(self._digests),
            versions={"python": platform.python_version(), **versions},
            device=f"{self.plan.device} ({self._hardware.name})",
            dtype=self.plan.dtype,
            details={
                "repo": self.card.repo,
                "pipelines": dict(self.card.pipelines),
                "offload": self.plan.offload,
                "tiling": self.plan.tiling,
                "slicing": self.plan.slicing,
            },
        )

    def check(self, request: FrameRequest) -> list[str]:
        found = request.problems() + blockout_problems(request.blockout)
        for ability in sorted(request.needs - self.abilities):
            found.append(self._unable(ability))
        control = input_of(request, "depth")
        if request.ability == "depth" and control is None and request.blockout is None:
            found.append("To follow depth, add a depth picture or a blockout.")
        if control and not 0 <= control.start < control.end <= 1:
            found.append("The depth control must start before it ends, both between 0 and 1.")
        if request.scheduler and request.scheduler not in self.family.schedulers:
            found.append(
                f"{self.card.title} does not run with the scheduler {request.scheduler!r}; "
                f"choose one of {', '.join(self.family.schedulers)}, or leave it to the model."
            )
        # Such a pipeline runs only the last strength * steps steps, and none is no render.
        if request.ability in ("refine", "inpaint") and request.steps * request.strength < 1:
            found.append(
                f"At strength {request.strength:g}, {request.steps} steps leave none to run. Raise either."
            )
        return found

    def _unable(self, ability: Ability) -> str:
        title, can = self.card.title, self.abilities
        if ability == "depth" and ability in self.card.abilities:
            return f"{title} was added without a controlnet folder, so it cannot follow a blockout or a depth picture."
        if ability == "reference" and ability in self.card.abilities:
            return (
                f"{title} was added without its reference adapter (the folder {self.card.ip_adapter}), so it cannot "
                "follow a reference picture."
            )
        words = ", ".join(ABILITY_WORDS[one] for one in ABILITIES if one in can)
        return f"{title} cannot {ABILITY_WORDS.get(ability, ability)}; it can {words}. Choose another model."

    def render(
        self, requests: Sequence[FrameRequest], on_step: OnStep, *, open_input: OpenInput | None = None
    ) -> list[RenderedFrame]:
        """Follows the port. Out of memory, it tries once more with less at once, and records how."""
        if not requests:
            return []
        if len({request.batch_key for request in requests}) > 1:
            raise EngineError(
                "Requests of one batch must agree in model, size, steps and inputs.", permanent=True
            )
        if problems := [problem for request in requests for problem in self.check(request)]:
            raise EngineError(" ".join(dict.fromkeys(problems)), permanent=True)
        attempt = Attempt(self.pipelines, requests, on_step, open_input)
        one_by_one = self.family.singles | {"reference"}
        parts = len(requests) if requests[0].needs & one_by_one else 1
        if frames := attempt.run(parts=parts):
            return frames
        # The failed attempt's frames are off the stack here, so its memory really is free again.
        self.pipelines.empty_cache()
        if len(requests) > parts:
            frames = attempt.run(parts=2)
        elif self.pipelines.save_memory():
            frames = attempt.run(parts=parts)
        else:
            frames = attempt.run(parts=parts, scale=SHRINK)
        if not frames:
            self.pipelines.empty_cache()
            head = requests[0]
            raise EngineError(
                f"{self.card.title} ran out of memory at {head.width}x{head.height}, also with less at once. "
                "Choose a smaller size or a smaller model, or close what else uses the device.",
                permanent=True,
            )
        return frames
