"""Who plays whom: one person for each role, on record, and asked about by the policy."""

from __future__ import annotations

import pytest
from django.utils import timezone

from previs.audit.models import AuditEntry
from previs.projects.services import start_project
from previs.rights import gather, policy
from previs.rights.casting import cast_role
from previs.rights.models import Casting
from previs.rights.services import RightsError
from tests.generation.likeness_cast import new_person, new_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(scene):
    return scene.cast.get()


@pytest.fixture
def performer(production, owner):
    return new_person(production, owner)


def verdict(person, *, character=""):
    facts = gather.person_facts([person])[0]
    return policy.consent(facts, moment=timezone.now(), scopes={"storyboard_likeness"}, character=character)


def test_a_role_has_one_person_and_a_person_may_have_several_roles(mara, performer, production, owner):
    from previs.script.models import Character

    other = Character.objects.create(project=production, name="BELL", number=9)
    cast_role(mara, person=performer, by=owner)
    cast_role(other, person=performer, by=owner)
    assert list(performer.castings.values_list("character__name", flat=True)) == ["MARA", "BELL"]
    second = new_person(production, owner)
    cast_role(mara, person=second, by=owner)
    assert Casting.objects.get(character=mara).person == second and performer.castings.count() == 1


def test_every_casting_is_on_record_and_the_same_one_twice_is_none(mara, performer, owner):
    cast_role(mara, person=performer, by=owner)
    cast_role(mara, person=performer, by=owner)
    assert cast_role(mara, person=None, by=owner) is None
    assert cast_role(mara, person=None, by=owner) is None
    verbs = AuditEntry.objects.filter(verb__contains="cast_role").order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["cast_role", "uncast_role"]


def test_somebody_of_another_production_cannot_be_cast(mara, owner):
    elsewhere = start_project(title="Elsewhere", by=owner, aspect_ratio=mara.project.aspect_ratio)
    with pytest.raises(RightsError, match="not entered in the production"):
        cast_role(mara, person=new_person(elsewhere, owner), by=owner)


def test_a_release_for_one_role_does_not_cover_somebody_cast_in_another(mara, performer, owner):
    new_release(performer, owner, characters=["LOTTE"])
    assert verdict(performer).allowed  # nothing says yet whom they play
    cast_role(mara, person=performer, by=owner)
    assert "covers LOTTE only, not MARA" in verdict(performer).sentence
    assert verdict(performer, character="LOTTE").allowed


def test_a_release_for_the_role_that_is_played_covers_it(mara, performer, owner):
    new_release(performer, owner, characters=["MARA"])
    cast_role(mara, person=performer, by=owner)
    assert verdict(performer).allowed and verdict(performer, character="MARA").allowed
    assert verdict(performer, character="BELL").code == "consent_missing"


class TestPages:
    @pytest.fixture
    def browser(self, costume_designer, client_for):
        return client_for(costume_designer)

    def test_a_role_is_given_and_taken_away_on_the_page_of_the_person(self, browser, mara, performer):
        here = f"/p/{performer.project.slug}/rights/"
        page = browser.post(f"{here}people/{performer.pk}/role/", {"character": str(mara.pk)}, follow=True)
        assert "<b>Mara</b>" in page.text and "plays Mara" in browser.get(here).text
        page = browser.post(f"{here}roles/{mara.pk}/", {"person": ""}, follow=True)
        assert "No role yet." in page.text and not Casting.objects.exists()

    def test_a_role_is_given_beside_what_is_worn_without_leaving_the_page(self, browser, mara, performer):
        from costumes import plotting

        change = plotting.add_change(mara, by=performer.created_by)
        page = browser.get(change.get_absolute_url()).text
        assert "Nobody is cast yet." in page and performer.alias in page
        answer = browser.post(
            f"/p/{performer.project.slug}/rights/roles/{mara.pk}/",
            {"person": str(performer.pk)},
            headers={"HX-Request": "true"},
        )
        assert f'id="casting-{mara.pk}"' in answer.text and "Not signed" in answer.text

    def test_everybody_who_has_the_page_open_sees_who_plays(self, mara, performer, owner, director):
        from previs import events, live

        cast_role(mara, person=performer, by=owner)
        heard = [events.CastingChanged(str(mara.project_id), str(mara.pk))]
        [piece] = live.fragments(heard, director)
        assert f'id="casting-{mara.pk}"' in piece and performer.alias in piece

    def test_a_revocation_is_seen_beside_the_role_at_once(self, mara, performer, owner, monkeypatch):
        from previs import events
        from previs.generation import withdrawal

        cast_role(mara, person=performer, by=owner)
        release, told = new_release(performer, owner), []
        monkeypatch.setattr("previs.rights.casting.publish", lambda *heard: told.extend(heard))
        withdrawal.revoke(release, by=owner, reason="By letter")
        assert told == [events.CastingChanged(str(mara.project_id), str(mara.pk))]

    def test_a_viewer_casts_nobody_and_a_stranger_finds_no_role(
        self, mara, performer, viewer, stranger, client_for
    ):
        address = f"/p/{performer.project.slug}/rights/roles/{mara.pk}/"
        assert client_for(viewer).post(address, {"person": str(performer.pk)}).status_code == 403
        assert client_for(stranger).post(address, {"person": str(performer.pk)}).status_code == 404
        assert not Casting.objects.exists()
