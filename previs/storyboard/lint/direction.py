"""The 180-degree line and eyelines. A camera on the line, or a look into the lens, is neutral and breaks nothing."""

from __future__ import annotations

import math

from previs.storyboard.lint.findings import EYELINE, LINE, TURNED, Finding, finding
from previs.storyboard.lint.setups import Camera, Figure, Floor, Setup, bearing, look_of, off_the_line, seen

# Degrees from the line within which a camera counts as standing on it. A look without a partner needs more,
# because a body turned a little is no direction yet.
NEUTRAL_PAIR, NEUTRAL_LOOK = 8.0, 20.0
# A head turns no further than this from the chest, degrees.
HEAD_TURN = 100.0


def line(before: Setup, here: Setup) -> list[Finding]:
    """The 180-degree rule: somebody seen in both panels looks the other way in the second one."""
    then, now = seen(before, before.last), seen(here, here.camera)
    shared = [figure for figure in now if any(figure.id == other.id for other in then)]
    if not shared:
        return []
    both = {figure.id for figure in shared}
    # The line between two people who are seen twice rules; then between one of them and a partner; then a look.
    for figure in sorted(shared, key=lambda figure: (figure.looks_at not in both, not figure.looks_at)):
        earlier = next(other for other in before.figures if other.id == figure.id)
        first = _direction(before, before.last, earlier)
        second = _direction(here, here.camera, figure)
        if not first or not second:
            continue
        if first == second:
            # The first line that holds decides: a bystander's look does not break it.
            return []
        partner = _partner(here, figure)
        crossed = (
            f"the line between {figure.called} and {partner.called}" if partner else "that line of sight"
        )
        sentence = f"{figure.called} looks {second} here and {first} in {before.label}. The camera has crossed {crossed}."
        people = (figure, partner) if partner else (figure,)
        return [finding(LINE, before, here, sentence, people, _axis(here, figure))]
    return []


def eyeline(before: Setup, here: Setup) -> list[Finding]:
    """Two singles of people who look at each other: one must look right, the other left."""
    then, now = seen(before, before.last), seen(here, here.camera)
    shared = {figure.id for figure in then} & {figure.id for figure in now}
    for figure in now:
        partner = next((other for other in then if figure.looks_at == other.id), None)
        if partner is None or shared & {figure.id, partner.id} or partner.looks_at not in ("", figure.id):
            continue
        first = _direction(before, before.last, partner)
        second = _direction(here, here.camera, figure)
        if first and first == second:
            sentence = (
                f"{partner.called} looks {first} in {before.label} and {figure.called} looks {second} here too, "
                "so they do not seem to look at each other."
            )
            return [finding(EYELINE, before, here, sentence, (figure, partner), _axis(here, figure))]
    return []


def turned(here: Setup) -> list[Finding]:
    for figure in seen(here, here.camera):
        partner = _partner(here, figure)
        if partner is None:
            continue
        chest, look = _chest(figure), look_of(figure, here.figures)
        away = math.degrees(math.acos(max(-1.0, min(1.0, chest[0] * look[0] + chest[1] * look[1]))))
        if away > HEAD_TURN:
            sentence = (
                f"{figure.called} looks at {partner.called}, who stands {away:.0f}° from where the chest points. "
                "No neck turns that far: turn the figure in the plan."
            )
            return [finding(TURNED, None, here, sentence, (figure, partner), _axis(here, figure))]
    return []


def _direction(setup: Setup, camera: Camera, figure: Figure) -> str:
    """ "left" or "right", where a figure looks in the picture; "" when it is neutral."""
    angle = bearing(camera, figure.floor, look_of(figure, setup.figures))
    neutral = NEUTRAL_PAIR if _partner(setup, figure) else NEUTRAL_LOOK
    return "" if off_the_line(angle) < neutral else ("right" if angle > 0 else "left")


def _partner(setup: Setup, figure: Figure) -> Figure | None:
    return next((other for other in setup.figures if other.id == figure.looks_at), None)


def _chest(figure: Figure) -> Floor:
    yaw = math.radians(figure.yaw)
    return math.sin(yaw), math.cos(yaw)


def _axis(setup: Setup, figure: Figure) -> tuple[Floor, Floor]:
    partner = _partner(setup, figure)
    if partner is not None:
        return figure.floor, partner.floor
    dx, dz = look_of(figure, setup.figures)
    return figure.floor, (figure.x + 1.5 * dx, figure.z + 1.5 * dz)
