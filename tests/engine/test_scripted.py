"""The scripted double does what its prompt says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from previs.engine.port import EngineError
from previs.engine.request import FrameRequest
from previs.engine.scripted import ScriptedEngine

Ask = Callable[..., FrameRequest]


@pytest.mark.parametrize(("word", "says"), [("[fail]", "script says fail"), ("[oom]", "out of memory")])
def test_a_failing_word_ends_the_render_after_one_step(ask: Ask, word: str, says: str) -> None:
    seen: list[int] = []
    with pytest.raises(EngineError, match=says) as failed:
        ScriptedEngine().render(
            [ask("scripted", prompt=f"a street {word}")], lambda step: seen.append(step.number)
        )
    assert failed.value.permanent
    assert seen == [1]


def test_fail_once_fails_once_and_in_passing(ask: Ask) -> None:
    engine, request = ScriptedEngine(), ask("scripted", prompt="a street [fail once]")
    with pytest.raises(EngineError) as failed:
        engine.render([request], lambda step: None)
    assert not failed.value.permanent
    assert len(engine.render([request], lambda step: None)) == 1


def test_a_slow_word_waits_at_every_step(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("previs.engine.scripted.time.sleep", waits.append)
    ScriptedEngine().render([ask("scripted", prompt="a street [slow]", steps=2)], lambda step: None)
    ScriptedEngine().render([ask("scripted", prompt="a street [40 ms]", steps=2)], lambda step: None)
    assert waits == [0.5, 0.5, 0.04, 0.04]
