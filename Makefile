# `make help` lists what there is to do. Every target installs what it needs first (Scripts/setup.sh).

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build agents demo-tools demo test fuzz bench lint format clean

WITH_TOOLCHAIN := source Scripts/toolchain.sh &&

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: ## install what is missing, saying what (sudo when not root)
	@Scripts/setup.sh

build: setup ## build the program: .build/release/bramble
	@$(WITH_TOOLCHAIN) swift build -c release --product bramble

agents: setup ## build the agent for aarch64, armv7, armv6 and this machine: Agents/build/
	@$(WITH_TOOLCHAIN) Scripts/agents.sh

demo-tools: build
	@$(WITH_TOOLCHAIN) swift build -c release --product motion-windows
	@$(WITH_TOOLCHAIN) swift build -c release --product bramble-lab

demo: agents build demo-tools ## a fleet of three devices, one good rollout, one that is taken back
	@$(WITH_TOOLCHAIN) Demo/run.sh

test: setup ## build and run every test; FILTER=Name runs those whose name matches
	@$(WITH_TOOLCHAIN) Scripts/test.sh $(FILTER)

fuzz: setup ## try broken files on what reads them, for SECONDS=60 together
	@$(WITH_TOOLCHAIN) Scripts/fuzz.sh $(SECONDS)

bench: setup ## our latency and memory beside LiteRT and ONNX Runtime; FILTER=lstm/int8 measures some
	@$(WITH_TOOLCHAIN) Tests/Benchmarks/run.sh $(FILTER)

lint: setup ## check the format of every source file
	@$(WITH_TOOLCHAIN) Scripts/lint.sh

format: setup ## bring every source file into format
	@$(WITH_TOOLCHAIN) Scripts/lint.sh --fix

clean: ## remove what was built
	rm -rf .build .build-* Agents/build
