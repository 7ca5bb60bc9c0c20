# Shopper Spectrum. `make report` turns orders into a report; `make test` proves the whole. See README.md.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help report dashboard test lint clean lowest lock browser

DATA ?=
OUT ?= out
ARGS ?=
MODEL ?= $(wildcard $(OUT)/model)
PORT ?= 8866
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# CI installs the versions that were tested; whoever has none of them gets the ranges of pyproject.toml.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help:
	@echo "make report [DATA=orders.csv] [OUT=out] [ARGS='--currency £ --dayfirst']  notebook, HTML report, model"
	@echo "make dashboard [MODEL=out/model] [PORT=8866]  the interactive page"
	@echo "make test                                     everything: lint, types, tests, notebooks, browser"
	@echo "make lint | make clean"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; PYTHON=$(PYTHON) is `$(PYTHON) --version 2>&1`. Say PYTHON=python3.12, say."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python has no venv module: on Debian or Ubuntu, apt install python3-venv."; exit 1; }

# One stamp for users, one for developers: each is made again when what it installs has changed.
INSTALLED_FROM := $(BIN)/python pyproject.toml constraints.txt shopper_widgets/panels/_build_vega.py

$(VENV)/.installed: $(INSTALLED_FROM)
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

# At one go: a user's installation first would build the package twice.
$(VENV)/.installed-test: $(INSTALLED_FROM)
	$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $(VENV)/.installed $@

report: $(VENV)/.installed
	$(BIN)/shopper-widgets report $(if $(DATA),"$(DATA)") --out "$(OUT)" $(ARGS)

dashboard: $(VENV)/.installed
	$(BIN)/shopper-widgets dashboard $(if $(MODEL),"$(MODEL)") --port $(PORT)

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

browser: $(VENV)/.installed-test
	@$(BIN)/python tests/browser/get_chromium.py

test: lint browser
	$(BIN)/python -m pytest --cov=shopper_widgets --cov-report=term:skip-covered --cov-fail-under=90

# The lower bounds of pyproject.toml, installed and tested in an environment of their own.
lowest:
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip --disable-pip-version-check --quiet install uv
	.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct --editable '.[test]'
	.venv-lowest/bin/python -m pytest --ignore=tests/browser

# The versions of a fresh environment, for CI and for whoever wants what was tested.
lock:
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(PIP) install 'duckdb<2' --editable '.[test]'  # 2.0 writes pages of noise when Python ends
	$(PIP) freeze --exclude-editable > constraints.txt

clean:
	rm -rf $(VENV) .venv-lowest out build dist .coverage .hypothesis .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
