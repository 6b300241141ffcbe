"""The people of the demo: cast, released, and one of them photographed for fittings."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from previs.audit.record import verify
from previs.rights import gather, policy
from previs.rights.models import Casting, Person, ReferenceAsset

pytestmark = [pytest.mark.django_db, pytest.mark.pictures]


@pytest.fixture
def seeded():
    call_command("seed_demo", stdout=StringIO(), stderr=StringIO())


def test_a_fitting_on_the_demo_s_photo_is_allowed_at_once(seeded):
    photo = ReferenceAsset.objects.prefetch_related("persons__releases").get(kind="person")
    assert (photo.state, photo.faces_found) == ("ok", 1) and min(photo.width, photo.height) >= 512
    [person] = photo.persons.all()
    assert person.castings.get().character.name.startswith("NORA")
    verdict = policy.consent(
        gather.person_facts([person])[0], moment=timezone.now(), scopes={"tryon", "concept_likeness"}
    )
    assert verdict.allowed, verdict.sentence


def test_the_register_shows_every_standing_that_there_is(seeded, client):
    client.login(username="producer", password="storyboard-demo")
    page = client.get("/p/what-the-tide-owes/rights/").text
    for words in ("Valid", "Ends in", "Guardian signed", "Draft", "plays Nora"):
        assert words in page
    assert Person.objects.count() == Casting.objects.count() == 4
    assert list(verify()) == []
