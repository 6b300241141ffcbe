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

# Threads that wait must sleep: more processes run here than there are cores.
export OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0

# The renderer's kernels are compiled once, beside the linters, and not by every process that needs them.
"$py" -c 'from previs.blockout.render import render; from previs.blockout.sampler import sample
for seed in range(16): render(sample(seed), seed=seed, width=256, height=144, samples=1 + seed % 2, threads=1, shapes=True)' &
kernels=$!
step "Linters" bash .ci/lint.sh
wait "$kernels" || status=1

# The two databases beside each other; then what kills processes beside what drives a browser.
on_postgres="$(mktemp)"
trap 'rm -f "$on_postgres"' EXIT
"$py" .ci/postgres.py \
    "$py" -m pytest -q -m "not browser and not bench and not processes and not pictures" --durations=25 >"$on_postgres" 2>&1 &
postgres=$!
step "Tests on SQLite" "$py" -m pytest -q -n 2 -m "not browser and not processes" --durations=25
wait "$postgres" || status=1
echo "== Tests on PostgreSQL"
cat "$on_postgres"
step "Tests with processes and browsers" "$py" -m pytest -q -n 2 --dist loadgroup \
    -m "browser or processes" --durations=10

if [ $status -ne 0 ]; then
    echo "Something above failed."
fi
exit $status
