"""What everything around the engine costs: `python -m tests.bench.bench_stack`.

A whole Previs is started in a temporary state folder. The same frames are made through form, queue, worker, disk and
socket, and by a bare loop over the same engine in this process; the ratio is the stack's tax. Times on the way
(answer to Generate, first preview, finished frame at the socket) come from the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import multiprocessing
import os
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from previs.engine.loading import load_engine
from previs.engine.port import Engine
from previs.engine.request import FrameRequest
from tests.processes.conftest import BOARD, Person, Studio
from tests.studio.conftest import wait_for

PATIENCE = 300.0
ROUNDS = 6
PROMPT = "EXT. HARBOUR PIER - NIGHT. Wide shot, snow, one figure under a lamp."


class Page:
    """An open page's socket: every message with the second at which it came."""

    def __init__(self, studio: Studio, person: Person, production: str) -> None:
        self.heard: list[tuple[float, str]] = []
        self.news = threading.Condition()
        self.closed = ""
        host = studio.url.removeprefix("http://").rstrip("/")
        self.line = connect(
            f"ws://{host}/ws/project/{production}/",
            origin=f"http://{host}",  # type: ignore[arg-type]
            additional_headers={"Cookie": f"sessionid={person.cookies['sessionid']}"},
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with self.line as connection:
            try:
                while True:
                    message = str(connection.recv())
                    with self.news:
                        self.heard.append((time.time(), message))
                        self.news.notify_all()
            except ConnectionClosed as closed:
                with self.news:
                    self.closed = str(closed)
                    self.news.notify_all()

    def first(self, words: str) -> float | None:
        return next((when for when, message in self.heard if words in message), None)

    def wait(self, condition: Callable[[], object]) -> None:
        with self.news:
            assert self.news.wait_for(lambda: condition() or self.closed, PATIENCE), "the socket went quiet"
        assert not self.closed, f"the socket was closed: {self.closed}"


class Run:
    """Frames asked for through the form, and what was seen of them."""

    def __init__(self, studio: Studio, person: Person, page: Page, model: str) -> None:
        self.studio, self.person, self.page, self.model = studio, person, page, model
        self.answers: list[float] = []

    def ask(self, *, takes: int, seed: int) -> None:
        seconds = self.person.generate(PROMPT, takes=takes, seed=seed, steps="", model=self.model, live=True)
        self.answers.append(seconds)

    def finished(self) -> list[str]:
        """Job ids, with dashes, of frames whose picture the socket has shown."""
        return [
            dashed(job)
            for job, frame in self.made()
            if self.page.first(f"/frame/{dashed(frame)}/thumb") is not None
        ]

    def made(self) -> list[tuple[str, str]]:
        return self.studio.rows(  # type: ignore[return-value]
            "select job_id, frame.id from generation_frame frame join generation_job job on job.id = job_id "
            f"where job.created_at > '{self.studio.since}' order by job.created_at, job.take"
        )

    def wait_for(self, count: int) -> None:
        self.page.wait(lambda: len(self.finished()) >= count)


def dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def stamp(words: str) -> float:
    return datetime.fromisoformat(words).replace(tzinfo=UTC).timestamp()


def mark(studio: Studio) -> None:
    """What is asked for from here on counts."""
    studio.since = studio.rows("select max(created_at) from generation_job")[0][0]


@functools.cache
def warm_engine(model: str, threads: int) -> Engine:
    return load_engine(model, models_home=Path(tempfile.gettempdir()), allow_scripted=True, threads=threads)


def bare_seconds(model: str, threads: int, requests: list[FrameRequest]) -> float:
    """The bare loop, in a process of its own like a worker; the first request warms up and does not count."""
    engine = warm_engine(model, threads)
    engine.render(requests[:1], lambda step: None)
    began = time.perf_counter()
    for request in requests:
        engine.render([request], lambda step: None)
    return time.perf_counter() - began


def peak_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise ValueError("this kernel tells no peak memory")


def times_on_the_way(run: Run) -> tuple[list[float], list[float]]:
    """Seconds from claim to the first preview, and from storage to the finished frame, at the socket."""
    previews, frames = [], []
    rows = run.studio.rows(
        "select job.id, frame.id, job.claimed_at, job.finished_at from generation_frame frame "
        f"join generation_job job on job.id = job_id where job.created_at > '{run.studio.since}'"
    )
    for job, frame, claimed, stored in rows:
        shown = next(
            (
                when
                for when, message in run.page.heard
                if f'id="job-{dashed(job)}-live"' in message and "data:image" in message
            ),
            None,
        )
        final = run.page.first(f"/frame/{dashed(frame)}/thumb")
        if shown is not None:
            previews.append(shown - stamp(claimed))
        if final is not None:
            frames.append(final - stamp(stored))
    return previews, frames


def opened(stack: contextlib.ExitStack, studio: Studio, model: str) -> Run:
    """A signed-in person with the board open, after one frame that warms everything up."""
    studio.wait_until_ready()
    person = studio.person()
    found = re.search(r'ws-connect="/ws/project/([0-9a-f-]+)/"', person.get(BOARD))
    assert found, "the board has no socket"
    run = Run(studio, person, Page(studio, person, found[1]), model)
    mark(studio)
    run.ask(takes=1, seed=1)
    run.wait_for(1)
    return run


def together(run: Run, frames: int, seed: int) -> float:
    """Seconds until the page has shown all frames, asked for in forms of eight takes."""
    mark(run.studio)
    run.answers.clear()
    began = time.perf_counter()
    for first in range(0, frames, 8):
        run.ask(takes=min(8, frames - first), seed=seed + first)
    run.wait_for(frames)
    return time.perf_counter() - began


@dataclass(frozen=True)
class Tax:
    """Seconds a frame of rounds that alternate: through everything, and of the bare loop (one round more).

    A machine shared with strangers is faster now and slower then, by a third and more: each round is compared with
    the bare ones before and after it, and the middle of many rounds counts.
    """

    mine: list[float]
    bare: list[float]

    def __str__(self) -> str:
        beside = [
            mine / ((before + after) / 2)
            for mine, before, after in zip(self.mine, self.bare, self.bare[1:], strict=False)
        ]
        return f"{statistics.median(beside):.2f} ({min(beside):.2f} to {max(beside):.2f})"


def tax(run: Run, frames: int, rounds: int, bare: Callable[[int], float]) -> Tax:
    mine, own = [], [bare(frames)]
    for number in range(rounds):
        mine.append(together(run, frames, 1000 * (number + 1)) / frames)
        own.append(bare(frames))
    return Tax(mine, own)


def request_of(studio: Studio) -> FrameRequest:
    rows = studio.rows("select request from generation_job order by created_at desc limit 1")
    return FrameRequest.from_json(json.loads(rows[0][0]))


def measure(frames: int, model: str, threads: int, rounds: int, folder: Path) -> dict[str, Any]:
    with Studio(folder / "home", "--demo", "--port", "0", output=folder / "first.txt", model=model) as studio:
        studio.wait_until_ready()
        wait_for(
            lambda: not {"queued", "running"} & set(studio.states()),
            seconds=PATIENCE,
            what="the demo's frames",
        )
    with contextlib.ExitStack() as stack:
        bench = stack.enter_context(ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")))
        with contextlib.ExitStack() as alone:
            studio = alone.enter_context(
                Studio(
                    folder / "home",
                    "--port",
                    "0",
                    output=folder / "one.txt",
                    model=model,
                    PREVIS_BATCH_LIMIT="1",
                    PREVIS_THREADS=str(threads),
                )
            )
            run = opened(alone, studio, model)
            warm = request_of(studio)

            def bare(count: int) -> float:
                same = [replace(warm, seed=100 + number) for number in range(count)]
                return bench.submit(bare_seconds, model, threads, same).result() / count

            one_by_one = tax(run, frames, rounds, bare)

        began = time.perf_counter()
        studio = stack.enter_context(
            Studio(
                folder / "home",
                "--port",
                "0",
                output=folder / "second.txt",
                model=model,
                PREVIS_THREADS=str(threads),
            )
        )
        wait_for(lambda: "Previs is ready" in studio.printed, seconds=60, what="the second start")
        start_seconds = time.perf_counter() - began
        run = opened(stack, studio, model)
        coalesced = tax(run, frames, max(1, rounds // 2), bare)

        mark(studio)
        run.answers.clear()
        for number in range(frames):
            run.ask(takes=1, seed=200 + number)
            run.wait_for(number + 1)
        previews, finals = times_on_the_way(run)

        web, gpu = studio.child("web"), studio.child("gpu")
        assert web is not None and gpu is not None
        libraries = {Path(entry.path).name for entry in web.memory_maps()}
        return {
            "model": model,
            "frames": frames,
            "render threads, of cores": f"{threads} of {os.cpu_count()}",
            "size": f"{warm.width}x{warm.height}, {warm.steps} steps",
            "bare loop, seconds a frame, least, median, most": thirds([*one_by_one.bare, *coalesced.bare]),
            "stack tax, one frame a batch (bar 1.10)": one_by_one,
            "stack tax, coalesced (bar 0.90 where batching pays)": coalesced,
            "answer to Generate, ms, median and worst (bar 150)": spread(run.answers),
            "first preview after claim, ms, median and worst (bar 800)": spread(previews),
            "finished frame after storage, ms, median and worst (bar 300)": spread(finals),
            "second start to first page, seconds (bar 6)": round(start_seconds, 2),
            "web process, MB (bar 160)": round(web.memory_info().rss / 1e6),
            "torch in the web process": "libtorch_cpu.so" in libraries,
            "worker peak, MB (bar 1500)": round(peak_bytes(gpu.pid) / 1e6),
            "load average at the end": round(os.getloadavg()[0], 1),
        }


def thirds(values: list[float]) -> str:
    return f"{min(values):.2f} {statistics.median(values):.2f} {max(values):.2f}"


def spread(seconds: list[float]) -> list[int]:
    return [round(1000 * statistics.median(seconds)), round(1000 * max(seconds))] if seconds else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=16, help="of each round")
    parser.add_argument("--model", default="pocket", help="pocket, or scripted for the stack alone")
    # One core is left to everything that is not the engine, as beside a graphics card; --threads measures without.
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 1) - 1))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="previs-bench-") as folder:
        for what, figure in measure(
            asked.frames, asked.model, asked.threads, asked.rounds, Path(folder)
        ).items():
            print(f"{what:<62} {figure}")


if __name__ == "__main__":
    main()
