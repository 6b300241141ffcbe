"""How a fitting ends early."""

from __future__ import annotations


class FittingError(Exception):
    """This photo and this garment cannot be fitted. The message is shown to people: cause, then what to do."""


class FittingCancelled(Exception):  # noqa: N818 - an outcome, not an error
    """Raised from `on_step` to stop a fitting between two steps."""
