"""Every rule of the policy module, once allowed and once refused."""

from __future__ import annotations

import pytest

from previs.rights.policy import may_decide, may_use_model

MODEL = {
    "known": True,
    "commercial_use": "yes",
    "commercial_production": True,
    "abilities": {"text"},
    "ability": "text",
    "title": "Pocket",
}
DECISION = {"role": "director", "deciding_roles": {"director", "producer"}, "is_requester": False}


def test_an_installed_model_with_the_right_licence_may_render():
    assert may_use_model(**MODEL).allowed


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ({"known": False}, "model_unapproved"),
        ({"commercial_use": "no"}, "licence_noncommercial"),
        ({"ability": "inpaint"}, "model_ability"),
    ],
)
def test_a_model_is_refused_with_a_stable_code_and_a_sentence(fact, code):
    verdict = may_use_model(**(MODEL | fact))
    assert not verdict.allowed and verdict.code == code
    assert verdict.sentence.endswith(".")


def test_a_non_commercial_model_may_render_for_a_production_that_is_not_commercial():
    assert may_use_model(**(MODEL | {"commercial_use": "no", "commercial_production": False})).allowed


def test_a_person_with_a_deciding_role_may_decide_on_the_work_of_another():
    assert may_decide(**DECISION).allowed


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ({"is_requester": True}, "separation_of_duties"),
        ({"role": "viewer"}, "separation_of_duties"),
        ({"role": ""}, "separation_of_duties"),
        ({"automated": True}, "human_decision"),
    ],
)
def test_a_decision_of_the_maker_a_viewer_or_a_program_does_not_count(fact, code):
    verdict = may_decide(**(DECISION | fact))
    assert not verdict.allowed and verdict.code == code
