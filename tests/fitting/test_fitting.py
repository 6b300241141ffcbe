"""A garment put on a drawn mannequin: what changes, what must not, and what is refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from costumes.fitting.anchors import guess_anchors
from costumes.fitting.filters import grown
from costumes.fitting.garments import ANCHORS, Garment, cut_out
from costumes.fitting.ground import Ground, prepare
from costumes.fitting.outfit import FittingStep, Layer, Progress, changed, digests, dress
from costumes.fitting.paste import paste_back
from costumes.fitting.repaint import repaint, strengths
from costumes.fitting.report import assess
from costumes.fitting.trouble import FittingCancelled, FittingError
from previs.engine.eyes import INDEX, EyesError


@pytest.fixture(scope="module")
def outfit(shirt: Any, coat: Any) -> list[Layer]:
    return [Layer(shirt[0], seed=3), Layer(coat[0], seed=4)]


@pytest.fixture(scope="module")
def steps(ground: Ground, outfit: list[Layer]) -> list[FittingStep]:
    return dress(ground, outfit)


def silhouette(step: FittingStep) -> np.ndarray:
    found = np.zeros(step.mask.shape, bool)
    found[step.worn.place] = step.worn.alpha > 0.5
    return found


def test_a_garment_is_cut_out_of_its_background_and_its_anchors_are_found(coat: Any) -> None:
    garment, cut = coat
    _, truth, outline = cut.flat()
    found = garment.alpha > 0.5
    assert (found & outline).sum() / (found | outline).sum() > 0.99
    assert set(garment.anchors) == set(ANCHORS["top"])
    for name, (x, y) in truth.items():
        off = np.hypot(garment.anchors[name][0] - x, garment.anchors[name][1] - y) / cut.scale
        assert off < 0.1, name


@pytest.mark.parametrize("layer", [0, 1])
def test_the_worn_silhouette_is_the_true_one(
    figure: Any, steps: Any, shirt: Any, coat: Any, layer: int
) -> None:
    truth, found = figure.worn((shirt, coat)[layer][1]), silhouette(steps[layer])
    assert (truth & found).sum() / (truth | found).sum() > 0.9
    assert steps[layer].worn.folded == 0


def test_face_and_hands_and_all_that_lies_outside_the_mask_stay_to_the_last_bit(
    figure: Any, ground: Ground, steps: Any
) -> None:
    differs = (steps[-1].picture != ground.photo).any(axis=2)
    assert differs.sum() > 50_000
    assert not (differs & figure.head).any()
    assert not (differs & figure.hands).any()
    assert not (differs & (changed(steps) == 0)).any()
    assert not (differs & ground.protected).any()


def test_the_cloth_keeps_its_colour_and_takes_the_light_of_the_old_folds(ground: Ground, shirt: Any) -> None:
    layers = [Layer(shirt[0])]
    lit, flat = dress(ground, layers), dress(ground, [Layer(shirt[0], light=0.0)])
    (colour,) = assess(ground, layers, lit, lit[0].picture, lit[0].mask).colours
    assert colour.difference is not None and colour.difference < 2 and colour.grade == "pass"
    inside = grown(silhouette(lit[0]), -12)
    assert lit[0].picture[inside].std(axis=0).max() > 3 * flat[0].picture[inside].std(axis=0).max()


def test_a_clean_fitting_passes_every_gate(ground: Ground, outfit: Any, steps: Any, figure: Any) -> None:
    report = assess(
        ground, outfit, steps, steps[-1].picture, changed(steps), look=lambda picture: figure.pose()
    )
    assert report.failed == [] and report.grade == "pass"
    assert report.hands == report.hands_before == 2 and report.drift == 0
    assert report.to_json()["protected_changed"] == 0


def test_the_report_catches_a_result_that_was_shifted_blurred_or_recoloured(
    ground: Ground, outfit: Any, steps: Any
) -> None:
    def judged(result: np.ndarray) -> Any:
        return assess(ground, outfit, steps, result, changed(steps))

    shifted = np.roll(steps[-1].picture, 3, axis=1)
    assert judged(shifted).protected_changed > 1000 and judged(shifted).outside_changed > 1000
    assert judged(shifted).grade == "fail"
    warm = np.clip(steps[-1].picture + np.array([40, 0, -40]), 0, 255).astype(np.uint8)
    pasted = paste_back(warm, ground.photo, changed(steps), ground.protected)
    assert judged(pasted).failed == []
    assert any(colour.grade == "fail" for colour in judged(pasted).colours)
    assert judged(steps[-1].picture[:-8]).failed == ["The result has another size than the photo."]


def test_the_report_catches_a_body_that_moved_or_lost_a_hand(
    ground: Ground, outfit: Any, steps: Any, figure: Any
) -> None:
    moved = figure.pose()
    moved.points[INDEX["left_wrist"], 1] += 60
    lost = figure.pose()
    lost.points[INDEX["right_index"], 2] = 0.1

    def nobody(picture: np.ndarray) -> Any:
        raise EyesError("No person is seen.")

    def failed(look: Any) -> list[str]:
        return assess(ground, outfit, steps, steps[-1].picture, changed(steps), look=look).failed

    assert "pose moved" in failed(lambda picture: moved)[0]
    assert failed(lambda picture: lost) == ["1 of 2 hands are found again."]
    assert len(failed(nobody)) == 2


def test_any_mask_leaves_protected_pixels_untouched(ground: Ground) -> None:
    rng = np.random.default_rng(7)
    for _ in range(4):
        mask = rng.integers(0, 256, ground.protected.shape, dtype=np.uint8)
        noise = rng.integers(0, 256, ground.photo.shape, dtype=np.uint8)
        result = paste_back(noise, ground.photo, mask, ground.protected)
        kept = ground.protected | (mask == 0)
        assert (result[kept] == ground.photo[kept]).all()


def test_a_brush_protects_what_it_paints(figure: Any, shirt: Any, nowhere: Any) -> None:
    nowhere[500:640, 400:640] = True
    ground = prepare(figure.photo, figure.pose(), protect=nowhere)
    (step,) = dress(ground, [Layer(shirt[0])])
    assert (step.picture[nowhere] == figure.photo[nowhere]).all()


def test_an_outfit_is_run_again_from_the_changed_layer_only(ground: Ground, outfit: Any, steps: Any) -> None:
    told: list[Progress] = []
    again = dress(
        ground, [outfit[0], dataclasses.replace(outfit[1], length=0.9)], kept=steps, on_step=told.append
    )
    assert [progress.reused for progress in told] == [True, False]
    assert again[0] is steps[0]
    assert again[1].digest != steps[1].digest
    fresh = dress(ground, [outfit[0], dataclasses.replace(outfit[1], length=0.9)])
    assert (fresh[1].picture == again[1].picture).all()


def test_everything_that_decides_a_layer_is_in_its_digest(ground: Ground, outfit: Any, figure: Any) -> None:
    first = digests(ground, outfit)
    for change in ({"size": 1.1}, {"length": 1.1}, {"light": 0.5}, {"seed": 9}):
        other = digests(ground, [dataclasses.replace(outfit[0], **change), outfit[1]])
        assert other[0] != first[0] and other[1] != first[1], change
    dragged = dict(outfit[1].garment.anchors) | {"hem_left": (10.0, 10.0)}
    moved = dataclasses.replace(outfit[1].garment, anchors=dragged)
    assert digests(ground, [outfit[0], Layer(moved, seed=4)])[0] == first[0]
    assert digests(ground, [outfit[0], Layer(moved, seed=4)])[1] != first[1]
    assert digests(prepare(figure.photo[::-1].copy(), figure.pose()), outfit)[0] != first[0]


def test_cancelling_stops_after_the_step_that_was_done(ground: Ground, outfit: Any) -> None:
    told: list[int] = []

    def stop(progress: Progress) -> None:
        told.append(progress.number)
        raise FittingCancelled

    with pytest.raises(FittingCancelled):
        dress(ground, outfit, on_step=stop)
    assert told == [1]


def test_a_model_that_shifts_zooms_and_recolours_everything_is_undone_outside_its_mask(
    ground: Ground, outfit: Any, steps: Any
) -> None:
    from PIL import Image

    height, width = ground.protected.shape

    def sloppy(picture: np.ndarray, strength: np.ndarray, seed: int) -> np.ndarray:
        assert seed == 4 and strength.max() <= 1
        zoom = (0.99, 0.0, 3.0, 0.0, 0.99, 5.0)
        moved = Image.fromarray(picture).transform(
            (width, height), Image.Transform.AFFINE, zoom, Image.Resampling.BICUBIC
        )
        return np.clip(np.asarray(moved, float) * 0.97 + 4, 0, 255).astype(np.uint8)

    result = repaint(ground, outfit, steps, sloppy)
    assert abs(result.registration.zoom - 0.0101) < 0.002
    assert result.registration.correlation > 0.95
    report = assess(ground, outfit, steps, result.picture, result.mask)
    assert report.protected_changed == 0 and report.outside_changed == 0


def test_a_model_that_paints_another_picture_is_refused(ground: Ground, outfit: Any, steps: Any) -> None:
    noise = np.random.default_rng(3).integers(0, 255, ground.photo.shape, dtype=np.uint8)
    with pytest.raises(FittingError, match="another picture than the photo"):
        repaint(ground, outfit, steps, lambda picture, strength, seed: noise)


def test_a_model_may_paint_edges_and_leftovers_but_nothing_protected(
    ground: Ground, outfit: Any, steps: Any
) -> None:
    strength = strengths(ground, outfit, steps, inside=0.0)
    assert strength.max() > 0.9 and not strength[ground.protected].any()
    assert 0.01 < (strength > 0).mean() < 0.4


def test_unfit_photos_are_refused_with_what_to_do(figure: Any) -> None:
    pose = figure.pose()
    cases: list[tuple[Any, Any, str]] = []
    cases.append((figure.photo[:400], dataclasses.replace(pose, mask=pose.mask[:400]), "at least 512 px"))
    cases.append((figure.photo, dataclasses.replace(pose, people=3), "shows 3 people"))
    back = pose.points.copy()
    back[[INDEX["left_shoulder"], INDEX["right_shoulder"]]] = back[
        [INDEX["right_shoulder"], INDEX["left_shoulder"]]
    ]
    cases.append((figure.photo, dataclasses.replace(pose, points=back), "turned away"))
    faceless = pose.points.copy()
    faceless[INDEX["nose"], 2] = 0.1
    cases.append((figure.photo, dataclasses.replace(pose, points=faceless), "face is turned away"))
    armless = pose.points.copy()
    armless[INDEX["left_shoulder"], 2] = 0.2
    cases.append((figure.photo, dataclasses.replace(pose, points=armless), "left shoulder"))
    for photo, seen, says in cases:
        with pytest.raises(FittingError, match=says):
            prepare(photo, seen)


def test_a_hidden_elbow_is_asked_for_rather_than_guessed(figure: Any, coat: Any) -> None:
    pose = figure.pose()
    pose.points[INDEX["left_elbow"], 2] = 0.2
    with pytest.raises(FittingError, match=r"Layer 1: Not seen well enough in the photo: left elbow"):
        dress(prepare(figure.photo, pose), [Layer(coat[0])])


def test_unreadable_garments_are_refused_with_what_to_do(coat: Any) -> None:
    noise = np.random.default_rng(2).integers(0, 255, (400, 300, 3), dtype=np.uint8)
    with pytest.raises(FittingError, match="background of the garment photo is not plain"):
        cut_out(noise)
    with pytest.raises(FittingError, match="No garment stands out"):
        cut_out(np.full((400, 300, 3), 230, np.uint8))
    with pytest.raises(FittingError, match="at least 128 px"):
        cut_out(np.zeros((90, 300, 3), np.uint8))
    with pytest.raises(FittingError, match="too small"):
        guess_anchors(np.zeros((300, 300), np.float32), "top")
    garment = coat[0]
    with pytest.raises(FittingError, match="Anchors are missing: hem centre"):
        Garment(
            "top",
            garment.picture,
            garment.alpha,
            {k: v for k, v in garment.anchors.items() if k != "hem_centre"},
        )


def test_a_bent_arm_gets_a_sleeve_of_two_pieces_that_neither_fold_nor_stretch(figure: Any, coat: Any) -> None:
    pose = figure.pose()
    shoulder, elbow = (pose.points[INDEX[f"left_{name}"], :2].copy() for name in ("shoulder", "elbow"))
    for wrist in (
        elbow + (elbow - shoulder)[::-1] * (-1, 1),
        shoulder,
    ):  # a right angle, and folded back on itself
        pose.points[INDEX["left_wrist"], :2] = wrist
        worn = dress(prepare(figure.photo, pose), [Layer(coat[0])])[0].worn
        assert worn.folded == 0 and worn.stretch < 1.5
        at_elbow = (np.round(elbow) - (worn.left, worn.top)).astype(int)
        assert worn.alpha[at_elbow[1], at_elbow[0]] > 0.9


def test_anchors_that_change_places_are_refused_before_they_fold_the_cloth(ground: Ground, coat: Any) -> None:
    garment = coat[0]
    swapped = garment.anchors | {
        "sleeve_left_out": garment.anchors["sleeve_left_in"],
        "sleeve_left_in": garment.anchors["sleeve_left_out"],
        "shoulder_left": garment.anchors["armpit_left"],
        "armpit_left": garment.anchors["collar_left"],
    }
    with pytest.raises(FittingError, match=r"Layer 1: The .* would (fold over itself|be stretched too far)"):
        dress(ground, [Layer(dataclasses.replace(garment, anchors=swapped))])


def test_an_empty_outfit_and_sizes_beyond_belief_are_refused(ground: Ground, coat: Any) -> None:
    with pytest.raises(FittingError, match="outfit is empty"):
        dress(ground, [])
    with pytest.raises(FittingError, match="Size must lie between"):
        Layer(coat[0], size=3.0)
