"""The fitting stands alone: no web framework, and no model is loaded before somebody looks at a picture."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_fitting_loads_neither_the_web_nor_the_models() -> None:
    program = (
        "import costumes.fitting.repaint, costumes.fitting.report, costumes.fitting.anchors, previs.engine.eyes\n"
        "import sys, json\nprint(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(ran.stdout))
    assert "numpy" in loaded
    assert not loaded & {"django", "celery", "channels", "ai_edge_litert", "torch", "scipy"}


def test_no_module_of_the_fitting_names_the_web() -> None:
    paths = list((ROOT / "costumes" / "fitting").glob("*.py"))
    assert len(paths) > 8
    for path in paths:
        tree = ast.parse(path.read_text())
        named = {
            node.module.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
        }
        assert not named & {"django", "celery", "channels"}, path
        assert len(path.read_text().splitlines()) < 300, path
