"""Former weights stay, so that what was made with them can be made again."""

from __future__ import annotations

import pytest

from previs.engine.loading import load_engine
from previs.engine.pocket.weights import EARLIER, PACKAGED, Manifest, folder_of
from previs.engine.request import FrameRequest

REVISIONS = sorted(folder.name for folder in EARLIER.iterdir())


def test_there_is_a_former_version_and_it_is_not_the_present_one():
    assert REVISIONS and Manifest.read(PACKAGED).revision not in REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_former_version_is_whole_and_renders_under_its_own_name(revision, tmp_path):
    manifest = Manifest.read(folder_of(revision))
    manifest.verify(folder_of(revision))
    assert manifest.revision == revision
    engine = load_engine("pocket", models_home=tmp_path, threads=1, revision=revision)
    request = FrameRequest(prompt="INT. BAR - NIGHT", model="pocket", seed=5, width=256, height=144, steps=1)
    (frame,) = engine.render([request], lambda step: None)
    facts = engine.facts()
    assert (facts.revision, facts.digests) == (revision, manifest.digests)
    present = load_engine("pocket", models_home=tmp_path, threads=1).render([request], lambda step: None)[0]
    assert frame.picture.size == present.picture.size
    assert frame.picture.tobytes() != present.picture.tobytes()


def test_a_revision_that_is_not_kept_is_made_with_the_present_weights():
    assert folder_of("0123456789ab") == folder_of("") == PACKAGED
