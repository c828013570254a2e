# Every command that this project knows; `make help` lists them.
.DEFAULT_GOAL := help

BIN := .tools/bin
LOCALCLOUD := $(BIN)/localcloud
PYTHON := .tools/python/bin
EMULATOR := tests/localcloud/emulator
# As the Pulumi command line builds the program, so that all builds share Go's cache: it keeps what is built without apart.
export GOFLAGS := $(strip $(GOFLAGS) -trimpath)

# Modules of their own keep what only tests use out of the program's go.mod.
MODULES := . tests/operator tests/localcloud tests/e2e

.PHONY: help up preview down test lint format generate unit e2e bench fuzz clean localcloud linters python tools

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: localcloud ## Run the program in the local cloud: no AWS account needed
	@$(LOCALCLOUD) up

preview: localcloud ## Show what `make up` would change
	@$(LOCALCLOUD) preview

down: localcloud ## End the local cloud and remove all that it made
	@$(LOCALCLOUD) down

test: lint unit e2e ## Run every check and test; the cheap ones first

lint: format linters ## Check format, modules and style
	@echo "ruff"; $(PYTHON)/ruff check $(EMULATOR) && $(PYTHON)/ruff format --check --quiet $(EMULATOR)
	@for m in $(MODULES); do echo "go vet, $$m"; go vet -C $$m -tags localcloud ./... || exit 1; done
	@for m in $(MODULES); do echo "golangci-lint, $$m"; (cd $$m && $(CURDIR)/$(BIN)/golangci-lint run ./...) || exit 1; done

format:
	@echo "gofmt"; test -z "$$(gofmt -l $$(git ls-files '*.go') | tee /dev/stderr)"
	@echo "go mod tidy"; for m in $(MODULES) tools tools/bridge tools/kubernetes; do (cd $$m && go mod tidy -diff) || exit 1; done

generate: ## Write Pulumi.yaml's keys, the schemas of stack files and metric specs, and the tables in docs/
	go run ./stacks/generate

unit: python ## Run the tests that need no emulator
	$(PYTHON)/python -m pytest -q $(EMULATOR)
	@for m in $(MODULES); do echo "go test, $$m"; go test -C $$m ./... || exit 1; done

e2e: tools ## Run the program from first preview to destroy in the local cloud
	@for m in tests/e2e tests/localcloud; do echo "go test, $$m"; \
		go test -C $$m -tags localcloud -count 1 -p 1 -timeout 30m ./... || exit 1; done

bench: localcloud ## Measure build, preview and up: seconds and memory
	@$(LOCALCLOUD) bench

fuzz: ## Look for a config or a metric spec that is neither taken nor refused whole
	go test -run '^$$' -fuzz FuzzReadConfig -fuzztime 60s ./stacks
	go test -run '^$$' -fuzz FuzzParse -fuzztime 60s -fuzzminimizetime 10x ./internal/metricspec

clean: down ## Remove the tools too
	rm -rf .tools

tools: localcloud
	@$(LOCALCLOUD) tools

linters: localcloud
	@$(LOCALCLOUD) linters

python: localcloud
	@$(LOCALCLOUD) python

# Building the command builds most of the program too.
localcloud:
	@echo "Building the program and its harness (minutes with an empty Go cache)"
	@go build -C tests/localcloud -o $(CURDIR)/$(LOCALCLOUD) ./cmd/localcloud && go build -o /dev/null .
