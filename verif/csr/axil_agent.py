"""pyuvm agent of an AXI4-Lite slave, and the adapter between it and a register model."""

from pyuvm import (
    uvm_access_e,
    uvm_agent,
    uvm_driver,
    uvm_reg_adapter,
    uvm_reg_bus_op,
    uvm_sequence,
    uvm_sequence_item,
    uvm_sequencer,
    uvm_status_e,
)

from verif.csr.axil_master import ALL_BYTES, AxilMaster

__all__ = ["AxilAdapter", "AxilAgent", "AxilItem", "AxilSequence"]


class AxilItem(uvm_sequence_item):
    """One access.

    Attributes:
        write: direction.
        address: byte address; need not be aligned.
        data: written, or, after a read, what was read.
        strobes: bytes to write, bit i for byte i.
        okay: the answer was OKAY (set by the driver).
    """

    def __init__(
        self, *, write: bool, address: int, data: int = 0, strobes: int = ALL_BYTES
    ) -> None:
        super().__init__("axil_item")
        self.write, self.address, self.data, self.strobes = write, address, data, strobes
        self.okay = False


class AxilSequence(uvm_sequence):
    """Plays one item that does not come from the register model."""

    def __init__(self, item: AxilItem) -> None:
        super().__init__("axil_sequence")
        self.item = item

    async def body(self) -> None:
        await self.start_item(self.item)
        await self.finish_item(self.item)


class AxilDriver(uvm_driver):
    """Performs items on the master that the ConfigDB holds as `master`."""

    def build_phase(self) -> None:
        self.master: AxilMaster = self.cdb_get("master")

    async def run_phase(self) -> None:
        while True:
            item: AxilItem = await self.seq_item_port.get_next_item()
            if item.write:
                answer = await self.master.write(item.address, item.data, item.strobes)
            else:
                item.data, answer = await self.master.read(item.address)
            item.okay = answer == 0
            self.seq_item_port.item_done()


class AxilAgent(uvm_agent):
    """Sequencer and driver."""

    def build_phase(self) -> None:
        self.sequencer = uvm_sequencer.create("sequencer", self)
        self.driver = AxilDriver.create("driver", self)

    def connect_phase(self) -> None:
        self.driver.seq_item_port.connect(self.sequencer.seq_item_export)


class AxilAdapter(uvm_reg_adapter):
    """Turns accesses of a register model into items, and answers into its status."""

    def reg2bus(self, rw: uvm_reg_bus_op) -> AxilItem:
        write = rw.kind == uvm_access_e.UVM_WRITE
        return AxilItem(write=write, address=rw.addr, data=rw.data)

    def bus2reg(self, bus_item: AxilItem, rw: uvm_reg_bus_op) -> None:
        rw.data = bus_item.data
        rw.status = uvm_status_e.UVM_IS_OK if bus_item.okay else uvm_status_e.UVM_NOT_OK
