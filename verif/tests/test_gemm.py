"""The command that multiplies the matrices of a file: results, refusals, and no half-written file.

All products run on Icarus, whose reduced core needs no long build; `test_core.py` runs the rest.
"""

import numpy as np
import pytest

from verif import gemm
from verif.gemm_file import write_result
from verif.layer_files import LayerResult

RNG = np.random.default_rng(5)
W10 = RNG.integers(-512, 512, (20, 9))
X12, X4 = RNG.integers(0, 4096, (9, 3)), RNG.integers(0, 16, (9, 3))


def _case(**changes) -> dict:
    case = {
        "w": RNG.integers(-64, 64, (5, 9), dtype=np.int8),
        "x": RNG.integers(0, 256, (9, 3), dtype=np.uint8),
        "bias": RNG.integers(-99, 99, 5, dtype=np.int32),
        "zp": 77,
        "dbs_type": 2,
    }
    return {name: value for name, value in (case | changes).items() if value is not None}


def _call(folder, case: dict, *options: str) -> int:
    np.savez(folder / "in.npz", **case)
    files = ["--in", str(folder / "in.npz"), "--out", str(folder / "out.npz")]
    return gemm.main([*files, "--sim", "icarus", *options])


@pytest.mark.parametrize(
    ("case", "options"),
    [
        (_case(), ["--dtp", "", "--stall", "", "--seed", ""]),
        (_case(bias=None, zp=None, dbs_type=None), ["--dtp", "auto", "--stall", "0.5"]),
        (_case(w=RNG.integers(-8, 8, (20, 9)), bias=None, w_bits=4), ["--dtp", "1"]),
        (
            _case(w=W10, bias=None, w_bits=10, x=X12, x_bits=12, zp=2900, dbs_type=None),
            ["--dtp", "auto"],
        ),
        (
            _case(w=W10, bias=None, w_bits=10, x=X4, x_bits=4, zp=9, dbs_type=None),
            ["--stall", "0.3"],
        ),
    ],
    ids=["defaults", "stalls", "four_bit", "ten_by_twelve_bit", "ten_by_four_bit"],
)
def test_result_is_the_product(case, options, tmp_path):
    assert _call(tmp_path, case, *options) == 0
    step = 1 << case.get("dbs_type", 1) - 1
    x_eff = case["x"].astype(int) // step * step
    expected = case["w"].astype(int) @ x_eff + np.reshape(case.get("bias", 0), (-1, 1))
    with np.load(tmp_path / "out.npz") as out:
        assert out["y"].dtype == np.int32
        np.testing.assert_array_equal(out["y"], expected)
        assert out["cycles"] >= out["bound_cycles"] > 0
        assert out["outer_products"].shape == (4,)
        assert 0 <= out["stored_w"] <= 1
        assert 0 <= out["stored_x"] <= 1


REFUSED = {
    "w missing": (_case(w=None), "'w' is missing"),
    "float": (_case(x=np.ones((9, 3))), "x is float64"),
    "dimensions": (_case(w=np.zeros(9, int)), "w has shape (9,)"),
    "empty": (_case(w=np.zeros((0, 9), int)), "w has shape (0, 9)"),
    "shapes": (_case(x=np.ones((8, 3), int)), "x has shape (8, 3)"),
    "bias length": (_case(bias=np.zeros(4, int)), "bias has shape (4,)"),
    "w range": (_case(w=np.full((5, 9), 64)), "w[0, 0] = 64"),
    "x range": (_case(x=np.full((9, 3), -1)), "x[0, 0] = -1"),
    "wraps": (_case(w=np.full((5, 9), 2**64 - 1, np.uint64)), "w holds 18446744073709551615"),
    "w_bits": (_case(w_bits=5), "w_bits = 5"),
    "x_bits": (_case(x_bits=6), "x_bits = 6"),
    "wide dbs_type": (_case(x_bits=12), "dbs_type = 2"),
    "wide zp": (_case(x_bits=12, zp=4096, dbs_type=None), "zp = 4096"),
    "zp": (_case(zp=256), "zp = 256"),
    "dbs_type": (_case(dbs_type=4), "dbs_type = 4"),
    "vector zp": (_case(zp=np.array([1, 2])), "zp is int64 of shape (2,)"),
    "overflow": (_case(bias=np.full(5, 2**31 - 1)), "overflows: bias = 2147483647"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_named(name, tmp_path, capsys):
    case, message = REFUSED[name]
    assert _call(tmp_path, case) == 2
    assert message in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["in.npz"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--dtp", "2"], "dtp = '2'"),
        (["--stall", "1"], "stall = 1.0"),
        (["--stall", "nan"], "stall = nan"),
        (["--seed", "x"], "seed = 'x'"),
        (["--seed", "0"], "seed: 0"),
        (["--sim", "vcs"], "sim = 'vcs'"),
        (["--out", "no/such/folder/out.npz"], "folder no/such/folder does not exist"),
    ],
)
def test_bad_options_are_named(options, message, tmp_path, capsys):
    assert _call(tmp_path, _case(), *options) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()


@pytest.mark.parametrize("content", [b"", b"no npz file", b"PK\x03\x04 cut off"])
def test_file_that_is_no_npz(content, tmp_path, capsys):
    (tmp_path / "bad.npz").write_bytes(content)
    out = tmp_path / "out.npz"
    assert gemm.main(["--in", str(tmp_path / "bad.npz"), "--out", str(out)]) == 2
    assert "bad.npz" in capsys.readouterr().err
    assert not out.exists()


def test_full_disk_leaves_nothing(tmp_path, monkeypatch, capsys):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(ValueError, match="No space left on device"):
        write_result(tmp_path / "out.npz", y=np.zeros(1))
    assert not list(tmp_path.iterdir())


def test_wrong_result_writes_nothing(tmp_path, monkeypatch, capsys):
    def simulate(cases, **_):
        y = np.zeros((5, 3), np.int32)
        return [LayerResult(name="in", y=y, dtp=False, mismatches=0, cycles=1,
                            outer_products={}, counters={})]  # fmt: skip

    monkeypatch.setattr(gemm, "simulate_layers", simulate)
    assert _call(tmp_path, _case()) == 1
    assert "elements of y are wrong" in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()
