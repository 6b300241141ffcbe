"""Emphasis marks leave the text when it is shown plain."""

from __future__ import annotations

import pytest

from previs.script.emphasis import plain


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ("*soft* **loud** ***both*** _under_", "soft loud both under"),
        ("**loud and *soft* inside**", "loud and soft inside"),
        ("***soft** in loud*", "soft in loud"),
        ("_**BRICK**_", "BRICK"),
        (r"\*not soft\*", "*not soft*"),
        ("five * six * seven", "five * six * seven"),
        ("snake_case_name", "snake_case_name"),
        ("*open on one line\nclosed* on the next", "*open on one line\nclosed* on the next"),
        ("no marks", "no marks"),
        ("a lone *star", "a lone *star"),
        ("", ""),
    ],
)
def test_marks_in_pairs_go_and_others_stay(marked: str, shown: str) -> None:
    assert plain(marked) == shown
