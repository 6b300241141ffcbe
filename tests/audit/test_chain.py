"""The audit record: acts follow each other, and tampering is found."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from previs.audit.models import AuditEntry, AuditPayload
from previs.audit.record import record, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(owner, production, director):
    for number in range(3):
        with transaction.atomic():
            record("test_act", production, by=owner, project_id=production.pk, number=number)
    return AuditEntry.objects.order_by("seq")


def test_an_untouched_chain_holds(chain):
    assert chain.count() >= 5
    assert list(verify()) == []
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    assert chain.last().hash in out.getvalue()


@pytest.mark.parametrize("field", ["verb", "object_id", "digest", "at", "actor"])
def test_a_changed_entry_is_named(chain, field, stranger):
    from django.utils import timezone

    second = chain[1]
    value = {"at": timezone.now(), "actor": stranger}.get(field, "x" * 64 if field == "digest" else "forged")
    AuditEntry.objects.filter(pk=second.pk).update(**{field: value})
    assert any(f"Entry {second.seq} " in fault and "changed" in fault for fault in verify())


def test_a_deleted_entry_is_missed(chain):
    third = chain[2]
    AuditPayload.objects.filter(entry=third).delete()
    third.delete()
    assert any("missing" in fault for fault in verify())


def test_changed_details_are_found_and_erased_ones_are_allowed(chain):
    payload = chain.last().payload
    payload.body = {"number": 99}
    payload.save()
    assert [fault for fault in verify() if "details" in fault]
    payload.delete()
    assert list(verify()) == []


def test_a_dropped_tail_is_found_by_a_head_noted_elsewhere(chain):
    last = chain.last()
    head = last.hash
    last.payload.delete()
    last.delete()
    assert list(verify()) == []
    with pytest.raises(CommandError):
        call_command("audit", "verify", head=head, stderr=StringIO(), stdout=StringIO())


def test_an_act_that_is_undone_leaves_no_entry(owner, production):
    before = AuditEntry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        record("test_act", production, by=owner)
        raise RuntimeError
    assert AuditEntry.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused(owner):
    with pytest.raises(transaction.TransactionManagementError):
        record("test_act", owner, by=owner)
