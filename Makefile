# Every command that this project knows; `make help` lists them.
.DEFAULT_GOAL := help

BIN := .tools/bin
LOCALCLOUD := $(BIN)/localcloud
PYTHON := .tools/python/bin
EMULATOR := tests/localcloud/emulator
JOB := components/metrics/spark
PYTHON_SOURCES := $(EMULATOR) $(JOB) tests/localcloud/spark tests/content
SPARK_DIR := $(CURDIR)/.tools/spark
# As tests/localcloud/spark.go has it.
SPARK := JAVA_HOME=$(SPARK_DIR)/java PYSPARK_PYTHON=$(SPARK_DIR)/bin/python SPARK_DIST_CLASSPATH='$(SPARK_DIR)/jars/*' $(SPARK_DIR)/bin/python
# As the Pulumi command line builds the program, so that all builds share Go's cache: it keeps what is built without apart.
export GOFLAGS := $(strip $(GOFLAGS) -trimpath)

# Modules of their own keep what only tests use out of the program's go.mod.
MODULES := . tests/operator tests/localcloud tests/e2e

.PHONY: help up preview demo down test lint format generate unit job recount soak e2e bench bench-views bench-search bench-job fuzz clean localcloud linters python spark trino opensearch tools

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: localcloud ## Run the program in the local cloud: no AWS account needed
	@$(LOCALCLOUD) up

preview: localcloud ## Show what `make up` would change
	@$(LOCALCLOUD) preview

demo: localcloud ## Send records to the local cloud, run its streaming job, and show this minute's metrics
	@$(LOCALCLOUD) demo $(DEMO)

down: localcloud ## End the local cloud and remove all that it made
	@$(LOCALCLOUD) down

test: lint unit job e2e ## Run every check and test; the cheap ones first

lint: format linters ## Check format, modules and style
	@echo "ruff"; $(PYTHON)/ruff check $(PYTHON_SOURCES) && $(PYTHON)/ruff format --check --quiet $(PYTHON_SOURCES)
	@for m in $(MODULES); do echo "go vet, $$m"; go vet -C $$m -tags localcloud ./... || exit 1; done
	@for m in $(MODULES); do echo "golangci-lint, $$m"; (cd $$m && $(CURDIR)/$(BIN)/golangci-lint run ./...) || exit 1; done

format:
	@echo "gofmt"; test -z "$$(gofmt -l $$(git ls-files '*.go') | tee /dev/stderr)"
	@echo "go mod tidy"; for m in $(MODULES) tools tools/bridge tools/kubernetes; do (cd $$m && go mod tidy -diff) || exit 1; done

generate: ## Write Pulumi.yaml's keys, the schemas of stack files and metric specs, and the tables in docs/
	go run ./stacks/generate

unit: python ## Run the tests that need no emulator
	$(PYTHON)/python -m pytest -q $(EMULATOR)
	cd tests/content && $(CURDIR)/$(PYTHON)/python -m pytest -q
	@for m in $(MODULES); do echo "go test, $$m"; go test -C $$m ./... || exit 1; done

job: python spark ## Run the streaming job's tests on real Spark, and kill it while records arrive
	@for d in $(JOB) tests/localcloud/spark; do echo "pytest, $$d"; (cd $$d && $(SPARK) -m pytest -q) || exit 1; done

recount: ## Have the batch count days again, in AWS: STACK=prod FROM=2026-11-25 TO=2026-11-26, which is exclusive
	@go run ./stacks/recount -stack "$(STACK)" -from "$(FROM)" -to "$(TO)" $(if $(ACCEPT_MISSING),-accept-missing)

soak: python spark ## Kill the streaming job 20 times while records arrive
	cd $(JOB) && METRICS_KILLS=20 $(SPARK) -m pytest -q -s tests/test_kills.py

e2e: tools spark trino opensearch ## Run the program from first preview to destroy in the local cloud
	@for m in tests/e2e tests/localcloud; do echo "go test, $$m"; \
		go test -C $$m -tags localcloud -count 1 -p 1 -timeout 30m ./... || exit 1; done

bench: localcloud ## Measure build, preview and up: seconds and memory
	@$(LOCALCLOUD) bench

bench-views: python trino ## Measure what each named query reads of 30 days of windows, and its seconds in Trino
	@go test -C tests/localcloud -tags localcloud -run '^$$' -bench . -benchtime 1x ./views

bench-search: python opensearch ## Measure indexing in a real OpenSearch, next to its own dynamic mapping
	@go test -C tests/localcloud -tags localcloud -run '^$$' -bench . -benchtime 1x ./search

bench-job: spark ## Measure both jobs: records a second, state and files, next to Spark that only parses
	@cd $(JOB) && PYTHONPATH=src $(SPARK) bench --spec $(CURDIR)/internal/metricspec/default.yaml

fuzz: ## Look for a config or a metric spec that is neither taken nor refused whole
	go test -run '^$$' -fuzz FuzzReadConfig -fuzztime 60s ./stacks
	go test -run '^$$' -fuzz FuzzParse -fuzztime 60s -fuzzminimizetime 10x ./internal/metricspec

clean: down ## Remove the tools too
	rm -rf .tools

spark: localcloud
	@$(LOCALCLOUD) spark

trino: localcloud
	@$(LOCALCLOUD) trino

opensearch: localcloud
	@$(LOCALCLOUD) opensearch

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
