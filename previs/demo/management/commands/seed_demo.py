"""`manage.py seed_demo`: the demo production, once, on an installation that has nobody yet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from previs.accounts.models import User
from previs.demo.accounts import DEMO_ACCOUNTS
from previs.demo.seed import ask_for_frames, seed
from previs.generation.models import Job
from previs.generation.services import GenerationRefused


class Command(BaseCommand):
    help = "Make the demo accounts and the demo production, unless somebody can sign in here already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force",
            action="store_true",
            help="also where people exist; adds what is missing and changes nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["force"] and User.objects.exists():
            self._say(
                options, "Somebody can sign in here already; the demo is not made. Use --force to add it."
            )
            return
        project = seed()
        self._say(options, f"{project.title}: {project.scenes.count()} scenes.")
        if not Job.objects.filter(project=project).exists():
            try:
                self._say(
                    options, f"{ask_for_frames(project)} frames wait for a worker (`manage.py studio`)."
                )
            except GenerationRefused as refused:
                # The production is whole without pictures; somebody asks for them once a model is there.
                self.stderr.write(self.style.WARNING(f"No frames were asked for: {refused}"))
        for account in DEMO_ACCOUNTS:
            self._say(
                options, f"  {account.username:<10} {account.password}   {account.name}, {account.role}"
            )

    def _say(self, options: dict[str, Any], words: str) -> None:
        if options["verbosity"]:
            self.stdout.write(words)
