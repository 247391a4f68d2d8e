# 砼行 Tongxing. `make run` 启动演示 starts the demo; `make test` 运行全部检查 runs every check. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# The Swift toolchain, and what is handed to the program: make run ARGS="--port 9000".
SWIFT ?= swift
ARGS ?=
export SWIFT

# SwiftPM checks the arrows between the rooms (Sources/README.md) only when it is asked to.
ARROWS := --explicit-target-dependency-import-check error
# Test targets of the rooms that touch C; they run once more under each sanitizer.
SANITIZED ?= MQTTClientTests|PostgresClientTests|IngestionPipelineTests|FleetStoreTests
LINTED := Sources Tests Benchmarks Package.swift

# $(call step,name,command): says what begins, and how long it took.
step = @printf '\n== %s\n' '$(1)'; begin=$$SECONDS; $(2); printf '== %s: %d s\n' '$(1)' "$$((SECONDS - begin))"

.PHONY: help run test bench lint format setup setup-test build-tests unit release thread-sanitizer address-sanitizer clean

help: ## 列出目标 lists the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

# The shell is replaced by the program, so Ctrl-C reaches it alone, and make waits until all of its parts have ended.
run: setup ## 安装所缺软件包、构建并启动演示 installs what is missing, builds, starts the demo
	$(SWIFT) build -c release --product tongxing $(ARROWS)
	@exec .build/release/tongxing demo $(ARGS)

test: setup-test lint build-tests unit release thread-sanitizer address-sanitizer ## 全部检查 every check, as CI runs them
	@printf '\n全部通过 all passed (%d min)\n' "$$(( ($$(date +%s) - $(STARTED)) / 60 ))"

bench: setup ## 基准测试 benchmarks, see Benchmarks/README.md
	$(SWIFT) build -c release --product tongxing $(ARROWS)
	$(SWIFT) run -c release $(ARROWS) benchmarks $(ARGS)

lint: ## 检查格式 checks the format
	$(call step,lint,$(SWIFT) format lint --strict --recursive $(LINTED))

format: ## 改写格式 formats in place
	$(SWIFT) format --in-place --recursive $(LINTED)

setup:
	@deploy/setup.sh

setup-test:
	$(call step,setup,deploy/setup.sh --test)

build-tests:
	$(call step,build,$(SWIFT) build --build-tests $(ARROWS))

unit:
	$(call step,tests,$(SWIFT) test --skip-build $(ARROWS))

# Warnings and arrows differ between the configurations, and `make run` builds this one.
release:
	$(call step,release build,$(SWIFT) build -c release --product tongxing $(ARROWS))

# The backtracer can hang on a sanitizer's deliberate crash, so it is off in both passes.
thread-sanitizer:
	$(call step,thread sanitizer,SWIFT_BACKTRACE=enable=no $(SWIFT) test --sanitize=thread \
		--scratch-path .build-tsan --filter '^($(SANITIZED))\.')

# Bad accesses only: what libraries and the test process keep until the end is no leak worth a red build.
address-sanitizer:
	$(call step,address sanitizer,SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address \
		--scratch-path .build-asan --filter '^($(SANITIZED))\.')

clean: ## 删除构建产物（保留演示数据） removes what was built, keeps the demo's data
	rm -rf .build .build-tsan .build-asan

STARTED := $(shell date +%s)
