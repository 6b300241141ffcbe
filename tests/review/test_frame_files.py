"""The pictures themselves: who gets them, and how browsers keep them."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from previs.generation.models import Frame, FrameState
from previs.generation.store import path_of, put, read

from .conftest import new_frame

pytestmark = pytest.mark.django_db


def test_everybody_on_the_production_gets_the_exact_bytes(frame, viewer, client_for):
    answer = client_for(viewer).get(frame.url)
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == frame.sha256
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert 'filename="12c1-v1.png"' in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("which", "kind"), [("master", "image/png"), ("thumb", "image/webp"), ("blockout", "image/png")]
)
def test_each_picture_has_its_address_and_kind(frame, director, client_for, which, kind):
    answer = client_for(director).get(reverse("frame_file", args=[frame.pk, which]))
    address = {"master": frame.sha256, "thumb": frame.thumb_sha256, "blockout": frame.blockout_sha256}[which]
    assert answer.content == read(address)
    assert answer["Content-Type"] == kind
    assert answer["ETag"] == f'"{address}"'


def test_a_stranger_finds_no_picture_and_nobody_signs_in_first(frame, stranger, client_for):
    assert client_for(stranger).get(frame.url).status_code == 404
    assert client_for(None).get(frame.url).status_code == 302


def test_a_browser_that_has_the_bytes_is_told_so_without_reading_them(
    frame, director, client_for, monkeypatch
):
    monkeypatch.setattr(
        "previs.generation.store.read", lambda sha256: pytest.fail("read the bytes for a 304")
    )
    answer = client_for(director).get(frame.url, HTTP_IF_NONE_MATCH=f'"{frame.sha256}"')
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer["ETag"] == f'"{frame.sha256}"'


def test_a_browser_that_has_other_bytes_gets_these(frame, director, client_for):
    assert client_for(director).get(frame.url, HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_a_stranger_learns_nothing_from_a_known_etag(frame, stranger, client_for):
    assert client_for(stranger).get(frame.url, HTTP_IF_NONE_MATCH=f'"{frame.sha256}"').status_code == 404


def test_pictures_are_kept_by_the_browser_of_one_person_only(frame, director, client_for):
    kept = client_for(director).get(frame.url)["Cache-Control"]
    assert {"private", "immutable"} <= {part.strip() for part in kept.split(",")}
    assert "Cookie" in client_for(director).get(frame.url)["Vary"]


def test_a_withdrawn_picture_is_gone_in_words_even_for_who_has_it(frame, director, client_for):
    Frame.objects.filter(pk=frame.pk).update(state=FrameState.WITHDRAWN)
    answer = client_for(director).get(frame.url, HTTP_IF_NONE_MATCH=f'"{frame.sha256}"')
    assert answer.status_code == 410
    assert "withdrawn" in answer.text


def test_missing_bytes_are_said_to_be_missing(frame, director, client_for):
    default_storage.delete(path_of(frame.sha256))
    answer = client_for(director).get(frame.url)
    assert answer.status_code == 404
    assert "missing from the store" in answer.text


def test_a_picture_that_does_not_exist_is_not_found(sheet, director, client_for):
    drawing = new_frame(sheet, director, by_hand=True)
    assert client_for(director).get(reverse("frame_file", args=[drawing.pk, "blockout"])).status_code == 404
    assert client_for(director).get(reverse("frame_file", args=[drawing.pk, "depth"])).status_code == 404


def test_what_is_no_picture_is_never_shown_as_a_page(frame, director, client_for):
    Frame.objects.filter(pk=frame.pk).update(sha256=put(b"<script>alert(1)</script>"))
    assert client_for(director).get(frame.url)["Content-Type"] == "application/octet-stream"


def test_pictures_cannot_be_posted_to(frame, director, client_for):
    assert client_for(director).post(frame.url).status_code == 405
