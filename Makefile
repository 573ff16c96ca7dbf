# setup: what run and test share · run: a demo to click through · check: under a minute
# test: all that runs on one machine · test-all: also what needs root, other browsers, many minutes
# soak: three browsers for MINUTES · bench: figures beside peers
.PHONY: setup run check test test-all soak bench lint format words
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
export PATH := $(CURDIR)/.venv/bin:$(PATH)

PORT ?= 8000
BENCHES ?= forward join cases room page papers tab
MINUTES ?= 120
PYTEST := python -m pytest -n 2 --dist loadscope
OFFICE := libreoffice-writer-nogui libreoffice-calc-nogui
TESTED_WITH := chromium fonts-noto-cjk postgresql coturn $(OFFICE)
BEYOND := firefox-esr iproute2 caddy nginx-light libnss3-tools
SERVER := .venv/.server
TOOLS := .venv/.tools
MODULES := web/node_modules/.package-lock.json
PAGES := web/dist/.vite/manifest.json

setup: $(SERVER) $(PAGES)

run: setup
	@scripts/debian fonts-noto-cjk $(OFFICE) || true
	python run.py demo --port $(PORT) --data data

check: setup $(TOOLS)
	@$(MAKE) lint
	$(PYTEST) -q -m "not slow and not beyond" --hypothesis-profile quick

test: setup $(TOOLS)
	@scripts/debian $(TESTED_WITH) || true
	@$(MAKE) lint
	$(PYTEST) -rfEs --hypothesis-profile full

test-all: setup $(TOOLS)
	@scripts/debian $(TESTED_WITH) $(BEYOND) || true
	@$(MAKE) lint
	$(PYTEST) -rfEs -m "" --hypothesis-profile full

soak: setup $(TOOLS)
	@scripts/debian chromium || true
	python -m bench.soak --minutes $(MINUTES)

bench: setup $(TOOLS)
	@scripts/debian chromium janus || true
	@set -e; for name in $(BENCHES); do python -m bench.$$name; done

lint: setup $(TOOLS)
	ruff check .
	ruff format --check .
	mypy .
	npm --prefix web run --silent check

format: setup $(TOOLS)
	ruff check --fix-only .
	ruff format .
	npm --prefix web run --silent format

# After a change of any text: find the messages, keep what is translated, name what is not.
words: $(SERVER)
	python scripts/words.py update

$(SERVER): requirements.txt
	@python3 -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@python3 -c 'import ensurepip, venv' 2>/dev/null || scripts/debian python3-venv
	python3 -m venv .venv
	pip install --quiet --requirement $<
	@touch $@

$(TOOLS): requirements-dev.txt $(SERVER)
	pip install --quiet --requirement $<
	@touch $@

$(MODULES): web/package-lock.json web/package.json $(SERVER)
	npm --prefix web ci --silent
	@touch $@

$(PAGES): $(MODULES) $(shell find web/src web/locale web/*.ts web/*.json -type f)
	npm --prefix web run --silent build
