"""Which scenes play in which set, and what merging and splitting does to that."""

from __future__ import annotations

import pytest

from sets import merging
from sets.models import Set
from sets.places import place_of, scenes_by_set, scenes_of
from sets.services import SetError, make_missing_sets

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor(place, add_scene, owner):
    """A second set, CANNERY - FLOOR, with one scene."""
    add_scene("14", "INT. CANNERY - FLOOR - DAY")
    make_missing_sets(place.project, owner)
    return place.project.sets.get(key="cannery floor")


def numbers(place):
    return [scene.number for scene in scenes_of(place)]


@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [
        ("cannery", "canery", True),
        ("farmhouse kitchen", "kitchen farmhouse", True),
        ("cannery", "cannery floor", True),
        ("kitchen", "chicken", False),
        ("bar", "barn", False),
        ("harbour", "office", False),
        ("", "office", False),
    ],
)
def test_names_are_alike_when_they_are_one_name_with_a_slip_or_one_inside_the_other(one, two, alike):
    assert (merging.likeness(one, two) >= merging.INSIDE) is alike
    assert merging.likeness(one, two) == merging.likeness(two, one)


def test_a_merged_set_gives_its_scenes_and_keeps_everything_else(place, floor, owner):
    merging.merge(floor, into=place, by=owner)
    floor.refresh_from_db()
    assert numbers(place) == ["12", "14"]
    assert numbers(floor) == []
    assert floor.sheet_id and Set.objects.filter(pk=floor.pk).exists()
    assert place_of(place.project.scenes.get(number="14")) == place


def test_a_merge_and_a_split_are_in_the_audit(place, floor, owner):
    from previs.audit.models import AuditEntry

    merging.merge(floor, into=place, by=owner)
    floor.refresh_from_db()
    merging.split_back(floor, by=owner)
    verbs = list(AuditEntry.objects.order_by("-seq").values_list("verb", flat=True)[:2])
    assert verbs == ["split_sets", "merge_sets"]


def test_a_split_set_has_its_own_scenes_again_and_is_not_suggested_again(place, floor, owner):
    places = [place, floor]
    assert len(merging.merge_suggestions(places, scenes_by_set(place.project))) == 1
    merging.merge(floor, into=place, by=owner)
    floor.refresh_from_db()
    merging.split_back(floor, by=owner)
    assert (numbers(place), numbers(floor)) == (["12"], ["14"])
    assert merging.merge_suggestions([place, floor], {}) == []


def test_merging_a_set_that_has_parts_takes_the_parts_along_and_gives_them_back(
    place, floor, add_scene, owner
):
    add_scene("15", "INT. CANNERY LINE - DAY")
    make_missing_sets(place.project, owner)
    line = place.project.sets.get(key="cannery line")
    merging.merge(floor, into=line, by=owner)
    merging.merge(line, into=place, by=owner)
    assert numbers(place) == ["12", "14", "15"]
    line.refresh_from_db()
    merging.split_back(line, by=owner)
    assert (numbers(place), numbers(line)) == (["12"], ["14", "15"])


def test_a_set_is_no_part_of_itself_nor_of_two(place, floor, owner):
    with pytest.raises(SetError):
        merging.merge(place, into=place, by=owner)
    merging.merge(floor, into=place, by=owner)
    with pytest.raises(SetError, match="part of a set already"):
        merging.merge(place, into=floor, by=owner)
    with pytest.raises(SetError, match="not part"):
        merging.split_back(place, by=owner)


def test_an_import_after_a_merge_makes_no_second_set(place, floor, owner):
    merging.merge(floor, into=place, by=owner)
    make_missing_sets(place.project, owner)
    assert place.project.sets.count() == 2


def test_interior_and_exterior_under_one_name_are_suggested_as_two_sets(place, add_scene, owner):
    assert merging.split_suggestion(place, scenes_of(place)) is None
    add_scene("13", "EXT. CANNERY - DAY")
    found = merging.split_suggestion(place, scenes_of(place))
    assert found and (found.interiors, found.exteriors) == (1, 1)


def test_splitting_the_sides_gives_the_exterior_scenes_a_set_of_their_own(place, add_scene, owner):
    add_scene("13", "EXT. CANNERY - DAY")
    outside = merging.split_sides(place, by=owner)
    assert not outside.interior
    assert (numbers(place), numbers(outside)) == (["12"], ["13"])
    with pytest.raises(SetError):
        merging.split_sides(outside, by=owner)
    merging.merge(outside, into=place, by=owner)
    assert numbers(place) == ["12", "13"]


def test_a_frame_made_in_a_merged_set_is_stale_with_the_reason(place, floor, owner, make, panel):
    from previs.generation.compiled import Compiled
    from previs.generation.sources import SourceRef, stale_reasons

    source = SourceRef("set", str(floor.pk), floor.digest, "Cannery - Floor")
    frame = make(panel.sheet, Compiled("INT. CANNERY - DAY", (source,)), owner)
    assert stale_reasons([frame]) == {}
    merging.merge(floor, into=place, by=owner)
    assert stale_reasons([frame])[frame.pk] == ["Set changed: Cannery - Floor is part of Cannery now"]


def test_the_list_of_sets_offers_merges_to_editors_and_shows_them_to_viewers(
    place, floor, client_for, director, viewer
):
    url = f"/p/{place.project.slug}/sets/"
    for user, offers in ((director, True), (viewer, False)):
        page = client_for(user).get(url).content.decode()
        assert "one name holds the other" in page
        assert ("/merge/" in page) is offers


def test_merge_and_split_through_the_pages(place, floor, client_for, director):
    browser, slug = client_for(director), place.project.slug
    browser.post(f"/p/{slug}/sets/{place.pk}/merge/", {"other": floor.pk})
    assert "Split back" in browser.get(f"/p/{slug}/sets/{floor.pk}/").content.decode()
    assert numbers(place) == ["12", "14"]
    browser.post(f"/p/{slug}/sets/{floor.pk}/split/")
    assert numbers(place) == ["12"]
    browser.post(f"/p/{slug}/sets/{place.pk}/apart/", {"other": floor.pk})
    assert "one name holds the other" not in browser.get(f"/p/{slug}/sets/").content.decode()


def test_two_sets_of_one_name_are_told_apart_by_their_sides(place, add_scene, owner, client_for):
    add_scene("15", "EXT. CANNERY - DAY")
    slug, browser = place.project.slug, client_for(owner)
    answer = browser.post(f"/p/{slug}/sets/{place.pk}/sides/", follow=True)
    assert "The exterior of Cannery is a set of its own now." in answer.text
    assert "Cannery, interior</option>" in browser.get(f"{answer.request['PATH_INFO']}?tab=record").text
    page = browser.get(f"/p/{slug}/sets/").text
    assert page.count("Interior, scene <a") == page.count("Exterior, scene <a") == 1


def test_a_set_of_an_i_e_heading_is_interior_and_exterior_and_counts_its_scenes(
    place, add_scene, owner, client_for
):
    add_scene("15", "I/E. CANNERY - CONTINUOUS")
    browser, pages = client_for(owner), (f"/p/{place.project.slug}/sets/", place.get_absolute_url())
    listed, page = (browser.get(url).text for url in pages)
    assert "Interior and exterior, scenes <a" in listed
    assert "Interior and exterior" in page
    place.interior = False
    place.save()
    assert "Exterior, scenes <a" in browser.get(pages[0]).text, "what the record says wins"


def test_what_was_done_to_a_set_is_confirmed_in_words(place, floor, owner, client_for):
    slug, browser = place.project.slug, client_for(owner)
    saved = browser.post(f"/p/{slug}/sets/{place.pk}/describe/", {"description": "Wet."}, follow=True)
    assert "The record is saved." in saved.text
    merging.merge(floor, into=place, by=owner)
    split = browser.post(f"/p/{slug}/sets/{floor.pk}/split/", follow=True)
    assert "Cannery - Floor is a set of its own again" in split.text
