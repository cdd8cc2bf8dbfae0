"""The bugs to plant into copies of memories, AXI masters and registers, and who catches them."""

from verif.planted.planting import PlantedBug

__all__ = ["BUS_BUGS"]


def _bug(file: str, old: str, new: str, check: str, symptom: str) -> PlantedBug:
    """One bug of a file below `rtl`."""
    return PlantedBug(file=f"{file}.sv", old=old, new=new, check=check, symptom=symptom)


def _replay(old: str, new: str, symptom: str) -> PlantedBug:
    return _bug("mem/replay_fifo", old, new, "replay_fifo", symptom)


def _reader(old: str, new: str, symptom: str) -> PlantedBug:
    return _bug("axi/axi_reader", old, new, "axi_reader", symptom)


def _writer(old: str, new: str, symptom: str) -> PlantedBug:
    return _bug("axi/axi_writer", old, new, "axi_writer", symptom)


def _csr(old: str, new: str, check: str, symptom: str) -> PlantedBug:
    return _bug("csr/csr", old, new, check, symptom)


BUS_BUGS = {
    "kept block that is too long hangs": _replay(
        "assign too_long   = pass_valid", "assign too_long   = 1'b0", "replay_too_long"
    ),
    "block of the memory's size refused": _replay(
        "keep && full && !end_valid", "keep && full", "read while it is written"
    ),
    "replay starts an entry late": _replay("? base_q : rd_q", "? base_q + 1'b1 : rd_q", "replay_"),
    "entries freed late": _replay(
        "if (fetch && !keep) base_q", "if (fetch && fetch_last && !keep) base_q", "replay_"
    ),
    "a bubble between entries": _replay("(!valid_q || ready_i)", "!valid_q", "replay_throughput"),
    "memory written when full": _replay(
        "assign ready_o = !full && end_ready", "assign ready_o = end_ready", "replay_"
    ),
    "bursts cross 4 KB": _bug(
        "axi/burst_splitter",
        "16'(MaxBurst) - (16'(line_q) & 16'(MaxBurst - 1))",
        "16'(MaxBurst)",
        "axi_reader",
        "a burst crosses a 4 KB boundary",
    ),
    "an abort withdraws an address": _bug(
        "axi/burst_splitter",
        "assign valid_o     = left_q != '0;",
        "assign valid_o     = left_q != '0 && !abort_i;",
        "axi_reader",
        "a waiting beat is withdrawn",
    ),
    "a burst goes on after an abort": _bug(
        "axi/burst_splitter", "abort_i ? '0 : left_q", "left_q", "axi_writer", "writes_aborted"
    ),
    "address of the burst reported, not of the beat": _reader(
        "head_line + LineW'(beat_q)", "head_line", "reads_with_errors"
    ),
    "DECERR taken for success": _reader(
        "m_axi_rresp_i >= 2'b10", "m_axi_rresp_i == 2'b10", "reads_with_errors"
    ),
    "last of every burst marked": _reader("last_o  = head_last &&", "last_o  =", "reads_"),
    "an abort does not drain": _reader("(ready_i || abort_i)", "ready_i", "reads_aborted"),
    "data wait for their address": _writer(
        "assign load     = fill_valid &&",
        "assign load     = !m_axi_awvalid_o && fill_valid &&",
        "writes_",
    ),
    "strobes of an abort": _writer("abort_i ? '0 : strb_i", "strb_i", "writes_aborted"),
    "done for every burst": _writer(
        "m_axi_bvalid_i && wait_valid && wait_last;", "m_axi_bvalid_i && wait_valid;", "writes_"
    ),
    "one burst under way": _writer(
        "assign start = burst_valid", "assign start = !wait_valid && burst_valid", "writes_"
    ),
    "strobes ignored": _csr(
        "prog_count_q <= (prog_count_q & ~wr_mask) | wr_ones",
        "prog_count_q <= wr_data",
        "csr",
        "csr_strobes",
    ),
    "unaligned counters read": _csr("&& rd_addr[1:0] == '0;", ";", "csr", "csr_bad_accesses"),
    "start while busy": _csr("start && !busy_q;", "start;", "csr", "csr_runs"),
    "event lost to a clearing write": _csr(
        "irq_status_q <= {start && busy_q, end_bad, end_ok}\n          | (irq_status_q & ~(",
        "irq_status_q <= ({start && busy_q, end_bad, end_ok}\n          | irq_status_q) & ~((",
        "csr",
        "csr_interrupt_race",
    ),
    "upper half not held": _csr("upper ? held_q :", "upper ? 32'(count >> 32) :", "csr", "halves"),
    "wrong reset value": _csr(
        "8'(NumSwo), 8'(NumDwo)", "8'(NumDwo), 8'(NumSwo)", "csr_map", "Resets"
    ),
    "write of a read-only register accepted": _csr(
        "!(wr_addr == AddrCtrl ||",
        "!(wr_addr == AddrCtrl || wr_addr == AddrError ||",
        "csr_map",
        "Accesses",
    ),
    "address wraps at 2 KB": _bug(
        "csr/axil_slave",
        "rd_addr_o        = s_axil_araddr_i",
        "rd_addr_o        = s_axil_araddr_i & ~AddrW'(2048)",
        "csr_map",
        "Holes",
    ),
}
