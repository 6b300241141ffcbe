from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.generation.models import Frame, Job, Sheet
    from previs.projects.models import Project
    from previs.script.models import Scene
    from sets.models import Plan, Set


@pytest.fixture(autouse=True)
def _own_store(own_store):
    """Each test has its pictures to itself."""


@pytest.fixture
def place(scene: Scene, owner: User) -> Set:
    """The set of scene 12, as an import makes it."""
    from sets.services import make_missing_sets

    make_missing_sets(scene.project, owner)
    return scene.project.sets.select_related("project", "sheet__project", "sheet__pick").get()


@pytest.fixture
def add_scene(scene: Scene) -> Callable[..., Scene]:
    """add_scene("13", "EXT. CANNERY - DAY", text="...") -> a scene after the others, with its key and time."""
    from previs.script.headings import parse_heading, set_key
    from previs.script.models import Scene as SceneRow

    def add_scene(number: str, heading: str, text: str = "") -> Scene:
        parts = parse_heading(heading)
        body = f"{heading} #{number}#\n\n{text}\n"
        return SceneRow.objects.create(
            project=scene.project,
            revision=scene.revision,
            ordinal=SceneRow.objects.filter(project=scene.project).count() + 1,
            number=number,
            heading=heading,
            kind=parts.kind,
            setting=parts.setting,
            set_key=set_key(parts.setting),
            time_of_day=parts.time_of_day,
            text=body,
            start=0,
            end=len(body),
            start_line=1,
        )

    return add_scene


@pytest.fixture
def work() -> Callable[[], int]:
    """Do what a worker process does, here and now; returns how many claims it took."""

    def work() -> int:
        from previs.generation.runner import run_available

        return run_available(worker=f"test:{uuid.uuid4().hex[:6]}")

    return work


@pytest.fixture
def make(work: Callable[[], int]) -> Callable[..., Frame]:
    """make(sheet, compiled, by, seed=7) -> the frame of one take, the pick unless pick=False."""
    from previs.generation.services import Brief, generate
    from previs.generation.sheets import pick as choose

    def make(
        sheet: Sheet, compiled: Any, by: User, *, seed: int = 7, pick: bool = True, **brief: Any
    ) -> Frame:
        values = {"prompt": compiled.prompt, "takes": 1, "seed": seed} | brief
        job: Job = generate(
            sheet, Brief(sources=compiled.sources, blockout=compiled.blockout, **values), by=by
        )[0]
        work()
        job.refresh_from_db()
        if pick:
            choose(sheet, job.frame, by=by)
        return job.frame

    return make


@pytest.fixture
def hero(place: Set, owner: User, make: Callable[..., Frame]) -> Frame:
    """The first pick of the set."""
    from sets.recipe import compile_set

    return make(place.sheet, compile_set(place), owner)


@pytest.fixture
def panel(scene: Scene, owner: User) -> Any:
    from previs.storyboard.services import add_shot

    return add_shot(scene, by=owner, action="Mara walks the line.")


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (640, 400), **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (120, 60, 40)).save(buffer, kind, **options)
    return buffer.getvalue()


def simple_plan(*, focal: float = 25.0, cameras: str = "AB") -> dict[str, Any]:
    """A plan without walls, with cameras a metre apart."""
    entry = {"y": 1.5, "z": 4.0, "pan": 0.0, "tilt": 0.0, "roll": 0.0, "sensor": "super35", "focal_mm": focal}
    return {
        "version": 1, "place": "cannery", "interior": True, "ceiling": 4.2, "ground": "", "outline": [], "walls": [],
        "stairs": [], "pieces": [], "figures": [], "lights": [], "meshes": [],
        "cameras": [{"id": label, "x": float(number), **entry} for number, label in enumerate(cameras)],
    }  # fmt: skip


def save_plan(place: Set, by: User, **values: Any) -> Plan:
    """The next revision of a set's plan, as the editor would keep it."""
    return keep(place, by, simple_plan(**values))


def keep(place: Set, by: User, document: dict[str, Any]) -> Plan:
    """A document as the next revision of a set's plan."""
    import hashlib
    import json

    from sets.models import Plan

    newest = place.plans.count()
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return Plan.objects.create(set=place, number=newest + 1, document=document, digest=digest, saved_by=by)


def crew_answers(
    client_for: Callable[..., Any], people: dict[str, Any], ask: Callable[[Any], Any]
) -> dict[str, int]:
    """The status that each person gets: ask(browser) -> response."""
    return {name: ask(client_for(user)).status_code for name, user in people.items()}


@pytest.fixture
def people(owner: User, director: User, viewer: User, stranger: User, production: Project) -> dict[str, Any]:
    return {"nobody": None, "stranger": stranger, "viewer": viewer, "director": director}
