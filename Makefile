# `make run` starts Xenofy, `make test` tests it; nothing but Python 3.11 or newer is needed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PYTHONUNBUFFERED := 1

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
ARGS ?=
EVENTS ?= 20000
SEED ?= 1
EXAMPLES ?= 2000

.PHONY: help run dev test soak fuzz bench lint format lock clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-9s %s\n", $$1, $$2}' Makefile

run: .venv/run ## start Xenofy at http://127.0.0.1:8000 (PORT=8001 make run for another port)
	@$(BIN)/python manage.py run

dev: .venv/dev ## the same, restarting when code changes
	@DEBUG=1 $(BIN)/python manage.py run --reload

# A process for each core, each with a database of its own; ARGS="-n 0" for a single one.
test: .venv/dev ## run the tests on a real PostgreSQL (ARGS="-k ledger -x" for some)
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

soak: .venv/dev ## deliver EVENTS=20000 (SEED=1) while processes are killed; nothing may be lost
	@$(BIN)/python -m bench soak --events $(EVENTS) --seed $(SEED) $(ARGS)

fuzz: .venv/dev ## try EXAMPLES=2000 hostile bodies, and histories of kills and replays
	@FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/fuzz -q $(ARGS)

bench: .venv/dev ## measure beside yardsticks of this machine (ARGS=ingest for one part)
	@$(BIN)/python -m bench $(or $(ARGS),all)

lint: .venv/dev ## style, types, import directions, templates, migrations, deployment checks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/mypy
	@$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@key=$$($(BIN)/python manage.py secret) && XENOFY_ENV=production XENOFY_EMBEDDED_PG=1 \
		SECRET_KEY=$$key JWT_SIGNING_KEY=$$key-jwt ENCRYPTION_KEYS=$$key \
		ALLOWED_HOSTS=analytics.example.com PUBLIC_URL=https://analytics.example.com \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: .venv/dev ## put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: .venv/dev ## write the lock files anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --extra dev pyproject.toml -o requirements-dev.txt

clean: ## stop the embedded database; delete packages, caches and ALL data of this checkout
	@test ! -x $(BIN)/python || $(BIN)/python manage.py db stop || true
	@rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/run: requirements.txt
	$(call install,requirements.txt)
	@touch $@

.venv/dev: requirements-dev.txt
	$(call install,requirements-dev.txt)
	@touch $@ .venv/run

# Every package is pinned with its hashes; the count moves while they come in. The option stands
# here because make 3.81, which macOS has, knows no .SHELLFLAGS.
define install
	@test -n "$(PYTHON)" || { echo "Xenofy needs Python 3.11 or newer; none was found."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing Python packages into .venv"
	@set -o pipefail; $(BIN)/pip install --disable-pip-version-check --no-input --progress-bar off \
		--require-hashes -r $(1) \
		| awk '/^Collecting/ {printf "\r  %d packages", ++n; fflush()} END {print "  done"}'
endef
