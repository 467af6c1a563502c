# Two commands: `make run` to try it, `make test` to prove it. Everything else is below.
PYTHON ?= python3
VENV_PYTHON = .venv/bin/python
PLAIN = not services and not postgres and not e2e

.PHONY: help run prepare test check bench shots services

help:
	@echo "make run       start everything (PORT=8001 make run)"
	@echo "make test      the test suite on SQLite; sets up what it needs"
	@echo "make check     lint, format, templates, migrations, production settings"
	@echo "make bench     measure the budgets (SIZE=1000000 make bench)"
	@echo "make shots     pictures of every page"
	@echo "make services  install PostgreSQL, Redis and Chromium, start the first two"

run:
	@$(PYTHON) scripts/run.py

prepare:
	@$(PYTHON) scripts/prepare.py

test: prepare
	@$(VENV_PYTHON) -m pytest -n auto -m "$(PLAIN)" $(ARGS)

check: prepare
	@$(VENV_PYTHON) scripts/check.py

bench: prepare
	@$(VENV_PYTHON) -m bench $(ARGS)

shots: prepare
	@$(VENV_PYTHON) -m pytest tests/e2e/shots.py -m e2e $(ARGS)

services: prepare
	@$(VENV_PYTHON) scripts/services.py install
	@$(VENV_PYTHON) scripts/services.py start
