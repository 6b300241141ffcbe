"""Finding a change by anything that a person on set may know of it, a number it no longer has among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from costumes.models import Change, FormerNumber
from previs.projects.models import Project

MOST_FOUND = 40


@dataclass(frozen=True, slots=True)
class Found:
    """former: the numbers it had before, newest first, without the present one."""

    change: Change
    former: tuple[int, ...]


def find_changes(project: Project, words: str) -> list[Found]:
    """Changes in which every word is found: the character's name, title, garments, or a number, present or former.

    "mara 3" finds Mara's change 3 and the one that was 3. Three queries.
    """
    found = Q()
    for word in re.findall(r"[\w'\u2019-]+", words.casefold()):
        if word == "change":
            continue
        if word.isdecimal():
            number = min(int(word), 10**6)
            found &= Q(number=number) | Q(former_numbers__number=number)
        else:
            found &= (
                Q(character__name__icontains=word)
                | Q(title__icontains=word)
                | Q(garments__icontains=word)
                | Q(wear_note__icontains=word)
            )
    changes = (
        Change.objects.filter(found, character__project=project)
        .select_related("character__project")
        .prefetch_related(Prefetch("former_numbers", FormerNumber.objects.order_by("-until")))
        .distinct()
    )
    return [
        Found(
            change,
            tuple(
                number
                for number in dict.fromkeys(former.number for former in change.former_numbers.all())
                if number != change.number
            ),
        )
        for change in changes[:MOST_FOUND]
    ]
