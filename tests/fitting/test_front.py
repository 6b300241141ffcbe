"""What stays before a garment: arms across the chest, hands, long hair; and photos that no garment can be put on."""

from __future__ import annotations

import io

import numpy as np
import pytest
import tailor
import wardrobe
from PIL import Image

from costumes.fitting.anchors import guess_anchors
from costumes.fitting.garments import Garment, cut_out
from costumes.fitting.ground import prepare
from costumes.fitting.outfit import Layer, changed, dress
from costumes.fitting.report import assess
from costumes.fitting.trouble import FittingError
from previs.blockout.geometry import SurfaceClass
from previs.demo.cast_photo import Studio, sitting
from previs.demo.sitter import Sitter
from previs.engine.eyes import EyesError, Pose, find_person, read_photo


def sewn(**chosen: object) -> Garment:
    cut = wardrobe.cut(2, pattern="stripes", angle=45.0, **chosen)
    picture = cut.flat()[0]
    alpha = cut_out(picture)
    return Garment("top", picture, alpha, guess_anchors(alpha, "top"))


@pytest.fixture(scope="module")
def crossed() -> Studio:
    return sitting(Sitter.draw(5, stance="crossed"), seed=5)


@pytest.fixture(scope="module")
def long_haired() -> Studio:
    return sitting(Sitter.draw(2, hair="long"), seed=2)


def around(studio: Studio, name: str, other: str, px: float) -> np.ndarray:
    """Skin within px of the line between two joints."""
    one, way = studio.joints[name], studio.joints[other] - studio.joints[name]
    y, x = np.mgrid[0 : studio.skin.shape[0], 0 : studio.skin.shape[1]]
    offsets = np.stack([x - one[0], y - one[1]], axis=-1)
    along = np.clip(offsets @ way / (way @ way), 0.2, 0.8)  # joints themselves lie under hems and sleeves
    near = np.linalg.norm(offsets - along[..., None] * way, axis=-1) < px
    return near & studio.skin


def test_bare_arms_across_the_chest_stay_before_a_garment_with_short_sleeves(crossed: Studio) -> None:
    ground = prepare(crossed.photo, tailor.pose_of(crossed))
    (step,) = dress(ground, [Layer(sewn(sleeve=0.45))])
    differs = (step.picture != crossed.photo).any(axis=2)
    chest = around(crossed, "left_elbow", "left_wrist", 14)
    assert chest.sum() > 2_000
    assert differs[chest].mean() < 0.05
    trunk = crossed.passes.classes == SurfaceClass.GARMENT
    assert differs[trunk].mean() > 0.25, "the shirt between the arms is covered all the same"


def test_cloth_beside_a_bare_hand_is_not_kept_with_it(crossed: Studio) -> None:
    ground = prepare(crossed.photo, tailor.pose_of(crossed))
    cloth = crossed.passes.classes == SurfaceClass.GARMENT
    hands = tailor.kept_skin(crossed)
    assert (ground.protected & hands).sum() > 0.9 * hands.sum()
    below_chin = ground.protected.copy()
    below_chin[: int(crossed.joints["left_shoulder"][1])] = False
    assert (below_chin & cloth).sum() < 0.35 * below_chin.sum()


def test_hair_that_falls_over_the_chest_stays_before_the_garment(long_haired: Studio) -> None:
    ground = prepare(long_haired.photo, tailor.pose_of(long_haired))
    (step,) = dress(ground, [Layer(sewn(sleeve=0.45))])
    strand = np.zeros_like(long_haired.skin)
    for side in ("left", "right"):
        x = long_haired.joints[f"{side}_ear"][0] + (8 if side == "left" else -8)
        y = int(long_haired.joints["left_shoulder"][1])
        strand[y - 20 : y + 40, int(x) - 5 : int(x) + 5] = True
    strand &= long_haired.skin
    assert strand.sum() > 800
    assert (step.picture[strand] == long_haired.photo[strand]).all()


def test_hair_of_the_shirts_own_colour_is_left_to_the_brush(long_haired: Studio) -> None:
    dark = (long_haired.photo * 0.0).astype(np.uint8) + 40
    pose = tailor.pose_of(long_haired)
    ground = prepare(dark, pose)
    lower = ground.protected[int(long_haired.joints["left_shoulder"][1]) + 60 :]
    chest = lower[:, int(pose.point("right_shoulder")[0]) : int(pose.point("left_shoulder")[0])]
    assert chest[:150].mean() < 0.02


def test_a_dress_takes_the_place_of_what_hung_from_the_hips_too(long_haired: Studio) -> None:
    ground = prepare(long_haired.photo, tailor.pose_of(long_haired))
    (short,), (long,) = (
        dress(ground, [Layer(sewn(sleeve=0.4, length=length, hem=0.7))]) for length in (1.5, 3.0)
    )
    assert short.worn.region == "upper" and long.worn.region == "whole"
    layers = [Layer(sewn(sleeve=0.4, length=3.0, hem=0.7))]
    report = assess(ground, layers, [long], long.picture, changed([long]))
    assert report.failed == [] and report.colours[0].grade == "pass"
    assert report.leftover > 0.02, "the trousers below its hem are told about"


def png(picture: np.ndarray | Image.Image) -> bytes:
    file = io.BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(file, "PNG")
    return file.getvalue()


def seen(photo: np.ndarray) -> Pose:
    pose = find_person(photo)
    prepare(photo, pose)
    return pose


def test_photos_that_no_garment_can_be_put_on_are_refused_by_what_the_eyes_really_see(
    long_haired: Studio,
) -> None:
    photo = long_haired.photo
    with pytest.raises(EyesError, match="No person is seen"):
        seen(np.full((900, 700, 3), 170, np.uint8))
    pair = np.concatenate([photo[:, 150:870], photo[:, 150:870]], axis=1)
    with pytest.raises(FittingError, match="shows 2 people"):
        seen(pair)
    with pytest.raises(EyesError, match="at least 512 px"):
        read_photo(png(Image.fromarray(photo).resize((384, 512))), shortest=512)
    aside = sitting(long_haired.sitter, seed=2, turn=np.pi / 2).photo
    with pytest.raises((FittingError, EyesError), match=r"turned away|Not seen well enough|not seen clearly"):
        seen(aside)
    behind = sitting(long_haired.sitter, seed=2, turn=np.pi).photo
    with pytest.raises((FittingError, EyesError), match=r"turned away|face is turned|Not seen well enough"):
        seen(behind)


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "RGBA"])
def test_a_photo_for_print_or_in_grey_is_read_as_light(long_haired: Studio, mode: str) -> None:
    file = io.BytesIO()
    Image.fromarray(long_haired.photo).convert(mode).save(file, "TIFF")
    pixels = read_photo(file.getvalue(), shortest=512)
    assert pixels.shape == long_haired.photo.shape and pixels.dtype == np.uint8
    assert np.abs(pixels.mean(axis=2) - long_haired.photo.mean(axis=2)).mean() < 12
