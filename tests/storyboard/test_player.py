"""The strip player in Chromium, on a page of its own with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def strip(name: str, holds: list[int]) -> str:
    pictures = "".join(
        f'<article data-strip-picture data-hold="{hold}" data-src="{PIXEL}#{number}" data-alt="{number}"></article>'
        for number, hold in enumerate(holds, start=1)
    )
    return f"""<section id="{name}" data-player data-fps="24">
      <div data-player-screen tabindex="0"><img hidden><span class="ai" hidden>AI</span></div>
      <button data-player-do="reverse" data-key="j">J</button><button data-player-do="toggle" data-key=" ">P</button>
      <button data-player-do="forward" data-key="l">L</button><button data-player-do="stop" data-key="k">K</button>
      <output data-player-count></output>{pictures}</section>"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.clock.install(time=0)
    page.set_content(
        strip("beats", [12, 24, 12]) + strip("move", [6, 6]) + '<dialog id="keys-help"></dialog>'
    )
    for script in ("keys.js", "player.js"):
        page.add_script_tag(content=(SCRIPTS / script).read_text(), type="module")
    page.wait_for_function("document.querySelector('#move').dataset.frame === '1'")
    page.clock.pause_at(1000)
    yield page
    page.close()


def frame(page: Page, strip: str = "beats") -> int:
    return int(page.get_attribute(f"#{strip}", "data-frame") or 0)


def shown(page: Page, strip: str = "beats") -> str | None:
    return page.get_attribute(f"#{strip} img", "alt")


def playing(page: Page) -> list[str]:
    return page.eval_on_selector_all("[data-player].playing", "all => all.map(one => one.id)")


def test_space_plays_at_the_rate_of_the_film_and_stops(page: Page) -> None:
    page.keyboard.press(" ")
    page.clock.run_for(1050)
    assert playing(page) == ["beats"]
    # One second and one tick of the screen at 24 frames a second.
    assert 23 <= frame(page) <= 26
    assert shown(page) == "2"
    page.keyboard.press(" ")
    stood = frame(page)
    page.clock.run_for(500)
    assert playing(page) == [] and frame(page) == stood


def test_each_picture_stands_as_long_as_it_says_and_the_strip_goes_round(page: Page) -> None:
    page.keyboard.press(" ")
    seen = ""
    for _ in range(11):
        page.clock.run_for(250)
        seen += shown(page) or "-"
    # Six frames a look: 12, 24 and 12 frames are two, four and two looks.
    assert seen == "11222233112"


def test_l_goes_faster_at_every_press_j_goes_back_and_k_stops(page: Page) -> None:
    page.keyboard.press("l")
    page.keyboard.press("l")
    page.clock.run_for(520)
    assert "2×" in page.inner_text("#beats output")
    assert 23 <= frame(page) <= 26
    forward = frame(page)
    page.keyboard.press("j")
    page.clock.run_for(250)
    assert frame(page) < forward
    page.keyboard.press("k")
    assert playing(page) == []


def test_arrows_on_the_screen_step_from_picture_to_picture(page: Page) -> None:
    page.focus("#beats [data-player-screen]")
    starts = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"):
        page.keyboard.press(key)
        starts.append(frame(page))
    assert starts == [13, 37, 37, 13, 1, 37]


def test_keys_mean_the_strip_that_was_used_last(page: Page) -> None:
    page.focus("#move [data-player-screen]")
    page.keyboard.press(" ")
    page.clock.run_for(100)
    assert playing(page) == ["move"]
    page.keyboard.press("k")
    assert playing(page) == []


def test_only_one_strip_plays(page: Page) -> None:
    page.click("#beats [data-player-do=toggle]")
    page.click("#move [data-player-do=toggle]")
    page.clock.run_for(100)
    assert playing(page) == ["move"]


def test_a_picture_that_arrives_while_it_plays_is_played(page: Page) -> None:
    page.evaluate("document.querySelectorAll('#beats [data-strip-picture]')[1].removeAttribute('data-src')")
    page.focus("#beats [data-player-screen]")
    page.keyboard.press("ArrowRight")
    assert page.is_hidden("#beats img")
    page.keyboard.press(" ")
    page.evaluate(f"document.querySelectorAll('#beats [data-strip-picture]')[1].dataset.src = '{PIXEL}#new'")
    page.clock.run_for(100)
    assert page.get_attribute("#beats img", "src") == f"{PIXEL}#new"
    assert page.eval_on_selector("#beats .ai", "label => !label.hidden")
