#!/usr/bin/env bash
# Every linter, even after one has complained; ends non-zero when any did.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=()
check() { # NAME COMMAND...
    local name="$1" output
    shift
    if output="$("$@" 2>&1)"; then
        echo "ok      $name"
    else
        printf '%s\nFAILED  %s\n' "$output" "$name"
        failed+=("$name")
    fi
}

py=.venv/bin/python
# Throw-away state, so that the linters leave nothing in the checkout and need no service.
PREVIS_HOME="$(mktemp -d)"
export PREVIS_HOME
trap 'rm -rf "$PREVIS_HOME"' EXIT

check "ruff check" "$py" -m ruff check .
check "ruff format" "$py" -m ruff format --check .
check "mypy --strict" "$py" -m mypy
check "import contracts" "$py" -c 'from importlinter.cli import lint_imports_command as main; main()'
check "djlint lint" "$py" -m djlint --lint --quiet templates
check "migrations" "$py" manage.py makemigrations --check --dry-run
check "shell scripts" bash -n .ci/run .ci/install.sh .ci/lint.sh .ci/system-packages.sh .ci/test.sh

if [ ${#failed[@]} -ne 0 ]; then
    echo "Linters failed: ${failed[*]}"
    exit 1
fi
