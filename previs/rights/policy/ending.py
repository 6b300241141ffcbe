"""What becomes of frames when a release ends, and who is told before (R26, R27)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

WARNING_DAYS = (30, 7, 1)
#: States that a frame does not come back from when consent ends.
_SETTLED = ("withdrawn", "purged")


def state_after_revocation(state: str, *, exported: bool) -> str:
    """The state of a frame once a release it depends on is revoked (R26).

    What has left the production is kept for the lawyers, because a contract may outlive a consent.
    """
    if state in _SETTLED:
        return state
    return "legal_hold" if exported else "withdrawn"


def state_after_expiry(state: str, *, approved: bool) -> str:
    """The state of a frame once a release it depends on has run out, until it is renewed (R27)."""
    if state in (*_SETTLED, "legal_hold"):
        return state
    return "legal_hold" if approved else "quarantined"


def warnings_due(valid_until: datetime, *, moment: datetime, warned: Collection[int]) -> list[int]:
    """The days before the end that a warning is due for now: each once, and only the nearest of several missed."""
    due = [
        days
        for days in WARNING_DAYS
        if valid_until - timedelta(days=days) <= moment <= valid_until and days not in warned
    ]
    nearest = min([*due, *warned], default=0)
    return [days for days in due if days == nearest]
