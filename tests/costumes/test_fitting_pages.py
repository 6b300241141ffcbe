"""The fitting room: what a designer chooses, what a director decides, and what is said in every state."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from costumes import closet, fitting_page, fitting_run
from costumes.fitting_checks import checks_of
from costumes.models import Fitting
from previs.generation import withdrawal
from previs.generation.models import Frame, FrameState, Job, JobState
from previs.review.models import Decision
from previs.rights.casting import cast_role
from previs.rights.models import Release
from previs.script.models import Character

sys.path.insert(0, str(Path(__file__).parent))
import fitting_room as room_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_store")]


@pytest.fixture(autouse=True)
def _no_heartbeat(monkeypatch):
    """The thread that renews a lease would wait for the transaction of the test; every step renews it anyway."""
    from previs.generation.lease import Heartbeat

    monkeypatch.setattr(Heartbeat, "interval", 3600.0)


@pytest.fixture
def room(film, costume_designer, client_for, monkeypatch) -> SimpleNamespace:
    """A furnished fitting room: at(name, fitting) is an address, open(person, fitting) the page, typed(...) a form."""
    room_of.quick_eyes(monkeypatch)
    room = room_of.furnish(film, costume_designer)
    for garment in (room.shirt, room.coat):
        closet.put_on(room.change, garment, by=costume_designer)

    def at(name, fitting=None, **extra):
        keys = {"slug": film.slug, "change_id": room.change.pk} | (
            {"fitting_id": fitting.pk} if fitting else {}
        )
        return reverse(name, kwargs=keys | extra)

    def typed(*garments, **values):
        fields = {"photo": str(room.photo.pk), "inside": "30"}
        for garment in (room.shirt, room.coat):
            worn = {f"wear_{garment.pk}": "on"} if garment in garments else {}
            fields |= worn | {
                f"size_{garment.pk}": "100",
                f"length_{garment.pk}": "100",
                f"light_{garment.pk}": "100",
            }
        return fields | values

    room.at, room.typed, room.designer = at, typed, client_for(costume_designer)
    return room


@pytest.fixture
def held_back(monkeypatch):
    """Every result fails a gate."""
    monkeypatch.setattr(fitting_run, "failed_gates", lambda *_: ["31 protected pixels were changed."])


def made(room, *, worker=True) -> Fitting:
    """A fitting that was asked for on the page."""
    answer = room.designer.post(room.at("fitting_room"), room.typed(room.shirt, room.coat))
    assert answer.status_code == 302, answer.text
    fitting = Fitting.objects.first()
    assert fitting is not None and answer.url == room.at("fitting", fitting)
    if worker:
        room_of.run_worker()
    return fitting


class TestChoosing:
    def test_an_empty_room_shows_photo_consent_and_garments_from_the_outside_in(self, room):
        html = room.designer.get(room.at("fitting_room")).text
        assert "Nothing was tried on yet" in html and "Start the fitting" in html
        assert "Consent to fittings" in html and html.index("Coat") < html.index("Shirt")

    def test_two_layers_are_queued_as_they_were_chosen(self, room):
        answer = room.designer.post(
            room.at("fitting_room"),
            room.typed(
                room.shirt, room.coat, **{f"length_{room.coat.pk}": "120", f"light_{room.shirt.pk}": "40"}
            ),
        )
        fitting = Fitting.objects.get()
        assert answer.url == room.at("fitting", fitting)
        assert [
            (row.garment.name, row.length, row.light) for row in fitting.layers.select_related("garment")
        ] == [
            ("Shirt", 1.0, 0.4),
            ("Coat", 1.2, 1.0),
        ]

    def test_without_consent_the_page_says_what_is_missing_and_nothing_is_queued(self, room):
        Release.objects.update(scopes=["concept_likeness"])
        html = room.designer.get(room.at("fitting_room")).text
        assert "does not cover virtual fitting" in html and "Choose a photo whose person has agreed" in html
        answer = room.designer.post(room.at("fitting_room"), room.typed(room.shirt))
        assert answer.status_code == 422 and "does not cover virtual fitting" in answer.text
        assert not Fitting.objects.exists() and not Job.objects.exists()

    def test_the_consent_that_is_shown_is_the_release_that_allows_the_fitting(self, room, owner):
        """A release for something else, entered later or in force longer, is not the one to read."""
        now = timezone.now()
        other = room_of.sign(
            room.person,
            owner,
            scopes=["concept_likeness"],
            valid_from=now - timedelta(days=1),
            valid_until=now + timedelta(days=500),
        )
        consent = fitting_page.consent_of(room.person, room.change)
        assert not consent.why_not and consent.release not in (None, other) and "try-on" in consent.covers
        made(room)
        html = room.designer.get(room.at("fitting", Fitting.objects.get())).text
        assert reverse("release", args=[room.project.slug, consent.release.pk]) in html
        assert reverse("release", args=[room.project.slug, other.pk]) not in html

    def test_a_release_for_another_part_is_not_called_valid_beside_what_it_lacks(self, room):
        Release.objects.update(characters=["NORA"])
        html = room.designer.get(room.at("fitting_room")).text
        assert "covers NORA only" in html and "Not for this fitting" in html and ">Valid<" not in html

    def test_a_photo_of_somebody_else_is_not_counted_for_the_part(self, room, owner):
        assert "1 may be used" in room.designer.get(room.at("fitting_room")).text
        other = Character.objects.exclude(pk=room.change.character_id).first()
        cast_role(other, person=room.person, by=owner)
        html = room.designer.get(room.at("fitting_room")).text
        assert "1 of somebody else" in html and "may be used<" not in html

    def test_what_is_refused_is_said_without_its_code(self, room):
        Release.objects.all().delete()
        answer = room.designer.post(room.at("fitting_room"), room.typed(room.shirt))
        assert "Not queued</b></p>" in answer.text and 'data-code="consent_missing"' in answer.text
        assert "has no release" in answer.text

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"photo": ""}, "Choose a photo of the person first."),
            ({"photo": "5f0c8a5e-0000-4000-8000-000000000000"}, "This photo is no longer here."),
            ({"inside": "140"}, "less than or equal to 100"),
            ({"size_coat": "300"}, "Size, Coat: between 70 and 150 %."),
            ({"protect": "forged"}, "What you painted is no longer kept. Paint it again."),
        ],
    )
    def test_what_is_wrong_is_said_and_the_outfit_stays_chosen(self, room, values, fault):
        values = {name.replace("coat", str(room.coat.pk)): value for name, value in values.items()}
        answer = room.designer.post(
            room.at("fitting_room"), room.typed(room.coat, **{f"length_{room.coat.pk}": "130"} | values)
        )
        assert answer.status_code == 422 and fault in answer.text and 'value="130"' in answer.text
        assert not Fitting.objects.exists()

    def test_an_outfit_of_nothing_is_refused(self, room):
        answer = room.designer.post(room.at("fitting_room"), room.typed())
        assert answer.status_code == 422 and "A fitting needs a garment with a photo." in answer.text

    def test_what_cannot_be_fitted_says_why(self, room, costume_designer):
        boots = closet.keep_garment(room.project, by=costume_designer, name="Boots", category="shoes")
        closet.put_on(room.change, boots, by=costume_designer)
        assert "Not fitted on photos yet" in room.designer.get(room.at("fitting_room")).text
        assert made(room, worker=False).layers.count() == 2


class TestTheBrush:
    def test_what_was_painted_over_the_photo_is_kept_from_it(self, room):
        painted = Image.new("L", (256, 341), 0)
        painted.paste(255, (90, 120, 170, 200))
        file = SimpleUploadedFile("mask.png", room_of.png(painted))
        told = room.designer.post(room.at("keep_fitting_brush"), {"mask": file}).json()
        assert told["percent"] == 7
        room.designer.post(room.at("fitting_room"), room.typed(room.coat, protect=told["token"]))
        fitting = Fitting.objects.get()
        assert fitting.protect_sha256 and not fitting.release_sha256
        assert "As painted before" in room.designer.get(room.at("fitting", fitting)).text

    def test_what_is_no_picture_is_refused_in_words(self, room):
        file = SimpleUploadedFile("mask.png", b"no picture")
        answer = room.designer.post(room.at("keep_fitting_brush"), {"mask": file})
        assert answer.status_code == 422 and "Paint it again" in answer.json()["error"]
        assert room.designer.post(room.at("keep_fitting_brush")).status_code == 422

    def test_a_brush_of_another_change_is_not_taken(self, room, film, costume_designer):
        from costumes.fitting_forms import signed_brush
        from costumes.plotting import add_change
        from previs.generation import store

        other = add_change(film.mara, by=costume_designer)
        token = signed_brush(other, store.put(b"brush"))
        answer = room.designer.post(room.at("fitting_room"), room.typed(room.coat, protect=token))
        assert answer.status_code == 422 and "no longer kept" in answer.text


class TestStates:
    def test_a_queued_fitting_names_its_steps_and_can_be_cancelled(self, room):
        fitting = made(room, worker=False)
        html = room.designer.get(room.at("fitting", fitting)).text
        for words in ("Waiting for the engine", "Reading the photo", "Layer 2: Coat", "Measuring the result"):
            assert words in html
        assert room.designer.post(room.at("cancel_fitting", fitting)).status_code == 302
        assert set(Job.objects.values_list("state", flat=True)) == {JobState.CANCELLED}
        html = room.designer.get(room.at("fitting", fitting)).text
        assert "The fitting was stopped before it was finished." in html and "Cancel the fitting" not in html

    def test_a_finished_fitting_shows_slider_checks_and_consent(self, room):
        html = room.designer.get(room.at("fitting", made(room))).text
        for words in (
            "Fitted",
            "Visual approximation, not fit",
            "0 px changed",
            "to its swatch",
            "2 of 2 found again",
            "Consent valid for this fitting",
            "signed apart",
            "Before / after",
            "made this frame",
            "Not sent to the director yet",
        ):
            assert words in html, words
        until = timezone.localdate() + timedelta(days=90)
        assert f"{until:%b %Y}" in html and html.split("Covers")[1].startswith("</dt><dd>Try-on</dd>")

    def test_a_failed_fitting_says_why_and_what_is_kept(self, room):
        fitting = made(room, worker=False)
        Job.objects.update(
            state=JobState.FAILED,
            error="Layer 2: The cloth would fold over itself.",
            finished_at=timezone.now(),
        )
        html = room.designer.get(room.at("fitting", fitting)).text
        assert "The fitting failed" in html and "The cloth would fold over itself." in html

    def test_a_result_that_is_held_back_is_shown_to_nobody_and_its_gate_only_to_who_can_mend_it(
        self, room, held_back, viewer, client_for
    ):
        fitting = made(room)
        frame = Frame.objects.get()
        assert frame.state == FrameState.QUARANTINED
        html = room.designer.get(room.at("fitting", fitting)).text
        assert "Held back: a quality gate failed" in html and "31 protected pixels were changed." in html
        assert reverse("frame_file", args=[frame.pk, "master"]) not in html and "Send " not in html
        seen = client_for(viewer).get(room.at("fitting", fitting)).text
        assert "Held back" in seen and "31 protected" not in seen and str(frame.pk) not in seen
        answer = room.designer.post(room.at("send_fitting", fitting), {"frame": frame.pk}, follow=True)
        assert "held back or was withdrawn" in answer.text
        room.change.sheet.refresh_from_db()
        assert room.change.sheet.pick is None
        assert room.designer.get(room.at("fitting_picture", fitting, which="layer-1")).status_code == 410

    def test_after_a_revocation_nothing_of_it_is_seen(self, room, owner):
        fitting = made(room)
        withdrawal.revoke(room.release, by=owner, reason="Changed their mind")
        html = room.designer.get(room.at("fitting", fitting)).text
        assert "Withdrawn" in html and "links answer 410" in html and "to its swatch" not in html
        for which in ("photo", "layer-1", "composite-mask", "protected"):
            assert room.designer.get(room.at("fitting_picture", fitting, which=which)).status_code == 410

    def test_a_page_that_is_open_is_drawn_again_only_when_something_is_otherwise(self, room):
        fitting = made(room, worker=False)
        seen = room.designer.get(room.at("fitting", fitting)).context["seen"]
        address = room.at("fitting_shown", fitting)
        assert room.designer.get(address, {"seen": seen}).status_code == 204
        room_of.run_worker()
        answer = room.designer.get(address, {"seen": seen, "number": "1"})
        assert answer.status_code == 200 and "Virtual fitting 1" in answer.text
        assert 'id="fitting-side"' in answer.text and 'hx-swap-oob="true"' in answer.text


class TestRunningAgain:
    def test_only_what_lies_above_the_first_change_is_made_anew(self, room):
        fitting = made(room)
        answer = room.designer.post(
            room.at("rerun_fitting", fitting),
            room.typed(room.shirt, room.coat, **{f"size_{room.coat.pk}": "110"}),
        )
        again = Fitting.objects.exclude(pk=fitting.pk).get()
        assert answer.url == room.at("fitting", again)
        assert (again.based_on, again.from_layer) == (fitting, 2)
        room_of.run_worker()
        assert again.layers.get(number=1).step_sha256 == fitting.layers.get(number=1).step_sha256
        assert again.layers.get(number=2).seed == fitting.layers.get(number=2).seed

    def test_an_anchor_that_was_moved_makes_its_layer_the_first_to_run_again(self, room):
        fitting = made(room)
        room.coat.refresh_from_db()
        room.coat.anchors["hem_centre"][1] += 4
        room.coat.save()
        html = room.designer.get(room.at("fitting", fitting)).text
        assert "Changed since" in html and "Coat changed." in html
        room.designer.post(room.at("rerun_fitting", fitting), room.typed(room.shirt, room.coat))
        assert Fitting.objects.exclude(pk=fitting.pk).get().from_layer == 2

    def test_a_layer_can_be_run_again_with_another_seed(self, room):
        fitting = made(room)
        room.designer.post(room.at("rerun_fitting", fitting), room.typed(room.shirt, room.coat, again="2"))
        again = Fitting.objects.exclude(pk=fitting.pk).get()
        seeds = [[row.seed for row in one.layers.all()] for one in (fitting, again)]
        assert seeds[0][0] == seeds[1][0] and seeds[0][1] != seeds[1][1]

    def test_running_the_same_again_is_refused_in_words(self, room):
        fitting = made(room)
        answer = room.designer.post(room.at("rerun_fitting", fitting), room.typed(room.shirt, room.coat))
        assert answer.status_code == 422 and "Nothing differs from this fitting." in answer.text
        assert Fitting.objects.count() == 1

    def test_one_layer_is_taken_out_and_the_other_stays(self, room):
        fitting = made(room)
        room.designer.post(room.at("remove_fitted", fitting), {"layer": "2"})
        again = Fitting.objects.exclude(pk=fitting.pk).get()
        assert [row.garment for row in again.layers.all()] == [room.shirt]
        assert again.layers.get().seed == fitting.layers.get(number=1).seed


class TestSignOff:
    def test_it_is_sent_to_the_director_who_approves_exactly_this_picture(self, room, director, client_for):
        fitting = made(room)
        frame = Frame.objects.get()
        address = room.at("decide_fitting", fitting)
        room.designer.post(room.at("send_fitting", fitting), {"frame": frame.pk})
        assert "is with the director" in room.designer.get(room.at("fitting", fitting)).text
        answer = room.designer.post(address, {"frame": frame.pk, "verdict": "approved"})
        assert answer.status_code == 403 and not Decision.objects.exists()
        client = client_for(director)
        assert "Approve v1" in client.get(room.at("fitting", fitting)).text
        assert client.post(address, {"frame": frame.pk, "verdict": "approved"}).status_code == 302
        word = Decision.objects.get()
        assert (word.verdict, word.frame_sha256, word.by) == ("approved", frame.sha256, director)
        roles = room.designer.get(room.at("fitting", fitting)).text.split('class="roles"')[1]
        assert '<em class="ok">approved' in roles

    def test_a_request_for_changes_needs_a_note(self, room, director, client_for):
        fitting = made(room)
        frame, client = Frame.objects.get(), client_for(director)
        room.designer.post(room.at("send_fitting", fitting), {"frame": frame.pk})
        answer = client.post(room.at("decide_fitting", fitting), {"frame": frame.pk, "verdict": "changes"})
        assert answer.status_code == 422 and "Say what should change" in answer.text
        client.post(
            room.at("decide_fitting", fitting),
            {"frame": frame.pk, "verdict": "changes", "note": "Shorter sleeves"},
        )
        assert "Shorter sleeves" in room.designer.get(room.at("fitting", fitting)).text

    def test_a_frame_of_another_fitting_is_not_sent(self, room):
        first = made(room)
        frame = Frame.objects.get()
        room.designer.post(room.at("remove_fitted", first), {"layer": "2"})
        other = Fitting.objects.exclude(pk=first.pk).get()
        assert room.designer.post(room.at("send_fitting", other), {"frame": frame.pk}).status_code == 404
        assert room.designer.post(room.at("send_fitting", other), {"frame": "x"}).status_code == 404


class TestWhoMay:
    def test_a_viewer_sees_the_result_and_neither_photo_nor_form(self, room, viewer, client_for):
        fitting = made(room)
        client = client_for(viewer)
        html = client.get(room.at("fitting", fitting)).text
        assert "Visual approximation, not fit" in html and 'id="outfit"' not in html
        assert "Move slider" not in html and "</kbd>Difference" not in html
        assert room.at("fitting_picture", fitting, which="photo") not in html
        for which in ("photo", "layer-1"):
            assert client.get(room.at("fitting_picture", fitting, which=which)).status_code == 403
        for name in ("rerun_fitting", "remove_fitted", "cancel_fitting", "send_fitting", "decide_fitting"):
            assert client.post(room.at(name, fitting)).status_code == 403
        for name in ("fitting_room", "keep_fitting_brush"):
            assert client.post(room.at(name)).status_code == 403

    def test_a_stranger_finds_nothing(self, room, stranger, client_for):
        fitting = made(room, worker=False)
        client = client_for(stranger)
        for address in (
            room.at("fitting_room"),
            room.at("fitting", fitting),
            room.at("fitting_shown", fitting),
            room.at("fitting_picture", fitting, which="photo"),
        ):
            assert client.get(address).status_code == 404

    def test_opening_the_photo_of_a_fitting_is_on_record(self, room):
        from previs.audit.models import AuditEntry

        fitting = made(room)
        before = AuditEntry.objects.filter(verb="open_asset").count()
        answer = room.designer.get(room.at("fitting_picture", fitting, which="photo"))
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/webp"
        assert room.designer.get(room.at("fitting_picture", fitting, which="layer-1")).status_code == 200
        assert (
            AuditEntry.objects.count() > 0 and AuditEntry.objects.filter(verb="open_asset").count() >= before
        )

    def test_a_picture_that_a_fitting_does_not_have_is_not_found(self, room):
        assert room.designer.get(room.at("fitting_picture", made(room), which="layer-9")).status_code == 404


def report(**values):
    return {
        "same_size": True, "protected_changed": 0, "outside_changed": 0, "drift": 0.004, "hands": 2, "hands_before": 2,
        "colours": [{"layer": 1, "difference": 1.8, "grade": "pass"}], "print_through": 0.05, "leftover": 0.01,
        "folded": 0.0, "stretch": 1.3, "gates": [],
    } | values  # fmt: skip


@pytest.mark.parametrize(
    ("values", "title", "outcome"),
    [
        ({"protected_changed": 1}, "Face, hair, hands", "fail"),
        ({"outside_changed": 12}, "Outside the mask", "fail"),
        ({"drift": 0.0201}, "Pose", "fail"),
        ({"drift": None}, "Pose", "warn"),
        ({"hands": 1}, "Hands", "fail"),
        ({"hands": None}, "Hands", "warn"),
        ({"colours": [{"layer": 1, "difference": 4.0, "grade": "warn"}]}, "Colour, Coat", "warn"),
        ({"print_through": 0.2}, "Print-through", "warn"),
        ({"leftover": 0.021}, "Leftovers", "warn"),
        ({"stretch": 2.6}, "Cloth", "warn"),
        ({"folded": 0.006}, "Cloth", "warn"),
    ],
)
def test_every_check_has_words_for_how_it_came_out(values, title, outcome):
    passed = checks_of(report(), ["Coat"])
    assert passed.passed == passed.measured == len(passed.lines) and passed.tone == "ok"
    found = {line.title: line for line in checks_of(report(**values), ["Coat"]).lines}
    assert found[title].outcome == outcome and found[title].means
    assert [line.outcome for line in found.values() if line.title != title] == ["pass"] * (len(found) - 1)


def test_a_result_of_another_size_is_measured_no_further():
    (line,) = checks_of(report(same_size=False, colours=[]), ["Coat"]).lines
    assert (line.title, line.outcome) == ("Size", "fail")


def test_what_the_page_says_of_limits_is_what_the_report_decides():
    from costumes import fitting_checks
    from costumes.fitting import report as measured
    from costumes.fitting import wear

    assert fitting_checks.MOST_DRIFT == measured.MOST_DRIFT
    assert (fitting_checks.MOST_FOLDED, fitting_checks.MOST_STRETCHED) == (
        wear.MOST_FOLDED,
        wear.MOST_STRETCHED,
    )


def test_a_colour_too_little_of_which_shows_is_not_counted_as_passed():
    checks = checks_of(report(colours=[{"layer": 1, "difference": None, "grade": "pass"}]), ["Coat"])
    unmeasured = next(line for line in checks.lines if line.title == "Colour, Coat")
    assert unmeasured.words == "Not measured" and unmeasured.measured == "too little shows"
    assert checks.passed == checks.measured == len(checks.lines) - 1 and checks.tone == "ok"
