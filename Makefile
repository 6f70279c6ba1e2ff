# OnTrack. `make run` starts it, `make test` checks it, `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: run test quick nightly docs screenshots setup lock clean help

# In .venv's own Python where it runs, else in one that can make .venv.
BOOTSTRAP = python=.venv/bin/python; "$$python" -c '' 2>/dev/null || python=$$(PYTHON='$(PYTHON)' infra/find-python) || exit 1; exec "$$python" infra/bootstrap.py

run: ## Start everything on http://localhost:8000 (PORT=, ONTRACK_DATA_DIR= move it; ARGS="--no-demo")
	@$(BOOTSTRAP) -m ontrack_app.cli up $(ARGS)

test: ## Every check and test, browser walks included, with one summary
	@$(BOOTSTRAP) infra/checks.py test $(ARGS)

quick: ## Every check and test but browser walks and long campaigns
	@$(BOOTSTRAP) infra/checks.py quick $(ARGS)

nightly: ## The long campaigns
	@$(BOOTSTRAP) infra/checks.py nightly $(ARGS)

docs: ## Write docs/MACHINES.md anew from models/
	@$(BOOTSTRAP) infra/machines.py

screenshots: ## Photograph a running OnTrack with its demo into docs/images (PORT= says which)
	@$(BOOTSTRAP) infra/screenshots.py http://localhost:$(or $(PORT),8000)

setup: ## The environment alone: .venv as requirements.lock says
	@$(BOOTSTRAP)

lock: setup ## Write requirements.lock anew from pyproject.toml
	@.venv/bin/uv pip compile --universal --no-header --generate-hashes --quiet --group dev --output-file requirements.lock pyproject.toml

clean: ## Remove what was built; the data in .ontrack stays
	rm -rf .venv .web .build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile
