"""The closet, its spreadsheet, the layers and stages of a change, and the concept compiled from them."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse
from PIL import Image, ImageDraw

from costumes import closet, closet_csv, plotting, stages
from costumes.closet import ClosetError
from costumes.models import Category, Change, Garment, GarmentLayer, Slot
from costumes.plot import plot_of
from costumes.recipe import compile_change, present_wardrobes
from costumes.services import dress
from previs.rights.models import AssetState

pytestmark = pytest.mark.django_db
HEADER = "name,character,category,photo_kind,quantity,multiples,wear_note,source\n"


def photo(colour="#8c4322", ground="#f2f2f0", size=(360, 480)) -> bytes:
    """A coat of one colour on a plain ground, as PNG."""
    picture = Image.new("RGB", size, ground)
    ImageDraw.Draw(picture).rounded_rectangle((90, 60, 270, 430), 30, fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def hang(film, owner):
    """hang("Rust coat", category="coat") -> a garment in the closet."""

    def keep(name, category="coat", **words):
        return closet.keep_garment(film.production, by=owner, name=name, category=category, **words)

    return keep


@pytest.fixture
def change(film) -> Change:
    return film.mara.changes.select_related("character__project", "sheet").get()


def order(change) -> list[str]:
    return [layer.garment.name for layer in change.layers.select_related("garment").order_by("order")]


class TestPhotos:
    def test_colours_are_those_of_the_garment_and_not_of_the_ground(self, hang):
        garment = hang("Rust coat", picture=photo(), rights="own", statement="Our workshop")
        assert garment.swatches[0]["name"] == "Rust"
        assert not {"White", "Plaster", "Chalk"} & {swatch["name"] for swatch in garment.swatches}

    def test_white_on_white_still_has_a_colour(self, hang):
        garment = hang("Shirt", "top", picture=photo("#f2f2f0"), rights="own", statement="Ours")
        assert len(garment.swatches) == 1

    @pytest.mark.parametrize(
        ("words", "fault"),
        [
            ({"name": ""}, "Give the garment a name."),
            ({"rights": ""}, "Say who holds the rights in the photo."),
            ({"statement": " "}, "on what ground the photo may be here"),
            ({"picture": b"no picture"}, "no JPEG"),
            ({"picture": photo()[:600]}, "cut short"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, film, costume_designer, client_for, words, fault
    ):
        from django.core.files.uploadedfile import SimpleUploadedFile

        typed = {"name": "Coat", "category": "coat", "quantity": "2", "kind": "flat", "rights": "own"} | {
            "statement": "Ours",
            "source": "Hire house",
            "picture": photo(),
        }
        typed |= words
        typed["picture"] = SimpleUploadedFile("coat.png", typed["picture"])
        answer = client_for(costume_designer).post(reverse("add_garment", args=[film.slug]), typed)
        assert answer.status_code == 422 and fault in answer.text and 'value="Hire house"' in answer.text
        assert not Garment.objects.exists()

    def test_the_crew_sees_a_photo_and_nobody_sees_it_once_it_is_held_back_or_withdrawn(
        self, film, hang, viewer, stranger, client_for
    ):
        garment = hang("Coat", picture=photo(), rights="own", statement="Ours", kind="mannequin")
        address = reverse("garment_file", args=[film.slug, garment.pk, "thumb"])
        asset = garment.photo
        type(asset).objects.filter(pk=asset.pk).update(state=AssetState.OK)
        assert client_for(viewer).get(address).headers["Content-Type"].startswith("image/")
        assert client_for(stranger).get(address).status_code == 404
        for state, code in ((AssetState.QUARANTINED, 404), (AssetState.WITHDRAWN, 410)):
            type(asset).objects.filter(pk=asset.pk).update(state=state)
            assert client_for(viewer).get(address).status_code == code


class TestLayers:
    def test_garments_lie_from_the_skin_outwards_whatever_order_they_are_put_on_in(self, hang, change, owner):
        for name, category, slot in (
            ("Coat", "coat", ""),
            ("Vest", "top", Slot.BASE),
            ("Scarf", "accessory", ""),
            ("Jumper", "top", ""),
            ("Boots", "shoes", ""),
        ):
            closet.put_on(change, hang(name, category), slot=slot, by=owner)
        assert order(change) == ["Vest", "Jumper", "Coat", "Boots", "Scarf"]

    def test_a_layer_can_be_worn_further_out_and_taken_off(self, hang, change, owner):
        for name in ("Vest", "Jumper", "Cardigan"):
            closet.put_on(change, hang(name, "top"), by=owner)
        first = change.layers.get(garment__name="Vest")
        closet.move_layer(first, outwards=True, by=owner)
        assert order(change) == ["Jumper", "Vest", "Cardigan"]
        closet.move_layer(GarmentLayer.objects.get(garment__name="Cardigan"), outwards=True, by=owner)
        assert order(change) == ["Jumper", "Vest", "Cardigan"]
        closet.take_off(change.layers.get(garment__name="Vest"), by=owner)
        assert list(change.layers.values_list("order", flat=True)) == [1, 2]

    def test_what_cannot_be_put_on_is_refused(self, hang, change, owner):
        coat = hang("Coat")
        closet.put_on(change, coat, by=owner)
        with pytest.raises(ClosetError, match="is on already"):
            closet.put_on(change, coat, by=owner)
        from previs.projects.services import start_project

        elsewhere = closet.keep_garment(
            start_project(title="Other", by=owner), by=owner, name="Hat", category="coat"
        )
        with pytest.raises(ClosetError, match="another production"):
            closet.put_on(change, elsewhere, by=owner)

    def test_what_is_worn_stays_in_the_closet(self, hang, change, owner):
        coat = hang("Coat")
        closet.put_on(change, coat, by=owner)
        with pytest.raises(ClosetError, match=r"Coat is worn in Mara, change 1\. Take it off there first"):
            closet.remove_garment(coat, by=owner)
        closet.take_off(change.layers.get(), by=owner)
        closet.remove_garment(coat, by=owner)
        assert not Garment.objects.exists()

    def test_inserting_a_change_leaves_garments_and_stages_with_theirs(self, film, hang, change, owner):
        closet.put_on(change, hang("Coat"), by=owner)
        stages.set_stage(change, stage="wet", scene=film.scene("2").pk, by=owner)
        plotting.insert_change(film.mara, number=1, by=owner)
        moved = film.mara.changes.get(number=2)
        assert order(moved) == ["Coat"] and moved.stages.get().stage == "wet"


class TestStages:
    def test_a_stage_lasts_from_its_scene_to_the_next_and_parts_the_bar(self, film, change, owner):
        stages.set_stage(change, stage="wet", scene=film.scene("2").pk, by=owner)
        stages.set_stage(change, stage="clean", scene=film.scene("3").pk, by=owner)
        (row,) = plot_of(film.production, characters=[film.mara]).rows
        assert [(cell.stage, cell.first) for cell in row.cells[:3]] == [("", True), ("wet", True), ("", True)]

    def test_a_stage_begins_where_its_character_plays(self, film, change, owner):
        with pytest.raises(plotting.PlotError, match="the scene of this character"):
            stages.set_stage(change, stage="wet", scene=film.scene("7").pk, by=owner)

    def test_a_stage_that_ends_leaves_the_one_before(self, film, change, owner):
        stages.set_stage(change, stage="worn", scene=film.scene("1").pk, by=owner)
        stages.end_stage(stages.set_stage(change, stage="torn", scene=film.scene("2").pk, by=owner), by=owner)
        (row,) = plot_of(film.production, characters=[film.mara]).rows
        assert [cell.stage for cell in row.cells[:3]] == ["worn"] * 3


class TestConcepts:
    def test_the_prompt_says_who_what_from_the_outside_in_when_and_in_which_state(
        self, film, hang, change, owner
    ):
        closet.put_on(change, hang("Jumper", "top"), by=owner)
        coat = hang("Rust coat", picture=photo(), rights="own", statement="Ours")
        closet.put_on(change, coat, by=owner)
        closet.set_era(film.production, era="1953, north coast", by=owner)
        stages.set_stage(change, stage="wet", scene=film.scene("2").pk, note="to the knees", by=owner)
        compiled = compile_change(change, "wet")
        assert compiled.prompt == (
            "Costume croquis, full figure, plain ground. Mara wears rust coat, jumper. "
            "Period: 1953, north coast. Colours: rust. The clothes are wet: to the knees."
        )
        assert [source.kind for source in compiled.sources] == ["character", "wardrobe"]

    def test_the_designers_words_come_before_the_list(self, hang, change, owner):
        closet.put_on(change, hang("Coat"), by=owner)
        change.garments = "a coat with one button missing"
        assert "Mara wears a coat with one button missing." in compile_change(change).prompt

    def test_a_concept_is_stale_once_its_garments_or_its_period_are_others(self, film, hang, change, owner):
        def present():
            return present_wardrobes([str(change.pk)])[str(change.pk)]

        closet.put_on(change, hang("Coat"), by=owner)
        source = compile_change(change).sources[1]
        assert present().digest == source.digest
        closet.put_on(change, hang("Scarf", "accessory"), by=owner)
        assert (present().digest != source.digest, present().changed) == (
            True,
            "Garments changed: Mara, change 1",
        )
        again = compile_change(change).sources[1]
        closet.set_era(film.production, era="1890", by=owner)
        assert present().digest != again.digest

    def test_the_page_compiles_the_stage_that_it_is_asked_for_and_sends_it_on(
        self, film, change, owner, client_for
    ):
        html = client_for(owner).get(f"{change.get_absolute_url()}?stage=burnt").text
        assert "The clothes are burnt." in html and "generate/?stage=burnt" in html
        assert ">Clean concept</a>" in html
        assert "The clothes are" not in client_for(owner).get(f"{change.get_absolute_url()}?stage=odd").text


class TestSpreadsheet:
    def test_what_goes_out_comes_in_again_and_changes_nothing(self, film, hang, change, owner):
        hang(
            "=SUM(A1)",
            "coat",
            character=film.mara,
            quantity=3,
            multiples="hero, stunt, burn",
            source="Ward & Sons",
        )
        closet.put_on(change, Garment.objects.get(), by=owner)
        text = closet_csv.to_csv(film.production)
        (row,) = csv.DictReader(io.StringIO(text))
        assert row["name"] == "'=SUM(A1)" and row["changes"] == "Mara, change 1"
        assert closet_csv.from_csv(film.production, text.encode(), by=owner) == (0, 0, 1)
        garment = Garment.objects.get()
        assert (garment.name, garment.character, garment.quantity) == ("=SUM(A1)", film.mara, 3)

    def test_only_the_rows_that_say_something_new_count_as_changed(self, film, hang, owner):
        hang("Long coat", "coat", quantity=2)
        hang("Boots", "shoes")
        text = closet_csv.to_csv(film.production).replace("coat,flat,2", "coat,flat,3") + "Shawl,,accessory\n"
        assert closet_csv.from_csv(film.production, text.encode(), by=owner) == (1, 1, 1)

    def test_rows_come_in_with_semicolons_and_a_byte_order_mark_too(self, film, owner):
        text = "\ufeffname;category;character\nLong coat;coat;Mara\nBoots;SHOES;\n"
        assert closet_csv.from_csv(film.production, text.encode(), by=owner) == (2, 0, 0)
        assert set(Garment.objects.values_list("name", "category", "character__name")) == {
            ("Long coat", "coat", "MARA"),
            ("Boots", "shoes", None),
        }

    def test_one_bad_row_keeps_all_out_and_each_is_named(self, film, owner, client_for):
        from django.core.files.uploadedfile import SimpleUploadedFile

        rows = (
            "Coat,Mara,coat,flat,1,,,\n,Mara,coat,flat,1,,,\nHat,Nobody,hat,flat,0,,,\nCOAT,Mara,coat,,1,,,\n"
        )
        file = SimpleUploadedFile("closet.csv", (HEADER + rows).encode())
        answer = client_for(owner).post(reverse("import_closet", args=[film.slug]), {"file": file})
        assert answer.status_code == 422
        assert "Line 3: the name is missing." in answer.text
        for fault in ("the category “hat” is none of", "the quantity “0” is no number", "called “Nobody”"):
            assert fault in answer.text
        assert "Line 5: the same garment stands in line 2." in answer.text
        assert not Garment.objects.exists()

    @pytest.mark.parametrize(
        ("data", "fault"),
        [
            (b"", "empty"),
            (HEADER.encode(), "no row below"),
            (b"Coat,coat\n", "The first line names the columns"),
            (b"name,category,price\nCoat,coat,3\n", "price is no column"),
            ("name,category\nVäst,coat\n".encode("latin-1"), "not in UTF-8"),
            (b"PK\x03\x04\x00\x00", "no text file"),
            (b"x" * (1024 * 1024 + 1), "more than 1024 KB"),
        ],
    )
    def test_what_is_no_such_list_is_refused_in_words(self, film, owner, data, fault):
        with pytest.raises(closet_csv.BadRows, match=fault):
            closet_csv.from_csv(film.production, data, by=owner)


def test_every_category_has_a_slot_where_it_belongs():
    assert set(closet.SLOT_OF) == set(Category)


def test_the_pages_of_the_closet_are_drawn(film, hang, change, owner, viewer, client_for):
    garment = hang("Coat", picture=photo(), rights="own", statement="Ours", character=film.mara)
    closet.put_on(change, garment, by=owner)
    for person in (owner, viewer):
        html = client_for(person).get(reverse("closet", args=[film.slug])).text
        assert "Coat" in html and "Mara 1" in html and ("Remove Coat" in html) is (person == owner)
        assert "Coat" in client_for(person).get(change.get_absolute_url()).text
    assert 'value="Coat"' in client_for(owner).get(reverse("edit_garment", args=[film.slug, garment.pk])).text


def test_a_dressed_change_is_dressed_on_the_plot(film, hang, change, owner):
    dress(change, garments="", title="Rust coat", scenes=film.keys("1"), by=owner)
    closet.put_on(change, hang("Coat", picture=photo(), rights="own", statement="Ours"), by=owner)
    (row,) = plot_of(film.production, characters=[film.mara]).rows
    assert row.looks[0].title == "Rust coat" and len(row.looks[0].colours) == 1
