"""What an event looks like: the page's own pieces, one root with an id each, for every event there is."""

from __future__ import annotations

from dataclasses import fields, replace
from html.parser import HTMLParser

import pytest

from previs import events, live
from previs.generation import queue
from previs.generation.runner import run_available
from previs.storyboard.services import add_shot

pytestmark = pytest.mark.django_db
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Roots(HTMLParser):
    """The outermost elements of a piece of HTML, and any text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.depth = 0
        self.ids: list[str | None] = []
        self.loose = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.depth:
            self.ids.append(dict(attrs).get("id"))
        self.depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.depth:
            self.ids.append(dict(attrs).get("id"))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in VOID

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.loose += data.strip()


@pytest.fixture
def panel(scene, owner):
    return add_shot(scene, by=owner, action="Mara walks the line.")


@pytest.fixture
def happenings(panel, ask, director):
    """One event of every class, about rows that exist: a finished take, and one that is being made."""
    done = ask(director, on=panel.sheet)[0]
    run_available(worker="here")
    done.refresh_from_db()
    running = ask(director, on=panel.sheet)[0]
    assert queue.claim(worker="here") is not None
    project, sheet = str(done.project_id), str(panel.sheet_id)
    return [
        events.JobChanged(project, str(done.pk), sheet),
        events.JobClaimed(project, str(running.pk), sheet),
        events.JobProgressed(project, str(running.pk), sheet, 3, 8, "/9j/4AAQ", "r239", 2.5),
        events.SheetChanged(project, sheet),
        events.FrameMade(project, str(done.frame.pk), sheet),
        events.FrameChanged(project, str(done.frame.pk), sheet),
        events.SceneChanged(project, str(panel.shot.scene_id)),
        events.ScriptChanged(project),
        events.PlotChanged(project, str(panel.shot.scene.cast.get().pk)),
        events.CastingChanged(project, str(panel.shot.scene.cast.get().pk)),
    ]


def all_events(cls: type[events.Event] = events.Event) -> set[type[events.Event]]:
    below = set(cls.__subclasses__())
    # A dataclass with slots is made twice; the first draft of each has no __slots__ of its own.
    return {
        one for one in below | {deep for one in below for deep in all_events(one)} if "__slots__" in vars(one)
    }


def test_every_event_class_is_registered_and_has_a_renderer():
    assert all_events() == set(events.EVENTS.values()) == set(live.FRAGMENTS)


def test_every_event_survives_the_channel_layer_unchanged(happenings):
    assert {type(event) for event in happenings} == set(events.EVENTS.values())
    for event in happenings:
        assert events.from_message(events.to_message(event)) == event


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_an_event_of_another_version_is_none_of_ours(version):
    import json

    message = events.to_message(events.ScriptChanged("p"))
    body = json.loads(message["body"]) | {"version": version, "newly": "added"}
    assert events.from_message(message | {"body": json.dumps(body)}) is None


def test_an_event_that_json_cannot_hold_fails_where_it_is_published():
    with pytest.raises(TypeError):
        events.publish(events.ScriptChanged(object()))  # type: ignore[arg-type]


def test_every_event_carries_ids_and_only_progress_carries_data():
    for cls in events.EVENTS.values():
        carried = {field.name for field in fields(cls) if not field.name.endswith("_id")}
        expected = (
            {"step", "steps", "preview", "ratio", "seconds_left"} if cls is events.JobProgressed else set()
        )
        assert carried == expected


@pytest.mark.parametrize("who", ["owner", "viewer"])
def test_every_piece_has_one_root_with_an_id_of_its_own(happenings, request, who):
    person = request.getfixturevalue(who)
    for event in happenings:
        pieces = live.fragments([event], person)
        assert pieces, f"{event} shows nothing"
        ids = []
        for piece in pieces:
            roots = Roots(piece)
            assert len(roots.ids) == 1 and roots.ids[0], f"{type(event).__name__}: {piece[:200]}"
            assert roots.loose == "" and roots.depth == 0
            ids += roots.ids
        assert len(ids) == len(set(ids)), f"{type(event).__name__} sends one id twice"


def test_an_event_about_something_that_is_gone_shows_the_engine_at_most(production, owner):
    gone = "00000000-0000-0000-0000-000000000000"
    project = str(production.pk)
    for event in (
        events.JobChanged(project, gone, gone),
        events.SheetChanged(project, gone),
        events.FrameChanged(project, gone, gone),
        events.SceneChanged(project, gone),
    ):
        assert all('id="engine-meter"' in piece for piece in live.fragments([event], owner))


@pytest.mark.parametrize("who", ["owner", "viewer"])
def test_the_socket_sends_what_the_page_would_show(happenings, panel, request, who, client_for):
    person = request.getfixturevalue(who)
    browser = client_for(person)
    for event in happenings:
        if isinstance(event, events.JobChanged):
            address, piece = f"/job/{event.job_id}/card/", live.fragments([event], person)[0]
        elif isinstance(event, events.SheetChanged):
            address, piece = f"/sheet/{event.sheet_id}/takes/", live.fragments([event], person)[0]
        else:
            continue
        assert browser.get(address).content.decode().strip() == piece.strip(), address


def test_the_board_shows_the_same_card_that_the_socket_sends(happenings, panel, owner, client_for):
    scene = panel.shot.scene
    board = client_for(owner).get(f"/p/{scene.project.slug}/scene/{scene.number}/").content.decode()
    card = live.fragments([events.SheetChanged(str(scene.project_id), str(panel.sheet_id))], owner)[-1]
    (name,) = Roots(card).ids
    assert f'id="{name}"' in board
    # The selected card carries marks of this page; everything inside the root is equal.
    inside = card.split(">", 1)[1].strip()
    assert inside in board


def test_of_several_events_about_one_thing_only_the_last_is_drawn(happenings, owner):
    done, running, progress, *others = happenings
    later = replace(progress, step=4)
    assert live.gathered([progress, done, later]) == [later, done]
    assert live.gathered([progress, running, later]) == [running], (
        "the card of a job holds its preview already"
    )
    assert live.gathered([*others, *others]) == others


def test_the_card_of_a_subject_is_drawn_once_for_all_that_happened_to_its_sheet(happenings, owner):
    about_the_sheet = [event for event in happenings if hasattr(event, "sheet_id")]
    roots = [Roots(piece).ids[0] for piece in live.fragments(about_the_sheet, owner)]
    cards = [Roots(live.fragments([event], owner)[-1]).ids[0] for event in about_the_sheet[:2]]
    assert cards[0] == cards[1] and roots.count(cards[0]) == 1


def test_once_the_last_take_was_cancelled_the_composer_says_again_what_one_costs(panel, ask, director):
    first, second = ask(director, on=panel.sheet, takes=2)

    def cancelled(job):
        assert queue.cancel(job)
        told = events.JobChanged(str(job.project_id), str(job.pk), str(panel.sheet_id))
        return [piece for piece in live.fragments([told], director) if f"sheet-{panel.sheet_id}-eta" in piece]

    assert cancelled(first) == []
    assert ["no estimate yet" in piece for piece in cancelled(second)] == [True]
