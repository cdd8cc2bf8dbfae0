"""Works of whole networks: real ones on a plan's integers, the paper's with synthetic operands."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from zlib import crc32

import numpy as np

from models.calibrate.plans import NETWORKS, Plan, Planner, planner
from models.calibration import ActivationScale, QuantOptions, Zpm, calibrate_input
from models.errors import PanaceaError
from models.networks.requests import chip_run, run_recorded
from models.networks.shapes import LayerShape, draw_input, draw_weights, network_shape, shapes
from models.networks.steps import capture
from models.predict.work import SIBIA_BITS, LayerWork
from models.quant import Granularity, column_ends, quantise_weights

__all__ = [
    "NAMES",
    "SYNTHETIC_PLANS",
    "network_works",
    "plan_works",
    "signed_codes",
    "synthetic_options",
]

NAMES = (*NETWORKS, *shapes())
WHOLE = 600_000  # weights of a layer; of larger ones `SAMPLE_ROWS` rows are taken
SAMPLE_ROWS, SAMPLE_COLUMNS = 512, 64  # a multiple of what DTP takes
SYNTHETIC_ROWS = 256
ALL_TIMED, TIMED = 6, 3  # if a network has more layers of a kind than that, so many are timed
SYNTHETIC_PLANS = ("plain", "zpm", "zpm-dbs", "symmetric", "w4")


@cache
def network_works(network: str, plan: str) -> tuple[LayerWork, ...]:
    """The layers of a network by a plan.

    Args:
        network: one of `NAMES`; `NETWORKS` of these are real, the others synthetic.
        plan: one of `models.calibrate.plans.PLANS` for real networks, of `SYNTHETIC_PLANS` for
            synthetic ones.

    Raises:
        PanaceaError: for another network or plan.
    """
    if network in NETWORKS:
        made = planner(network)
        return plan_works(made, made.plan(plan))
    if network not in NAMES:
        raise PanaceaError(f"network = {network!r} is not one of {', '.join(NAMES)}")
    shape = network_shape(network)
    return tuple(
        _synthetic(layer, synthetic_options(layer, shape.granularity, plan))
        for layer in shape.layers
    )


def synthetic_options(layer: LayerShape, granularity: Granularity, plan: str) -> QuantOptions:
    """Options of a layer of a synthetic network.

    `plain`: no ZPM, DBS type 1; `zpm`; `zpm-dbs`: with the paper's rule for the type, `symmetric`:
    that with a symmetric range; `w4`: that with 4-bit weights.

    Raises:
        PanaceaError: for another plan.
    """
    if plan not in SYNTHETIC_PLANS:
        raise PanaceaError(f"plan = {plan!r} is not one of {', '.join(SYNTHETIC_PLANS)}")
    return QuantOptions(
        w_bits=4 if plan == "w4" else layer.w_bits,
        x_bits=layer.x_bits,
        granularity=granularity,
        zpm=Zpm.OFF if plan == "plain" else Zpm.AUTO,
        dbs_max=1 if plan in ("plain", "zpm") else 3,
        symmetric=plan == "symmetric",
    )


def signed_codes(real: np.ndarray, bits: int, scale: ActivationScale) -> np.ndarray:
    """Sibia's symmetric codes (K, N) int64 of real inputs."""
    lo, hi = column_ends(real)
    peak = np.maximum(hi, -lo)
    if scale == ActivationScale.TENSOR:
        peak = np.full_like(peak, peak.max())
    limit = 2 ** (bits - 1) - 1
    step = np.where(peak > 0, peak / limit, 1.0)
    return np.rint(real / step).astype(np.int64)


@cache
def plan_works(made: Planner, plan: Plan) -> tuple[LayerWork, ...]:
    """The layers of a real network by a plan, on the task's passage.

    Sibia's activations have one scale for each column: with one for all they lose accuracy that
    Panacea's plans keep, and skip more.
    """
    quantised = made.quantised(plan.options)
    passage = made.task.passage
    _, codes = run_recorded(chip_run(made.task.network.steps(passage), quantised))
    real = capture(made.task.network, [passage]).inputs
    works = []
    for name, layer in quantised.layers.items():
        works.append(
            LayerWork(
                name=name,
                rows=len(layer.w),
                columns=codes[name].shape[1],
                config=layer.config,
                w=layer.w[_some_rows(*layer.w.shape)],
                x=codes[name],
                x_signed=signed_codes(
                    real[name], SIBIA_BITS[layer.config.x_bits], ActivationScale.COLUMN
                ),
            )
        )
    return _timed(works)


def _timed(works: Sequence[LayerWork]) -> tuple[LayerWork, ...]:
    """The works; of a kind with many layers some are to be timed, spread over the network."""
    places = {work.kind: [] for work in works}
    for work in works:
        places[work.kind].append(work)
    found = []
    for work in works:
        same = places[work.kind]
        parts = TIMED if len(same) > ALL_TIMED else len(same)
        part = same.index(work) * parts // len(same)
        like = same[(2 * part + 1) * len(same) // (2 * parts)]
        found.append(work if like is work else replace(work, like=like))
    return tuple(found)


def _synthetic(layer: LayerShape, options: QuantOptions) -> LayerWork:
    rng = np.random.default_rng(crc32(layer.name.encode()))
    rows, columns = min(layer.m, SYNTHETIC_ROWS), min(layer.columns, SAMPLE_COLUMNS)
    weights = draw_weights(rng, rows, layer.k)
    real = draw_input(rng, layer.input, layer.k, columns)
    found = calibrate_input(layer.name, real, options)
    w, _ = quantise_weights(weights, options.w_bits, options.granularity)
    return LayerWork(
        name=layer.name,
        rows=layer.m,
        columns=layer.columns,
        count=layer.count,
        config=replace(found.config, w_bits=options.w_bits),
        w=w,
        x=found.quantise(real),
        x_signed=signed_codes(real, SIBIA_BITS[options.x_bits], ActivationScale.TENSOR),
    )


def _some_rows(rows: int, depth: int) -> np.ndarray:
    """All rows of a small layer, else `SAMPLE_ROWS`: groups of four, spread over all of them."""
    if rows * depth <= WHOLE or rows <= SAMPLE_ROWS:
        return np.arange(rows)
    wanted = SAMPLE_ROWS // 4
    first = np.arange(wanted) * (rows // 4) // wanted
    return (first[:, None] * 4 + np.arange(4)).ravel()
