"""Decisions: whose word counts, on what, and what it leaves behind."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from previs.audit.models import AuditEntry
from previs.audit.record import verify
from previs.generation import sheets, sources
from previs.generation.models import Frame, FrameState
from previs.projects.services import cast
from previs.review.models import Decision
from previs.review.services import Refused, ReviewError, add_note, decide
from previs.review.state import Standing, states_of
from previs.rights import policy

from .conftest import new_frame


def standing(frame: Frame) -> str:
    return states_of([frame])[frame.pk].standing


@pytest.mark.django_db
class TestWhoMayDecide:
    def test_the_person_a_frame_was_made_for_cannot_approve_it(self, frame, director):
        with pytest.raises(Refused, match="somebody else") as refused:
            decide(frame, by=director, verdict="approved")
        assert refused.value.code == "separation_of_duties"
        assert not Decision.objects.exists()

    def test_a_viewer_cannot_decide(self, frame, viewer):
        with pytest.raises(Refused, match="to watch") as refused:
            decide(frame, by=viewer, verdict="approved")
        assert refused.value.code == "separation_of_duties"

    def test_a_stranger_cannot_decide(self, frame, stranger):
        with pytest.raises(Refused):
            decide(frame, by=stranger, verdict="approved")

    def test_the_role_counts_as_it_was_when_deciding(self, frame, production, owner, costume_designer):
        decision = decide(frame, by=costume_designer, verdict="approved")
        cast(production, user=costume_designer, role="viewer", by=owner)
        decision.refresh_from_db()
        assert decision.role == "costume"
        assert standing(frame) == Standing.APPROVED


@pytest.mark.django_db
class TestWhatADecisionIs:
    def test_it_is_bound_to_the_bytes_and_the_policy(self, frame, producer):
        decision = decide(frame, by=producer, verdict="approved")
        assert decision.frame_sha256 == frame.sha256
        assert decision.policy_version == policy.POLICY_VERSION

    def test_it_lapses_when_the_frame_has_other_bytes(self, frame, producer):
        decide(frame, by=producer, verdict="approved")
        Frame.objects.filter(pk=frame.pk).update(sha256="0" * 64)
        assert standing(frame) == Standing.DRAFT

    def test_it_lapses_under_another_policy(self, frame, producer, monkeypatch):
        decide(frame, by=producer, verdict="approved")
        monkeypatch.setattr("previs.review.models.POLICY_VERSION", "next")
        assert standing(frame) == Standing.DRAFT

    def test_requesting_changes_needs_a_note(self, frame, producer):
        with pytest.raises(ReviewError, match="Say what should change"):
            decide(frame, by=producer, verdict="changes", note="  ")
        assert not Decision.objects.exists()

    def test_an_unknown_verdict_is_refused(self, frame, producer):
        with pytest.raises(ReviewError, match="Choose"):
            decide(frame, by=producer, verdict="perhaps")

    def test_a_reason_of_fifty_thousand_characters_is_refused_with_its_length(self, frame, producer):
        with pytest.raises(ReviewError, match="50,000"):
            decide(frame, by=producer, verdict="approved", note="x" * 50_000)

    def test_nothing_is_decided_on_a_withdrawn_frame(self, frame, producer):
        Frame.objects.filter(pk=frame.pk).update(state=FrameState.WITHDRAWN)
        with pytest.raises(ReviewError, match="withdrawn"):
            decide(frame, by=producer, verdict="approved")

    def test_a_changed_mind_is_a_new_row_and_the_old_one_stays(self, frame, producer):
        first = decide(frame, by=producer, verdict="changes", note="Lower the camera.")
        second = decide(frame, by=producer, verdict="approved")
        first.refresh_from_db()
        assert (first.current, second.current) == (False, True)
        assert standing(frame) == Standing.APPROVED

    def test_pressing_twice_is_one_decision(self, frame, producer):
        first = decide(frame, by=producer, verdict="approved")
        assert decide(frame, by=producer, verdict="approved") == first
        assert AuditEntry.objects.filter(verb="decide").count() == 1

    def test_it_is_in_the_audit_with_role_and_bytes(self, frame, producer):
        decide(frame, by=producer, verdict="approved")
        entry = AuditEntry.objects.get(verb="decide")
        assert entry.actor == producer
        assert entry.payload.body["sha256"] == frame.sha256
        assert entry.payload.body["role"] == "producer"
        assert list(verify()) == []

    def test_it_is_told_to_open_pages_after_the_commit(
        self, frame, producer, monkeypatch, django_capture_on_commit_callbacks
    ):
        told: list[str] = []
        monkeypatch.setattr(
            "previs.review.services.publish", lambda *events: told.extend(type(e).__name__ for e in events)
        )
        decide(frame, by=producer, verdict="approved")
        assert told == ["FrameChanged", "SheetChanged"]


@pytest.mark.django_db
class TestWhereAFrameStands:
    def test_a_frame_that_nobody_picked_or_noted_is_a_draft(self, frame):
        assert standing(frame) == Standing.DRAFT

    def test_the_pick_is_in_review_until_somebody_decides(self, frame, sheet, director):
        sheets.pick(sheet, frame, by=director)
        assert standing(frame) == Standing.IN_REVIEW

    def test_an_open_note_puts_a_frame_in_review(self, frame, director):
        add_note(frame, by=director, text="Lower.")
        state = states_of([frame])[frame.pk]
        assert (state.standing, state.open_notes) == (Standing.IN_REVIEW, 1)

    def test_one_who_asks_for_changes_outweighs_all_who_approve(self, frame, producer, costume_designer):
        decide(frame, by=producer, verdict="approved")
        decide(frame, by=costume_designer, verdict="changes", note="Scarf is tucked.")
        assert standing(frame) == Standing.CHANGES

    def test_a_newer_version_starts_undecided_and_tells_of_the_older(self, frame, sheet, director, producer):
        decide(frame, by=producer, verdict="approved")
        newer = new_frame(sheet, director)
        states = states_of([frame, newer])
        assert states[frame.pk].standing == Standing.APPROVED
        assert states[frame.pk].history == ""
        assert states[newer.pk].standing == Standing.DRAFT
        assert states[newer.pk].history == "v1 approved, v2 not reviewed"

    def test_states_cost_three_queries_for_any_number_of_frames(
        self, sheet, director, producer, django_assert_num_queries
    ):
        frames = [new_frame(sheet, director) for _ in range(6)]
        for frame in frames:
            decide(frame, by=producer, verdict="approved", note="Good.")
            add_note(frame, by=producer, text="Nice.")
        with django_assert_num_queries(3):
            states_of(frames[:1])
        with django_assert_num_queries(3):
            states_of(frames)
        with django_assert_num_queries(0):
            assert states_of([]) == {}


@pytest.mark.django_db(transaction=True)
def test_two_people_and_two_windows_at_once_leave_one_current_decision_each(
    frame, producer, costume_designer
):
    start = threading.Barrier(4)
    faults: list[Exception] = []

    def press(user, verdict):
        try:
            start.wait(10)
            decide(frame, by=user, verdict=verdict, note=f"{verdict} by {user}")
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(user, verdict))
        for user in (producer, costume_designer)
        for verdict in ("approved", "changes")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert Decision.objects.count() == 4
    assert Decision.objects.filter(current=True, by=producer).count() == 1
    assert Decision.objects.filter(current=True, by=costume_designer).count() == 1


@pytest.mark.django_db
class TestSomebodyRealIsShown:
    """C3: two people approve what shows a person, and none of them asked for it (R20)."""

    @pytest.fixture
    def portrait(self, frame, production, owner):
        from tests.generation.likeness_cast import new_person, new_release

        person = new_person(production, owner)
        new_release(person, owner)
        frame.persons.add(person)
        return frame

    def test_one_approval_is_not_enough_and_the_page_says_whose_is_missing(
        self, portrait, owner, client_for, costume_designer
    ):
        decide(portrait, by=costume_designer, verdict="approved")
        state = states_of([portrait])[portrait.pk]
        assert (state.standing, state.waits) == (
            Standing.IN_REVIEW,
            "Waits for a second approval: owner.",
        )
        assert state.waits in client_for(owner).get(portrait.get_absolute_url()).text

    def test_only_roles_that_can_still_decide_are_named(
        self, frame, portrait, owner, producer, costume_designer
    ):
        """Who made the frame and who has approved it are no second voice."""
        frame.made_for = costume_designer
        frame.save(update_fields=["made_for"])
        decide(portrait, by=producer, verdict="approved")
        waits = states_of([portrait])[portrait.pk].waits
        assert "costume designer" not in waits and "production designer" not in waits, waits

    def test_two_people_in_two_places_approve_it(self, portrait, owner, costume_designer):
        decide(portrait, by=costume_designer, verdict="approved")
        decide(portrait, by=owner, verdict="approved")
        assert standing(portrait) == Standing.APPROVED

    def test_two_heads_of_departments_do_not_fill_the_place_of_the_director(
        self, portrait, costume_designer, production_designer
    ):
        for head in (costume_designer, production_designer):
            decide(portrait, by=head, verdict="approved")
        assert standing(portrait) == Standing.IN_REVIEW

    def test_who_asks_for_changes_outweighs_both(self, portrait, owner, producer, costume_designer):
        for person in (costume_designer, owner):
            decide(portrait, by=person, verdict="approved")
        decide(portrait, by=producer, verdict="changes", note="Another hem")
        assert standing(portrait) == Standing.CHANGES

    def test_the_strip_of_scenes_counts_it_approved_only_then(self, portrait, owner, costume_designer):
        from previs.review.gates import spoken_on

        decide(portrait, by=costume_designer, verdict="approved")
        assert spoken_on(Decision.objects.in_force())[portrait.pk].verdicts == set()
        decide(portrait, by=owner, verdict="approved")
        assert spoken_on(Decision.objects.in_force())[portrait.pk].verdicts == {"approved"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [({"frame_sha256": "e" * 64}, "another picture"), ({"policy_version": "0"}, "older rules")],
)
def test_a_decision_on_other_bytes_or_under_other_rules_is_shown_as_no_decision(
    frame, owner, client_for, change, words
):
    decide(frame, by=owner, verdict="approved")
    Decision.objects.update(**change)
    page = client_for(owner).get(frame.get_absolute_url()).text
    assert words in page and standing(frame) == Standing.DRAFT


@pytest.mark.django_db
class TestAStaleFrame:
    """A picture of what was worn before is approved only by somebody who says that they know."""

    CHANGED = "Garments changed: Mara, change 1"

    @pytest.fixture
    def stale(self, frame, monkeypatch):
        now = sources.Present("b" * 64, self.CHANGED)
        monkeypatch.setitem(sources._READERS, "scene", lambda refs: dict.fromkeys(refs, now))
        return frame

    def test_is_not_approved_without_a_word_on_it(self, stale, producer):
        with pytest.raises(ReviewError, match=self.CHANGED):
            decide(stale, by=producer, verdict="approved")
        assert not Decision.objects.exists()

    def test_is_approved_knowingly_and_the_decision_says_so(self, stale, producer):
        decision = decide(stale, by=producer, verdict="approved", note="Good.", knowing=True)
        assert decision.note == f"Good.\nApproved as it was made before. {self.CHANGED}."
        assert decide(stale, by=producer, verdict="approved", note="Good.", knowing=True) == decision

    def test_changes_are_asked_for_without_it(self, stale, producer):
        assert decide(stale, by=producer, verdict="changes", note="Shoot it again.").note == "Shoot it again."

    def test_the_page_asks_and_takes_the_answer(self, stale, producer, client_for):
        browser, address = client_for(producer), stale.get_absolute_url()
        assert 'name="knowing"' in browser.get(address).text
        refused = browser.post(f"{address}decide/", {"verdict": "approved"})
        assert refused.status_code == 422 and "Not approved yet" in refused.text
        browser.post(f"{address}decide/", {"verdict": "approved", "knowing": "on"})
        assert standing(stale) == Standing.APPROVED

    def test_a_frame_of_what_holds_now_is_not_asked_about(self, frame, producer, client_for):
        assert 'name="knowing"' not in client_for(producer).get(frame.get_absolute_url()).text
        assert decide(frame, by=producer, verdict="approved").note == ""
