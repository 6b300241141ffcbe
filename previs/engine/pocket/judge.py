"""Classifiers that say what a picture shows, trained on renders alone: `python -m previs.engine.pocket.judge`.

One reads scenes, one costume croquis. They judge frames in `score`: what they read in a frame, against what they read
in the render of the same description. They have renders of their own, from seeds that nothing else uses. The renders stay
in the workplace; the judges are kept beside the scores, in half precision, so that these can be taken again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from previs.blockout import words
from previs.blockout.description import SceneDescription
from previs.blockout.sampler import INNER, OUTER, sample
from previs.engine.pocket.data import WORKPLACE, frame_size
from previs.engine.pocket.passes import half

RENDERS = WORKPLACE / "judges"
JUDGES = Path("docs/pocket/judges")
FIRST_SEED = 20_000_000
BATCH = 32
WIDTH = 32
SHARD = 100
UNASKED = -1
WIDE = ("EWS", "WS", "FS")
"""Closer than this, somebody and a piece of wall fill the frame."""
MEDIUM = ("MWS", "MS")
LEVEL = ("eye", "low", "ots", "profile", "reverse", "dutch", "high")
THICK = ("fog", "snow", "ash", "storm")
"""Weather that hides what stands farther away, and lies on the ground that would tell a field from a beach."""
TOLD_BY_LIGHT = ("time of day", "weather", "garment colour")
"""What another light would answer wrongly; place, size and garment stay what they are in any."""
RELIT = 0.5
"""How often the judge learns in another light: it must know a place however a frame is lit."""
CELL = 4
"""Pixels, of those that a judge sees, that one latent cell covers; a frame is mottled at that size."""
UPRIGHT_POSES = ("stand", "walk", "run", "reach", "point")
"""How much of somebody who sits, kneels or lies is in frame says little about the size of the shot."""

Pictures = npt.NDArray[np.uint8]
Answers = dict[str, tuple[str, ...]]
Asked = dict[str, str | None]


def taught_of_a_scene(description: SceneDescription) -> Asked:
    """What a judge learns from a picture of this description: question -> answer, or None where nothing shows it."""
    size = description.shot_size
    roomy = size in WIDE + MEDIUM and description.angle in LEVEL
    upright = any(figure.pose in UPRIGHT_POSES and not figure.position for figure in description.people[:1])
    return {
        "place": description.place if roomy else None,
        "shot size": size if size != "INS" and description.angle in LEVEL and upright else None,
        "time of day": description.time_of_day
        if description.look != "noir" and size in WIDE + MEDIUM
        else None,
        "weather": description.weather if roomy and not description.interior else None,
    }


def asked_of_a_scene(description: SceneDescription) -> Asked:
    """What may fairly be asked of it. Beyond what is not taught, no picture tells reliably:

    the place in medium shots, in ruins, in noir, from a tilted camera or from above, and in weather that hides it.
    """
    asked = taught_of_a_scene(description)
    thick = not description.interior and description.weather in THICK
    blurred = thick or description.damage == "ruined" or description.look == "noir"
    if description.shot_size not in WIDE or description.angle in ("dutch", "high") or blurred:
        asked["place"] = None
    return asked


def asked_of_a_croquis(description: SceneDescription) -> Asked:
    """The outermost garment of the figure and its colour; no colour in noir, which has none."""
    worn = description.people[0].garments[0]
    return {"garment": worn.kind, "garment colour": worn.colour if description.look != "noir" else None}


@dataclass(frozen=True)
class Subject:
    """A kind of picture that is judged: the domain of its descriptions, what it teaches, is asked, possible answers."""

    domain: str
    taught: Callable[[SceneDescription], Asked]
    asked: Callable[[SceneDescription], Asked]
    answers: Answers

    def right(self, descriptions: Sequence[SceneDescription], taught: bool = False) -> npt.NDArray[np.int64]:
        """(n, questions): index of each right answer, or UNASKED. taught: of all that a judge learns from."""
        rows = []
        for description in descriptions:
            asked = (self.taught if taught else self.asked)(description)
            rows.append(
                [
                    UNASKED if (answer := asked[question]) is None else answers.index(answer)
                    for question, answers in self.answers.items()
                ]
            )
        return np.array(rows, np.int64)


SUBJECTS = {
    "scene": Subject(
        "scene",
        taught_of_a_scene,
        asked_of_a_scene,
        {
            "place": words.PLACES,
            "shot size": tuple(words.SHOT_SIZES),
            "time of day": words.TIMES,
            "weather": words.WEATHERS,
        },
    ),
    "croquis": Subject(
        "croquis",
        asked_of_a_croquis,
        asked_of_a_croquis,
        {"garment": OUTER + INNER, "garment colour": tuple(words.COLOURS)},
    ),
}


class Block(nn.Module):
    """Two convolutions beside a short cut: (b, before, h, w) -> (b, after, h / stride, w / stride)."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.work = nn.Sequential(
            nn.Conv2d(before, after, 3, stride, 1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
            nn.Conv2d(after, after, 3, 1, 1, bias=False),
            nn.BatchNorm2d(after),
        )
        self.around = nn.Conv2d(before, after, 1, stride, bias=False)

    def forward(self, seen: Tensor) -> Tensor:
        return F.relu(self.work(seen) + self.around(seen))


class Judge(nn.Module):
    """(b, 3, h, w) in [-1, 1], h and w multiples of 16 -> for each question, (b, number of answers) scores."""

    def __init__(self, answers: Answers, width: int) -> None:
        super().__init__()
        widths = (width, width * 2, width * 4, width * 6)
        self.see = nn.Sequential(
            nn.Conv2d(12, width, 3, padding=1, bias=False),
            Block(width, widths[0], 1),
            Block(widths[0], widths[1], 2),
            Block(widths[1], widths[2], 2),
            Block(widths[2], widths[3], 2),
        ).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.answer = nn.ModuleDict(
            {question: nn.Linear(widths[3] * 8, len(found)) for question, found in answers.items()}
        )

    def forward(self, picture: Tensor) -> dict[str, Tensor]:
        small = F.pixel_unshuffle(picture, 2)
        seen = self.see(small.contiguous(memory_format=torch.channels_last))
        # The whole picture, and its thirds: sky lies above, floor below.
        rows = F.adaptive_avg_pool2d(seen, (3, 1)).flatten(1)
        columns = F.adaptive_max_pool2d(seen, (1, 3)).flatten(1)
        everywhere = torch.cat([seen.mean((2, 3)), seen.amax((2, 3))], 1)
        features = F.dropout(torch.cat([everywhere, rows, columns], 1), 0.3, self.training)
        return {question: layer(features) for question, layer in self.answer.items()}


def seeds_of(domain: str, number: int, first: int = FIRST_SEED) -> list[int]:
    """The first seeds whose descriptions are of this domain."""
    return list(islice((seed for seed in count(first) if sample(seed).domain == domain), number))


def render_of(seed: int) -> Pictures:
    """What a frame of this seed should look like, at half its size: (144, 256, 3), a croquis (256, 144, 3)."""
    from previs.blockout.render import render

    description = sample(seed)
    width, height = frame_size(description.domain)
    passes = render(description, seed=seed, width=width, height=height, samples=1, threads=1)
    return half(np.asarray(passes.picture))


def _render_shard(path: Path, seeds: list[int]) -> None:
    pictures = np.stack([render_of(seed) for seed in seeds])
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.save(file, pictures)
    unfinished.rename(path)


def renders(subject: Subject, number: int, folder: Path) -> tuple[Pictures, list[SceneDescription]]:
    """That many renders (n, h, w, 3) and their descriptions; shards that are there already are read."""
    folder.mkdir(parents=True, exist_ok=True)
    seeds = seeds_of(subject.domain, number)
    shards = {
        folder / f"{subject.domain}-{first:06d}.npy": seeds[first : first + SHARD]
        for first in range(0, number, SHARD)
    }
    os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # one core a process, instead of all cores twice
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        missing = [
            pool.submit(_render_shard, path, held) for path, held in shards.items() if not path.exists()
        ]
        for job in missing:
            job.result()
    pictures = np.concatenate([np.load(path) for path in shards])
    return pictures, [sample(seed) for seed in seeds]


def as_seen(pictures: Pictures) -> Tensor:
    """As a judge sees them, at half of their size: (n, h, w, 3) -> (n, 3, h / 2, w / 2) in [-1, 1]."""
    whole = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()
    return F.avg_pool2d(whole, 2) / 127.5 - 1


def batches(number: int, generator: torch.Generator) -> Iterator[Tensor]:
    order = torch.randperm(number, generator=generator)
    for first in range(0, number, BATCH):
        yield order[first : first + BATCH]


def disturbed(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Mirrored, softened, grained and mottled at random, so that the judge reads what is shown and not how finely."""
    mirror, soft, grain, mottle = torch.rand(4, generator=generator).tolist()
    if mirror < 0.5:
        picture = picture.flip(-1)
    if soft < 0.5:
        picture = (picture + F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, 1)) / 2
    if grain < 0.5:
        picture = picture + 0.08 * grain * torch.randn(picture.shape, generator=generator)
    if mottle < 0.5:
        batch, channels, height, width = picture.shape
        coarse = torch.randn(batch, channels, height // CELL, width // CELL, generator=generator)
        picture = picture + 0.12 * mottle * F.interpolate(coarse, size=(height, width), mode="bilinear")
    return picture


def relit(picture: Tensor, generator: torch.Generator) -> Tensor:
    """The same things in another light, picture by picture: brightness, contrast, tint and a veil of grey."""
    drawn = torch.rand(len(picture), 6, 1, 1, generator=generator) * 2 - 1
    light = ((picture + 1) / 2).clamp(1e-3, 1) ** (2 ** (0.8 * drawn[:, :1]))
    light = light * (1 + 0.25 * drawn[:, 1:4])
    veil = 0.25 * (1 + drawn[:, 4:5])
    return (light * (1 - veil) + veil * (0.5 + 0.35 * drawn[:, 5:6])).clamp(0, 1) * 2 - 1


def train(
    judge: Judge,
    pictures: Pictures,
    right: npt.NDArray[np.int64],
    epochs: int,
    *,
    rate: float = 4e-3,
    bfloat16: bool = False,
) -> None:
    """Train in place. rate: the highest learning rate.  bfloat16: compute in it, for a CPU that has it."""
    generator = torch.Generator().manual_seed(0)
    optimiser = torch.optim.AdamW(judge.parameters(), lr=rate / 2, weight_decay=0.02)
    steps = epochs * -(-len(pictures) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.15)
    answers = torch.from_numpy(right)
    for epoch in range(epochs):
        judge.train()
        began, total = time.monotonic(), 0.0
        for chosen in batches(len(pictures), generator):
            shown = disturbed(as_seen(pictures[chosen.numpy()]), generator)
            other_light = float(torch.rand(1, generator=generator)) < RELIT
            with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
                said = judge(relit(shown, generator) if other_light else shown)
            losses = [
                F.cross_entropy(
                    scores.float(), answers[chosen, index], ignore_index=UNASKED, label_smoothing=0.03
                )
                for index, (question, scores) in enumerate(said.items())
                if not (other_light and question in TOLD_BY_LIGHT)
            ]
            loss = torch.stack([part for part in losses if not part.isnan()]).sum()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        report = f"epoch {epoch + 1} loss {total * BATCH / len(pictures):.3f}"
        print(report, f"{time.monotonic() - began:.0f} s", flush=True)  # noqa: T201


@torch.no_grad()
def hits(judge: Judge, pictures: Pictures, right: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.bool_]]:
    """For each question, whether each picture that it was asked of was read rightly: (asked,)."""
    judge.eval()
    said: dict[str, list[Tensor]] = {}
    for first in range(0, len(pictures), 64):
        for question, scores in judge(as_seen(pictures[first : first + 64])).items():
            said.setdefault(question, []).append(scores.argmax(1))
    found = {}
    for index, (question, read) in enumerate(said.items()):
        asked = right[:, index] != UNASKED
        found[question] = (torch.cat(read).numpy() == right[:, index])[asked]
    return found


def shares(found: dict[str, npt.NDArray[np.bool_]]) -> dict[str, dict[str, Any]]:
    """For each question: how many were asked, and the share read rightly."""
    return {
        question: {"asked": len(one), "right": round(float(one.mean()), 3) if len(one) else None}
        for question, one in found.items()
    }


def load_judge(domain: str, folder: Path = JUDGES) -> Judge:
    """A trained judge. Raises FileNotFoundError naming the command that trains it."""
    from safetensors.torch import load_file

    path = folder / f"{domain}.safetensors"
    if not path.exists():
        raise FileNotFoundError(
            f"There is no judge at {path}. Run `python -m previs.engine.pocket.judge` first."
        )
    judge = Judge(SUBJECTS[domain].answers, WIDTH)
    judge.load_state_dict(load_file(path))
    return judge


def keep_judge(judge: Judge, domain: str, folder: Path = JUDGES) -> None:
    """Write a judge for `load_judge`, in half precision."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    halved = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in judge.state_dict().items()
    }
    save_file(halved, folder / f"{domain}.safetensors")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--scenes", type=int, default=24000)
    parser.add_argument("--croquis", type=int, default=4000)
    parser.add_argument("--held", type=int, default=600, help="renders of each kind that only measure")
    parser.add_argument("--only", choices=tuple(SUBJECTS), help="train this one alone")
    parser.add_argument("--folder", type=Path, default=RENDERS, help="of the renders")
    parser.add_argument("--judges", type=Path, default=JUDGES, help="where the judges and their figures go")
    parser.add_argument("--go-on", action="store_true", help="from the judge that is there, gently")
    parser.add_argument("--bfloat16", action="store_true", help="quicker where the CPU has it (AMX, AVX-512)")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    figures = arguments.judges / "measured.json"
    measured = json.loads(figures.read_text()) if figures.exists() else {}
    for subject in SUBJECTS.values():
        if arguments.only not in (None, subject.domain):
            continue
        number = arguments.scenes if subject.domain == "scene" else arguments.croquis
        pictures, described = renders(subject, number, arguments.folder)
        torch.manual_seed(0)
        going_on = arguments.go_on
        judge = load_judge(subject.domain, arguments.judges) if going_on else Judge(subject.answers, WIDTH)
        learnt, held = described[: -arguments.held], described[-arguments.held :]
        train(
            judge,
            pictures[: -arguments.held],
            subject.right(learnt, taught=True),
            arguments.epochs,
            rate=1.5e-3 if going_on else 4e-3,
            bfloat16=arguments.bfloat16,
        )
        keep_judge(judge, subject.domain, arguments.judges)
        kept = load_judge(subject.domain, arguments.judges)
        measured[subject.domain] = shares(hits(kept, pictures[-arguments.held :], subject.right(held)))
        figures.write_text(json.dumps(measured, indent=1) + "\n")
        print(subject.domain, measured[subject.domain], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
