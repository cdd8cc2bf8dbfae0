"""The input and output files of `verif.gemm`."""

import contextlib
import sys
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.errors import PanaceaError, check_integer_array
from models.params import LayerConfig
from verif.layer_files import check_case

__all__ = ["GemmCase", "read_case", "write_result"]

DEFAULTS = {"w_bits": 7, "x_bits": 8, "zp": 0, "dbs_type": 1}


@dataclass(frozen=True, kw_only=True, eq=False)
class GemmCase:
    """A product to compute: `y = w x~ + bias`, int64 arrays (M, K), (K, N), (M,)."""

    name: str
    w: np.ndarray = field(repr=False)
    x: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    config: LayerConfig


def read_case(path: Path) -> GemmCase:
    """Read and check an npz file.

    Integer arrays `w` (M, K), `x` (K, N), optional `bias` (M,); optional integer scalars
    `w_bits` (7; or 4, 10), `x_bits` (8; or 4, 12), `zp` (0), `dbs_type` (1).

    Raises:
        PanaceaError: naming the file, or the array and the value that is wrong.
    """
    arrays = _load(path)
    for name in sorted(set(arrays) - {"w", "x", "bias", *DEFAULTS}):
        print(f"warning: {path}: array {name!r} is not used", file=sys.stderr)
    for name in ("w", "x"):
        if name not in arrays:
            raise PanaceaError(f"{path}: array {name!r} is missing")
    scalars = {name: _scalar(name, arrays.get(name), value) for name, value in DEFAULTS.items()}
    config = LayerConfig(**scalars)
    w, x = _array("w", arrays["w"], 2), _array("x", arrays["x"], 2)
    bias = _array("bias", arrays.get("bias", np.zeros(len(w), np.int64)), 1)
    check_case(w, x, bias, config)
    return GemmCase(name=path.stem, w=w, x=x, bias=bias, config=config)


def write_result(path: Path, **arrays: np.ndarray) -> None:
    """Write an npz file that appears only when it is complete.

    Raises:
        PanaceaError: if it cannot be written; nothing is left behind.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        try:
            with partial.open("wb") as stream:
                np.savez(stream, **arrays)
            partial.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise PanaceaError(f"out = {path} cannot be written: {error.strerror}") from error


def _load(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as data:
            if not isinstance(data, np.lib.npyio.NpzFile):
                raise PanaceaError(f"in = {path} is a single array, not an npz file")
            return {name: data[name] for name in data.files}
    except OSError as error:
        raise PanaceaError(f"in = {path} cannot be read: {error.strerror or error}") from error
    except (ValueError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        if isinstance(error, PanaceaError):
            raise
        raise PanaceaError(f"in = {path} is not an npz file of integers: {error}") from error


def _array(name: str, array: np.ndarray, ndim: int) -> np.ndarray:
    if array.dtype == np.uint64 and array.size and array.max() > np.iinfo(np.int64).max:
        raise PanaceaError(f"{name} holds {array.max()}, far out of range")
    return check_integer_array(name, array, ndim)


def _scalar(name: str, array: np.ndarray | None, default: int) -> int:
    if array is None:
        return default
    if array.size != 1 or not np.issubdtype(array.dtype, np.integer):
        raise PanaceaError(f"{name} is {array.dtype} of shape {array.shape}, not one integer")
    return int(array.item())
