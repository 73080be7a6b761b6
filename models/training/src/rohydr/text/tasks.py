"""The labelled texts of the two studies, as rows of one output head each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rohydr.data.text import (
    SPLITS,
    TO_EMOTION,
    Sentence,
    held_back,
    read_meld,
    read_mosei_validation,
    read_mosi,
)
from rohydr.labels import EMOTIONS

HEADS: Final = {"sentiment": 1, "polarity": 1, "ekman": len(EMOTIONS), "meld": len(EMOTIONS)}
"""Outputs of each head: sentiment in [-3, 3]; positive or not; any of seven emotions; one of seven emotions."""


@dataclass(frozen=True)
class Rows:
    """Texts of one split with the targets of one head: [n, 7] for ekman, [n] for the others (meld: a class)."""

    head: str
    texts: tuple[str, ...]
    target: NDArray[np.float32]

    def __post_init__(self) -> None:
        if len(self.texts) != len(self.target) or not self.texts:
            raise ValueError(f"{self.head}: {len(self.texts)} texts for {len(self.target)} targets")

    def __len__(self) -> int:
        return len(self.texts)

    def without_held_back(self) -> Rows:
        """The rows that the app's encoder may be tuned on: bundles learn from the others."""
        kept = [i for i, text in enumerate(self.texts) if not held_back(text)]
        return Rows(self.head, tuple(self.texts[i] for i in kept), self.target[kept])

    def first(self, count: int) -> Rows:
        """About `count` evenly spaced rows (smoke runs)."""
        step = max(1, len(self) // count)
        return Rows(self.head, self.texts[::step], self.target[::step])


def _sentiment(sentences: list[Sentence], split: str) -> Rows:
    kept = [(s.text, s.sentiment) for s in sentences if s.split == split and s.sentiment is not None]
    return Rows("sentiment", tuple(t for t, _ in kept), np.array([v for _, v in kept], dtype=np.float32))


def mosi(data: Path) -> dict[str, Rows]:
    """CMU-MOSI transcripts, official split (its valid is dev here)."""
    sentences = read_mosi(data / "mosi" / "utterance_vectors.npz")
    return {split: _sentiment(sentences, split) for split in SPLITS}


def mosi_test_videos(data: Path) -> NDArray[np.str_]:
    """Video of each MOSI test row, for intervals that resample videos."""
    with np.load(data / "mosi" / "utterance_vectors.npz", allow_pickle=False) as packed:
        ids = packed["ids"][packed["split_official"] == "test"]
    return np.array([str(i).rpartition("_")[0] for i in ids])


def mosei(data: Path) -> Rows:
    """CMU-MOSEI validation transcripts, further training material; no video is in CMU-MOSI."""
    return _sentiment(read_mosei_validation(data / "text" / "mosei_text" / "Data_Val_modified.csv"), "train")


def sst2(data: Path) -> Rows:
    """Training sentences of SST-2: films, positive or negative."""
    texts, target = [], []
    for number, line in enumerate((data / "text" / "sst2" / "train.tsv").read_text(encoding="utf-8").splitlines(), 1):
        text, _, label = line.rpartition("\t")
        if label not in ("0", "1"):
            raise ValueError(f"sst2/train.tsv line {number}: label {label!r}, expected 0 or 1")
        texts.append(text)
        target.append(float(label))
    return Rows("polarity", tuple(texts), np.array(target, dtype=np.float32))


def goemotions(data: Path) -> dict[str, Rows]:
    """GoEmotions in Ekman's grouping with neutral, every row, several emotions a row as annotated."""
    folder = data / "text" / "goemotions" / "ekman"
    names = (folder / "labels.txt").read_text().split()
    columns = [EMOTIONS.index(TO_EMOTION[name]) for name in names]
    out = {}
    for split in SPLITS:
        texts, target = [], []
        for line in (folder / f"{split}.tsv").read_text(encoding="utf-8").splitlines():
            text, labels, _ = line.split("\t")
            row = np.zeros(len(EMOTIONS), dtype=np.float32)
            row[[columns[int(label)] for label in labels.split(",")]] = 1
            texts.append(text)
            target.append(row)
        out[split] = Rows("ekman", tuple(texts), np.stack(target))
    return out


def meld(data: Path) -> dict[str, Rows]:
    """MELD utterances, official splits, without their dialogue."""
    sentences = read_meld(data / "text" / "meld_text")
    out = {}
    for split in SPLITS:
        kept = [s for s in sentences if s.split == split]
        classes = np.array([s.emotion for s in kept], dtype=np.float32)
        out[split] = Rows("meld", tuple(s.text for s in kept), classes)
    return out


def generated(head: str, count: int, seed: int) -> dict[str, Rows]:
    """Sentences whose words say the target, for tests and smoke runs."""
    rng = np.random.default_rng(seed)
    words = ("so", "happy", "sad", "angry", "afraid", "disgusted", "surprised")
    out = {}
    for split in SPLITS:
        classes = rng.integers(0, len(words), count)
        texts = tuple(f"{rng.choice(['they', 'we', 'you'])} seemed {words[k]} about it" for k in classes)
        sign = np.array([0.5, 2, -2, -2, -2, -2, 1], dtype=np.float32)
        targets = {
            "sentiment": sign[classes],
            "polarity": (sign[classes] > 0).astype(np.float32),
            "meld": classes.astype(np.float32),
            "ekman": np.eye(len(EMOTIONS), dtype=np.float32)[classes],
        }
        out[split] = Rows(head, texts, targets[head])
    return out
