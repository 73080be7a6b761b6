"""Texts with emotion or sentiment labels, and their embeddings as the app computes them."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rohydr.labels import EMOTIONS

MAX_TOKENS = 128
TO_EMOTION = {"joy": "happiness"} | {name: name for name in EMOTIONS}
SPLITS = ("train", "dev", "test")
GO_CAP = 3000
"""Most GoEmotions rows taken per class and split: neutral and joy would otherwise make up four fifths."""
SHIPPED = "text-encoder"
"""The app's text encoder: MiniLM-L6 tuned by `text train`, put in place by `text install`."""
PRETRAINED = "minilm-l6-v2"
"""The encoder that tuning starts from; not part of the app."""


HELD_BACK = 4
"""One training text in so many is kept from the tuning of the text encoder, for bundles to learn from."""


def held_back(text: str) -> bool:
    """Whether a training text is kept from the tuning of the text encoder: by its characters, so wherever it occurs.

    Vectors of texts that an encoder was tuned on fit their labels too well: opinions fitted on them would trust words
    too much.
    """
    return hashlib.sha256(_plain(text).encode()).digest()[0] % HELD_BACK == 0


def _plain(text: str) -> str:
    return text.strip().lower()


@dataclass(frozen=True)
class Sentence:
    """One text with its class (index into EMOTIONS) or None, and its human sentiment in [-3, 3] or None."""

    text: str
    split: str
    emotion: int | None = None
    sentiment: float | None = None


def read_meld(folder: Path) -> list[Sentence]:
    """MELD utterances of the official splits."""
    out = []
    for split in SPLITS:
        with (folder / f"{split}_sent_emo.csv").open(encoding="utf-8", errors="replace", newline="") as stream:
            for row in csv.DictReader(stream):
                emotion = EMOTIONS.index(TO_EMOTION[row["Emotion"]])
                out.append(Sentence(row["Utterance"], split, emotion))
    return out


def read_goemotions(folder: Path) -> list[Sentence]:
    """GoEmotions with Ekman grouping, single-label rows only; of rows for bundles at most GO_CAP a class and split."""
    names = (folder / "labels.txt").read_text().split()
    out = []
    for split in SPLITS:
        count = [0] * len(EMOTIONS)
        for line in (folder / f"{split}.tsv").read_text(encoding="utf-8").splitlines():
            text, labels, _ = line.split("\t")
            if "," in labels:
                continue
            emotion = EMOTIONS.index(TO_EMOTION[names[int(labels)]])
            for_tuning = split == "train" and not held_back(text)
            count[emotion] += not for_tuning
            if for_tuning or count[emotion] <= GO_CAP:
                out.append(Sentence(text, split, emotion))
    return out


def read_mosi(path: Path) -> list[Sentence]:
    """CMU-MOSI transcripts with human sentiment on the official split (valid is called dev here)."""
    with np.load(path, allow_pickle=False) as packed:
        rows = zip(packed["text"], packed["label"], packed["split_official"], strict=True)
        return [
            Sentence(str(text), {"valid": "dev"}.get(str(split), str(split)), None, float(label))
            for text, label, split in rows
        ]


def read_mosei_validation(path: Path) -> list[Sentence]:
    """CMU-MOSEI validation transcripts; used as further training material of the sentiment teacher."""
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        return [Sentence(row["text"], "train", None, float(row["sentiment"])) for row in csv.DictReader(stream)]


def for_bundles(sentences: list[Sentence]) -> list[Sentence]:
    """Of training texts those held back from tuning, of dev and test texts those that were not tuned on."""
    tuned_on = {_plain(s.text) for s in sentences if s.split == "train" and not held_back(s.text)}
    return [s for s in sentences if _plain(s.text) not in tuned_on]


def prepared_sentences(data: Path) -> dict[str, list[Sentence]]:
    """The texts that `prepare` encodes, in the order of its files `sentiment` and `emotion`.

    Human sentiment keeps every dev and test row, so that the teacher's errors are those of the official split.
    """
    sentiment = read_mosi(data / "mosi" / "utterance_vectors.npz")
    sentiment += read_mosei_validation(data / "text" / "mosei_text" / "Data_Val_modified.csv")
    emotion = for_bundles(
        [*read_meld(data / "text" / "meld_text"), *read_goemotions(data / "text" / "goemotions" / "ekman")]
    )
    return {
        "sentiment": [s for s in sentiment if s.split != "train" or held_back(s.text)],
        "emotion": emotion,
    }


class MiniLm:
    """A text network as the app runs it: one text a call, mean pooling, L2 norm.

    :param folder: models/perception.
    :param network: SHIPPED or PRETRAINED.
    """

    def __init__(self, folder: Path, network: str) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / f"{PRETRAINED}.tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        file = str(folder / f"{network}.onnx")
        self.session = ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])

    def embed(self, text: str) -> NDArray[np.float32]:
        """Embedding [384] of one text."""
        ids = np.array([self.tokenizer.encode(text).ids], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden = np.asarray(self.session.run(["last_hidden_state"], feeds)[0], dtype=np.float64)[0]
        mean = hidden.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def embed_sentences(sentences: list[Sentence], encoder: MiniLm, out: Path) -> None:
    """Write embeddings and labels of `sentences` to an npz file (labels: -1 and NaN where there is none)."""
    vectors = np.stack([encoder.embed(s.text) for s in sentences])
    np.savez(
        out,
        vectors=vectors,
        split=np.array([s.split for s in sentences]),
        emotion=np.array([-1 if s.emotion is None else s.emotion for s in sentences]),
        sentiment=np.array([np.nan if s.sentiment is None else s.sentiment for s in sentences], dtype=np.float32),
    )
