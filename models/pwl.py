"""Piecewise-linear activation functions of the PPU: segments, integer evaluation, fitting.

The paper gives the PPU a non-linear function by piecewise-linear approximation; segmentation,
formats and the fit are our choice. The pre-activation v is a signed 16-bit integer in units of a
scale of the layer. With m = v for v >= 0 and m = -v - 1 otherwise, 32 segments cover each sign:

    m in 0..8191        16 segments of  512
    m in 8192..16383     8 segments of 1024
    m in 16384..32767    8 segments of 2048

GELU and SiLU bend near zero and are almost straight far from it, so that short segments in the
centre make 64 of them enough for 12-bit codes. A segment yields, in output codes with 16
fraction bits, u = slope (v - start) + offset; the zero point is part of the offset.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.errors import PanaceaError, check_range, check_shape
from models.params import LayerConfig
from models.quant import quantise_activations

__all__ = [
    "ACTIVATIONS",
    "FRACTION_BITS",
    "SEGMENTS",
    "V_MAX",
    "V_MIN",
    "PwlTable",
    "code_errors",
    "evaluate",
    "fit",
    "gelu",
    "grid_codes",
    "identity",
    "relu",
    "segment_index",
    "segments",
    "silu",
]

SEGMENTS = 64
FRACTION_BITS = 16  # of slope and offset
V_MIN, V_MAX = -(2**15), 2**15 - 1
SLOPE_MAX = 2**15 - 1
OFFSET_MAX = 2**31 - 1

_HALF_LENGTH = np.array([512] * 16 + [1024] * 8 + [2048] * 8)
_HALF_START = np.cumsum(_HALF_LENGTH) - _HALF_LENGTH


def identity(x: np.ndarray) -> np.ndarray:
    """The function that changes nothing."""
    return x


def relu(x: np.ndarray) -> np.ndarray:
    """max(x, 0)."""
    return np.maximum(x, 0.0)


def gelu(x: np.ndarray) -> np.ndarray:
    """x Phi(x) with the exact normal distribution, not the tanh approximation."""
    erf = np.array([math.erf(value / math.sqrt(2.0)) for value in x.ravel()]).reshape(x.shape)
    return 0.5 * x * (1.0 + erf)


def silu(x: np.ndarray) -> np.ndarray:
    """x / (1 + exp(-x))."""
    return 0.5 * x * (1.0 + np.tanh(0.5 * x))


ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "identity": identity,
    "relu": relu,
    "gelu": gelu,
    "silu": silu,
}
"""Real functions by name, float64 in and out."""


@dataclass(frozen=True, kw_only=True)
class PwlTable:
    """The table of one function.

    Attributes:
        slope: int64 (64), signed 16 bits, output codes per step of v times 2^16.
        offset: int64 (64), signed 32 bits, output code at the segment's start times 2^16.

    Raises:
        PanaceaError: an array of another size, or a value that does not fit.
    """

    slope: np.ndarray
    offset: np.ndarray

    def __post_init__(self) -> None:
        for name, limit in (("slope", SLOPE_MAX), ("offset", OFFSET_MAX)):
            check_shape(name, getattr(self, name), (SEGMENTS,))
            check_range(name, getattr(self, name), -limit - 1, limit)


def segments() -> tuple[np.ndarray, np.ndarray]:
    """First v and length of each segment, int64 (64) both.

    Segments 0..31 lie above zero in order; segment 32 + k mirrors segment k.
    """
    mirrored = -_HALF_START - _HALF_LENGTH
    return np.concatenate([_HALF_START, mirrored]), np.tile(_HALF_LENGTH, 2)


def segment_index(v: np.ndarray) -> np.ndarray:
    """The segment 0..63 of each pre-activation (signed 16 bits), int64 of the same shape."""
    v = np.asarray(v, np.int64)
    magnitude = np.where(v < 0, ~v, v)
    half = np.searchsorted(_HALF_START, magnitude, side="right") - 1
    return half + 32 * (v < 0)


def evaluate(v: np.ndarray, table: PwlTable) -> np.ndarray:
    """u = slope (v - start) + offset, int64 with 16 fraction bits, within 33 signed bits."""
    index = segment_index(v)
    local = np.asarray(v, np.int64) - segments()[0][index]
    return table.slope[index] * local + table.offset[index]


def grid_codes(u: np.ndarray, cfg: LayerConfig) -> np.ndarray:
    """Output codes of u (16 fraction bits), int64, multiples of g = 2^(l-4).

    `clip(g floor(u / g + 1/2), 0, x_max)`: one rounding, half up, straight onto the DBS grid.
    """
    step = 1 << (FRACTION_BITS + cfg.lsb)
    return np.clip((u + step // 2) // step << cfg.lsb, 0, cfg.x_max)


def fit(
    function: Callable[[np.ndarray], np.ndarray], v_scale: float, x_scale: float, cfg: LayerConfig
) -> PwlTable:
    """Table of code = function(v v_scale) / x_scale + zp for the next layer's format `cfg`.

    Every segment is fitted for itself over all its v (no continuity): the chord's slope, which
    is the minimax one where the function bends one way, or the least-squares slope if that is
    better, cut to 16 bits; then the offset that halves the largest error. A segment wholly
    outside the codes' range is constant at that end.

    Args:
        function: real function on float64 arrays.
        v_scale: real units of one step of v.
        x_scale: real units of one output code.
        cfg: activation format of the next layer.

    Raises:
        PanaceaError: a scale is not positive, or a slope needs half a code per step of v or
            more: v_scale is too coarse for x_scale.
    """
    for name, scale in (("v_scale", v_scale), ("x_scale", x_scale)):
        if not (math.isfinite(scale) and scale > 0):
            raise PanaceaError(f"{name} = {scale} is not positive and finite")
    slope, offset = np.zeros((2, SEGMENTS), np.int64)
    for index, (start, length) in enumerate(zip(*segments(), strict=True)):
        real = (start + np.arange(length)) * v_scale
        target = (function(real) / x_scale + cfg.zp) * 2.0**FRACTION_BITS
        ends = 0, cfg.x_max << FRACTION_BITS
        if target.max() <= ends[0] or target.min() >= ends[1]:
            offset[index] = ends[0] if target.max() <= ends[0] else ends[1]
            continue
        slope[index], offset[index], _ = min(
            (_line(target, candidate) for candidate in _slopes(target)), key=lambda line: line[2]
        )
        if abs(slope[index]) > SLOPE_MAX:
            raise PanaceaError(
                f"v_scale = {v_scale} is too coarse for x_scale = {x_scale}: segment {index} "
                f"has slope {slope[index] / 2**FRACTION_BITS:.3f} codes per step"
            )
    return PwlTable(slope=slope, offset=offset)


def _slopes(target: np.ndarray) -> list[int]:
    """Integer slopes to try: the neighbours of the chord's and of the least-squares one."""
    local = np.arange(target.size)
    chord = (target[-1] - target[0]) / (target.size - 1)
    squares = np.polyfit(local - local.mean(), target - target.mean(), 1)[0]
    return sorted({math.floor(chord), math.ceil(chord), math.floor(squares), math.ceil(squares)})


def _line(target: np.ndarray, slope: int) -> tuple[int, int, float]:
    """Slope, best offset and largest error of a line through `target`."""
    residual = target - slope * np.arange(target.size)
    spread = float(residual.max() - residual.min())
    return slope, int(np.rint((residual.max() + residual.min()) / 2)), spread / 2


def code_errors(
    function: Callable[[np.ndarray], np.ndarray],
    table: PwlTable,
    v_scale: float,
    x_scale: float,
    cfg: LayerConfig,
) -> np.ndarray:
    """Codes of the table minus those of the real function, for all 65 536 v.

    Returns:
        int64 (65536), v ascending, in steps of the grid: one step is the smallest difference
        that two codes of the format can have.
    """
    v = np.arange(V_MIN, V_MAX + 1)
    exact = quantise_activations(function(v * v_scale), x_scale, cfg)
    return (grid_codes(evaluate(v, table), cfg) - exact) >> cfg.lsb
