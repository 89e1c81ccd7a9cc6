# Everything a fresh machine needs is made on the way: a virtual environment and what the lock files pin.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-odoo check lock clean

demo: $(VENV)/.runtime  ## the whole product in your browser, no accounts needed
	$(BIN)/handoff demo $(ARGS)

test: $(VENV)/.dev  ## the whole suite, on SQLite and PostgreSQL and in a real browser
	$(BIN)/python -m pytest -n 4 --dist loadgroup $(ARGS)

test-odoo: $(VENV)/.dev  ## the story against a running Odoo: the one $$HANDOFF_ODOO describes, or one started beside
	$(BIN)/python -m pytest tests_odoo --timeout 600 $(ARGS)

check: $(VENV)/.dev  ## lint, types, import contracts
	$(BIN)/ruff check bot tests bench
	$(BIN)/ruff format --check bot tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

lock:  ## pin the dependencies anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header pyproject.toml --group build -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) artifacts .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
