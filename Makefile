# What can be done here? `make help` lists it.
.POSIX:
.SUFFIXES:
.PHONY: help setup setup-dev run train test check bench screens clean lock system-test

PY = .venv/bin/python
HAVEN = .venv/bin/haven
# PYTEST_ARGS narrows a run: make test PYTEST_ARGS="tests/house -x"
PYTEST_ARGS =

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name does; do printf '%-20s %s\n' "  $$name" "$$does"; done

setup: ## everything Haven needs, in .venv
	@deploy/setup.sh run

setup-dev: ## the same, with what tests and checks need
	@deploy/setup.sh dev

run: setup ## sets up, trains if needed, serves on http://127.0.0.1:8000
	@$(HAVEN) train --if-stale
	@$(HAVEN) migrate
	@exec $(HAVEN) serve

train: setup ## trains the dialogue model anew
	@$(HAVEN) train

test: setup-dev system-test ## sets up, runs every test (a real PostgreSQL and a real browser included)
	@deploy/npm.sh
	@$(HAVEN) train --if-stale
	@$(PY) -m pytest -q -n auto --dist loadfile $(PYTEST_ARGS)

check: setup-dev ## linters, types, import rules
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: setup-dev system-test ## benchmarks, with figures to compare
	@$(HAVEN) train --if-stale
	@$(PY) -W ignore -m bench
	@$(PY) -W ignore -m bench.first_question

screens: setup-dev system-test ## takes the pictures of docs/screens anew
	@$(HAVEN) train --if-stale
	@$(PY) -W ignore -m bench.screens

system-test: ## the two programs the tests start: PostgreSQL and Chromium (apt-get)
	@deploy/system-test.sh

lock: ## pins every package anew, by hash
	@deploy/setup.sh lock

clean: ## removes what can be made again; keeps var/, the records
	rm -rf .venv .tools models build .rasa .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
