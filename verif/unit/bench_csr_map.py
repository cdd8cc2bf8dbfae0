"""The registers against the register model made from SystemRDL: addresses, resets, accesses."""

import cocotb
import numpy as np
import pyuvm
from cocotb.triggers import FallingEdge
from pyuvm import uvm_reg, uvm_status_e, uvm_test

from verif.csr.axil_agent import AxilAdapter, AxilAgent, AxilItem, AxilSequence
from verif.csr.axil_master import AxilMaster
from verif.csr.generate import load_model, write_model
from verif.unit.harness import Block, seeded

INPUTS = "end end_code end_detail end_desc end_addr count_inc"
READABLE = {"RO", "RW", "W1C"}
WRITABLE = {"WO", "RW", "W1C"}
MAP_BYTES = 4096


class MapTest(uvm_test):
    """Base: agent, register model with its front door, and a design at rest."""

    stall = 0.0

    def build_phase(self) -> None:
        self.rng = seeded()
        self.cdb_set("master", AxilMaster(cocotb.top, self.rng, stall=self.stall))
        self.agent = AxilAgent.create("agent", self)
        self.model = load_model(write_model()).panacea("panacea")
        self.model.build()
        self.model.lock_model()

    def connect_phase(self) -> None:
        self.map = self.model.get_default_map()
        self.map.set_sequencer(self.agent.sequencer, AxilAdapter("adapter"))
        self.map.set_auto_predict(True)

    async def run_phase(self) -> None:
        self.raise_objection()
        self.block = Block(cocotb.top, "c", INPUTS, "irq start abort busy")
        await self.block.start()
        self.model.reset()
        await self.body()
        self.drop_objection()

    async def body(self) -> None:
        """What the test does."""
        raise NotImplementedError

    def registers(self) -> list[uvm_reg]:
        """All registers of the model, by address."""
        found = sorted(self.model.get_registers(), key=lambda reg: reg.get_address())
        assert len(found) > 60, f"only {len(found)} registers in the model"
        return found

    async def access(self, **fields) -> AxilItem:
        """An access past the model."""
        item = AxilItem(**fields)
        await AxilSequence(item).start(self.agent.sequencer)
        return item

    async def read(self, reg: uvm_reg) -> int:
        """The register's value, through the model."""
        status, value = await reg.read()
        assert status == uvm_status_e.UVM_IS_OK, f"read of {reg.get_full_name()}"
        return value


def may(reg: uvm_reg, kinds: set[str]) -> bool:
    """Whether some field of the register has one of these accesses."""
    return any(field.get_access() in kinds for field in reg.get_fields())


def mask(reg: uvm_reg, access: str) -> int:
    """Bits of the register's fields that have this access."""
    fields = (field for field in reg.get_fields() if field.get_access() == access)
    return sum(((1 << f.get_n_bits()) - 1) << f.get_lsb_pos() for f in fields)


@pyuvm.test(timeout_time=5, timeout_unit="ms")
class Resets(MapTest):
    """Every readable register holds its reset value, bits outside of its fields are zero."""

    async def body(self) -> None:
        for reg in self.registers():
            if may(reg, READABLE):
                assert await self.read(reg) == reg.get_reset(), reg.get_full_name()


@pyuvm.test(timeout_time=5, timeout_unit="ms")
class Accesses(MapTest):
    """Fields take what the model says they take; forbidden accesses are refused without effect."""

    async def body(self) -> None:
        for reg in self.registers():
            if not may(reg, READABLE):
                answer = await self.access(write=False, address=reg.get_address())
                assert (answer.okay, answer.data) == (False, 0), reg.get_full_name()
            elif not may(reg, WRITABLE):
                await self.refused_write(reg)
            else:
                await self.written(reg)
        await FallingEdge(cocotb.top.clk)
        assert cocotb.top.starts.value == 0

    async def refused_write(self, reg: uvm_reg) -> None:
        """Writes to a read-only register."""
        for data in (0, 0xFFFFFFFF, reg.get_reset() ^ 0x5A5AA5A5):
            answer = await self.access(write=True, address=reg.get_address(), data=data)
            assert not answer.okay, reg.get_full_name()
            assert await self.read(reg) == reg.get_reset(), reg.get_full_name()

    async def written(self, reg: uvm_reg) -> None:
        """Patterns, bit by bit and random: the mirror predicts what is read."""
        before = {other: await self.read(other) for other in self.registers() if self.rw(other)}
        patterns = [0xFFFFFFFF, 0, *(1 << bit for bit in range(32))]
        patterns += self.rng.integers(0, 2**32, 8, dtype=np.uint64).tolist()
        for data in patterns:
            status = await reg.write(data)
            assert status == uvm_status_e.UVM_IS_OK
            expected = data & mask(reg, "RW")
            assert reg.get_mirrored_value() == expected, f"model of {reg.get_full_name()}"
            assert await self.read(reg) == expected, f"{reg.get_full_name()} after {data:#x}"
        for other, value in before.items():
            assert other is reg or await self.read(other) == value, other.get_full_name()

    @staticmethod
    def rw(reg: uvm_reg) -> bool:
        """Whether the register can hold what is written to it."""
        return bool(mask(reg, "RW"))


@pyuvm.test(timeout_time=5, timeout_unit="ms")
class Holes(MapTest):
    """Every word address that the model does not have answers SLVERR, both ways."""

    stall = 0.3

    async def body(self) -> None:
        mapped = {reg.get_address() for reg in self.registers()}
        for address in range(0, MAP_BYTES, 4):
            if address not in mapped:
                answer = await self.access(write=False, address=address)
                assert (answer.okay, answer.data) == (False, 0), f"read of {address:#x}"
                answer = await self.access(write=True, address=address, data=0xFFFFFFFF)
                assert not answer.okay, f"write of {address:#x}"
        for reg in self.registers():
            if may(reg, READABLE):
                assert await self.read(reg) == reg.get_reset(), reg.get_full_name()
