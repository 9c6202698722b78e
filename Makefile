# Everything a newcomer or CI needs; a target calls a command and holds no logic.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check bench docs requirements clean

PYTHON ?= python3
BIN := .venv/bin
DATA ?=
PORT ?= 8501

export DUANLIAN_CACHE ?= $(CURDIR)/.cache
export NUMBA_CACHE_DIR ?= $(CURDIR)/.cache/numba
export UV_CACHE_DIR ?= $(CURDIR)/.cache/uv
export PYTHONPATH := $(CURDIR)

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

.venv/.made: requirements-setup.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --require-hashes -r requirements-setup.txt
	@touch $@

.venv/.ready: .venv/.made requirements.txt
	$(BIN)/uv pip install -q --system-certs --python $(BIN)/python --require-hashes -r requirements.txt \
	  || $(BIN)/python -m pip install -q --require-hashes -r requirements.txt
	@touch $@

.venv/.ready-dev: .venv/.ready requirements-dev.txt
	$(BIN)/uv pip install -q --system-certs --python $(BIN)/python --require-hashes -r requirements-dev.txt \
	  || $(BIN)/python -m pip install -q --require-hashes -r requirements-dev.txt
	@touch $@

setup: .venv/.ready ## install everything the app needs into .venv and .cache of this checkout
	$(BIN)/python -m ui.canvas.build
	$(BIN)/python -m ingest.guard.kernels
	$(BIN)/python -m funds.compiled

setup-dev: setup .venv/.ready-dev ## the same and the tools of tests and checks
	$(BIN)/python -m tests.chromium

run: setup ## make sample data (or take DATA=path), load, detect, start Neo4j, open the app on 127.0.0.1
	$(BIN)/python -m ui.launch --port $(PORT) $(if $(DATA),--data "$(DATA)")

test: setup-dev ## run every test, those against a real Neo4j and a real browser included
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup-dev ## ruff, mypy, layers and freshness of generated pages
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/architecture -q

bench: setup-dev ## measure what docs/measured.md states (minutes)
	$(BIN)/python -m bench

docs: setup ## write the generated pages again
	$(BIN)/python -m graph.schema.page > docs/schema.md
	$(BIN)/python -m detect.library

requirements: setup-dev ## compile requirements*.txt with hashes from requirements*.in
	for name in requirements-setup requirements requirements-dev; do $(BIN)/uv pip compile -q --generate-hashes --universal \
	  --python-version 3.11 --no-emit-index-url --no-header --no-annotate $$name.in -o $$name.txt || exit 1; done

clean: ## remove what setup and tests made; var/ (your data) stays
	rm -rf .venv .cache build test-artifacts ui/canvas/node_modules ui/canvas/duanlian_canvas/frontend/dist
