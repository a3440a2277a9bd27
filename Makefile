# Quoth from nothing: `make ask`, `make test`, `make run`. `make help` lists all.

VENV ?= .venv
PYTHON ?=
TORCH_INDEX ?=
JOBS ?= 2
Q ?= who is the secretary general of interpol
UV_VERSION := 0.13.9

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PIP := "$(BIN)/python" -m pip --quiet --disable-pip-version-check
# As typed: a dollar sign in a question is no variable.
export QUESTION := $(value Q)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help ask run test test-faults lint quality pictures lock clean

help: ## list what there is to make
	@echo "make TARGET [VARIABLE=value]"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1@\2/p' Makefile | awk -F@ '{ printf "%-14s%s\n", $$1, $$2 }'
	@echo 'Variables: Q="your question"; PYTHON=python3.12 to choose one; VENV=folder;'
	@echo '  JOBS=2 processes to test with, of 2 GB each;'
	@echo '  TORCH_INDEX=https://download.pytorch.org/whl/cpu for PyTorch without CUDA on Linux.'

ask: $(VENV)/.run ## install what is missing, index the documents, answer Q
	@"$(BIN)/quoth" ask -- "$$QUESTION" || [ $$? -eq 1 ]

run: $(VENV)/.run ## run the bot; DISCORD_TOKEN in the environment or in .env
	@"$(BIN)/quoth" run

test: lint ## check style and types, then run the tests
	"$(BIN)/python" -m pytest -n $(JOBS) --no-loadscope-reorder

test-faults: $(VENV)/.dev ## kill, cut off and damage an index at every point; minutes, Linux
	QUOTH_FAULTS=all "$(BIN)/python" -m pytest tests/faults

lint: $(VENV)/.dev ## ruff and mypy
	"$(BIN)/ruff" check
	"$(BIN)/ruff" format --check
	"$(BIN)/mypy"

quality: $(VENV)/.dev ## measure on the question sets in QUOTH_SHARED/eval; SAMPLE=50 for less
	"$(BIN)/python" -m benchmarks.quality --peers $(if $(SAMPLE),--sample "$(SAMPLE)")

pictures: $(VENV)/.pictures ## draw docs/gallery.md anew; needs Chromium (apt-get install chromium)
	"$(BIN)/python" docs/make_pictures.py

lock: $(VENV)/.made ## choose versions anew: requirements/run.txt and dev.txt
	$(PIP) install uv==$(UV_VERSION)
	$(COMPILE) --constraints requirements/torch.txt --output-file requirements/run.txt
	$(COMPILE) --constraints requirements/torch.txt --constraints requirements/run.txt \
		--extra dev --output-file requirements/dev.txt

clean: ## remove the environment and caches; the index in data/ stays
	rm -rf "$(VENV)" build quoth.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

COMPILE = "$(BIN)/uv" pip compile pyproject.toml --quiet --upgrade --universal \
	--python-version 3.11 --generate-hashes --no-sources --no-annotate --no-emit-index-url \
	--no-emit-find-links --no-emit-package torch --excludes requirements/not-locked.txt \
	--custom-compile-command "make lock"

# Each stamp says that one step of the install is done; a changed file of its line repeats it.
$(VENV)/.made:
	@python="$(PYTHON)"; \
	for name in python3.11 python3.12 python3.13 python3 python; do \
		[ -z "$$python" ] || break; \
		if "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
			>/dev/null 2>&1; then python=$$name; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Quoth needs Python 3.11, 3.12 or 3.13, and none is on the PATH." >&2; \
		echo "Install one, or name it: make ask PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	echo "Making an environment in $(VENV) with $$python"; \
	"$$python" -m venv "$(VENV)" || { \
		echo "$$python cannot make one; on Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
	@touch $@

$(VENV)/.torch: requirements/torch.txt | $(VENV)/.made
	@echo "Installing PyTorch; once, some minutes and 1 GB or more"
	@$(PIP) install $(if $(TORCH_INDEX),--index-url "$(TORCH_INDEX)") -r requirements/torch.txt
	@touch $@

$(VENV)/.locked: requirements/run.txt | $(VENV)/.torch
	@echo "Installing what Quoth stands on, each file checked by its hash"
	@$(PIP) install --no-deps --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.run: pyproject.toml $(VENV)/.torch $(VENV)/.locked
	@$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what the tests need"
	@$(PIP) install --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.pictures: $(VENV)/.dev
	@echo "Installing what draws the pictures"
	@$(PIP) install -e ".[pictures]"
	@touch $@
