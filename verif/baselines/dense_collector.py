"""Puts the beats of a dense core's streams together to outputs."""

from models.baselines.dense_params import DenseParams
from verif.agents.collector import CommandCollector
from verif.agents.stream_agent import StreamMonitor
from verif.baselines.dense_items import COUNTERS, DenseCommand, DenseOutput

__all__ = ["DenseCollector"]


class DenseCollector(CommandCollector):
    """Writes a DenseOutput to `ap` when the last result of a block leaves the core."""

    params: DenseParams
    operands: StreamMonitor
    counters = COUNTERS

    @property
    def monitors(self) -> list[StreamMonitor]:
        return [self.command, self.operands, self.results]

    def _item(self, fields: list[int]) -> DenseOutput:
        _, last, beats, gained = self._gains(fields)
        for monitor in self.monitors:
            monitor.beats.pull()
        commands: list[DenseCommand] = []
        while not commands or not commands[-1].last:
            commands.append(DenseCommand.of(self.command.beats.take(1)))
        bias = commands[-1].row_tiles * self.params.parts
        self.operands.beats.take(bias + sum(c.w_words + c.x_words for c in commands))
        accepted = [self._accepted.popleft() for _ in commands]
        number, self.seen = self.seen, self.seen + 1
        return DenseOutput(
            number=number,
            commands=tuple(commands),
            results=self.results.beats.take(beats),
            accepted=accepted[0],
            last=last,
            counters=gained,
        )
