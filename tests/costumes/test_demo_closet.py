"""What the costume department of the demo has planned by the first start."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from costumes.fitting.anchors import guess_anchors
from costumes.fitting.garments import ANCHORS, cut_out
from previs.demo.garment_photos import Flat, garment_photo


@pytest.mark.parametrize(
    ("pattern", "shape"), [("coat", "top"), ("cassock", "top"), ("trousers", "trousers"), ("skirt", "skirt")]
)
def test_a_drawn_garment_can_be_cut_out_and_anchored(pattern, shape):
    photo = Image.open(io.BytesIO(garment_photo(Flat(pattern, (96, 52, 40))))).convert("RGB")
    alpha = cut_out(np.asarray(photo))
    assert 0.2 < float((alpha > 0.5).mean()) < 0.6
    assert guess_anchors(alpha, shape).keys() == set(ANCHORS[shape])


def test_the_same_garment_is_the_same_picture():
    assert garment_photo(Flat("hat", (84, 72, 60))) == garment_photo(Flat("hat", (84, 72, 60)))
    assert garment_photo(Flat("hat", (84, 72, 60))) != garment_photo(Flat("hat", (84, 72, 61)))


@pytest.mark.django_db
def test_the_demo_has_a_closet_outfits_stages_a_period_and_gaps():
    from costumes.models import ChangeStage, GarmentLayer
    from costumes.plot import plot_of
    from costumes.recipe import compile_change
    from previs.demo.seed import seed

    project = seed()
    garments = list(project.garments.select_related("photo"))
    photographed = [garment for garment in garments if garment.shown]
    assert len(photographed) == 16 and len(garments) == 17
    assert {garment.photo.rights for garment in photographed} == {"own"}
    assert all(garment.swatches for garment in photographed)
    assert sum(garment.is_cut for garment in garments) >= 3
    assert GarmentLayer.objects.filter(change__character__project=project).count() == 22
    assert ChangeStage.objects.filter(change__character__project=project).count() == 5
    plot = plot_of(project)
    assert plot.gaps == 4 and plot.changes == 8
    oilskin = project.characters.get(name__startswith="NORA").changes.get(number=1)
    prompt = compile_change(oilskin).prompt
    assert "Yellow oilskin over a navy jumper" in prompt and "Period: 1950s" in prompt
    assert "charcoal work trousers" in prompt, "what the designer's words leave out comes from the closet"
