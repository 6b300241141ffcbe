"""A painted frame follows its blockout: edges come from it, the lattice of the latent cells goes, soft light stays."""

from __future__ import annotations

import pytest
import torch

from previs.engine.pocket.following import CELL, blurred, follow
from previs.engine.pocket.pipeline import Sampling
from previs.engine.pocket.weights import PACKAGED

HEIGHT, WIDTH = 96, 160
GIVE = Sampling.read(PACKAGED).give


@pytest.fixture
def guide() -> torch.Tensor:
    """A dark wall left and a bright one right of column 77, the right one nearer."""
    planes = torch.full((1, 4, HEIGHT, WIDTH), -0.4)
    planes[..., 77:] = torch.tensor([0.5, 0.3, 0.1, 0.4]).view(1, 4, 1, 1)
    return planes


def lit(guide: torch.Tensor) -> torch.Tensor:
    """The walls in light that falls off towards the right."""
    falling_off = torch.linspace(0.9, 0.5, WIDTH)
    return (guide[:, :3] + 1) * falling_off - 1


def test_an_edge_that_was_painted_softly_is_as_sharp_as_in_the_blockout(guide):
    true = lit(guide)
    soft = blurred(true, 9)
    sharpened = follow(soft, guide, give=GIVE)
    step = (true[..., 77] - true[..., 76]).mean()
    assert (soft[..., 77] - soft[..., 76]).mean() < 0.2 * step
    assert (sharpened[..., 77] - sharpened[..., 76]).mean() > 0.7 * step


def test_the_lattice_of_the_cells_is_taken_out_and_the_light_is_kept(guide):
    true = lit(guide)
    across = torch.cos(torch.arange(WIDTH) * 2 * torch.pi / CELL)
    down = torch.cos(torch.arange(HEIGHT) * 2 * torch.pi / CELL)[:, None]
    followed = follow(true + 0.1 * across * down, guide, give=GIVE)
    inner = (..., slice(CELL, -CELL), slice(CELL, 60))
    assert (followed - true)[inner].abs().max() < 0.01
    assert (true + 0.1 * across * down - true)[inner].abs().max() > 0.09


def test_a_broad_shadow_that_the_blockout_does_not_have_stays(guide):
    shadowed = lit(guide)
    shadowed[..., 40:96, 90:] -= 0.3
    followed = follow(shadowed, guide, give=GIVE)
    fallen = followed[..., 70, 120] - followed[..., 16, 120]
    assert torch.allclose(fallen, torch.full_like(fallen, -0.3), atol=0.05)


def test_a_frame_that_is_its_blockout_comes_back(guide):
    assert torch.allclose(follow(guide[:, :3], guide, give=GIVE), guide[:, :3], atol=0.04)


def test_a_flat_blockout_leaves_the_light_and_no_nonsense():
    painted = torch.linspace(-0.5, 0.5, WIDTH).expand(1, 3, HEIGHT, WIDTH)
    followed = follow(painted, torch.zeros(1, 4, HEIGHT, WIDTH), give=GIVE)
    assert torch.isfinite(followed).all()
    assert (followed - painted)[..., 20:-20].abs().max() < 0.02
