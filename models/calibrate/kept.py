"""Results of long calculations, kept in `sim_build` under a digest of all they depend on."""

import json
import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

import numpy as np

__all__ = ["KEPT", "digest_of", "kept_arrays", "kept_json"]

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "sim_build" / "calibration"

Arrays = dict[str, np.ndarray]


def digest_of(inputs: Iterable[object], sources: Iterable[Path] = ()) -> str:
    """16 hexadecimal digits that change with an input (array bytes, else repr) or a source file."""
    digest = sha256()
    for one in inputs:
        is_array = isinstance(one, np.ndarray)
        digest.update(f"{one.dtype}{one.shape}".encode() if is_array else repr(one).encode())
        digest.update(np.ascontiguousarray(one).tobytes() if is_array else b"")
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def kept_json(name: str, digest: str, compute: Callable[[], object]) -> object:
    """What `compute` returned, read from a file if there is one of this name and digest."""
    path = KEPT / f"{name}-{digest}.json"
    if not path.is_file():
        text = json.dumps(compute(), indent=1)
        _replace(path, lambda file: file.write_text(text, encoding="utf-8"))
    return json.loads(path.read_text(encoding="utf-8"))


def kept_arrays(name: str, digest: str, compute: Callable[[], Arrays]) -> Arrays:
    """The same for arrays by name."""
    path = KEPT / f"{name}-{digest}.npz"
    if not path.is_file():
        arrays = compute()

        def save(file: Path) -> None:
            with file.open("wb") as stream:
                np.savez_compressed(stream, **arrays)

        _replace(path, save)
    with np.load(path) as found:
        return {key: found[key] for key in found.files}


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file that is whole or not there, whoever else writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    write(unfinished)
    unfinished.replace(path)
