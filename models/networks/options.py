"""Candidates for layers' formats, the same for every network, and what was chosen, kept on disk."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from models.calibration import ActivationScale, QuantOptions, Zpm
from models.quant import Granularity

__all__ = ["INPUTS", "WEIGHTS", "kept_options"]

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("calibration", "compression", "params", "quant", "slicing")
KEPT = ROOT / "sim_build" / "calibration"

INPUTS = tuple(
    QuantOptions(scale=scale, x_bits=x_bits, dbs_max=dbs_max)
    for scale in (ActivationScale.COLUMN, ActivationScale.TENSOR)
    for x_bits, dbs_max in ((8, 2), (8, 1), (8, 3), (12, 1))
)
WEIGHTS = (QuantOptions(w_bits=7), QuantOptions(w_bits=10))


def kept_options(
    name: str, inputs: Iterable[object], search: Callable[[], Mapping[str, QuantOptions]]
) -> dict[str, QuantOptions]:
    """What `search` chose, from a file if it was asked the same before.

    The file is named by `name` and by a digest of `inputs`, whatever the search depends on, and
    of the sources that take part in it.
    """
    digest = sha256(repr(tuple(inputs)).encode())
    networks = set(Path(__file__).parent.glob("*.py")) - set(Path(__file__).parent.glob("report*"))
    for source in [ROOT / "models" / f"{name}.py" for name in SOURCES] + sorted(networks):
        digest.update(source.read_bytes())
    path = KEPT / f"{name}-{digest.hexdigest()[:16]}.json"
    if not path.is_file():
        chosen = {layer: asdict(options) for layer, options in search().items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{digest.hexdigest()}")
        unfinished.write_text(json.dumps(chosen, indent=1))
        unfinished.replace(path)
    return {layer: _options(values) for layer, values in json.loads(path.read_text()).items()}


def _options(values: Mapping[str, object]) -> QuantOptions:
    enums = {"granularity": Granularity, "zpm": Zpm, "scale": ActivationScale}
    return QuantOptions(
        **{key: enums[key](value) if key in enums else value for key, value in values.items()}
    )
