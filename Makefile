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

# What `make regress`, `make nightly`, `make rerun-failed` run, and where.
TESTS     ?=
VARIANTS  ?=
SEEDS     ?=
RESUME    ?= 0
JOBS      ?= 2
SCHEDULER ?=
PROFILE   ?=
MEMORY    ?=

# Proofs of `make formal`: a name or a pattern, empty for all; QUICK=1: those of `make test`.
PROOF ?=
QUICK ?= 0
# Planted bugs of `make bugs`: patterns, by comma; empty for all.
NAMES ?=

# Design of `make synth`: a name or a pattern, empty for the whole chip.
DESIGN ?=

# Regression of `make report` and `make signoff` (empty: the latest nightly), stage to be judged.
REGRESSION ?=
STAGE      ?= V3

# What `make calibrate` plans, what `make figures` draws (empty: all figures, both networks).
PLAN     ?= accurate
COST     ?= pooled
FIGURES  ?=
NETWORKS ?=
CHECK    ?= 0

# Task of `make network`, network of `make calibrate`.
NET    ?= minilm
TOKENS ?=
LAYERS ?=

ifeq ($(filter $(SIM),verilator icarus),)
  $(error SIM=$(SIM): not a simulator of this project; use SIM=verilator or SIM=icarus)
endif

seed_option  = $(if $(SEED),--seed $(SEED))
waves_option = $(if $(filter 1,$(WAVES)),--waves)
farm_options = --jobs "$(JOBS)" --scheduler "$(SCHEDULER)" --profile "$(PROFILE)" --memory "$(MEMORY)"
# Sums in one order, whatever the processor, so that numbers come out again.
one_order    = OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell OPENBLAS_L2_SIZE=512
job_options  = --tests "$(TESTS)" --variants "$(VARIANTS)" --seeds "$(SEEDS)" --seed "$(SEED)" \
  $(if $(filter 1,$(RESUME)),--resume) $(farm_options)

.DEFAULT_GOAL := all
.PHONY: all help setup test gemm network calibrate figures regress nightly rerun-failed formal bugs mutate synth coverage report signoff bench lint format clean distclean

all: setup ## Set up, then run the main job (SIM=verilator|icarus SEED=N WAVES=1)
	@$(PYTHON) -m verif.main_job --sim $(SIM) $(seed_option) $(waves_option)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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

calibrate: setup ## Choose the formats of a network's layers within a budget (NET= PLAN=accurate|fast|front|... COST=)
	@$(one_order) $(PYTHON) -m models.calibrate --network "$(NET)" --cost "$(COST)" \
	  $(if $(filter front,$(PLAN)),--front,--plan "$(PLAN)")

figures: setup ## Draw the figures of the evaluation (FIGURES=name,... NETWORKS=minilm,smollm2 CHECK=1)
	@$(one_order) $(PYTHON) -m models.figures --figures "$(FIGURES)" --networks "$(NETWORKS)" \
	  $(if $(filter 1,$(CHECK)),--check)

regress: setup ## Run tests of the catalogue (TESTS= VARIANTS= SEEDS= SEED= JOBS= SCHEDULER= PROFILE= MEMORY= RESUME=1)
	@$(PYTHON) -m verif.regression regress $(job_options)

nightly: setup ## Run all of them with seeds of the day (the same options), all proofs and planted bugs; write the report
	@code=0; $(PYTHON) -m verif.regression nightly $(job_options) || code=$$?; \
	  [ $$code -le 1 ] || exit $$code; \
	  $(PYTHON) -m verif.formal --jobs "$(JOBS)" || code=$$?; \
	  $(PYTHON) -m verif.planted --jobs "$(JOBS)" || code=$$?; \
	  $(PYTHON) -m verif.report || exit; exit $$code

rerun-failed: setup ## Run again what failed in the latest regression (JOBS= SCHEDULER= PROFILE= MEMORY=)
	@$(PYTHON) -m verif.regression rerun-failed $(farm_options)

report: setup ## Write the HTML report of a regression (REGRESSION=, default the latest nightly)
	@$(PYTHON) -m verif.report --regression "$(REGRESSION)"

signoff: setup ## Say whether a stage holds, and what is missing (STAGE=V1|V2|V3 REGRESSION=)
	@$(PYTHON) -m verif.signoff --stage "$(STAGE)" --regression "$(REGRESSION)"

formal: setup ## Prove properties of the RTL for all inputs (PROOF=pattern QUICK=1 JOBS=)
	@$(PYTHON) -m verif.formal --proof "$(PROOF)" --jobs "$(JOBS)" $(if $(filter 1,$(QUICK)),--quick)

bugs: setup ## Plant every known bug into the RTL, each must be caught (NAMES=pattern,... JOBS=)
	@$(PYTHON) -m verif.planted --names "$(NAMES)" --jobs "$(JOBS)"

mutate: setup ## Break the RTL in N= places (BLOCK= pattern of modules SEED=), see what the tests notice (JOBS= SCHEDULER= PROFILE=); MUTANT=name: its waves
	@$(PYTHON) -m verif.mutation --mutant "$(MUTANT)" --block "$(BLOCK)" --count "$(N)" --seed "$(SEED)" \
	  --jobs "$(JOBS)" --scheduler "$(SCHEDULER)" --profile "$(PROFILE)"

synth: ## Map the chip to gates: area, timing, power, benches on the gates (DESIGN=pattern SEED= JOBS=)
	@verif/toolchain/setup.sh synth
	@$(PYTHON) -m verif.netlist --design "$(DESIGN)" --jobs "$(JOBS)" $(seed_option)

coverage: setup ## Merge and show the coverage of a regression (REGRESSION=folder, default the latest)
	@$(PYTHON) -m verif.coverage $(REGRESSION)

bench: setup ## Measure simulation speed and performance figures
	@$(PYTHON) -m verif.bench $(seed_option)

lint: setup ## Lint and check the style of SystemVerilog (Verilator, all warnings; verible) and Python (ruff)
	@$(PYTHON) -m verif.lint
	@$(PYTHON) -m verif.style
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check --quiet .

format: setup ## Format SystemVerilog (verible) and Python (ruff)
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m verif.style --fix

clean: ## Remove builds and results, keep the compiler cache
	@find sim_build -mindepth 1 -maxdepth 1 ! -name .gitignore ! -name .ccache -exec rm -rf {} +

distclean: clean ## Remove the compiler cache and .venv too
	@rm -rf sim_build/.ccache .venv
