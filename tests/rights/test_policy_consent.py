"""Whether somebody has agreed: R10 to R13, R17, R26 and R27, each once allowed and once refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from previs.rights import policy
from previs.rights.facts import TEMPLATE_DESCRIPTION, PersonFacts, ReleaseFacts, UseFacts

BEGIN = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
END = datetime(2027, 3, 26, 23, 59, 59, tzinfo=UTC)
NOW = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

RELEASE = ReleaseFacts(
    ref="r1",
    kind="employment",
    status="active",
    scopes=frozenset({"tryon", "concept_likeness"}),
    valid_from=BEGIN,
    valid_until=END,
    document_sha256="a" * 64,
    separate_signature=True,
    specific_description="Virtual fittings of the oilskin coat for scene 12, to choose the costume.",
)
PERSON = PersonFacts("P-014", releases=(RELEASE,))
FITTING = UseFacts(moment=NOW, persons=(PERSON,), scopes=frozenset({"tryon"}), garments=1)


def signed(**changes: object) -> PersonFacts:
    return replace(PERSON, releases=(replace(RELEASE, **changes),))  # type: ignore[arg-type]


def used(**changes: object) -> policy.Verdict:
    return policy.may_use(replace(FITTING, **changes))  # type: ignore[arg-type]


# R10


def test_a_person_with_an_active_release_may_be_used():
    assert used().allowed


@pytest.mark.parametrize("moment", [BEGIN, END])
def test_both_ends_of_a_release_belong_to_it(moment):
    assert used(moment=moment).allowed


@pytest.mark.parametrize("moment", [BEGIN - SECOND, END + SECOND])
def test_one_second_outside_a_release_is_without_consent(moment):
    assert used(moment=moment).code == "consent_missing"


@pytest.mark.parametrize(
    ("status", "words"),
    [("draft", "draft"), ("suspended", "suspended"), ("expired", "ended"), ("revoked", "revoked")],
)
def test_a_release_that_is_not_active_is_no_consent_and_the_sentence_says_why(status, words):
    verdict = used(persons=(signed(status=status),))
    assert verdict.code == "consent_missing" and words in verdict.sentence and "P-014" in verdict.sentence


def test_nobody_is_used_without_any_release():
    verdict = used(persons=(PersonFacts("P-018"),))
    assert verdict.code == "consent_missing" and "P-018 has no release" in verdict.sentence


def test_every_person_of_a_use_needs_a_release():
    assert used(persons=(PERSON, PersonFacts("P-018"))).code == "consent_missing"


def test_a_release_for_one_role_covers_no_other():
    for_mara = signed(characters=frozenset({"MARA"}))
    assert used(persons=(for_mara,), character="MARA").allowed
    verdict = used(persons=(for_mara,), character="ELIAS")
    assert verdict.code == "consent_missing" and "MARA only, not ELIAS" in verdict.sentence


def test_two_releases_count_together():
    second = replace(RELEASE, ref="r2", scopes=frozenset({"age_change"}))
    both = replace(PERSON, releases=(RELEASE, second))
    assert used(persons=(both,), scopes=frozenset({"tryon", "age_change"})).allowed


def test_an_ended_release_lends_no_scope_to_a_living_one():
    ended = replace(RELEASE, scopes=frozenset({"age_change"}), valid_until=NOW - SECOND)
    both = replace(PERSON, releases=(RELEASE, ended))
    assert used(persons=(both,), scopes=frozenset({"age_change"})).code == "consent_scope"


# R11


def test_a_complete_release_may_come_into_force():
    assert policy.release_is_complete(RELEASE, moment=NOW).allowed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"document_sha256": ""}, "hash of the signed document"),
        ({"document_sha256": "no hash"}, "hash of the signed document"),
        ({"separate_signature": False}, "signature of its own"),
        ({"valid_until": None}, "the date it ends"),
        ({"scopes": frozenset()}, "what it allows"),
        ({"specific_description": "Coat, scene 12."}, "description"),
        ({"specific_description": " " + TEMPLATE_DESCRIPTION.upper()}, "description"),
    ],
)
def test_a_release_that_lacks_something_stays_a_draft(change, words):
    verdict = policy.release_is_complete(replace(RELEASE, **change), moment=NOW)
    assert verdict.code == "release_incomplete" and words in verdict.sentence


def test_a_release_that_has_ended_cannot_come_into_force():
    assert policy.release_is_complete(RELEASE, moment=END).allowed
    assert policy.release_is_complete(RELEASE, moment=END + SECOND).code == "release_ended"


# R12


def test_a_scope_that_is_lacking_is_named():
    verdict = used(scopes=frozenset({"tryon", "age_change", "expression_pose"}))
    assert verdict.code == "consent_scope"
    assert "change of age" in verdict.sentence and "new expression or pose" in verdict.sentence
    assert "virtual fitting" not in verdict.sentence


# R13

CHILD = PersonFacts("P-033", minor=True, releases=(replace(RELEASE, kind="guardian"),))


def test_a_minor_with_a_guardian_s_release_and_a_cleared_prompt_may_be_used():
    assert used(persons=(CHILD,), prompt_cleared=True).allowed


def test_a_minor_s_own_release_does_not_count():
    own = replace(CHILD, releases=(RELEASE,))
    verdict = used(persons=(own,), prompt_cleared=True)
    assert verdict.code == "consent_missing" and "guardian" in verdict.sentence


def test_every_prompt_with_a_minor_is_cleared_first():
    assert used(persons=(CHILD,)).code == "minor_clearance"


@pytest.mark.parametrize(
    "change",
    [
        {"scopes": frozenset({"tryon", "motion_previs"})},
        {"garment_words": ("Swimsuit, navy",)},
        {"prompt": "a see-through raincoat"},
        {"prompt": "an underwear advert"},
        {"prompt": "en maillot de bain"},
        {"garment_words": ("Sous-vêtements de laine",)},
    ],
)
def test_what_is_never_done_with_a_minor_is_not_even_done_with_a_clearance(change):
    assert used(persons=(CHILD,), prompt_cleared=True, **change).code == "minor_prohibited"


def test_an_adult_may_try_a_swimsuit_on():
    assert used(garment_words=("Swimsuit, navy",)).allowed


def test_only_an_estate_speaks_for_the_dead():
    dead = replace(PERSON, deceased=True)
    assert used(persons=(dead,)).code == "consent_missing"
    assert used(persons=(replace(dead, releases=(replace(RELEASE, kind="estate"),)),)).allowed


# R17


def test_an_adapter_is_trained_only_on_who_agreed_to_that():
    willing = signed(scopes=frozenset({"train_adapter"}))
    assert policy.may_train_adapter([willing], moment=NOW).allowed
    assert policy.may_train_adapter([willing, PERSON], moment=NOW).code == "consent_scope"


def test_an_adapter_of_a_person_stays_in_its_production():
    assert policy.may_use_adapter(bound_to="one", used_in="one").allowed
    assert policy.may_use_adapter(bound_to="", used_in="two").allowed
    assert policy.may_use_adapter(bound_to="one", used_in="two").code == "adapter_scope"


# R26, R27


@pytest.mark.parametrize("state", ["draft", "quarantined"])
def test_a_frame_inside_the_production_is_withdrawn_when_a_release_is_revoked(state):
    assert policy.state_after_revocation(state, exported=False) == "withdrawn"


def test_a_frame_that_has_left_the_production_is_held_for_the_lawyers():
    assert policy.state_after_revocation("draft", exported=True) == "legal_hold"


def test_what_was_withdrawn_stays_withdrawn():
    assert policy.state_after_revocation("withdrawn", exported=True) == "withdrawn"
    assert policy.state_after_expiry("withdrawn", approved=True) == "withdrawn"


def test_at_the_end_of_a_release_approved_frames_are_held_and_drafts_are_hidden():
    assert policy.state_after_expiry("draft", approved=True) == "legal_hold"
    assert policy.state_after_expiry("draft", approved=False) == "quarantined"


@pytest.mark.parametrize("days", policy.WARNING_DAYS)
def test_a_warning_is_due_from_its_day_on_and_not_a_second_before(days):
    day = END - timedelta(days=days)
    before = [other for other in policy.WARNING_DAYS if other > days]
    assert policy.warnings_due(END, moment=day, warned=before) == [days]
    assert policy.warnings_due(END, moment=day - SECOND, warned=before) == []
    assert policy.warnings_due(END, moment=day, warned=[*before, days]) == []


def test_of_several_warnings_that_were_missed_only_the_nearest_is_given():
    assert policy.warnings_due(END, moment=END - timedelta(days=3), warned=[]) == [7]
    assert policy.warnings_due(END, moment=END + SECOND, warned=[]) == []


@pytest.mark.parametrize(
    ("prompt", "scopes"),
    [
        ("MARA, plus jeune, sur la jetée", {"age_change"}),
        ("Mara sourit à la caméra", {"expression_pose"}),
        ("elle tourne la tête, vieillie", {"age_change", "expression_pose"}),
        ("Mara on the pier", set()),
    ],
)
def test_another_age_or_face_is_asked_for_in_french_as_well(prompt, scopes):
    assert policy.scopes_in_words(prompt) == scopes
