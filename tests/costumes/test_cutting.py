"""A garment cut out of its photo, and its anchors set by hand."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from django.urls import reverse
from PIL import Image, ImageDraw

from costumes import closet, cutting
from costumes.cutting import CuttingError, Overtaken
from costumes.cutting_forms import WORDS, AnchorsForm
from costumes.fitting.garments import ANCHORS
from costumes.models import Category, Shape
from previs.generation import store
from previs.rights.models import AssetState, ReferenceAsset

sys.path.insert(0, str(Path(__file__).parents[1] / "fitting"))
import wardrobe

pytestmark = [pytest.mark.django_db, pytest.mark.pictures]


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def shirt() -> bytes:
    return png(Image.fromarray(wardrobe.cut(1, sleeve=0.5, pattern="plain", colour=(40, 90, 150)).flat()[0]))


def legs(apart: bool = True) -> bytes:
    picture = Image.new("RGB", (600, 900), "#efefec")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(200, 100), (400, 100), (420, 300), (180, 300)], fill="#3a4a66")
    gap = 20 if apart else 0
    draw.polygon([(180, 300), (300 - gap, 300), (290 - gap, 800), (170, 800)], fill="#3a4a66")
    draw.polygon(
        [(300 + gap, 300), (420, 300), (430, 800), (310 + gap if apart else 290, 800)], fill="#3a4a66"
    )
    draw.rectangle((180, 290, 420, 340), fill="#3a4a66")
    return png(picture)


@pytest.fixture(autouse=True)
def no_faces(monkeypatch):
    """Nobody is on these drawings; that faces are looked for is tested where photos are taken in."""
    monkeypatch.setattr("previs.generation.intake.faces_on", lambda picture: 0)


@pytest.fixture
def hang(film, owner):
    """hang("Shirt", "top", shirt()) -> a garment with its photo."""

    def keep(name, category, picture=b""):
        return closet.keep_garment(
            film.production,
            by=owner,
            name=name,
            category=category,
            picture=picture,
            rights="own",
            statement="Ours",
        )

    return keep


@pytest.fixture
def cut(hang, owner):
    return cutting.cut_garment(hang("Shirt", "top", shirt()), by=owner)


def places(garment) -> dict[str, tuple[float, float]]:
    return {name: tuple(place) for name, place in garment.anchors.items()}


def typed(garment, **moved) -> dict[str, str]:
    """What the form sends when some anchors were moved."""
    fields = {"seen": cutting.digest_of(garment)}
    for name, (x, y) in (places(garment) | moved).items():
        fields |= {f"{name}_x": str(x), f"{name}_y": str(y)}
    return fields


class TestCuttingOut:
    def test_the_ground_becomes_transparent_and_every_anchor_lies_on_the_photo(self, cut):
        picture = Image.open(io.BytesIO(store.read(cut.cut_sha256)))
        alpha = np.asarray(picture.getchannel("A"))
        assert alpha[0, 0] == 0 and alpha[alpha.shape[0] // 2, alpha.shape[1] // 2] == 255
        assert (cut.shape, set(cut.anchors), cut.anchored_at) == (Shape.TOP, set(ANCHORS["top"]), None)
        assert all(0 <= x <= cut.photo.width and 0 <= y <= cut.photo.height for x, y in places(cut).values())

    def test_what_was_cut_out_can_be_worn(self, cut):
        garment = cutting.ready_to_wear(cut)
        assert garment.category == "top" and garment.alpha.shape == garment.picture.shape[:2]
        assert garment.anchors["hem_left"] == pytest.approx(places(cut)["hem_left"])

    def test_a_large_photo_is_cut_out_smaller_and_its_anchors_stay_px_of_the_photo(self, hang, owner):
        large = Image.open(io.BytesIO(shirt())).resize((2400, 2400))
        garment = cutting.cut_garment(hang("Shirt", "top", png(large)), by=owner)
        worn = cutting.ready_to_wear(garment)
        assert max(worn.picture.shape[:2]) == cutting.LONGEST_SIDE
        assert worn.anchors["hem_left"][1] * 1.5 == pytest.approx(garment.anchors["hem_left"][1], abs=0.1)
        assert garment.anchors["hem_left"][1] > cutting.LONGEST_SIDE / 2

    def test_legs_apart_are_trousers_and_legs_together_a_skirt(self, hang, owner):
        assert cutting.cut_garment(hang("Trousers", "bottom", legs()), by=owner).shape == Shape.TROUSERS
        assert cutting.cut_garment(hang("Skirt", "bottom", legs(apart=False)), by=owner).shape == Shape.SKIRT

    def test_a_person_may_say_that_trousers_are_meant(self, hang, owner):
        with pytest.raises(CuttingError, match="Lay them apart"):
            cutting.cut_garment(hang("Trousers", "bottom", legs(apart=False)), shape="trousers", by=owner)

    @pytest.mark.parametrize(
        ("category", "picture", "fault"),
        [
            ("shoes", shirt, "Shoes cannot be fitted on a photo yet"),
            ("top", lambda: b"", "has no photo yet"),
            ("top", lambda: png(Image.effect_noise((300, 300), 90).convert("RGB")), "is not plain"),
            ("top", lambda: png(Image.new("RGB", (300, 300), "#ddd")), "No garment stands out"),
            ("top", lambda: png(Image.new("RGB", (300, 90), "#ddd")), "at least 128 px"),
        ],
    )
    def test_what_cannot_be_cut_out_is_refused_in_words_and_nothing_is_kept(
        self, hang, owner, film, client_for, category, picture, fault
    ):
        garment = hang("Thing", category, picture())
        answer = client_for(owner).post(reverse("cut_garment", args=[film.slug, garment.pk]))
        assert answer.status_code == 422 and fault in answer.text
        garment.refresh_from_db()
        assert (garment.cut_sha256, garment.anchors) == ("", {})

    def test_a_photo_that_is_held_back_is_not_cut_out_and_its_cut_out_is_not_shown(
        self, cut, owner, film, client_for
    ):
        address = reverse("cut_file", args=[film.slug, cut.pk])
        assert client_for(owner).get(address).headers["Content-Type"] == "image/webp"
        for state, code in ((AssetState.QUARANTINED, 404), (AssetState.WITHDRAWN, 410)):
            ReferenceAsset.objects.filter(pk=cut.photo_id).update(state=state)
            assert client_for(owner).get(address).status_code == code
            cut.photo.refresh_from_db()
            with pytest.raises(CuttingError, match="The photo of Shirt is"):
                cutting.cut_garment(cut, by=owner)
        assert "held back" in client_for(owner).get(reverse("garment_cut", args=[film.slug, cut.pk])).text

    def test_another_photo_or_another_category_asks_for_another_cut_out(self, cut, film, owner):
        words = {"name": "Shirt", "category": "top"}
        closet.keep_garment(film.production, by=owner, garment=cut, **words | {"name": "Blue shirt"})
        assert cut.is_cut
        closet.keep_garment(film.production, by=owner, garment=cut, **words | {"category": "bottom"})
        cut.refresh_from_db()
        assert not cut.is_cut and cut.anchors == {}


class TestAnchors:
    def test_an_anchor_that_was_dragged_is_kept_and_everything_else_stays(self, cut, film, owner, client_for):
        x, y = places(cut)["collar_centre"]
        before = dict(cut.anchors)
        answer = client_for(owner).post(
            reverse("set_anchors", args=[film.slug, cut.pk]), typed(cut, collar_centre=(x + 7, y + 3.5))
        )
        assert answer.status_code == 302
        cut.refresh_from_db()
        assert cut.anchors == before | {"collar_centre": [x + 7, y + 3.5]} and cut.anchored_at is not None

    def test_reset_puts_all_of_them_where_the_outline_says(self, cut, film, owner, client_for):
        guessed = dict(cut.anchors)
        moved = places(cut) | {"hem_centre": (5.0, 300.0)}
        cutting.set_anchors(cut, anchors=moved, seen=cutting.digest_of(cut), by=owner)
        client_for(owner).post(reverse("guess_anchors", args=[film.slug, cut.pk]))
        cut.refresh_from_db()
        assert cut.anchored_at is None
        assert cut.anchors == guessed

    def test_what_somebody_else_set_meanwhile_is_not_lost_unseen(self, cut, film, owner, client_for):
        mine = typed(cut, hem_centre=(200.0, 300.0))
        cutting.set_anchors(cut, anchors=places(cut), seen=cutting.digest_of(cut), by=owner)
        theirs = typed(cut, collar_centre=(places(cut)["collar_centre"][0] + 1, 10.0))
        client_for(owner).post(reverse("set_anchors", args=[film.slug, cut.pk]), theirs)
        answer = client_for(owner).post(reverse("set_anchors", args=[film.slug, cut.pk]), mine)
        assert answer.status_code == 409 and "somebody else set other anchors" in answer.text
        assert 'value="200.0"' in answer.text
        cut.refresh_from_db()
        with pytest.raises(Overtaken):
            cutting.set_anchors(cut, anchors=places(cut), seen=mine["seen"], by=owner)

    @pytest.mark.parametrize(
        ("moved", "fault"),
        [
            ({"collar_centre": ("", 3)}, "Collar, centre front: type how many px across."),
            ({"collar_centre": ("middle", 3)}, "Collar, centre front: this is no number of px."),
            ({"collar_centre": (-4, 3)}, "Collar, centre front: outside the photo"),
            ({"collar_centre": (3, 99999)}, "Collar, centre front: outside the photo, which ends"),
            ({"shoulder_left": (1, 100)}, "have changed sides. Left is the wearer"),
            ({"hem_centre": (100, 1)}, "The hem lies above collar, centre front."),
        ],
    )
    def test_a_place_that_cannot_be_is_refused_in_a_cutters_words(
        self, cut, film, owner, client_for, moved, fault
    ):
        before = dict(cut.anchors)
        answer = client_for(owner).post(reverse("set_anchors", args=[film.slug, cut.pk]), typed(cut, **moved))
        assert answer.status_code == 422 and fault.replace("’", "'") in answer.text.replace("&#x27;", "'")
        cut.refresh_from_db()
        assert cut.anchors == before

    def test_the_page_numbers_every_anchor_of_the_shape(self, cut, film, owner, client_for):
        html = client_for(owner).get(reverse("garment_cut", args=[film.slug, cut.pk])).text
        assert html.count('class="anchor"') == len(ANCHORS["top"]) and "Guessed" in html
        assert "Left cuff, underarm seam" in html

    def test_nothing_is_anchored_before_it_was_cut_out(self, hang, film, owner, client_for):
        garment = hang("Shirt", "top", shirt())
        for name in ("set_anchors", "guess_anchors"):
            answer = client_for(owner).post(reverse(name, args=[film.slug, garment.pk]))
            assert answer.status_code == 422 and "Cut the garment out first." in answer.text


def test_every_anchor_of_every_shape_has_a_name_that_a_cutter_uses():
    assert {name for names in ANCHORS.values() for name in names} == set(WORDS)
    assert len(set(WORDS.values())) == len(WORDS)


def test_every_shape_can_be_fitted_and_every_category_says_which_it_may_have(hang):
    assert set(Shape.values) == set(ANCHORS)
    for category in Category.values:
        assert set(cutting.shapes_of(hang(category, category))) <= set(Shape)


def test_a_viewer_sees_the_cut_out_and_changes_nothing(cut, film, viewer, stranger, client_for):
    assert client_for(viewer).get(reverse("cut_file", args=[film.slug, cut.pk])).status_code == 200
    assert client_for(stranger).get(reverse("cut_file", args=[film.slug, cut.pk])).status_code == 404
    for name in ("cut_garment", "set_anchors", "guess_anchors"):
        assert client_for(viewer).post(reverse(name, args=[film.slug, cut.pk])).status_code == 403
        assert client_for(stranger).post(reverse(name, args=[film.slug, cut.pk])).status_code == 404


def test_a_form_with_unread_numbers_draws_the_anchor_where_it_was_saved(cut):
    form = AnchorsForm(typed(cut, hem_centre=("?", "?")), garment=cut)
    (hem,) = (handle for handle in form.handles() if handle.name == "hem_centre")
    assert (hem.x, hem.y) == places(cut)["hem_centre"]
