# Panacea accelerator: thin front to the Python tools in verif/ and models/.

SIM    ?= verilator
PYTHON := .venv/bin/python
export PYTHONPATH := $(CURDIR)

# Operands of `make gemm`.
IN    ?=
OUT   ?= sim_build/gemm_out.npz
DTP   ?= auto
SEED  ?=
STALL ?= 0
WAVES ?= 0

# Task of `make network`.
NET    ?= minilm
TOKENS ?=
LAYERS ?=

ifeq ($(filter $(SIM),verilator icarus),)
  $(error SIM=$(SIM): not a simulator of this project; use SIM=verilator or SIM=icarus)
endif

seed_option  = $(if $(SEED),--seed $(SEED))
waves_option = $(if $(filter 1,$(WAVES)),--waves)

.DEFAULT_GOAL := all
.PHONY: all help setup test gemm network bench lint clean distclean

all: setup ## Set up, then run the main job (SIM=verilator|icarus SEED=N WAVES=1)
	@$(PYTHON) -m verif.main_job --sim $(SIM) $(seed_option) $(waves_option)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what is missing: system packages, .venv, Python packages
	@verif/toolchain/setup.sh

test: setup ## Run all tests (ARGS="-n 0 -k NAME" selects); JUnit in sim_build/tests.xml
	@$(PYTHON) -m pytest $(ARGS)

gemm: setup ## Multiply the matrices of a file on the RTL (IN= OUT= SIM= DTP= STALL= SEED= WAVES=)
	@$(if $(IN),,$(error gemm: IN is empty; give the input file, e.g. make gemm IN=case.npz))
	@$(PYTHON) -m verif.gemm --in "$(IN)" --out "$(OUT)" --sim $(SIM) --dtp "$(DTP)" \
	  --stall "$(STALL)" $(seed_option) $(waves_option)

network: setup ## Run a real network on the chip (NET=minilm|smollm2 TOKENS= LAYERS= SIM= STALL= SEED= WAVES=)
	@$(PYTHON) -m verif.network --net "$(NET)" --tokens "$(TOKENS)" --layers "$(LAYERS)" \
	  --sim $(SIM) --stall "$(STALL)" $(seed_option) $(waves_option)

bench: setup ## Measure simulation speed and performance figures
	@$(PYTHON) -m verif.bench $(seed_option)

lint: setup ## Lint RTL (Verilator, all warnings are errors) and Python (ruff)
	@$(PYTHON) -m verif.lint
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check --quiet .

clean: ## Remove builds and results, keep the compiler cache
	@find sim_build -mindepth 1 -maxdepth 1 ! -name .gitignore ! -name .ccache -exec rm -rf {} +

distclean: clean ## Remove the compiler cache and .venv too
	@rm -rf sim_build/.ccache .venv
