"""Tokens of texts in padded batches of like length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from rohydr.data.text import MAX_TOKENS, PRETRAINED

Pieces = list[NDArray[np.int64]]
BUCKET = 16
"""Batches that are sorted by length together when training."""


class WordPieces:
    """The app's tokenizer, cut at the app's length."""

    def __init__(self, perception: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(perception / f"{PRETRAINED}.tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)

    def __call__(self, texts: tuple[str, ...]) -> Pieces:
        return [np.array(found.ids, dtype=np.int64) for found in self.tokenizer.encode_batch(list(texts))]


def padded(pieces: Pieces) -> tuple[Tensor, Tensor]:
    """Ids [n, L] and mask [n, L], true where a piece is."""
    longest = max(len(row) for row in pieces)
    ids = np.zeros((len(pieces), longest), dtype=np.int64)
    mask = np.zeros((len(pieces), longest), dtype=bool)
    for i, row in enumerate(pieces):
        ids[i, : len(row)], mask[i, : len(row)] = row, True
    return torch.from_numpy(ids), torch.from_numpy(mask)


def in_order_of_length(pieces: Pieces, batch: int) -> Iterator[NDArray[np.int64]]:
    """Indices of every text once, in batches of like length (for reading, not for training)."""
    order = np.argsort([len(row) for row in pieces], kind="stable")
    for i in range(0, len(order), batch):
        yield order[i : i + batch]


def shuffled(pieces: Pieces, batch: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Indices of every text once: random batches, made alike in length inside runs of BUCKET batches."""
    order = rng.permutation(len(pieces))
    out: list[NDArray[np.int64]] = []
    for i in range(0, len(order), batch * BUCKET):
        run = order[i : i + batch * BUCKET]
        run = run[np.argsort([len(pieces[k]) for k in run], kind="stable")]
        out += [run[j : j + batch] for j in range(0, len(run), batch)]
    return [out[k] for k in rng.permutation(len(out))]
