"""Sizes of the accelerator core and the configuration of one layer."""

from dataclasses import dataclass

from models.errors import PanaceaError, check_choice, check_range

__all__ = [
    "ACTIVATION_BEAT_BYTES",
    "ACTIVATION_ENTRIES",
    "ACTIVATION_LO_VECTORS",
    "BIAS_BEAT_BYTES",
    "COMMAND_BEAT_BYTES",
    "GROUPS_MAX",
    "K_MAX",
    "RESULT_BEAT_BYTES",
    "RLE_MAX",
    "SLICE_BITS",
    "VECTOR",
    "WEIGHT_BEAT_BYTES",
    "WEIGHT_ENTRIES",
    "WEIGHT_LO_VECTORS",
    "WMEM_BYTES",
    "CoreParams",
    "LayerConfig",
]

VECTOR = 4  # slices in a vector: 4 rows of a weight column, 4 columns of an activation row
SLICE_BITS = 4
RLE_MAX = 15  # longest run of skipped vectors in front of a stored one (4-bit index)
WMEM_BYTES = 128 * 1024  # weight memory of the chip
K_MAX = 2**16 - 1  # the command's k_len field has 16 bits
GROUPS_MAX = 2**8 - 2  # the groups field has 8 bits, and a core must be able to refuse one more

COMMAND_BEAT_BYTES = 6  # 44 bits, the others zero
WEIGHT_BEAT_BYTES = 8
ACTIVATION_BEAT_BYTES = 32
BIAS_BEAT_BYTES = 16
RESULT_BEAT_BYTES = 64
WEIGHT_LO_VECTORS, WEIGHT_ENTRIES = 4, 3  # vectors, HO entries in a weight beat
ACTIVATION_LO_VECTORS, ACTIVATION_ENTRIES = 16, 12  # the same in an activation beat


@dataclass(frozen=True, kw_only=True)
class CoreParams:
    """Sizes of one AQS-GEMM core (paper section III; tile sizes are our choice).

    Attributes:
        num_pea: processing-element arrays, each owning 4 output rows of a sub-tile.
        num_dwo: dynamic workload operators of a PEA (HH, HL, LH products).
        num_swo: static workload operators of a PEA (LL products); 0: the 12 others are pooled, any
            of them runs any product (our choice, beyond the paper).
        tile_k: vectors along K in one k-tile; the run-length coding restarts at each.
        tile_n: most columns of one command.
        group_depth: activation column groups a PEA buffers ahead.
    """

    num_pea: int = 16
    num_dwo: int = 4
    num_swo: int = 8
    tile_k: int = 64
    tile_n: int = 64
    group_depth: int = 4

    def __post_init__(self) -> None:
        check_range("num_pea", self.num_pea, 1, 256)
        for name, least in (("num_dwo", 4), ("num_swo", 0)):
            value = getattr(self, name)
            check_range(name, value, least, 12)
            if value % 4:
                raise PanaceaError(f"{name} = {value} is not a multiple of 4")
        if self.pooled and self.num_dwo != 12:
            raise PanaceaError(f"num_dwo = {self.num_dwo}: there are 12 pooled operators")
        check_range("tile_k", self.tile_k, 4, 512)
        check_range("group_depth", self.group_depth, 2, 256)
        for name in ("tile_k", "group_depth"):
            value = getattr(self, name)
            if value & (value - 1):
                raise PanaceaError(f"{name} = {value} is not a power of two")
        check_range("tile_n", self.tile_n, VECTOR, VECTOR * GROUPS_MAX)
        if self.tile_n % VECTOR:
            raise PanaceaError(f"tile_n = {self.tile_n} is not a multiple of {VECTOR}")

    @property
    def rows(self) -> int:
        """Output rows of one weight sub-tile."""
        return VECTOR * self.num_pea

    @property
    def groups(self) -> int:
        """Column groups of a full command."""
        return self.tile_n // VECTOR

    @property
    def pooled(self) -> bool:
        """Any operator runs any product."""
        return self.num_swo == 0

    @property
    def operators(self) -> int:
        """Outer-product operators of one PEA."""
        return self.num_dwo + self.num_swo


@dataclass(frozen=True, kw_only=True)
class LayerConfig:
    """Number formats of one layer.

    Attributes:
        w_bits: weight width, 3n + 4 bits: 4, 7 or 10.
        x_bits: activation width, 4(k + 1) bits: 4, 8 or 12.
        zp: activation zero point as used by the hardware (after manipulation, if any).
        dbs_type: distribution-based slicing type 1..3; other than 1 for 8-bit activations only.
    """

    w_bits: int = 7
    x_bits: int = 8
    zp: int = 0
    dbs_type: int = 1

    def __post_init__(self) -> None:
        check_choice("w_bits", self.w_bits, (4, 7, 10))
        check_choice("x_bits", self.x_bits, (4, 8, 12))
        check_range("zp", self.zp, 0, 2**self.x_bits - 1)
        check_choice("dbs_type", self.dbs_type, (1, 2, 3) if self.x_bits == 8 else (1,))

    @property
    def n(self) -> int:
        """Low-order weight slices below the high-order one."""
        return (self.w_bits - 4) // 3

    @property
    def k(self) -> int:
        """Low-order activation slices below the high-order one."""
        return self.x_bits // 4 - 1

    @property
    def l(self) -> int:
        """Bits below the high-order activation slice (4 when there is none)."""
        return max(4, 4 * self.k) + self.dbs_type - 1

    @property
    def r(self) -> int:
        """The frequent high-order slice; 0 when the activation has a single slice."""
        return self.zp >> self.l if self.k else 0

    @property
    def lsb(self) -> int:
        """Lowest activation bit the hardware keeps: l - 4 for 8 bits, else 0."""
        return self.dbs_type - 1

    @property
    def x_max(self) -> int:
        """Largest effective activation."""
        return (2**self.x_bits - 1) >> self.lsb << self.lsb
