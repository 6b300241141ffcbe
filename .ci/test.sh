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

# Beside the first minutes of the other run, which has one process at a time until the browsers come.
on_postgres="$(mktemp)"
trap 'rm -f "$on_postgres"' EXIT
"$py" .ci/postgres.py \
    "$py" -m pytest -q -m "not browser and not bench and not processes" \
    --ignore=tests/engine --ignore=tests/blockout --ignore=tests/bench >"$on_postgres" 2>&1 &
postgres=$!
step "Tests on SQLite" "$py" -m pytest -q --durations=10
wait "$postgres" || status=1
echo "== Tests on PostgreSQL"
cat "$on_postgres"

if [ $status -ne 0 ]; then
    echo "Something above failed."
fi
exit $status
