"""Symbolic simulation is right: what is known, numbers confirm, and nothing is guessed."""

import subprocess
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.formal.catalogue import PROOFS
from verif.formal.symbolic import flow
from verif.formal.symbolic.cell import UnknownCellError
from verif.formal.symbolic.core_case import DROPPED, KEPT, SKIPPED, Case
from verif.formal.symbolic.core_cases import core_cases, few_cases
from verif.formal.symbolic.core_run import CoreBench, RefutedError
from verif.formal.symbolic.machine import Machine
from verif.formal.symbolic.netlist import Netlist, read_netlist
from verif.formal.symbolic.operands import Operands
from verif.formal.symbolic.play import TOP, play_all
from verif.formal.symbolic.poly import Poly, Symbols, add, multiply, scale
from verif.formal.symbolic.word import (
    UNKNOWN,
    Value,
    as_poly,
    concat,
    cut,
    extend,
    from_poly,
    segments_of,
    unknown,
)
from verif.formal.verdict import FAILED, FOLDER, PROVEN, UNFINISHED, VACUOUS
from verif.formal.yosys import FormalError, relative, run_yosys
from verif.toolchain.tools import find_tool

DATA = ROOT / "verif" / "tests" / "data" / "symbolic"
WORK = FOLDER / "test" / "symbolic"
CORE = PROOFS["core_end_to_end"]
PORTS = {"a_i": 8, "b_i": 8, "c_i": 4, "s_i": 3, "on_i": 1}
ROWS, RESULT = 64, 320

A = (KEPT, SKIPPED, KEPT, SKIPPED, SKIPPED, KEPT)
B = (SKIPPED, KEPT, KEPT, DROPPED, KEPT, SKIPPED)
CASE = Case(name="test", core=CORE.core, weights=(A, B), activations=(B, A), r=5, dbs=2, pause=7)


class Numbers(Symbols):
    """Symbols that are numbers, the same ones for the same names."""

    def new(self, name: str, low: int, high: int) -> int:
        super().new(name, low, high)
        return Random(name).randint(low, high)


def agrees(value: Value, width: int, number: int, symbols: Symbols, values: dict[str, int]) -> bool:
    """All bits that are known have the number's value, if symbols have these values."""
    at = 0
    for e, low, span in segments_of(value, width):
        mask = (1 << span) - 1
        bits = number >> at & mask
        if e is None and low != bits:
            return False
        if isinstance(e, Poly):
            true = symbols.value(e, values)
            if not e.low <= true <= e.high or true >> low & mask != bits:
                return False
        at += span
    return True


@pytest.fixture(scope="module")
def cells() -> Netlist:
    """The netlist of one of every cell."""
    return compiled(DATA / "cells.sv")


@pytest.fixture(scope="module")
def core() -> Netlist:
    """The netlist of the small core."""
    flow.compile_core(CORE, WORK / "core")
    return read_netlist(WORK / "core" / "netlist.json", TOP)


@pytest.fixture(scope="module")
def bench(core: Netlist) -> CoreBench:
    """The small core out of reset."""
    return CoreBench(core)


def compiled(file: Path, text: str | None = None) -> Netlist:
    """The netlist of a module in a file of its name, or of a text."""
    folder = WORK / file.stem
    folder.mkdir(parents=True, exist_ok=True)
    if text is not None:
        file = folder / file.name
        file.write_text(text, encoding="utf-8")
    netlist = folder / "netlist.json"
    source = relative([file])[0]
    script = f"read_slang -j 1 --top {file.stem} {source}\nprep -flatten\nmemory_nordff\n"
    run_yosys(file.stem, f"{script}write_json {relative([netlist])[0]}\n", netlist)
    return read_netlist(netlist, file.stem)


def rows(random: Random) -> list[dict[str, int]]:
    """Inputs of all cycles."""
    return [{port: random.getrandbits(w) for port, w in PORTS.items()} for _ in range(ROWS)]


def run(netlist: Netlist, inputs: list[dict[str, Value]]) -> list[list[Value]]:
    """All words of all cycles."""
    machine, found = Machine(netlist), []
    for row in inputs:
        for port, value in row.items():
            machine.set(port, value)
        machine.settle()
        found.append(list(machine.values))
        machine.clock()
    return found


def test_numbers_are_what_icarus_has(cells: Netlist, tmp_path: Path) -> None:
    inputs = rows(Random(1))
    packed = [sum(row[p] << at for p, at in zip(PORTS, (0, 8, 16, 20, 23), strict=True))
              for row in inputs]  # fmt: skip
    (tmp_path / "rows.hex").write_text("\n".join(f"{row:x}" for row in packed))
    sources = [str(DATA / "cells.sv"), str(DATA / "cells_tb.sv")]
    icarus = [find_tool("iverilog"), "-g2012", "-o", "test.vvp", *sources]
    subprocess.run(icarus, cwd=tmp_path, check=True, capture_output=True)
    vvp = [find_tool("vvp"), "-n", "test.vvp"]
    shown = subprocess.run(vvp, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    index, compared = cells.ports["y_o"][0], 0
    lines = [line for line in shown.split() if len(line) == RESULT]  # others are warnings
    for line, values in zip(lines, run(cells, inputs), strict=True):
        known = [
            (i, str(at >> bit & 1))
            for i, (e, at, bit) in enumerate(bits_of(values[index], RESULT))
            if e is None
        ]
        for i, bit in known:
            if line[RESULT - 1 - i] != "x":
                assert line[RESULT - 1 - i] == bit, f"bit {i}"
                compared += 1
    assert compared > 0.9 * ROWS * RESULT


def bits_of(value: Value, width: int) -> list[tuple[Poly | str | None, int, int]]:
    """The segment of each bit, with the bit's place in it."""
    return [(e, low, bit) for e, low, span in segments_of(value, width) for bit in range(span)]


@pytest.mark.parametrize("seed", range(12))
def test_symbols_agree_with_numbers(cells: Netlist, seed: int) -> None:
    random, symbols = Random(seed), Symbols()
    inputs, values, symbolic = rows(random), {}, []
    for cycle, row in enumerate(inputs):
        given: dict[str, Value] = dict(row)
        for port, width in PORTS.items():
            chance = random.random()
            if chance < 0.1:
                given[port] = unknown(width)
            elif chance < (0.7 if port in ("a_i", "b_i") else 0.2):
                pieces = []
                for at in range(0, width, 4):
                    span = min(4, width - at)
                    name, low = (
                        f"{port}{at},{cycle}",
                        -(1 << span - 1) if random.random() < 0.5 else 0,
                    )
                    values[name] = (row[port] >> at & (1 << span) - 1) + low
                    pieces.append(
                        (from_poly(symbols.new(name, low, low + (1 << span) - 1), span), span)
                    )
                    row[port] ^= (row[port] >> at & (1 << span) - 1) << at
                    row[port] |= (values[name] & (1 << span) - 1) << at
                given[port] = concat(pieces)
        symbolic.append(given)
    known = 0
    for right, found in zip(run(cells, inputs), run(cells, symbolic), strict=True):
        for number, value, width in zip(right, found, cells.widths, strict=True):
            if type(number) is int:
                assert agrees(value, width, number, symbols, values)
                known += any(isinstance(e, Poly) for e, _, _ in segments_of(value, width))
    assert known > 500


def test_core_with_symbols_agrees_with_numbers(core: Netlist, bench: CoreBench) -> None:
    symbols, right, found = Symbols(), [], []
    numbers = Numbers()
    bench.play(CASE, numbers, lambda machine: right.append(list(machine.values)))
    outcome = bench.play(CASE, symbols, lambda machine: found.append(list(machine.values)))
    assert outcome.results == 64 and len(right) == len(found)
    values = {name: numbers.new(name, *bounds(name)) for name in symbols.names[1:]}
    known = 0
    for numeric, symbolic in zip(right, found, strict=True):
        for number, value, width in zip(numeric, symbolic, core.widths, strict=True):
            if type(number) is int and type(value) is not int:
                assert agrees(value, width, number, symbols, values)
                known += 1
    assert known > 10000


def bounds(name: str) -> tuple[int, int]:
    """The range of a symbol of a case."""
    return {"w": (-8, 7), "x": (0, 15), "b": (-(2**31), 2**31 - 1)}[name[0]]


def test_few_cases_hold(core: Netlist) -> None:
    cases = few_cases(CORE.core)
    summary = play_all(WORK / "core" / "netlist.json", cases)
    assert not summary.refuted and summary.cases == len(cases) > 30
    assert not [name for name in CORE.covers if not summary.covers[name]]
    assert not [name for name in CORE.without if summary.covers[name]]


def test_cases_are_all_different_and_cover_all_lists() -> None:
    cases = core_cases(CORE.core)
    assert len({case.name for case in cases}) == len(set(cases)) == len(cases) == CORE.depth
    for dense, sub_tiles in ((False, 1), (True, 1), (False, 2)):
        met = {
            (w, x)
            for case in cases
            if case.name.startswith("kept") and case.dense == dense
            if case.sub_tiles == sub_tiles
            for w in case.weights
            for x in case.activations
        }
        assert len(met) == 2**8
    dropped = [case for case in cases if case.name.startswith("dropped")]
    assert len({w for case in dropped for w in case.weights}) == 3**4
    assert len({x for case in dropped for x in case.activations}) == 3**4
    assert {case.r for case in cases} == set(range(16))


def test_wrong_result_is_refuted(bench: CoreBench, monkeypatch) -> None:
    monkeypatch.setattr(Operands, "weight", lambda self, m, k: self._w[m // 4][0][k][m % 4])
    with pytest.raises(RefutedError, match=r"a_result: y\[0,0\] is equation \(6\) and .* w1\["):
        bench.play(CASE)


def test_wrong_compensation_is_refuted(bench: CoreBench, monkeypatch) -> None:
    honest = Operands._activation_parts

    def wrong(self: Operands, k: int, n: int) -> tuple:
        low, high = honest(self, k, n)
        skipped = self.case.activations[n // 4][k] != KEPT
        return low, add(high, 1 << self.shift) if skipped else high

    monkeypatch.setattr(Operands, "_activation_parts", wrong)
    with pytest.raises(RefutedError, match=r"a_compensation: y\[0,0\] is bias \+ w x and -"):
        bench.play(CASE)


def test_unknown_operand_is_refused(bench: CoreBench, monkeypatch) -> None:
    monkeypatch.setattr(Operands, "bias_beats", lambda self: [unknown(128)] * 2)
    with pytest.raises(RefutedError, match=r"a_known: y\[0,0\] is not a polynomial"):
        bench.play(CASE)


def test_data_that_decide_are_refused(bench: CoreBench, monkeypatch) -> None:
    monkeypatch.setattr(Operands, "_assume", lambda *_: None)
    with pytest.raises(RefutedError, match=r"a_known: .*could not tell: cycle .*buffer\.sv:\d+"):
        bench.play(CASE)


def test_sums_are_exact_while_they_fit() -> None:
    symbols = Symbols()
    x, w = symbols.new("x", 0, 15), symbols.new("w", -8, 7)
    assert as_poly(from_poly(x, 4), 4, False, 8).terms == x.terms
    assert as_poly(from_poly(w, 4), 4, True, 8).terms == w.terms
    assert as_poly(from_poly(w, 4), 4, False, 8) is None, "a sign is no number"
    assert as_poly(from_poly(x, 4), 4, True, 8) is None, "no room for a sign"
    total = add(x, x)
    assert as_poly(from_poly(total, 4), 4, False, 5) is None, "an overflow"
    assert as_poly(from_poly(total, 4), 4, False, 4).terms == total.terms, "modulo 16"
    assert as_poly(from_poly(total, 5), 5, False, 9).terms == total.terms
    product = multiply(x, w)
    assert (product.low, product.high, product.bits) == (-120, 105, 8)
    assert multiply(product, x) is None
    assert add(product, scale(product, -1)) == 0


def test_signs_join_their_number_again() -> None:
    w = from_poly(Symbols().new("w", -8, 7), 4)
    wide = extend(w, 4, 12, True)
    assert len(wide.segments) == 1 and cut(wide, 0, 4, 12) == w
    assert extend(cut(wide, 0, 7, 12), 7, 12, True) == wide
    assert segments_of(extend(w, 4, 12, False), 12)[1] == (None, 0, 8)
    assert concat([(w, 4), (unknown(2), 2)]).segments[1] == (UNKNOWN, 0, 2)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("assign y_o = a_i ** b_i;", r"kind \$pow"),
        ("assign y_o = $signed(a_i) / $signed(b_i);", r"odd\.sv.*: a signed division"),
        ("always_ff @(negedge clk_i) y_o <= a_i;", "another clock"),
        ("logic [7:0] m [4]; initial m[1] = 3; always_ff @(posedge clk_i) begin\n"
         "m[a_i[1:0]] <= b_i; y_o <= m[b_i[1:0]]; end", "a memory of another kind"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused(body: str, message: str) -> None:
    text = (
        "module odd (input logic clk_i, input logic [7:0] a_i, input logic [7:0] b_i,\n"
        f"output logic [7:0] y_o);\n{body}\nendmodule\n"
    )
    with pytest.raises(UnknownCellError, match=message):
        compiled(Path("odd.sv"), text)


def test_planted_bug_refutes_the_core() -> None:
    verdict = flow.check_bug(CORE, "each group's last block is marked", folder=WORK, timeout=600)
    assert verdict.status == PROVEN, verdict.reason


@pytest.mark.parametrize(
    ("played", "status", "reason"),
    [
        ((PROVEN, ""), FAILED, "refutes nothing"),
        ((FAILED, "a_legal: x"), FAILED, "refutes not a_order but a_legal: x"),
        ((UNFINISHED, "late"), UNFINISHED, "late"),
    ],
)
def test_bug_that_does_not_refute_its_claim(
    played: tuple[str, str], status: str, reason: str, monkeypatch
) -> None:
    monkeypatch.setattr(flow, "_play", lambda *_: (*played, 1.0, {}))
    verdict = flow.check_bug(CORE, "each group's last block is marked", folder=WORK)
    assert verdict.status == status and verdict.reason.endswith(reason)


def test_situation_that_no_case_reaches_makes_it_vacuous(monkeypatch) -> None:
    covers = dict.fromkeys(CORE.covers, 1) | {"two sub-tiles": 0}
    monkeypatch.setattr(flow, "_play", lambda *_: (PROVEN, "", 1.0, covers))
    verdict = flow.prove(CORE, folder=WORK)
    assert (verdict.status, verdict.reason) == (VACUOUS, "never reached: two sub-tiles")
    assert verdict.covers == (len(covers) - 1, len(covers))


def test_cases_that_take_too_long_or_fail_to_run(core: Netlist, monkeypatch) -> None:
    netlist = WORK / "core" / "netlist.json"

    def compile_core(proof: object, work: Path, bug: object) -> float:
        work.mkdir(parents=True, exist_ok=True)
        (work / "netlist.json").write_text(netlist.read_text() if work.name == CORE.name else "{}")
        return 0.0

    monkeypatch.setattr(flow, "compile_core", compile_core)
    verdict = flow.prove(CORE, folder=WORK, timeout=0)
    assert verdict.status == UNFINISHED and "cases not done within 0 s" in verdict.reason
    with pytest.raises(FormalError, match="odd: cannot be simulated: KeyError"):
        flow.prove(replace(CORE, name="odd"), folder=WORK)


def test_wrong_proof() -> None:
    with pytest.raises(PanaceaError, match="without 'luck': no such situation"):
        replace(CORE, without=("luck",))
    with pytest.raises(PanaceaError, match=r"'no_block' is not in rtl/rtl\.f"):
        replace(CORE, blocks=("no_block",))
