# `make demo` to try the coder on the sample reports, `make test` to run all its tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OCR := tesseract-ocr-osd tesseract-ocr-ara tesseract-ocr-chi-sim tesseract-ocr-eng tesseract-ocr-fra \
       tesseract-ocr-por tesseract-ocr-rus tesseract-ocr-spa

.PHONY: help demo test check bench setup setup-test ocr browser train sample lock clean
help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /: /'

demo: setup ocr ## Set everything up and code the sample reports into art7.db
	@$(BIN)/art7 code corpus_sample --db art7.db
	@echo
	@echo "Now run:  $(BIN)/art7 serve   and open  http://127.0.0.1:8001/"

test: setup-test ocr browser check ## Set up what the tests need and run them all
	$(BIN)/pytest

check: setup-test ## Look over the code: style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup ocr ## Measure how well the sample reports are coded
	$(BIN)/python benchmarks/sample.py

setup: $(VENV)/.run ## Make the virtual environment from the lock file
setup-test: $(VENV)/.test

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.venv pyproject.toml requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[test]'
	@touch $@

ocr: ## Tesseract's data for our languages, through apt where that is possible
	@sh scripts/need.sh "scanned pages cannot be read" $(OCR)

browser:
	@sh scripts/need.sh "some tests are skipped or fail" chromium fonts-noto-core fonts-noto-cjk \
	    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

train: setup ## Train the model anew (needs about 40 minutes on 2 cores)
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[train]'
	$(BIN)/python -m models.train

sample: setup ## Render the sample reports from their sources
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[sample]'
	$(BIN)/python corpus_sample/build.py

lock: ## Write the lock file anew from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --all-extras --no-emit-index-url --no-header --no-annotate \
	    pyproject.toml -o requirements.lock

clean: ## Remove the virtual environment and the demo's database
	rm -rf $(VENV) art7.db* art7.files
