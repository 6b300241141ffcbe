"""Blockouts: how a set's plan begins, how its revisions are saved, and what editor and set page show of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from previs.audit.record import record
from previs.events import SheetChanged, publish
from previs.projects.models import EDITING_ROLES
from sets.blockout_files import EXPORTS
from sets.models import Plan, Set
from sets.places import scenes_of
from sets.plan_versions import newest_plan
from sets.services import latest_plan

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.blockout.plan import SetPlan
    from previs.blockout.reader import Reading

WALL = 0.2  # metres of thickness
EYE = 1.55  # metres of height of the first camera's lens


class BlockoutRefused(Exception):  # noqa: N818 - an answer, not a fault
    """A plan that cannot be kept; the message names the place and says what is wrong."""


class PlanConflict(Exception):  # noqa: N818 - an answer, not a fault
    """Somebody saved a newer revision meanwhile; `latest` is it."""

    def __init__(self, latest: Plan) -> None:
        who = str(latest.saved_by)
        super().__init__(
            f"{who} saved plan {latest.number} meanwhile. Nothing of yours is lost. Save as a new revision on top, and "
            f"the newest plan is yours without their changes; plan {latest.number} stays in Versions. Or load theirs."
        )
        self.latest = latest


@transaction.atomic
def save_plan(place: Set, *, document: Any, number: int, by: User) -> Plan:
    """Keep a plan as the revision after `number`, the one that it was drawn on; 0 for the first.

    A document that is what revision `number` already says makes no new one. Raises BlockoutRefused for a document
    that is no plan, PlanConflict when `number` is not the newest revision.
    """
    plan = _read(document)
    newest = place.plans.select_related("saved_by").order_by("-number").first()
    if newest is not None and newest.number != number:
        raise PlanConflict(newest)
    if newest is None and number:
        raise BlockoutRefused(f"This set has no plan {number} to build on. Reload the page.")
    if newest is not None and newest.digest == plan.digest:
        return newest
    return _store(place, plan, number=number + 1, by=by)


def _read(document: Any) -> SetPlan:
    # numpy comes with it, and pages without a blockout need none.
    from previs.blockout.plan import SetPlan

    if not isinstance(document, dict):
        raise BlockoutRefused("What was sent is no plan: a JSON object with walls, pieces and cameras.")
    try:
        return SetPlan.from_json(document)
    except ValueError as error:
        raise BlockoutRefused(str(error)) from error


def _store(place: Set, plan: SetPlan, *, number: int, by: User) -> Plan:
    try:
        with transaction.atomic():
            kept = Plan.objects.create(
                set=place, number=number, document=plan.to_json(), digest=plan.digest, saved_by=by
            )
    except IntegrityError:
        # Two saved at once; the other one was first.
        raise PlanConflict(place.plans.select_related("saved_by").get(number=number)) from None
    record("save_plan", place, by=by, project_id=place.project_id, number=number, digest=plan.digest)
    publish(SheetChanged(str(place.project_id), str(place.sheet_id)))
    return kept


def begin_from_words(place: Set, *, words: str, by: User) -> tuple[Plan, Reading]:
    """Draw a first plan from words such as "INT. CANNERY - NIGHT, belt, vats"; a later one goes on top.

    Returns it with what was read: the words taken as something else, and those that nothing of the plan stands for.
    Raises BlockoutRefused when nothing can be drawn from them.
    """
    from previs.blockout.plan.first import plan_from_prompt

    try:
        plan, reading = plan_from_prompt(words)
    except ValueError as error:
        raise BlockoutRefused(f"No room could be made from these words: {error}") from error
    return _on_top(place, plan.to_json(), by=by), reading


def begin_empty(place: Set, *, width: float, depth: float, height: float, by: User) -> Plan:
    """Begin with an empty room of these inner metres, with one camera; an exterior begins as open ground."""
    return _on_top(
        place, empty_room(width, depth, height) if place.interior else open_ground(width, depth), by=by
    )


def _on_top(place: Set, document: dict[str, Any], *, by: User) -> Plan:
    newest = latest_plan(place)
    return save_plan(place, document=document, number=newest.number if newest else 0, by=by)


def empty_room(width: float, depth: float, height: float) -> dict[str, Any]:
    """A plan of four walls around a floor of width x depth metres, seen by camera A from its front."""
    from previs.blockout.plan import SENSORS
    from previs.blockout.plan.lens import carried

    x, z = width / 2, depth / 2
    floor = [[-x, -z], [x, -z], [x, z], [-x, z]]
    # The floor is what the walls leave free: their middle lines lie half a thickness outside it.
    corners = [
        [px + (WALL / 2 if px > 0 else -WALL / 2), pz + (WALL / 2 if pz > 0 else -WALL / 2)]
        for px, pz in floor
    ]
    walls = [
        {"id": f"w{i}", "a": a, "b": b, "height": height, "thickness": WALL, "colour": None, "openings": []}
        for i, (a, b) in enumerate(zip(corners, [*corners[1:], corners[0]], strict=True), 1)
    ]
    # As long as the lens may be while both corners of the far wall stay in the frame.
    focal = carried(min(SENSORS["super35"][0] * (depth - 0.4) / (width * 1.2), 35.0))
    return _document(
        interior=True,
        ceiling=height,
        outline=floor,
        walls=walls,
        camera=_camera(z - 0.4, min(EYE, height * 0.6), focal),
    )


def open_ground(width: float, depth: float) -> dict[str, Any]:
    """A plan of nothing but ground, seen by camera A from the front of width x depth metres."""
    return _document(interior=False, ceiling=None, outline=[], walls=[], camera=_camera(depth / 2, EYE, 25.0))


def _camera(z: float, y: float, focal: float) -> dict[str, Any]:
    place = {"id": "A", "x": 0.0, "y": y, "z": z}
    return {**place, "pan": 0.0, "tilt": 0.0, "roll": 0.0, "sensor": "super35", "focal_mm": focal}


def _document(
    *, interior: bool, ceiling: float | None, outline: Any, walls: Any, camera: Any
) -> dict[str, Any]:
    return {
        "version": 1,
        "place": "",
        "interior": interior,
        "ceiling": ceiling,
        "ground": "",
        "outline": outline,
        "walls": walls,
        "stairs": [],
        "pieces": [],
        "figures": [],
        "lights": [],
        "cameras": [camera],
        "meshes": [],
    }


def first_words(place: Set) -> str:
    """What the prompt of a first plan is filled with: the heading the set plays under most, and its design."""
    hours = Counter(scene.time_of_day for scene in scenes_of(place) if scene.time_of_day)
    hour = f" - {hours.most_common(1)[0][0]}" if hours else ""
    heading = f"{'INT' if place.interior else 'EXT'}. {place.name.upper()}{hour}"
    words = place.description.strip()
    return f"{heading}\n{words}" if words else heading


def editor_library() -> dict[str, Any]:
    """Everything the editor draws with: pieces by group with their solids, and the poses of figures.

    {"groups": [...], "pieces": {kind: {...}}, "poses": {pose: joints}, "heights": {build: metres}}
    """
    from random import Random

    from previs.blockout.plan.piecebook import library_json
    from previs.blockout.poses import pose_joints
    from previs.blockout.words import POSES

    poses = {}
    for pose in POSES:
        joints = pose_joints(pose, Random(0))  # noqa: S311 - one fixed drawing of each pose
        names = ("drop", "lean", "feet", "knees", "hands", "elbows")
        poses[pose] = {name: getattr(joints, name) for name in names}
    heights = {"person": 1.72, "woman": 1.68, "man": 1.79, "child": 1.24}
    return {**library_json(), "poses": poses, "heights": heights}


def may_edit(place: Set, user: User) -> bool:
    return place.project.role_of(user) in EDITING_ROLES


def editor_context(place: Set, plan: Plan, user: User, *, camera: str = "") -> dict[str, Any]:
    """What the editor's page shows; `desk` is what its program reads. camera: the one to look through, "" for none."""
    slug, project = place.project.slug, place.project
    editable = may_edit(place, user)
    return {
        "place": place,
        "plan": plan,
        "can_edit": editable,
        "exports": list(EXPORTS.items()),
        "newest": newest_plan(place, user),
        "desk": {
            "set": str(place.pk),
            "name": place.name,
            "number": plan.number,
            "camera": camera[:1],
            "document": plan.document,
            "editable": editable,
            "ratio": float(project.aspect_ratio),
            "urls": {
                "versions": reverse("blockout_versions", args=[slug, place.pk]),
                "save": reverse("save_blockout", args=[slug, place.pk]),
                "latest": reverse("blockout_document", args=[slug, place.pk]),
                "import": reverse("import_mesh", args=[slug, place.pk]),
                "models": reverse("blockout_models", args=[slug, place.pk])
                if plan.document["meshes"]
                else "",
                "library": reverse("blockout_library"),
            },
        },
    }


def blockout_context(place: Set, user: User) -> dict[str, Any]:
    """What `sets/_blockout.html` shows on a set's page: the plan from above and through each camera, or its lack."""
    from previs.blockout.plan.lens import field_of_view
    from sets.blockout_passes import ABOVE, wedges

    project, plan = place.project, latest_plan(place)
    shown: dict[str, Any] = {
        "plan": plan,
        "editor_url": reverse("blockout", args=[project.slug, place.pk]),
        "can_edit": may_edit(place, user),
        "ratio": project.ratio_class,
    }
    if plan is None:
        return {"blockout": shown}

    def picture(camera: str) -> str:
        # The number makes the address of another revision another one, so that browsers may keep the picture.
        path = reverse("blockout_pass", args=[project.slug, place.pk, "clay"])
        return f"{path}?camera={camera}&plan={plan.number}"

    ratio = float(project.aspect_ratio)
    shown["above_url"], shown["wedges"] = picture(ABOVE), wedges(plan, ratio)
    shown["cameras"] = [
        {
            "label": camera["id"],
            "url": picture(camera["id"]),
            "lens": f"{camera['focal_mm']:g} mm",
            "angle": f"{field_of_view(camera['sensor'], camera['focal_mm'], ratio)[0]:.1f}°",
        }
        for camera in plan.document["cameras"]
    ]
    return {"blockout": shown}


def document_json(plan: Plan) -> dict[str, Any]:
    """A revision as the editor takes it over."""
    return {"number": plan.number, "saved_by": str(plan.saved_by), "document": plan.document}
