"""Networks as chip requests: the protocol, chains, and agreement with plain arithmetic."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from models.aqs_gemm import check_no_overflow
from models.calibration import ActivationScale, QuantOptions, Zpm
from models.chip.compiler import compile_program, read_results
from models.chip.executor import execute
from models.chip.params import ChipParams
from models.chip.request import ChipLayer
from models.errors import PanaceaError
from models.networks.quantised import QuantisedNetwork, quantise_network
from models.networks.requests import (
    ChipNetwork,
    chip_run,
    model_results,
    run_on_model,
    run_recorded,
)
from models.networks.steps import capture, drive
from models.params import CoreParams
from models.ppu import PpuCommand, post_process
from models.pwl import segment_index, segments
from models.streams import pack_activation_stream
from models.tests.tiny_network import TinyNetwork

CALIBRATION = [np.arange(start, start + 20) for start in (0, 100, 200)]
IDS = np.arange(5, 14)
COLUMN = QuantOptions(scale=ActivationScale.COLUMN)


def quantised(network: TinyNetwork, options: QuantOptions | dict) -> QuantisedNetwork:
    return quantise_network(network, capture(network, CALIBRATION), options)


def requests_of(network: TinyNetwork, options: QuantOptions | dict) -> list[tuple[ChipLayer, ...]]:
    asked = []

    def answer(request: tuple[ChipLayer, ...]) -> dict[str, np.ndarray]:
        asked.append(request)
        return model_results(request)

    drive(chip_run(network.steps(IDS), quantised(network, options)), answer)
    return asked


def test_requests_follow_the_steps() -> None:
    shared, chained = requests_of(TinyNetwork(), QuantOptions())
    assert [layer.name for layer in shared] == ["a.p", "a.q"]
    assert shared[0].x is shared[1].x
    assert all(layer.source is None and layer.output is None for layer in shared)
    fc1, fc2 = chained
    assert (fc1.name, fc2.name, fc2.source, fc2.x) == ("b.fc1", "b.fc2", "b.fc1", None)
    assert fc1.output.config == fc2.config and fc2.output is None


def test_formats_that_differ_have_codes_of_their_own() -> None:
    options = dict.fromkeys(TinyNetwork().linears(), QuantOptions())
    options["a.q"] = QuantOptions(x_bits=12)
    shared, _ = requests_of(TinyNetwork(), options)
    assert shared[0].x is not shared[1].x
    assert shared[0].x.max() <= 255 < shared[1].x.max()


@pytest.mark.parametrize("other", [{"floor": 2.0}, {"offsets": 2}])
def test_codes_differ_by_floor_and_offsets(other: dict[str, float]) -> None:
    """Zero points are the same, so it is these alone that differ."""
    network = TinyNetwork(bias=0.0)
    options = dict.fromkeys(network.linears(), QuantOptions())
    options["a.p"] = replace(COLUMN, symmetric=True, zpm=Zpm.OFF)
    options["a.q"] = replace(options["a.p"], **other)
    shared, _ = requests_of(network, options)
    assert shared[0].config == shared[1].config
    assert not np.array_equal(shared[0].x, shared[1].x)


@pytest.mark.parametrize("options", [QuantOptions(), QuantOptions(w_bits=10, x_bits=12)])
def test_results_are_plain_integers(options: QuantOptions) -> None:
    for request in requests_of(TinyNetwork(), options):
        results = model_results(request)
        for layer in request:
            assert results[layer.name].dtype == np.int32
            assert results[layer.name].shape == (layer.w.shape[0], IDS.size)
            check_no_overflow(layer.w.astype(np.int64), layer.bias, layer.config.x_max)
        layer = request[0]
        for row, column in ((0, 0), (11, 8), (23, 4)):
            terms = zip(layer.w[row].tolist(), layer.x[:, column].tolist(), strict=True)
            y = sum(w * x for w, x in terms) + int(layer.bias[row])
            if layer.output is None:
                assert results[layer.name][row, column] == y


@pytest.mark.parametrize(
    "options", [QuantOptions(), QuantOptions(dbs_max=3), QuantOptions(x_bits=12)]
)
def test_chained_codes_by_exact_fractions(options: QuantOptions) -> None:
    """Requantisation, line and grid rounding written out for every element."""
    fc1, fc2 = requests_of(TinyNetwork(), options)[1]
    codes = model_results((fc1, fc2))["b.fc1"]
    y = fc1.w.astype(np.int64) @ fc1.x + fc1.bias[:, None]
    starts, _ = segments()
    output = fc1.output
    grid = 2**output.config.lsb
    half = Fraction(1, 2)
    for row, column in np.ndindex(y.shape):
        ratio = Fraction(int(output.multiplier[row]), 2 ** int(output.shift[row]))
        v = min(max((int(y[row, column]) * ratio + half).__floor__(), -(2**15)), 2**15 - 1)
        index = int(segment_index(np.array(v)))
        line = int(output.table.slope[index]) * (v - int(starts[index]))
        u = Fraction(line + int(output.table.offset[index]), 2**16)
        wanted = min(max((u / grid + half).__floor__() * grid, 0), output.config.x_max)
        assert codes[row, column] == wanted
    assert len(np.unique(codes)) > 8


def test_chained_codes_are_what_the_ppu_packs() -> None:
    """The model of the unit itself, packets included, agrees with the codes."""
    fc1, fc2 = requests_of(TinyNetwork(), QuantOptions())[1]
    y = fc1.w.astype(np.int64) @ fc1.x + fc1.bias[:, None]
    y = np.pad(y, ((0, 0), (0, -y.shape[1] % 4)), mode="edge")
    codes = np.pad(model_results((fc1, fc2))["b.fc1"], ((0, 0), (0, 3)), mode="edge")
    command = PpuCommand(groups=3, rows=40, r=fc2.config.r)
    packets = post_process(y, fc1.output.multiplier, fc1.output.shift, fc1.output.table, command)
    for group, packet in enumerate(packets):
        four = codes[:, 4 * group : 4 * group + 4].astype(np.uint16)
        low, high = (
            sum((part[:, column] << 4 * column) for column in range(4))[None].astype(np.uint16)
            for part in (four & 15, four >> 4)
        )
        stored = high != fc2.config.r * 0x1111
        assert np.array_equal(packet.beats, pack_activation_stream(low, high, stored, 40))


def test_chain_is_close_to_the_host_function() -> None:
    """Rounding FC1 through the PPU or on the host differs by one code at most."""
    network = TinyNetwork()
    integers = quantised(network, QuantOptions())
    fc1, fc2 = requests_of(network, QuantOptions())[1]
    results = model_results((fc1, fc2))
    first = integers.layers["b.fc1"]
    y = first.multiply(fc1.x)
    real = first.dequantise(y, np.empty((24, 0)))
    chain = capture(network, CALIBRATION).chains["b.fc1"]
    on_host = integers.layers["b.fc2"].input.quantise(chain.function(real))
    assert np.abs(results["b.fc1"] - on_host).max() <= 1
    assert (results["b.fc1"] != on_host).mean() < 0.05


@pytest.mark.parametrize(("bits", "error"), [((7, 8), 0.04), ((10, 12), 0.002), ((4, 8), 0.3)])
def test_runs_approximate_the_float_network(bits: tuple[int, int], error: float) -> None:
    network = TinyNetwork()
    options = QuantOptions(w_bits=bits[0], x_bits=bits[1])
    chip = ChipNetwork(network=network, quantised=quantised(network, options))
    wanted = chip.reference(IDS)
    found = run_on_model(chip.run(IDS))
    distance = np.linalg.norm(found - wanted) / np.linalg.norm(wanted)
    assert error / 10 < distance < error


def test_recorded_inputs_are_the_codes() -> None:
    network = TinyNetwork()
    chip = ChipNetwork(network=network, quantised=quantised(network, QuantOptions()))
    result, inputs = run_recorded(chip.run(IDS))
    assert np.array_equal(result, run_on_model(chip.run(IDS)))
    assert list(inputs) == ["a.p", "a.q", "b.fc1", "b.fc2"]
    assert inputs["b.fc2"].shape == (40, IDS.size)


def test_a_wrong_answer_changes_the_result() -> None:
    network = TinyNetwork()
    integers = quantised(network, QuantOptions())

    def disturbed(request: tuple[ChipLayer, ...]) -> dict[str, np.ndarray]:
        return {name: y + (name == "a.q") * 50 for name, y in model_results(request).items()}

    right = run_on_model(chip_run(network.steps(IDS), integers))
    assert not np.array_equal(drive(chip_run(network.steps(IDS), integers), disturbed), right)


def test_column_scales_survive_an_outlier_token() -> None:
    """One token 1000 times as large spoils the others' codes, unless each has its own scale."""
    network = TinyNetwork(bias=0.0, outlier=1000.0)
    samples = capture(network, CALIBRATION)
    errors = {}
    for scale in ActivationScale:
        options = dict.fromkeys(network.linears(), QuantOptions())
        options["a.p"] = options["a.q"] = QuantOptions(scale=scale)
        run = chip_run(network.steps(IDS), quantise_network(network, samples, options))
        chip = ChipNetwork(network=network, quantised=quantise_network(network, samples, options))
        difference = (run_on_model(run) - chip.reference(IDS))[:, 1:]
        errors[scale] = np.linalg.norm(difference) / np.linalg.norm(chip.reference(IDS)[:, 1:])
    assert errors[ActivationScale.COLUMN] < 0.05 < 0.5 < errors[ActivationScale.TENSOR]


@pytest.mark.parametrize("bias", [0.0, 1.0])
def test_offsets_and_floors_through_a_network(bias: float) -> None:
    network = TinyNetwork(bias=bias)
    options = dict.fromkeys(network.linears(), QuantOptions())
    scale = QuantOptions() if bias else replace(COLUMN, floor=1.5)
    options["a.p"] = options["a.q"] = replace(scale, offsets=2)
    chip = ChipNetwork(network=network, quantised=quantised(network, options))
    wanted = chip.reference(IDS)
    assert np.linalg.norm(run_on_model(chip.run(IDS)) - wanted) < 0.05 * np.linalg.norm(wanted)
    shared, _ = requests_of(network, options)
    assert shared[0].x is shared[1].x
    layer, linear = chip.quantised.layers["a.p"], network.linears()["a.p"]
    step = next(network.steps(IDS))
    real = linear.weight @ step.x + linear.bias[:, None]
    y = model_results(shared)["a.p"]
    error = np.linalg.norm(layer.dequantise(y, step.x) - real)
    assert error < 0.03 * np.linalg.norm(real)
    without = y * layer.s_w[:, None] * layer.input.scale(step.x)
    assert np.linalg.norm(without - real) > 5 * error


def test_chains_refuse_offsets() -> None:
    with pytest.raises(PanaceaError, match=r"input of b\.fc1 has offsets, but is chained"):
        quantised(TinyNetwork(), QuantOptions(offsets=1))


def test_chains_refuse_column_scales() -> None:
    with pytest.raises(PanaceaError, match=r"input of b\.fc1 has one scale per column"):
        quantised(TinyNetwork(bias=0.0), COLUMN)


def test_biased_layers_refuse_column_scales() -> None:
    with pytest.raises(PanaceaError, match=r"bias of a\.p is not 0"):
        quantised(TinyNetwork(), COLUMN)


@pytest.mark.parametrize(
    "options",
    [
        QuantOptions(),
        QuantOptions(dbs_max=3),
        QuantOptions(x_bits=12),
        QuantOptions(w_bits=10, x_bits=12),
    ],
)
def test_the_functional_chip_answers_alike(options: QuantOptions) -> None:
    """The compiler's program, run from memory alone, gives every result of every request."""
    params = ChipParams(core=CoreParams(num_pea=4, tile_k=16))
    for request in requests_of(TinyNetwork(), options):
        program = compile_program(request, params)
        memory = np.zeros(program.memory_bytes, np.uint8)
        memory[: program.image.size] = program.image
        execute(memory, program.prog_addr, program.prog_count, params)
        found, wanted = read_results(program, memory), model_results(request)
        assert found.keys() == wanted.keys()
        for name, y in wanted.items():
            assert np.array_equal(found[name], y)
