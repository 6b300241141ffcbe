"""Weights that were trained on somebody serve one production, and only while that person agrees (R17)."""

from __future__ import annotations

import dataclasses

import pytest
from django.core.management import CommandError, call_command

from previs.engine.cards import ModelCard, load_cards
from previs.generation import catalogue, withdrawal
from previs.generation.models import Job, JobState
from previs.generation.refusal import GenerationRefused
from tests.generation.likeness_cast import new_person, new_release

pytestmark = pytest.mark.django_db
AGREED = ["train_adapter", "concept_likeness"]


@pytest.fixture
def performer(production, owner):
    return new_person(production, owner)


@pytest.fixture
def trained(performer, monkeypatch):
    """trained(**changes) puts weights trained on the performer among the installed models."""
    usual = catalogue.installed()

    def trained(**changes):
        values = {"bound_to": performer.project.slug, "shows": (str(performer.pk),)} | changes
        card = dataclasses.replace(usual["scripted"], id="likeness", title="Likeness", **values)
        monkeypatch.setattr(catalogue, "installed", lambda: {**usual, "likeness": card})

    return trained


def test_weights_of_another_production_are_not_used(ask, director, trained):
    trained(bound_to="another-film")
    with pytest.raises(GenerationRefused, match="another production") as refused:
        ask(director, model="likeness")
    assert refused.value.code == "adapter_scope" and not Job.objects.exists()


def test_a_release_that_does_not_allow_training_does_not_let_its_weights_be_used(
    ask, director, trained, performer, owner
):
    new_release(performer, owner)
    trained()
    with pytest.raises(GenerationRefused, match="training a model") as refused:
        ask(director, model="likeness")
    assert refused.value.code == "consent_scope"


def test_weights_serve_while_the_person_agrees_and_not_a_moment_longer(
    ask, director, trained, performer, owner, work
):
    release = new_release(performer, owner, scopes=AGREED)
    trained()
    [job] = ask(director, model="likeness")
    withdrawal.revoke(release, by=owner, reason="By letter")
    work()
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "was revoked" in job.error
    with pytest.raises(GenerationRefused, match="was revoked"):
        ask(director, model="likeness")


def test_a_card_keeps_whom_it_shows_in_its_record():
    card = dataclasses.replace(load_cards()["sd-1.5"], bound_to="the-salt-road", shows=("a", "b"))
    assert ModelCard.from_json(card.to_json()) == card


def test_weights_are_added_only_with_the_consent_of_whom_they_were_trained_on(performer, owner, tmp_path):
    slug, number = performer.project.slug, performer.alias
    for words, says in (
        (["--production", slug], "both --production and --shows"),
        (["--production", slug, "--shows", "P-999"], "P-999 is nobody"),
        (["--production", slug, "--shows", number], "no release"),
    ):
        with pytest.raises(CommandError, match=says):
            call_command(
                "models", "add", tmp_path / "none", "--card", "sd-1.5", "--revision", "a" * 40, *words
            )
    new_release(performer, owner, scopes=AGREED)
    with pytest.raises(CommandError, match="There is no folder"):  # so the consent was enough
        call_command(
            "models", "add", tmp_path / "none", "--card", "sd-1.5", "--revision", "a" * 40,
            "--production", slug, "--shows", number,
        )  # fmt: skip
