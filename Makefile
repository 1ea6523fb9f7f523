# Everything runs in a virtual environment of its own; Python 3.11+ with pip and make is enough.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Twice as many as cores: the tests wait for processes and sockets as much as they compute.
WORKERS ?= $$(( $$(getconf _NPROCESSORS_ONLN) * 2 ))
# pip reads dependency groups itself only in new versions; this reads them anywhere.
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev

.DEFAULT_GOAL := help

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(READY): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(READY_DEV): $(READY) scripts/dev_requirements.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --upgrade pip
	$(BIN)/python scripts/dev_requirements.py > $(VENV)/dev-requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		-r $(VENV)/dev-requirements.txt -e .
	@touch $@

.PHONY: demo
demo: $(READY) ## validate, plan, apply, plan again, and see a push arrive, in the embedded sandbox
	@PATH="$(abspath $(BIN)):$$PATH" sh scripts/demo.sh

.PHONY: test
test: $(READY_DEV) lint ## everything that has to hold before a merge (under 4 minutes)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow"

.PHONY: systems
systems: $(READY_DEV) ## the tests that run on Windows, without what Windows lacks
	$(BIN)/python -m pytest -n $(WORKERS) -p tests.without_posix @tests/portable.txt

CLIENTS := tests/acceptance/sandbox/node/package.json

.PHONY: clients
clients: $(VENV)/node/.ready ## the vendor's clients for Node, which tests of the sandbox run; needs npm

$(VENV)/node/.ready: $(CLIENTS) | $(BIN)/python
	@mkdir -p $(@D)
	cp $(CLIENTS) $(@D)
	npm install --prefix $(@D) --no-package-lock --ignore-scripts --no-audit --no-fund --silent
	@touch $@

.PHONY: lint
lint: $(READY_DEV) ## style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

.PHONY: fmt
fmt: $(READY_DEV) ## format the code
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

.PHONY: golden
golden: $(READY_DEV) ## write the golden files and generated pages anew
	$(BIN)/python -m pytest -q tests/acceptance/golden tests/project tests/unit/lint \
		tests/unit/manifest/test_defects.py --update-golden

.PHONY: pictures
pictures: $(READY_DEV) ## take the pictures of docs/images anew; needs Chromium
	$(BIN)/python -m tests.acceptance.pages

.PHONY: prove
prove: $(READY_DEV) ## the longer proofs: all tests, every fault at every effect, 1,000 SIGKILLs
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
	$(BIN)/python -m tests.faults

.PHONY: team
team: $(READY_DEV) ## ten people, a hundred edits each, on every engine of the state; takes hours
	$(BIN)/python -m tests.team

.PHONY: fuzz
fuzz: $(READY_DEV) ## a million odd inputs to all that is read: no crash, nothing over 5 s or 300 MB
	$(BIN)/python -m tests.fuzz

.PHONY: bench
bench: $(READY_DEV) ## what commands, the state, schedules and the sandbox cost, beside others
	$(BIN)/python -m tests.bench

.PHONY: docs
docs: $(READY_DEV) ## build the site of the documentation into build/site
	$(BIN)/zensical build --strict --clean
	mkdir -p build/site/schemas
	cp schemas/*.json build/site/schemas

.PHONY: wheel
wheel: $(READY_DEV) ## build the wheel and test it outside this tree
	sh scripts/test_wheel.sh $(abspath $(BIN))/python

.PHONY: clean
clean: ## remove what was built
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -not -path './$(VENV)/*' -exec rm -rf {} +
