"""The shape of the program, as tests: what may load what, and who may write what."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("previs", "sets", "costumes")
HEAVY = (
    "torch",
    "diffusers",
    "transformers",
    "numba",
    "accelerate",
    "safetensors",
    "ai_edge_litert",
    "fpdf",
    "numpy",
)
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "constraints.txt",
    "costumes",
    "docs",
    "manage.py",
    "previs",
    "pyproject.toml",
    "sets",
    "static",
    "templates",
    "tests",
}
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def loaded_after(statements: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after these statements."""
    program = (
        f"{statements}\nimport json, sys\nprint(json.dumps(sorted({{n.split('.')[0] for n in sys.modules}})))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))


def test_the_web_process_loads_no_deep_learning_and_no_compiler() -> None:
    loaded = loaded_after(
        "import previs.asgi\nfrom django.urls import get_resolver\nget_resolver().url_patterns"
    )
    assert "django" in loaded
    assert not loaded & set(HEAVY)


def test_a_celery_worker_loads_no_deep_learning_before_its_first_frame() -> None:
    loaded = loaded_after("from previs.celery import app\napp.loader.import_default_modules()")
    assert "celery" in loaded
    assert not loaded & set(HEAVY)


def test_the_engine_and_the_blockout_load_no_web_framework() -> None:
    loaded = loaded_after(
        "import previs.engine.port, previs.engine.request, previs.engine.loading, previs.engine.catalogue\n"
        "import previs.engine.scripted, previs.blockout.description"
    )
    assert not loaded & {"django", "celery", "channels", "kombu", "redis"}


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", ["engine", "blockout"])
def test_no_module_of_the_engine_or_the_blockout_names_the_web(package: str) -> None:
    paths = list((ROOT / "previs" / package).rglob("*.py"))
    assert paths
    for path in paths:
        assert not imports_of(path) & {"django", "celery", "channels"}, path


def state_writes(tree: ast.AST) -> list[int]:
    """Lines that assign `.state`, or pass `state=` to a call that writes rows."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            lines += [t.lineno for t in targets if isinstance(t, ast.Attribute) and t.attr == "state"]
        elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            keywords = {keyword.arg for keyword in node.keywords}
            if name in WRITES | {"Job"} and "state" in keywords:
                lines.append(node.lineno)
    return lines


def test_only_the_queue_writes_the_state_of_a_job() -> None:
    # Frames have a state too; `previs.review` withdraws them, and nothing there knows how jobs run.
    writers = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := state_writes(ast.parse(path.read_text()))) and "JobState" in path.read_text()
    }
    assert set(writers) == {"previs/generation/queue.py"}
    assert len(writers["previs/generation/queue.py"]) >= 3


def test_the_search_for_state_writes_finds_every_way_to_write_one() -> None:
    ways = [
        "job.state = 'done'",
        "job.state: str = 'done'",
        "Job(state='done')",
        "Job.objects.filter(pk=1).update(state='done')",
        "Job.objects.create(state='done')",
    ]
    for way in ways:
        assert state_writes(ast.parse(way)), way
    assert not state_writes(ast.parse("Job.objects.filter(state='queued').exists()"))


def test_views_and_the_socket_write_no_rows_themselves() -> None:
    readers = [path for path in modules() if path.name in ("views.py", "live.py", "cards.py", "files.py")]
    assert len(readers) >= 10
    for path in readers:
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            # `hashlib.update`, `dict.update` and the like have no manager or row behind them in a view.
            assert node.func.attr not in WRITES, f"{path}:{node.lineno} calls .{node.func.attr}()"


def test_view_functions_stay_short() -> None:
    for path in modules():
        if path.name != "views.py":
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and any(
                "require" in ast.unparse(d) for d in node.decorator_list
            ):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 30, f"{path.relative_to(ROOT)}: {node.name} has {length} lines"


def test_the_import_order_holds() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_top_level_holds_what_the_project_names_and_no_stray_file() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a clone: there is nothing that says which files belong to the project")
    top = {line.split("/")[0].strip('"') for line in listed.stdout.splitlines()}
    assert top <= TOP_LEVEL, f"not part of the project: {sorted(top - TOP_LEVEL)[:5]}"
