"""Candidates for layers' formats, the same for every network, and what was chosen, kept on disk."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from models.calibrate.kept import digest_of, kept_json
from models.calibration import ActivationScale, QuantOptions, Zpm
from models.quant import Granularity, Rounding

__all__ = ["INPUTS", "LOW_BIT_WEIGHTS", "WEIGHTS", "kept_options"]

MODELS = Path(__file__).resolve().parents[1]
SOURCES = ("calibration", "calibrate/optq", "compression", "offsets", "params", "quant", "slicing")

INPUTS = tuple(
    QuantOptions(scale=scale, x_bits=x_bits, dbs_max=dbs_max)
    for scale in (ActivationScale.COLUMN, ActivationScale.TENSOR)
    for x_bits, dbs_max in ((8, 2), (8, 1), (8, 3), (12, 1))
)
WEIGHTS = (QuantOptions(w_bits=7), QuantOptions(w_bits=10))
LOW_BIT_WEIGHTS = tuple(
    QuantOptions(w_bits=4, rounding=Rounding.OPTQ, granularity=granularity)
    for granularity in (Granularity.CHANNEL, Granularity.ROW_GROUP)
)


def kept_options(
    name: str, inputs: Iterable[object], search: Callable[[], Mapping[str, QuantOptions]]
) -> dict[str, QuantOptions]:
    """What `search` chose, from a file if it was asked the same before.

    The file is named by `name` and by a digest of `inputs`, whatever the search depends on, and
    of the sources that take part in it.
    """
    networks = set(Path(__file__).parent.glob("*.py")) - set(Path(__file__).parent.glob("report*"))
    sources = [MODELS / f"{source}.py" for source in SOURCES] + sorted(networks)
    found = kept_json(
        name,
        digest_of(tuple(inputs), sources),
        lambda: {layer: asdict(options) for layer, options in search().items()},
    )
    return {layer: _options(values) for layer, values in found.items()}


def _options(values: Mapping[str, object]) -> QuantOptions:
    enums = {
        "granularity": Granularity,
        "rounding": Rounding,
        "scale": ActivationScale,
        "zpm": Zpm,
    }
    return QuantOptions(
        **{key: enums[key](value) if key in enums else value for key, value in values.items()}
    )
