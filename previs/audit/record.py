"""Write one audit entry, and verify the whole chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from previs.audit.models import AuditEntry, AuditPayload

if TYPE_CHECKING:
    from previs.accounts.models import User

GENESIS = "0" * 64
# Any constant will do, as long as nothing else in this database uses the same advisory lock.
CHAIN_LOCK = 0x50524556


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def link_hash(entry: AuditEntry) -> str:
    body = [
        entry.seq,
        entry.at.isoformat(),
        entry.actor_id,
        entry.verb,
        entry.object_kind,
        entry.object_id,
        str(entry.project_id) if entry.project_id else None,
        entry.digest,
    ]
    return hashlib.sha256(entry.prev_hash.encode() + canonical(body)).hexdigest()


def record(
    verb: str, thing: models.Model, *, by: User | None, project_id: UUID | None = None, **payload: Any
) -> AuditEntry:
    """Append an entry about `thing` inside the caller's transaction, so act and record stand or fall together.

    `payload` must be JSON; keep secrets and prompts out of it.
    Raises TransactionManagementError outside `atomic`.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "audit.record() belongs inside the transaction it reports on."
        )
    if connection.vendor == "postgresql":
        # Two transactions must not both append after the same entry; the lock ends with the transaction.
        # SQLite needs none: its IMMEDIATE transactions already run one at a time.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditEntry.objects.order_by("-seq").only("seq", "hash").first()
    body = json.loads(canonical(payload))
    entry = AuditEntry(
        seq=last.seq + 1 if last else 1,
        at=timezone.now(),
        actor=by,
        verb=verb,
        object_kind=thing._meta.label_lower,
        object_id=str(thing.pk),
        project_id=project_id,
        digest=hashlib.sha256(canonical(body)).hexdigest(),
        prev_hash=last.hash if last else GENESIS,
    )
    entry.hash = link_hash(entry)
    entry.save(force_insert=True)
    AuditPayload.objects.create(entry=entry, body=body)
    return entry


def verify() -> Iterator[str]:
    """Yield one sentence for every fault in the chain; nothing at all when it holds.

    A dropped tail cannot be seen from inside: compare the head with one noted elsewhere.
    """
    prev_hash, expected = GENESIS, 1
    entries = AuditEntry.objects.order_by("seq").select_related("payload")
    for entry in entries.iterator(chunk_size=2000):
        if entry.seq != expected:
            yield f"Entries {expected} to {entry.seq - 1} are missing."
        if entry.prev_hash != prev_hash:
            yield f"Entry {entry.seq} does not follow the one before it."
        if entry.hash != link_hash(entry):
            yield f"Entry {entry.seq} ({entry.verb}) was changed after it was written."
        payload = getattr(entry, "payload", None)
        if payload is not None and hashlib.sha256(canonical(payload.body)).hexdigest() != entry.digest:
            yield f"The details of entry {entry.seq} ({entry.verb}) were changed after they were written."
        prev_hash, expected = entry.hash, entry.seq + 1
