"""The one error type of the models, and the small checks that raise it."""

from typing import Any

import numpy as np

__all__ = [
    "PanaceaError",
    "check_choice",
    "check_integer",
    "check_integer_array",
    "check_range",
    "check_shape",
]


class PanaceaError(ValueError):
    """A value outside what the accelerator accepts; the message names the field and the value."""


def check_integer(name: str, value: Any) -> None:
    """Refuse anything but a Python or numpy integer (bool is not one).

    Raises:
        PanaceaError: naming `name` and the value.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise PanaceaError(f"{name} = {value!r} is not an integer")


def check_range(name: str, value: Any, lo: int, hi: int) -> None:
    """Refuse a value (integer scalar or integer array) outside lo..hi, both ends included.

    Raises:
        PanaceaError: naming `name` and the value; for an array, its first offending element.
    """
    if isinstance(value, np.ndarray) and value.ndim:
        if value.size and (value.min() < lo or value.max() > hi):
            where = tuple(int(i) for i in np.argwhere((value < lo) | (value > hi))[0])
            raise PanaceaError(f"{name}{list(where)} = {value[where]} is outside {lo}..{hi}")
        return
    check_integer(name, value)
    if not lo <= value <= hi:
        raise PanaceaError(f"{name} = {value} is outside {lo}..{hi}")


def check_choice(name: str, value: Any, choices: tuple[int, ...]) -> None:
    """Refuse an integer that is not one of `choices`.

    Raises:
        PanaceaError: naming `name` and the value.
    """
    check_integer(name, value)
    if value not in choices:
        raise PanaceaError(f"{name} = {value} is not one of {choices}")


def check_integer_array(name: str, array: Any, ndim: int) -> np.ndarray:
    """Return `array` as int64 after checking that it is an integer array of `ndim` dimensions.

    Raises:
        PanaceaError: naming `name` and the offending type or shape; also for an empty array.
    """
    if not isinstance(array, np.ndarray) or not np.issubdtype(array.dtype, np.integer):
        kind = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise PanaceaError(f"{name} is {kind}, not an integer numpy array")
    if array.ndim != ndim or array.size == 0:
        raise PanaceaError(f"{name} has shape {array.shape}, expected {ndim} non-empty dimensions")
    return array.astype(np.int64, copy=False)


def check_shape(name: str, array: np.ndarray, shape: tuple[int, ...]) -> None:
    """Refuse an array whose shape is not `shape`.

    Raises:
        PanaceaError: naming `name` and its shape.
    """
    if array.shape != shape:
        raise PanaceaError(f"{name} has shape {array.shape}, expected {shape}")
