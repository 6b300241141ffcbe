"""How the weights of a revision are sampled, and what guided frames start from."""

from __future__ import annotations

from pathlib import Path

import torch

from previs.engine.pocket.conditions import coarse
from previs.engine.pocket.pipeline import Calm, Sampling
from previs.engine.pocket.weights import EARLIER, PACKAGED

CALM = Calm(until=700, tint=0.2, grain=9)


def from_seed(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_packaged_weights_say_how_they_are_sampled_and_the_earliest_do_not(tmp_path: Path) -> None:
    now = Sampling.read(PACKAGED)
    assert now.calm is not None and now.draws_weather and now.coarsens
    assert now.give < 1e-3
    before = Sampling.read(EARLIER / "eb6032941577")
    assert before.give == 1e-2 and not before.coarsens
    assert Sampling.read(EARLIER / "d19ffc271d18") == Sampling.read(tmp_path) == Sampling()


def test_calm_steps_end_before_the_network_expects_detail_from_the_noisy_frame() -> None:
    steps = CALM.timesteps(8, 999)
    assert (int(steps[0]), int(steps[-1]), len(steps)) == (999, 700, 8)
    assert (steps[1:] < steps[:-1]).all()
    assert CALM.timesteps(1, 999).tolist() == [999]


def test_calm_noise_is_little_and_smooth() -> None:
    (noise,) = CALM.noise([from_seed(3)], 18, 32)
    assert noise.shape == (8, 18, 32) and 0.05 < float(noise.std()) < 0.3
    neighbours = (noise[..., 1:] - noise[..., :-1]).abs().mean()
    assert float(neighbours) < 0.35 * float(noise.std())


def test_the_noise_of_a_frame_does_not_depend_on_its_neighbours_in_a_batch() -> None:
    together = CALM.noise([from_seed(3), from_seed(4)], 18, 32)
    alone = CALM.noise([from_seed(4)], 18, 32)
    assert torch.equal(together[1:], alone) and not torch.equal(together[:1], alone)


def test_a_coarser_blockout_keeps_its_large_colours_and_loses_its_shapes() -> None:
    planes = torch.randn(2, 8, 18, 32, generator=from_seed(1)) + torch.linspace(-3, 3, 32)
    assert torch.allclose(coarse(planes, 1.0), planes, atol=1e-5)
    vague, vaguer = coarse(planes, 0.6), coarse(planes, 0.1)
    detail = [float((one[..., 1:] - one[..., :-1]).abs().mean()) for one in (planes, vague, vaguer)]
    assert detail[2] < detail[1] < 0.6 * detail[0]
    assert torch.allclose(vaguer[..., :16].mean(), planes[..., :16].mean(), atol=0.15)
