"""The worker's side of a fitting: dress the photo, measure what came of it, hand over the frame.

Every step is told to the runner, which renews the lease there and stops what nobody wants any more, and every layer is
kept as soon as it is on: a worker that takes over goes on from the last one. What may be shown is settled in the
transaction that ends the job.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np
from PIL import Image

from costumes import fitting_inputs
from costumes.fitting.filters import Uint8
from costumes.fitting.ground import Ground
from costumes.fitting.outfit import VERSION, FittingStep, Layer, Progress, changed, digests, dress
from costumes.fitting.painter import painter_for, prompt_of
from costumes.fitting.registration import Registration
from costumes.fitting.repaint import Painter, repaint
from costumes.fitting.report import MOST_DRIFT, QualityReport, assess
from costumes.fitting.skin import MOST_BARE, laid_bare
from costumes.fitting.trouble import FittingError
from costumes.fitting_steps import keep_step, kept_steps
from costumes.models import Fitting, FittingLayer, FittingResult
from costumes.models_fitting import Candidate
from previs.audit.record import record
from previs.engine.eyes import find_person
from previs.engine.port import EngineError, EngineFacts, OnStep
from previs.engine.request import RenderedFrame, Step
from previs.generation import catalogue
from previs.generation.engines import engine_for
from previs.generation.likeness import use_of_frame
from previs.generation.makers import Made, engine_behind
from previs.generation.models import Frame, FrameState, Job
from previs.generation.refusal import GenerationRefused, note_refusal
from previs.rights import policy

HELD_FOR = "quality"
BARE = "The painting shows skin where the photo shows cloth."
# IPTC digital source types.
SOURCE_TYPES = {
    Candidate.COMPOSITE: "composite",
    Candidate.REPAINTED: "compositeWithTrainedAlgorithmicMedia",
}


@dataclass(frozen=True, slots=True)
class Result:
    """One candidate. mask: (h, w) uint8, where change was asked for.  registration: of what a model returned."""

    candidate: Candidate
    picture: Uint8
    mask: Uint8
    facts: EngineFacts
    registration: Registration | None = None


def make(job: Job, on_step: OnStep) -> Made:
    """Make the candidate that a job asks for. Raises EngineError in words when it cannot be made."""
    fitting = Fitting.objects.select_related("photo", "change__character").get(pk=job.brief)
    try:
        return _make(fitting, job, on_step)
    except FittingError as trouble:
        raise EngineError(str(trouble), permanent=True) from trouble


def _make(fitting: Fitting, job: Job, on_step: OnStep) -> Made:
    rows = list(fitting.layers.select_related("garment", "photo"))
    painted = bool(engine_behind(job.model))
    steps_in_all = len(rows) + (3 if painted else 2)

    def done(number: int, picture: Uint8) -> None:
        on_step(Step(number, steps_in_all, lambda: [Image.fromarray(picture)]))

    ground = fitting_inputs.ground_of(fitting)
    done(1, ground.photo)
    layers = [fitting_inputs.layer_of(row) for row in rows]
    steps = _dressed(fitting, rows, ground, layers, done)
    if painted:

        def painting(step: Step) -> None:
            # Cancelled at every denoising step too; the count stays at the layers until the painting is done.
            done(len(rows) + 1, steps[-1].picture)

        words = [row.garment.name for row in rows]
        painter, facts = painter_of(engine_behind(job.model), words, layers, painting)
        seed = job.frame_request.seed
        found = repaint(ground, layers, steps, painter, inside=fitting.inside, seed=seed)
        result = Result(Candidate.REPAINTED, found.picture, found.mask, facts, found.registration)
        done(steps_in_all - 1, result.picture)
    else:
        result = Result(Candidate.COMPOSITE, steps[-1].picture, changed(steps), classical_facts())
    report = assess(ground, layers, steps, result.picture, result.mask, look=find_person)
    gates = failed_gates(report, ground.photo, result.picture)
    bare = report.same_size and laid_bare(ground, steps[-1].picture, result.picture) > MOST_BARE
    if bare:
        gates.append(BARE)
    mask = fitting_inputs.grey(result.mask)
    done(steps_in_all, result.picture)
    return Made(
        RenderedFrame(job.frame_request, Image.fromarray(result.picture), settings=_used(result, rows, mask)),
        result.facts,
        _keeper(fitting, result, report, gates, mask, bare=bare),
    )


def _dressed(
    fitting: Fitting,
    rows: Sequence[FittingLayer],
    ground: Ground,
    layers: Sequence[Layer],
    done: Callable[[int, Uint8], None],
) -> list[FittingStep]:
    def on_layer(progress: Progress) -> None:
        done(1 + progress.number, progress.step.picture)
        # Only after the runner has said that the fitting is still wanted.
        row = rows[progress.number - 1]
        if row.digest != progress.step.digest:
            keep_step(row, progress.step)

    kept = kept_steps(fitting, rows, digests(ground, layers), ground.photo)
    return dress(ground, layers, kept=kept, on_step=on_layer)


def painter_of(
    model: str, words: Sequence[str], layers: Sequence[Layer], on_step: OnStep
) -> tuple[Painter, EngineFacts]:
    """What paints over a composite with the engine of a model, and what that is.

    words: what the garments are called, lowest first.  Raises EngineError, FittingError.
    """
    engine = engine_for(model)
    painter = painter_for(
        engine,
        prompt=prompt_of(words),
        garments=[layer.garment.picture for layer in layers],
        card=catalogue.installed().get(model),
        on_step=on_step,
    )
    return painter, engine.facts()


def failed_gates(report: QualityReport, photo: Uint8, result: Uint8) -> list[str]:
    """The hard gates that a candidate does not pass, in words (R16); any of them holds it back."""
    gates = list(report.failed)
    new = fitting_inputs.new_faces(photo, result) if report.same_size else 0
    if new:
        gates.append(f"The result shows {new} face{'' if new == 1 else 's'} that the photo does not have.")
    verdict = policy.may_show_fitting(
        protected_changed=report.protected_changed,
        # Nobody's face is described or compared: it is the same one because its pixels are.
        identity_passed=report.same_size and not new,
        pose_passed=report.drift is not None
        and report.drift <= MOST_DRIFT
        and report.hands is not None
        and report.hands >= report.hands_before,
    )
    return gates or ([] if verdict.allowed else [verdict.sentence])


def classical_facts() -> EngineFacts:
    """What makes a composite: this program's own arithmetic, no trained model."""
    versions = {name: version(name) for name in ("numpy", "pillow")}
    return EngineFacts("fitting", VERSION, {}, versions, "cpu", "float32")


def _keeper(
    fitting: Fitting, result: Result, report: QualityReport, gates: list[str], mask: str, *, bare: bool
) -> Callable[[Frame], None]:
    def keep(frame: Frame) -> None:
        FittingResult.objects.create(
            frame=frame,
            fitting=fitting,
            candidate=result.candidate,
            report={**report.to_json(), "gates": gates},
            mask_sha256=mask,
        )
        if gates:
            frame.state, frame.held_for = FrameState.QUARANTINED, HELD_FOR
            frame.save(update_fields=["state", "held_for"])
            record("hold_back", frame, by=None, project_id=fitting.change.character.project_id, gates=gates)
        if bare and frame.persons.exists():
            note_undress(frame)

    return keep


def note_undress(frame: Frame) -> None:
    """Somebody has to look before whoever asked may ask for more, although it was the model that painted it (R15)."""
    verdict = policy.may_use(replace(use_of_frame(frame), undress_found=True))
    refused = GenerationRefused([verdict.sentence], code=verdict.code, verdict=verdict)
    note_refusal(frame.sheet, refused, by=frame.made_for)


def _used(result: Result, rows: Sequence[FittingLayer], mask: str) -> dict[str, Any]:
    """What decided the pixels beside the request, for the record of the frame."""
    used: dict[str, Any] = {
        "scheduler": "",
        "guidance": 0.0,
        "threads": 1,
        "source_type": SOURCE_TYPES[result.candidate],
        "candidate": str(result.candidate),
        "mask": mask,
        "layers": [
            {"garment": row.photo.sha256, "cut": row.cut_sha256, "step": row.digest, "seed": row.seed}
            for row in rows
        ],
    }
    if result.registration is not None:
        used["registration"] = {
            "matrix": np.round(result.registration.matrix, 6).tolist(),
            "correlation": round(result.registration.correlation, 4),
        }
    return used
