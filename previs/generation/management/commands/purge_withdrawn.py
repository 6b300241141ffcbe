"""`manage.py purge_withdrawn`: delete the files of what was withdrawn 30 days ago. A worker does it by itself, too."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from previs.generation.retention import HELD, purge_due


class Command(BaseCommand):
    help = f"Delete the files of frames and photographs whose consent was revoked {HELD.days} days ago or earlier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be deleted, and delete nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        purges = purge_due(dry_run=options["dry_run"])
        done = "would be deleted" if options["dry_run"] else "deleted"
        for purge in purges:
            self.stdout.write(
                f"{purge.person}: {purge.files} files of {purge.frames} frames and {purge.assets} photographs {done}."
            )
        if not purges:
            self.stdout.write("Nothing is due.")
