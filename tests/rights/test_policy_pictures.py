"""What comes in, what words ask for, what may be shown and who decides: R07 to R09, R14 to R16, R20, R21, R33."""

from __future__ import annotations

from dataclasses import replace

import pytest

from previs.rights import policy
from previs.rights.facts import AssetFacts, Watched
from previs.rights.policy import Approval
from tests.rights.test_policy_consent import FITTING, used

COAT = AssetFacts("Oilskin coat", "garment", "own", "Bought for the film", "ok")
PORTRAIT = AssetFacts("Front", "person", "own", "Taken at the fitting", "ok", 1, ("P-014",))

# R07


def test_a_picture_with_its_rights_is_taken_in_and_used():
    assert policy.may_take_in(rights="own", statement="My photograph").allowed
    assert policy.may_use_reference(COAT).allowed


@pytest.mark.parametrize(("rights", "statement"), [("", "Mine"), ("own", ""), ("own", "  ")])
def test_a_picture_without_a_rights_statement_is_not_taken_in(rights, statement):
    assert policy.may_take_in(rights=rights, statement=statement).code == "reference_rights"


def test_a_picture_of_somebody_else_is_never_given_to_a_model():
    assert used(assets=(replace(COAT, rights="third_party_none"),)).code == "reference_rights"


# R08


def test_a_picture_near_a_withdrawn_one_is_recognised_up_to_six_bits():
    def near(bits: int) -> bool:
        other = f"{(1 << bits) - 1:016x}"
        return policy.resembles("b" * 64, other, withdrawn_sha256="a" * 64, withdrawn_phash="0" * 16)

    assert near(6) and not near(7)
    assert policy.resembles("a" * 64, "", withdrawn_sha256="a" * 64, withdrawn_phash="")
    assert not policy.resembles("b" * 64, "", withdrawn_sha256="a" * 64, withdrawn_phash="0" * 16)


def test_a_withdrawn_picture_is_used_no_more():
    assert used(assets=(replace(PORTRAIT, state="withdrawn"),)).code == "reference_withdrawn"


# R09


@pytest.mark.parametrize(
    "asset",
    [COAT, PORTRAIT, replace(PORTRAIT, persons=(), not_a_person="A mannequin of the workshop")],
)
def test_a_picture_whose_faces_are_accounted_for_is_free(asset):
    assert policy.asset_is_free(asset).allowed


@pytest.mark.parametrize(
    "asset",
    [
        replace(COAT, faces_found=1),
        replace(COAT, faces_found=None),
        replace(PORTRAIT, persons=(), faces_found=0),
        replace(PORTRAIT, persons=(), not_a_person="  "),
    ],
)
def test_a_face_that_is_nobody_s_stays_in_quarantine(asset):
    assert policy.asset_is_free(asset).code == "face_unlinked"
    assert used(assets=(asset,)).code == "face_unlinked"


def test_a_quarantined_picture_is_used_nowhere():
    assert used(assets=(replace(PORTRAIT, state="quarantined"),)).code == "face_unlinked"


# R14

WATCHED = (
    Watched("Greta Garbo", "deceased"),
    Watched("Ingrid Solberg", "artist"),
    Watched("Zoë Saldana", "public_figure"),
)


@pytest.mark.parametrize(
    "prompt",
    ["A woman on a pier, hard light", "Solbergs are a family of fishers", "garboard planks of a boat"],
)
def test_a_prompt_that_names_nobody_passes(prompt):
    assert policy.names_in_prompt(prompt, WATCHED).allowed


@pytest.mark.parametrize(
    ("prompt", "code"),
    [
        ("GRETA GARBO on a pier", "prompt_likeness"),
        ("a portrait, greta\n  garbo’s", "prompt_likeness"),
        ("a woman with Garbo's eyes", "prompt_likeness"),
        ("the jaw of Garbo", "prompt_likeness"),
        ("une femme aux yeux de Garbo", "prompt_likeness"),
        ("zoe saldana walks", "prompt_likeness"),
        ("Zoe\u0301 Sal\u200bdana walks", "prompt_likeness"),
        ("a pier in the style of Ingrid Solberg", "prompt_style"),
    ],
)
def test_a_prompt_that_names_somebody_is_refused(prompt, code):
    assert policy.names_in_prompt(prompt, WATCHED).code == code


def test_one_prompt_that_was_read_passes_and_no_other():
    named = {"prompt": "Greta Garbo on a poster", "watched": WATCHED}
    assert used(**named).code == "prompt_likeness"
    assert used(**named, prompt_cleared=True).allowed


# R15


@pytest.mark.parametrize(
    "prompt",
    [
        "naked", "She UNDRESSES", "strips down", "a love scene", "removes her shirt", "without clothes",
        "une femme nue", "Elle se DÉSHABILLE", "torse nu", "il enlève sa chemise", "elle ôte ses vêtements",
        "sans vêtements", "ils font l’amour", "une scène intime", "scène érotique", "entièrement dénudée",
    ],
)  # fmt: skip
def test_nobody_real_is_undressed_whoever_asks_and_whoever_cleared_it(prompt):
    verdict = used(prompt=prompt, prompt_cleared=True)
    assert verdict.code == "prohibited_intimacy" and policy.opens_incident(verdict)


@pytest.mark.parametrize(
    "prompt",
    [
        "an intimate close-up", "a bare room", "stripes on the sleeve", "the coat without buttons",
        "tête nue, pieds nus", "un mur nu", "son journal intime", "il enlève son manteau", "elle ôte son chapeau",
        "the other robe", "she retired from the habit",
    ],
)  # fmt: skip
def test_words_of_the_trade_are_no_undress(prompt):
    assert used(prompt=prompt).allowed


@pytest.mark.parametrize(
    "negative", ["blurry, clothes", "Clothing", "vêtements; flou", "any clothes", "underwear"]
)
def test_cloth_is_not_pushed_away_from_somebody_real(negative):
    verdict = used(negative_prompt=negative, prompt_cleared=True)
    assert verdict.code == "prohibited_intimacy" and policy.opens_incident(verdict)


@pytest.mark.parametrize(
    "negative", ["nudity, naked", "modern clothes, logo on the shirt", "torn clothing, hats"]
)
def test_what_a_frame_should_be_without_may_name_undress_and_other_cloth(negative):
    assert used(negative_prompt=negative).allowed


def test_a_garment_may_be_nude_in_colour_and_not_in_kind():
    assert used(garment_words=("Nude tights",)).allowed
    assert used(garment_words=("Naked suit",)).code == "prohibited_intimacy"


@pytest.mark.parametrize(
    ("share", "garments", "code"), [(0.1, 0, ""), (0.11, 0, "garment_missing"), (0.9, 1, "")]
)
def test_the_body_of_somebody_real_is_not_repainted_without_a_garment(share, garments, code):
    assert used(body_repainted=share, garments=garments, scopes=frozenset({"concept_likeness"})).code == code


def test_words_alone_with_nobody_real_are_not_asked_about():
    assert policy.may_use(replace(FITTING, persons=(), prompt="a nude by candlelight")).allowed


def test_a_mask_that_undresses_is_prohibited():
    verdict = used(undress_found=True, prompt_cleared=True)
    assert verdict.code == "prohibited_undress" and policy.opens_incident(verdict)


def test_a_fitting_needs_a_garment():
    assert used(garments=0).code == "garment_missing"
    assert not policy.opens_incident(used(garments=0))


def test_the_prohibition_answers_before_everything_else():
    assert used(prompt="naked", persons=(replace(FITTING.persons[0], releases=()),)).code == (
        "prohibited_intimacy"
    )


# R16


def test_a_fitting_that_kept_face_hair_and_hands_may_be_shown():
    assert policy.may_show_fitting(protected_changed=0, identity_passed=True, pose_passed=True).allowed


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ({"protected_changed": 1}, "fitting_protected"),
        ({"identity_passed": False}, "fitting_identity"),
        ({"identity_passed": None}, "fitting_identity"),
        ({"pose_passed": False}, "fitting_pose"),
        ({"pose_passed": None}, "fitting_pose"),
    ],
)
def test_a_fitting_that_failed_or_was_not_measured_stays_in_quarantine(fact, code):
    passed = {"protected_changed": 0, "identity_passed": True, "pose_passed": True}
    assert policy.may_show_fitting(**(passed | fact)).code == code


@pytest.mark.parametrize("state", ["quarantined", "withdrawn", "legal_hold"])
def test_what_is_held_back_is_never_exported(state):
    assert policy.may_export(FITTING, state=state, outside=False).code == "frame_held"


def test_leaving_the_production_needs_a_scope_of_its_own():
    assert policy.may_export(FITTING, state="draft", outside=False).allowed
    assert policy.may_export(FITTING, state="draft", outside=True).code == "consent_scope"


# R20

LIKENESS_GATE = [{"costume"}, {"director", "producer"}]


def test_a_gate_is_met_by_different_people_in_its_roles():
    approvals = [Approval("cleo", "costume"), Approval("dario", "director")]
    assert policy.gate_is_met(approvals, required=LIKENESS_GATE, requester="jane").allowed


def test_the_order_of_places_does_not_matter():
    gate = [{"costume", "director"}, {"costume"}]
    approvals = [Approval("cleo", "costume"), Approval("dario", "director")]
    assert policy.gate_is_met(approvals, required=gate, requester="jane").allowed


@pytest.mark.parametrize(
    ("approvals", "code"),
    [
        ([Approval("cleo", "costume")], "gate_open"),
        ([Approval("cleo", "costume"), Approval("cleo", "director")], "separation_of_duties"),
        ([Approval("jane", "costume"), Approval("dario", "director")], "gate_open"),
    ],
)
def test_nobody_fills_two_places_or_one_of_their_own_work(approvals, code):
    assert policy.gate_is_met(approvals, required=LIKENESS_GATE, requester="jane").code == code


def test_a_gate_names_only_roles_that_somebody_can_still_fill():
    crew = [Approval("cleo", "costume"), Approval("dario", "director"), Approval("ann", "producer")]
    gate = [{"costume", "producer", "owner"}, {"director"}]
    given = [Approval("dario", "director")]
    asked = {"required": gate, "requester": "cleo"}
    assert policy.gate_is_met(given, crew=crew, **asked).sentence == "Waits for a second approval: producer."
    nobody = policy.gate_is_met(given, crew=crew[:2], **asked).sentence
    assert nobody.startswith("Waits for a second approval, and nobody in the crew can give it.")


# R21


def test_a_decision_covers_exactly_its_bytes_and_its_rules():
    exact = {"decided_sha256": "a", "sha256": "a", "decided_policy": "1", "policy": "1"}
    assert policy.decision_stands(**exact).allowed
    assert policy.decision_stands(**(exact | {"sha256": "b"})).code == "frame_changed"
    assert policy.decision_stands(**(exact | {"policy": "2"})).code == "policy_changed"


# R33


def test_a_photo_of_a_person_is_open_to_those_who_work_with_it():
    assert policy.may_open_asset(on_crew=True, may_edit=True, is_of_person=True).allowed
    assert policy.may_open_asset(on_crew=True, may_edit=False, is_of_person=True).code == "role"


def test_a_stranger_is_told_that_there_is_no_such_picture():
    assert policy.may_open_asset(on_crew=False, may_edit=False, is_of_person=True).code == "not_found"
