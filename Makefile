# Diptych: `make help` lists what there is.  Needs make and Python 3.11 or newer; everything else is fetched into .venv once.

PYTHON  ?= python3
UV_PIN  := 0.13.9
WORKERS ?= 2
VENV    := .venv
BIN     := $(VENV)/bin
RUN     := $(VENV)/.set-up-to-run
DEV     := $(VENV)/.set-up-to-develop
PEERS   := $(VENV)/.set-up-to-compare

# uv takes the interpreter of .venv and fetches none of its own.
export UV_PYTHON_DOWNLOADS := never
UV := $(BIN)/uv

.DEFAULT_GOAL := help
.PHONY: help setup setup-run demo test test-fast lint format bench docs verify system changes clean

help:  ## Say what each target does
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# ------------------------------------------------------------------------------------------------------------- set-up
# Two stamps: what a run needs, and what development needs on top.  Both are renewed when the lock or the settings change.

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "diptych: set-up needs Python 3.11 or newer as $(PYTHON), got $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Next: install a newer Python, or say which one to take: make PYTHON=/usr/bin/python3.12 demo" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "diptych: set-up needs Python's venv and ensurepip, which this $(PYTHON) lacks." >&2; \
	  echo "Next, on Debian or Ubuntu: apt-get install python3-venv; then run make again." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_PIN)"

$(RUN): pyproject.toml uv.lock | $(BIN)/uv
	$(UV) sync --quiet --compile-bytecode --locked --inexact --no-default-groups
	@touch $@

$(DEV): pyproject.toml uv.lock | $(BIN)/uv
	$(UV) sync --quiet --compile-bytecode --locked --inexact
	@touch $(RUN) $@

# numba keys its cache by the file of a kernel, not by the files of the kernels it calls: after a change in one of them the
# cache of all goes, or an old callee would live on inside its caller. Byte code is made here and at set-up: where Python is
# forbidden to write it later, every start would compile a thousand modules anew.
FRESH := $(VENV)/.kernels-compiled-from
$(FRESH): $(wildcard src/diptych/kernels/*.py) uv.lock | $(BIN)/uv
	@rm -rf src/diptych/kernels/__pycache__
	@touch $@

BYTES := $(VENV)/.byte-code-of
$(BYTES): $(FRESH) $(wildcard src/diptych/*.py src/diptych/*/*.py src/diptych/*/*/*.py) | $(RUN)
	@$(BIN)/python -m compileall -q src/diptych
	@touch $@

# Programs of other people (about 1 GB): only the benchmarks and the verification need them.
$(PEERS): pyproject.toml uv.lock | $(BIN)/uv
	$(UV) sync --quiet --compile-bytecode --locked --inexact --group peers
	@touch $(RUN) $(DEV) $@

setup: $(DEV)  ## Make .venv with everything for development
setup-run: $(RUN)

# ------------------------------------------------------------------------------------------------------------ running

DEMO := runs/demo

demo: $(RUN) $(BYTES)  ## Run the reference scenario under all arrangements; write a report
	$(BIN)/diptych run europe-2012 --arrangement all --seed 1 --replicates 100 --out $(DEMO) --force
	@echo
	@echo "Open $(CURDIR)/$(DEMO)/report.html in a browser; it needs no network."

# ------------------------------------------------------------------------------------------------------------ testing
# Two passes under one coverage file.  Compiled code is invisible to coverage, so the second pass runs the kernels
# as plain Python.

test: $(DEV) $(BYTES)  ## Run the whole test suite; coverage outside edge/ must reach 90 %
	@rm -f .coverage .coverage.*
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov=diptych --cov-report= tests
	NUMBA_DISABLE_JIT=1 $(BIN)/pytest -q -n $(WORKERS) --cov=diptych --cov-append --cov-report= \
	  -m "not slow and not compiled" tests/unit/kernels
	@echo; echo "Coverage of edge/ (for information)"
	@$(BIN)/coverage report --include='src/diptych/edge/*' | tail -n 1
	@echo "Coverage outside edge/ (at least 90 %)"
	@$(BIN)/coverage report --omit='src/diptych/edge/*' --skip-covered --fail-under=90

test-fast: $(DEV) $(BYTES)  ## Run the tests without the slow ones and without a browser
	$(BIN)/pytest -q -n $(WORKERS) -m "not slow and not browser" tests

lint: $(DEV)  ## Check style, layout, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict src
	$(BIN)/lint-imports --no-logo

format: $(DEV)  ## Lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(PEERS) $(BYTES)  ## Time the program against its peers; append to benchmarks/results/
	$(BIN)/python -m benchmarks

verify: $(PEERS) $(BYTES)  ## Compare distributions with theory (minutes)
	$(BIN)/pytest -n $(WORKERS) verification

docs: $(DEV)  ## Build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Open $(CURDIR)/site/index.html"

changes: $(DEV)  ## Show what the next release note would say
	$(BIN)/towncrier build --draft

# ------------------------------------------------------------------------------------------------------ this machine

system:  ## Install the system packages that browser tests use (Debian or Ubuntu, as root)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core

clean:  ## Remove what the tools wrote; keep .venv and runs/
	rm -rf site dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests verification benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
