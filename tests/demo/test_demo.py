"""The demo production: whole, made once, and never in the way of real people."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from costumes.models import Fitting
from previs.accounts.models import User
from previs.audit.record import verify
from previs.demo.accounts import DEMO_ACCOUNTS
from previs.demo.seed import SLUG
from previs.generation.models import Job
from previs.projects.models import Project
from previs.script.services import current_revision, preview, source_of

pytestmark = pytest.mark.django_db


def seed(**options):
    out, err = StringIO(), StringIO()
    call_command("seed_demo", stdout=out, stderr=err, **options)
    return out.getvalue() + err.getvalue()


def test_the_demo_has_a_crew_a_script_and_frames_that_wait_for_a_worker(client):
    said = seed()
    project = Project.objects.get(slug=SLUG)
    assert f"{8 + project.sets.count()} frames wait" in said
    assert project.scenes.count() >= 10
    assert set(project.memberships.values_list("role", flat=True)) == {
        account.role for account in DEMO_ACCOUNTS
    }
    jobs = Job.objects.filter(project=project)
    kinds = Counter(jobs.values_list("sheet__kind", flat=True))
    assert kinds == {"change": 3, "panel": 5, "set": project.sets.count()}
    assert {job.state for job in jobs} == {"queued"}
    assert all(job.sources.exists() for job in jobs)
    assert list(verify()) == []
    for account in DEMO_ACCOUNTS:
        assert client.login(username=account.username, password=account.password)


def test_a_fitting_of_three_layers_waits_on_the_photo_of_somebody_who_has_signed_for_it():
    seed()
    fitting = Fitting.objects.get()
    assert str(fitting.change) == "Nora, change 1"
    assert [layer.garment.name for layer in fitting.layers.all()] == [
        "Navy jumper",
        "Work trousers",
        "Yellow oilskin",
    ]
    jobs = Job.objects.filter(brief=fitting.pk)
    assert {job.model for job in jobs} == {"fitting", "fitting+scripted"}
    assert all(job.persons.count() == 1 and job.likeness["scopes"] == ["tryon"] for job in jobs)


def test_its_screenplay_reads_without_a_single_warning():
    seed()
    revision = current_revision(Project.objects.get(slug=SLUG))
    assert source_of(revision).startswith(b"Title:")
    assert preview(revision).document.warnings == ()


def test_a_second_run_is_one_query_and_changes_nothing(django_assert_num_queries):
    seed()
    with django_assert_num_queries(1):
        assert "not made" in seed()
    assert Project.objects.count() == 1


def test_where_people_are_already_nothing_is_made_unless_it_is_forced(stranger):
    seed()
    assert not Project.objects.exists()
    seed(force=True)
    assert Project.objects.filter(slug=SLUG).exists()
    assert User.objects.filter(username="stranger").exists()


def test_forcing_it_again_changes_no_account_and_no_production():
    seed()
    director = User.objects.get(username="director")
    director.set_password("something-of-my-own")
    director.name = "Somebody Else"
    director.save()
    Project.objects.update(title="Renamed")
    before = Job.objects.count()
    seed(force=True)
    director.refresh_from_db()
    assert director.check_password("something-of-my-own") and director.name == "Somebody Else"
    assert Project.objects.get().title == "Renamed" and Job.objects.count() == before


def test_without_a_usable_model_the_production_is_made_all_the_same(settings):
    settings.PREVIS_MODEL = "not-here"
    assert "No frames were asked for" in seed()
    assert Project.objects.get(slug=SLUG).scenes.exists()
    assert not Job.objects.exists()
