# The words of this project. Each is thin: the logic lives in Python.
PYTHON ?= python3
MODE ?= multi
SHARD ?= 1/1
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: help rehearse test test-all check docs preview bench rehearse-down rehearse-shell lock
help: ## say what each word does
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.ready: requirements-rehearsal.txt pyproject.toml tools/venv.sh
	PYTHON=$(PYTHON) tools/venv.sh $(VENV)

rehearse: $(VENV)/.ready ## the main job: three servers come to life on this machine (MODE=multi|single)
	$(RUN) -m rehearsal rehearse --mode $(MODE)

test: $(VENV)/.ready ## the everyday ladder of tests, which is what CI runs
	$(RUN) -m rehearsal setup --tests
	$(RUN) -m pytest -p tests.sharding -m "not full"

test-all: $(VENV)/.ready ## every test there is (SHARD=i/n for a part)
	$(RUN) -m rehearsal setup --tests
	$(RUN) -m pytest -p tests.sharding --shard $(SHARD)

check: $(VENV)/.ready ## linters, types, shellcheck, compose config, nginx -t
	$(RUN) -m rehearsal setup --tests
	$(RUN) -m rehearsal check

docs: $(VENV)/.ready ## write the generated files of docs/
	$(RUN) -m fks_infra.documents

preview: $(VENV)/.ready ## preview with the engine and the stand-in clouds only (MODE=multi|single)
	$(RUN) -m rehearsal preview --mode $(MODE)

bench: $(VENV)/.ready ## preview, up, memory and the tailnet, with minimum, median and maximum
	$(RUN) -m rehearsal bench

rehearse-down: $(VENV)/.ready ## take the rehearsal's world away
	$(RUN) -m rehearsal down

rehearse-shell: $(VENV)/.ready ## a shell in the operator's container
	$(RUN) -m rehearsal shell

COMPILE := uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-annotate --no-header
lock: ## pin every dependency again, with hashes and without addresses
	$(COMPILE) --python-version 3.11 pyproject.toml -o requirements.txt
	$(COMPILE) --python-version 3.11 --group rehearsal --group dev -c requirements.txt pyproject.toml \
	  -o requirements-rehearsal.txt
	$(COMPILE) --python-version 3.13 --group scanner -o rehearsal/images/scanner/requirements.lock
