"""A costume change: whom its brief describes, and two people who dress it at once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from costumes.cards import card_html
from costumes.models import Change
from costumes.recipe import compile_change, present_characters
from costumes.services import Overtaken, add_change, dress, wardrobe_digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(scene, owner) -> Change:
    """Change 1 of Mara, worn in scene 12."""
    change = add_change(scene.cast.get(), by=owner)
    return dress(change, garments="rust coat", scenes=[str(scene.pk)], by=owner)


def introduce(scene, action: str) -> None:
    scene.text = f"{scene.heading}\n\n{action}\n\nMARA\nStop the belt.\n"
    scene.save()


def prompt_of(change: Change) -> str:
    return compile_change(Change.objects.get(pk=change.pk)).prompt


@pytest.mark.parametrize(
    ("action", "brief"),
    [
        (
            "At the end stands MARA LUND, 64, a long grey greatcoat, a beard cut by himself. Rain.",
            "Mara, a man of 64, a beard cut by himself, wears rust coat.",
        ),
        ("MARA, 8, red knitted cap, a man's jacket that reaches her boots.", "Mara, a girl of 8, wears rust coat."),
        ("MARA, 7, barefoot.", "Mara, a child of 7, wears rust coat."),
        ("MARA, 38, yellow oilskin. Her hand closes round a glass.", "Mara, a woman of 38, wears rust coat."),
        ("MARA, late thirties, tall. He sees her to the door.", "Mara, a man of late thirties, tall, wears rust coat."),
        ("MARA kisses her at the door.", "Mara wears rust coat."),
        ("MARA, 40, waits.", "Mara, a person of 40, wears rust coat."),
    ],
)  # fmt: skip
def test_new_garments_leave_age_gender_and_features_of_the_script_in_the_brief(scene, change, action, brief):
    introduce(scene, action)
    assert prompt_of(change) == f"Costume croquis, full figure, plain ground. {brief}"


def test_a_look_is_stale_once_the_script_makes_the_character_somebody_else(scene, change):
    introduce(scene, "MARA, 38, waits. She listens.")
    source = compile_change(change).sources[0]
    assert present_characters([source.ref])[source.ref].digest == source.digest
    introduce(scene, "MARA, 38, waits. He listens.")
    assert present_characters([source.ref])[source.ref].digest != source.digest


class TestTwoPeopleAtOnce:
    def post(self, client, change, **words):
        return client.post(reverse("dress_change", args=[change.character.project.slug, change.pk]), words)

    def test_the_second_to_save_is_told_what_the_first_saved_and_keeps_the_words(
        self, change, scene, director, producer, client_for
    ):
        seen = wardrobe_digest(change)
        dress(change, garments="green coat", scenes=[str(scene.pk)], by=producer, seen=seen)
        words = {"garments": "blue coat", "scenes": [str(scene.pk)], "seen": seen}
        answer = self.post(client_for(director), change, **words)
        assert answer.status_code == 409
        assert "Not saved: Petra Pohl changed this" in answer.text
        assert "“green coat”, in scene 12" in answer.text
        assert ">\nblue coat</textarea>" in answer.text
        change.refresh_from_db()
        assert change.garments == "green coat"

    def test_whoever_has_read_the_other_words_may_replace_them(
        self, change, scene, director, producer, client_for
    ):
        seen = wardrobe_digest(change)
        dress(change, garments="green coat", scenes=[str(scene.pk)], by=producer)
        words = {"garments": "blue coat", "scenes": [str(scene.pk)]}
        shown = self.post(client_for(director), change, seen=seen, **words).context["seen"]
        assert self.post(client_for(director), change, seen=shown, **words).status_code == 302
        change.refresh_from_db()
        assert change.garments == "blue coat"

    def test_a_refused_text_does_not_count_as_having_read_the_other_words(
        self, change, director, producer, client_for
    ):
        seen = wardrobe_digest(change)
        dress(change, garments="green coat", scenes=[], by=producer)
        answer = self.post(client_for(director), change, garments="x" * 601, seen=seen)
        assert answer.status_code == 422
        assert answer.context["seen"] == seen

    def test_pressing_save_twice_is_no_conflict(self, change, scene, director):
        seen = wardrobe_digest(change)
        for _ in range(2):
            dress(change, garments="blue coat", scenes=[str(scene.pk)], by=director, seen=seen)
        assert change.garments == "blue coat"

    def test_a_scene_taken_away_counts_as_a_change(self, change, scene, director, producer):
        seen = wardrobe_digest(change)
        dress(add_change(change.character, by=producer), garments="", scenes=[str(scene.pk)], by=producer)
        with pytest.raises(Overtaken):
            dress(change, garments="blue coat", scenes=[str(scene.pk)], by=director, seen=seen)

    def test_an_open_form_is_brought_anew_with_what_was_saved(self, change, director):
        fields = card_html(change.sheet, director).split(f'id="change-{change.pk}-worn"')[1]
        assert ">\nrust coat</textarea>" in fields
        assert f'value="{wardrobe_digest(change)}"' in fields
