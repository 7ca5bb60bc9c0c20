# Shopper Spectrum. `make report` turns orders into a report; `make test` tests everything. See README.md.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help report dashboard test quick coverage lint style types js docs clean lowest newest lock programs pytest

DATA ?=
OUT ?= out
ARGS ?=
MODEL ?=
PORT ?= 8866
PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Installs the versions that were tested. If one of them is not available (for a very new Python or a rare
# processor), users get the newest that pyproject.toml allows, with a message; CI fails instead.
install = $(PIP) install --constraint constraints.txt --editable '$(1)' || { test -z "$$CI" && \
  echo "The tested versions can't all be installed here: trying the newest that pyproject.toml allows." && \
  $(PIP) install --editable '$(1)'; }

help:
	@echo "make report [DATA=orders.csv] [OUT=out] [ARGS='--currency £ --dayfirst']  notebook, HTML report, model"
	@echo "make dashboard [MODEL=out/model] [PORT=8866]  the interactive page"
	@echo "make test                                     everything: lint, types, tests, notebooks, browser"
	@echo "make quick                                    lint, types and the tests that are fast, while you work"
	@echo "make docs                                     the documentation, offline, into build/docs"
	@echo "make lint | make js | make clean"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; PYTHON=$(PYTHON) is `$(PYTHON) --version 2>&1`. Say PYTHON=python3.12, say."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python has no venv module: on Debian or Ubuntu, apt install python3-venv."; exit 1; }

# One stamp file for users, one for developers: each is made again when the files it depends on have changed.
INSTALLED_FROM := $(BIN)/python pyproject.toml constraints.txt shopper_widgets/_support/_build_vega.py \
  shopper_widgets/_support/vega_notices.txt

$(VENV)/.installed: $(INSTALLED_FROM)
	@$(call install,.)
	@touch $@

# This has a name because a comma would end the argument of `call`.
DEVELOPERS := .[test,docs]

# Installed in one step: a user's installation before it would build the package twice.
$(VENV)/.installed-test: $(INSTALLED_FROM)
	@$(call install,$(DEVELOPERS))
	@touch $(VENV)/.installed $@

report: $(VENV)/.installed
	$(BIN)/shopper-widgets report $(if $(DATA),"$(DATA)") --out "$(OUT)" $(ARGS)

dashboard: $(VENV)/.installed
	@model="$(MODEL)"; test -n "$$model" || ! test -d "$(OUT)/model" || model="$(OUT)/model"; \
	  $(BIN)/shopper-widgets dashboard $${model:+"$$model"} --port $(PORT)

# Node comes with the developers' Python packages; a lock file has the versions and checksums of its packages.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix tests/js

$(VENV)/.installed-js: $(VENV)/.installed-test tests/js/package.json tests/js/package-lock.json
	@$(NPM) ci --loglevel=error --ignore-scripts
	@touch $@

lint: style types

style: $(VENV)/.installed-js
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(NPM) run --silent lint

types: $(VENV)/.installed-test
	$(BIN)/mypy

# The tests of the page's scripts in Node; their tests in browsers run with the others.
js: $(VENV)/.installed-js
	$(NPM) run --silent test

# -n: a link to a missing name is a warning; -W: warnings are errors; -E: all pages are made again.
docs: $(VENV)/.installed-test
	$(BIN)/python -m sphinx -W -n -E -q docs build/docs
	@echo "The documentation is build/docs/index.html."

programs: $(VENV)/.installed-test
	@$(BIN)/python tests/get_programs.py

# Each worker uses one core: NumPy threads of two workers on the same cores would make both slower.
pytest quick coverage lowest newest: export OMP_NUM_THREADS := 1
PYTEST := python -m pytest --numprocesses $(WORKERS)

# Types are checked while the tests run, which leave part of two cores idle when they wait for a browser.
test: $(VENV)/.installed-js
	@$(MAKE) --no-print-directory --jobs=2 style js programs
	@$(MAKE) --no-print-directory --jobs=2 types pytest

pytest: $(VENV)/.installed-js
	$(BIN)/$(PYTEST)

# Run by hand, since measuring coverage makes the tests take more than half again as long.
coverage: $(VENV)/.installed-test
	$(BIN)/$(PYTEST) --ignore=tests/browser --cov=shopper_widgets --cov-report=term:skip-covered --cov-fail-under=90

quick: lint js
	$(BIN)/$(PYTEST) -m fast

# The lowest and the highest versions that pyproject.toml allows, each tested in an environment of its own;
# PYTHON=python3.13 and the like test another Python.
lowest: RESOLUTION := lowest-direct
# Newer versions have fixed what the oldest ones warn of, so these warnings are no errors.
lowest-only := --ignore=tests/browser -W default::DeprecationWarning -W default::PendingDeprecationWarning \
  -W error::pandas.errors.PandasChangeWarning
newest: RESOLUTION := highest
lowest newest:
	$(PYTHON) -m venv .venv-$@
	.venv-$@/bin/python -m pip --disable-pip-version-check --quiet install uv
	.venv-$@/bin/uv pip install --quiet --python .venv-$@/bin/python --resolution $(RESOLUTION) --editable '$(DEVELOPERS)'
	.venv-$@/bin/$(PYTEST) $($@-only) $(ARGS)

# The newest versions for all supported Pythons, with markers where one version doesn't support all of them.
lock: $(BIN)/python
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --extra test --extra docs \
	  --no-header --no-annotate --output-file constraints.txt pyproject.toml

clean:
	rm -rf $(VENV) .venv-lowest .venv-newest tests/js/node_modules out build dist docs/_made .coverage .hypothesis .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
