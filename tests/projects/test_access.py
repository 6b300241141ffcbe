"""Who may open and who may change what: every address of productions, script and the first page."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from previs.audit.models import AuditEntry
from previs.script import services

pytestmark = pytest.mark.django_db

FOUNTAIN = b"INT. MILL - DAY\n\nWater over the wheel.\n\nWREN\nIt turns.\n"


@pytest.fixture
def draft(production, owner):
    return services.upload(production, raw=FOUNTAIN, name="mill.fountain", by=owner)


@pytest.fixture
def addresses(production, scene, draft, viewer):
    """name -> (method, address, data): everything of these apps that belongs to a production."""
    slug = production.slug
    membership = production.memberships.get(user=viewer)

    def at(name, *arguments):
        return reverse(name, args=[slug, *arguments])

    return {
        "project": ("get", at("project"), {}),
        "people": ("get", at("people"), {}),
        "script": ("get", at("script"), {}),
        "scene_facts": ("get", at("scene_facts", scene.number), {}),
        "script_source": ("get", at("script_source", scene.revision_id), {}),
        "script_import": ("get", at("script_import"), {}),
        "script_upload": ("post", at("script_import"), {"file": SimpleUploadedFile("a.fountain", FOUNTAIN)}),
        "script_preview": ("get", at("script_preview", draft.pk), {}),
        "script_confirm": ("post", at("script_confirm", draft.pk), {}),
        "cast_person": ("post", at("cast_person"), {"who": "stranger", "role": "viewer"}),
        "new_person": (
            "post",
            at("new_person"),
            {"name": "New", "username": "new", "email": "n@studio.example"},
        ),
        "change_role": ("post", at("change_role", membership.pk), {"role": "art"}),
        "remove_person": ("post", at("remove_person", membership.pk), {}),
    }


READS = {"project", "people", "script", "scene_facts", "script_source"}
EDITS = {"script_import", "script_upload", "script_preview", "script_confirm"}
MANAGES = {"cast_person", "new_person", "change_role", "remove_person"}


def answer(client, address):
    method, url, data = address
    return getattr(client, method)(url, data)


def test_everybody_must_sign_in_first(addresses, client_for):
    outside = [("get", reverse(name), {}) for name in ("home", "home_now", "new_production")]
    for address in [*addresses.values(), *outside]:
        response = answer(client_for(None), address)
        assert response.status_code == 302, address
        assert response["Location"].startswith(reverse("account_login")), address


def test_to_a_stranger_nothing_of_a_production_exists(addresses, client_for, stranger):
    client = client_for(stranger)
    assert {
        name: answer(client, address).status_code for name, address in addresses.items()
    } == dict.fromkeys(addresses, 404)


def test_a_viewer_reads_everything_and_changes_nothing(addresses, client_for, viewer, production):
    client = client_for(viewer)
    found = {name: answer(client, address).status_code for name, address in addresses.items()}
    assert found == {
        **dict.fromkeys(READS, 200),
        "project": 302,
        **dict.fromkeys(EDITS | MANAGES, 403),
    }
    assert production.memberships.get(user=viewer).role == "viewer"
    assert production.revisions.filter(confirmed_at=None).count() == 1


def test_a_designer_brings_in_scripts_but_does_not_cast_the_crew(addresses, client_for, costume_designer):
    client = client_for(costume_designer)
    found = {name: answer(client, address).status_code for name, address in addresses.items()}
    assert {found[name] for name in EDITS} <= {200, 302}
    assert {found[name] for name in MANAGES} == {403}


def test_wrong_methods_are_refused(addresses, client_for, owner):
    client = client_for(owner)
    for name in ("script_confirm", "cast_person", "new_person", "change_role", "remove_person"):
        assert client.get(addresses[name][1]).status_code == 405, name
    for name in ("project", "people", "script", "script_source", "scene_facts"):
        assert client.post(addresses[name][1]).status_code == 405, name


def test_a_draft_of_another_production_is_not_found_through_ones_own(client_for, stranger, draft):
    from previs.projects.services import start_project

    own = start_project(title="Elsewhere", by=stranger)
    client = client_for(stranger)
    for name in ("script_preview", "script_source"):
        assert client.get(reverse(name, args=[own.slug, draft.pk])).status_code == 404
    assert client.post(reverse("script_confirm", args=[own.slug, draft.pk])).status_code == 404


def test_a_membership_of_another_production_cannot_be_changed_through_ones_own(
    client_for, stranger, production, viewer
):
    from previs.projects.services import start_project

    own = start_project(title="Elsewhere", by=stranger)
    foreign = production.memberships.get(user=viewer)
    client = client_for(stranger)
    assert (
        client.post(reverse("change_role", args=[own.slug, foreign.pk]), {"role": "art"}).status_code == 404
    )
    assert client.post(reverse("remove_person", args=[own.slug, foreign.pk])).status_code == 404
    assert production.memberships.get(user=viewer).role == "viewer"


def test_ids_that_do_not_exist_are_404_and_not_an_error(client_for, owner, production):
    client = client_for(owner)
    for name in ("script_preview", "script_source"):
        assert client.get(reverse(name, args=[production.slug, uuid.uuid4()])).status_code == 404
    assert client.get(reverse("scene_facts", args=[production.slug, "99Z"])).status_code == 404


def test_a_refused_act_leaves_no_audit_entry(addresses, client_for, viewer):
    client = client_for(viewer)
    before = AuditEntry.objects.count()
    for name in EDITS | MANAGES:
        answer(client, addresses[name])
    assert AuditEntry.objects.count() == before
