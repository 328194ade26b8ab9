PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# Written last, so a setup that was killed is done again; named for this folder, so a copied or moved one is too.
READY := .venv/ready-$(shell pwd | cksum | cut -d ' ' -f 1)
T ?= tests

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench pictures clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Create .venv with the exact versions of constraints.txt

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

run: setup ## Start a database, load a demonstration district, serve on 127.0.0.1:8000
	$(BIN)/wangge demo

test: setup ## Run every test; T=tests/unit narrows
	$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist loadfile $(T)

lint: setup ## Check style, formatting, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## Measure against the baselines; table on screen, figures in bench.json
	$(BIN)/python -m tests.bench

pictures: setup ## Look at the pages in a browser and take the README's pictures anew
	REQUIRE_BROWSER=yes $(BIN)/python -m pytest -n auto --maxprocesses=4 --dist loadfile tests/browser
	cp build/pictures/work-report-phone.png build/pictures/board-desk.png build/pictures/audit-film-desk.png docs/pictures/

clean: ## Remove .venv, caches and build products; never the data in var/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
