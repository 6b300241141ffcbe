"""Whose likeness a job uses follows from its inputs, and consent is asked for at every station of a frame."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from previs.audit.models import AuditEntry
from previs.engine.request import InputImage
from previs.generation import grid_sheet, likeness, runner, services, store
from previs.generation.leaving import let_out
from previs.generation.likeness import Likeness
from previs.generation.models import Frame, FrameState, Job, JobState
from previs.generation.refusal import GenerationRefused, note_refusal
from previs.review.services import Refused, ReviewError, decide
from previs.rights.models import ReferenceAsset, Release
from previs.rights.services import (
    clear_prompt,
    close_incident,
    keep_asset,
    link_faces,
    move_release,
    watch_name,
)
from tests.generation.likeness_cast import drawing, jpeg, new_person, new_photo, new_release, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def performer(production, owner):
    return new_person(production, owner)


@pytest.fixture
def release(performer, owner):
    return new_release(performer, owner)


@pytest.fixture
def photo(performer, owner):
    return new_photo(performer, owner)


@pytest.fixture
def refine(ask, director):
    def refine(sha256, **brief):
        by = brief.pop("by", director)
        prompt = brief.pop("prompt", "MARA on the pier")
        return ask(
            by, prompt, ability="refine", inputs=(InputImage("picture", sha256),), size=(512, 512), **brief
        )

    return refine


def end(release: Release) -> None:
    """Without the sweep: only the hour is another one now."""
    Release.objects.filter(pk=release.pk).update(valid_until=timezone.now() - timedelta(seconds=1))


def test_a_job_from_a_photo_uses_the_person_on_it_and_its_frame_shows_them(
    refine, photo, release, performer, work
):
    [job] = refine(photo.sha256)
    assert list(job.persons.all()) == [performer] and job.likeness["scopes"] == ["storyboard_likeness"]
    work()
    assert list(Frame.objects.get().persons.all()) == [performer]


def test_a_frame_made_from_such_a_frame_shows_the_person_too(refine, photo, release, performer, work):
    refine(photo.sha256)
    work()
    [job] = refine(Frame.objects.get().sha256)
    assert list(job.persons.all()) == [performer]


def test_a_frame_that_was_cut_before_it_became_an_input_is_still_recognised(
    refine, photo, release, performer, work
):
    from previs.generation.controls import source_of

    refine(photo.sha256)
    work()
    cut = taken(drawing(5)).sha256
    [job] = refine(cut, sources=(source_of(Frame.objects.get()),))
    assert list(job.persons.all()) == [performer]


def test_a_job_from_words_alone_uses_nobody_and_costs_the_worker_no_question(
    ask, director, photo, release, django_assert_num_queries
):
    [job] = ask(director)
    assert not job.likeness and not job.persons.exists()
    with django_assert_num_queries(0):
        assert likeness.verdict_on(job).allowed


def test_a_photo_of_another_production_means_nobody_here(photo, release, owner, director, stranger):
    from previs.generation.services import Brief, generate
    from previs.generation.sheets import open_sheet
    from previs.projects.services import start_project

    elsewhere = start_project(title="Elsewhere", by=stranger)
    sheet = open_sheet(elsewhere, kind="panel", title="1A.1")
    brief = Brief("A pier", takes=1, ability="refine", inputs=(InputImage("picture", photo.sha256),))
    [job] = generate(sheet, brief, by=stranger)
    assert not job.persons.exists()


class TestSubmit:
    def test_without_a_release_nothing_is_queued_and_the_answer_says_what_is_missing(self, refine, photo):
        with pytest.raises(GenerationRefused, match="has no release") as refused:
            refine(photo.sha256)
        assert refused.value.code == "consent_missing"
        assert not Job.objects.exists()

    def test_a_use_that_was_not_agreed_to_is_named(self, refine, photo, release):
        with pytest.raises(GenerationRefused, match="change of age") as refused:
            refine(photo.sha256, prompt="MARA forty years older")
        assert refused.value.code == "consent_scope"

    def test_a_role_that_the_release_does_not_cover_is_refused(self, refine, photo, performer, owner):
        new_release(performer, owner, characters=["MARA"])
        refine(photo.sha256, likeness=Likeness(character="Mara"))
        with pytest.raises(GenerationRefused, match="MARA only"):
            refine(photo.sha256, likeness=Likeness(character="Elias"))

    def test_a_person_who_is_named_by_the_asker_counts_without_any_picture(self, ask, director, performer):
        with pytest.raises(GenerationRefused, match="has no release"):
            ask(director, likeness=Likeness(persons=(performer.pk,)))

    def test_a_picture_in_quarantine_or_of_somebody_else_is_given_to_no_model(
        self, refine, production, owner
    ):
        from previs.rights.services import keep_asset

        values = {"by": owner, "kind": "texture", "title": "A wall", "statement": "Found"}
        keep_asset(production, faces := taken(drawing(3)), rights="own", **values)
        with pytest.raises(GenerationRefused) as refused:
            refine(faces.sha256)
        assert refused.value.code == "face_unlinked"
        keep_asset(production, wall := taken(drawing(4), faces=0), rights="third_party_none", **values)
        with pytest.raises(GenerationRefused) as refused:
            refine(wall.sha256)
        assert refused.value.code == "reference_rights"

    def test_a_watched_name_stops_words_alone_until_the_prompt_was_cleared(
        self, ask, director, production, owner
    ):
        from previs.generation.imaging import text_sha256

        prompt = "Greta Garbo on a poster"
        ask(director, prompt)
        watch_name(production, name="Greta Garbo", kind="deceased", by=owner)
        with pytest.raises(GenerationRefused) as refused:
            ask(director, prompt)
        assert refused.value.code == "prompt_likeness"
        clear_prompt(production, prompt_sha256=text_sha256(prompt), reason="A poster of the time", by=owner)
        ask(director, prompt)
        with pytest.raises(GenerationRefused):
            ask(director, prompt + ", smiling")

    def test_asking_for_undress_opens_an_incident_and_ends_the_right_to_ask(
        self, refine, ask, sheet, photo, release, director, owner, producer
    ):
        with pytest.raises(GenerationRefused) as refused:
            refine(photo.sha256, prompt="MARA naked")
        assert refused.value.code == "prohibited_intimacy"
        incident = note_refusal(sheet, refused.value, by=director)
        assert incident is not None and "naked" not in str(incident.__dict__)
        assert AuditEntry.objects.filter(verb="refuse").count() == 1
        with pytest.raises(GenerationRefused) as refused:
            ask(director, "A pier")
        assert refused.value.code == "jobs_suspended"
        ask(owner, "A pier")
        close_incident(incident, finding="A slip of the pen", by=producer)
        ask(director, "A pier")

    @pytest.mark.parametrize("who", ["owner", "producer", "director"])
    def test_no_role_may_ask_for_it(self, refine, photo, release, who, request):
        with pytest.raises(GenerationRefused) as refused:
            refine(photo.sha256, prompt="MARA naked", by=request.getfixturevalue(who))
        assert refused.value.code == "prohibited_intimacy"


class TestLater:
    def test_consent_that_ended_after_the_submit_stops_the_job_in_the_worker(
        self, refine, photo, release, work
    ):
        [job] = refine(photo.sha256)
        end(release)
        work()
        job.refresh_from_db()
        assert job.state == JobState.FAILED and "has ended" in job.error
        assert not Frame.objects.exists()

    def test_a_job_that_joins_a_batch_late_is_asked_about_too(
        self, refine, photo, release, performer, owner, production, work
    ):
        other = new_person(production, owner)
        ends = new_release(other, owner)
        [kept] = refine(photo.sha256)
        [lost] = refine(new_photo(other, owner, seed=2).sha256)
        assert kept.batch_key == lost.batch_key
        end(ends)
        work()
        kept.refresh_from_db()
        lost.refresh_from_db()
        assert (kept.state, lost.state) == (JobState.DONE, JobState.FAILED)

    def test_consent_that_ends_while_the_frame_is_rendered_keeps_nothing_of_it(
        self, refine, photo, release, work, monkeypatch
    ):
        [job] = refine(photo.sha256)
        before, put = set(), store.put
        original = runner._save

        def save_after_the_end(batch):
            end(release)
            original(batch)

        monkeypatch.setattr(runner, "_save", save_after_the_end)
        monkeypatch.setattr(store, "put", lambda data: before.add(data) or put(data))
        work()
        job.refresh_from_db()
        assert job.state == JobState.FAILED and "has ended" in job.error
        assert not Frame.objects.exists() and not before

    def test_a_frame_is_approved_only_while_its_people_agree(self, refine, photo, release, owner, work):
        refine(photo.sha256)
        work()
        frame = Frame.objects.get()
        assert decide(frame, by=owner, verdict="approved")
        end(release)
        with pytest.raises(Refused) as refused:
            decide(frame, by=owner, verdict="approved", note="Again")
        assert refused.value.code == "consent_missing"
        assert AuditEntry.objects.get(verb="refuse").payload.body == {"code": "consent_missing"}
        assert decide(frame, by=owner, verdict="changes", note="Recast")

    def test_a_frame_is_exported_only_while_its_people_agree(self, refine, photo, release, owner, work):
        [job] = refine(photo.sha256)
        work()
        frame = Frame.objects.select_related("job", "sheet").get()
        assert likeness.verdict_on_export(frame).allowed
        assert likeness.verdict_on_export(frame, outside=True).code == "consent_scope"
        contact = grid_sheet.contact_sheet(job.sheet, job.brief)
        full = grid_sheet.png(job.sheet, contact, let_out(contact.frames, by=owner, how="contact sheet"))
        move_release(release, to="suspended", by=owner)
        assert likeness.verdict_on_export(frame).code == "consent_missing"
        empty = grid_sheet.png(job.sheet, contact, let_out(contact.frames, by=owner, how="contact sheet"))
        assert frame.sha256.encode() in full and frame.sha256.encode() not in empty

    def test_a_quarantined_frame_is_neither_approved_nor_exported_nor_opened(
        self, refine, photo, release, owner, director, work, client_for
    ):
        refine(photo.sha256)
        work()
        Frame.objects.update(state=FrameState.QUARANTINED, held_for="quality")
        frame = Frame.objects.select_related("job", "sheet__project").get()
        with pytest.raises(ReviewError, match="held back"):
            decide(frame, by=owner, verdict="approved")
        assert likeness.verdict_on_export(frame).code == "frame_held"
        answer = client_for(director).get(f"/frame/{frame.pk}/master")
        assert answer.status_code == 410 and "held back" in answer.text

    def test_a_retry_is_asked_about_again_and_uses_the_same_people(
        self, refine, photo, release, performer, director, work
    ):
        refine(photo.sha256, prompt="[fail] MARA")
        work()
        again = services.retry(Job.objects.get(), by=director)
        assert list(again.persons.all()) == [performer]
        end(release)
        services.cancel(again, by=director)
        again.refresh_from_db()
        with pytest.raises(GenerationRefused, match="has ended"):
            services.retry(again, by=director)


class TestReferences:
    @pytest.fixture
    def keep(self, sheet, director, client_for):
        from django.core.files.uploadedfile import SimpleUploadedFile

        def keep(picture, statement="Taken by us"):
            file = SimpleUploadedFile("face.jpg", jpeg(picture), "image/jpeg")
            ground = {"reference_rights": "own", "reference_statement": statement}
            return client_for(director).post(f"/sheet/{sheet.pk}/reference/", {"picture": file, **ground})

        return keep

    @pytest.fixture
    def kept(self, monkeypatch):
        """The addresses of the pictures that tokens are made for."""
        from previs.generation import controls

        signed, addresses = controls.Token.signed, []
        monkeypatch.setattr(
            controls.Token,
            "signed",
            lambda token, sheet: addresses.append(token.sha256) or signed(token, sheet),
        )
        return addresses

    @pytest.mark.parametrize("faces", [1, None])
    def test_a_reference_with_a_face_is_refused_and_the_answer_says_where_it_belongs(
        self, keep, monkeypatch, faces
    ):
        monkeypatch.setattr("previs.generation.intake.faces_on", lambda picture: faces)
        answer = keep(drawing(7))
        assert answer.status_code == 422 and "under Rights" in answer.text

    def test_a_reference_without_a_word_on_its_rights_is_refused_and_nothing_is_kept(self, keep):
        answer = keep(drawing(7), statement=" ")
        assert answer.status_code == 422 and "who holds the rights" in answer.text
        assert not ReferenceAsset.objects.exists()

    def test_a_reference_with_a_face_waits_under_rights_until_it_is_linked(
        self, keep, kept, monkeypatch, performer, release, owner
    ):
        monkeypatch.setattr("previs.generation.intake.faces_on", lambda picture: 1)
        assert keep(drawing(7)).status_code == 422
        link_faces(ReferenceAsset.objects.get(), persons=[performer], not_a_person="", by=owner)
        assert keep(drawing(7), statement="").status_code == 200
        assert AuditEntry.objects.get(verb="open_asset").payload.body == {"how": "composer"}

    def test_a_photo_of_a_person_is_known_again_however_it_was_saved(
        self, keep, kept, monkeypatch, photo, release, refine, performer
    ):
        monkeypatch.setattr("previs.generation.intake.faces_on", lambda picture: 1)
        assert keep(drawing(1).resize((700, 700))).status_code == 200
        assert kept == [photo.sha256]

    def test_a_withdrawn_photo_does_not_come_back_as_a_reference(self, keep, photo, release, owner):
        from previs.generation.withdrawal import revoke

        revoke(release, by=owner, reason="By letter")
        answer = keep(drawing(1))
        assert answer.status_code == 422 and "was withdrawn" in answer.text

    def test_a_picture_without_a_face_is_taken_as_before(self, keep, kept, monkeypatch):
        monkeypatch.setattr("previs.generation.intake.faces_on", lambda picture: 0)
        assert keep(drawing(7)).status_code == 200 and store.exists(kept[0])


def test_somebody_recognised_afterwards_is_on_everything_that_was_made_from_the_picture(
    refine, production, owner, work, client_for, release, performer
):
    asset = keep_asset(
        production, taken(drawing(6)), by=owner, kind="sketch", title="A painting", rights="own", statement="Ours",
        not_a_person="A painting of 1640",
    )  # fmt: skip
    refine(asset.sha256)
    work()
    refine(Frame.objects.get().sha256)
    work()
    [waiting] = refine(asset.sha256)
    assert not Frame.objects.filter(persons=performer).exists()
    answer = client_for(owner).post(
        f"/p/{production.slug}/rights/pictures/{asset.pk}/link/", {"persons": [str(performer.pk)]}
    )
    assert answer.status_code == 302
    assert Frame.objects.filter(persons=performer).count() == 2
    work()
    assert Frame.objects.filter(persons=performer).count() == 3 and waiting.persons.get() == performer
