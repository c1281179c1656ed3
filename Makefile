# The commands of this project; `python -m rehearsal` implements them.
PYTHON ?= python3
MODE ?= multi
SHARD ?= 1/1
FAULT ?=
VENV := .venv
RUN := $(VENV)/bin/python
# Without containers, so by two processes; the hash seed gives both the same names of tests.
PARALLEL := PYTHONHASHSEED=0 $(RUN) -m pytest -p tests.sharding -n 2 --dist loadfile

.PHONY: help rehearse game-day test test-all check docs preview bench rehearse-down rehearse-shell lock
help: ## list all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.ready: requirements-rehearsal.txt pyproject.toml tools/venv.sh
	PYTHON=$(PYTHON) tools/venv.sh $(VENV)

rehearse: $(VENV)/.ready ## create and check the servers in stand-in clouds on this machine (MODE=multi|single)
	$(RUN) -m rehearsal rehearse --mode $(MODE)

game-day: $(VENV)/.ready ## break the running rehearsal on purpose, time diagnosis and repair (FAULT=NAME for one)
	$(RUN) -m rehearsal game-day $(FAULT)

test: $(VENV)/.ready ## the tests that CI runs
	$(RUN) -m rehearsal setup --tests
	$(PARALLEL) -m "not full and not world"
	$(RUN) -m pytest -p tests.sharding -m "not full and world"

test-all: $(VENV)/.ready ## all tests (SHARD=i/n for one of n parts)
	$(RUN) -m rehearsal setup --tests
	$(PARALLEL) --shard $(SHARD) -m "not world"
	$(RUN) -m pytest -p tests.sharding --shard $(SHARD) -m world

check: $(VENV)/.ready ## linters, types, shellcheck, hadolint, actionlint, zizmor, compose config, gixy
	$(RUN) -m rehearsal setup --tests
	$(RUN) -m rehearsal check

docs: $(VENV)/.ready ## write the generated files of docs/
	$(RUN) -m fks_infra.documents

preview: $(VENV)/.ready ## pulumi preview against empty stand-in clouds, without Docker (MODE=multi|single)
	$(RUN) -m rehearsal preview --mode $(MODE)

bench: $(VENV)/.ready ## measure preview, up, memory, the tailnet, nginx and backups: minimum, median and maximum
	$(RUN) -m rehearsal bench

rehearse-down: $(VENV)/.ready ## remove the rehearsal's containers, volumes and network
	$(RUN) -m rehearsal down

rehearse-shell: $(VENV)/.ready ## open a shell in the operator's container
	$(RUN) -m rehearsal shell

COMPILE := uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-annotate --no-header
lock: ## pin all dependencies with hashes, without index URLs
	$(COMPILE) --python-version 3.11 pyproject.toml -o requirements.txt
	$(COMPILE) --python-version 3.11 --group rehearsal --group dev -c requirements.txt pyproject.toml \
	  -o requirements-rehearsal.txt
	$(COMPILE) --python-version 3.13 --group scanner -o rehearsal/images/scanner/requirements.lock
	$(COMPILE) --python-version 3.13 --group application -o rehearsal/images/fks/requirements.lock
	$(COMPILE) --python-version 3.13 --group browser -o rehearsal/images/browser/requirements.lock
