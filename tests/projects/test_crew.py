"""Who is on the crew, and starting a production."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from previs.accounts.models import User
from previs.audit.models import AuditEntry
from previs.projects.models import Project
from previs.projects.services import CrewError, cast, uncast

pytestmark = pytest.mark.django_db


def words(response):
    return response.content.decode()


def test_a_new_production_takes_its_format_and_leads_to_the_script(client_for, stranger):
    response = client_for(stranger).post(
        reverse("new_production"),
        {"title": "Nine Panes", "aspect_ratio": "2.00", "fps": "25", "logline": "A house of glass."},
    )
    project = Project.objects.get()
    assert response["Location"] == reverse("script_import", args=["nine-panes"])
    assert (project.aspect_ratio, project.fps, project.role_of(stranger)) == (
        Decimal("2.00"),
        Decimal("25"),
        "owner",
    )


def test_a_form_with_faults_says_them_in_words_and_keeps_what_was_typed(client_for, stranger):
    response = client_for(stranger).post(
        reverse("new_production"),
        {"title": "", "aspect_ratio": "2.71", "fps": "25", "logline": "Kept words."},
    )
    assert response.status_code == 422
    page = words(response)
    assert "Give the production a title" in page
    assert "Choose one of the listed aspect ratios" in page
    assert "Kept words." in page and 'value="25" selected' in page
    assert not Project.objects.exists()


def test_two_productions_may_share_a_title_but_never_an_address(client_for, stranger):
    client = client_for(stranger)
    for _ in range(2):
        client.post(reverse("new_production"), {"title": "New", "aspect_ratio": "1.78", "fps": "24"})
    assert set(Project.objects.values_list("slug", flat=True)) == {"new-2", "new-3"}
    assert client.get(reverse("new_production")).status_code == 200


def test_somebody_with_an_account_joins_by_username_or_address(client_for, owner, production, stranger):
    client = client_for(owner)
    client.post(
        reverse("cast_person", args=[production.slug]),
        {"who": " STRANGER@studio.example ", "role": "director"},
    )
    assert production.role_of(stranger) == "director"
    entry = AuditEntry.objects.filter(verb="change_role").latest("seq")
    assert entry.payload.body == {"user": stranger.pk, "was": "", "now": "director"}


def test_an_unknown_name_is_refused_in_words_and_stays_in_the_field(client_for, owner, production):
    response = client_for(owner).post(
        reverse("cast_person", args=[production.slug]), {"who": "nobody-here", "role": "director"}
    )
    assert response.status_code == 422
    assert "Nobody here signs in with that" in words(response) and "nobody-here" in words(response)


def test_a_manager_makes_an_account_that_can_sign_in(client_for, producer, production, client):
    response = client_for(producer).post(
        reverse("new_person", args=[production.slug]),
        {
            "name": "Nils New",
            "username": "nils",
            "email": "nils@studio.example",
            "password": "cold-harbour-bell",
            "role": "art",
        },
    )
    nils = User.objects.get(username="nils")
    assert response.status_code == 302
    assert (str(nils), production.role_of(nils)) == ("Nils New", "art")
    signed_in = client.post(reverse("account_login"), {"login": "nils", "password": "cold-harbour-bell"})
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/")
    assert set(AuditEntry.objects.filter(actor=producer).values_list("verb", flat=True)) == {
        "sign_in", "create_account", "change_role",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("username", "OWNER", "This username is taken"),
        ("email", "Owner@studio.example", "Somebody here has this address already"),
        ("email", "no address", "That is not an e-mail address"),
        ("password", "12345", "too short"),
        ("password", "nils@studio.example", "too similar"),
        ("role", "emperor", "Choose one of the listed roles"),
    ],
)
def test_an_account_with_a_fault_is_not_made(client_for, owner, production, field, value, expected):
    data = {
        "name": "Nils New",
        "username": "nils",
        "email": "nils@studio.example",
        "password": "cold-harbour-bell",
        "role": "art",
    }
    response = client_for(owner).post(reverse("new_person", args=[production.slug]), data | {field: value})
    assert response.status_code == 422
    assert expected in words(response) and "Nils New" in words(response)
    assert User.objects.count() == 1


def test_a_producer_who_tries_to_make_an_owner_leaves_no_account_behind(client_for, producer, production):
    response = client_for(producer).post(
        reverse("new_person", args=[production.slug]),
        {
            "name": "N",
            "username": "nils",
            "email": "n@studio.example",
            "password": "cold-harbour-bell",
            "role": "owner",
        },
    )
    assert response.status_code == 422
    assert "Only an owner may make somebody an owner" in words(response)
    assert not User.objects.filter(username="nils").exists()


def test_a_role_changes_and_the_page_says_so(client_for, owner, production, viewer):
    membership = production.memberships.get(user=viewer)
    response = client_for(owner).post(
        reverse("change_role", args=[production.slug, membership.pk]), {"role": "costume"}, follow=True
    )
    assert "Vic Vogel is costume designer now." in words(response)
    assert AuditEntry.objects.filter(verb="change_role").latest("seq").payload.body["was"] == "viewer"


def test_the_last_manager_can_neither_step_down_nor_leave(client_for, owner, production, director):
    client, membership = client_for(owner), production.memberships.get(user=owner)
    for address, data in (("change_role", {"role": "viewer"}), ("remove_person", {})):
        response = client.post(reverse(address, args=[production.slug, membership.pk]), data)
        assert response.status_code == 422
        assert "A production needs an owner or a producer" in words(response)
    assert production.role_of(owner) == "owner"


def test_only_an_owner_makes_and_unmakes_owners(owner, producer, production, director):
    for role, person in (("owner", director), ("viewer", owner)):
        with pytest.raises(CrewError, match="Only an owner"):
            cast(production, user=person, role=role, by=producer)
    with pytest.raises(CrewError, match="Only an owner"):
        uncast(production, user=owner, by=producer)
    cast(production, user=director, role="owner", by=owner)
    assert production.role_of(director) == "owner"


def test_somebody_taken_off_the_crew_sees_nothing_any_more(client_for, owner, production, viewer):
    membership = production.memberships.get(user=viewer)
    client = client_for(viewer)
    assert client.get(reverse("people", args=[production.slug])).status_code == 200
    client_for(owner).post(reverse("remove_person", args=[production.slug, membership.pk]))
    assert client.get(reverse("people", args=[production.slug])).status_code == 404
    assert AuditEntry.objects.filter(verb="leave_crew").count() == 1


def test_a_producer_who_leaves_lands_on_the_first_page(client_for, owner, producer, production):
    membership = production.memberships.get(user=producer)
    response = client_for(producer).post(reverse("remove_person", args=[production.slug, membership.pk]))
    assert response["Location"] == "/"


def test_only_managers_see_the_forms(client_for, owner, viewer, production):
    address = reverse("people", args=[production.slug])
    assert "Make an account" in words(client_for(owner).get(address))
    page = words(client_for(viewer).get(address))
    assert "Make an account" not in page and "Olga Owens" in page


def test_names_are_shown_as_text_and_never_as_markup(client_for, owner, production):
    owner.name = "<script>alert(1)</script>"
    owner.save(update_fields=["name"])
    assert "<script>alert" not in words(client_for(owner).get(reverse("people", args=[production.slug])))
