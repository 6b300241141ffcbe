#!/usr/bin/env bash
# Linters, then the tests twice: all of them on SQLite, and those that touch a database on a real PostgreSQL.
set -uo pipefail
cd "$(dirname "$0")/.."

py=.venv/bin/python
status=0
step() { # TITLE COMMAND...
    echo "== $1 (after ${SECONDS} s)"
    shift
    "$@" || status=1
}

step "Linters" bash .ci/lint.sh

# The two databases beside each other; then what kills processes beside what drives a browser.
on_postgres="$(mktemp)"
trap 'rm -f "$on_postgres"' EXIT
"$py" .ci/postgres.py \
    "$py" -m pytest -q -m "not browser and not bench and not processes" >"$on_postgres" 2>&1 &
postgres=$!
step "Tests on SQLite" "$py" -m pytest -q -n 2 -m "not browser and not processes"
wait "$postgres" || status=1
echo "== Tests on PostgreSQL"
cat "$on_postgres"
step "Tests with processes and browsers" "$py" -m pytest -q -n 2 --dist loadgroup \
    -m "browser or processes" --durations=10

if [ $status -ne 0 ]; then
    echo "Something above failed."
fi
exit $status
