# make demo    the whole product on this machine, with a case to look at (Ctrl-C stops it; the data stay in var/demo)
# make test    lint and every test that this machine can run
# make lint    style, types, import contracts, templates, licences
# make bench   measurements (docs/benchmarks.md); PARTS="log upload" for some
# make clean   forget what was built; the data in var/ stay
#
# Needs: Linux, Python 3.11 to 3.13 with venv, Node 20 or later with npm, make. No root, no Docker.

SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
FRONTEND := $(shell find frontend static/js static/images templates -type f 2>/dev/null) package.json

.PHONY: help demo test lint bench clean
help:
	@sed -n '/^# make/s/^# //p' Makefile

# What the sandbox starts for each file may write nothing, its bytecode neither
demo: .venv/.demo .venv/bin/evidence-upload static/build/.made
	@$(BIN)/python -m compileall -q sandbox redaction evidence disclosure
	exec $(BIN)/python -m demo

test: .venv/.dev static/build/.made
	@$(BIN)/python -m compileall -q sandbox redaction evidence disclosure
	exec .ci/test

lint: .venv/.dev static/build/.made
	@.ci/lint

bench: .venv/.dev static/build/.made
	@$(BIN)/python -m tests.bench $(PARTS)

clean:
	rm -rf .venv node_modules static/build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache screenshots

.venv/.made:
	@.ci/make-venv

.venv/.demo: requirements.txt requirements-models.txt | .venv/.made
	@.ci/pip-install requirements.txt
	touch $@

.venv/.dev: requirements-dev.txt requirements-models.txt | .venv/.made
	@.ci/pip-install requirements-dev.txt
	touch .venv/.demo $@

UPLOAD := $(wildcard evidence-upload/evidence_upload/*.py)
.venv/bin/evidence-upload: $(UPLOAD) | .venv/.made
	@$(BIN)/python -m zipapp evidence-upload -m evidence_upload.__main__:main -p "/usr/bin/env python3" -o $@

node_modules/.made: package-lock.json
	@.ci/npm-install
	touch $@

static/build/.made: node_modules/.made $(FRONTEND)
	@echo "Building styles and scripts"
	mkdir -p var/log
	npm run --silent build > var/log/build.log 2>&1 || { tail -n 40 var/log/build.log >&2; exit 1; }
	mkdir -p static/build
	touch $@
