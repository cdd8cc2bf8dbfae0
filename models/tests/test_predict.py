"""Predictions of layers: counts from operands by hand, limits that hold whatever the operands."""

import re

import numpy as np
import pytest

from models.energy import GROUPS, energy_table
from models.errors import PanaceaError
from models.networks.shapes import draw_input, draw_weights, network_shape, shapes
from models.params import CoreParams, LayerConfig
from models.predict.__main__ import main
from models.predict.networks import SYNTHETIC_PLANS, network_works, signed_codes
from models.predict.registry import Accelerator, accelerator, names, total
from models.predict.traffic import layer_traffic
from models.predict.work import LayerWork, signed_skipped
from models.slicing import sbr_slices

PANACEA = tuple(name for name in names() if name.startswith("panacea"))


def work_of(
    rho_w: float,
    rho_x: float,
    *,
    rows: int = 128,
    times: int = 1,
    config: LayerConfig | None = None,
) -> LayerWork:
    """A layer of 128 x 128 x 64 whose HO vectors are skipped with the given probabilities."""
    config = config or LayerConfig(zp=136)
    rng = np.random.default_rng(7)
    w_dense = np.repeat(rng.random((rows // 4, 128)) >= rho_w, 4, axis=0)
    x_dense = np.repeat(rng.random((128, 16)) >= rho_x, 4, axis=1)
    w = np.where(w_dense, 2 ** (config.w_bits - 1) - 1, 1)
    x = np.where(x_dense, 3, config.zp)
    x_signed = np.where(x_dense, 50, 0)
    return LayerWork(
        name="a.fc1", rows=rows * times, columns=64, config=config, w=w, x=x, x_signed=x_signed
    )


def test_products_are_those_of_the_slices() -> None:
    work = work_of(0.5, 0.7)
    w_high, x_high = sbr_slices(work.w, 1)[-1], work.x >> 4
    w_on = (w_high != 0).reshape(32, 4, 128).any(axis=1)
    x_on = (x_high != 8).reshape(128, 16, 4).any(axis=2)
    found = accelerator("panacea 4+8").predict(work).products
    # Placeholders after 15 skipped vectors are counted too: rare at these sparsities.
    assert found["LL"] == 32 * 16 * 128
    for kind, wanted in {
        "HL": w_on.sum() * 16,
        "LH": x_on.sum() * 32,
        "HH": (w_on.astype(int) @ x_on).sum(),
    }.items():
        assert wanted <= found[kind] <= 1.03 * wanted
    assert accelerator("panacea 8+4").predict(work).products == found


def test_dense_operands_cost_what_simd_does() -> None:
    work = work_of(0.0, 0.0)
    simd = accelerator("simd").predict(work)
    assert simd.bound_cycles == 128 * 128 * 64 / 768
    for name in ("panacea pooled", "panacea pooled dtp", "sibia"):
        found = accelerator(name).predict(work)
        assert found.bound_cycles == simd.bound_cycles
        assert simd.bound_cycles - 1 < found.compute_cycles < 1.1 * simd.bound_cycles
    # Three of four products on a third of the operators.
    assert accelerator("panacea 4+8").predict(work).bound_cycles == 2.25 * simd.bound_cycles


def test_empty_high_slices_leave_a_quarter() -> None:
    work = work_of(1.0, 1.0)
    simd = accelerator("simd").predict(work).bound_cycles
    found = {name: simd / accelerator(name).predict(work).bound_cycles for name in PANACEA}
    # One vector in 16 is stored as a placeholder, and dropped.
    assert found["panacea pooled"] == 4.0
    assert found["panacea 4+8"] == pytest.approx(8 / 3)
    assert simd / accelerator("sibia").predict(work).bound_cycles == 2.0


@pytest.mark.parametrize("rho_w", [0.0, 0.6, 0.95])
@pytest.mark.parametrize("rho_x", [0.0, 0.6, 0.95])
@pytest.mark.parametrize("formats", [(7, 8), (4, 8), (10, 12), (7, 4)])
def test_pooled_operators_never_lose(rho_w: float, rho_x: float, formats: tuple[int, int]) -> None:
    w_bits, x_bits = formats
    zp = {4: 8, 8: 136, 12: 2176}[x_bits]
    work = work_of(rho_w, rho_x, config=LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=zp))
    cycles = {name: accelerator(name).model.bound(work) for name in PANACEA}
    assert cycles["panacea pooled dtp"] == pytest.approx(min(cycles.values()))
    assert cycles["panacea pooled"] <= min(cycles["panacea 4+8"], cycles["panacea 8+4"])
    products = sum(accelerator("panacea pooled").predict(work).products.values())
    assert cycles["panacea pooled"] >= products / (16 * 12)


def test_a_sample_stands_for_the_layer() -> None:
    one, three = work_of(0.5, 0.5), work_of(0.5, 0.5, times=3)
    for name in names():
        small, large = (accelerator(name).predict(work) for work in (one, three))
        if not name.startswith("sa"):
            assert large.compute_cycles == pytest.approx(3 * small.compute_cycles, rel=0.15)
        for event, number in small.events.items():
            assert large.events[event] >= 2 * number, event


def test_repetitions_multiply_everything() -> None:
    work = work_of(0.5, 0.5)
    twice = LayerWork(**{**vars_of(work), "count": 2})
    for name in names():
        one, two = (total([w], name, energy_table()) for w in (work, twice))
        assert two.cycles == 2 * one.cycles and two.external_bytes == 2 * one.external_bytes
        assert two.picojoules == pytest.approx(2 * one.picojoules)


def vars_of(work: LayerWork) -> dict[str, object]:
    return {name: getattr(work, name) for name in LayerWork.__dataclass_fields__}


def test_doubling_needs_room_in_wmem() -> None:
    model = accelerator("panacea 4+8 dtp").model
    assert model.doubles(work_of(0.5, 0.5)) and not model.doubles(work_of(0.5, 0.5, rows=64))
    deep = random_layer_work(rows=128, depth=2048)
    assert not model.doubles(deep)
    assert not accelerator("panacea 4+8").model.doubles(work_of(0.5, 0.5))


@pytest.mark.parametrize("rho", [0.3, 0.99])
@pytest.mark.parametrize("bus", ["free", "tight"])
def test_the_faster_configuration_is_chosen(
    monkeypatch: pytest.MonkeyPatch, rho: float, bus: str
) -> None:
    """For each layer as a whole, external memory included."""
    if bus == "tight":
        for module in ("faster", "registry"):
            monkeypatch.setattr(f"models.predict.{module}.BUS_BYTES", 1)
    work = work_of(rho, rho)
    one, two, best = (
        accelerator(f"panacea pooled{name}").predict(work) for name in ("", " dtp", " best")
    )
    assert one != two
    assert best == min(one, two, key=lambda found: found.cycles)


def random_layer_work(rows: int, depth: int) -> LayerWork:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (depth, 4))
    w = rng.integers(-64, 64, (rows, depth))
    return LayerWork(
        name="a.b", rows=rows, columns=4, config=LayerConfig(zp=136), w=w, x=x, x_signed=x // 4 - 32
    )


def test_compression_moves_fewer_bytes() -> None:
    dense, sparse = work_of(0.0, 0.0), work_of(0.9, 0.9)
    bytes_of = [accelerator("panacea 4+8").predict(work).external_bytes for work in (dense, sparse)]
    plain = [accelerator("sibia").predict(work).external_bytes for work in (dense, sparse)]
    assert plain[0] == plain[1] == 2 * 128 * 64 + 128 * 128
    # Dense lists of weights have no index, dense HO activation vectors do: 5 / 4 of a slice.
    assert bytes_of[0] == 128 * 64 + 128 * 128 + 128 * 64 * (4 + 5) / 8
    assert bytes_of[1] < 0.66 * bytes_of[0]


@pytest.mark.parametrize(
    ("size", "held", "moved"),
    [
        (64, (1e6, 1e6), (1e6, 1e6)),  # one tile: nothing is played twice
        (128, (1e5, 1e6), (1e5, 2e6)),  # weights stay
        (128, (1e6, 6e4), (2e6, 6e4)),  # activations stay
        (128, (1e5, 3e4), (1e5, 3e4)),  # all activations fit, and weights stay
        (128, (1e6, 1e6), (2e6, 2e6)),  # neither fits
    ],
)
def test_what_stays_on_the_chip(
    size: int, held: tuple[float, float], moved: tuple[float, float]
) -> None:
    found = layer_traffic(
        rows=size,
        columns=size,
        weight_bytes=held[0],
        activation_bytes=held[1],
        result_bytes=5.0,
    )
    assert (found.weights, found.activations, found.results) == (*moved, 5.0)
    assert found.external == sum(moved) + 5.0
    assert found.weight_reads == held[0] * size / 64


def test_a_slow_memory_bounds_the_cycles() -> None:
    work = random_layer_work(rows=128, depth=2048)
    for name in names():
        found = accelerator(name).predict(work)
        assert found.cycles == max(found.compute_cycles, found.external_bytes / 32)
    found = accelerator("panacea pooled").predict(work)
    assert found.cycles > found.compute_cycles
    # The dense cores' own models load their operands at this rate.
    assert accelerator("simd").predict(work).compute_cycles > work.rows * work.depth / 32


def test_unknown_names_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PanaceaError, match="accelerator = 'tpu' is not one of simd, sa_os"):
        accelerator("tpu")
    with pytest.raises(PanaceaError, match="network = 'vgg' is not one of minilm, smollm2, deit"):
        network_works("vgg", "zpm")
    with pytest.raises(PanaceaError, match="plan = 'best' is not one of plain, zpm"):
        network_works("gpt-2", "best")
    assert main(["--network", "vgg"]) == 2
    assert "error: network = 'vgg'" in capsys.readouterr().err


def test_signed_codes_and_what_sibia_skips() -> None:
    real = np.array([[-2.0, 0.5], [1.0, 0.25]])
    assert signed_codes(real, 7, 0).tolist() == [[-63, 16], [32, 8]]
    assert signed_codes(real, 7, 1).tolist() == [[-63, 63], [32, 32]]
    codes = np.zeros((8, 3), int)
    codes[1, 0], codes[6, 1] = 8, -8
    assert signed_skipped(codes, 7) == 5 / 6
    assert signed_skipped(codes, 4) == 0.0


def test_every_event_has_an_energy() -> None:
    work, table = work_of(0.5, 0.5), energy_table()
    met = set()
    for name in names():
        events = accelerator(name).predict(work).events
        met |= set(events)
        parts = table.by_group(events)
        assert (
            sum(parts.values()) == pytest.approx(table.total(events)) and min(events.values()) >= 0
        )
        for group in GROUPS:
            changed = table.scaled(group, 3.0).total(events)
            assert changed == pytest.approx(table.total(events) + 2 * parts[group])
    assert met == set(table.picojoules)
    with pytest.raises(PanaceaError, match="event = 'teleport'"):
        table.total({"teleport": 1})
    with pytest.raises(PanaceaError, match="group = 'magic'"):
        table.scaled("magic", 2.0)


def test_energy_by_hand() -> None:
    work, picojoules = work_of(0.0, 0.0), energy_table().picojoules
    events = accelerator("simd").predict(work).events
    macs = 128 * 128 * 64
    assert events["multiply_8x8"] == macs and events["psum_byte"] == 128 * 64 * 2 * 8
    assert events["dram_byte"] == 128 * 128 + 2 * 128 * 64
    sliced = ("panacea 4+8", "panacea pooled", "sibia")
    psums = {name: accelerator(name).predict(work).events["psum_byte"] for name in sliced}
    once = 128 * 64 * 2 * 8
    assert psums == {"panacea 4+8": 2 * once, "panacea pooled": once, "sibia": once}
    assert picojoules["multiply_4x4"] * 4 == picojoules["multiply_8x8"]
    apsq, exact = (accelerator(name).predict(work).events for name in ("sa_ws apsq", "sa_ws"))
    assert 4 * apsq["psum_memory_byte"] == exact["psum_memory_byte"]


def test_shapes_are_the_published_ones() -> None:
    parameters = {
        name: sum(layer.m * layer.k * layer.count for layer in network_shape(name).layers)
        for name in shapes()
    }
    # Fully connected and convolution weights, without embeddings and output projections.
    assert len(parameters) == 9
    assert parameters["bert-base"] == parameters["deit-base"] == 12 * 12 * 768**2
    assert parameters["opt-2.7b"] == 32 * 12 * 2560**2
    assert parameters["llama-3.2-1b"] == 16 * (2048 * (2 * 2048 + 2 * 512 + 3 * 8192))
    assert parameters["llama-3.2-3b"] == 28 * (3072 * (2 * 3072 + 2 * 1024 + 3 * 8192))
    assert parameters["resnet-18"] == 11_678_912
    macs = sum(layer.macs for layer in network_shape("resnet-18").layers)
    assert macs == 1_814_073_344  # the well-known 1.8 G
    with pytest.raises(PanaceaError, match="network = 'vgg' is not one of deit-base"):
        network_shape("vgg")


def test_synthetic_operands_are_fixed_and_look_like_their_family() -> None:
    one, two = (draw_input(np.random.default_rng(3), "gelu", 32, 64) for _ in range(2))
    assert np.array_equal(one, two) and one.min() > -0.2 < 0 < one.max()
    rng = np.random.default_rng(3)
    assert draw_input(rng, "relu", 32, 64).min() == 0
    assert draw_input(rng, "swiglu", 32, 64).shape == (32, 64)
    assert draw_weights(rng, 64, 64).max() == 10.0


def test_synthetic_networks() -> None:
    cycles = {}
    for plan in SYNTHETIC_PLANS:
        works = network_works("deit-base", plan)
        assert works is network_works("deit-base", plan)
        cycles[plan] = total(works, "panacea pooled", energy_table()).compute_cycles
    assert cycles["w4"] < cycles["zpm-dbs"] <= cycles["plain"]
    assert cycles["zpm"] <= cycles["plain"]


def test_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--network", "deit-base", "--plan", "zpm-dbs"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"^deit-base\.fc2 +768 +3072 +197 ", printed, re.MULTILINE)
    assert all(re.search(rf"^{re.escape(name)} ", printed, re.MULTILINE) for name in names())
    assert "  dram " in printed


def test_registered_by_their_names() -> None:
    assert all(isinstance(accelerator(name), Accelerator) for name in names())
    assert [accelerator(name).name for name in names()] == list(names())
    assert accelerator("panacea 8+4").model.params == CoreParams(num_dwo=8, num_swo=4)
