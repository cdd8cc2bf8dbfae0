"""Everything that can end a run of the chip, and what the run control must tell about it."""

from dataclasses import dataclass, field

from verif.csr.names import ErrorCode

__all__ = ["ADDRESSES", "CODES", "DESCRIPTORS", "FAULTS", "GOOD", "TOGETHER", "Fault"]

ADDRESSES = {"read_addr": 0xA5_1234_5660, "write_addr": 0x5A_8765_4320}
DESCRIPTORS = {"desc_index": 0x8000_0007, "next_desc": 0x4000_0003}
CODES = set(ErrorCode) - {ErrorCode.none}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Inputs that end a run, and what must be told; `next_desc` unless told otherwise."""

    inputs: dict[str, int]
    code: ErrorCode
    detail: int = 0
    desc: int = DESCRIPTORS["next_desc"]
    addr: int = 0
    told: tuple[int, int, int, int] = field(init=False)

    def __post_init__(self) -> None:
        told = (int(self.code), self.detail, self.desc, self.addr)
        object.__setattr__(self, "told", told)


def _read(**inputs: int) -> Fault:
    return Fault(inputs=inputs, code=ErrorCode.read_failed, addr=ADDRESSES["read_addr"])


def _write(**inputs: int) -> Fault:
    return Fault(inputs=inputs, code=ErrorCode.write_failed, addr=ADDRESSES["write_addr"])


def _bad(rule: int) -> Fault:
    desc = DESCRIPTORS["desc_index"]
    return Fault(inputs={"bad_desc": rule}, code=ErrorCode.bad_descriptor, detail=rule, desc=desc)


def _stream(detail: int, **inputs: int) -> Fault:
    return Fault(inputs=inputs, code=ErrorCode.corrupt_stream, detail=detail)


def _large(detail: int, **inputs: int) -> Fault:
    return Fault(inputs=inputs, code=ErrorCode.block_too_large, detail=detail)


def _core(detail: int, **inputs: int) -> Fault:
    return Fault(inputs=inputs, code=ErrorCode.core_error, detail=detail)


FAULTS = (
    Fault(inputs={"abort": 1}, code=ErrorCode.aborted),
    _read(read_error=1),
    _write(write_error=1),
    *(_bad(rule) for rule in range(1, 11)),
    _stream(1, chunk_error=1),
    _stream(2, table_error=1),
    _stream(3, w_end_error=1),
    _stream(4, x_end_error=1),
    _large(1, w_large=1),
    _large(2, x_large=1),
    *(_core(1 << bit, core_err=1 << bit) for bit in range(3)),
    *(_core(8 << bit, ppu_err=1 << bit) for bit in range(2)),
    _stream(5, all_dealt=1, all_written=1, playing=1),
)
"""In the order of their priority; those with the same code and one input are exclusive."""
TOGETHER = (
    _large(3, w_large=1, x_large=1),
    _core(0b10101, core_err=5, ppu_err=2),
    _core(0b11111, core_err=7, ppu_err=3),
)
"""Causes of the same error that are told together."""
GOOD = Fault(inputs={"all_dealt": 1, "all_written": 1}, code=ErrorCode.none)
