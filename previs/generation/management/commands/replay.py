"""`manage.py replay FRAME`: render a frame again and say whether the bytes agree."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from previs.engine.port import EngineError
from previs.generation.models import Frame
from previs.generation.replay import replay


class Command(BaseCommand):
    help = "Render a stored frame again from its provenance and compare the bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("frame", help="the frame's id, as its page and its file name show it")
        parser.add_argument("--out", type=Path, help="write the new picture here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            frame = Frame.objects.select_related("provenance").get(pk=options["frame"])
        except (Frame.DoesNotExist, ValidationError):
            raise CommandError(
                f"There is no frame {options['frame']}. Copy the id from the frame's page."
            ) from None
        try:
            result = replay(frame)
        except (EngineError, ValueError) as error:
            raise CommandError(str(error)) from None
        if options["out"]:
            options["out"].write_bytes(result.data)
        for line in result.changed:
            self.stdout.write(f"Changed since: {line}")
        if result.same_bytes:
            self.stdout.write(self.style.SUCCESS(f"The bytes agree: {frame.sha256}"))
        elif result.same_pixels:
            self.stdout.write("Every pixel agrees; only the file around them differs.")
        else:
            raise CommandError("The pixels differ. The lines above say what has changed since it was made.")
