"""Plays one case on the core and compares every result, as polynomials."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

from verif.formal.symbolic.core_case import COLUMNS, KEPT, NUM_PEA, ROWS, Case
from verif.formal.symbolic.machine import Machine
from verif.formal.symbolic.netlist import Netlist
from verif.formal.symbolic.operands import Operands
from verif.formal.symbolic.poly import Symbols, add, scale
from verif.formal.symbolic.word import Value, as_poly, concat, cut, unknown

__all__ = ["CLAIMS", "CoreBench", "Outcome", "RefutedError"]

CLAIMS = {
    "a_result": "every result is equation (6) of its row and column, modulo 2^32, as polynomials",
    "a_compensation": "equation (6) with r for every k in the bias is bias + w x of values",
    "a_order": "results come in order, as many as asked for; the last of a command is marked",
    "a_known": "no result and no handshake depends on data, or on what is not set",
    "a_products": "products of high-order slices are issued for kept vectors, once, and no others",
    "a_legal": "no error is reported",
}
"""What is claimed of every case."""

_LIMIT = 10_000
_HIGH = ("hh", "hl", "lh")
_EVENTS = {
    "hh": (17, 4),
    "hl": (13, 4),
    "lh": (9, 4),
    "ll_dwo": (3, 4),
    "straddle_d": (2, 1),
    "straddle_l": (1, 1),
    "flush_wait": (0, 1),
}
"""Lowest bit and width of the fields of `pea_event_t`."""
_EVENT_W = 21

_CONTROL = (
    *(f"{stream}_ready_o" for stream in ("cmd", "w", "x", "b")),
    *("w_tile_end_o", "w_cmd_end_o", "x_cmd_end_o"),
)
"""Outputs that must be known in every cycle, besides events and whether there is a result."""


class RefutedError(Exception):
    """A case contradicts a claim; the message begins with the claim's name."""


@dataclass(kw_only=True)
class Outcome:
    """What a case has shown.

    Attributes:
        cycles: from its first command to its last result.
        results: elements compared.
        events: sums of what the PEAs report, by field of `pea_event_t`.
        skipped: products of high-order slices that were not issued.
        held: cycles in which a result waits.
    """

    cycles: int = 0
    results: int = 0
    events: Counter = field(default_factory=Counter)
    skipped: int = 0
    held: int = 0


class CoreBench:
    """A core out of reset, on which cases are played."""

    def __init__(self, netlist: Netlist) -> None:
        self._netlist, self._machine = netlist, Machine(netlist)
        machine = self._machine
        for port in netlist.inputs:
            machine.set(port, unknown(netlist.ports[port][1]))
        machine.set("rst_ni", 0)
        for _ in range(3):
            machine.settle()
            machine.clock()
        machine.set("rst_ni", 1)
        self._start = machine.save()

    def play(
        self,
        case: Case,
        symbols: Symbols | None = None,
        watch: Callable[[Machine], None] = lambda _: None,
    ) -> Outcome:
        """Run a case to its end.

        Args:
            case: what is given.
            symbols: makes the data.
            watch: called in every cycle, when all words are settled.

        Raises:
            RefutedError: a claim does not hold.
        """
        self._machine.load(self._start)
        self._netlist.facts.clear()
        symbols = Symbols() if symbols is None else symbols
        return _Run(self._machine, self._netlist, case, symbols, watch).play()


class _Run:
    """One case as it is played."""

    def __init__(
        self,
        machine: Machine,
        netlist: Netlist,
        case: Case,
        symbols: Symbols,
        watch: Callable[[Machine], None],
    ) -> None:
        self._machine, self._case, self._symbols, self._watch = machine, case, symbols, watch
        self._widths = {name: width for name, (_, width) in netlist.ports.items()}
        self._tiles = [
            Operands(case=case, symbols=self._symbols, facts=netlist.facts, tag="'" * t)
            for t in range(case.tiles)
        ]
        self._streams: dict[str, list[Value]] = {"cmd": [], "x": [], "b": []}
        self._weights: list[list[Value]] = [[] for _ in range(NUM_PEA)]
        for tile in self._tiles:
            for at, (w, x) in enumerate(case.passes, 1):
                self._streams["cmd"].append(tile.command(w, x, at < len(case.passes)))
                self._streams["x"] += tile.activation_beats(x)
                for pea in range(NUM_PEA):
                    self._weights[pea] += tile.weight_beats(pea, w)
            self._streams["b"] += tile.bias_beats()
        self._offered: set[tuple[str, int]] = set()
        self._outcome = Outcome()

    def play(self) -> Outcome:
        """All cycles of the case, and some more in which nothing may come."""
        case, machine, outcome = self._case, self._machine, self._outcome
        expected = [
            (tile, group, t, pea)
            for tile in self._tiles
            for group in range(len(case.activations))
            for t in range(case.sub_tiles)
            for pea in range(NUM_PEA)
        ]
        per_tile = len(expected) // case.tiles
        done = idle = cycle = 0
        while idle < 8:
            if cycle == _LIMIT:
                self._refute("a_order", f"{done} of {len(expected)} blocks after {cycle} cycles")
            taken = self._drive(cycle)
            ready = not case.pauses(cycle, 3)
            machine.set("y_ready_i", int(ready))
            machine.settle()
            self._watch(machine)
            self._take(taken)
            self._count()
            for port in _CONTROL:
                self._known(port)
            valid = self._known("y_valid_o")
            outcome.held += valid and not ready
            if valid and ready:
                if done == len(expected):
                    self._refute("a_order", "a block too many")
                last = self._known("y_last_o")
                if last != ((done + 1) % per_tile == 0):
                    self._refute("a_order", f"block {done} marked {last} as the last")
                self._compare(*expected[done])
                done += 1
                outcome.cycles = cycle
            idle += done == len(expected)
            machine.clock()
            cycle += 1
        if any(self._streams.values()) or any(self._weights):
            self._refute("a_order", "beats are left over")
        if self._known("err_o"):
            self._refute("a_legal", f"err_o is {self._known('err_o'):03b}")
        self._check_products()
        return outcome

    def _drive(self, cycle: int) -> set[tuple[str, int]]:
        """Offer beats; what is not offered is unknown. Returns which streams have one."""
        machine, case, offered = self._machine, self._case, self._offered
        for stream, (name, beats) in enumerate(self._streams.items()):
            if beats and ((name, 0) in offered or not case.pauses(cycle, stream)):
                offered.add((name, 0))
            valid = (name, 0) in offered
            port = "cmd_i" if name == "cmd" else f"{name}_data_i"
            machine.set(f"{name}_valid_i", int(valid))
            machine.set(port, beats[0] if valid else unknown(self._widths[port]))
        words, valids = [], 0
        for pea, beats in enumerate(self._weights):
            if beats and (("w", pea) in offered or not case.pauses(cycle, 4 + pea)):
                offered.add(("w", pea))
            valid = ("w", pea) in offered
            valids |= valid << pea
            words.append((beats[0] if valid else unknown(64), 64))
        machine.set("w_valid_i", valids)
        machine.set("w_data_i", concat(words))
        return offered

    def _take(self, offered: set[tuple[str, int]]) -> None:
        """Beats that the core takes are gone."""
        for name, pea in sorted(offered):
            if self._known(f"{name}_ready_o") >> pea & 1:
                (self._weights[pea] if name == "w" else self._streams[name]).pop(0)
                offered.discard((name, pea))

    def _count(self) -> None:
        """What the PEAs report in this cycle."""
        events = self._known("event_o")
        if events:
            for pea in range(NUM_PEA):
                for name, (low, width) in _EVENTS.items():
                    found = events >> (pea * _EVENT_W + low) & ((1 << width) - 1)
                    self._outcome.events[name] += found

    def _compare(self, tile: Operands, group: int, t: int, pea: int) -> None:
        """One block against the definition."""
        block, outcome = self._machine.get("y_data_o"), self._outcome
        for e in range(ROWS * COLUMNS):
            m, n = ROWS * (NUM_PEA * t + pea) + e // COLUMNS, COLUMNS * group + e % COLUMNS
            found = as_poly(cut(block, 32 * e, 32, 512), 32, True, 32)
            if found is None:
                self._refute("a_known", f"y[{m},{n}] is not a polynomial of the operands")
            wanted = tile.result(m, n)
            wrong = add(found, scale(wanted, -1))
            terms = {0: wrong} if type(wrong) is int else wrong.terms
            if any(factor % 2**32 for factor in terms.values()):
                text = self._symbols.text(wrong)
                self._refute("a_result", f"y{tile.tag}[{m},{n}] is equation (6) and {text}")
            if tile.compensation(m, n) != 0:
                text = self._symbols.text(tile.compensation(m, n))
                self._refute("a_compensation", f"y{tile.tag}[{m},{n}] is bias + w x and {text}")
            outcome.results += 1

    def _check_products(self) -> None:
        """Issued products of high-order slices against the lists."""
        case, wanted, most = self._case, Counter(), 0
        for (_, w_high, _), (_, x_high, _) in case.passes:
            for row, column in product(case.weights, case.activations):
                for a, b in zip(row, column, strict=True):
                    kept_w = w_high is not None and a == KEPT
                    kept_x = x_high is not None and b == KEPT
                    wanted.update(hh=kept_w and kept_x, hl=kept_w, lh=kept_x)
                    most += 2 ** ((w_high is not None) + (x_high is not None)) - 1
        for kind in _HIGH:
            found, kept = self._outcome.events[kind], wanted[kind] * case.tiles
            if found != kept:
                self._refute("a_products", f"{found} {kind} products, {kept} are kept")
        self._outcome.skipped = (most - wanted.total()) * case.tiles

    def _known(self, port: str) -> int:
        """A port that must not depend on data."""
        value = self._machine.get(port)
        if type(value) is not int:
            self._refute("a_known", f"{port} is not known")
        return value

    def _refute(self, claim: str, what: str) -> None:
        lost = "; ".join(self._machine.losses())
        hint = f" (could not tell: {lost})" if claim == "a_known" and lost else ""
        raise RefutedError(f"{claim}: {what}, in case {self._case.name}{hint}")
