"""A fitting from the question to the frame: what is refused, what runs, what is kept, and what is held back."""

from __future__ import annotations

import io
import sys
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from costumes import fitting_run, fittings
from costumes.fitting_facts import PictureGone, fitting_view, fittings_of, picture_of, steps_of
from costumes.fittings import LayerPlan, Wish
from costumes.models import Fitting, FittingLayer
from costumes.models_fitting import FittingState
from previs.audit.models import AuditEntry
from previs.demo.cast_photo import mannequin_photo
from previs.engine.eyes import INDEX, Face
from previs.generation import sheets, store, withdrawal
from previs.generation.models import Frame, FrameState, Job
from previs.generation.services import GenerationRefused
from previs.review import services as review
from previs.rights.models import Incident

sys.path.insert(0, str(Path(__file__).parent))
import fitting_room as room_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_store")]


@pytest.fixture(autouse=True)
def _no_heartbeat(monkeypatch):
    """The thread that renews a lease would wait for the transaction of the test; every step renews it anyway."""
    from previs.generation.lease import Heartbeat

    monkeypatch.setattr(Heartbeat, "interval", 3600.0)


@pytest.fixture
def room(film, costume_designer, monkeypatch) -> SimpleNamespace:
    room_of.quick_eyes(monkeypatch)
    return room_of.furnish(film, costume_designer)


@pytest.fixture
def painter(monkeypatch):
    """A painter that tints, in place of the one of the engine."""
    monkeypatch.setattr(fitting_run, "painter_of", lambda *asked: (room_of.tinting, room_of.PAINTER_FACTS))


def pixels(frame: Frame) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(store.read(frame.sha256))).convert("RGB"))


def lost_hand(picture: np.ndarray) -> Any:
    pose = deepcopy(room_of.pose())
    pose.points[INDEX["right_index"], 2] = 0.1
    return pose


# --- from the question to the frames -----------------------------------------------------------------


def test_a_fitting_comes_back_as_two_frames_on_the_sheet_of_its_change(
    room, painter, costume_designer
) -> None:
    fitting = room.fit(realism=True)
    composite, repainted = room_of.jobs_of(fitting)
    assert (composite.model, repainted.model) == ("fitting", "fitting+scripted")
    assert composite.sheet_id == repainted.sheet_id == room.change.sheet_id
    assert room_of.run_worker() == 2
    results = room_of.results_of(fitting)
    assert set(results) == {"composite", "repainted"}
    for result in results.values():
        assert result.gates == [] and result.report["protected_changed"] == 0
        assert result.report["outside_changed"] == 0 and result.report["hands"] == 2
        assert result.frame.state == FrameState.DRAFT
        assert list(result.frame.persons.all()) == [room.person]
        assert (result.frame.width, result.frame.height) == room_of.SIZE
    differs = pixels(results["composite"].frame) != pixels(results["repainted"].frame)
    assert differs.any()
    assert results["repainted"].frame.provenance.model == "painter"
    assert results["composite"].frame.provenance.model == "fitting"
    view = fitting_view(fitting, costume_designer)
    assert view.state == FittingState.DONE and view.best == results["repainted"].frame
    assert [one.label for one in view.candidates] == ["Colour truth", "Realism"]


def test_what_a_model_only_softened_is_looked_at_after_the_composite(room, painter, costume_designer) -> None:
    fitting = room.fit(realism=True)
    room_of.run_worker()
    results = room_of.results_of(fitting)
    assert fitting_view(fitting, costume_designer).best == results["repainted"].frame
    Job.objects.filter(model="fitting+scripted").update(model="fitting+pocket")
    assert fitting_view(fitting, costume_designer).best == results["composite"].frame


def test_face_and_hands_of_the_frame_are_those_of_the_photo(room) -> None:
    fitting = room.fit()
    room_of.run_worker()
    photo = np.asarray(Image.open(io.BytesIO(store.read(room.photo.sha256))).convert("RGB"))
    protected = np.asarray(Image.open(io.BytesIO(store.read(fitting.protected_sha256)))) > 127
    assert protected.sum() > 2_000
    result = pixels(room_of.results_of(fitting)["composite"].frame)
    assert (result[protected] == photo[protected]).all()
    assert (result != photo).any(axis=2).sum() > 10_000


def test_the_record_of_a_fitting_names_what_it_was_made_of_and_asks_for_the_try_on_alone(room) -> None:
    fitting = room.fit()
    (job,) = room_of.jobs_of(fitting)
    assert job.likeness["scopes"] == ["tryon"] and job.likeness["character"] == "MARA"
    assert list(job.persons.all()) == [room.person]
    room_of.run_worker()
    (frame,) = Frame.objects.filter(job=job)
    made = frame.provenance
    assert made.inputs == {
        "picture": room.photo.sha256,
        "reference": room.shirt.photo.sha256,
        "reference 2": room.coat.photo.sha256,
    }
    kept = [layer["garment"] for layer in made.settings["layers"]]
    assert kept == [room.shirt.photo.sha256, room.coat.photo.sha256]
    assert [layer["step"] for layer in made.settings["layers"]] == [
        row.digest for row in fitting.layers.all()
    ]
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"fit", "frame_made"}


def test_progress_counts_the_photo_every_layer_and_the_measuring(room, monkeypatch) -> None:
    from previs.generation import queue

    fitting = room.fit()
    told: list[tuple[int, int]] = []
    renew = queue.renew

    def watched(token, *, step=None, steps=None):
        if step is not None:
            told.append((step, steps))
        return renew(token, step=step, steps=steps)

    monkeypatch.setattr(queue, "renew", watched)
    room_of.run_worker()
    words = steps_of(list(fitting.layers.select_related("garment")))
    assert words == ["Reading the photo", "Layer 1: Shirt", "Layer 2: Coat", "Measuring the result"]
    assert told == [(number, len(words)) for number in (1, 2, 3, 4)]


# --- saved steps -------------------------------------------------------------------------------------


def test_a_run_from_layer_two_takes_the_first_step_over_and_makes_only_the_second(
    room, costume_designer, monkeypatch
) -> None:
    first = room.fit()
    room_of.run_worker()
    bent: list[str] = []
    from costumes.fitting import outfit

    bend_onto = outfit.bend_onto
    monkeypatch.setattr(outfit, "bend_onto", lambda *a, **k: bent.append("bent") or bend_onto(*a, **k))
    again = fittings.rerun_from_layer(
        first, 2, [LayerPlan(room.coat, length=1.1, seed=9)], by=costume_designer, wish=Wish(realism=False)
    )
    assert (again.based_on, again.from_layer) == (first, 2)
    room_of.run_worker()
    assert bent == ["bent"]
    before, after = (list(fitting.layers.all()) for fitting in (first, again))
    assert after[0].digest == before[0].digest and after[0].step_sha256 == before[0].step_sha256
    assert after[1].digest != before[1].digest
    results = [room_of.results_of(fitting)["composite"].frame for fitting in (first, again)]
    assert results[0].sha256 != results[1].sha256
    assert b"digitalsourcetype/composite<" in store.read(results[0].sha256)


def test_a_layer_that_is_taken_out_leaves_the_others_as_they_were(room, costume_designer) -> None:
    both = room.fit()
    room_of.run_worker()
    shirt_alone = fittings.remove_layer(both, 2, by=costume_designer)
    room_of.run_worker()
    assert [job.model for job in room_of.jobs_of(shirt_alone)] == ["fitting"]
    (left,) = shirt_alone.layers.all()
    assert left.garment == room.shirt and left.digest == both.layers.get(number=1).digest
    with pytest.raises(GenerationRefused, match="needs a garment"):
        fittings.remove_layer(shirt_alone, 1, by=costume_designer)


def test_a_worker_that_takes_over_makes_the_very_same_frame_from_the_steps_that_were_kept(
    room, monkeypatch
) -> None:
    from previs.generation import queue

    fitting = room.fit()
    (job,) = room_of.jobs_of(fitting)
    lost = queue.claim(worker="killed")
    steps = []

    def killed(step):
        steps.append(step.number)
        if step.number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fitting_run.make(lost.jobs[0], killed)
    assert [bool(row.step_sha256) for row in fitting.layers.all()] == [True, False]
    # Its lease runs out; somebody else gets the job, and the first one comes back too late.
    from django.utils import timezone

    queue.release_lost(now=timezone.now() + 2 * queue.LEASE)
    assert room_of.run_worker() == 1
    (frame,) = Frame.objects.filter(job=job)
    anew = fitting_run.make(job, lambda step: None)
    assert np.array_equal(np.asarray(anew.frame.picture), pixels(frame))
    from previs.generation.save import save_frame

    with pytest.raises(queue.LostLease):
        save_frame(job, anew.frame, token=lost.token, facts=anew.facts, seconds=1.0, keep=anew.keep)
    assert Frame.objects.filter(job__brief=fitting.pk).count() == fitting.results.count() == 1


def test_a_step_whose_file_is_gone_is_made_again(room, costume_designer) -> None:
    from django.core.files.storage import default_storage

    first = room.fit()
    room_of.run_worker()
    for row in first.layers.all():
        default_storage.delete(store.path_of(row.step_sha256))
    again = fittings.rerun_from_layer(first, 3, [], by=costume_designer, wish=Wish(realism=False))
    assert room_of.run_worker() == 1
    frames = [room_of.results_of(fitting)["composite"].frame for fitting in (first, again)]
    assert np.array_equal(pixels(frames[0]), pixels(frames[1]))


# --- stopping ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", [1, 2, 3, 4])
def test_a_fitting_that_is_cancelled_stops_after_the_step_it_is_at(
    room, costume_designer, monkeypatch, last
) -> None:
    from previs.generation import queue

    fitting = room.fit()
    renew, seen = queue.renew, []

    def cancelling(token, *, step=None, steps=None):
        if step is not None:
            seen.append(step)
            if step == last:
                assert fittings.cancel_fitting(fitting, by=costume_designer) == 1
        return renew(token, step=step, steps=steps)

    monkeypatch.setattr(queue, "renew", cancelling)
    room_of.run_worker()
    assert seen == list(range(1, last + 1))
    assert fitting_view(fitting, costume_designer).state == FittingState.CANCELLED
    assert not Frame.objects.exists() and not fitting.results.exists()
    # What was on before is kept, the step that was stopped is not.
    assert [bool(row.step_sha256) for row in fitting.layers.all()] == [last > 2, last > 3]
    assert fittings.cancel_fitting(fitting, by=costume_designer) == 0


# --- consent -----------------------------------------------------------------------------------------


def test_what_is_revoked_while_it_runs_is_dropped(room, monkeypatch, owner, costume_designer) -> None:
    made = fitting_run.make

    def revoked_meanwhile(job, on_step):
        result = made(job, on_step)
        withdrawal.revoke(room.release, by=owner, reason="By letter, today.")
        return result

    fitting = room.fit()
    monkeypatch.setattr(fitting_run, "make", revoked_meanwhile)
    room_of.run_worker()
    assert not Frame.objects.exists() and not fitting.results.exists()
    assert [job.state for job in room_of.jobs_of(fitting)] == ["cancelled"]
    fitting = Fitting.objects.select_related("photo").get(pk=fitting.pk)
    assert fitting_view(fitting, costume_designer).state == FittingState.WITHDRAWN


def test_a_release_that_is_suspended_before_the_worker_starts_fails_the_fitting_in_words(room, owner) -> None:
    from previs.rights import services

    fitting = room.fit()
    services.move_release(room.release, to="suspended", by=owner)
    room_of.run_worker()
    (job,) = room_of.jobs_of(fitting)
    assert job.state == "failed" and "release" in job.error
    assert not any(row.step_sha256 for row in fitting.layers.all())


def test_a_revocation_takes_frames_layers_and_links_away(
    room, painter, owner, costume_designer, director, client_for
) -> None:
    fitting = room.fit(realism=True)
    room_of.run_worker()
    frame = room_of.results_of(fitting)["composite"].frame
    sheets.pick(room.change.sheet, frame, by=costume_designer)
    assert picture_of(fitting, "layer-1") and picture_of(fitting, "composite-mask")
    report = withdrawal.revoke(room.release, by=owner, reason="By letter, today.")
    assert report.frames == {"withdrawn": 2}
    assert client_for(director).get(f"/frames/{frame.pk}/master/").status_code in (404, 410)
    for which in ("photo", "layer-1", "layer-1-mask", "composite-mask", "protected"):
        with pytest.raises(PictureGone):
            picture_of(Fitting.objects.select_related("photo").get(pk=fitting.pk), which)
    (view,) = fittings_of(room.change, costume_designer)
    assert view.state == FittingState.WITHDRAWN and view.best is None and not view.shown
    with pytest.raises(GenerationRefused):
        fittings.rerun_from_layer(view.fitting, 2, [], by=costume_designer)


@pytest.mark.parametrize(
    ("signed", "code"),
    [
        ({"scopes": ["concept_likeness", "storyboard_likeness"]}, "consent_scope"),
        ({"characters": ["ELIAS"]}, "consent_missing"),
    ],
)
def test_a_release_that_does_not_cover_the_fitting_refuses_it_before_anything_is_looked_at(
    room, owner, costume_designer, monkeypatch, signed, code
) -> None:
    from costumes import fitting_inputs

    withdrawal.revoke(room.release, by=owner, reason="To sign another one.")
    type(room.photo).objects.filter(pk=room.photo.pk).update(state="ok")
    room.photo.refresh_from_db()
    room_of.sign(room.person, owner, **signed)
    monkeypatch.setattr(
        fitting_inputs, "find_person", lambda picture: pytest.fail("looked at without consent")
    )
    with pytest.raises(GenerationRefused) as refused:
        room.fit()
    assert refused.value.code == code
    assert not Job.objects.exists() and not Fitting.objects.exists()
    assert AuditEntry.objects.filter(verb="refuse").exists()


def test_what_is_deleted_for_good_takes_the_saved_steps_along_and_spares_those_of_other_photos(
    room, owner, costume_designer
) -> None:
    fitting = room.fit()
    other = room_of.cast_photo(
        room.project, costume_designer, room_of.png(room_of.darker()), not_a_person="A dummy of our workshop"
    )
    spared = room.fit([LayerPlan(room.shirt, seed=3)], photo=other)
    room_of.run_worker()
    withdrawal.revoke(room.release, by=owner, reason="By letter, today.")
    from django.utils import timezone

    from previs.generation import retention

    retention.purge_due(now=timezone.now() + 2 * retention.HELD)
    gone = [address for row in fitting.layers.all() for address in (row.step_sha256, row.thumb_sha256)]
    assert not any(store.exists(address) for address in gone)
    kept = [row.step_sha256 for row in spared.layers.all()] + [spared.person_sha256, room.shirt.photo.sha256]
    assert all(store.exists(address) for address in kept)
    assert room_of.results_of(spared)["composite"].frame.state == FrameState.DRAFT


# --- held back ---------------------------------------------------------------------------------------


@pytest.fixture
def held(room, monkeypatch) -> Any:
    """A fitting one of whose hands is not found again."""
    fitting = room.fit()
    monkeypatch.setattr(fitting_run, "find_person", lost_hand)
    room_of.run_worker()
    return fitting


def test_a_failed_gate_holds_the_frame_back_and_says_why(held, costume_designer) -> None:
    result = room_of.results_of(held)["composite"]
    assert result.gates == ["1 of 2 hands are found again."]
    assert (result.frame.state, result.frame.held_for) == (FrameState.QUARANTINED, "quality")
    view = fitting_view(held, costume_designer)
    assert view.state == FittingState.QUARANTINED and view.best is None and view.candidates[0].held_back
    assert AuditEntry.objects.filter(verb="hold_back").count() == 1


def test_nobody_can_see_approve_pick_or_take_away_what_is_held_back(
    room, held, costume_designer, director, viewer, client_for
) -> None:
    frame = room_of.results_of(held)["composite"].frame
    for who in (director, viewer, costume_designer):
        client = client_for(who)
        assert client.get(frame_address(frame)).status_code == 410
        assert client.get(frame_address(frame, "download")).status_code in (403, 410)
    with pytest.raises(review.ReviewError):
        review.decide(frame, by=director, verdict="approved")
    with pytest.raises(ValueError):
        sheets.pick(room.change.sheet, frame, by=costume_designer)
    from previs.generation.likeness import verdict_on_export

    assert verdict_on_export(frame).code == "frame_held"
    with pytest.raises(PictureGone):
        picture_of(held, "layer-2")
    assert picture_of(held, "composite-mask") and picture_of(held, "layer-2-mask")


def frame_address(frame: Frame, which: str = "master") -> str:
    from django.urls import reverse

    if which == "download":
        return reverse("frame_download", args=[frame.pk])
    return reverse("frame_file", args=[frame.pk, which])


def test_a_face_that_was_not_there_holds_the_frame_back_and_one_in_a_pattern_does_not(
    room, monkeypatch
) -> None:
    from costumes import fitting_inputs

    photo = fitting_inputs.pixels_of(room.photo)
    own, pattern, other = (
        Face(200.0, y, 270.0, y + tall, 0.9) for y, tall in ((60.0, 70.0), (300.0, 20.0), (400.0, 60.0))
    )
    monkeypatch.setattr(
        fitting_inputs,
        "find_faces",
        lambda picture: [own] if np.array_equal(picture, photo) else [own, pattern, other],
    )
    fitting = room.fit()
    room_of.run_worker()
    assert room_of.results_of(fitting)["composite"].gates == [
        "The result shows 1 face that the photo does not have."
    ]


def test_a_painting_that_undresses_somebody_is_held_back_and_opens_an_incident(
    room, costume_designer, monkeypatch
) -> None:
    from costumes import fitting_inputs

    photo = fitting_inputs.pixels_of(room.photo)
    x, y = room_of.pose().point("nose")
    skin = photo[round(y), round(x)]

    def undressing(composite, strength, seed):
        return np.where((strength > 0)[..., None], skin, composite).astype(np.uint8)

    monkeypatch.setattr(fitting_run, "painter_of", lambda *asked: (undressing, room_of.PAINTER_FACTS))
    fitting = room.fit(realism=True)
    room_of.run_worker()
    results = room_of.results_of(fitting)
    assert results["composite"].gates == []
    assert results["repainted"].gates == [fitting_run.BARE]
    assert results["repainted"].frame.state == FrameState.QUARANTINED
    assert Incident.objects.get().code == "prohibited_undress"
    with pytest.raises(GenerationRefused) as refused:
        room.fit()
    assert refused.value.code == "jobs_suspended"


def test_the_eyes_themselves_pass_a_photo_of_full_size(film, costume_designer) -> None:
    room = room_of.furnish(film, costume_designer, mannequin_photo(0))
    fitting = room.fit([LayerPlan(room.shirt)])
    room_of.run_worker()
    (result,) = room_of.results_of(fitting).values()
    assert result.gates == [] and result.report["hands"] == 2 and 0 < result.report["drift"] < 0.02
    assert room_of.jobs_of(fitting)[0].state == "done"


def test_an_approval_by_the_director_stands_until_the_consent_ends(
    room, owner, costume_designer, director
) -> None:
    fitting = room.fit()
    room_of.run_worker()
    frame = room_of.results_of(fitting)["composite"].frame
    sheets.pick(room.change.sheet, frame, by=costume_designer)
    with pytest.raises(review.Refused):
        review.decide(frame, by=costume_designer, verdict="approved")
    assert review.decide(frame, by=director, verdict="approved").frame_sha256 == frame.sha256
    withdrawal.revoke(room.release, by=owner, reason="By letter, today.")
    frame.refresh_from_db()
    assert frame.state == FrameState.WITHDRAWN
    with pytest.raises(review.ReviewError):
        review.decide(frame, by=director, verdict="approved")


# --- the painting ------------------------------------------------------------------------------------


def test_the_engine_that_is_set_paints_under_the_mask_and_nowhere_else(room, monkeypatch) -> None:
    fitting = room.fit(realism=True)
    room_of.run_worker()
    results = room_of.results_of(fitting)
    composite, repainted = results["composite"], results["repainted"]
    assert repainted.frame.provenance.model == "scripted"
    mask = np.asarray(Image.open(io.BytesIO(store.read(repainted.mask_sha256))))
    painted = (pixels(repainted.frame) != pixels(composite.frame)).any(axis=2)
    assert painted.sum() > 5_000 and not painted[mask == 0].any()
    assert repainted.report["protected_changed"] == repainted.report["outside_changed"] == 0
    assert repainted.frame.provenance.settings["registration"]["correlation"] > 0.9


def test_a_fitting_is_cancelled_between_two_denoising_steps(room, costume_designer, monkeypatch) -> None:
    from previs.engine.scripted import ScriptedEngine

    fitting = room.fit(realism=True)
    render, begun = ScriptedEngine.render, []

    def watched(self, requests, on_step, *, open_input=None):
        def cancelling(step):
            begun.append(step.number)
            fittings.cancel_fitting(fitting, by=costume_designer)
            on_step(step)

        return render(self, requests, cancelling, open_input=open_input)

    monkeypatch.setattr(ScriptedEngine, "render", watched)
    room_of.run_worker()
    view = fitting_view(fitting, costume_designer)
    assert begun == [1]
    assert [one.frame is not None for one in view.candidates] == [True, False]
    assert view.state == FittingState.DONE


# --- when a candidate cannot be made -------------------------------------------------------------------


def test_a_painter_that_returns_another_picture_fails_its_candidate_and_keeps_the_composite(
    room, costume_designer, monkeypatch
) -> None:
    def other(composite, strength, seed):
        return np.random.default_rng(seed).integers(0, 256, composite.shape, dtype=np.uint8)

    monkeypatch.setattr(fitting_run, "painter_of", lambda *asked: (other, room_of.PAINTER_FACTS))
    fitting = room.fit(realism=True)
    room_of.run_worker()
    view = fitting_view(fitting, costume_designer)
    assert view.state == FittingState.DONE and "another picture than the photo" in view.error
    assert [one.frame is not None for one in view.candidates] == [True, False]


def test_a_failed_candidate_is_tried_again_as_any_take(room, costume_designer, monkeypatch) -> None:
    from previs.engine.port import EngineError
    from previs.generation import services

    def broken(*asked):
        raise EngineError("The device ran out of memory. Choose a smaller size.", permanent=True)

    monkeypatch.setattr(fitting_run, "painter_of", broken)
    fitting = room.fit(realism=True)
    room_of.run_worker()
    failed = room_of.jobs_of(fitting)[1]
    assert failed.state == "failed"
    monkeypatch.setattr(fitting_run, "painter_of", lambda *asked: (room_of.tinting, room_of.PAINTER_FACTS))
    services.retry(failed, by=costume_designer)
    room_of.run_worker()
    view = fitting_view(fitting, costume_designer)
    assert view.error == "" and all(one.frame for one in view.candidates)
    assert FittingLayer.objects.filter(fitting=fitting).exclude(step_sha256="").count() == 2
