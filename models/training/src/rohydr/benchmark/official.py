"""CMU-MOSI, official split, with features that know no label of it: text encoded anew, and openSMILE audio.

The published video vectors were trained on labels of 24 of the 31 official test videos, so there is no video here and
three availability patterns instead of seven. Everything is ridge regression in closed form on frozen features: no seed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rohydr.benchmark.sentiment import cell, mean_cell
from rohydr.benchmark.utterances import DataError, Utterances, load_vectors, read_arrays
from rohydr.data.text import MiniLm, read_mosei_validation
from rohydr.linear import Ridge
from rohydr.metrics import mean_absolute_error, paired_bootstrap

Floats = NDArray[np.floating]
CLEAN: Final = {"T": (1, 0), "A": (0, 1), "TA": (1, 1)}
"""Patterns of what is clean, as (text, audio)."""
PENALTIES: Final = (30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0)
AUDIO_SCALES: Final = (0.3, 1.0)
"""Weight of the standardised audio columns beside the standardised text columns, inside one penalty."""
Predict = Callable[[Floats, Floats, str], Floats]
"""(text [n, t], audio [n, a], pattern) -> scores [n]; what the pattern lacks is not looked at."""


def official_vectors(data: Path, embed: Callable[[str], Floats]) -> dict[str, NDArray[Any]]:
    """Arrays of a vectors file on the official split; the video column is constant, since no clean one exists.

    :raises DataError: when the file lacks what is needed.
    """
    raw = read_arrays(data, ["ids", "text", "label", "split_official", "audio_opensmile"])
    if raw["text"].dtype.kind != "U" or len(raw["text"]) != len(raw["ids"]):
        raise DataError(f"{data.name}: text: one transcript per utterance expected")
    return {
        "ids": raw["ids"],
        "label": raw["label"],
        "split": raw["split_official"],
        "text_vectors": np.stack([embed(str(words)) for words in raw["text"]]),
        "audio_vectors": raw["audio_opensmile"],
        "visual_vectors": np.zeros((len(raw["ids"]), 1), dtype=np.float32),
    }


def read_official(path: Path) -> dict[str, Utterances]:
    """Train, valid and test of what `official_vectors` wrote; validation is whole, as nothing is calibrated here."""
    parts = load_vectors(path)
    held = [parts["select"], parts["calibrate"]]
    names = Utterances.__dataclass_fields__
    valid = Utterances(**{name: np.concatenate([getattr(part, name) for part in held]) for name in names})
    return {"train": parts["train"], "valid": valid, "test": parts["test"]}


class Linear:
    """Standardised columns and what the closed forms share."""

    def __init__(self, train: Utterances, audio_scale: float) -> None:
        self.text = _scaler(train.text, 1.0)
        self.audio = _scaler(train.audio, audio_scale)
        self.x = (self.text(train.text), self.audio(train.audio))
        self.label = train.label.astype(np.float64)[:, None]

    def joined(self, text: Floats, audio: Floats, name: str) -> Floats:
        """Both blocks side by side, zero (the training mean) for what the pattern lacks."""
        bits = CLEAN[name]
        return np.concatenate([self.text(text) * bits[0], self.audio(audio) * bits[1]], axis=1)


def _scaler(rows: Floats, scale: float) -> Callable[[Floats], NDArray[np.float64]]:
    mean, sd = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    sd = np.where(sd > 1e-8, sd, np.inf)
    return lambda x: np.asarray(scale * np.clip((x - mean) / sd, -6, 6))


def zero_fill(linear: Linear, penalty: float) -> Predict:
    """Fitted on complete rows; what is missing is the training mean."""
    ridge = Ridge.fit(np.concatenate(linear.x, axis=1), linear.label, penalty)
    return lambda text, audio, name: ridge.predict(linear.joined(text, audio, name))[:, 0]


def modality_dropout(linear: Linear, penalty: float) -> Predict:
    """Fitted on every training row under all three patterns, with a flag for each modality."""
    text, audio = linear.x

    def flagged(joined: Floats, name: str) -> Floats:
        return np.concatenate([joined, np.tile(np.array(CLEAN[name], dtype=np.float64), (len(joined), 1))], axis=1)

    rows = [flagged(np.concatenate([text * bits[0], audio * bits[1]], axis=1), name) for name, bits in CLEAN.items()]
    ridge = Ridge.fit(np.concatenate(rows), np.concatenate([linear.label] * len(rows)), penalty)
    return lambda t, a, name: ridge.predict(flagged(linear.joined(t, a, name), name))[:, 0]


def conditional_mean(linear: Linear, penalty: float) -> Predict:
    """Fitted on complete rows; what is missing is its ridge prediction from what is there (the same penalty)."""
    text, audio = linear.x
    ridge = Ridge.fit(np.concatenate([text, audio], axis=1), linear.label, penalty)
    to_audio, to_text = Ridge.fit(text, audio, penalty), Ridge.fit(audio, text, penalty)

    def predict(t: Floats, a: Floats, name: str) -> Floats:
        x, y = linear.text(t), linear.audio(a)
        x, y = (x if CLEAN[name][0] else to_text.predict(y)), (y if CLEAN[name][1] else to_audio.predict(x))
        return ridge.predict(np.concatenate([x, y], axis=1))[:, 0]

    return predict


def one_each(linear: Linear, penalty: float) -> Predict:
    """A regression of its own for every pattern; no control with one model can count on more from ridge."""
    text, audio = linear.x
    blocks = {"T": text, "A": audio, "TA": np.concatenate([text, audio], axis=1)}
    ridges = {name: Ridge.fit(block, linear.label, penalty) for name, block in blocks.items()}

    def predict(t: Floats, a: Floats, name: str) -> Floats:
        x = {"T": linear.text(t), "A": linear.audio(a)}
        block = np.concatenate([x["T"], x["A"]], axis=1) if name == "TA" else x[name]
        return ridges[name].predict(block)[:, 0]

    return predict


MODELS: Final[dict[str, Callable[[Linear, float], Predict]]] = {
    "ridge, zero-fill": zero_fill,
    "ridge, modality dropout": modality_dropout,
    "ridge, conditional mean": conditional_mean,
    "ridge, one for every pattern": one_each,
}


def _error(predict: Predict, rows: Utterances, names: tuple[str, ...]) -> float:
    errors = [mean_absolute_error(rows.label, np.clip(predict(rows.text, rows.audio, n), -3, 3)) for n in names]
    return float(np.mean(errors))


def _row(predict: Predict, test: Utterances, names: tuple[str, ...]) -> dict[str, Any]:
    label, keep = test.label.astype(np.float64), test.label != 0
    groups = np.unique(test.video[keep], return_inverse=True)[1]
    cells, intervals = {}, {}
    for name in names:
        scores = np.clip(predict(test.text, test.audio, name), -3, 3)
        cells[name] = cell(label, scores)
        right = ((scores > 0) == (label > 0))[keep].astype(np.float64)
        intervals[name] = paired_bootstrap(right, groups)[1:]
    return {"patterns": cells, "mean": mean_cell(list(cells.values())), "acc2_interval": intervals}


def official_table(parts: dict[str, Utterances], more: tuple[Floats, Floats] | None = None) -> dict[str, Any]:
    """Closed forms per clean pattern; penalty and audio scale by the mean validation error, test measured once.

    :param more: embeddings and labels of further training texts, for the last row, text alone.
    """
    train, valid, test = parts["train"], parts["valid"], parts["test"]
    every = tuple(CLEAN)
    middle = float(np.median(train.label))
    methods: dict[str, Any] = {"constant": _row(lambda t, a, n: np.full(len(t), middle), test, every)}
    for name, make in MODELS.items():
        tried = [(make(Linear(train, scale), p), p, scale) for scale in AUDIO_SCALES for p in PENALTIES]
        best, penalty, scale = min(tried, key=lambda each: _error(each[0], valid, every))
        methods[name] = {**_row(best, test, every), "penalty": penalty, "audio_scale": scale}
    if more is not None:
        tried_text = [(_text_alone(train, more, p), p) for p in PENALTIES]
        best, penalty = min(tried_text, key=lambda each: _error(each[0], valid, ("T",)))
        methods["ridge on text, with CMU-MOSEI validation texts"] = {**_row(best, test, ("T",)), "penalty": penalty}
    counts = {name: len(part) for name, part in parts.items()}
    return {"n": counts, "test_videos": len(set(test.video)), "methods": methods}


def _text_alone(train: Utterances, more: tuple[Floats, Floats], penalty: float) -> Predict:
    text = np.concatenate([train.text, more[0]])
    label = np.concatenate([train.label, more[1]]).astype(np.float64)
    scale = _scaler(text, 1.0)
    ridge = Ridge.fit(scale(text), label[:, None], penalty)
    return lambda t, a, name: ridge.predict(scale(t))[:, 0]


def more_texts(path: Path, encoder: MiniLm) -> tuple[Floats, Floats]:
    """Embeddings and labels of CMU-MOSEI's validation texts, which are in no part of CMU-MOSI."""
    sentences = read_mosei_validation(path)
    return np.stack([encoder.embed(s.text) for s in sentences]), np.array([s.sentiment for s in sentences])
