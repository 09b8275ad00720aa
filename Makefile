.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMPS := .make

.PHONY: help run test lint types unit browser screenshots clean

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: $(STAMPS)/app ## Set everything up and start the dashboard on the embedded SQLite database
	@$(BIN)/healing dashboard

test: lint unit ## Lint, types and every test, with the databases and the browser that they need

lint: $(STAMPS)/dev ## Formatting, ruff and mypy --strict over everything
	@$(BIN)/ruff format --check --quiet . || { echo "ruff format: run '$(BIN)/ruff format .'"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy

unit: $(STAMPS)/dev browser
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term-missing:skip-covered -q

browser: $(STAMPS)/dev
	@$(BIN)/python -m tests.browser.chromium

screenshots: $(STAMPS)/dev browser ## Make the pictures of docs/images anew from a running demo
	@$(BIN)/python -m docs.screenshots

clean: ## Remove the environment and everything that was made
	rm -rf $(VENV) $(STAMPS) dist build .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(STAMPS)/venv:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found: install Python 3.11 or newer, or run 'make PYTHON=/path/to/python3'"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Healing needs Python 3.11 or newer, this is $$($(PYTHON) --version); run 'make PYTHON=python3.11'"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: on Debian run 'apt-get install python3-venv'"; exit 1; }
	@echo "Creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/app: $(STAMPS)/venv requirements.txt pyproject.toml
	@echo "Installing the dashboard (about a minute, once)"
	@$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

$(STAMPS)/dev: $(STAMPS)/venv requirements.txt pyproject.toml
	@echo "Installing what the tests need (about a minute, once)"
	@$(BIN)/python -m pip install --quiet --requirement requirements.txt --editable '.[dev]'
	@touch $@ $(STAMPS)/app
