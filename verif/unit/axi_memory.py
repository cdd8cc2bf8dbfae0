"""A memory behind the AXI masters under test, with pauses on every channel and bad addresses.

Built on cocotbext-axi's models, on the bus and clock of `tb_axi` or `tb_protocol`.
"""

import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
from cocotbext.axi import AxiBus, AxiRam, AxiResp

__all__ = ["BEAT", "AxiMemory", "check_bursts"]

BEAT = 32
"""Bytes of a beat."""


def _pauses(rng: np.random.Generator, stall: float) -> Iterator[bool]:
    while True:
        yield bool(rng.random() < stall)


class AxiMemory:
    """AxiRam with pauses, bad addresses, and a record of the bursts it was asked for.

    Args:
        dut: handle of the top.
        rng: decides the pauses.
        stall: probability of a pause on each channel in each cycle, by channel name (ar, r, aw,
            w, b); channels not named do not pause.

    Attributes:
        bad_reads: beat addresses that are read with an error: SLVERR or DECERR by address.
        bad_writes: the same of writes.
        bursts: (channel, address, beats) of every burst, in order.
    """

    def __init__(self, dut: Any, rng: np.random.Generator, **stall: float) -> None:
        logging.getLogger(f"cocotb.{dut._name}.bus").setLevel(logging.ERROR)
        self._ram = AxiRam(AxiBus.from_prefix(dut, "bus"), dut.bus_clk, size=2**40)
        self.bad_reads: dict[int, AxiResp] = {}
        self.bad_writes: dict[int, AxiResp] = {}
        self.bursts: list[tuple[str, int, int]] = []
        write, read = self._ram.write_if, self._ram.read_if
        self._channels = {
            "ar": read.ar_channel,
            "r": read.r_channel,
            "aw": write.aw_channel,
            "w": write.w_channel,
            "b": write.b_channel,
        }
        self._rng = rng
        self.stall(**stall)
        # How many bursts a memory takes in before it works on them is its own affair.
        for name in ("ar", "aw"):
            self._channels[name].queue_occupancy_limit = 16
        self._watch("ar")
        self._watch("aw")
        self._spoil_reads()
        self._spoil_writes()

    def stall(self, **probability: float) -> None:
        """Have channels pause at random from now on, by name; 0 is never."""
        for name, share in probability.items():
            channel = self._channels[name]
            channel.clear_pause_generator()
            channel.pause = False
            if share:
                channel.set_pause_generator(_pauses(self._rng, share))

    def pause(self, channel: str, value: bool) -> None:
        """Hold a channel that does not pause by itself, or let it go."""
        self._channels[channel].pause = value

    def has_waiting(self, channel: str) -> bool:
        """Whether the memory has taken something from a channel that it has not worked on."""
        return not self._channels[channel].empty()

    def clear(self) -> None:
        """Set all contents to zero."""
        self._ram.mem.clear()

    def load(self, address: int, data: bytes) -> None:
        """Write bytes directly."""
        self._ram.write(address, data)

    def dump(self, address: int, length: int) -> bytes:
        """Read bytes directly."""
        return self._ram.read(address, length)

    def _watch(self, name: str) -> None:
        channel = self._channels[name]
        receive = channel.recv

        async def recorded():
            burst = await receive()
            address, beats = getattr(burst, f"{name}addr"), getattr(burst, f"{name}len")
            self.bursts.append((name, int(address), int(beats) + 1))
            return burst

        channel.recv = recorded

    def _spoil_reads(self) -> None:
        """The model reads a beat, then sends it: the address is remembered for the answer."""
        model, at = self._ram.read_if, []
        read, send = model._read, model.r_channel.send

        async def reading(address: int, length: int) -> bytes:
            at[:] = [address]
            return await read(address, length)

        async def sending(beat: Any) -> None:
            beat.rresp = self.bad_reads.get(at[0], AxiResp.OKAY)
            await send(beat)

        model._read, model.r_channel.send = reading, sending

    def _spoil_writes(self) -> None:
        """A burst that touches a bad beat is answered with that beat's error."""
        model, found = self._ram.write_if, []
        write, send = model._write, model.b_channel.send

        async def writing(address: int, data: bytes) -> None:
            found.append(self.bad_writes.get(address // BEAT * BEAT, AxiResp.OKAY))
            await write(address, data)

        async def answering(answer: Any) -> None:
            answer.bresp = max(found, default=AxiResp.OKAY)
            found.clear()
            await send(answer)

        model._write, model.b_channel.send = writing, answering


def check_bursts(
    memory: AxiMemory, channel: str, requests: list[tuple[int, int]], max_burst: int
) -> None:
    """Check that bursts cover the requests (address, beats) in order, as few as the rules allow.

    The rules: a burst has at most `max_burst` beats, ends at the latest at a multiple of
    `max_burst` beats, and so never crosses 4 KB.
    """
    bursts = [(address, beats) for name, address, beats in memory.bursts if name == channel]
    expected = []
    for address, beats in requests:
        while beats:
            room = max_burst - address // BEAT % max_burst
            expected.append((address, min(room, beats)))
            address, beats = address + BEAT * expected[-1][1], beats - expected[-1][1]
    assert bursts == expected
    for address, beats in bursts:
        assert address // 4096 == (address + BEAT * beats - 1) // 4096
