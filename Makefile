.DEFAULT_GOAL := help
.PHONY: help build test faults test-faults test-pgbouncer demo demo-check import-check formats-check webhooks-check clients-check admin-check tls-check bench instructions soak slow-check sanitize bench-spec bench-reconcile fuzz fuzz-long fmt lint clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Both executables, optimised, under .build/release
	@scripts/bootstrap
	swift build -c release

test: ## Installs what is missing and passes every test
	@scripts/bootstrap
	swift test --no-parallel

FAULT_MOMENTS ?= 200
faults: ## kill -9, frozen leaders, PostgreSQL and Git away or broken: the long form of what `make test` does in short
	@scripts/bootstrap faults
	CHARTER_FAULT_MOMENTS=$(FAULT_MOMENTS) swift test --no-parallel --filter FaultTests

test-faults: ## The same for the gateway and its ledger too, with sums of ten million charges and a replayed trace: an hour or two
	@scripts/bootstrap faults
	CHARTER_FAULT_LONG=1 CHARTER_FAULT_MOMENTS=$(FAULT_MOMENTS) swift test --no-parallel \
		--filter '^FaultTests\.|GatewayFaults|BudgetRaceTests|ChargeSumTests|FaultMatrixTests'

test-pgbouncer: ## The tests that use PostgreSQL once more, through PgBouncer in transaction mode
	@scripts/test-pgbouncer

demo: ## The whole platform on this machine, until Ctrl-C
	@scripts/demo

demo-check: ## The demo from start to end without a person
	@scripts/demo-check

import-check: ## The public tables of models and prices, whole: fetched from PyPI, imported, validated
	@scripts/import-check

webhooks-check: ## What `charter watch` sends, verified by the reference implementation of Standard Webhooks from PyPI
	@scripts/webhooks-check

clients-check: ## The openai package in two majors, langchain, llama-index, pydantic-ai and instructor, from PyPI, through the gateway
	@scripts/clients-check

admin-check: ## The admin API, held to its own description by openapi-spec-validator and schemathesis from PyPI
	@scripts/admin-check

tls-check: ## The gateway's TLS as testssl.sh sees it
	@scripts/tls-check

formats-check: ## What `charter validate` writes, read by tools from PyPI that are not ours
	@scripts/formats-check

bench: ## The gateway beside nginx and the bare upstream (MEASURES, ROUNDS, PEERS="nginx haproxy envoy litellm")
	@Benchmarks/run $(ROUNDS)

instructions: ## Instructions that a request executes, by callgrind, beside those recorded
	@Benchmarks/instructions

SOAK_MINUTES ?= 20
soak: ## Load with clients that leave, providers that fail and rules that change, for twenty minutes or SOAK_MINUTES
	@scripts/soak $(SOAK_MINUTES)

slow-check: ## slowhttptest's four attacks beside a probe that must be answered, SLOW_SECONDS each
	@scripts/slow-check $(SLOW_SECONDS)

sanitize: ## The tests of HTTP, Gateway and Policy under the thread and the address sanitizer
	@scripts/sanitize

bench-spec: ## `charter validate` on large repositories, beside PyYAML and jsonschema
	@Benchmarks/spec

bench-reconcile: ## Planning and applying large repositories, beside terraform
	@Benchmarks/reconcile

fuzz: ## The readers of the language and of the wire under libFuzzer, for a short while
	@Fuzz/run

FUZZ_SECONDS ?= 1200
fuzz-long: ## The same for twenty minutes each, or FUZZ_SECONDS
	@Fuzz/run $(FUZZ_SECONDS)

fmt: ## Formats every Swift file
	swift format --in-place --recursive --parallel Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources/Fuzz Benchmarks/Load/Package.swift Benchmarks/Load/Sources/Load

lint: ## Names what fmt would change and what the linter minds
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources/Fuzz Benchmarks/Load/Package.swift Benchmarks/Load/Sources/Load

clean: ## Removes the build and what the demo left; stops only this checkout's own PostgreSQL
	@scripts/clean
