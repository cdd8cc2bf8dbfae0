"""The bus master and the controller's side of a register file under test."""

from cocotbext.axi import AxiResp

from verif.csr.axil_master import ALL_BYTES, AxilMaster
from verif.csr.names import ADDRESS, COUNTERS
from verif.unit.harness import Block, pack, seeded

__all__ = ["INC_W", "Csr"]

INPUTS = "end end_code end_detail end_desc end_addr count_inc"
OUTPUTS = "irq start abort busy prog_addr prog_count"
INC_W = 58


class Csr:
    """The bench of one test: bus master and the controller's side."""

    def __init__(self, dut, *, stall: float = 0.0) -> None:
        self.dut, self.rng = dut, seeded()
        self.master = AxilMaster(dut, self.rng, stall=stall)
        self.block = Block(dut, "c", INPUTS, OUTPUTS)

    async def start(self) -> None:
        """Reset; nothing may be known to be wrong after it."""
        await self.block.start()
        seen = await self.block.cycle()
        assert (seen.irq, seen.start, seen.abort, seen.busy) == (0, 0, 0, 0)

    async def write(self, name: str, data: int, strobes: int = ALL_BYTES) -> None:
        """Write a register by name; it must be accepted."""
        answer = await self.master.write(ADDRESS[name], data, strobes)
        assert answer == AxiResp.OKAY, name

    async def read(self, name: str) -> int:
        """Read a register by name; it must be accepted."""
        data, answer = await self.master.read(ADDRESS[name])
        assert answer == AxiResp.OKAY, name
        return data

    def add(self, amounts: list[int]) -> None:
        """Have the first counters add these amounts in every cycle from now on, the others 0."""
        self.dut.c_count_inc.value = pack(amounts, INC_W)

    async def count(self, name: str) -> int:
        """A counter, lower half first, as software reads it."""
        low, _ = await self.master.read(COUNTERS[name])
        high, _ = await self.master.read(COUNTERS[name] + 4)
        return high << 32 | low

    async def end(self, code: int = 0, detail: int = 0, desc: int = 0, addr: int = 0) -> None:
        """End the run, as the controller does."""
        await self.block.cycle(
            end=1, end_code=code, end_detail=detail, end_desc=desc, end_addr=addr
        )
        await self.block.cycle(end=0, end_code=0xFF, end_detail=0xFFFF, end_desc=0xFFFFFFFF)

    async def snapshot(self) -> dict[int, int]:
        """All registers that can be read, by address."""
        values = {}
        for address in range(0, 0x200, 4):
            data, answer = await self.master.read(address)
            if answer == AxiResp.OKAY:
                values[address] = data
        return values
