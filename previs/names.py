"""How names that a script writes in capitals are shown in a sentence."""

from __future__ import annotations

import re

from django.template.defaultfilters import title

_APOSTROPHE_INSIDE = re.compile(r"(\w)(['\u2019])(\w)")


def shown(name: str) -> str:
    """NORA'S KITCHEN -> Nora's Kitchen, O'NEIL -> O'Neil, 2ND FLOOR -> 2nd Floor; with curly apostrophes too.

    A name with a small letter in it was written as it shall read.
    """
    if name != name.upper():
        return name
    return _APOSTROPHE_INSIDE.sub(
        lambda found: found[1] + found[2] + (found[3].lower() if found[1].islower() else found[3]),
        str(title(name)),
    )
