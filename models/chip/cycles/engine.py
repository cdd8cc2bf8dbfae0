"""The loop of the chip's cycle model.

Every cycle first the handshakes between all blocks, from their registers; then every block moves
its own registers on.
"""

import numpy as np
from numba import njit

from models import cycle_core, cycle_pea, cycle_pooled, cycle_registers, cycle_scheduler
from models.chip.cycles import (
    activation_dma,
    axi_reader,
    axi_writer,
    dispatcher,
    packetizer,
    parameter_dma,
    ppu,
    read_arbiter,
    replay_fifo,
    result_dma,
    weight_dma,
    wmem,
    work,
)
from models.chip.cycles.axi_reader import (
    NO_BEAT,
    TAG_ACT,
    TAG_ACT_LAST,
    TAG_DESC,
    TAG_PARAM,
    TAG_TABLE,
    TAG_WEIGHT,
)
from models.chip.cycles.dispatcher import LEFT, OUTPUTS, Q_ACT, Q_CMD, Q_OUT, Q_PAR, Q_WEIGHT
from models.chip.cycles.packetizer import BEAT_NONE
from models.chip.cycles.replay_fifo import PASS_DEPTH, PASSES, VALID
from models.chip.cycles.result_dma import WRITTEN
from models.chip.cycles.work import C_W_KEEP, C_W_PLAY, C_X_KEEP, C_X_PLAY
from models.cycle_cache import sources
from models.cycle_core import (
    NEXT_CMD,
    core_bias_ready,
    core_cycle,
    core_ready,
    core_state,
    core_x_ready,
    core_y_valid,
)
from models.cycle_registers import WEIGHTS_WAIT

__all__ = ["COUNTER_NAMES", "run_chip"]

_QUIET = 1 << 20  # cycles without a beat on the bus after which the model gives up
_BEAT_BYTES, _LENGTH_BYTES = 32, 2

COUNTER_NAMES = (
    "CYCLES", "PPU_BUSY", "DMA_READ_BUSY", "DMA_WRITE_BUSY", "BYTES_READ", "BYTES_WRITTEN",
    "WMEM_WRITES", "WMEM_READS", "AMEM_WRITES", "AMEM_READS", "OMEM_WRITES", "OMEM_READS",
    "STALL_WEIGHTS", "STALL_ACTIVATIONS", "STALL_RESULTS", "STALL_DESCRIPTOR", "STALL_BUS",
)  # fmt: skip
"""Counters of the CSR, in the order of what `run_chip` returns; the bus is never stalled."""

(
    CYCLES, PPU_BUSY, DMA_READ_BUSY, DMA_WRITE_BUSY, BYTES_READ, BYTES_WRITTEN,
    WMEM_WRITES, WMEM_READS, AMEM_WRITES, AMEM_READS, OMEM_WRITES, OMEM_READS,
    STALL_WEIGHTS, STALL_ACTIVATIONS, STALL_RESULTS, STALL_DESCRIPTOR, _STALL_BUS, _COUNTERS,
) = range(18)  # fmt: skip


def _compile(version):
    @njit(cache=True)
    def run_chip(program, sizes, core_work, core_sizes):
        """Counters of a run, CYCLES -1 without progress, and events of the core."""
        _ = version
        commands, outputs, peas = program.commands, program.outputs, sizes.num_pea
        counts = np.zeros(_COUNTERS, np.int64)
        core = core_state(peas)
        desc = np.zeros(dispatcher.FIELDS, np.int64)
        par = np.zeros(parameter_dma.FIELDS, np.int64)
        acts = np.zeros(activation_dma.FIELDS, np.int64)
        weights = np.zeros(weight_dma.FIELDS, np.int64)
        reader = np.zeros(axi_reader.FIELDS, np.int64)
        amem = np.zeros(replay_fifo.FIELDS, np.int64)
        banks = np.zeros((peas, replay_fifo.FIELDS), np.int64)
        word = np.zeros(peas, np.int64)
        w_valid = np.zeros(peas, np.int64)
        unit = np.zeros(ppu.FIELDS, np.int64)
        results = np.zeros(result_dma.FIELDS, np.int64)
        writer = np.zeros(axi_writer.FIELDS, np.int64)
        # The first cycle only starts the dispatcher.
        result_dma.clear(results)
        dispatcher.start(desc, program.prog_line, len(commands))
        cycle, moved = 1, 1

        while desc[LEFT] > 0 or desc[OUTPUTS] != results[WRITTEN] or ppu.busy(unit):
            if cycle - moved > _QUIET + sizes.latency:
                counts[CYCLES] = -1
                return counts, core.events

            # Commands, with what the memories play for them.
            cmd_ready, cmd_valid = core_ready(core), desc[Q_CMD] > 0
            accept, w_play, x_play, w_keep, x_keep = False, False, False, 0, 0
            if cmd_ready and cmd_valid:
                command = commands[core.core[NEXT_CMD]]
                w_play, x_play = command[C_W_PLAY] == 1, command[C_X_PLAY] == 1
                w_keep, x_keep = command[C_W_KEEP], command[C_X_KEEP]
                accept = (not w_play or wmem.pass_space(banks)) and (
                    not x_play or amem[PASSES] < PASS_DEPTH
                )
            # Streams of the core, parameters and output of the PPU.
            x_ready, x_valid = core_x_ready(core.core), amem[VALID] == 1
            x_take = x_ready and x_valid
            b_take = parameter_dma.bias_valid(par) and core_bias_ready(core.core)
            y_valid, y_ready = core_y_valid(core.core), ppu.ready(unit, outputs, peas)
            y_take = y_valid and y_ready
            par_take = parameter_dma.row_valid(par) and ppu.parameter_ready(unit)
            ppu_start = parameter_dma.command_valid(par) and ppu.command_ready(
                unit, outputs, peas, y_take
            )
            out = BEAT_NONE
            if result_dma.ready(results, sizes.omem_beats):
                out = ppu.beat(unit)
            # Reads: the beat that arrives, the request that is taken.
            tag = axi_reader.beat_tag(reader, cycle)
            act_beat = tag == TAG_ACT or tag == TAG_ACT_LAST
            act_last = tag == TAG_ACT_LAST and axi_reader.ends_request(reader)
            bank, bank_last = -1, False
            if tag == TAG_WEIGHT:
                bank = weight_dma.bank(weights)
                bank_last = weight_dma.bank_last(weights, program.chunk_beats, program.chunk_last)
            segment = activation_dma.segment_request(
                acts, program.segment_beats, replay_fifo.used(amem), sizes.amem_beats
            )
            w_beats = weight_dma.request(weights, wmem.used(banks), sizes.wmem_beats)
            line, beats, asked = read_arbiter.choose(
                reader, desc, par, acts, segment, weights, w_beats
            )
            act_start = desc[Q_ACT] > 0 and activation_dma.job_ready(
                acts, program.act_jobs, results[WRITTEN]
            )
            weight_start = desc[Q_WEIGHT] > 0 and weight_dma.job_ready(weights)
            par_valid = desc[Q_PAR] > 0
            # Writes.
            request = desc[Q_OUT] > 0 and result_dma.request(results) and axi_writer.ready(writer)
            out_line, out_beats = 0, 0
            if request:
                out_line, out_beats = result_dma.target(results, outputs)
            data = result_dma.data_valid(results) and axi_writer.takes(writer)
            length = result_dma.length_valid(results) and axi_writer.takes(writer)
            done = axi_writer.done(writer, cycle)

            # Counters.
            counts[PPU_BUSY] += ppu.busy(unit)
            counts[DMA_READ_BUSY] += axi_reader.busy(reader)
            counts[DMA_WRITE_BUSY] += axi_writer.busy(writer)
            counts[BYTES_READ] += _BEAT_BYTES * (tag != NO_BEAT)
            counts[BYTES_WRITTEN] += _BEAT_BYTES * data + _LENGTH_BYTES * length
            counts[WMEM_WRITES] += bank >= 0
            counts[AMEM_WRITES] += act_beat
            counts[AMEM_READS] += x_take
            counts[OMEM_WRITES] += out != BEAT_NONE
            counts[OMEM_READS] += data
            counts[STALL_ACTIVATIONS] += x_ready and not x_valid
            counts[STALL_RESULTS] += y_valid and not y_ready
            counts[STALL_DESCRIPTOR] += cmd_ready and not cmd_valid and desc[LEFT] > 0
            if tag != NO_BEAT or data or done:
                moved = cycle

            # Registers.
            dispatcher.step(desc, commands, asked == TAG_DESC, tag == TAG_DESC)
            desc[Q_CMD] -= accept
            desc[Q_WEIGHT] -= weight_start
            desc[Q_ACT] -= act_start
            desc[Q_PAR] -= parameter_dma.step(
                par, program.parameters, peas, par_valid, asked == TAG_PARAM, tag == TAG_PARAM,
                b_take or par_take, ppu_start,
            )  # fmt: skip
            activation_dma.step(
                acts, program.act_jobs, act_start, asked == TAG_TABLE,
                beats if asked == TAG_ACT or asked == TAG_ACT_LAST else 0,
                tag == TAG_TABLE, act_beat,
            )  # fmt: skip
            weight_dma.step(
                weights, program.weight_jobs, program.chunk_beats, weight_start,
                beats if asked == TAG_WEIGHT else 0, tag == TAG_WEIGHT,
            )  # fmt: skip
            axi_reader.step(reader, cycle, sizes.latency, tag != NO_BEAT, line, beats, asked)
            core_cycle(core_work, core_sizes, core, cycle, accept, w_valid, x_take, b_take, y_ready)
            counts[STALL_WEIGHTS] += core.events[WEIGHTS_WAIT]
            counts[WMEM_READS] += wmem.step(
                banks, word, w_valid, core.pea, bank, bank_last, accept and w_play, w_keep
            )
            replay_fifo.step(amem, act_beat, act_last, accept and x_play, x_keep, x_ready)
            ppu.step(unit, outputs, program.entries, peas, y_take, ppu_start, out != BEAT_NONE)
            desc[Q_OUT] -= result_dma.step(results, outputs, out, request, data or length, done)
            axi_writer.step(
                writer, cycle, sizes.b_delay, data or length, request, out_line, out_beats
            )
            cycle += 1
        counts[CYCLES] = cycle + 1
        return counts, core.events

    return run_chip


run_chip = _compile(
    sources(
        cycle_core,
        cycle_pea,
        cycle_pooled,
        cycle_registers,
        cycle_scheduler,
        activation_dma,
        axi_reader,
        axi_writer,
        dispatcher,
        packetizer,
        parameter_dma,
        ppu,
        read_arbiter,
        replay_fifo,
        result_dma,
        weight_dma,
        wmem,
        work,
    )
)
