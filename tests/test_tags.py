"""The template vocabulary: icons, ids, and how lengths, times and people are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Engine, TemplateSyntaxError

from previs import tags

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


@dataclass
class Panel:
    pk: str


@dataclass
class Person:
    pk: int
    name: str

    def get_full_name(self) -> str:
        return self.name

    def __str__(self) -> str:
        return f"person{self.pk}@studio.example"


def render(source: str, **context: object) -> str:
    return Engine(builtins=["previs.tags"]).from_string(source).render(Context(context))


def test_an_icon_is_inlined_and_hidden_from_screen_readers() -> None:
    drawn = render('{% icon "star" %}')
    assert drawn.startswith('<svg class="i" viewBox="0 0 24 24" aria-hidden="true"')
    assert "<path d=" in drawn
    assert "\n" not in drawn
    assert "style=" not in drawn


def test_a_small_icon_carries_its_size_class() -> None:
    assert 'class="i s"' in render('{% icon "star" "s" %}')
    assert 'class="i l"' in render('{% icon "star" size="l" %}')


@pytest.mark.parametrize("name", ["no-such-icon", "../base", "LICENSE"])
def test_an_unknown_icon_is_refused_by_name(name: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="no icon called"):
        tags.icon(name)


def test_an_unknown_icon_size_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="Icon sizes"):
        tags.icon("star", "xl")


def test_every_icon_file_can_be_drawn() -> None:
    names = sorted(file.stem for file in tags.ICON_FOLDER.glob("*.svg"))
    assert len(names) > 60
    for name in names:
        assert "<svg" not in tags._icon_shapes(name), name


def test_a_fragment_id_names_model_row_and_part() -> None:
    assert render('{% dom_id panel "card" %}', panel=Panel("a1")) == "panel-a1-card"
    assert render("{% dom_id panel %}", panel=Panel("a1")) == "panel-a1"


def test_a_row_without_a_key_has_no_fragment_id() -> None:
    with pytest.raises(AttributeError):
        tags.dom_id(object(), "card")


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (0, "less than 1 s"),
        (0.4, "less than 1 s"),
        (9, "9 s"),
        (59.6, "1 min"),
        (80, "1 min 20 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (-3, "less than 1 s"),
        (None, ""),
    ],
)
def test_waiting_times_are_written_in_words(duration: float | None, words: str) -> None:
    assert tags.seconds(duration) == words


@pytest.mark.parametrize(("duration", "words"), [(0.4, "less than 1 s"), (9, "about 9 s"), (None, "")])
def test_an_estimate_below_a_second_is_not_called_about(duration: float | None, words: str) -> None:
    assert tags.about_seconds(duration) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (0.62, "62 %"), (0.999, "99 %"), (1, "100 %"), (1.7, "100 %"), (-1, "0 %"), (None, "")],
)
def test_a_hundred_percent_is_said_only_when_nothing_is_left(share: float | None, words: str) -> None:
    assert tags.percent(share) == words


@pytest.mark.parametrize(("length", "words"), [(19, "2 3/8"), (8, "1"), (3, "3/8"), (None, "")])
def test_script_length_is_written_in_page_eighths(length: int | None, words: str) -> None:
    assert tags.eighths(length) == words


def test_the_strip_adds_up_the_length_of_its_scenes() -> None:
    scenes = [{"eighths": 19}, {"eighths": 5}, {"eighths": None}]
    assert tags.total_eighths(SimpleNamespace(**scene) for scene in scenes) == 24


def test_a_hash_is_shortened_to_two_readable_groups() -> None:
    assert tags.short_hash("9f3c41abdeadbeef") == "9f3c 41ab"
    assert tags.short_hash("") == ""
    assert tags.short_hash(None) == ""


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        (Person(1, "Tove Adair"), "TA"),
        (Person(2, "Maria del Mar Öz"), "MÖ"),
        (Person(3, ""), "PE"),
        ("Juno", "JU"),
        ("", "?"),
    ],
)
def test_initials_come_from_the_name_and_else_from_the_sign_in(person: object, letters: str) -> None:
    assert tags.initials(person) == letters


def test_a_person_without_a_name_is_shown_by_their_sign_in() -> None:
    assert tags.person_name(Person(3, "")) == "person3@studio.example"


def test_a_person_keeps_one_colour_and_people_use_all_four() -> None:
    assert tags.person_colour(Person(7, "Tove")) == tags.person_colour(Person(7, "Renamed"))
    assert {tags.person_colour(Person(pk, "x")) for pk in range(40)} == {"p1", "p2", "p3", "p4"}


def test_roles_are_named_in_words() -> None:
    assert tags.role_label("art") == "Production design"
    assert tags.role_label("script_editor") == "Script editor"
    assert tags.role_label("") == ""


@pytest.mark.parametrize(("length", "width"), [(1, "g1"), (19, "g19"), (500, "g80"), (0, "g1"), (None, "g1")])
def test_a_strip_segment_never_leaves_the_widths_the_stylesheet_knows(length: int | None, width: str) -> None:
    assert tags.grow(length) == width


def test_the_stylesheet_knows_every_width_a_segment_can_take() -> None:
    strip = (TEMPLATES.parent / "static" / "css" / "strip.css").read_text(encoding="utf-8")
    for length in range(1, tags.WIDEST_SCENE + 1):
        assert f".seg-slot.{tags.grow(length)} {{ flex-grow: {length}; }}" in strip


@pytest.mark.parametrize(
    "forbidden", [" style=", "<style", "hx-on", "javascript:", "onclick=", "//cdn", "https://unpkg"]
)
def test_no_template_carries_what_the_content_security_policy_refuses(forbidden: str) -> None:
    offenders = [
        file.name for file in TEMPLATES.rglob("*.html") if forbidden in file.read_text(encoding="utf-8")
    ]
    assert offenders == []
