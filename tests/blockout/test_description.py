"""Scene descriptions: round trip, refusals, captions inside the closed vocabulary."""

import json

import pytest

from previs.blockout import words
from previs.blockout.description import VOCABULARY, Figure, Garment, SceneDescription
from previs.blockout.sampler import sample


def test_a_description_survives_json():
    for seed in range(200):
        description = sample(seed)
        assert SceneDescription.from_json(description.to_json()) == description


def test_the_json_of_equal_descriptions_is_equal_text():
    assert SceneDescription(place="bar").to_json() == SceneDescription(place="bar").to_json()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "not a scene description"),
        ("[]", "JSON object"),
        ("[" * 100_000, "not a scene description"),
        ('{"plaice": "bar"}', "plaice"),
        ('{"place": "moon base"}', "moon base"),
        ('{"place": 3}', "place"),
        ('{"interior": "yes"}', "interior"),
        ('{"lens_mm": true}', "lens_mm"),
        ('{"lens_mm": 5000}', "5000"),
        ('{"people": [{"garments": [{"colour": "red"}]}]}', "kind"),
        ('{"people": [{"build": "giant"}]}', "giant"),
        ('{"people": ["woman"]}', "JSON object"),
        ('{"props": ["unicorn"]}', "unicorn"),
        ('{"props": [["car"]]}', "prop"),
        ('{"domain": "garment"}', "garment"),
        ('{"domain": "croquis"}', "croquis"),
    ],
)
def test_a_bad_description_is_refused_in_words_that_name_the_fault(text, word):
    with pytest.raises(ValueError, match=word.replace("[", r"\[")):
        SceneDescription.from_json(text)


def test_more_people_than_can_be_staged_are_refused():
    with pytest.raises(ValueError, match="at most"):
        SceneDescription(people=(Figure(),) * (words.MOST_PEOPLE + 1))


def test_every_caption_stays_inside_the_vocabulary_and_under_its_length():
    known = set(VOCABULARY)
    for seed in range(2000):
        said = sample(seed).caption().split()
        assert set(said) <= known, set(said) - known
        assert len(said) <= 42


def test_the_caption_speaks_in_the_same_order_whatever_was_set_first():
    woman = Figure("woman", (Garment("coat", "rust"), Garment("scarf", "yellow", "striped")), "reach", "left")
    description = SceneDescription(
        place="kitchen", interior=True, time_of_day="night", weather="rain", shot_size="MS", angle="low",
        people=(woman,), props=("jar",), damage="damaged", look="cold",
    )  # fmt: skip
    assert description.caption() == (
        "int kitchen night rain medium shot low angle one figure woman reaching rust coat striped yellow scarf left "
        "with jar damaged cold"
    )


def test_a_costume_caption_names_clothes_and_not_places():
    worn = Figure("man", (Garment("cloak", "green"),))
    assert (
        SceneDescription(domain="croquis", people=(worn,), stage="torn").caption()
        == "costume croquis man green cloak torn"
    )
    flat = SceneDescription(domain="garment", garment=Garment("hat", "black"))
    assert flat.caption() == "garment flat black hat"


def test_the_vocabulary_is_sorted_lower_case_and_without_doubles():
    assert list(VOCABULARY) == sorted(set(VOCABULARY))
    assert all(word.islower() and " " not in word for word in VOCABULARY)


def test_samples_cover_every_value_of_every_list():
    drawn = [sample(seed) for seed in range(6000)]
    scenes = [d for d in drawn if d.domain == "scene"]
    assert 0.76 < len(scenes) / len(drawn) < 0.84
    for field, allowed in (
        ("place", words.PLACES), ("time_of_day", words.TIMES), ("weather", words.WEATHERS), ("shot_size", words.SHOT_SIZES),
        ("angle", words.ANGLES), ("damage", words.DAMAGES), ("look", words.LOOKS),
    ):  # fmt: skip
        assert {getattr(d, field) for d in scenes} == set(allowed)
    assert {prop for d in scenes for prop in d.props} == set(words.PROPS)
    assert {d.garment.kind for d in drawn if d.garment} == set(words.GARMENTS)
    assert {person.pose for d in scenes for person in d.people} == set(words.POSES)


def test_a_sample_is_the_same_for_the_same_seed():
    assert sample(91) == sample(91)
    assert json.loads(sample(91).to_json()) != json.loads(sample(92).to_json())
