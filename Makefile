# Every daily action. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Hundreds of processes are started: each would compile all modules anew where somebody forbids keeping them compiled.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^## / {printf "\n%s\n", substr($$0, 4)} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## Running
up: $(VENV)/installed ## Run the whole studio: embedded PostgreSQL and Kafka, and all processes
	$(BIN)/studio up

demo: $(VENV)/installed ## Two story ideas from nothing to a finished foundation, against a running studio
	$(BIN)/studio demo

doctor: $(VENV)/installed ## Say what is wrong with this installation and how to mend it
	$(BIN)/studio doctor

## Changing
test: $(VENV)/installed-dev check ## Every check and every test, on real PostgreSQL, Kafka and processes
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-fast: $(VENV)/installed-dev ## The tests that need no server
	$(BIN)/python -m pytest -q tests/contexts tests/contracts

explore: $(VENV)/installed-dev ## The reference model against the deciders, on commands that nobody has tried yet
	$(BIN)/python -m pytest -q --timeout=1800 --hypothesis-profile=explore tests/contexts/genesis/test_flow_model.py

check: $(VENV)/installed-dev ## Formatting, lint, types, import rules, dead code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

format: $(VENV)/installed-dev ## Format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schemas: $(VENV)/installed-dev ## Generate the machine-readable contracts under schemas/, docs/access.md and docs/acceptance/
	$(BIN)/python -m tools.generate_schemas
	$(BIN)/python -m tools.typescript
	$(BIN)/python -m tools.describe_access
	$(BIN)/python -m tools.acceptance

publish: $(VENV)/installed-dev ## For a release: later changes of the contracts are held to what is there now
	$(BIN)/python -m tools.compatibility --publish

verify: $(VENV)/installed-dev ## Fail when generated files are not current, break what was published, or a pin is vulnerable
	$(BIN)/python -m tools.generate_schemas --check
	$(BIN)/python -m tools.compatibility
	$(BIN)/python -m tools.typescript --check
	$(BIN)/python -m tools.describe_access --check
	$(BIN)/python -m tools.acceptance --check
	$(BIN)/python -m tools.audit --seconds-max 60

audit: $(VENV)/installed-dev ## Known vulnerabilities of every pinned package, but for docs/audit_exceptions.toml
	$(BIN)/python -m tools.audit

chaos: $(VENV)/installed-dev ## Break a studio in every known way, fifty times each, and all tests at full size (hours)
	rm -f docs/faults.json
	$(BIN)/studio chaos --seeds 50 --report docs/faults.json
	$(BIN)/studio chaos nothing kill.any --seeds 50 --workload services.studio.chaos.story_work:WORKLOAD
	$(BIN)/python -m pytest -m long --timeout=3600

bench: $(VENV)/installed-dev ## Measure, each figure beside its limit; JSON and a plot under benchmarks/
	$(BIN)/python -m benchmarks.run

## Housekeeping
lock: ## Pin every dependency by hash
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra install pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra install --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what was installed and generated here; the studio's data in .studio stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Genesis Studio needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.PHONY: help up demo doctor test test-fast explore check format schemas publish verify audit chaos bench lock clean
