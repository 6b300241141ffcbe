"""Training on the steps that a guided frame goes through."""

from __future__ import annotations

import pytest
import torch

from previs.engine.pocket.batches import Batch
from previs.engine.pocket.conditions import CONDITION, LATENT
from previs.engine.pocket.pipeline import Calm
from previs.engine.pocket.rehearse import Rehearsal
from previs.engine.pocket.train import Trainer

CALM = Calm(until=700, tint=0.2, grain=4)
COUNT = 6


@pytest.fixture(scope="module")
def trainer(tmp_path_factory) -> Trainer:
    trainer = Trainer(tmp_path_factory.mktemp("run"), seed=1)
    trainer.rehearsal = Rehearsal(CALM, 1.0, torch.linspace(4, 1, LATENT))
    return trainer


def batch(follows: list[bool]) -> Batch:
    drawn = torch.Generator().manual_seed(2)
    size = (len(follows), LATENT, 4, 8)
    return Batch(
        torch.randn(size, generator=drawn),
        torch.randn(len(follows), CONDITION, 4, 8, generator=drawn),
        ["ext street night fog"] * len(follows),
        torch.tensor(follows),
    )


def test_only_frames_that_follow_their_blockout_are_rehearsed(trainer):
    given = batch([True, False] * 3)
    assert trainer.rehearsal.rows(given, torch.Generator()).tolist() == [True, False] * 3


def test_the_right_word_at_any_step_is_the_finished_frame(trainer):
    given = batch([True] * COUNT)
    shown = trainer.rehearsed(given, given.follows, torch.Generator().manual_seed(4))
    share = trainer.signal[shown.timesteps].view(-1, 1, 1, 1)
    said = share.sqrt() * shown.noisy - (1 - share).sqrt() * shown.velocity
    assert torch.allclose(said, given.latents, atol=1e-4)
    assert shown.timesteps.min() >= CALM.until
    assert shown.timesteps.max() == len(trainer.signal) - 1


def test_the_first_step_is_shown_nothing_of_the_frame(trainer):
    given = batch([True] * COUNT)
    shown, other = (
        trainer.rehearsed(
            Batch(latents, given.planes, given.captions, given.follows),
            given.follows,
            torch.Generator().manual_seed(4),
        )
        for latents in (given.latents, -given.latents)
    )
    assert torch.equal(shown.noisy, other.noisy), (
        "neither does a later one: it goes on from the network's own word"
    )
    assert not torch.equal(shown.velocity, other.velocity)


def test_a_step_of_training_learns_from_rehearsed_and_other_frames_alike(trainer):
    given = batch([True, False, True, False])
    before = [parameter.detach().clone() for parameter in trainer.networks["unet"].parameters()]
    losses = [trainer.train_step(given, 0.0) for _ in range(3)]
    assert all(loss > 0 for loss in losses)
    assert any(
        not torch.equal(old, new)
        for old, new in zip(before, trainer.networks["unet"].parameters(), strict=True)
    )


def test_training_in_bfloat16_says_about_the_same_and_keeps_its_weights_whole(trainer, tmp_path):
    quick = Trainer(tmp_path, seed=1, bfloat16=True)
    quick.networks.load_state_dict(trainer.networks.state_dict())
    quick.average.load_state_dict(trainer.average.state_dict())
    quick.rehearsal = trainer.rehearsal
    given = batch([True, True, False, False])
    timesteps, noise = torch.full((4,), 500), torch.ones(given.latents.shape)
    said, quickly = (
        one.losses(one.networks, given, one.noised(given, timesteps, noise)) for one in (trainer, quick)
    )
    assert torch.allclose(said, quickly, rtol=0.03)
    assert quick.train_step(given, 0.0) > 0
    assert {parameter.dtype for parameter in quick.networks.parameters()} == {torch.float32}
