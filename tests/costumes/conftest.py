"""A short film in three story days, with Mara and Elias in it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

FILM = """
INT. CANNERY - DAY #1#

MARA
Stop the belt.

EXT. YARD - DUSK #2#

MARA
Snow.

ELIAS
I see it.

EXT. ROAD - NIGHT #3#

MARA
Walk.

INT. CHAPEL - DAY #4#

MARA
Light it.

INT. ORCHARD - DAY - FLASHBACK #5#

MARA
Summer.

INT. CHAPEL - DAY #6#

MARA
It burns.

EXT. YARD - NIGHT #7#

ELIAS
Gone.
"""


@pytest.fixture
def film(production, owner):
    """production, scene("3"), mara, elias; imported, nothing planned but what the import does."""
    from previs.script import services as script

    draft = script.upload(production, raw=FILM.encode(), name="film.fountain", by=owner)
    script.confirm(draft, by=owner)
    return SimpleNamespace(
        production=production,
        slug=production.slug,
        scene=lambda number: production.scenes.get(number=number),
        keys=lambda *numbers: list(production.scenes.filter(number__in=numbers).values_list("pk", flat=True)),
        mara=production.characters.get(name="MARA"),
        elias=production.characters.get(name="ELIAS"),
    )


@pytest.fixture
def row():
    """row(character) -> "1 1> - | ...": for each scene in story order the number worn, ">" when it is worn on, "-" for
    a gap, "." where they do not play."""
    from costumes.plot import plot_of

    def read(character, order="story"):
        def sign(cell):
            if cell.look is None:
                return "-" if cell.plays else "."
            return f"{cell.look.change.number}{'>' if cell.inherited else ''}"

        (shown,) = plot_of(character.project, order=order, characters=[character]).rows
        return " ".join(sign(cell) for cell in shown.cells)

    return read
