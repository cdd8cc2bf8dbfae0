"""The bugs to plant into copies of the chip's control and DMA blocks, and who catches them."""

from verif.planted.planting import PlantedBug

__all__ = ["CHIP_BUGS"]


def _bug(file: str, old: str, new: str, symptom: str, check: str = "") -> PlantedBug:
    """One bug of a file below `rtl`; by default the bench of the block's name catches it."""
    check = check or file.rpartition("/")[2]
    return PlantedBug(file=f"{file}.sv", old=old, new=new, check=check, symptom=symptom)


def _dispatcher(old: str, new: str, symptom: str) -> PlantedBug:
    return _bug("top/dispatcher", old, new, symptom)


def _control(old: str, new: str, symptom: str) -> PlantedBug:
    return _bug("top/run_control", old, new, symptom)


def _activations(old: str, new: str, symptom: str) -> PlantedBug:
    return _bug("dma/activation_dma", old, new, symptom)


def _results(old: str, new: str, symptom: str) -> PlantedBug:
    return _bug("dma/result_dma", old, new, symptom)


def _manager(old: str, new: str, symptom: str) -> PlantedBug:
    return _bug("mem/memory_manager", old, new, symptom)


def _weights(old: str, new: str, symptom: str, num_pea: int = 4) -> PlantedBug:
    return _bug("dma/weight_dma", old, new, symptom, f"weight_dma_{num_pea}")


CHECK_BUGS = {
    "reserved words accepted": _bug(
        "top/descriptor_check", "|| desc.zero_24 != '0", "", "check_every_bit"
    ),
    "rows of one tile under DTP": _bug(
        "top/descriptor_check", "desc.dtp ? 11'(2 * VecLen", "1'b0 ? 11'(2 * VecLen", "check_"
    ),
    "high address accepted": _bug(
        "top/descriptor_check",
        "desc.par_addr[63:AddrW], desc.y_addr[63:AddrW]",
        "desc.y_addr[63:AddrW], desc.y_addr[63:AddrW]",
        "check_every_bit",
    ),
    "blocks of the last descriptor not judged": _bug(
        "top/descriptor_check", "else if (block) ", "else if (block && !last_i) ", "check_"
    ),
    "place of a full queue not waited for": _dispatcher(
        "weight_space && act_space && param_space", "weight_space && param_space", "dispatch_"
    ),
    "fence waits for its own results": _dispatcher(
        "= outputs_o;", "= outputs_o + SeqW'(!more);", "act job"
    ),
    "bad descriptor dealt out": _dispatcher(
        "complete && bad == BadNothing && space", "complete && space", "a bad descriptor is taken"
    ),
    "second tile written without rows": _dispatcher(
        "dtp && (raw || second_rows)", "dtp", "output job"
    ),
    "passes not compared": _dispatcher(
        "prev_open_q   <= !gives;", "prev_open_q   <= 1'b0;", "bad = 0, not 9"
    ),
    "write error told before a read error": _control(
        "else if (read_error_i) begin",
        "else if (read_error_i && !write_error_i) begin",
        "control_priority",
    ),
    "end told before the bus is at rest": _control(
        "assign end_o   = state_q == StStop && bus_idle_i &&",
        "assign end_o   = state_q == StStop &&",
        "control_",
    ),
    "later errors told instead of the first": _control(
        "if (state_q == StRun && state_d == StStop)", "if (state_d == StStop)", "control_ends"
    ),
    "timeout while the bus works": _control(
        "progress_i || !bus_idle_i)", "progress_i)", "control_timeout"
    ),
    "reset of two cycles": _control("int RestW     = 3", "int RestW     = 1", "control_"),
    "unplayed blocks not told": _control("done && playing_i", "1'b0", "control_ends"),
    "length counted as a beat": _bug(
        "top/chip_counters", "IncW'(2) : '0", "IncW'(BusBytes) : '0", "BYTES_WRITTEN"
    ),
    "LL quads of DWOs not counted": _bug(
        "top/chip_counters", "hh + hl + lh + ll_dwo", "hh + hl + lh", "DWO_BUSY"
    ),
}
"""Of the control blocks."""

LOAD_BUGS = {
    "activations served before weights": _bug(
        "dma/read_arbiter", "&& !(weights_next_q && valid_i[3])", "", "arbiter_"
    ),
    "turn passes without a request": _bug(
        "dma/read_arbiter", "else if (ready_o[2])", "else if (grant[2])", "arbiter_random"
    ),
    "three descriptors ahead": _bug(
        "dma/descriptor_dma", "open_q != 2'd2", "open_q != 2'd3", "too far ahead"
    ),
    "descriptors overlap": _bug(
        "dma/descriptor_dma", "line_q + LineAddrW'(DescBeats)", "line_q + 1'b1", "beat "
    ),
    "activations under way forgotten": _activations(
        "+ 17'(under_way_q) + 17'(len)", "+ 17'(len)", "beats asked for, room for"
    ),
    "fence not waited for": _activations(
        "&& (!job.fence || written_i >= job.seq)", "", "the fence is open"
    ),
    "fence shut by later results": _activations(
        "written_i >= job.seq", "written_i == job.seq", "activations_fences"
    ),
    "one beat of table": _activations(
        "(table_left_q > 16'(Entries)) ? table_left_q - 16'(Entries) : '0", "'0", "stuck with"
    ),
    "end of an activation block not marked": _activations(
        "(left_q == 16'd1) ? TagActLast : TagAct,", "TagAct,", "activations_"
    ),
    "segment of no length asked for": _activations(
        "waiting && room && !bad_len", "waiting && room", "a request for nothing"
    ),
    "streamed block called too large": _activations(
        "under_way_q == '0 && held_i", "under_way_q == '0", "too_large = 1"
    ),
    "odd tile loses a beat": _bug(
        "dma/parameter_dma", "(peas + 10'd1) >> 1", "peas >> 1", "stuck at", "parameter_dma_3"
    ),
    "parameters asked for without room": _bug(
        "dma/parameter_dma", "open_q <= 5'(Held - ReqBeats)", "open_q <= 5'(Held)", "parameters_"
    ),
    "segments never loaded after rows": _bug(
        "dma/parameter_dma",
        "|| step_end);\n        if (step_end && new_pwl) state_d = StPwl;",
        "|| step_end);\n        if (step_end && 1'b0) state_d = StPwl;",
        "cmd ",
        "parameter_dma_3",
    ),
    "room of one bank only": _weights("&& full == '0", "&& !full[0]", "a bank could hold"),
    "weights under way forgotten": _weights(
        "+ 17'(under_way_q) + 17'(ReqBeats)", "+ 17'(ReqBeats)", "a bank could hold"
    ),
    "one header for all PEAs": _weights("header_q == HdrA'(Headers - 1)", "1'b1", "weights_", 20),
    "empty count accepted": _weights("(header_take && empty) || ", "", "weights_corrupt"),
    "missing last chunk accepted": _weights(
        "block_end != (chunk_end && last_q)", "block_end && !chunk_end", "weights_corrupt"
    ),
    "end marked in every chunk": _weights("= last_q && done_q", "= done_q", "PEA "),
    "kept block too large not told": _weights("(full & held_i) != '0", "1'b0", "too_large = 0"),
    "refused weights not told": _weights("|| (valid_i && !ready_o)", "", "too_large = 0"),
}
"""Of the blocks that load."""

STORE_BUGS = {
    "outputs counted before their answer": _results(
        "else if (done_i && job_done)", "else if (request && final_request)", "outputs in memory"
    ),
    "length in another entry": _results(
        "StrbW'(3) << {entry_half[3:0], 1'b0}", "StrbW'(3)", "results_"
    ),
    "both tiles in one place": _results(
        "(packet_tile ? LineAddrW'(job.stride) : '0)", "'0", "written twice"
    ),
    "table of one part": _results("== {wide, two_tiles}", "== {1'b0, two_tiles}", "results_"),
    "answers not limited": _results("open_ready && job_valid_i", "job_valid_i", "results_"),
    "packets of a part not counted": _results(
        "(2'(two_tiles) + 2'(wide))", "2'(two_tiles)", "results_"
    ),
    "padding played": _bug(
        "mem/wmem", "word_q == 2'd3 || w_tile_end_i[p]", "word_q == 2'd3", "words read"
    ),
    "block's end inside a command accepted": _bug(
        "mem/wmem", "pop && last && !w_cmd_end_i[p]", "1'b0", "wmem_end_error"
    ),
    "play taken by some banks": _bug(
        "mem/wmem", "play_valid_i && play_ready_o", "play_valid_i", "wmem_"
    ),
    "complete block called held": _bug(
        "mem/replay_fifo", "= pass_valid && keep && !end_valid;", "= pass_valid && keep;", "held"
    ),
    "last entry of a pass forgotten": _bug(
        "mem/replay_fifo", "= pass_valid || valid_q;", "= pass_valid;", "playing"
    ),
}
"""Of the memories and of the block that writes results."""

MANAGER_BUGS = {
    "parameters taken for descriptors": _manager(
        "r_valid && r_tag == TagDesc", "r_valid && r_tag == TagParam", "descriptors"
    ),
    "activations kept as weights are": _manager(
        ".pass_keep_i  (x_play_keep_i)", ".pass_keep_i  (w_play_keep_i)", "activations"
    ),
    "banks of neighbours crossed": _manager(
        ".valid_i      (bank_valid)",
        ".valid_i      ({bank_valid[NumPea-1:2], bank_valid[0], bank_valid[1]})",
        "WMEM beats written",
    ),
    "every segment ends its block": _manager(
        "r_last && r_tag == TagActLast", "r_last", "end of the activations"
    ),
    "a bad table told as too large": _manager(
        ".error_o       (table_error_o),\n    .too_large_o   (x_large_o)",
        ".error_o       (x_large_o),\n    .too_large_o   (table_error_o)",
        "x_large is told",
    ),
    "event of last segments lost": _manager(
        "amem_wr_o  = amem_valid &&",
        "amem_wr_o  = amem_valid && r_tag == TagAct &&",
        "AMEM beats written",
    ),
    "descriptors of an aborted run kept": _manager(
        "i_descriptors (\n    .clk_i, .rst_ni (run_ni)",
        "i_descriptors (\n    .clk_i, .rst_ni (rst_ni)",
        "manager_aborts",
    ),
}
"""Of the memory manager, which connects them all."""

CHIP_BUGS = CHECK_BUGS | LOAD_BUGS | STORE_BUGS | MANAGER_BUGS
"""All of them."""
