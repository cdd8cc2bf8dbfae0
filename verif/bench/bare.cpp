// SPDX-License-Identifier: Apache-2.0
// Bare harness of the Verilated AQS-GEMM core: no VPI, no Python, no monitors. Plays the stream
// files of a folder (c.bin, b.bin, x.bin, w0.bin, ...) into the core without stalls, writes the
// result beats to y.bin and prints cycles and seconds. The yardstick for the environment's speed.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "Vtop.h"
#include "verilated.h"

namespace {

constexpr int kStartCycles = 10;
constexpr long kQuietCycles = 100000;

std::vector<uint8_t> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        std::fprintf(stderr, "cannot read %s\n", path.c_str());
        std::exit(2);
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

// A file of beats, most significant byte first.
class Source {
   public:
    Source(const std::string& path, int bytes) : bytes_(bytes), data_(read_file(path)) {}
    bool valid() const { return at_ < data_.size(); }
    void next() { at_ += bytes_; }
    uint32_t word(int index) const {  // 32-bit word, counted from the least significant
        return value(bytes_ - 4 * (index + 1), 4);
    }
    uint64_t beat() const { return value(0, bytes_); }  // a whole beat of up to 8 bytes

   private:
    uint64_t value(size_t first, size_t count) const {
        uint64_t v = 0;
        for (size_t i = 0; i < count; i++) v = v << 8 | data_[at_ + first + i];
        return v;
    }

    size_t bytes_, at_ = 0;
    std::vector<uint8_t> data_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: %s FOLDER NUM_PEA RESULT_BEATS\n", argv[0]);
        return 2;
    }
    const std::string dir = std::string(argv[1]) + "/";
    const int num_pea = std::atoi(argv[2]);
    const long beats = std::atol(argv[3]);
    Source cmd(dir + "c.bin", 6), bias(dir + "b.bin", 16), act(dir + "x.bin", 32);
    std::vector<Source> weights;
    for (int p = 0; p < num_pea; p++) weights.emplace_back(dir + "w" + std::to_string(p) + ".bin", 8);
    std::ofstream out(dir + "y.bin", std::ios::binary);

    VerilatedContext context;
    Vtop core{&context};
    uint32_t* w_data = reinterpret_cast<uint32_t*>(&core.w_data_i);
    core.rst_ni = 0;
    core.y_ready_i = 1;
    long cycle = 0, first = 0, last = 0, quiet = 0, seen = 0;
    const auto start = std::chrono::steady_clock::now();
    while (seen < beats && quiet < kQuietCycles) {
        core.clk_i = 0;
        core.rst_ni = cycle >= kStartCycles;
        const bool on = core.rst_ni;
        core.cmd_valid_i = on && cmd.valid();
        if (cmd.valid()) core.cmd_i = cmd.beat();
        core.b_valid_i = on && bias.valid();
        if (bias.valid())
            for (int i = 0; i < 4; i++) core.b_data_i[i] = bias.word(i);
        core.x_valid_i = on && act.valid();
        if (act.valid())
            for (int i = 0; i < 8; i++) core.x_data_i[i] = act.word(i);
        uint32_t w_valid = 0;
        for (int p = 0; p < num_pea; p++) {
            if (!weights[p].valid()) continue;
            w_valid |= uint32_t(on) << p;
            w_data[2 * p] = weights[p].word(0);
            w_data[2 * p + 1] = weights[p].word(1);
        }
        core.w_valid_i = w_valid;
        core.eval();
        quiet++;
        if (core.cmd_valid_i && core.cmd_ready_o) {
            if (first == 0) first = cycle;
            cmd.next();
        }
        if (core.b_valid_i && core.b_ready_o) bias.next();
        if (core.x_valid_i && core.x_ready_o) {
            act.next();
            quiet = 0;
        }
        for (int p = 0; p < num_pea; p++)
            if ((w_valid & core.w_ready_o) >> p & 1) weights[p].next();
        if (core.y_valid_o) {
            for (int i = 15; i >= 0; i--) {
                const uint32_t v = core.y_data_o[i];
                const char bytes[4] = {char(v >> 24), char(v >> 16), char(v >> 8), char(v)};
                out.write(bytes, 4);
            }
            last = cycle;
            seen++;
            quiet = 0;
        }
        core.clk_i = 1;
        core.eval();
        cycle++;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    core.final();
    out.close();
    if (!out || seen < beats || core.err_o != 0) {
        std::fprintf(stderr, "%ld of %ld result beats, err %d\n", seen, beats, int(core.err_o));
        return 1;
    }
    std::printf("cycles %ld simulated %ld seconds %.6f\n", last - first + 1, cycle, took.count());
    return 0;
}
