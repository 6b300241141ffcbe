"""The blockout renderer: determinism, the same room in every light, passes that agree with each other."""

import subprocess
import sys

import numpy as np
import pytest

from previs.blockout import words
from previs.blockout.description import Figure, Garment, SceneDescription
from previs.blockout.render import SurfaceClass, depth_picture, render
from previs.blockout.sampler import sample

WIDTH, HEIGHT = 96, 54
WOMAN = Figure("woman", (Garment("coat", "rust"), Garment("scarf", "mustard")))


def shot(samples=1, seed=5, width=WIDTH, height=HEIGHT, threads=1, **fields):
    place = fields.setdefault("place", "kitchen")
    fields.setdefault("interior", place in words.INTERIORS)
    fields.setdefault("people", (WOMAN,))
    description = SceneDescription(**fields)
    return render(description, seed=seed, width=width, height=height, samples=samples, threads=threads)


def luminance(picture):
    return float((picture @ np.array([0.2126, 0.7152, 0.0722])).mean())


def test_the_same_arguments_give_the_same_bytes():
    for seed in range(6):
        first, second = (render(sample(seed), seed=seed, width=WIDTH, height=HEIGHT) for _ in range(2))
        for name in ("picture", "unlit", "depth", "classes", "lines", "shining"):
            assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


def test_a_picture_does_not_depend_on_the_one_before_it():
    room, outside = (
        next(s for s in range(99) if sample(s).interior),
        next(s for s in range(99) if sample(s).domain == "scene" and not sample(s).interior),
    )

    def look(seed):
        return render(sample(seed), seed=seed, width=WIDTH, height=HEIGHT, samples=1, shapes=True)

    fresh = [look(outside), look(room)]
    again = [look(outside), look(room)]
    for one, two in zip(fresh, again, strict=True):
        for name in ("picture", "unlit", "depth", "classes", "lines", "shining", "facing", "openness"):
            assert np.array_equal(getattr(one, name), getattr(two, name)), name


def test_the_normal_pass_needs_to_be_asked_for():
    passes = render(sample(4), seed=4, width=64, height=36)
    with pytest.raises(ValueError, match="shapes=True"):
        passes.normals  # noqa: B018


def test_threads_do_not_change_a_byte():
    one, two = (shot(place="cannery", width=130, height=75, samples=2, threads=n) for n in (1, 2))
    assert one.picture.tobytes() == two.picture.tobytes()
    assert one.depth.tobytes() == two.depth.tobytes()


def test_a_fresh_process_gives_the_same_bytes():
    code = (
        "import hashlib;from previs.blockout.render import render;from previs.blockout.sampler import sample;"
        "p=render(sample(4),seed=4,width=96,height=54);print(hashlib.sha256(p.picture.tobytes()).hexdigest())"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].strip()) == 64


@pytest.mark.parametrize("place", words.PLACES)
def test_the_room_stays_and_night_is_darker(place):
    day, night = shot(place=place, time_of_day="day"), shot(place=place, time_of_day="night")
    dawn, dusk = (
        shot(place=place, time_of_day="dawn", weather="fog"),
        shot(place=place, time_of_day="dusk", weather="snow"),
    )
    for other in (night, dawn, dusk):
        assert np.array_equal(other.unlit, day.unlit)
        assert np.array_equal(other.depth, day.depth)
        assert np.array_equal(other.lines, day.lines)
    assert luminance(night.picture) < 0.7 * luminance(day.picture)
    assert luminance(dusk.picture) < luminance(day.picture)
    assert day.picture.std() > 12, "a picture without contrast shows nothing"


@pytest.mark.parametrize("size", ["WS", "CU"])
@pytest.mark.parametrize("weather", words.WEATHERS)
def test_night_is_darker_in_every_weather_and_size(size, weather):
    for place in ("bar", "square"):
        day, night = (
            shot(place=place, shot_size=size, weather=weather, time_of_day=t) for t in ("day", "night")
        )
        assert luminance(night.picture) < 0.7 * luminance(day.picture)


def test_two_takes_differ_but_their_room_does_not():
    takes = [shot(place="library", seed=seed, people=(), width=192, height=108) for seed in (1, 2)]
    assert not np.array_equal(takes[0].picture, takes[1].picture)
    colours = [
        np.histogramdd(t.unlit.reshape(-1, 3), bins=6, range=[(0, 256)] * 3)[0] / t.unlit[..., 0].size
        for t in takes
    ]
    same = np.minimum(*colours).sum()
    other = shot(place="library", seed=1, people=(), width=192, height=108, stage_key="another library")
    bins = (
        np.histogramdd(other.unlit.reshape(-1, 3), bins=6, range=[(0, 256)] * 3)[0] / other.unlit[..., 0].size
    )
    assert same > 0.8
    assert same > np.minimum(colours[0], bins).sum()


def test_another_stage_key_is_another_room():
    assert not np.array_equal(shot(stage_key="a").unlit, shot(stage_key="b").unlit)


@pytest.mark.parametrize("size", words.SHOT_SIZES)
def test_every_size_shows_the_lead(size):
    passes = shot(place="square", shot_size=size)
    body = np.isin(passes.classes, (SurfaceClass.FIGURE, SurfaceClass.GARMENT)).mean()
    least = {"EWS": 0.0005, "WS": 0.005, "FS": 0.04, "INS": 0.05}.get(size, 0.12)
    assert body > least


def test_closer_sizes_show_more_of_the_lead():
    share = [
        np.isin(shot(place="square", shot_size=s).classes, (SurfaceClass.FIGURE, SurfaceClass.GARMENT)).mean()
        for s in ("EWS", "WS", "FS", "MS", "MCU")
    ]
    assert share == sorted(share)


def test_a_closeup_shows_a_face_with_eyes_and_hair():
    passes = shot(place="square", shot_size="CU", width=256, height=144, samples=2)
    face = passes.unlit[passes.classes == SurfaceClass.FIGURE].astype(int)
    assert len(face) > 0.1 * 256 * 144
    dark, light = (face.sum(1) < 160).mean(), (face.sum(1) > 500).mean()
    assert dark > 0.02  # hair, brows, irises
    assert light > 0.0005  # the whites of the eyes


@pytest.mark.parametrize("angle", words.ANGLES)
@pytest.mark.parametrize("place", ["cell", "street"])
def test_every_angle_renders_a_finite_frame(angle, place):
    passes = shot(place=place, angle=angle, shot_size="MS")
    finite = passes.depth[np.isfinite(passes.depth)]
    assert finite.size and (finite > 0).all()
    assert 0.005 < (passes.lines > 0).mean() < 0.5


def test_the_clothes_keep_the_colour_that_was_asked_for():
    for colour, channel in (("red", 0), ("blue", 2), ("green", 1)):
        passes = shot(place="desert", shot_size="MS", people=(Figure("man", (Garment("coat", colour),)),))
        cloth = passes.unlit[passes.classes == SurfaceClass.GARMENT].mean(0)
        assert cloth.argmax() == channel


def test_the_sky_is_infinitely_far_and_a_room_has_none():
    outside, inside = shot(place="field", shot_size="WS"), shot(place="kitchen")
    assert np.array_equal(np.isinf(outside.depth), outside.classes == SurfaceClass.SKY)
    assert np.isinf(outside.depth).any()
    assert np.isfinite(inside.depth).all()


def test_near_is_white_in_the_depth_picture():
    depth = np.array([[1.0, 4.0], [30.0, np.inf]], np.float32)
    picture = depth_picture(depth)
    assert picture[0, 0] > picture[0, 1] > picture[1, 0] > picture[1, 1] == 0
    assert not depth_picture(np.full((4, 4), np.inf, np.float32)).any()


def test_damage_adds_to_the_set_without_moving_it():
    intact, ruined = (shot(place="corridor", damage=d, people=()) for d in ("intact", "ruined"))
    same = (np.abs(intact.depth - ruined.depth) < 1e-3).mean()
    assert 0.5 < same < 1.0
    assert not np.array_equal(intact.unlit, ruined.unlit)


@pytest.mark.parametrize("prop", words.PROPS)
def test_every_prop_fills_part_of_its_insert(prop):
    bare = SceneDescription(place="desert", shot_size="INS", people=(), lens_mm=50)
    with_it = SceneDescription(place="desert", shot_size="INS", people=(), lens_mm=50, props=(prop,))
    shots = [render(d, seed=3, width=64, height=36, samples=1) for d in (bare, with_it)]
    assert not np.array_equal(shots[0].unlit, shots[1].unlit)
    seen = shots[1].classes
    assert np.isin(
        seen,
        (
            SurfaceClass.PROP,
            SurfaceClass.VEHICLE,
            SurfaceClass.VEGETATION,
            SurfaceClass.ARCHITECTURE,
            SurfaceClass.GROUND,
        ),
    ).any()


@pytest.mark.parametrize("kind", words.GARMENTS)
def test_every_garment_is_seen_flat_and_worn(kind):
    flat = SceneDescription(domain="garment", garment=Garment(kind, "red"))
    worn = SceneDescription(domain="croquis", people=(Figure("woman", (Garment(kind, "red"),)),))
    for description, least in ((flat, 0.015), (worn, 0.0005)):
        passes = render(description, seed=2, width=72, height=128, samples=1)
        cloth = passes.classes == SurfaceClass.GARMENT
        assert cloth.mean() > least
        red = passes.unlit[cloth].astype(int)
        assert (red[:, 0] > red[:, 1] + 40).mean() > 0.01


@pytest.mark.parametrize(("width", "height"), [(128, 54), (54, 96), (64, 64), (33, 77)])
def test_any_shape_of_frame_comes_out_at_its_size(width, height):
    for description in (sample(0), SceneDescription(domain="garment", garment=Garment("coat"))):
        passes = render(description, seed=1, width=width, height=height)
        assert passes.picture.shape == passes.unlit.shape == (height, width, 3)
        assert passes.depth.shape == passes.classes.shape == passes.lines.shape == (height, width)
        assert set(np.unique(passes.lines)) <= {0, 255}


@pytest.mark.parametrize("bad", [{"width": 8}, {"height": 9000}, {"samples": 3}])
def test_sizes_out_of_range_are_refused_in_words(bad):
    with pytest.raises(ValueError, match="use"):
        shot(**bad)


def test_reading_and_describing_load_neither_numpy_nor_numba():
    code = (
        "import sys, previs.blockout.reader as r; r.read('INT. BAR - NIGHT'); "
        "print([m for m in ('numpy', 'numba', 'torch', 'django') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_what_shines_is_known_and_off_by_day():
    night, day = (
        shot(place="street", time_of_day=hour, seed=3, width=256, height=144, samples=2)
        for hour in ("night", "day")
    )
    assert night.shining.shape == (144, 256) and night.shining.dtype == np.uint8
    shining = night.shining > 200
    assert 20 < shining.sum() < shining.size // 4
    assert night.picture[shining].mean() > 1.4 * night.picture[night.shining == 0].mean()
    assert day.shining.sum() == 0
