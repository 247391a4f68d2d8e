# 砼行 Tongxing. `make run` 启动演示 starts the demo; `make test` 运行全部检查 runs every check. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# The Swift toolchain, and what is handed to the program: make run ARGS="--port 9000".
SWIFT ?= swift
ARGS ?=
export SWIFT

# SwiftPM checks imports of other packages only when it is asked to; ArrowTests hold the arrows between the rooms.
ARROWS := --explicit-target-dependency-import-check error
# What is tested is built as users run it, optimised, and so is the program that the tests run: one build for both, and
# tests that compute take a third of the time. Package.swift says which tests themselves are not optimised. It has a
# folder of its own, as its flags are not those of `make run`.
OPTIMISED := -c release -Xswiftc -enable-testing --scratch-path .build-test $(ARROWS)
TEST := $(SWIFT) test $(OPTIMISED) --skip-build
# Test targets of the rooms that touch C; they run once more under each sanitizer.
SANITIZED ?= MQTTClientTests|PostgresClientTests|IngestionPipelineTests|SealsTests|ExchangeTests|SafetyTests
LINTED := Sources Tests Benchmarks Package.swift

# $(call step,name,command): says what begins, and how long it took.
step = @printf '\n== %s\n' '$(1)'; begin=$$SECONDS; $(2); printf '== %s: %d s\n' '$(1)' "$$((SECONDS - begin))"

.PHONY: help run test fuzz fuzz-briefly bench faults lint format setup setup-test build-tests unit thread-sanitizer \
	address-sanitizer break-out small-years screenshots clean

help: ## 列出目标 lists the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

# The shell is replaced by the program, so Ctrl-C reaches it alone, and make waits until all of its parts have ended.
run: setup ## 安装所缺软件包、构建并启动演示 installs what is missing, builds, starts the demo
	$(SWIFT) build -c release --product tongxing $(ARROWS)
	@exec .build/release/tongxing demo $(ARGS)

test: setup-test lint build-tests unit thread-sanitizer address-sanitizer fuzz-briefly ## 全部检查 every check, as CI runs them
	@printf '\n全部通过 all passed (%d min)\n' "$$(( ($$(date +%s) - $(STARTED)) / 60 ))"

# libFuzzer on each decoder; what it learnt stays in .build-fuzz for the next time.
FUZZ_SECONDS ?= 60

fuzz: ## 模糊测试各解码器 fuzzes each decoder for FUZZ_SECONDS
	@Tests/Fuzz/run.sh $(FUZZ_SECONDS)

fuzz-briefly:
	$(call step,fuzz,Tests/Fuzz/run.sh 10)

bench: setup ## 基准测试 benchmarks, see Benchmarks/README.md
	@Benchmarks/setup.sh
	$(SWIFT) build -c release --product tongxing $(ARROWS)
	$(SWIFT) build -c release --product benchmarks $(ARROWS)
	@.build/release/benchmarks $(ARGS)

# FAULT_SEED chooses the first seed, FAULT_ROUNDS how many; a seed that fails names itself. What was counted goes into
# Benchmarks/results/faults.md.
faults: export FAULT_ROUNDS ?= 20
faults: export SIMULATION_SEEDS ?= 5000
faults: export FAULT_TABLE = $(CURDIR)/.build-test/fault-counts
faults: setup-test build-tests ## 故障测试，多轮 fault tests and simulation with many seeds
	@rm -f $(FAULT_TABLE)
	$(TEST) --filter '^(FaultTests|IngestionPipelineTests)\.'
	@Tests/FaultTests/table.sh $(FAULT_TABLE) >Benchmarks/results/faults.md

break-out: setup-test build-tests ## 写出越权试验表 writes the table of who gets what (Tests/EndToEndTests/BreakOut.md)
	BREAK_OUT=write $(TEST) --filter nobodyBreaksOut

small-years: setup-test build-tests ## 写出零、一、两起年份所印 writes what years of 0, 1 and 2 accidents print (Tests/SafetyTests/SmallYears.md)
	SMALL_YEARS=write $(TEST) --filter theDocumentIsWhatIsPrinted

screenshots: setup-test ## 截取控制台每一页 makes the pictures of every page of the console
	$(SWIFT) build -c release --product tongxing $(ARROWS)
	@deploy/screenshots/take.py $(ARGS)

lint: ## 检查格式 checks the format
	$(call step,lint,$(SWIFT) format lint --strict --recursive $(LINTED))

format: ## 改写格式 formats in place
	$(SWIFT) format --in-place --recursive $(LINTED)

setup:
	@deploy/setup.sh

setup-test:
	$(call step,setup,deploy/setup.sh --test)

build-tests:
	$(call step,build,$(SWIFT) build $(OPTIMISED) --build-tests)

# The whole product comes after the rooms: beside hundreds of tests that compute, a browser would wait for minutes.
WHOLE := ^(EndToEndTests|FaultTests)\.

# Three seeds of the fault tests take half a minute longer than one.
unit: export FAULT_ROUNDS ?= 3
unit:
	$(call step,tests of the rooms,Tests/say-failures.sh $(TEST) --skip '$(WHOLE)')
	$(call step,tests of the whole,Tests/say-failures.sh $(TEST) --filter '$(WHOLE)')

# $(call sanitized,which,folder): only the rooms that touch C, and what they stand on, are built.
# The simulation runs every seed in `unit`; here a few pass every line of it. The backtracer can hang on a sanitizer's deliberate crash, so it is off; XCTest, of which there are
# no tests, leaks on its own.
sanitized = SWIFT_BACKTRACE=enable=no SIMULATION_SEEDS=$${SIMULATION_SEEDS:-20} TONGXING_ONLY='$(SANITIZED)' \
    Tests/say-failures.sh $(SWIFT) test --sanitize=$(1) --scratch-path $(2) \
	--disable-xctest --filter '^($(SANITIZED))\.'

thread-sanitizer:
	$(call step,thread sanitizer,$(call sanitized,thread,.build-tsan))

address-sanitizer:
	$(call step,address sanitizer,$(call sanitized,address,.build-asan))

clean: ## 删除构建产物（保留演示数据） removes what was built, keeps the demo's data
	rm -rf .build .build-test .build-tsan .build-asan .build-fuzz .build-tools

STARTED := $(shell date +%s)
