// SPDX-License-Identifier: Apache-2.0
// Bare harness of the Verilated chip: no VPI, no Python, no monitors. Runs the program in mem.bin
// of the current folder, writes memory to mem.out, prints cycles of the run, cycles simulated and
// seconds. The yardstick for the environment's speed.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "Vtop.h"
#include "verilated.h"

namespace {

constexpr long kLongest = 100000000;
constexpr int kCtrl = 0x020, kStatus = 0x024, kCount = 0x048, kEnable = 0x054, kCycles = 0x100;
constexpr uint32_t kDoneAndIdle = 5;

VerilatedContext context;
Vtop* top;
long cycle = 0;

void step() {
    top->clk_i = 0;
    top->eval();
    top->clk_i = 1;
    top->eval();
    cycle++;
}

uint32_t access(bool write, int address, uint32_t data = 0) {
    const uint32_t before = top->done_o;
    top->write_i = write;
    top->addr_i = address;
    top->data_i = data;
    top->go_i = 1;
    step();
    top->go_i = 0;
    while (top->done_o == before) step();
    return top->data_o;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s LINES DESCRIPTORS\n", argv[0]);
        return 2;
    }
    top = new Vtop{&context};
    top->lines_i = std::atol(argv[1]);
    top->rst_ni = 0;
    for (int i = 0; i < 10; i++) step();
    top->rst_ni = 1;
    top->load_i = 1;
    step();
    top->load_i = 0;
    const long first = cycle;
    const auto start = std::chrono::steady_clock::now();
    access(true, kCount, std::atol(argv[2]));
    access(true, kEnable, 3);
    access(true, kCtrl, 1);
    while (!top->irq_o && cycle < kLongest) step();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const long simulated = cycle - first;
    const uint32_t status = access(false, kStatus), cycles = access(false, kCycles);
    top->store_i = 1;
    step();
    top->final();
    if (status != kDoneAndIdle) {
        std::fprintf(stderr, "status %x\n", status);
        return 1;
    }
    std::printf("cycles %u simulated %ld seconds %.6f\n", cycles, simulated, took.count());
    return 0;
}
