"""How well the nearest phrases of a recovered text stand for it: emotion and sign of sentiment, against chance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rohydr.data.pairs import TextBank
from rohydr.data.text import MiniLm
from rohydr.decoders.graphs import BundleGraphs
from rohydr.decoders.study import SAMPLES, Part
from rohydr.labels import EMOTIONS, PATTERNS

SIGN = np.array([0, 1, -1, -1, -1, -1, 0])
"""Sign of the sentiment of each emotion; 0 where it can be either."""
FROM = ("A", "V", "AV")


def phrase_latents(file: Path, encoder: MiniLm, graphs: BundleGraphs) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Unit vectors [n, L] of the phrases in the bundle's text space, and their emotions."""
    phrases = json.loads(file.read_text())["phrases"]
    vectors = np.stack([encoder.embed(p["text"]) for p in phrases])
    emotions = np.array([EMOTIONS.index(p["emotion"]) for p in phrases])
    return _unit(_text_latents(vectors, graphs)), emotions


def phrase_figures(
    file: Path, encoder: MiniLm, graphs: BundleGraphs, test: Part, held_out: TextBank, seed: int
) -> dict[str, Any]:
    """Share of held-out texts (own) and of texts recovered for test clips whose nearest phrase has their emotion, sign.

    Chance is the share that the same nearest phrases would reach if they were dealt out at random.
    """
    bank, emotions = phrase_latents(file, encoder, graphs)
    own = _unit(_text_latents(held_out.vectors.numpy(), graphs)) @ bank.T
    rows = {"own": agreement_row(emotions[own.argmax(axis=1)], held_out.label.numpy())}
    latents = test.latents[1]
    for number, pattern in enumerate(FROM):
        drawn = graphs.recover(latents, PATTERNS[pattern], SAMPLES, seed + number)[:, :, 0]
        similar = _unit(drawn.reshape(*drawn.shape[:2], -1)) @ bank.T
        rows[pattern] = agreement_row(emotions[similar.mean(axis=1).argmax(axis=1)], test.material.emotion.numpy())
    return {"phrases": len(emotions), "rows": rows}


def _text_latents(vectors: NDArray[np.float32], graphs: BundleGraphs) -> NDArray[np.float32]:
    sizes = {i.name: i.shape[1] for i in graphs.sessions["encode"].get_inputs()}
    blank = [np.full((len(vectors), sizes[name]), np.nan, np.float32) for name in ("audio", "visual")]
    only = np.tile(np.array(PATTERNS["T"], np.float32), (len(vectors), 1))
    feeds = {"text": vectors, "audio": blank[0], "visual": blank[1], "available": only}
    latents = graphs.run("encode", feeds)[0][:, 0]
    return latents.reshape(len(latents), -1)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)


def agreement_row(nearest: NDArray[np.int64], truth: NDArray[np.int64]) -> dict[str, float]:
    """Shares of texts whose nearest phrase has their emotion and sign, beside chance."""
    signed = SIGN[truth] != 0
    return {
        "n": len(truth),
        "emotion": float((nearest == truth).mean()),
        "emotion_chance": _chance(nearest, truth, len(EMOTIONS)),
        "n_signed": int(signed.sum()),
        "sign": float((SIGN[nearest] == SIGN[truth])[signed].mean()),
        "sign_chance": _chance(SIGN[nearest][signed] + 1, SIGN[truth][signed] + 1, 3),
    }


def _chance(nearest: NDArray[np.int64], truth: NDArray[np.int64], classes: int) -> float:
    shares = [np.bincount(labels, minlength=classes) / len(labels) for labels in (nearest, truth)]
    return float(shares[0] @ shares[1])
