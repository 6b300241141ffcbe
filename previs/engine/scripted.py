"""The scripted double: an engine without a model, for tests of everything around the engine.

It draws a readable test card from the request alone, and the prompt tells it how to behave, so that a real
worker process can be driven from a test: `[fail]` ends in a permanent error after the first step, `[fail once]` in
a passing error the first time a seed is tried, `[oom]` in the words of a device out of memory, `[slow]` takes half a
second a step, `[40 ms]` takes that long.
"""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
import time
from collections.abc import Sequence
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from previs.engine.blockouts import blockout_problems
from previs.engine.pictures import fit, keep_outside
from previs.engine.port import EngineError, EngineFacts, OnStep, OpenInput
from previs.engine.request import ABILITIES, Ability, FrameRequest, InputImage, RenderedFrame, Step

SLOW_SECONDS = 0.5
PREVIEW_WIDTH = 256


class ScriptedEngine:
    """Draws deterministic test cards. step_seconds: how long a step takes where the prompt says nothing."""

    def __init__(self, *, step_seconds: float = 0.0) -> None:
        self.step_seconds = step_seconds
        self._failed_once: set[tuple[str, int]] = set()

    @property
    def abilities(self) -> frozenset[Ability]:
        return frozenset(ABILITIES)

    @property
    def batch_limit(self) -> int:
        return 4

    def facts(self) -> EngineFacts:
        from PIL import __version__

        return EngineFacts(
            model="scripted",
            revision="0" * 40,
            digests={"script": hashlib.sha256(b"previs scripted double").hexdigest()},
            versions={"pillow": __version__},
            device="cpu",
            dtype="uint8",
        )

    def check(self, request: FrameRequest) -> list[str]:
        return request.problems() + blockout_problems(request.blockout)

    def render(
        self, requests: Sequence[FrameRequest], on_step: OnStep, *, open_input: OpenInput | None = None
    ) -> list[RenderedFrame]:
        """Draw one card per request; follows the port, the script above included."""
        if problems := [problem for request in requests for problem in self.check(request)]:
            raise EngineError(" ".join(problems), permanent=True)
        pictures = [_test_card(request, open_input) for request in requests]
        steps = requests[0].steps
        seconds = max(_seconds_per_step(request.prompt, self.step_seconds) for request in requests)
        for number in range(1, steps + 1):
            time.sleep(seconds)
            forming = partial(_forming, pictures, number / steps)
            on_step(Step(number, steps, forming))
            for request in requests:
                self._follow_script(request)
        return [
            RenderedFrame(
                request,
                picture,
                settings={
                    "scheduler": "Scripted",
                    "guidance": request.guidance,
                    "device": "cpu",
                    "dtype": "uint8",
                    "threads": 1,
                    "batch_size": len(requests),
                    "batch_index": index,
                },
            )
            for index, (request, picture) in enumerate(zip(requests, pictures, strict=True))
        ]

    def _follow_script(self, request: FrameRequest) -> None:
        prompt = request.prompt.lower()
        if "[fail]" in prompt:
            raise EngineError("The script says fail. Take [fail] out of the prompt.", permanent=True)
        if "[oom]" in prompt:
            raise EngineError(
                "The device ran out of memory, also with less at once. Choose a smaller size.", permanent=True
            )
        if "[fail once]" in prompt and (request.prompt, request.seed) not in self._failed_once:
            self._failed_once.add((request.prompt, request.seed))
            raise EngineError("The script says fail once. Try again.", permanent=False)


def _seconds_per_step(prompt: str, otherwise: float) -> float:
    if timed := re.search(r"\[(\d{1,5}) ?ms\]", prompt):
        return int(timed[1]) / 1000
    return SLOW_SECONDS if "[slow]" in prompt.lower() else otherwise


def _test_card(request: FrameRequest, open_input: OpenInput | None) -> Image.Image:
    """Colour bars from the prompt, the seed and the blockout, the request in words, and what its pictures ask for.

    Refining blends over the picture by the strength, repainting keeps what the mask keeps.
    """
    followed = json.dumps([request.blockout, request.control], sort_keys=True) if request.blockout else ""
    ink = hashlib.sha256(
        f"{request.seed} {request.prompt} {request.negative_prompt}{followed}".encode()
    ).digest()
    width, height = size = request.width, request.height
    card = Image.new("RGB", size)
    draw = ImageDraw.Draw(card)
    for bar in range(8):
        colour = tuple(ink[3 * bar : 3 * bar + 3])
        draw.rectangle((bar * width // 8, 0, (bar + 1) * width // 8, height), fill=colour)
    letters = max(10, height // 16)
    words = textwrap.wrap(request.prompt, max(8, 2 * width // letters), max_lines=6)
    text = "\n".join([f"{request.ability}  seed {request.seed}  {width}x{height}", *words])
    draw.rectangle((0, height // 2, width, height), fill=(16, 16, 16))
    draw.multiline_text(
        (letters, height // 2 + letters // 2),
        text,
        fill=(235, 235, 235),
        font=ImageFont.load_default(letters),
    )
    pictures = {image.role: _open(image, open_input) for image in request.inputs}
    for role in ("depth", "reference"):
        if role in pictures:
            card.paste(pictures[role].convert("RGB").resize((width // 4, height // 4)), (0, 0))
    if request.ability not in ("refine", "inpaint"):
        return card
    picture = fit(pictures["picture"].convert("RGB"), size)
    card = Image.blend(picture, card, request.strength)
    return (
        card
        if request.ability == "refine"
        else keep_outside(card, picture, fit(pictures["mask"].convert("L"), size))
    )


def _open(image: InputImage, open_input: OpenInput | None) -> Image.Image:
    if open_input is None:
        raise EngineError("The input pictures cannot be opened here.", permanent=True)
    try:
        return Image.open(BytesIO(open_input(image.sha256)))
    except (KeyError, OSError) as error:
        raise EngineError(f"The {image.role} cannot be opened. Choose it again.", permanent=True) from error


def _forming(cards: Sequence[Image.Image], share: float) -> list[Image.Image]:
    """Each card small, seen through grey that thins out. share: 0 grey, 1 the card."""
    size = (PREVIEW_WIDTH, max(1, round(cards[0].height * PREVIEW_WIDTH / cards[0].width)))
    grey = Image.new("RGB", size, (128, 128, 128))
    return [Image.blend(grey, card.resize(size), share) for card in cards]
