"""The loop of the chip's cycle model.

Every cycle first the handshakes between all blocks, from their registers; then every block moves
its own registers on.
"""

import numpy as np
from numba import njit

from models import cycle_core, cycle_pea
from models.chip import (
    cycles_dispatch,
    cycles_loads,
    cycles_packets,
    cycles_params,
    cycles_ppu,
    cycles_reader,
    cycles_replay,
    cycles_results,
    cycles_work,
    cycles_writer,
)
from models.chip.cycles_dispatch import (
    DD_FIELDS,
    DD_LEFT,
    DD_LINE,
    DESC_BEATS,
    LEFT,
    OUTPUTS,
    Q_ACT,
    Q_CMD,
    Q_OUT,
    Q_PAR,
    Q_WEIGHT,
    dispatch_cycle,
    dispatch_request,
)
from models.chip.cycles_loads import (
    ACT_DMA_FIELDS,
    AD_LEFT,
    AD_LINE,
    AD_TABLE_LINE,
    WD_LINE,
    WEIGHT_DMA_FIELDS,
    act_job_ready,
    act_segment_request,
    act_table_request,
    acts_cycle,
    weight_bank,
    weight_bank_last,
    weight_job_ready,
    weight_request,
    weights_cycle,
)
from models.chip.cycles_packets import BEAT_NONE
from models.chip.cycles_params import (
    PD_FIELDS,
    PD_LINE,
    params_bias_valid,
    params_command,
    params_cycle,
    params_request,
    params_row_valid,
)
from models.chip.cycles_ppu import (
    PPU_FIELDS,
    ppu_beat,
    ppu_busy,
    ppu_command_ready,
    ppu_cycle,
    ppu_parameter_ready,
    ppu_ready,
)
from models.chip.cycles_reader import (
    NO_BEAT,
    READER_FIELDS,
    TAG_ACT,
    TAG_ACT_LAST,
    TAG_DESC,
    TAG_PARAM,
    TAG_TABLE,
    TAG_WEIGHT,
    WEIGHTS_NEXT,
    reader_beat,
    reader_busy,
    reader_cycle,
    reader_ends_request,
    reader_ready,
)
from models.chip.cycles_replay import (
    PASS_DEPTH,
    PASSES,
    REPLAY_FIELDS,
    VALID,
    replay_cycle,
    replay_used,
)
from models.chip.cycles_results import (
    RESULT_FIELDS,
    WRITTEN,
    results_clear,
    results_cycle,
    results_data_valid,
    results_length_valid,
    results_ready,
    results_request,
    results_target,
)
from models.chip.cycles_work import C_W_KEEP, C_W_PLAY, C_X_KEEP, C_X_PLAY
from models.chip.cycles_writer import (
    WRITER_FIELDS,
    writer_busy,
    writer_cycle,
    writer_done,
    writer_ready,
    writer_takes,
)
from models.cycle_cache import block, sources
from models.cycle_core import (
    NEXT_CMD,
    Y_VALID,
    core_bias_ready,
    core_cycle,
    core_ready,
    core_state,
    core_x_ready,
)
from models.cycle_pea import LD_TAKE, TAKE_LAST, WEIGHTS_WAIT

__all__ = ["COUNTER_NAMES", "run_chip"]

_QUIET = 1 << 16  # cycles without a beat on the bus after which the model gives up
_WORDS = 4  # weight words in an entry of WMEM
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


@block
def _wmem(banks, word, pea, w_valid, bank, last, play, keep, counts):
    """One cycle of all banks; returns entries of the fullest one, and whether all take a pass.

    Args:
        banks, word: registers of the replay FIFOs; the word of its entry that each offers.
        pea: registers of the PEAs; their loaders have moved on.
        w_valid: set to what the banks offer from now on.
        bank, last: the bank that is written, or -1, its block's last entry.
        play, keep: a pass is asked for, which keeps the block.
        counts: counters to add to.
    """
    used, space = 0, True
    for p in range(len(banks)):
        f, taken = banks[p], pea[p, LD_TAKE]
        pop = taken == TAKE_LAST or (taken > 0 and word[p] == _WORDS - 1)
        word[p] = 0 if pop else word[p] + (1 if taken > 0 else 0)
        replay_cycle(f, bank == p, last, play, keep, pop)
        counts[WMEM_READS] += 1 if pop else 0
        counts[WMEM_WRITES] += 1 if bank == p else 0
        used = max(used, replay_used(f))
        space &= f[PASSES] < PASS_DEPTH
        w_valid[p] = f[VALID]
    return used, space


def _compile(version):
    @njit(cache=True)
    def run_chip(work, sizes, core_work, core_sizes):
        """Counters of a run, CYCLES -1 without progress, and events of the core."""
        _ = version
        peas = sizes.num_pea
        core = core_state(peas)
        disp = np.zeros(DD_FIELDS, np.int64)
        par = np.zeros(PD_FIELDS, np.int64)
        acts = np.zeros(ACT_DMA_FIELDS, np.int64)
        weights = np.zeros(WEIGHT_DMA_FIELDS, np.int64)
        reader = np.zeros(READER_FIELDS, np.int64)
        amem = np.zeros(REPLAY_FIELDS, np.int64)
        banks = np.zeros((peas, REPLAY_FIELDS), np.int64)
        word = np.zeros(peas, np.int64)
        w_valid = np.zeros(peas, np.int64)
        ppu = np.zeros(PPU_FIELDS, np.int64)
        results = np.zeros(RESULT_FIELDS, np.int64)
        writer = np.zeros(WRITER_FIELDS, np.int64)
        counts = np.zeros(_COUNTERS, np.int64)
        # The first cycle only starts the dispatcher.
        results_clear(results)
        disp[DD_LINE] = work.prog_line
        disp[DD_LEFT] = len(work.commands)
        disp[LEFT] = len(work.commands)
        wmem_used, wmem_space = 0, True
        cycle, moved = 1, 1

        while disp[LEFT] > 0 or disp[OUTPUTS] != results[WRITTEN]:
            if cycle - moved > _QUIET:
                counts[CYCLES] = -1
                return counts, core.events

            # Core and PPU.
            cmd_ready, cmd_valid = core_ready(core), disp[Q_CMD] > 0
            accept, w_play, x_play, w_keep, x_keep = False, False, False, 0, 0
            if cmd_ready and cmd_valid:
                command = work.commands[core.core[NEXT_CMD]]
                w_play, x_play = command[C_W_PLAY] == 1, command[C_X_PLAY] == 1
                w_keep, x_keep = command[C_W_KEEP], command[C_X_KEEP]
                accept = (wmem_space or not w_play) and (amem[PASSES] < PASS_DEPTH or not x_play)
            x_ready, x_valid = core_x_ready(core.core), amem[VALID] == 1
            x_take = x_ready and x_valid
            b_take = params_bias_valid(par) and core_bias_ready(core.core)
            y_valid, y_ready = core.core[Y_VALID] == 1, ppu_ready(ppu, work.outputs, peas)
            y_take = y_valid and y_ready
            par_take = params_row_valid(par) and ppu_parameter_ready(ppu)
            ppu_start = params_command(par) and ppu_command_ready(ppu, work.outputs, peas, y_take)
            out = ppu_beat(ppu)
            if not results_ready(results, sizes.omem_beats):
                out = BEAT_NONE

            # Reads.
            tag = reader_beat(reader, cycle)
            act_beat = tag == TAG_ACT or tag == TAG_ACT_LAST
            act_last = tag == TAG_ACT_LAST and reader_ends_request(reader)
            bank, bank_last = -1, False
            if tag == TAG_WEIGHT:
                bank = weight_bank(weights)
                bank_last = bank >= 0 and weight_bank_last(
                    weights, work.chunk_beats, work.chunk_last
                )
            # The arbiter: descriptors, parameters, then activations and weights in turn.
            table = act_table_request(acts)
            segment = act_segment_request(
                acts, work.segment_beats, replay_used(amem), sizes.amem_beats
            )
            act_request = table or segment > 0
            par_request = params_request(par)
            w_request = weight_request(weights, wmem_used, sizes.wmem_beats)
            line, beats, new_tag = 0, 0, NO_BEAT
            if not reader_ready(reader):
                pass
            elif dispatch_request(disp):
                line, beats, new_tag = disp[DD_LINE], DESC_BEATS, TAG_DESC
            elif par_request > 0:
                line, beats, new_tag = par[PD_LINE], par_request, TAG_PARAM
            elif act_request and not (w_request > 0 and reader[WEIGHTS_NEXT]):
                if table:
                    line, beats, new_tag = acts[AD_TABLE_LINE], 1, TAG_TABLE
                else:
                    line, beats = acts[AD_LINE], segment
                    new_tag = TAG_ACT_LAST if acts[AD_LEFT] == 1 else TAG_ACT
            elif w_request > 0:
                line, beats, new_tag = weights[WD_LINE], w_request, TAG_WEIGHT
            act_start = disp[Q_ACT] > 0 and act_job_ready(acts, work.act_jobs, results[WRITTEN])
            weight_start = disp[Q_WEIGHT] > 0 and weight_job_ready(weights)

            # Writes.
            request = results_request(results) and disp[Q_OUT] > 0 and writer_ready(writer)
            w_line, w_beats = 0, 0
            if request:
                w_line, w_beats = results_target(results, work.outputs)
            data = results_data_valid(results) and writer_takes(writer)
            length = results_length_valid(results) and writer_takes(writer)
            done = writer_done(writer, cycle)

            # Counters.
            counts[PPU_BUSY] += ppu_busy(ppu)
            counts[DMA_READ_BUSY] += reader_busy(reader)
            counts[DMA_WRITE_BUSY] += writer_busy(writer)
            counts[BYTES_READ] += _BEAT_BYTES * (tag != NO_BEAT)
            counts[BYTES_WRITTEN] += _BEAT_BYTES * data + _LENGTH_BYTES * length
            counts[AMEM_WRITES] += act_beat
            counts[AMEM_READS] += x_take
            counts[OMEM_WRITES] += out != BEAT_NONE
            counts[OMEM_READS] += data
            counts[STALL_ACTIVATIONS] += x_ready and not x_valid
            counts[STALL_RESULTS] += y_valid and not y_ready
            counts[STALL_DESCRIPTOR] += cmd_ready and not cmd_valid and disp[LEFT] > 0
            if tag != NO_BEAT or data or done:
                moved = cycle

            # Registers.
            par_valid = disp[Q_PAR] > 0
            dispatch_cycle(work.commands, disp, new_tag == TAG_DESC, tag == TAG_DESC)
            disp[Q_CMD] -= accept
            disp[Q_ACT] -= act_start
            disp[Q_WEIGHT] -= weight_start
            disp[Q_PAR] -= ppu_start
            params_cycle(
                par, work.outputs, peas, par_valid, new_tag == TAG_PARAM, tag == TAG_PARAM,
                b_take or par_take, ppu_start,
            )  # fmt: skip
            acts_cycle(
                acts, work.act_jobs, act_start, new_tag == TAG_TABLE,
                beats if new_tag == TAG_ACT or new_tag == TAG_ACT_LAST else 0,
                tag == TAG_TABLE, act_beat,
            )  # fmt: skip
            weights_cycle(
                weights, work.weight_jobs, work.chunk_beats, weight_start,
                beats if new_tag == TAG_WEIGHT else 0, tag == TAG_WEIGHT,
            )  # fmt: skip
            reader_cycle(
                reader, cycle, sizes.latency, tag != NO_BEAT, new_tag != NO_BEAT, line, beats,
                new_tag,
            )  # fmt: skip
            core_cycle(core_work, core_sizes, core, cycle, accept, w_valid, x_take, b_take, y_ready)
            counts[STALL_WEIGHTS] += core.events[WEIGHTS_WAIT]
            wmem_used, wmem_space = _wmem(
                banks, word, core.pea, w_valid, bank, bank_last, accept and w_play, w_keep, counts
            )
            replay_cycle(amem, act_beat, act_last, accept and x_play, x_keep, x_ready)
            ppu_cycle(ppu, work.outputs, work.entries, peas, y_take, ppu_start, out != BEAT_NONE)
            disp[Q_OUT] -= results_cycle(results, work.outputs, out, request, data or length, done)
            writer_cycle(writer, cycle, sizes.b_delay, data or length, request, w_line, w_beats)
            cycle += 1
        counts[CYCLES] = cycle + 1
        return counts, core.events

    return run_chip


run_chip = _compile(
    sources(
        cycle_core,
        cycle_pea,
        cycles_dispatch,
        cycles_loads,
        cycles_packets,
        cycles_params,
        cycles_ppu,
        cycles_reader,
        cycles_replay,
        cycles_results,
        cycles_work,
        cycles_writer,
    )  # fmt: skip
)
