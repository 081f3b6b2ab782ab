# `make run` serves the planner, `make test` runs the checks and tests, `make prove` those that take long; what else there
# is stands in the README.
PYTHON ?= python3
BIN := .venv/bin
PO := $(wildcard planner/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)

.PHONY: run test prove translations screenshots paint bench clean

run: .venv/runs $(MO)
	@exec $(BIN)/python -m planner.launcher

test: .venv/tests .venv/engine/fetched $(MO)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n 2
	$(BIN)/python -m pytest -n 2 --database postgresql -m "not browser" -rs

prove: .venv/proofs $(MO)
	$(BIN)/python -m pytest -n 2 --deep -rs tests/faults tests/hostile tests/browser/test_naughty.py tests/browser/test_axe.py \
		tests/browser/test_proposal.py tests/test_roles.py tests/web/test_guessing.py tests/domain tests/formats
	$(BIN)/python -m pytest -n 2 --deep --database postgresql -m "not browser" tests/web

screenshots: .venv/tests $(MO)
	$(BIN)/python -m tests.browser.screenshots

paint: .venv/tests $(MO)
	$(BIN)/python -m tests.browser.paint $(ARGS)

# For example ARGS="--walks 1000 100000 1000000 --compare earlier.json"; bench/README.md says what else.
bench: .venv/bench .venv/peer/fetched $(MO)
	$(BIN)/python -m bench.pages $(ARGS)

translations: $(MO)

%.mo: %.po .venv/runs
	@$(BIN)/pybabel -q compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

.venv/runs: requirements.txt
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Do this first: apt install python3 python3-venv" >&2; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/tests: requirements-dev.txt .venv/runs
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# A path engine for the tests. Where there is no wheel for this machine they say so; with CI=true that is a failure.
.venv/engine/fetched: requirements-engine.txt .venv/runs
	@mkdir -p $(@D)
	@$(BIN)/pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
		--dest $(@D) -r requirements-engine.txt && touch $@ || echo "No path engine for the tests."

.venv/proofs: requirements-prove.txt .venv/tests
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-prove.txt
	@touch $@

.venv/bench: requirements-bench.txt .venv/tests
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

# The peer pins older parts. Where it cannot be had the table says so by leaving it out.
.venv/peer/fetched: requirements-peer.txt .venv/runs
	@$(BIN)/python -m venv .venv/peer && .venv/peer/bin/pip install --quiet --disable-pip-version-check \
		-r requirements-peer.txt && touch $@ || echo "No peer to compare with."

clean:
	rm -rf .venv $(MO)
