"""A classifier that says what a picture shows, trained on renders alone: `python -m previs.engine.pocket.judge --epochs 10`.

It judges frames in `score`: what it reads in a frame, against what it reads in the render of the same description.
Its weights stay in the workplace; only the figures are published.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from previs.blockout import words
from previs.blockout.description import SceneDescription
from previs.engine.pocket.data import FRAMES, WORKPLACE, read_records

JUDGE = WORKPLACE / "judge.pt"
BATCH = 32
ANSWERS: dict[str, tuple[str, ...]] = {
    "place": words.PLACES,
    "shot size": tuple(words.SHOT_SIZES),
    "time of day": words.TIMES,
    "weather": words.WEATHERS,
}
UNASKED = -1
WIDE_ENOUGH = ("EWS", "WS", "FS", "MWS", "MS")
"""Closer than this the room is out of sight."""
LEVEL = ("eye", "low", "ots", "profile", "reverse", "dutch", "high")


def questions(description: SceneDescription) -> dict[str, int]:
    """What may fairly be asked of a picture of this description: question -> index of the right answer, or UNASKED.

    Left out because no picture tells: the place in close shots and straight from above or below; the time of day in
    noir; the weather indoors; and what falls or hangs in the air in a close shot.
    """
    size, scene = description.shot_size, description.domain == "scene"
    seen = scene and size in WIDE_ENOUGH and description.angle in LEVEL
    fair = {
        "place": seen,
        "shot size": scene and size != "INS" and description.angle in LEVEL and bool(description.people),
        "time of day": scene and description.look != "noir" and size in WIDE_ENOUGH,
        "weather": seen and not description.interior,
    }
    answers = {
        "place": description.place,
        "shot size": size,
        "time of day": description.time_of_day,
        "weather": description.weather,
    }
    return {
        question: ANSWERS[question].index(answers[question]) if fair[question] else UNASKED
        for question in ANSWERS
    }


class Judge(nn.Module):
    """(b, 3, 144, 256) in [-1, 1] -> for each question, (b, number of answers) scores."""

    def __init__(self, width: int = 40) -> None:
        super().__init__()
        widths = (width, width * 2, width * 4, width * 6)
        layers: list[nn.Module] = []
        before = 12
        for after in widths:
            layers += [
                nn.Conv2d(before, after, 3, stride=1 if before == 12 else 2, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(inplace=True),
                nn.Conv2d(after, after, 3, padding=1, groups=after, bias=False),
                nn.Conv2d(after, after, 1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(inplace=True),
            ]
            before = after
        self.see = nn.Sequential(*layers)
        self.answer = nn.ModuleDict(
            {question: nn.Linear(before * 7, len(answers)) for question, answers in ANSWERS.items()}
        )

    def forward(self, picture: Tensor) -> dict[str, Tensor]:
        seen = self.see(F.pixel_unshuffle(F.avg_pool2d(picture, 2), 2))
        # The whole picture, and its thirds: sky lies above, floor below.
        rows = F.adaptive_avg_pool2d(seen, (3, 1)).flatten(1)
        columns = F.adaptive_max_pool2d(seen, (1, 3)).flatten(1)
        features = F.dropout(torch.cat([seen.mean((2, 3)), rows, columns], 1), 0.2, self.training)
        return {question: layer(features) for question, layer in self.answer.items()}


def load_renders(folder: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Wide renders (n, 144, 256, 3) of the training base, and the right answers (n, questions)."""
    from previs.blockout.sampler import sample

    pictures, answers = [], []
    seeds: dict[str, list[int]] = {}
    for record in read_records(folder):
        if record["shape"] == "wide":
            seeds.setdefault(f"{record['seed'] // 50 * 50:08d}", []).append(record["seed"])
    for start, held in seeds.items():
        with np.load(folder / f"{start}-wide.npz") as shard:
            pictures.append(shard["picture"])
        answers += [list(questions(sample(seed)).values()) for seed in held]
    return np.concatenate(pictures), np.array(answers)


def tensor(pictures: npt.NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def batches(count: int, generator: torch.Generator) -> Iterator[Tensor]:
    order = torch.randperm(count, generator=generator)
    for first in range(0, count, BATCH):
        yield order[first : first + BATCH]


def train(judge: Judge, pictures: npt.NDArray[np.uint8], answers: npt.NDArray[np.int64], epochs: int) -> None:
    """Train in place; pictures are mirrored, brightened and softened a little at random."""
    generator = torch.Generator().manual_seed(0)
    optimiser = torch.optim.AdamW(judge.parameters(), lr=2e-3, weight_decay=0.02)
    steps = epochs * -(-len(pictures) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps, pct_start=0.15)
    right = torch.from_numpy(answers)
    for epoch in range(epochs):
        judge.train()
        began, total = time.monotonic(), 0.0
        for chosen in batches(len(pictures), generator):
            picture = tensor(pictures[chosen.numpy()])
            if torch.rand(1, generator=generator) < 0.5:
                picture = picture.flip(-1)
            if torch.rand(1, generator=generator) < 0.3:
                picture = F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, 1)
            said = judge(picture)
            losses = [
                F.cross_entropy(
                    said[question], right[chosen, index], ignore_index=UNASKED, label_smoothing=0.03
                )
                for index, question in enumerate(ANSWERS)
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
def verdicts(judge: Judge, pictures: npt.NDArray[np.uint8], answers: npt.NDArray[np.int64]) -> dict[str, Any]:
    """For each question: how many were asked, and the share answered rightly. pictures: (n, 144, 256, 3)."""
    judge.eval()
    right = torch.from_numpy(answers)
    said = {question: [] for question in ANSWERS}  # type: ignore[var-annotated]
    for first in range(0, len(pictures), 64):
        for question, scores in judge(tensor(pictures[first : first + 64])).items():
            said[question].append(scores.argmax(1))
    found = {}
    for index, question in enumerate(ANSWERS):
        asked = right[:, index] != UNASKED
        hits = (torch.cat(said[question]) == right[:, index])[asked]
        found[question] = {"asked": int(asked.sum()), "right": round(float(hits.float().mean()), 3)}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--frames", type=Path, default=FRAMES)
    parser.add_argument("--held", type=int, default=600, help="renders of the base that only measure")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(2)
    pictures, answers = load_renders(arguments.frames)
    judge = Judge()
    train(judge, pictures[: -arguments.held], answers[: -arguments.held], arguments.epochs)
    print(verdicts(judge, pictures[-arguments.held :], answers[-arguments.held :]))  # noqa: T201
    JUDGE.parent.mkdir(parents=True, exist_ok=True)
    torch.save(judge.state_dict(), JUDGE)


if __name__ == "__main__":
    main()
