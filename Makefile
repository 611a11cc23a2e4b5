# SPDX-License-Identifier: Apache-2.0
# Entry points. The build itself is CMake's: see CMakePresets.json.
.DEFAULT_GOAL := help
.PHONY: help packages programs build demo test test-long proof mutation mutation-c mutation-rtl coverage bench sanitize fuzz lint format clean

# configure, build and test presets share their names: release, debug, sanitizers, thread
PRESET ?= release
JOBS ?= $(shell nproc)
BUILD := $(if $(filter release,$(PRESET)),build,build-$(PRESET))
TESSERA := $(BUILD)/bin/tessera

help:
	@echo 'Tessera: a bit-accurate simulator of 4-bit training accelerators.'
	@echo
	@echo '  make demo        replay a captured training run on two machines, cost them, write a report'
	@echo '  make test        build, and run every test but the long ones'
	@echo '  make test-long   run the long tests (CTest keeps them behind: ctest -C long)'
	@echo '  make proof       RTL = netlist before mapping = mapped netlist, of every block'
	@echo '  make mutation    small changes of the models and the RTL: do the tests see them?'
	@echo '  make coverage    what the tests execute of the models and the RTL, in build-coverage/report'
	@echo '  make bench       measure speed: each block, a training step on a machine, arrays in SystemC'
	@echo '                   and RTL (build/bench_array.txt), the quantizers, and the GEMM beside'
	@echo '                   OpenBLAS (build/bench.txt)'
	@echo '  make sanitize    the tests again, under address and undefined-behaviour sanitizers; threads'
	@echo '  make fuzz        random input for packing and the readers of files, SECONDS=$(SECONDS) each'
	@echo '  make lint        formatting, static analysis of C and C++, lint of the RTL and scripts'
	@echo '  make format      format the C and C++ files in place'
	@echo '  make packages    install the Debian packages in packages.txt that are missing'
	@echo '  make build       only build: the commands are then $(TESSERA) VERB'
	@echo '  make clean       remove the build directories'
	@echo
	@echo 'PRESET=release|debug|sanitizers|thread picks the build, JOBS=$(JOBS) the number of processes.'

packages:
	@cmake/install-packages.sh

programs: packages
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET) --parallel $(JOBS) --target programs

build: packages
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET) --parallel $(JOBS)

# The main job: a captured training run on a 4-bit machine and on its 16-bit twin. The caches of
# synthesis and of verilated arrays stay in the build directory.
DEMO := $(BUILD)/demo
TRACE := traces/fashion_mnist_sawb_pact.h5
demo: export TESSERA_CACHE = $(abspath $(BUILD))/cache
demo: programs
	$(TESSERA) cost --design int4_fp4_8x8 --trace $(TRACE) -o $(DEMO)/int4_fp4
	$(TESSERA) cost --design fp16_8x8 --trace $(TRACE) -o $(DEMO)/fp16
	$(TESSERA) report -o $(DEMO) $(DEMO)/int4_fp4 $(DEMO)/fp16
	@echo 'The report: $(DEMO)/report.html (and report.json, report.csv)'

test: export TESSERA_CACHE = $(abspath $(BUILD))/cache
test: build
	ctest --preset $(PRESET) --parallel $(JOBS)

test-long: export TESSERA_CACHE = $(abspath $(BUILD))/cache
test-long: build
	ctest --test-dir $(BUILD) -C long -L long --output-on-failure --parallel $(JOBS)

proof: build
	tests/proof/proof.sh $(BUILD) -j $(JOBS)

mutation: mutation-rtl mutation-c

mutation-rtl: build
	tests/mutation/rtl/run.sh $(BUILD) -j $(JOBS)

mutation-c: build
	cmake --build --preset $(PRESET) --parallel $(JOBS) --target c_mutation_programs
	JOBS=$(JOBS) tests/mutation/c/run.sh $(BUILD)

coverage: packages
	cmake --preset coverage
	cmake --build --preset coverage --parallel $(JOBS) --target coverage_programs
	cmake --preset toggles
	cmake --build --preset toggles --parallel $(JOBS) --target coverage_blocks
	JOBS=$(JOBS) tests/coverage/run.sh build-coverage

# Repetitions in random order: what else the machine does meets all alike.
REPEATED = --benchmark_repetitions=5 --benchmark_min_time=0.05 \
    --benchmark_enable_random_interleaving=true --benchmark_display_aggregates_only=true \
    --benchmark_out_format=json

bench: export TESSERA_CACHE = $(abspath $(BUILD))/cache
bench: build
	$(BUILD)/bin/models_bench
	$(BUILD)/bin/step_bench
	$(BUILD)/bin/array_bench $(REPEATED) --benchmark_out=$(BUILD)/bench_array.json; failed=$$?; \
	    jq -r -f tests/bench/array.jq $(BUILD)/bench_array.json | tee $(BUILD)/bench_array.txt; \
	    exit $$failed
	$(BUILD)/bin/quantize_bench $(REPEATED) --benchmark_out=$(BUILD)/bench_quantize.json
	$(BUILD)/bin/gemm_bench $(REPEATED) --benchmark_out=$(BUILD)/bench.json
	jq -r -f tests/bench/quantize.jq $(BUILD)/bench_quantize.json | tee $(BUILD)/bench_quantize.txt
	jq -r -f tests/bench/table.jq $(BUILD)/bench.json | tee $(BUILD)/bench.txt

# Threads are the library's: its GEMM is what runs on more than one.
sanitize:
	$(MAKE) test PRESET=sanitizers
	cmake --preset thread
	cmake --build --preset thread --parallel $(JOBS) --target gemm_test
	TSAN_OPTIONS=allocator_may_return_null=1 build-thread/bin/gemm_test

# Each in turn; what one fails on is kept in build-sanitizers/.
SECONDS ?= 60
fuzz: packages
	cmake --preset sanitizers
	cmake --build --preset sanitizers --parallel $(JOBS) --target fuzz_programs
	for target in npy pack trace workload; do \
	    build-sanitizers/bin/$${target}_fuzz -t $(SECONDS) -o build-sanitizers/fuzz-$$target || exit 1; \
	done

lint: build
	cmake/lint.sh $(BUILD) $(JOBS)

format:
	git ls-files -z '*.c' '*.h' '*.cpp' '*.hpp' | xargs -0 clang-format-14 -i

clean:
	rm -rf build build-debug build-sanitizers build-thread build-coverage
