# SPDX-License-Identifier: Apache-2.0
# Entry points. The build itself is CMake's: see CMakePresets.json.
.DEFAULT_GOAL := help
.PHONY: help packages build demo test test-long bench sanitize lint format clean

# configure, build and test presets share their names: release, debug, sanitizers
PRESET ?= release
JOBS ?= $(shell nproc)
BUILD := $(if $(filter release,$(PRESET)),build,build-$(PRESET))
TESSERA := $(BUILD)/bin/tessera

help:
	@echo 'Tessera: a bit-accurate simulator of 4-bit training accelerators.'
	@echo
	@echo '  make demo        build, and show what the simulator knows'
	@echo '  make test        build, and run every test but the long ones'
	@echo '  make test-long   run the long tests (CTest keeps them behind: ctest -C long)'
	@echo '  make bench       measure speed'
	@echo '  make sanitize    the tests again, under address and undefined-behaviour sanitizers'
	@echo '  make lint        formatting, static analysis of C and C++, lint of the RTL and scripts'
	@echo '  make format      format the C and C++ files in place'
	@echo '  make packages    install the Debian packages in packages.txt that are missing'
	@echo '  make build       only build: the commands are then $(TESSERA) VERB'
	@echo '  make clean       remove the build directories'
	@echo
	@echo 'PRESET=release|debug|sanitizers picks the build, JOBS=$(JOBS) the number of processes.'

packages:
	@cmake/install-packages.sh

build: packages
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET) --parallel $(JOBS)

demo: build
	$(TESSERA) --help
	$(TESSERA) blocks
	$(TESSERA) blocks chunk_accumulator Variant=split

test: build
	ctest --preset $(PRESET) --parallel $(JOBS)

test-long: build
	ctest --test-dir $(BUILD) -C long -L long --output-on-failure --parallel $(JOBS)

bench: build
	$(BUILD)/bin/models_bench

sanitize:
	$(MAKE) test PRESET=sanitizers

lint: build
	cmake/lint.sh $(BUILD) $(JOBS)

format:
	git ls-files -z '*.c' '*.h' '*.cpp' '*.hpp' | xargs -0 clang-format-14 -i

clean:
	rm -rf build build-debug build-sanitizers
