"""Starting a production and casting its crew."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify

from previs.audit.record import record
from previs.projects.models import MANAGING_ROLES, Membership, Project, Role

if TYPE_CHECKING:
    from previs.accounts.models import User


class CrewError(Exception):
    """A change of the crew that the production cannot take; the message is for people."""


def free_slug(title: str) -> str:
    base = slugify(title)[:120] or "production"
    # /p/new/ is the form that starts a production.
    taken = {"new"} | set(Project.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def start_project(
    *,
    title: str,
    by: User,
    aspect_ratio: Decimal = Decimal("1.78"),
    fps: Decimal = Decimal("24"),
    logline: str = "",
    role: str = Role.OWNER,
) -> Project:
    project = Project.objects.create(
        title=title, slug=free_slug(title), aspect_ratio=aspect_ratio, fps=fps, logline=logline
    )
    Membership.objects.create(project=project, user=by, role=role)
    record("start_project", project, by=by, project_id=project.pk, title=title)
    return project


@transaction.atomic
def cast(project: Project, *, user: User, role: str, by: User) -> Membership:
    """Give a person a role, or another one.

    Raises CrewError if nobody would be left to manage the crew, or if somebody else than an owner makes or unmakes one.
    """
    before = project.memberships.filter(user=user).first()
    _owners_by_owners(project, [role, before.role if before else ""], by=by)
    _keep_a_manager(project, leaving=user, unless=role in MANAGING_ROLES)
    membership, _ = Membership.objects.update_or_create(project=project, user=user, defaults={"role": role})
    record(
        "change_role",
        membership,
        by=by,
        project_id=project.pk,
        user=user.pk,
        was=before.role if before else "",
        now=role,
    )
    return membership


@transaction.atomic
def uncast(project: Project, *, user: User, by: User) -> None:
    """Take a person off the crew; what they made stays. Raises CrewError for the last manager, and as `cast` does."""
    membership = project.memberships.get(user=user)
    _owners_by_owners(project, [membership.role], by=by)
    _keep_a_manager(project, leaving=user, unless=False)
    record("leave_crew", membership, by=by, project_id=project.pk, user=user.pk, was=membership.role)
    membership.delete()


def _owners_by_owners(project: Project, roles: list[str], *, by: User) -> None:
    if Role.OWNER in roles and project.role_of(by) != Role.OWNER:
        raise CrewError("Only an owner may make somebody an owner, or take that role away.")


def _keep_a_manager(project: Project, *, leaving: User, unless: bool) -> None:
    others = project.memberships.select_for_update().filter(role__in=MANAGING_ROLES).exclude(user=leaving)
    is_manager = project.memberships.filter(user=leaving, role__in=MANAGING_ROLES).exists()
    if is_manager and not unless and not others.exists():
        raise CrewError("A production needs an owner or a producer. Give somebody else that role first.")
