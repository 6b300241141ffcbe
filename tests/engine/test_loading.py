"""From a model id to an engine: what is refused before anything is loaded, and what stays light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from previs.engine.loading import load_engine
from previs.engine.port import EngineError
from previs.engine.scripted import ScriptedEngine


def test_an_unknown_model_is_refused_with_what_is_installed(models_home: Path) -> None:
    with pytest.raises(EngineError, match=r"There is no model 'dream-9'.*tiny-flux, tiny-klein") as refused:
        load_engine("dream-9", models_home=models_home)
    assert refused.value.permanent


def test_a_model_of_the_catalogue_that_is_not_installed_is_refused(models_home: Path) -> None:
    with pytest.raises(EngineError, match=r"in the catalogue but not installed.*models add"):
        load_engine("sdxl-1.0", models_home=models_home)


def test_a_changed_weight_file_is_refused_by_name_before_anything_is_loaded(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffusers import StableDiffusionPipeline

    monkeypatch.setattr(
        StableDiffusionPipeline,
        "from_pretrained",
        lambda *_, **__: pytest.fail("It loaded the changed weights."),
    )
    weights = next((own_home / "tiny-sd" / "unet").glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(EngineError, match=f"unet/{weights.name} is changed") as refused:
        load_engine("tiny-sd", models_home=own_home)
    assert refused.value.permanent


def test_a_file_slipped_into_the_folder_is_refused(own_home: Path) -> None:
    (own_home / "tiny-sd" / "unet" / "extra.json").write_text("{}")
    with pytest.raises(EngineError, match=r"unet/extra\.json is not in the record"):
        load_engine("tiny-sd", models_home=own_home)


def test_the_scripted_double_loads_only_where_it_is_allowed(models_home: Path) -> None:
    assert isinstance(load_engine("scripted", models_home=models_home, allow_scripted=True), ScriptedEngine)
    with pytest.raises(EngineError, match="There is no model 'scripted'"):
        load_engine("scripted", models_home=models_home)


def test_what_web_processes_import_pulls_in_no_torch() -> None:
    script = (
        "import sys, previs.engine, previs.engine.request, previs.engine.port, previs.engine.cards\n"
        "import previs.engine.catalogue, previs.engine.loading, previs.engine.scripted\n"
        "previs.engine.catalogue.load_cards()\n"
        "heavy = {'torch', 'diffusers', 'transformers', 'django', 'celery'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
