"""How fast a feature script is read: `python tests/bench/bench_fountain.py`.

A script of 120 pages is written by rule from a fixed seed; the figure is the best of seven readings.
"""

from __future__ import annotations

import argparse
import random
import time

from previs.script.fountain import parse

PLACES = (
    "STATION PLATFORM",
    "BAR",
    "HARBOUR PIER",
    "CANNERY FLOOR",
    "KITCHEN",
    "CHURCH",
    "ROOFTOP",
    "CORRIDOR",
)
TIMES = ("DAY", "NIGHT", "DAWN", "DUSK", "CONTINUOUS")
PEOPLE = ("NORA", "KASPAR", "PETRA", "INES", "LOTTE", "FATHER ANSELM")
WORDS = tuple(
    """
    snow falls through the light of a single lamp and nobody on the pier turns round to look at the bell while
    rain takes the last of the gold out of the windows
    """.split()  # noqa: SIM905
)


def feature_script(pages: int, seed: int = 7) -> str:
    """Write a script of about so many pages: headings, action, speech, notes, in the usual mixture."""
    chance = random.Random(seed)

    def prose(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."

    parts = ["Title: A LONG NIGHT\nAuthor: the bench"]
    for number in range(1, pages + 1):
        parts.append(
            f"{chance.choice(('INT', 'EXT'))}. {chance.choice(PLACES)} - {chance.choice(TIMES)} #{number}#"
        )
        for _ in range(4):
            parts.append(prose(chance.randint(8, 40)))
            parts.append(f"{chance.choice(PEOPLE)}\n(quietly)\n{prose(chance.randint(4, 24))}")
            parts.append(f"{chance.choice(PEOPLE)}\n{prose(chance.randint(4, 24))} [[check]]")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=120)
    pages = parser.parse_args().pages
    text = feature_script(pages)
    times = []
    for _ in range(7):
        started = time.perf_counter()
        document = parse(text)
        times.append(time.perf_counter() - started)
    length = document.eighths / 8
    print(
        f"{length:.0f} pages, {len(document.scenes)} scenes, {len(text) / 1024:.0f} KB read in {min(times) * 1000:.0f} ms: "
        f"{length / min(times):,.0f} pages a second"
    )


if __name__ == "__main__":
    main()
