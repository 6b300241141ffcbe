"""The append-only record of who did what: each entry's hash covers the one before it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One act. Rows are only ever added; `audit verify` finds an edit or a deletion by the chain.

    object_kind, object_id, project_id: plain values, not foreign keys, so that the record outlives its object
    and this app imports none above it.
    digest: SHA-256 of the payload, which lies apart so that it can be erased without breaking the chain.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    project_id = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            # The history of one production, newest first.
            models.Index(fields=["project_id", "-seq"], name="audit_by_project"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.object_kind} {self.object_id}"


class AuditPayload(models.Model):
    """What the entry says in detail; deleting it leaves the chain verifiable."""

    entry = models.OneToOneField(
        AuditEntry, primary_key=True, on_delete=models.PROTECT, related_name="payload"
    )
    body = models.JSONField()

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"
