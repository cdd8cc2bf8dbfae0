"""Collects functional coverage of the chip from checked runs."""

from pyuvm import uvm_subscriber

from models.chip.descriptor import Descriptor
from models.chip.params import ChipParams
from verif.agents.bus_traffic import BusTraffic, Kind
from verif.agents.chip_items import RegisterAccess
from verif.coverage.groups import make_sampler, write_coverage
from verif.csr.names import ADDRESS, COUNTERS, ErrorCode
from verif.env.chip_cover_bus import BUS, Channels, bus_view, open_bursts
from verif.env.chip_cover_points import FLAGS, LOADS, PRODUCTS, RUNS, WAITS
from verif.env.chip_cover_ppu import PPU, PpuView
from verif.env.chip_cover_registers import REGISTERS, RegisterView
from verif.env.chip_outcome import CheckedRun

__all__ = ["ChipCoverage"]


class ChipCoverage(uvm_subscriber):
    """Samples every checked run; writes `functional_coverage.xml` into the run's folder.

    Coverage never decides whether a test passes. The database lives as long as the simulation,
    so tests of one run add up.
    """

    def build_phase(self) -> None:
        self.params: ChipParams = self.cdb_get("params")
        self.accesses = uvm_subscriber.uvm_AnalysisImp("accesses", self, self._write_access)
        self._sample, self._sample_bus, self._sample_ppu, self._sample_registers = (
            make_sampler(group) for group in (RUNS, BUS, PPU, REGISTERS)
        )
        self._ppu, self._registers = PpuView(self.params), RegisterView()

    def restart(self) -> None:
        """After a reset."""
        self._registers.restart()

    def write(self, tt: CheckedRun) -> None:
        """Sample one run."""
        code = ErrorCode(tt.item.readout[ADDRESS["ERROR"]] & 0xFF)
        channels, readout = Channels(tt.item), tt.item.readout
        good = [] if tt.execution is None else tt.execution.commands
        view = _descriptors([command.descriptor for command in good], self.params)
        view |= {
            "waits": {name for name in WAITS if readout.get(COUNTERS[name])},
            "ending": {code.name},
            "interrupt": {tt.item.raised is not None},
            "stall_r": {tt.program.bus.r > 0},
        }
        if good:
            view["products"] = {name for name in PRODUCTS if readout.get(COUNTERS[name])}
            view |= _loads(tt, self.params)
        if code != ErrorCode.none:
            view["error_cycle"] = {_phase(tt, channels)}
        if code == ErrorCode.aborted:
            view |= _abort(tt, channels)
        self._sample(view)
        self._sample_bus(bus_view(tt, channels))
        for commands in self._ppu(tt):
            self._sample_ppu(commands)

    def final_phase(self) -> None:
        write_coverage()

    def _write_access(self, access: RegisterAccess) -> None:
        self._sample_registers(self._registers(access))


def _descriptors(descriptors: list[Descriptor], params: ChipParams) -> dict[str, set]:
    """Values of the points that the program's descriptors decide."""
    last = [d for d in descriptors if d.gives]
    coded = [d for d in last if not d.raw]
    groups = {1: "one", params.core.groups: "all"}
    view: dict[str, set] = {
        name: {getattr(d, name) for d in (last if name in FLAGS[-3:] else descriptors)}
        for name in FLAGS
    }
    view |= {
        "dbs": {d.dbs for d in descriptors},
        "gs": {d.step.gs if d.step else 0 for d in descriptors},
        "step": {("kept", "last")[d.step.last] for d in descriptors if d.step},
        "r": {d.r for d in descriptors},
        "groups": {groups.get(d.groups, "some") for d in descriptors},
        "k_tiles": {
            ("one", "two", "more")[min(-(-d.k_len // params.core.tile_k), 3) - 1]
            for d in descriptors
        },
        "k_tail": {d.k_len % params.core.tile_k > 0 for d in descriptors},
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


def _loads(run: CheckedRun, params: ChipParams) -> dict[str, set[str]]:
    """How busy the operators were, by the counters that were read."""
    readout, core = run.item.readout, params.core
    cycles = max(1, readout.get(COUNTERS["CYCLES"], 0))
    view = {}
    for name, operators in (("dwo", core.num_dwo), ("swo", core.num_swo)):
        if not operators:
            continue
        busy = readout.get(COUNTERS[f"{name.upper()}_BUSY"], 0)
        share = busy / (cycles * operators * core.num_pea)
        view[f"{name}_load"] = {LOADS[1 + min(2, int(4 * share))] if busy else LOADS[0]}
    return view


def _phase(run: CheckedRun, channels: Channels) -> str:
    """How far a failed run came."""
    traffic = run.item.traffic
    if len(traffic.write_addresses):
        return "writing"
    read = channels.of(traffic.read_addresses, write=False)
    return "loading" if set(read) - {"descriptors"} else "descriptors"


def _abort(run: CheckedRun, channels: Channels) -> dict[str, set[str]]:
    """What the bus did when software aborted the run."""
    commands = (a for a in run.item.accesses if a.write and a.address == ADDRESS["CTRL"])
    cycle = next(a.cycle for a in commands if a.data & 2)
    traffic = run.item.traffic
    before = BusTraffic(traffic.records[traffic.records["cycle"] <= cycle])
    after = "nothing"
    beats = [(kind, before.where(kind)) for kind in (Kind.R, Kind.W)]
    moved = [(int(where[-1]), kind, len(where)) for kind, where in beats if len(where)]
    if moved:
        _, kind, count = max(moved)
        write = kind == Kind.W
        addresses = traffic.write_addresses if write else traffic.read_addresses
        after = channels.of(addresses[count - 1 : count], write=write)[0]
    reading, writing = (bool(open_bursts(before, kind)[-1:].any()) for kind in (Kind.AR, Kind.AW))
    where = {(0, 0): "at rest", (1, 0): "reading", (0, 1): "writing", (1, 1): "both"}
    return {"abort_after": {after}, "abort_bus": {where[reading, writing]}}
