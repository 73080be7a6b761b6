"""MiniLM-L6 sentence embedding in Python: an ONNX file as the app runs it, and the float32 original.

`MiniLm().embed(texts)` gives the same vectors as electron/perception/text/.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

PERCEPTION = Path(__file__).resolve().parent.parent / "perception"
MAX_TOKENS = 128


def load_tokenizer(file: Path = PERCEPTION / "minilm-l6-v2.tokenizer.json") -> Tokenizer:
    """The BERT word-piece tokenizer, cut at MAX_TOKENS with [CLS] and [SEP], without padding."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


class MiniLm:
    """Embeds one text at a time: [384] float32, mean over all tokens of the last hidden state, L2 normalised."""

    def __init__(self, network: str = "text-encoder", folder: Path = PERCEPTION, threads: int = 1) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        self.tokenizer = load_tokenizer(folder / "minilm-l6-v2.tokenizer.json")
        self.session = ort.InferenceSession(str(folder / f"{network}.onnx"), options, providers=["CPUExecutionProvider"])

    def hidden(self, text: str) -> np.ndarray:
        """Last hidden state [tokens, 384]."""
        ids = np.array([self.tokenizer.encode(text).ids], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return self.session.run(["last_hidden_state"], feeds)[0][0]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Embeddings [len(texts), 384] float32."""
        return np.stack([normalised_mean(self.hidden(text)) for text in texts])


def normalised_mean(hidden: np.ndarray) -> np.ndarray:
    mean = hidden.astype(np.float64).mean(axis=0)
    return (mean / np.linalg.norm(mean)).astype(np.float32)


def read_safetensors(file: Path) -> dict[str, np.ndarray]:
    """Tensors of a float32 safetensors file."""
    data = file.read_bytes()
    size = int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[begin:end], dtype=np.float32).reshape(entry["shape"])
    return tensors


def original_hidden(weights: dict[str, np.ndarray], ids: Sequence[int]) -> np.ndarray:
    """Last hidden state [tokens, 384] of BERT (Devlin et al. 2019) with the original float32 weights, in numpy."""
    from scipy.special import erf

    def dense(x: np.ndarray, name: str) -> np.ndarray:
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    tables = "embeddings.word_embeddings", "embeddings.position_embeddings", "embeddings.token_type_embeddings"
    word, position, kind = (weights[f"{table}.weight"] for table in tables)
    x = norm(word[list(ids)] + position[: len(ids)] + kind[0], "embeddings.LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        heads = [
            dense(x, f"{name}.attention.self.{part}").reshape(len(ids), 12, 32).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        ]
        scores = heads[0] @ heads[1].transpose(0, 2, 1) / math.sqrt(32)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        context = (scores / scores.sum(-1, keepdims=True)) @ heads[2]
        context = context.transpose(1, 0, 2).reshape(len(ids), 384)
        x = norm(x + dense(context, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        inner = dense(x, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / math.sqrt(2)))
        x = norm(x + dense(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    return x
