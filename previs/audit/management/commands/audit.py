"""`manage.py audit verify`: does the record of acts still hang together?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from previs.audit.models import AuditEntry
from previs.audit.record import verify


class Command(BaseCommand):
    help = "Verify the hash chain of the audit record and print its head."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify"])
        parser.add_argument("--head", help="a head noted earlier; it must still be in the chain")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(verify())
        for fault in faults:
            self.stderr.write(self.style.ERROR(fault))
        if options["head"] and not AuditEntry.objects.filter(hash=options["head"]).exists():
            faults.append("head")
            self.stderr.write(
                self.style.ERROR("The noted head is not in the chain: entries at its end were removed.")
            )
        if faults:
            raise CommandError(
                f"The audit record has {len(faults)} faults. Stop exports and restore a backup."
            )
        last = AuditEntry.objects.order_by("-seq").first()
        self.stdout.write(f"{last.seq if last else 0} entries hold. Head: {last.hash if last else '-'}")
