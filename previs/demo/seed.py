"""The demo production: accounts, crew, a screenplay and a few frames asked for, all through the real services."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from costumes import plotting
from costumes.models import Change
from costumes.recipe import compile_change
from costumes.services import dress
from previs.accounts.models import User
from previs.accounts.services import create_account
from previs.demo.accounts import DEMO_ACCOUNTS, DemoAccount
from previs.demo.closet import fill_closet
from previs.demo.fitting import ask_for_fitting
from previs.demo.people import enter_cast
from previs.generation import services as generation
from previs.generation.compiled import Compiled
from previs.generation.models import Sheet
from previs.projects.models import Project, Role
from previs.projects.services import cast, start_project
from previs.script import services as script
from previs.storyboard.models import Panel
from previs.storyboard.recipe import compile_panel
from sets.recipe import compile_set
from sets.services import describe

SCREENPLAY = Path(__file__).parent / "what_the_tide_owes.fountain"
TITLE = "What the Tide Owes"
SLUG = "what-the-tide-owes"
LOGLINE = "A man thought drowned comes back to a cannery town with a bell that was never paid for."
# What the designers of the demo have written so far: (first words of the set or character, their words).
SET_WORDS = (
    "BAR",
    "Low ceiling of black beams, a long zinc counter, one green glass lamp, fishing floats on the wall.",
)
# Of whom a first concept is asked for.
DRESSED = "KASPAR"
# (first word of the character, title, garments, scenes where the change begins or is said again); what is worn goes
# on through each story day. Petra, Ines and the Father are still open on the last morning: gaps for a designer to fill.
COSTUMES = (
    (
        "KASPAR",
        "Greatcoat",
        "Long grey greatcoat with one brass button missing, felt hat, knitted scarf.",
        "1 3",
    ),
    (
        "KASPAR",
        "Bandaged",
        "Grey greatcoat with a torn thread, hands bandaged in linen strips, bare head.",
        "11",
    ),
    ("LOTTE", "Red cap", "Red knitted cap, a man's tweed jacket that reaches her boots.", "1 6 11"),
    ("PETRA", "Behind the bar", "White shirt with sleeve garters, long green apron.", "2"),
    ("NORA", "Oilskin", "Yellow oilskin over a navy jumper darned at both elbows, wet boots.", "2 3"),
    ("NORA", "Pilot coat", "Her father's dark pilot coat with anchor buttons over the navy jumper.", "7 11"),
    ("INES", "Camel coat", "Camel coat, a pearl pin at the collar, moss-green gloves.", "4"),
    ("FATHER", "Cassock", "Black cassock hitched into sea boots.", "8"),
)
SCENES_WITH_FRAMES = 5


@transaction.atomic
def seed() -> Project:
    """Make what is missing of the demo: accounts by their usernames, the production by its slug.

    Changes nothing that exists, so it may run again over an installation in use.
    """
    people = {account.username: _account(account) for account in DEMO_ACCOUNTS}
    existing = Project.objects.filter(slug=SLUG).first()
    if existing is not None:
        return existing
    by_role = {account.role: people[account.username] for account in DEMO_ACCOUNTS}
    owner, director = by_role[Role.OWNER], by_role[Role.DIRECTOR]
    project = start_project(
        title=TITLE, by=owner, aspect_ratio=Decimal("2.39"), fps=Decimal("24"), logline=LOGLINE
    )
    for account in DEMO_ACCOUNTS:
        if account.role != Role.OWNER:
            cast(project, user=people[account.username], role=account.role, by=owner)
    draft = script.upload(project, raw=SCREENPLAY.read_bytes(), name=SCREENPLAY.name, by=director)
    script.confirm(draft, by=director)
    _write_design(project, art=by_role[Role.ART], costume=by_role[Role.COSTUME])
    enter_cast(project, by=owner)
    return project


def ask_for_frames(project: Project) -> int:
    """Queue the demo's first frames, as its crew would: nothing is rendered here and no picture comes with the demo.

    They appear when a worker runs. Returns how many were asked for.
    Raises GenerationRefused when the default model cannot be used here.
    """
    wanted: list[tuple[Sheet, Compiled, str]] = []
    for scene in project.scenes.filter(omitted=False)[:SCENES_WITH_FRAMES]:
        panel = (
            Panel.objects.filter(shot__scene=scene).select_related("shot__scene", "sheet__project").first()
        )
        if panel is not None:
            wanted.append((panel.sheet, compile_panel(panel), Role.DIRECTOR))
    for place in project.sets.select_related("sheet__project"):
        wanted.append((place.sheet, compile_set(place), Role.ART))
    changes = Change.objects.filter(character__project=project).select_related("sheet__project", "character")
    change = changes.filter(character__name__istartswith=DRESSED).first()
    if change is not None:
        wanted.append((change.sheet, compile_change(change), Role.COSTUME))
    members = {membership.role: membership.user for membership in project.memberships.select_related("user")}
    with transaction.atomic():
        for sheet, compiled, role in wanted:
            brief = generation.Brief(
                prompt=compiled.prompt, takes=1, seed=7, portrait=compiled.portrait, sources=compiled.sources
            )
            generation.generate(sheet, brief, by=members[role])
    # Its looking at the photo and its cutting of garments belong in no transaction.
    return len(wanted) + ask_for_fitting(project, by=members[Role.COSTUME])


def _account(account: DemoAccount) -> User:
    existing = User.objects.filter(username=account.username).first()
    if existing is not None:
        return existing
    user = create_account(
        username=account.username, name=account.name, email=account.email, password=None, by=None
    )
    user.password = _hashed(account.password)
    user.save(update_fields=["password"])
    return user


@cache
def _hashed(password: str) -> str:
    """All demo accounts have one published password; its hash is slow by design, and made once."""
    return make_password(password)


def _write_design(project: Project, *, art: User, costume: User) -> None:
    """A few words of the designers, so that storyboard prompts show where sets and costumes come in."""
    place = project.sets.filter(name__istartswith=SET_WORDS[0]).first()
    if place is not None:
        describe(place, description=SET_WORDS[1], by=art)
    _plan_costumes(project, by=costume)
    fill_closet(project, by=costume)


def _plan_costumes(project: Project, *, by: User) -> None:
    numbers: dict[str, int] = {}
    scenes = dict(project.scenes.values_list("number", "pk"))
    for name, title, garments, begins in COSTUMES:
        character = project.characters.filter(name__istartswith=name).first()
        if character is None:
            continue
        numbers[name] = numbers.get(name, 0) + 1
        keys = [scenes[number] for number in begins.split() if number in scenes]
        change = plotting.wear_number(character, scenes=keys, number=numbers[name], by=by)
        dress(
            change,
            garments=garments,
            title=title,
            scenes=[str(pk) for pk in change.scenes.values_list("pk", flat=True)],
            by=by,
        )
