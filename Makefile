# Every command that this project knows; `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help

LOCALCLOUD := .tools/bin/localcloud

.PHONY: help up preview down test lint bench fuzz clean localcloud

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: localcloud ## Run the program in the local cloud: no AWS account needed
	@$(LOCALCLOUD) up

preview: localcloud ## Show what `make up` would change
	@$(LOCALCLOUD) preview

down: localcloud ## End the local cloud and remove all that it made
	@$(LOCALCLOUD) down

localcloud:
	@echo "Building the program (minutes the first time, with an empty Go cache)"
	@go build -o $(LOCALCLOUD) ./tests/localcloud/cmd/localcloud
	@go build -o /dev/null .
