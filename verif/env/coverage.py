"""Collects functional coverage of the core from what the monitors saw."""

import cocotb
import numpy as np
from pyuvm import uvm_subscriber

from models.apsq import CODE_MAX, CODE_MIN, accumulate
from models.compression import HoMasks
from models.decoded import DecodedCommand, DecodedPass
from models.params import RLE_MAX, CoreParams
from models.rle import run_indices, split_k_tiles
from verif.agents.control import TestbenchControl
from verif.agents.items import CommandItem
from verif.coverage.groups import make_sampler, write_coverage
from verif.env.cover_points import (
    CODES,
    ERRORS,
    FORMS,
    LIST_KINDS,
    LOADS,
    MARKS,
    RAN,
    STREAMS,
    TRAILING,
    TURNS,
    group_of,
)
from verif.env.outcome import CheckedCommand

__all__ = ["CoreCoverage"]


class CoreCoverage(uvm_subscriber):
    """Samples checked commands, errors and resets; writes `functional_coverage.xml` into the run's
    folder.

    Coverage never decides whether a test passes. The database lives as long as the simulation,
    so tests of one run add up.
    """

    def build_phase(self) -> None:
        self.params: CoreParams = self.cdb_get("params")
        self.control: TestbenchControl = self.cdb_get("control")
        group = group_of(self.params)
        self._marks = [name for name in MARKS if name in group.points]
        self._sample = make_sampler(group)
        self._last_result, self._kind, self._form = -1, "", ""

    async def run_phase(self) -> None:
        cocotb.start_soon(self._watch_errors())
        async for in_flight in self.control.resets():
            self._sample({"reset": {"in flight" if in_flight else "idle"}})
            self._last_result, self._kind, self._form = -1, "", ""

    def write(self, tt: CheckedCommand) -> None:
        """Sample one command."""
        item, decoded = tt.item, tt.decoded
        view = _formats(decoded) | {"m_tail": _m_tail(decoded)}
        for one in decoded.passes:
            points = _shape(one, self.params) | _lists(one, self.params.tile_k)
            form = FORMS[one.wgt_dense]
            points |= {"w_form": {form}}
            if self._form:
                points["form_turn"] = {f"{self._form} then {form}"}
            self._form = form
            view |= {name: view.get(name, set()) | values for name, values in points.items()}
        view |= {name: {item.counters[name] > 0} for name in self._marks}
        view["stalled"] = {name for name in STREAMS if item.counters[name]}
        view["flowing"] = set(STREAMS) - view["stalled"]
        view["ran"] = {kind for name, kind in RAN.items() if item.counters[name]}
        view |= self._loads(item)
        view["psum"] = _magnitudes(tt.blocks)
        view["overlapped"] = {item.accepted < self._last_result}
        view |= _steps(decoded)
        kind = TURNS[decoded.last.apsq is not None]
        view["turn"] = {f"{self._kind} then {kind}"} if self._kind else set()
        self._last_result, self._kind = item.last, kind
        self._sample(view)

    def final_phase(self) -> None:
        write_coverage()

    async def _watch_errors(self) -> None:
        async for error in self.control.errors():
            self._sample({"error": {name for bit, name in enumerate(ERRORS) if error >> bit & 1}})

    def _loads(self, item: CommandItem) -> dict[str, set[str]]:
        """How busy the operators were since the result before, or since the first command."""
        cycles = item.last - (item.accepted if self._last_result < 0 else self._last_result)
        products = item.counters
        dynamic = products["hh"] + products["hl"] + products["lh"] + products["ll_dwo"]
        kinds = [("dwo_load", dynamic, self.params.num_dwo)]
        if not self.params.pooled:
            kinds.append(("swo_load", products["ll_swo"], self.params.num_swo))
        loads = {}
        for name, count, operators in kinds:
            share = count / (cycles * operators * self.params.num_pea)
            loads[name] = {LOADS[0] if count == 0 else LOADS[1 + min(3, int(4 * share))]}
        return loads


def _formats(decoded: DecodedCommand) -> dict[str, set]:
    """Values of the points that the passes decide together."""
    passes = decoded.passes
    w_high = any(one.w_stored.any() for one in passes)
    x_high = any(one.x_stored.any() or one.r for one in passes)
    w_wide, x_wide = any(one.wgt_up for one in passes), any(one.act_up for one in passes)
    return {
        "w_bits": {10 if w_wide else 7 if w_high else 4},
        "x_bits": {12 if x_wide else 8 if x_high else 4},
        "passes": {len(one) for one in decoded.steps},
    }


def _steps(decoded: DecodedCommand) -> dict[str, set]:
    """Values of the points of APSQ."""
    steps = decoded.steps
    view: dict[str, set] = {
        "gs": {decoded.last.gs},
        "steps": {("one", "two", "three", "four", "five", "more")[min(len(steps), 6) - 1]},
    }
    if decoded.last.apsq is not None:
        exponents = [step[-1].apsq.exponent for step in steps]
        codes = np.stack(accumulate(decoded.sums, decoded.last.gs, exponents)[1])
        view |= {
            "step_end": {(len(steps) - 1) % decoded.last.gs},
            "exponent": set(exponents),
            "quantised": _named(CODES, np.digitize(codes, (CODE_MIN + 1, 0, 1, CODE_MAX)).ravel()),
        }
    return view


def _m_tail(decoded: DecodedCommand) -> set[bool]:
    """Whether a row group is all zeros."""
    used = [one.weights.reshape(len(one.w_stored), -1).any(axis=1) for one in decoded.passes]
    return {not np.logical_or.reduce(used).all()}


def _shape(decoded: DecodedPass, params: CoreParams) -> dict[str, set]:
    """Values of the points that a command's fields decide."""
    tiles, tail = -(-decoded.k_len // params.tile_k), decoded.k_len % params.tile_k
    groups = {1: "one", params.groups: "all"}.get(decoded.groups, "some")
    return {
        "wgt_up": {decoded.wgt_up},
        "act_up": {decoded.act_up},
        "dbs": {decoded.dbs},
        "r": {decoded.r},
        "dtp": {decoded.dtp},
        "groups": {groups},
        "k_tiles": {("one", "two", "more")[min(tiles, 3) - 1]},
        "k_tail": {_tail(tail)},
        "k_modulo_4": {decoded.k_len % 4},
    }


def _tail(tail: int) -> str:
    if tail == 0:
        return "full tile"
    if tail == 1:
        return "1"
    return "below 16" if tail < 16 else "below a tile"


def _lists(decoded: DecodedPass, tile_k: int) -> dict[str, set]:
    """Values of the points that the HO lists decide, for weights and activations."""
    view: dict[str, set] = {}
    for name, masks in (("w", decoded.w_masks), ("x", decoded.x_masks)):
        if masks.dense:
            some = masks.kept[masks.kept.any(axis=1)]
            view["dense_tail"] = {decoded.k_len % 4}
            view["dense_dropped"] = {not row.all() for row in some}
        else:
            view |= {f"{name}_{key}": value for key, value in _list(masks, tile_k).items()}
    return view


def _list(masks: HoMasks, tile_k: int) -> dict[str, set]:
    """Values of one operand's points of run-length lists."""
    tiles = split_k_tiles(masks.stored, tile_k)
    length = np.minimum(tile_k, masks.stored.shape[1] - tile_k * np.arange(tiles.shape[1]))
    length = np.tile(length, len(tiles))
    owner, position, index = run_indices(tiles.reshape(-1, tile_k))
    spare = index[~split_k_tiles(masks.kept, tile_k).reshape(-1, tile_k)[owner, position]]
    end = np.full(len(length), -1)
    end[owner] = position  # the last entry of a list wins
    trailing = length - 1 - end
    count = np.bincount(owner, minlength=len(length))
    return {
        "run": _values(index),
        "placeholder": {bool((spare == RLE_MAX).any())},
        "needless": {bool((spare < RLE_MAX).any())},
        "trailing": _named(TRAILING, np.digitize(trailing, (1, 16))),
        "list": _named(LIST_KINDS, 1 + (count == length).astype(int) - (count == 0)),
    }


def _values(array: np.ndarray) -> set[int]:
    """The distinct values of an array of small non-negative integers."""
    return set(np.flatnonzero(np.bincount(array)).tolist())


def _named(names: tuple[str, ...], array: np.ndarray) -> set[str]:
    """The names of the distinct values of an array of indices."""
    return {names[value] for value in _values(array)}


def _magnitudes(y: np.ndarray) -> set[str]:
    """Sign and magnitude bins of the results."""
    seen = {"0"} if not y.all() else set()
    for sign, values in (("-", -(y[y < 0].astype(np.int64))), ("+", y[y > 0])):
        sizes = np.digitize(values, (2**8, 2**16, 2**24))
        seen |= {f"{sign} {(8, 16, 24, 31)[size]}" for size in _values(sizes)}
    return seen
