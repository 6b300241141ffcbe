"""The classifiers that judge frames: what they may be asked, and that they can learn it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from previs.blockout.description import Figure, Garment, SceneDescription
from previs.blockout.sampler import sample
from previs.engine.pocket import judge
from previs.engine.pocket.card import scores_table
from previs.engine.pocket.data import HELD_OUT

SCENE, CROQUIS = judge.SUBJECTS["scene"], judge.SUBJECTS["croquis"]


def scene(**changes) -> SceneDescription:
    return SceneDescription(
        **{"place": "street", "people": (Figure(),), "weather": "clear", "shot_size": "WS", **changes}
    )


@pytest.mark.parametrize(
    ("changes", "unasked"),
    [
        ({}, set()),
        ({"shot_size": "CU"}, {"place", "time of day", "weather"}),
        ({"angle": "top"}, {"place", "shot size", "weather"}),
        ({"look": "noir"}, {"place", "time of day"}),
        ({"shot_size": "MS"}, {"place"}),
        ({"angle": "dutch"}, {"place"}),
        ({"damage": "ruined"}, {"place"}),
        ({"weather": "fog"}, {"place"}),
        ({"people": (Figure(pose="lie"),)}, {"shot size"}),
        ({"people": ()}, {"shot size"}),
        ({"place": "kitchen", "interior": True}, {"weather"}),
    ],
)
def test_only_what_a_picture_can_tell_is_asked(changes, unasked):
    asked = judge.asked_of_a_scene(scene(**changes))
    assert {question for question, answer in asked.items() if answer is None} == unasked


def test_a_judge_learns_from_more_than_it_is_asked():
    ruin = scene(shot_size="MS", damage="ruined")
    assert judge.taught_of_a_scene(ruin)["place"] == "street"
    assert SCENE.right([ruin])[0, 0] == judge.UNASKED
    assert SCENE.right([ruin], taught=True)[0, 0] == SCENE.answers["place"].index("street")


def test_a_croquis_is_asked_for_its_outermost_garment_and_no_colour_in_noir():
    worn = (Garment("coat", "rust"), Garment("boots", "black"))
    shown = SceneDescription(domain="croquis", people=(Figure(garments=worn),))
    assert judge.asked_of_a_croquis(shown) == {"garment": "coat", "garment colour": "rust"}
    noir = SceneDescription(domain="croquis", people=(Figure(garments=worn),), look="noir")
    assert judge.asked_of_a_croquis(noir) == {"garment": "coat", "garment colour": None}


def test_every_sampled_croquis_has_an_answer():
    seeds = judge.seeds_of("croquis", 40)
    assert min(seeds) >= judge.FIRST_SEED > HELD_OUT
    right = CROQUIS.right([sample(seed) for seed in seeds])
    assert (right[:, 0] != judge.UNASKED).all()


def test_a_judge_learns_what_is_in_renders_and_is_read_back(tmp_path, monkeypatch):
    pictures, described = judge.renders(CROQUIS, 24, tmp_path)
    right = CROQUIS.right(described)
    assert pictures.shape == (24, 256, 144, 3)
    torch.manual_seed(0)
    trained = judge.Judge(CROQUIS.answers, 16)
    judge.train(trained, pictures, right, epochs=40)
    learnt = judge.shares(judge.hits(trained, pictures, right))["garment"]
    assert learnt["asked"] == 24
    assert learnt["right"] > 2 / len(CROQUIS.answers["garment"])
    judge.keep_judge(trained, "croquis", tmp_path)
    monkeypatch.setattr(judge, "WIDTH", 16)
    again = judge.load_judge("croquis", tmp_path)
    before, after = (judge.hits(one, pictures, right)["garment"] for one in (trained, again))
    assert (before == after).mean() > 0.9, "half precision changes next to nothing"


def test_the_published_judge_reads_places_of_renders_that_nothing_learnt_from():
    fresh = [
        (seed, description)
        for seed, description in ((seed, sample(seed)) for seed in range(19_000_000, 19_000_400))
        if description.domain == "scene" and judge.asked_of_a_scene(description)["place"]
    ][:40]
    shown = np.stack([judge.render_of(seed) for seed, _ in fresh])
    right = judge.SUBJECTS["scene"].right([description for _, description in fresh])
    assert judge.hits(judge.load_judge("scene"), shown, right)["place"].mean() > 0.75


def test_another_light_changes_the_light_of_each_picture_and_nothing_else():
    generator = torch.Generator().manual_seed(3)
    ramp = torch.linspace(-0.9, 0.9, 64).expand(4, 3, 16, 64)
    other = judge.relit(ramp, generator)
    assert other.amin() >= -1
    assert other.amax() <= 1
    assert (other.diff(dim=-1) >= 0).all(), "what was brighter is no darker than its neighbour"
    assert len({round(float(mean), 3) for mean in other.mean((1, 2, 3))}) == 4
    assert judge.disturbed(ramp, generator).shape == ramp.shape


def test_a_judge_that_was_never_trained_says_how_to(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"previs\.engine\.pocket\.judge"):
        judge.load_judge("scene", tmp_path)


def test_the_card_shows_earlier_revisions_beside_this_one_and_gaps_where_nothing_was_asked():
    found = {"asked": 9, "bar": 0.95, "renders": 0.9, "guided_over_renders": 0.97, "text_over_renders": 0.4}
    judged = {"scene": {"place": {"asked": 600, "right": 0.93}}}
    common = {"prompts": 9, "croquis": 4, "judge_on_held_out_renders": judged}
    table = scores_table(
        "new",
        {
            "new": {**common, "questions": {"place": found, "garment": {**found, "bar": None}}},
            "old": {**common, "questions": {"place": {**found, "guided_over_renders": 0.81}}},
        },
    )
    assert "| place | 9 | 0.95 | 0.9 | 0.97 | 0.4 | 0.81 | 0.4 |" in table
    assert "| garment | 9 |  | 0.9 | 0.97 | 0.4 |  |  |" in table
    assert "place 0.93" in table
    assert scores_table("never scored", {}) == ""
