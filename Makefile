# Everything a contributor runs, by name. `make` alone lists the targets.
# The recipes are thin: what they call can be called by hand in the same words.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# npm keeps its cache in HOME. Where there is none to write to, it gets a directory of its own.
ifneq ($(shell test -w "$${HOME:-}" && echo writable),writable)
export npm_config_cache := $(or $(TMPDIR),/tmp)/motet-npm-cache
endif

JUDGE := node conformance/dist/cli/main.js
REFERENCE := node conformance/ports/typescript/adapter.mjs
PYTHON := python3 conformance/ports/python/adapter.py
# True where the Python port can run.
HAS_PYTHON := python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null
NO_PYTHON := echo "Left out: the Python port. It needs python3 3.11 or newer, found $$(python3 --version 2> /dev/null || echo none)."
RESULTS := node_modules/.cache/results
# npm writes this file at the end of every install: it is newer than the lock file exactly when nothing is to do.
INSTALLED := node_modules/.package-lock.json

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- Setting up and building ----

.PHONY: setup
setup: node $(INSTALLED) ## Install the dependencies, if they changed

.PHONY: node
node:
	@command -v node > /dev/null || { echo "Motet needs Node 20.19 or newer, and there is no node on the PATH." >&2; exit 1; }
	@node .ci/require-node.mjs

$(INSTALLED): package-lock.json package.json ts/package.json conformance/package.json vectors/package.json
	@node .ci/require-node.mjs
	@echo "Installing dependencies from package-lock.json"
	npm ci --no-fund --no-audit --loglevel=error
	@touch $@

.PHONY: build
build: setup ## Compile the packages (tsc -b)
	tsc -b

.PHONY: generate
generate: setup ## Bring everything made from proto/ up to date
	node proto/generate.mjs

.PHONY: format
format: setup ## Format the sources
	prettier --write --log-level warn .

# ---- Checking ----

.PHONY: check
check: build ## Formatting, lint, types, generated files, specification, vectors
	prettier --check --log-level warn .
	oxlint -c oxlint.config.mjs
	BUF_CACHE_DIR=node_modules/.cache/buf buf lint
	node proto/generate.mjs --check
	$(JUDGE) spec lint
	$(JUDGE) vectors lint

.PHONY: unit
unit: build
	vitest run --reporter=default --reporter=json --outputFile.json=$(RESULTS)/unit.json
	@if $(HAS_PYTHON); then (set -x; cd conformance/ports/python && python3 -m unittest -q); else $(NO_PYTHON); fi

# The mutants that are tried: all of them, and the coverage of the specification with them; in `make test` those of one chapter.
MUTANTS :=

.PHONY: selftest
selftest: build ## Whether the judge notices: testees that deserve nothing, mutants of the reference, random inputs
	@mkdir -p conformance/out
	$(JUDGE) selftest --json $(if $(MUTANTS),--mutants "$(MUTANTS)") > conformance/out/selftest.json
	$(if $(MUTANTS),,$(JUDGE) coverage --gate > conformance/out/coverage.txt)

.PHONY: test
test: forget ## Check, unit tests, conformance of the node and of the judge itself
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory conformance OVER="--case node/session"
	@$(MAKE) --no-print-directory selftest MUTANTS="frame.*"
	@node .ci/summary.mjs

.PHONY: test-all
test-all: test ## All of test, and every simulation and process test in full
	MOTET_TESTS=all vitest run
	@$(MAKE) --no-print-directory conformance
	@$(MAKE) --no-print-directory selftest
	@$(MAKE) --no-print-directory sim sim-planted sim-ring
	@$(MAKE) --no-print-directory sim-table ARGS="--runs 50"
	@$(MAKE) --no-print-directory bench-smoke

# Results of an earlier run must not count as those of this one.
.PHONY: forget
forget:
	@rm -rf conformance/out $(RESULTS)

.PHONY: coverage
coverage: setup ## Unit tests with a coverage report in coverage/
	vitest run --coverage

.PHONY: breaking
breaking: setup ## Compare proto/ with the main branch: bytes must not change
	BUF_CACHE_DIR=node_modules/.cache/buf buf breaking --against '.git#branch=main'

.PHONY: unused
unused: setup ## List files, exports and dependencies that nothing uses
	knip

# ---- Conformance ----

# What is judged over TLS and WebSockets: everything; in `make test` the chapter on sessions, in which a carrier can tell.
OVER :=

# In interop members of several testees share the processors while some of them stop, so that these are waited for longer.
.PHONY: conformance
conformance: build ## Judge the reference node and the Python port, and let them share a network
	@mkdir -p conformance/out
	$(JUDGE) run --testee "$(REFERENCE)" --jobs 3 --report json=conformance/out/reference.json
	$(JUDGE) run --testee "$(REFERENCE)" --jobs 3 --tier node --transport tls $(OVER) --report json=conformance/out/reference-tls.json
	$(JUDGE) run --testee "$(REFERENCE)" --jobs 3 --tier node --transport ws $(OVER) --report json=conformance/out/reference-ws.json
	@if $(HAS_PYTHON); then \
	  set -x; \
	  $(JUDGE) run --testee "$(PYTHON)" --jobs 3 --report json=conformance/out/python.json; \
	  $(JUDGE) run --testee "$(PYTHON)" --jobs 3 --tier node --transport tls $(OVER) --report json=conformance/out/python-tls.json; \
	  $(JUDGE) interop --multiplier 3 --testee "$(REFERENCE)" --testee "$(PYTHON)"; \
	  $(JUDGE) interop --multiplier 3 --testee "$(REFERENCE)" --testee "$(PYTHON)" --transport tls; \
	else \
	  $(NO_PYTHON); \
	fi

# ---- Simulating ----

.PHONY: sim
sim: build ## Many simulated runs with faults and attackers: make sim ARGS="--seeds 100"; ARGS=--help
	node ts/test/sim/campaign.mjs $(ARGS)

.PHONY: sim-planted
sim-planted: build ## Five planted defects that the simulator must find
	node ts/test/sim/campaign.mjs --planted $(ARGS)

.PHONY: sim-report
sim-report: build ## The large simulations: writes ts/test/sim/RESULTS.md and its plots
	node ts/test/sim/report.mjs

.PHONY: sim-ring
sim-ring: build ## The ring under adversarial schedules: make sim-ring ARGS="--schedules 1000"; ARGS=--help
	node ts/test/ring/campaign.mjs $(ARGS)

.PHONY: sim-ring-report
sim-ring-report: build ## Hops, repair, churn and load of the ring: writes ts/test/ring/RESULTS.md and its plots
	node ts/test/ring/report.mjs $(ARGS)

.PHONY: sim-table
sim-table: build ## The table under churn, failures and partitions: make sim-table ARGS="--runs 100"; ARGS=--help
	node ts/test/table/campaign.mjs $(ARGS)

.PHONY: sim-table-report
sim-table-report: build ## Loss against the formula, durability and answers of the table: writes ts/test/table/RESULTS.md and its plots
	node ts/test/table/report.mjs $(ARGS)

# ---- Using it ----

.PHONY: demo
demo: build ## A small network that talks, on this machine
	node ts/examples/demo.mjs

.PHONY: bench-smoke
bench-smoke: build ## A short benchmark: does it run, is nothing absurdly slow
	node ts/bench/smoke.mjs
	node ts/bench/table.mjs --smoke

# What the table is measured beside has dependencies of its own, which nothing else needs.
KAD := ts/bench/kad
KAD_INSTALLED := $(KAD)/node_modules/.package-lock.json
$(KAD_INSTALLED): $(KAD)/package-lock.json $(KAD)/package.json
	cd $(KAD) && npm ci --no-fund --no-audit --loglevel=error
	@touch $@

.PHONY: bench-table
bench-table: build $(KAD_INSTALLED) ## The table beside @libp2p/kad-dht, which it installs: make bench-table ARGS="--write ts/bench/TABLE.md"; ARGS=--help
	node ts/bench/table.mjs $(ARGS)

.PHONY: churn
churn: build ## Ten processes, two of which die every second for a minute; writes CHURN.md beside the test
	MOTET_TESTS=all MOTET_RECORD=1 vitest run ts/test/process/churn.test.ts

.PHONY: ring
ring: build ## Twenty processes on a ring, four of which die at once, ten times; writes RING.md beside the test
	MOTET_TESTS=all MOTET_RECORD=1 vitest run ts/test/process/ring.test.ts

.PHONY: table
table: build ## Twenty processes that hold a table, four of which die at once, ten times; writes TABLE.md beside the test
	MOTET_TESTS=all MOTET_RECORD=1 vitest run ts/test/process/table.test.ts

.PHONY: clean
clean: ## Remove what was built; dependencies stay
	rm -rf ts/dist conformance/dist conformance/out coverage node_modules/.cache
