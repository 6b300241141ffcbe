"""`manage.py imagine PROMPT`: frames from the shell, without a project, a queue or a database."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from PIL.Image import Image, fromarray
from PIL.PngImagePlugin import PngInfo

from previs.engine.catalogue import available
from previs.engine.loading import load_engine
from previs.engine.port import Engine, EngineError
from previs.engine.request import FrameRequest, RenderedFrame, Step

MOST_FRAMES = 64


class Command(BaseCommand):
    help = (
        "Render frames from a prompt, for instance: imagine 'EXT. STREET - NIGHT, wide shot, snow' --seed 7"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("prompt", help="what the frame shows; a scene heading works well")
        parser.add_argument("--seed", type=int, default=0, help="the first frame's; the next frames count up")
        parser.add_argument("--out", type=Path, default=Path("frame.png"), help="the PNG to write")
        parser.add_argument("--model", default=settings.PREVIS_MODEL)
        parser.add_argument(
            "--size", default="", help="WIDTHxHEIGHT in pixels, multiples of 8; else the model's own"
        )
        parser.add_argument(
            "--count", type=int, default=1, help=f"1 to {MOST_FRAMES}; files are numbered from 1"
        )
        parser.add_argument("--steps", type=int, help="denoising steps; else the model's own")
        parser.add_argument(
            "--guidance", type=float, help="how closely to follow the words; else the model's own"
        )
        parser.add_argument("--negative", default="", help="what the frame must not show")
        parser.add_argument(
            "--blockout-only", action="store_true", help="write the grey-box picture instead (not AI)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            requests = self._requests(options)
            if options["blockout_only"]:
                self._blockouts(requests, options["out"])
                return
            engine = load_engine(
                options["model"],
                models_home=settings.PREVIS_MODELS_HOME,
                allow_scripted=settings.PREVIS_ALLOW_SCRIPTED,
                threads=settings.PREVIS_THREADS,
            )
            for number, frame in enumerate(self._render(engine, requests), start=1):
                path = _numbered(options["out"], number, of=len(requests))
                self._write(path, frame, engine)
        except EngineError as error:
            raise CommandError(str(error), returncode=2) from None

    def _requests(self, options: dict[str, Any]) -> list[FrameRequest]:
        """Turn the options into requests, refusing in words before a model is loaded."""
        if not 1 <= options["count"] <= MOST_FRAMES:
            raise CommandError(f"The count must lie between 1 and {MOST_FRAMES}.", returncode=2)
        if not options["out"].absolute().parent.is_dir():
            raise CommandError(f"There is no folder {options['out'].absolute().parent}.", returncode=2)
        here = available(settings.PREVIS_MODELS_HOME, allow_scripted=settings.PREVIS_ALLOW_SCRIPTED)
        card = here.get(options["model"])
        width, height = (
            _size(options["size"]) if options["size"] else (card.width, card.height) if card else (512, 288)
        )
        steps = options["steps"]
        requests = [
            FrameRequest(
                prompt=options["prompt"],
                model=options["model"],
                seed=options["seed"] + number,
                width=width,
                height=height,
                negative_prompt=options["negative"],
                steps=steps if steps is not None else card.steps if card else 12,
                guidance=options["guidance"]
                if options["guidance"] is not None
                else card.guidance
                if card
                else 3.0,
            )
            for number in range(options["count"])
        ]
        if problems := dict.fromkeys(problem for request in requests for problem in request.problems()):
            raise CommandError(" ".join(problems), returncode=2)
        return requests

    def _render(self, engine: Engine, requests: list[FrameRequest]) -> Iterator[RenderedFrame]:
        def show(step: Step) -> None:
            if self.stderr.isatty():
                self.stderr.write(f"\rstep {step.number} of {step.of} ", ending="")

        for start in range(0, len(requests), engine.batch_limit):
            yield from engine.render(requests[start : start + engine.batch_limit], show)

    def _blockouts(self, requests: list[FrameRequest], out: Path) -> None:
        """The grey-box pictures that the pocket model would build its frames on; no model is loaded."""
        from previs.blockout.reader import read
        from previs.blockout.render import render

        reading = read(requests[0].prompt)
        for number, request in enumerate(requests, start=1):
            passes = render(
                reading.description, seed=request.seed, width=request.width, height=request.height
            )
            picture = fromarray(passes.picture)
            self._save(_numbered(out, number, of=len(requests)), picture, "Blockout, not AI", request.seed)
        self._say_reading({"used": reading.used, "mapped": reading.mapped, "ignored": reading.ignored})

    def _write(self, path: Path, frame: RenderedFrame, engine: Engine) -> None:
        facts = engine.facts()
        record = {"request": frame.request.to_json(), "revision": facts.revision, "settings": frame.settings}
        self._save(path, frame.picture, json.dumps(record, sort_keys=True), frame.request.seed)
        self._say_reading(frame.reading)

    def _save(self, path: Path, picture: Image, note: str, seed: int) -> None:
        info = PngInfo()
        info.add_text("previs", note)
        try:
            picture.save(path, "PNG", pnginfo=info)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.", returncode=2) from None
        self.stdout.write(f"{path}  seed {seed}  {picture.width}x{picture.height}")

    def _say_reading(self, reading: dict[str, Any]) -> None:
        for name in ("used", "mapped", "ignored"):
            if reading.get(name):
                self.stdout.write(f"  {name}: {_words(reading[name])}")


def _size(text: str) -> tuple[int, int]:
    if not (sides := re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)):
        raise CommandError(f"The size {text!r} is not of the form 512x288.", returncode=2)
    return int(sides[1]), int(sides[2])


def _numbered(path: Path, number: int, *, of: int) -> Path:
    return path if of == 1 else path.with_stem(f"{path.stem}-{number:0{len(str(of))}}")


def _words(reading: Any) -> str:
    if isinstance(reading, dict):
        return ", ".join(f"{theirs} -> {ours}" for theirs, ours in reading.items())
    return ", ".join(map(str, reading))
