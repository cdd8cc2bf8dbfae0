"""Parameters check themselves and name what is wrong."""

import pytest

from models.errors import PanaceaError
from models.params import CoreParams, LayerConfig
from models.program import Command


def test_derived_sizes() -> None:
    params = CoreParams()
    assert (params.rows, params.groups, params.operators) == (64, 16, 12)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("num_pea", 0),
        ("num_pea", True),
        ("num_dwo", 6),
        ("num_swo", -4),
        ("num_swo", 4.0),
        ("tile_k", 48),
        ("tile_k", 2),
        ("tile_n", 6),
        ("tile_n", 1024),
        ("group_depth", 0),
    ],
)
def test_bad_core_parameter(field: str, value) -> None:
    with pytest.raises(PanaceaError, match=f"{field} = {value}"):
        CoreParams(**{field: value})


def test_pooled_operators_are_twelve() -> None:
    assert CoreParams(num_dwo=12, num_swo=0).pooled and not CoreParams().pooled
    with pytest.raises(PanaceaError, match="num_dwo = 8: there are 12 pooled operators"):
        CoreParams(num_dwo=8, num_swo=0)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"w_bits": 5}, "w_bits = 5"),
        ({"x_bits": 16}, "x_bits = 16"),
        ({"zp": 256}, "zp = 256"),
        ({"zp": -1}, "zp = -1"),
        ({"dbs_type": 0}, "dbs_type = 0"),
        ({"dbs_type": 4}, "dbs_type = 4"),
        ({"x_bits": 4, "dbs_type": 2}, "dbs_type = 2"),
        ({"x_bits": 12, "dbs_type": 3}, "dbs_type = 3"),
    ],
)
def test_bad_layer_configuration(fields: dict, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        LayerConfig(**fields)


@pytest.mark.parametrize(
    ("field", "value"), [("k_len", 0), ("k_len", 65536), ("groups", 256), ("dbs", 0), ("r", 16)]
)
def test_bad_command(field: str, value: int) -> None:
    good = {"k_len": 1, "groups": 1, "dbs": 1, "r": 0, "dtp": False}
    with pytest.raises(PanaceaError, match=f"{field} = {value}"):
        Command(**good | {field: value})


@pytest.mark.parametrize("dbs_type", [1, 2, 3])
def test_r_is_the_zero_points_high_slice(dbs_type: int) -> None:
    for zp in range(256):
        cfg = LayerConfig(zp=zp, dbs_type=dbs_type)
        assert cfg.r == zp // 2 ** (3 + dbs_type)
