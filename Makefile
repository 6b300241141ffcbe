# `make run` starts everything; `make help` lists the rest. Paths are relative on purpose: the folder's own
# name may hold spaces. HOST, PORT and STUDIO_FLAGS are passed on to `manage.py studio`.

PY := .venv/bin/python
STUDIO := $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(STUDIO_FLAGS)

.DEFAULT_GOAL := help
.PHONY: help install run seed test lint bench clean

help:
	@echo "make run      install if needed, then start Previs and print its address and the demo accounts"
	@echo "              (PORT=8001 HOST=0.0.0.0 choose where; a second run keeps all data)"
	@echo "make install  create .venv and install everything, nothing else"
	@echo "make seed     make the demo production anew where it is missing"
	@echo "make test     install, linters, and the tests on SQLite and PostgreSQL"
	@echo "make lint     only the linters"
	@echo "make bench    the measurements behind docs/performance.md"
	@echo "make clean    remove .venv and caches; var/, where your data is, stays"

install:
	@bash .ci/install.sh

run: install
	@exec $(PY) manage.py studio --demo $(STUDIO)

seed: install
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py seed_demo

test: install
	@bash .ci/system-packages.sh
	@bash .ci/test.sh

lint: install
	@bash .ci/lint.sh

bench: install
	@for bench in blockout fountain editor stack; do echo "== $$bench"; $(PY) -m tests.bench.bench_$$bench || exit 1; done
	@echo "== grid"; $(PY) -m pytest -q -s tests/bench/bench_grid.py
	@echo "== plot"; $(PY) -m pytest -q -s tests/bench/bench_plot.py
	@echo "== fitting"; $(PY) -m tests.bench.bench_fitting

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache test-artifacts previs.egg-info
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
