"""The bugs to plant into copies of the post-processing unit, each with the bench to catch it."""

from verif.planted.planting import PlantedBug

__all__ = ["PPU_BUGS"]


def _bug(file: str, old: str, new: str, check: str, symptom: str) -> PlantedBug:
    """One bug of a file below `rtl/ppu`."""
    return PlantedBug(file=f"ppu/{file}.sv", old=old, new=new, check=check, symptom=symptom)


PPU_BUGS = {
    "requantisation cuts": _bug(
        "requantiser", "+ (PreW+1)'(1);", "+ '0;", "ppu_requantiser", "requantiser_random"
    ),
    "rounding overflows the largest v": _bug(
        "requantiser", "(sum[PreW] && !half[PreW])", "1'b0", "ppu_requantiser", "requantiser_"
    ),
    "scale of the column": _bug(
        "requantiser", "e / VecLen;", "e % VecLen;", "ppu_requantiser", "requantiser_random"
    ),
    "multiplier taken as signed": _bug(
        "requantiser",
        "{1'b0, scale_i[Row*ScaleW +: MultW]}",
        "{scale_i[Row*ScaleW+MultW-1], scale_i[Row*ScaleW +: MultW]}",
        "ppu_requantiser",
        "requantiser_random",
    ),
    "segments below zero not mirrored": _bug("pwl", "^ {6{v[PreW-1]}}", "", "ppu_pwl", "pwl_"),
    "local v of a middle segment too short": _bug(
        "pwl", "{1'b0, v[9:0]}", "{2'b00, v[8:0]}", "ppu_pwl", "pwl_every_v"
    ),
    "bank of segments ignored": _bug("pwl", "mem[{bank_i,", "mem[{1'b1,", "ppu_pwl", "pwl_extreme"),
    "rounding ignores the grid": _bug(
        "grid_round", "code >>> (dbs_i - 2'd1)", "code", "ppu_pwl", "pwl_extreme"
    ),
    "code beyond the grid's end": _bug(
        "grid_round", "GridW'(255) >> (dbs_i - 2'd1)", "GridW'(255)", "ppu_pwl", "pwl_extreme"
    ),
    "fourth column skipped whatever it holds": _bug(
        "act_slicer",
        "ho_o[i*VecW +: VecW] == {VecLen{r_i}}",
        "ho_o[i*VecW +: 3*SliceW] == {3{r_i}}",
        "ppu_pwl",
        "pwl_",
    ),
    "no placeholder": _bug(
        "rle_encoder", "|| run[i] == '1)", ")", "ppu_packetizer", "packetizer_random"
    ),
    "run continues in the next list": _bug(
        "rle_encoder", "last_i ? '0 : run[VecLen]", "run[VecLen]", "ppu_packetizer", "packetizer_"
    ),
    "position beyond the tile stored": _bug(
        "rle_encoder", "list_i && rows_i[i] &&", "list_i &&", "ppu_packetizer", "packetizer_random"
    ),
    "full beat does not wait for the end": _bug(
        "entry_packer",
        "total > 5'(BeatEntries)",
        "total >= 5'(BeatEntries)",
        "ppu_packetizer",
        "packetizer_",
    ),
    "first entries of the next list lost": _bug(
        "entry_packer",
        "take ? HeldW'(entries_i) : '0;",
        "'0;",
        "ppu_packetizer",
        "packetizer_",
    ),
    "padding of a low beat not cleared": _bug(
        "packetizer", "? lo_i[i*VecW +: VecW]  : '0", "? lo_i[i*VecW +: VecW] : lo_i[0 +: VecW]",
        "ppu_packetizer", "packetizer_random",
    ),
    "beat of lowest slices lost": _bug(
        "packetizer", "lo_space && lo0_space && rle_space;", "lo_space && rle_space;",
        "ppu_packetizer", "packetizer_random",
    ),
    "high beats stop the low beats they wait for": _bug(
        "packetizer", ".Depth(HoBeats + 2)", ".Depth(2)", "ppu_packetizer", "packetizer_",
    ),
    "tile without valid rows is sent": _bug(
        "ppu_control", "10'(cmd.rows) > row;", "10'(cmd.rows) >= row;", "ppu_3", "ppu_random"
    ),
    "segments overwritten while in use": _bug(
        "ppu", "assign par_ready_o = old_bank == '0;", "assign par_ready_o = 1'b1;",
        "ppu_3", "ppu_segments_in_use",
    ),
    "raw blocks overtake packets": _bug(
        "ppu", "packets_q == '0 && raw_space;", "raw_space;", "ppu_3", "ppu_random"
    ),
    "packets overtake raw blocks": _bug(
        "ppu", "out_space && !raw_valid;", "out_space;", "ppu_3", "ppu_random"
    ),
    "halves of a raw block swapped": _bug(
        "raw_serialiser", "data_o  = half_q ?", "data_o  = !half_q ?", "ppu_3", "ppu_random"
    ),
    "a block every second cycle": _bug(
        "ppu", "raw_ready : move);", "raw_ready : move && !valid_q[0]);", "ppu_3", "ppu_rate"
    ),
}  # fmt: skip
"""By what is wrong."""
