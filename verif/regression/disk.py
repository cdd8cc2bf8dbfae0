"""A full disk, told from every other failure: what it stops has no result and can be resumed."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import PanaceaError

__all__ = ["RESERVE_MB", "DiskFullError", "check_space", "disk_errors", "tells_of_full_disk"]

RESERVE_MB = 16
"""Space below which nothing is started or believed, so that the history can still be written."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_SQLITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_FULL_TEXTS = tuple(os.strerror(code) for code in _FULL)


class DiskFullError(PanaceaError):
    """There is no space left; the message names the place."""


def tells_of_full_disk(text: str) -> bool:
    """Whether a program's output says that it met a full disk."""
    return any(full in text for full in _FULL_TEXTS)


def check_space(folder: Path) -> None:
    """Refuse a folder without a reserve of space.

    Raises:
        DiskFullError: fewer than RESERVE_MB are free.
    """
    free = shutil.disk_usage(folder).free // 2**20
    if free < RESERVE_MB:
        raise DiskFullError(f"disk full: {folder} has {free} MiB left, {RESERVE_MB} are needed")


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn every error that a full disk causes inside the block into one.

    Raises:
        DiskFullError: a file or a database of the folder could not grow.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(f"disk full: {folder}: {error}") from error
        raise
    except sqlite3.OperationalError as error:
        # The low byte is the kind of error, the rest says where it came up.
        if error.sqlite_errorcode & 0xFF in _FULL_SQLITE:
            raise DiskFullError(f"disk full: {folder}: {error}") from error
        raise
