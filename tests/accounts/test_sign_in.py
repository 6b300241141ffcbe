"""Signing in: what is open, what is closed, and what slows a guesser down."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from previs.audit.models import AuditEntry
from previs.audit.record import verify

pytestmark = pytest.mark.django_db

PASSWORD = "grey-box-and-gaffer-tape"


def attempt(client, login, password):
    return client.post(reverse("account_login"), {"login": login, "password": password})


@pytest.mark.parametrize("login", ["owner", "owner@studio.example", "OWNER@studio.example"])
def test_people_sign_in_by_username_or_address(client, owner, login):
    response = attempt(client, login, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_each_sign_in_is_in_the_audit_record(client, owner):
    attempt(client, "owner", PASSWORD)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.object_kind) == ("sign_in", owner, "accounts.user")
    assert list(verify()) == []


def test_a_wrong_password_and_an_unknown_name_look_the_same(client, owner):
    known, unknown = (attempt(client, name, "wrong") for name in ("owner", "nobody"))
    assert known.status_code == unknown.status_code == 200
    message = known.context["form"].non_field_errors()
    assert message == unknown.context["form"].non_field_errors() and message
    assert not AuditEntry.objects.exists()


def test_guessing_is_stopped_even_with_the_right_password_at_last(client, owner):
    for _ in range(8):
        attempt(client, "owner", "wrong")
    response = attempt(client, "owner", PASSWORD)
    assert response.status_code == 200
    assert any("Too many" in error for error in response.context["form"].non_field_errors())
    assert client.get("/").status_code == 302


def test_the_brake_holds_one_account_and_not_the_others(client, owner, stranger):
    for _ in range(9):
        attempt(client, "owner", "wrong")
    assert attempt(client, "stranger", PASSWORD).status_code == 302


def test_the_sign_up_page_says_that_it_is_closed_and_takes_nobody(client, db):
    from previs.accounts.models import User

    page = client.get("/accounts/signup/")
    assert "Accounts are made by invitation" in page.content.decode()
    client.post(
        "/accounts/signup/",
        {"username": "x", "email": "x@x.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "path", ["email/", "password/reset/", "password/set/", "confirm-email/", "social/connections/"]
)
def test_no_other_door_of_allauth_exists(client, owner, path):
    client.force_login(owner)
    assert client.get(f"/accounts/{path}").status_code == 404


def test_addresses_of_closed_doors_cannot_even_be_written():
    for name in ("account_email", "account_reset_password", "account_set_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_signing_out_takes_a_post_and_ends_the_session(client, owner):
    client.force_login(owner)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get("/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/").status_code == 302


def test_people_change_their_password_and_the_old_one_ends(client, owner):
    client.force_login(owner)
    page = client.get(reverse("account_change_password"))
    assert page.status_code == 200
    new = "another-lamp-in-the-hall"
    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    owner.refresh_from_db()
    assert owner.check_password(new) and not owner.check_password(PASSWORD)


def test_changing_a_password_needs_a_sign_in(client, db):
    response = client.get(reverse("account_change_password"))
    assert response.status_code == 302 and response["Location"].startswith(reverse("account_login"))


def test_a_switched_off_account_cannot_sign_in(client, owner):
    owner.is_active = False
    owner.save(update_fields=["is_active"])
    attempt(client, "owner", PASSWORD)
    assert client.get("/").status_code == 302


def test_after_signing_in_one_gets_to_the_page_one_wanted_but_never_to_another_site(
    client, owner, production
):
    wanted = reverse("people", args=[production.slug])
    login = reverse("account_login")
    inside = client.post(f"{login}?next={wanted}", {"login": "owner", "password": PASSWORD, "next": wanted})
    assert inside["Location"] == wanted
    client.logout()
    outside = client.post(
        login, {"login": "owner", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert "elsewhere" not in outside["Location"]
