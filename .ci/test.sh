#!/usr/bin/env bash
# Linters, then the tests twice: all of them on SQLite, and those that touch a database on a real PostgreSQL.
set -uo pipefail
cd "$(dirname "$0")/.."

py=.venv/bin/python
status=0
step() { # TITLE COMMAND...
    echo "== $1"
    shift
    "$@" || status=1
}

step "Linters" bash .ci/lint.sh
step "Tests on SQLite" "$py" -m pytest -q --durations=10
step "Tests on PostgreSQL" "$py" .ci/postgres.py \
    "$py" -m pytest -q -m "not browser and not bench and not processes" \
    --ignore=tests/engine --ignore=tests/blockout --ignore=tests/bench

if [ $status -ne 0 ]; then
    echo "Something above failed."
fi
exit $status
