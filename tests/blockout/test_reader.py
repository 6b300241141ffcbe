"""The prompt reader: sluglines, abbreviations, French, people and clothes, negation, garbage."""

import time

import pytest

from previs.blockout import words
from previs.blockout.description import Garment
from previs.blockout.reader import read


def test_a_compiled_production_prompt_is_read_whole():
    reading = read(
        "INT. CANNERY - NIGHT. Medium shot, eye level, 50 mm. Mara takes a jar off the belt. "
        "Mara wears a rust coat and a yellow scarf."
    )
    scene = reading.description
    assert (scene.place, scene.interior, scene.time_of_day) == ("cannery", True, "night")
    assert (scene.shot_size, scene.angle, scene.lens_mm) == ("MS", "eye", 50)
    assert len(scene.people) == 1
    assert scene.people[0].garments == (Garment("coat", "rust"), Garment("scarf", "yellow"))
    assert scene.people[0].pose == "reach"
    assert "jar" in scene.props
    assert reading.ignored == []


@pytest.mark.parametrize(
    ("text", "place", "time_of_day"),
    [
        ("EXT. STREET - NIGHT", "street", "night"),
        ("ext. street — dawn", "street", "dawn"),
        ("I/E. CAR - DUSK", "car", "dusk"),
        ("INT./EXT. CAR – DAY", "car", "day"),
        ("INT. LIVING ROOM - CONTINUOUS", "living room", "day"),
        ("EXT. RUE - NUIT", "street", "night"),
        ("EXT. ORCHARD, SUNSET", "orchard", "dusk"),
        ("12 INT. CHURCH - DAY 12", "church", "day"),
        ("Wide shot. INT. HOSPITAL WARD - MIDNIGHT", "hospital ward", "night"),
    ],
)
def test_sluglines_give_place_and_time(text, place, time_of_day):
    scene = read(text).description
    assert (scene.place, scene.time_of_day) == (place, time_of_day)
    assert scene.interior == (place in words.INTERIORS)


def test_the_name_in_the_slugline_names_the_set():
    keys = [
        read(f"INT. {name} - {t}").description.stage_key
        for name, t in (("MARA'S FLAT", "DAY"), ("MARA'S FLAT", "NIGHT"), ("ELIAS'S FLAT", "DAY"))
    ]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("text", "size"),
    [("EWS", "EWS"), ("WS of a field", "WS"), ("FS", "FS"), ("MWS", "MWS"), ("MS", "MS"), ("MCU on Mara", "MCU"), ("CU", "CU"), ("ECU", "ECU"), ("INS", "INS"),
     ("a close-up", "CU"), ("extreme close up of a hand", "ECU"), ("medium close-up", "MCU"), ("cowboy shot", "MWS"), ("establishing shot", "EWS"),
     ("plan large", "WS"), ("gros plan", "CU"), ("très gros plan", "ECU"), ("plan moyen", "FS"), ("plan américain", "MWS"), ("plan rapproché", "MCU")],
)  # fmt: skip
def test_shot_sizes_in_codes_words_and_french(text, size):
    assert read(text).description.shot_size == size


@pytest.mark.parametrize(
    ("text", "angle"),
    [("low angle", "low"), ("from above", "high"), ("bird's-eye view", "top"), ("Dutch angle", "dutch"), ("OTS", "ots"), ("over her shoulder", "ots"),
     ("worm's-eye", "worm"), ("in profile", "profile"), ("contre-plongée", "low"), ("plongée", "high"), ("en amorce", "ots"), ("reverse shot", "reverse")],
)  # fmt: skip
def test_angles_in_words_and_french(text, angle):
    assert read(text).description.angle == angle


def test_french_is_read_like_english():
    scene = read("Gros plan, une femme en manteau rouge et chapeau noir, cuisine, nuit, neige").description
    assert (scene.shot_size, scene.place, scene.time_of_day, scene.weather) == (
        "CU",
        "kitchen",
        "night",
        "snow",
    )
    assert scene.people[0].build == "woman"
    assert scene.people[0].garments == (Garment("coat", "red"), Garment("hat", "black"))
    assert read("forêt, brouillard, aube").description.weather == "fog"
    assert read("rue, crépuscule, pluie").description.time_of_day == "dusk"


@pytest.mark.parametrize(
    ("text", "count"),
    [("two men", 2), ("three women and a child", 4), ("a crowd", 6), ("a lone figure", 1), ("deux hommes", 2), ("an empty street", 0), ("a dozen soldiers", 9),
     ("5 people in a bar", 5), ("a field", 0), ("Mara and Elias walk. Mara stops.", 2), ("Mara, a woman in a blue dress, waits.", 1)],
)  # fmt: skip
def test_number_words_become_people(text, count):
    assert len(read(text).description.people) == count


def test_colours_go_to_the_clothes_they_stand_by():
    people = read(
        "a woman in a red coat and a man with a blue striped shirt and black trousers"
    ).description.people
    assert people[0].garments == (Garment("coat", "red"),)
    assert people[1].garments == (Garment("shirt", "blue", "striped"), Garment("trousers", "black"))


def test_clothes_find_their_wearer_by_name_and_pronoun():
    people = read(
        "Elias sits. Mara enters. She wears a green dress. Elias wears a grey suit."
    ).description.people
    assert [p.garments for p in people] == [(Garment("suit", "grey"),), (Garment("dress", "green"),)]
    assert people[1].build == "woman"
    assert [p.pose for p in people] == ["sit", "walk"]


def test_a_colour_that_nobody_wears_is_named_as_ignored():
    reading = read("a red door in a street")
    assert "red" in reading.ignored
    assert "door" in reading.description.props


@pytest.mark.parametrize(
    "text",
    [
        "no people, a bar",
        "bar, nobody",
        "un bar sans personne",
        "a bar without people",
        "two men in a bar? no, no people",
    ],
)
def test_no_people_means_none(text):
    scene = read(text).description
    assert scene.people == ()
    assert scene.place == "bar"


def test_negated_things_are_left_out():
    scene = read("street, night, without snow, no car, not ruined").description
    assert (scene.weather, scene.damage, scene.time_of_day) == ("clear", "intact", "night")
    assert "car" not in scene.props
    assert read("street in the snow, sans neige").description.weather == "clear"
    assert read("no rain, snow").description.weather == "snow"


def test_a_likeness_is_drawn_and_reported():
    reading = read("INT. HOSPITAL - DAY. A knight.")
    assert reading.description.place == "hospital ward"
    assert reading.mapped["HOSPITAL"] == "hospital ward"
    assert reading.mapped["knight"] == "person"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("EXT. TIDAL FLATS - DAWN", "beach", "TIDAL FLATS"),
        ("EXT. MUD FLATS - DAY", "beach", "MUD FLATS"),
        ("EXT. MUDFLATS - DAY", "beach", "MUDFLATS"),
        ("EXT. SAND FLAT - DAY", "beach", "SAND FLAT"),
        ("EXT. SALT FLATS - DAY", "desert", "SALT FLATS"),
        ("INT. CRYPT - NIGHT", "cellar", "CRYPT"),
        ("INT. BANK VAULT - NIGHT", "cellar", "BANK VAULT"),
        ("INT. CATACOMBS - NIGHT", "cellar", "CATACOMBS"),
        ("INT. DUNGEON - NIGHT", "cell", "DUNGEON"),
    ],
)
def test_a_place_that_is_not_drawn_is_taken_as_the_one_most_like_it(text, place, said):
    reading = read(text)
    assert (reading.description.place, reading.mapped[said]) == (place, place)


def test_flats_without_more_are_still_apartments():
    assert read("INT. FLAT - DAY").description.place == "living room"
    assert read("EXT. FLATS - DAY").description.place == "garden"


def test_a_wreck_is_drawn_as_a_boat_and_a_wrecked_car_as_a_car():
    reading = read("EXT. BEACH - DAY. A shipwreck in the fog.")
    assert reading.description.props == ("boat",)
    assert reading.mapped["shipwreck"] == "boat"
    wrecked = read("EXT. STREET - DAY. A car wreck.").description
    assert wrecked.props == ("car",)
    assert read("EXT. STREET - DAY. A wrecked car.").description.damage == "damaged"


def test_a_place_really_drawn_wins_over_a_likeness():
    reading = read("a hospital corridor")
    assert reading.description.place == "corridor"
    assert "hospital" not in reading.mapped


def test_an_exterior_of_a_room_moves_outside_and_says_so():
    reading = read("EXT. CANNERY - DAY")
    assert (reading.description.place, reading.description.interior) == ("yard", False)
    assert reading.mapped["ext cannery"] == "yard"


def test_plurals_and_slips_of_the_pen_are_understood():
    reading = read("ktichen at nigth with candels and three apples")
    scene = reading.description
    assert (scene.place, scene.time_of_day) == ("kitchen", "night")
    assert set(scene.props) == {"candle", "apple"}
    assert reading.mapped["ktichen"] == "kitchen"


def test_words_not_understood_are_listed_once_and_stop_words_never():
    reading = read("The quixotic street and the quixotic, zygomatic night of it all")
    assert reading.ignored == ["quixotic", "zygomatic"]
    assert reading.used == ["street", "night"]


def test_costume_texts_become_croquis_and_flats():
    croquis = read("Costume croquis: a woman in a long green dress and white gloves, torn").description
    assert croquis.domain == "croquis"
    assert croquis.people[0].garments == (Garment("dress", "green"), Garment("gloves", "white"))
    assert croquis.stage == "torn"
    flat = read("garment flat, navy checked jacket").description
    assert (flat.domain, flat.garment) == ("garment", Garment("jacket", "navy", "checked"))
    forced = read("rust coat and yellow scarf", domain="croquis").description
    assert forced.people[0].garments == (Garment("coat", "rust"), Garment("scarf", "yellow"))


def test_an_unknown_domain_is_refused():
    with pytest.raises(ValueError, match="opera"):
        read("a bar", domain="opera")


GARBAGE = [
    "", " ", "\n" * 50_000, "x" * 50_000, "INT. " * 12_000, "🎬" * 20_000, "\x00\x01\x1b[31m", "((((" * 5_000, "no " * 20_000, "é" * 50_000,
    "a red " * 9_000, "Mara " * 9_000, "\u202e\u200d\ufeff", "''''’’’’", "-" * 50_000, "٣ ４ ² ½", "coat " * 10_000, "INT. - ", "EXT.\n\n- NIGHT", "ﬁre ﬀ İ ß",
]  # fmt: skip


@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
@pytest.mark.parametrize("domain", [None, *words.DOMAINS])
def test_no_text_raises_or_takes_long(text, domain):
    read("warm up")
    before = time.process_time()
    reading = read(text, domain=domain)
    assert time.process_time() - before < 0.5
    assert reading.description.caption()


def test_what_was_cut_off_a_very_long_text_is_said():
    reading = read("street " * 10_000)
    assert reading.description.place == "street"
    assert any("characters" in word for word in reading.ignored)


def test_a_usual_prompt_is_read_within_five_milliseconds():
    text = (
        "INT. CANNERY - NIGHT. Medium shot. Mara takes a jar. Mara wears a rust coat and a yellow scarf." * 3
    )
    read(text)
    best = min(_seconds(text) for _ in range(7))
    assert best < 0.005


def _seconds(text):
    before = time.process_time()
    read(text)
    return time.process_time() - before


@pytest.mark.parametrize("word", ["windows", "water", "paint", "story", "shell", "cattle", "block"])
def test_a_word_that_is_right_is_not_taken_for_a_misspelt_one(word):
    reading = read(f"EXT. HARBOUR - DAY. Wide shot, {word}.")
    assert word in reading.ignored
    assert reading.description.people == () and word not in reading.mapped
