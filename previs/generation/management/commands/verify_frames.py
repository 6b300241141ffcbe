"""`manage.py verify_frames`: does every row have its file, and every file its hash?"""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from previs.generation import store
from previs.generation.models import Frame
from previs.generation.retention import PURGED


def stored_addresses() -> Iterator[str]:
    """Every content address in the store, by walking its two levels of folders."""
    for outer in default_storage.listdir("")[0]:
        for inner in default_storage.listdir(outer)[0]:
            yield from default_storage.listdir(f"{outer}/{inner}")[1]


class Command(BaseCommand):
    help = "Hash every stored picture again and compare it with its row; report files that no row names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--orphans", action="store_true", help="also list files that no frame names (harmless)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        checked: dict[str, str] = {}
        faults = 0
        rows = Frame.objects.exclude(held_for=PURGED).values_list(
            "pk", "sha256", "thumb_sha256", "blockout_sha256"
        )
        for pk, *addresses in rows.iterator(chunk_size=500):
            for sha256 in filter(None, addresses):
                fault = checked.get(sha256)
                if fault is None:
                    fault = checked[sha256] = self._fault(sha256)
                if fault:
                    faults += 1
                    self.stderr.write(self.style.ERROR(f"Frame {pk}: {fault}"))
        if options["orphans"]:
            for sha256 in stored_addresses():
                if sha256 not in checked:
                    self.stdout.write(f"No frame names {sha256}")
        if faults:
            raise CommandError(f"{faults} faults in {len(checked)} files. Restore them from a backup.")
        self.stdout.write(f"{len(checked)} files match their frames.")

    @staticmethod
    def _fault(sha256: str) -> str:
        try:
            data = store.read(sha256)
        except KeyError:
            return f"{sha256} is missing."
        return (
            ""
            if hashlib.sha256(data).hexdigest() == sha256
            else f"{sha256} holds other bytes than when it was saved."
        )
