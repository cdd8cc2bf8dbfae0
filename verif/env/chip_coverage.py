"""Collects functional coverage of the chip from checked runs."""

import numpy as np
from pyuvm import uvm_subscriber

from models.chip.descriptor import Descriptor
from models.chip.params import ChipParams
from verif.agents.bus_traffic import BusTraffic, Kind
from verif.coverage.groups import make_sampler, write_coverage
from verif.csr.names import ADDRESS, ErrorCode
from verif.env.chip_cover_points import FLAGS, RUNS
from verif.env.chip_outcome import CheckedRun

__all__ = ["ChipCoverage"]

_CHANNELS = ("ar", "r", "aw", "w", "b", "registers")


class ChipCoverage(uvm_subscriber):
    """Samples every checked run; writes `functional_coverage.xml` into the run's folder.

    Coverage never decides whether a test passes. The database lives as long as the simulation,
    so tests of one run add up.
    """

    def build_phase(self) -> None:
        self.params: ChipParams = self.cdb_get("params")
        self._sample = make_sampler(RUNS)

    def write(self, tt: CheckedRun) -> None:
        """Sample one run."""
        bus = tt.program.bus
        code = ErrorCode(tt.item.readout[ADDRESS["ERROR"]] & 0xFF)
        view = _descriptors([] if tt.execution is None else [
            command.descriptor for command in tt.execution.commands
        ], self.params)  # fmt: skip
        view |= _bus(tt.item.traffic)
        view |= {f"stall_{name}": {getattr(bus, name) > 0} for name in _CHANNELS}
        view |= {
            "stall_burst": {bus.burst},
            "latency": {_latency(bus.latency)},
            "ending": {code.name},
            "error_cycle": {_phase(tt)} if code != ErrorCode.none else set(),
            "refused": {not access.okay for access in tt.item.accesses},
            "interrupt": {tt.item.raised is not None},
        }
        self._sample(view)

    def final_phase(self) -> None:
        write_coverage()


def _descriptors(descriptors: list[Descriptor], params: ChipParams) -> dict[str, set]:
    """Values of the points that the program's descriptors decide."""
    last = [d for d in descriptors if not d.more]
    coded = [d for d in last if not d.raw]
    groups = {1: "one", params.core.groups: "all"}
    view: dict[str, set] = {
        name: {getattr(d, name) for d in (last if name in FLAGS[-3:] else descriptors)}
        for name in FLAGS
    }
    view |= {
        "dbs": {d.dbs for d in descriptors},
        "r": {d.r for d in descriptors},
        "groups": {groups.get(d.groups, "some") for d in descriptors},
        "k_tiles": {
            ("one", "two", "more")[min(-(-d.k_len // params.core.tile_k), 3) - 1]
            for d in descriptors
        },
        "rows": {_rows(d, params.core.rows) for d in last},
        "y_dbs": {d.y_dbs for d in coded},
        "y_slices": {d.y_slices for d in coded},
        "y_r": {d.y_r for d in coded},
        "x_segments": {("one", "some")[d.x_segments > 1] for d in descriptors if d.x_load},
        "descriptors": {_size(len(descriptors))} if descriptors else set(),
        "pass": _passes(descriptors),
    }
    return view


def _rows(d: Descriptor, rows: int) -> str:
    if d.rows == rows * d.sub_tiles:
        return "all"
    return "first tile only" if d.dtp and d.rows <= rows else "some"


def _size(count: int) -> str:
    return "1" if count == 1 else "up to 16" if count <= 16 else "more"


def _passes(descriptors: list[Descriptor]) -> set[str]:
    """Parts of the weights and activations that each pass multiplies."""
    return {("B", "A")[d.wgt_up] + ("B", "A")[d.act_up] for d in descriptors}


def _bus(traffic: BusTraffic) -> dict[str, set]:
    """Values of the points that the AXI bus decides."""
    info = traffic.records["info"]
    lengths = (info >> 8 & 0xFF) + 1

    def burst(kind: Kind) -> set[str]:
        return {
            ("one", "some", "sixteen")[int(n > 1) + int(n > 15)]
            for n in np.unique(lengths[traffic.where(kind)]).tolist()
        }

    responses = {
        name: {("okay", "exokay", "slverr", "decerr")[r] for r in set(traffic.resp[at].tolist())}
        for name, at in (("r_resp", traffic.where(Kind.R)), ("b_resp", traffic.where(Kind.B)))
    }
    partial = ~traffic.write_strobes.all(axis=1)
    return {
        "read_burst": burst(Kind.AR),
        "write_burst": burst(Kind.AW),
        "strobes": {("all", "some")[value] for value in set(partial.tolist())},
        **responses,
    }


def _latency(latency: int | None) -> str:
    cycles = 20 if latency is None else latency
    return "1" if cycles == 1 else "up to 20" if cycles <= 20 else "more"


def _phase(tt: CheckedRun) -> str:
    """How far a failed run came."""
    kinds = set(tt.item.traffic.kinds.tolist())
    if Kind.W in kinds:
        return "writing"
    return "loading" if len(tt.item.traffic.where(Kind.R)) > 8 else "descriptors"
