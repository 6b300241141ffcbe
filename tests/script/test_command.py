"""`manage.py import_script`: the same import from the shell, errors in words."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from previs.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

DRAFT = "INT. MILL - DAY #1#\n\nWater.\n\nWREN\nIt turns.\n\nEXT. WEIR - NIGHT #1#\n\nNobody.\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mill.fountain"
    path.write_text(DRAFT)
    return path


def run(*arguments, **options):
    out, err = StringIO(), StringIO()
    call_command("import_script", *map(str, arguments), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_it_prints_scenes_and_warnings_and_imports_for_the_owner(production, owner, file):
    out, err = run(production.slug, file)
    assert (
        "INT. MILL - DAY" in out
        and "   1A  EXT. WEIR - NIGHT" in out
        and "Draft 1 of The Salt Road: 2 new." in out
    )
    assert "Line 8:" in err
    assert list(production.scenes.values_list("number", flat=True)) == ["1", "1A"]
    assert AuditEntry.objects.get(verb="import_script").actor == owner


def test_somebody_else_may_be_named(production, director, file):
    run(production.slug, file, by="director")
    assert AuditEntry.objects.get(verb="import_script").actor == director


def test_a_dry_run_changes_nothing(production, file):
    out, _ = run(production.slug, file, dry_run=True)
    assert "INT. MILL - DAY" in out and "Nothing was changed" in out
    assert not production.scenes.exists()


def test_every_fault_is_an_error_in_words(production, viewer, file, tmp_path):
    pdf = tmp_path / "script.pdf"
    pdf.write_bytes(b"%PDF-1.4")
    huge = tmp_path / "huge.fountain"
    with huge.open("wb") as sparse:
        sparse.truncate(11 * 1024 * 1024)
    for arguments, options, words in (
        (("nowhere", file), {}, "There is no production 'nowhere'. There are: the-salt-road."),
        ((production.slug, file), {"by": "viewer"}, "may not edit"),
        ((production.slug, tmp_path / "missing.fountain"), {}, "cannot be read"),
        ((production.slug, tmp_path), {}, "cannot be read"),
        ((production.slug, pdf), {}, "PDF"),
        ((production.slug, huge), {}, "11 MB"),
    ):
        with pytest.raises(CommandError, match=words):
            run(*arguments, **options)
    assert not production.revisions.exists()
