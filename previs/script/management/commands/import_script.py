"""`manage.py import_script PRODUCTION FILE`: the same import as on the page, from the shell."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from previs.accounts.models import User
from previs.generation.store import StoreError
from previs.projects.models import EDITING_ROLES, Project
from previs.script import services
from previs.script.headings import display_eighths
from previs.script.reading import LARGEST_FILE, NotAScreenplay


class Command(BaseCommand):
    help = "Import a screenplay into a production and print its scenes, and what looks wrong in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("production", help="the last part of the production's address, its slug")
        parser.add_argument("file", type=Path, help="a Fountain or plain text file")
        parser.add_argument(
            "--by", metavar="USERNAME", help="who imports; the owner of the production if not given"
        )
        parser.add_argument("--dry-run", action="store_true", help="only show what the import would do")

    def handle(self, *args: Any, **options: Any) -> None:
        project = self._project(options["production"])
        person = self._person(project, options["by"])
        raw = self._read(options["file"])
        try:
            draft = services.upload(project, raw=raw, name=options["file"].name, by=person)
            preview = services.preview(draft)
            self._show(preview)
            if options["dry_run"]:
                self.stdout.write("Nothing was changed. Leave --dry-run out to import.")
                return
            revision = services.confirm(draft, by=person)
        except (NotAScreenplay, StoreError, services.SourceLost) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            self.style.SUCCESS(f"Draft {revision.number} of {project.title}: {preview.summary}.")
        )

    def _project(self, slug: str) -> Project:
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            known = ", ".join(Project.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no production {slug!r}. There are: {known}.")
        return project

    def _person(self, project: Project, username: str | None) -> User:
        editors = project.memberships.filter(role__in=EDITING_ROLES).select_related("user")
        if username is None:
            first = editors.filter(role="owner").first() or editors.first()
            if first is None:
                raise CommandError(f"Nobody may edit {project.title}. Cast an owner first.")
            return first.user
        membership = editors.filter(user__username=username).first()
        if membership is None:
            names = ", ".join(editors.values_list("user__username", flat=True))
            raise CommandError(f"{username!r} may not edit {project.title}. These may: {names}.")
        return membership.user

    def _read(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise CommandError(
                    f"{path.name} has {path.stat().st_size / 1024 / 1024:.0f} MB; "
                    f"a screenplay may have at most {LARGEST_FILE // 1024 // 1024} MB."
                )
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _show(self, preview: services.ImportPreview) -> None:
        for planned in preview.plan.scenes:
            was = f" (was {planned.was_number})" if planned.was_number else ""
            length = display_eighths(planned.scene.eighths)
            self.stdout.write(
                f"{planned.number:>5}{was}  {planned.scene.heading}  {length} pp  {planned.change.label.lower()}"
            )
        for scene in preview.plan.omitted:
            self.stdout.write(f"{scene.number:>5}  {scene.heading}  omitted")
        for warning in preview.warnings:
            self.stderr.write(self.style.WARNING(f"Line {warning.line}: {warning.message}"))
