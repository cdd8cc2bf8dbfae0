"""The chip against bus models that others wrote: programs, pauses, error answers."""

import cocotb
import pyuvm

from verif.agents.chip_control import ChipControl
from verif.agents.protocol_control import ProtocolControl
from verif.env.chip_env import ChipEnv
from verif.tests_chip.errors import BusErrorTest, ErrorTest

__all__ = ["ProtocolErrors", "ProtocolPrograms"]


class ProtocolEnv(ChipEnv):
    """The chip's env on `tb_protocol`, whose memory has a timing of its own."""

    def build_phase(self) -> None:
        super().build_phase()
        self.scoreboard.ideal_memory = False

    def make_control(self) -> ChipControl:
        return ProtocolControl(cocotb.top)


@pyuvm.test()
class ProtocolPrograms(ErrorTest):
    """Random programs with random pauses."""

    env_class = ProtocolEnv

    async def stimulate(self) -> None:
        for number, name in enumerate(self.names("program")):
            await self.run(self.draw(name), polled=bool(number % 2))


@pyuvm.test()
class ProtocolErrors(BusErrorTest):
    """Error answers."""

    env_class = ProtocolEnv
    count = 3
