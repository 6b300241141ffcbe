"""Parts die while frames are made: no job is lost, none ends twice, and an open page is right again by itself."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.studio.conftest import wait_for

from .conftest import BOARD, RENDERED, Studio

pytestmark = pytest.mark.processes
Start = Callable[..., Studio]
# A page is right again in some seconds after a part of Previs was replaced; much longer only on a loaded machine.
RIGHT_AGAIN_MS = 60_000
TAKES = ".takes a.fr img"
# What a worker of the scripted engine holds at most: four it renders, and the four before them, which it stores.
HELD_AT_ONCE = 8


def assert_each_done_once(studio: Studio, count: int) -> None:
    assert studio.states() == ["done"] * count
    made = studio.frames()
    assert len(made) == count
    assert len({job for job, _ in made}) == count
    for _, sha256 in made:
        assert studio.file_of(sha256).stat().st_size > 0


def test_a_render_whose_worker_is_killed_is_finished_by_the_next_one(start: Start) -> None:
    studio = start()
    studio.person().generate("[400 ms] Nora waits", steps=8)
    studio.wait_for_step()
    studio.kill("gpu")
    studio.wait_for_jobs("done")
    assert_each_done_once(studio, 1)
    state, attempt, *_ = studio.jobs()[0]
    assert (state, attempt) == ("done", 2)


def test_a_page_open_while_valkey_is_killed_mid_render_shows_the_frame(start: Start, window) -> None:
    studio = start()
    director = studio.person()
    page = window(studio, director).new_page()
    page.goto(BOARD)
    before = page.locator(TAKES).count()
    page.evaluate("window.neverReloaded = true")
    director.generate("[400 ms] Nora waits", steps=8)
    page.locator(".takes figure[aria-busy]").wait_for(timeout=RENDERED * 1000)
    studio.wait_for_step()
    studio.kill("valkey")
    studio.wait_for_jobs("done")
    expect(page.locator(TAKES)).to_have_count(before + 1, timeout=RIGHT_AGAIN_MS)
    assert page.evaluate("window.neverReloaded") is True
    assert_each_done_once(studio, 1)
    assert studio.jobs()[0][1] == 1, "the render went on without the broker"


def test_a_page_open_while_the_web_process_is_killed_connects_again_and_is_right(
    start: Start, window
) -> None:
    studio = start()
    director = studio.person()
    page = window(studio, director).new_page()
    page.goto(BOARD)
    before = page.locator(TAKES).count()
    page.evaluate(
        "window.neverReloaded = true; window.opened = 0;"
        "document.body.addEventListener('htmx:wsOpen', () => { window.opened += 1 })"
    )
    director.generate("[300 ms] Nora waits", steps=4)
    page.locator(".takes figure[aria-busy]").wait_for(timeout=RENDERED * 1000)
    page.locator(".pc[aria-busy]").wait_for(timeout=RENDERED * 1000)
    studio.kill("web")
    studio.wait_for_jobs("done")
    wait_for(lambda: studio.page() == 200, seconds=90, what="the web process answers again")
    expect(page.locator(TAKES)).to_have_count(before + 1, timeout=RIGHT_AGAIN_MS)
    page.wait_for_function("window.opened > 0", timeout=RIGHT_AGAIN_MS)
    # Not the takes alone: nobody told the page while the line was down.
    expect(page.locator(".pc[aria-busy]")).to_have_count(0)
    expect(page.locator("#engine-meter")).to_have_attribute(
        "aria-label", "Engine queue: 0 running, 0 waiting"
    )
    # The new line works: what is asked for now arrives too.
    director.generate("Nora turns", steps=2, seed=2)
    expect(page.locator(TAKES)).to_have_count(before + 2, timeout=RENDERED * 1000)
    assert page.evaluate("window.neverReloaded") is True
    assert_each_done_once(studio, 2)


# Like the demo's own fitting, a little longer, so that none of its layers is taken over.
FIT = """
from costumes.fittings import LayerPlan, start_fitting
from costumes.models import Fitting
one = Fitting.objects.select_related("change__character__project", "photo").get()
plans = [LayerPlan(layer.garment, length=1.05) for layer in one.layers.order_by("number")]
start_fitting(one.change, one.photo, plans, by=one.requested_by)
"""


def test_a_fitting_whose_worker_is_killed_is_finished_from_the_layers_that_were_on(start: Start) -> None:
    studio = start()
    asking = studio.manage("shell", "-c", FIT)
    studio.wait_for_step(2)  # the photo was read, and the first layer is on
    studio.kill("gpu")
    studio.wait_for_jobs("done", count=2)
    assert asking.wait(timeout=RENDERED) == 0
    assert_each_done_once(studio, 2)
    assert studio.jobs()[0][1] == 2, "the composite was taken up again"
    kept = studio.rows("select count(*) from costumes_fittinglayer where step_sha256 != ''")[0][0]
    assert kept >= 3
    assert studio.rows("select report from costumes_fittingresult")[-1][0].count('"protected_changed": 0')


@pytest.fixture
def small_disk(home: Path):
    """The media folder on a file system of a few megabytes of its own."""
    if os.geteuid() != 0:
        pytest.skip("Only root may mount a file system that fills up.")
    media = home / "media"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "previs-test", media],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"This machine mounts nothing: {mounted.stderr.strip()}")
    # The demo's pictures are on the disk beneath; nothing here asks for them.
    yield media
    subprocess.run(["umount", "-l", media], check=True)


def test_a_full_disk_fails_the_job_in_words_and_retry_works_once_there_is_room(
    small_disk: Path, start: Start
) -> None:
    studio = start()
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    director = studio.person()
    director.generate("Nora waits", steps=2)
    studio.wait_for_jobs("failed")
    error = studio.jobs()[0][4]
    assert error == "The disk is full, so the frame could not be saved. Free some space, then press Retry."
    assert studio.frames() == []
    assert "The disk is full" in director.get(BOARD)
    assert not list(small_disk.rglob(".part-*")), "half a file was left behind"

    filler.unlink()
    (job,) = studio.rows("select id from generation_job where state = 'failed'")[0]
    director.post(f"/job/{job[:8]}-{job[8:12]}-{job[12:16]}-{job[16:20]}-{job[20:]}/retry/", {})
    studio.wait_for_jobs("done")
    assert sorted(studio.states()) == ["done", "failed"]
    ((_, sha256),) = studio.frames()
    assert studio.file_of(sha256).stat().st_size > 0


def test_two_workers_share_two_hundred_jobs_and_do_each_exactly_once(start: Start) -> None:
    studio = start("--gpu-workers", "2")
    director = studio.person()
    wait_for(lambda: len(gpu_workers(studio)) == 2, seconds=120, what="both workers run")
    for brief in range(25):
        director.generate(f"[5 ms] Nora waits, {brief}", takes=8, steps=2, seed=100 * brief)
    studio.wait_for_jobs("done", count=200, seconds=600)
    assert_each_done_once(studio, 200)
    # A machine that stands still for seconds may cost a worker the lease of its batch; nobody else loses one.
    again = sum(attempt - 1 for _, attempt, *_ in studio.jobs())
    assert again <= HELD_AT_ONCE, f"{again} jobs were given back, and no worker died"
    assert len({worker for _, _, _, worker, _ in studio.jobs()}) == 2, "one worker did everything"


def gpu_workers(studio: Studio) -> list[int]:
    return [
        process.pid
        for process in studio.look()
        if any(word.startswith("gpu") and word.endswith("@%h") for word in process.cmdline())
    ]


def test_whatever_dies_at_whatever_moment_every_job_is_done_once(start: Start) -> None:
    """Four deaths of random parts at random moments. A failure shows the seed; written here, it repeats."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    studio = start()
    director = studio.person()
    for brief in range(3):
        director.generate(f"[40 ms] Nora waits, {brief}", takes=8, steps=5, seed=100 * brief)
    # A worker twice at most: a job in hand at three deaths is rightly given up.
    parts = ["gpu", "gpu", "valkey", chance.choice(["default", "web"])]
    chance.shuffle(parts)
    for number, part in enumerate(parts, start=1):
        moment = min(23, number * 4 + chance.randrange(4))
        wait_for(
            lambda moment=moment: studio.states().count("done") >= moment,  # type: ignore[misc]
            seconds=RENDERED,
            what=f"{moment} jobs are done",
        )
        wait_for(lambda part=part: studio.child(part), seconds=90, what=f"{part} runs")  # type: ignore[misc]
        studio.kill(part)
    studio.wait_for_jobs("done", count=24, seconds=2 * RENDERED)
    assert_each_done_once(studio, 24)
