"""The main job: its verdict, on layers small enough for Icarus."""

import dataclasses

import numpy as np
import pytest

from models.networks.cases import LayerCase
from verif import main_job

RNG = np.random.default_rng(6)


def _layer(name: str) -> LayerCase:
    return LayerCase(
        name=name,
        kind="q",
        w=RNG.integers(-64, 64, (20, 70)),
        x=RNG.integers(0, 256, (70, 5)),
        bias=RNG.integers(-99, 99, 20),
        w_bits=7,
        x_bits=8,
        zp=130,
        dbs_type=1,
        s_w=np.ones(20),
        s_x=1.0,
    )


@pytest.fixture(autouse=True)
def _small_layers(monkeypatch):
    cases = [_layer("first"), _layer("second"), _layer("third")]
    monkeypatch.setattr(main_job, "load_cases", lambda **_: cases)


def test_verdict_pass(capsys):
    assert main_job.main(["--sim", "icarus", "--seed", ""]) == 0
    text = capsys.readouterr().out
    assert "PASS: 300 results compared, 0 wrong" in text
    assert [line.split()[0] for line in text.splitlines() if "20x70x5" in line] == [
        "first", "second", "third"
    ]  # fmt: skip


def test_verdict_fail(monkeypatch, capsys):
    good = main_job.simulate_layers

    def broken(cases, **kwargs):
        return [dataclasses.replace(r, mismatches=1) for r in good(cases, **kwargs)]

    monkeypatch.setattr(main_job, "simulate_layers", broken)
    assert main_job.main(["--sim", "icarus"]) == 1
    assert "FAIL: 300 results compared, 3 wrong" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--sim", "vcs"], ["--seed", "-1"]])
def test_bad_options(options, capsys):
    assert main_job.main(options) == 2
    assert "error: " in capsys.readouterr().err
