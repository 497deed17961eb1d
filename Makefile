# `make demo` and `make test` are all that a newcomer needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: demo test check format lock messages screenshots pictures

demo: $(VENV)/.run
	CONVIVE_HOME=$${CONVIVE_HOME:-./var} $(BIN)/convive demo $(ARGS)

test: check
	$(BIN)/pytest -q --doctest-modules src/convive/stats src/convive/warehouse --ignore-glob='*/tests/*'
	# What fails among two busy workers is tried once more, alone; it must pass there.
	$(BIN)/pytest -q -n 2 --dist loadgroup || $(BIN)/pytest -q --last-failed --last-failed-no-failures none

# The fast part, for every few minutes.
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/repository

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Compile the Spanish texts of every room.
messages:
	for po in src/convive/*/locale/es/LC_MESSAGES/django.po; do msgfmt --check-format -o $${po%.po}.mo $$po; done

# The pictures of the README, taken from the served demonstration.
screenshots: $(VENV)/.dev
	CONVIVE_SCREENSHOTS=1 $(BIN)/pytest -q tests/functional/test_screenshots.py

# The pictures of the methods' pages.
pictures: $(VENV)/.dev
	for script in docs/methods/pictures/*.py; do $(BIN)/python $$script; done

# Pinned and hashed; without download addresses.
lock:
	uv pip compile -q pyproject.toml --no-header --generate-hashes --python-version 3.11 --universal --no-emit-index-url -o requirements/run.txt
	uv pip compile -q pyproject.toml --group dev --no-header --generate-hashes --python-version 3.11 --universal --no-emit-index-url -o requirements/dev.txt

$(VENV)/.venv:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: $(VENV)/.venv requirements/build.txt requirements/run.txt
	$(BIN)/python -m pip install -q --require-hashes -r requirements/build.txt -r requirements/run.txt
	$(BIN)/python -m pip install -q --no-build-isolation --no-deps -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt
	touch $@
