"""The virtual sequences that run programs on the chip."""

from collections.abc import Awaitable, Callable

from pyuvm import uvm_reg, uvm_sequence, uvm_status_e

from models.errors import PanaceaError
from verif.agents.bus_traffic import BEAT
from verif.csr.axil_agent import AxilItem, AxilSequence
from verif.csr.names import ADDRESS, COUNTERS, Events, Status
from verif.env.chip_env import ChipEnv
from verif.sequences.program_item import ProgramItem

__all__ = ["WALL", "RegisterSequence", "RunSequence", "access"]

WALL = 2_000_000
"""Cycles after which a run without an interrupt is given up."""

_ENDS = Events.done | Events.error
_READOUT = ("STATUS", "ERROR", "ERROR_DESC", "ERROR_ADDR_LO", "ERROR_ADDR_HI", "IRQ_STATUS")

During = Callable[[ChipEnv], Awaitable[None]]


class RegisterSequence(uvm_sequence):
    """Base: reads and writes registers by name, through the register model."""

    def __init__(self, env: ChipEnv, name: str) -> None:
        super().__init__(name)
        self.env = env

    async def write(self, name: str, data: int) -> None:
        """Write a register; it must be accepted."""
        status = await self._register(ADDRESS[name]).write(int(data))
        if status != uvm_status_e.UVM_IS_OK:
            raise PanaceaError(f"{name} = {data:#x}: the write was refused")

    async def read(self, name: str) -> int:
        """Read a control register, or the lower half of a counter; it must be accepted."""
        address = ADDRESS[name] if name in ADDRESS else COUNTERS[name]
        return await self.read_at(address)

    async def read_at(self, address: int) -> int:
        """Read the register at an address; it must be accepted."""
        status, value = await self._register(address).read()
        if status != uvm_status_e.UVM_IS_OK:
            raise PanaceaError(f"register at {address:#x}: the read was refused")
        return value

    def _register(self, address: int) -> uvm_reg:
        return self.env.model.get_default_map().get_reg_by_offset(address)


async def access(env: ChipEnv, **fields: int) -> AxilItem:
    """A register access past the model, which may be refused; `fields` as AxilItem takes them."""
    item = AxilItem(**fields)
    await AxilSequence(item).start(env.registers.sequencer)
    return item


class RunSequence(RegisterSequence):
    """Loads a program, starts it, waits for its end, reads status and counters, clears.

    Args:
        env: the chip's env.
        item: the program.
        polled: ask STATUS for the end, with the interrupt disabled.
        upper: read the counters' upper halves too.
        during: awaited while the program runs, right after its start.
        dump: compare memory itself, too.
    """

    def __init__(
        self,
        env: ChipEnv,
        item: ProgramItem,
        *,
        polled: bool = False,
        upper: bool = False,
        during: During | None = None,
        dump: bool = True,
    ) -> None:
        super().__init__(env, "run")
        self.item, self.polled, self.upper = item, polled, upper
        self.during, self.dump = during, dump

    async def body(self) -> None:
        env, item = self.env, self.item
        await self.prepare()
        env.scoreboard.expect(item)
        env.control.running(True)
        await self.write("CTRL", 1)
        if self.during is not None:
            await self.during(env)
        await (self._poll() if self.polled else self._wait())
        env.control.running(False)
        await self._read_out()
        await self.write("IRQ_STATUS", _ENDS)
        await env.settle()
        if self.dump and item.ending.good:
            size = -(-item.program.memory_bytes // BEAT) * BEAT
            env.scoreboard.check_contents(item, await env.control.dump(item.program.base, size))

    async def prepare(self) -> None:
        """Memory, pauses, program registers."""
        env, item = self.env, self.item
        env.control.configure(item.bus)
        memory = item.image.tobytes().ljust(item.program.memory_bytes, b"\0")
        await env.control.load(item.program.base, memory)
        await self.write("PROG_ADDR_LO", item.program.prog_addr & 0xFFFFFFFF)
        await self.write("PROG_ADDR_HI", item.program.prog_addr >> 32)
        await self.write("PROG_COUNT", item.prog_count)
        await self.write("IRQ_ENABLE", 0 if self.polled else _ENDS)

    async def _wait(self) -> None:
        if not await self.env.control.interrupt(WALL):
            raise AssertionError(f"program {self.item.name}: no interrupt in {WALL} cycles")

    async def _poll(self) -> None:
        while not await self.read("STATUS") & Status.idle:
            await self.env.control.cycles(50)

    async def _read_out(self) -> None:
        for name in (*_READOUT, *COUNTERS):
            await self.read(name)
            if self.upper and name in COUNTERS:
                await self.read_at(COUNTERS[name] + 4)
