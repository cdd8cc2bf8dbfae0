"""`make network`: real networks on the chip, and the errors of its command line."""

from types import SimpleNamespace

import numpy as np
import pytest

from models.chip.request import ChipLayer, PpuOutput
from models.errors import PanaceaError
from models.networks.language import decoder_on_chip
from models.networks.requests import model_results
from models.params import LayerConfig
from models.pwl import fit
from verif.network import main
from verif.network_tasks import TaskOptions, crop, most_mixed


def test_minilm_block_on_the_chip(capsys) -> None:
    assert main(["--net", "minilm", "--layers", "1", "--stall", "0.1", "--seed", "3"]) == 0
    out = capsys.readouterr().out
    assert "18 layers" not in out and out.count("6 layers:") == 3
    assert "PASS: every result of every layer compared, 0 wrong" in out


def test_smollm2_blocks_of_mixed_widths_on_the_chip(capsys) -> None:
    assert main(["--net", "smollm2"]) == 0
    out = capsys.readouterr().out
    layers = decoder_on_chip().quantised.layers
    blocks = most_mixed(layers)
    shown = {
        (layer.config.w_bits, layer.config.x_bits)
        for name, layer in layers.items()
        if int(name.split(".")[1]) in blocks
    }
    assert len(shown) >= 2
    for w_bits, x_bits in shown:
        assert f" {w_bits:>2} {x_bits:>2} " in out
    assert "next token ' Paris', float32 ' Paris'" in out


def test_corner_on_icarus(capsys) -> None:
    assert main(["--sim", "icarus"]) == 0
    assert "PASS" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--net", "bert", "net = 'bert'"),
        ("--tokens", "many", "tokens = 'many'"),
        ("--tokens", "2", "tokens = 2"),
        ("--layers", "7", "layers = '7'"),
        ("--layers", "3-2", "layers = '3-2'"),
        ("--layers", "1-x", "layers = '1-x'"),
        ("--sim", "vcs", "sim = 'vcs'"),
        ("--stall", "1", "stall = 1.0"),
        ("--seed", "-1", "seed = '-1'"),
    ],
)
def test_bad_options(option: str, value: str, message: str, capsys) -> None:
    assert main([f"{option}={value}"]) == 2
    assert message in capsys.readouterr().err


def test_most_mixed_blocks() -> None:
    narrow, wide = (
        SimpleNamespace(config=LayerConfig(w_bits=w, x_bits=x)) for w, x in ((7, 8), (10, 12))
    )
    layers = {f"decoder.{block}.{kind}": narrow for block in range(5) for kind in "qk"}
    assert most_mixed(layers) == range(2)
    assert most_mixed(layers | {"decoder.3.q": wide}) == range(2, 4)


def test_blocks() -> None:
    assert TaskOptions(net="minilm").blocks == range(6)
    assert TaskOptions(net="minilm", layers="2").blocks == range(2)
    assert TaskOptions(net="smollm2", layers="28-29").blocks == range(28, 30)
    with pytest.raises(PanaceaError, match="30 blocks"):
        TaskOptions(net="smollm2", layers="29-30")


def test_corner_of_chained_and_sharing_layers() -> None:
    rng = np.random.default_rng(1)
    config = LayerConfig(zp=8)
    output = PpuOutput(
        multiplier=np.full(8, 40000),
        shift=np.full(8, 20),
        table=fit(np.tanh, 2.0**-13, 2.0**-7, config),
        config=config,
    )
    x = rng.integers(0, 256, (6, 5))

    def layer(name: str, k: int, **fields) -> ChipLayer:
        w, bias = rng.integers(-64, 64, (8, k)), rng.integers(-99, 99, 8)
        return ChipLayer(name=name, w=w, bias=bias, config=config, **fields)

    request = (
        layer("a", 6, x=x, output=output),
        layer("b", 6, x=x),
        layer("c", 8, source="a"),
    )
    first, second, third = crop(request, 4, 3)
    assert first.x is second.x
    assert third.w.shape == (4, 4)
    whole, part = model_results(request), model_results((first, second, third))
    for name in ("a", "b"):
        assert (part[name] == whole[name][:4, :3]).all()
