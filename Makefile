# The commands of this project. Each installs what it needs first; `make help` lists them.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help install demo test faults fuzz matrix bench unit simulate check format scale mutants up status down

# Node 24 and the project's tools come from npm, whatever the system has.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# Options for the launcher: make up UP="--materialisers 2"
UP ?=

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## install what is missing: Debian packages, npm packages, Kafka and the schema registry
	@infra/install.sh

demo: install ## run the main job: a simulated day of 32 provinces, then look-ups (KEEP=1 leaves it running)
	@node exercises/demo/main.ts $(if $(filter 1,$(KEEP)),--keep)

test: install ## run every test: type check, lint, unit, property, simulation, integration, scenario
	@node infra/tests/test-summary.ts

faults: install ## break everything, in turn and together, and check every guarantee (SEED=, ROUNDS=; SHORT=1 as in make test)
	@node exercises/faults/main.ts

fuzz: install ## send a million wrong requests and events to both doors, and check that nothing gives way (SEED=, REQUESTS=)
	@node exercises/fuzz/main.ts

matrix: install ## have each of 32 provinces try what is each other's, at the doors and past them
	@node exercises/matrix/main.ts

bench: ## measure what TLS, identity and tags cost: with and without, in turn (ROUNDS=, LOAD_SECONDS=)
	@infra/install.sh wrk
	@node exercises/bench/main.ts

unit: install ## what every change must pass: type check, lint, format, unit, a share of property and simulation
	@node infra/tests/test-summary.ts --quick

simulate: install ## run the materialiser's simulation (SEED=n repeats one run, SEEDS=n runs the first n)
	@SEED="$(SEED)" SEEDS="$(SEEDS)" vitest run --project simulation

check: install ## run the type check, the linter and the check of the format
	@tsc
	@oxlint --type-aware --deny-warnings
	@oxfmt --check || { echo "To mend: make format"; exit 1; }

format: install ## format everything
	@oxfmt

scale: ## measure how events and look-ups a second grow with 1, 2 and 4 copies (CLUSTER=1: on three brokers and a Redis cluster)
	@infra/install.sh wrk
	@node exercises/scale/main.ts

mutants: install ## make every small change to view, clauses and decision and list those that no test notices (MUTATE=files, SAMPLE=8)
	@node exercises/mutants/main.ts '$(MUTATE)' '$(SAMPLE)'

up: install ## start a stack in the background (UP="--materialisers 2" passes options on; CLUSTER=1: several of everything)
	@node infra/launcher.ts up $(UP)

status: install ## show what runs
	@node infra/launcher.ts status

down: install ## stop the stack and leave no process behind
	@node infra/launcher.ts down
