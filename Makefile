# The names that people, hooks and CI use. `make` alone lists them.
# Stamp files under .make/ say what is already done, so that a target costs nothing when nothing has changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.venv/bin:$(PATH)

RUN := .venv/bin/python
# A report a suite is written only when `make test` asks for them.
PYTEST = $(RUN) -m pytest $(if $(REPORTS),--junitxml=$(REPORTS)/$@.xml)
MEMBERS := $(patsubst %/pyproject.toml,%,$(wildcard libs/*/pyproject.toml services/*/pyproject.toml)) standalone tools
SERVICES := $(notdir $(patsubst %/pyproject.toml,%,$(wildcard services/*/pyproject.toml)))
# en-XA.json is written by every build.
WEB_SOURCES = $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -name en-XA.json 2>/dev/null)

.PHONY: help
help: ## List these targets
	@awk 'BEGIN { FS = ":.*## " } /^## / { printf "\n%s\n", substr($$0, 4) } /^[a-z0-9-]+:.*## / { printf "  \033[1m%-22s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Set up

.PHONY: setup web
setup: .make/setup ## Make .venv with everything pinned (PYTHON=<path> chooses the interpreter, 3.11 to 3.13)
web: .make/web ## Build the web application into web/dist, with the environment's own node

.make/venv: tools/make/find-python.sh
	@mkdir -p .make
	test -x $(RUN) || "$$(PYTHON='$(PYTHON)' tools/make/find-python.sh)" -m venv .venv
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .make/uv.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r .make/uv.lock
	@touch $@

.make/setup: .make/venv requirements.lock $(addsuffix /pyproject.toml,$(MEMBERS))
	uv pip sync --quiet --require-hashes requirements.lock
	uv pip install --quiet --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS))
	@touch $@

.make/npm: .make/setup web/package.json web/package-lock.json
	npm --prefix web ci --no-audit --no-fund --loglevel=error
	@touch $@

.make/web: .make/npm $(WEB_SOURCES)
	npm --prefix web run build --silent
	@touch $@

## Run

.PHONY: run run-distributed engines-up engines-down
run: setup web ## Everything in one process over SQLite, with a demo district: prints the address to open
	$(RUN) -m waymark.standalone run $(ARGS)
run-distributed: setup web ## Every service a process of its own, over Kafka and MongoDB, behind one address
	$(RUN) -m waymark.standalone.distributed $(ARGS)
engines-up: setup ## Start a Kafka broker and a MongoDB for tests and run-distributed
	$(RUN) -m waymark.tools.engines up
engines-down: setup ## Stop what engines-up started
	$(RUN) -m waymark.tools.engines down

## Check

.PHONY: fmt lint types contracts lock lock-check
fmt: setup ## Format the Python code and apply the safe fixes
	ruff check --fix-only --quiet .
	ruff format .
lint: setup ## ruff, codespell and the house rules (tests/unit/repository)
	ruff check .
	ruff format --check .
	codespell
	$(PYTEST) -q tests/unit/repository
types: setup ## pyright: strict for libs/ and every domain/, basic elsewhere
	pyright
contracts: setup ## import-linter: which package may import which
	lint-imports --no-logo --cache-dir .import_linter_cache
lock: .make/venv ## Write requirements.lock from the pyproject files, keeping its pins (UPGRADE=1: the newest)
	tools/make/lock.sh
lock-check: .make/venv ## Fail when requirements.lock is not what the pyproject files ask for
	@cp requirements.lock .make/lock-check.lock
	@tools/make/lock.sh .make/lock-check.lock
	@diff -u requirements.lock .make/lock-check.lock || { echo "requirements.lock is stale: make lock" >&2; exit 1; }

## Test

.PHONY: test test-fast test-contract test-proofs test-faults test-integration test-authz test-hostile test-e2e test-e2e-distributed test-campaign campaign test-browser test-web mutants test-pythons
test: setup ## Everything that this machine can run; ends with what it skipped and how to enable it
	@$(RUN) tools/make/everything.py
test-fast: setup ## Pure functions and embedded adapters: no server, under a minute
	$(PYTEST) tests/unit -n auto --dist loadfile $(ARGS)
test-contract: setup ## Every port's behaviour suite against every adapter
	$(PYTEST) tests/contract $(ARGS)
test-proofs: setup ## Each property of the engine as it is, and failing with each broken variant; ends with the table
	$(PYTEST) tests/proofs $(ARGS)
test-faults: setup ## Killed at every named point; engines that die, fill up or are stopped; poison (WAYMARK_FAULTS=long: at full length)
	$(PYTEST) tests/faults -n 2 --dist loadfile $(ARGS)
test-integration: setup ## Services with their real stores and feeds
	$(PYTEST) tests/integration $(ARGS)
test-authz: setup ## Role x endpoint x ownership, from the OpenAPI documents
	$(PYTEST) tests/authz $(ARGS)
test-hostile: setup ## Bad input on every route: schemathesis and hypothesis (WAYMARK_SEED=<n> for other examples)
	$(PYTEST) tests/hostile $(ARGS)
test-e2e: setup ## The whole house over HTTP, in one process
	$(PYTEST) tests/e2e --mode=standalone -m "not browser" $(ARGS)
test-e2e-distributed: setup ## The same suite, every service a process, over Kafka and MongoDB
	$(PYTEST) tests/e2e --mode=distributed -m "not browser" $(ARGS)
test-campaign: setup ## Fifty random kills under load, and the history of it checked (WAYMARK_SEED=<n> for other moments)
	$(PYTEST) tests/campaign $(ARGS)
campaign: setup ## The long form: ARGS='--mode standalone --seed 7 --kills 800 --resume <folder>', or '--replay <history>'
	$(RUN) -m tests.campaign $(ARGS)
test-browser: setup web ## The screens in Chromium, by role and label, with axe
	$(PYTEST) tests/browser $(ARGS)
test-web: .make/npm ## The web application's own: types, eslint, vitest
	npm --prefix web run --silent check -- $(if $(REPORTS),--reporter=default --reporter=junit --outputFile.junit=$(CURDIR)/$(REPORTS)/$@.xml)
mutants: setup ## Which wrong lines of the pure code no test notices: a sample (ARGS="--minutes 20 --seed 7")
	$(RUN) tools/make/mutants.py $(ARGS)
test-pythons: setup ## The fast tests on Python 3.11, 3.12 and 3.13, as far as they are there
	@$(RUN) tools/make/pythons.py $(REPORTS)

## Generate

.PHONY: openapi client catalogue screenshots bench bench-full bench-district
openapi: setup ## services/*/openapi.json from the code
	for service in $(SERVICES); do $(RUN) -m waymark.$$service openapi > .make/openapi.json && mv .make/openapi.json services/$$service/openapi.json; done
client: .make/npm ## web/src/client from services/*/openapi.json
	npm --prefix web run --silent client
catalogue: setup ## docs/events and the JSON Schemas from the event catalogue
	$(RUN) -m waymark.events.catalogue
screenshots: setup web ## Each page, light and dark, desktop and phone, into screenshots/
	$(RUN) -m tests.browser.screenshots
bench: setup ## The engine against its field and its limits, short: rewrites the tables of docs/benchmarks.md (ROWS=1,2: prints those)
	$(RUN) -m bench $(if $(ROWS),--rows $(ROWS),--write)
bench-full: setup ## The same, long
	$(RUN) -m bench --full $(if $(ROWS),--rows $(ROWS),--write)
bench-district: setup ## Generate and import the reference district of 95,000 students: time, rows a second, peak memory
	$(RUN) -m bench.district $(ARGS)

## Tidy

.PHONY: clean
clean: ## Remove what the targets made, but neither .venv nor your data in .waymark
	rm -rf .make .venvs .pytest_cache .ruff_cache .hypothesis .import_linter_cache web/dist web/node_modules screenshots
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
