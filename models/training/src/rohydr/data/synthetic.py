"""Generated material in the shape of the real one, for smoke runs and tests without the research data.

Every class has its own mean in each modality, and a nuisance variable shared by audio and visual makes one of them
informative about the other beyond the class. Nothing measured on it says anything about people.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rohydr.data.ravdess import Clips
from rohydr.labels import EMOTIONS

AUDIO_DIMENSION = 30


def synthetic_clips(seed: int = 0, per_class: int = 3) -> Clips:
    """24 actors with `per_class` clips of each class; some audio values are NaN."""
    rng = np.random.default_rng(seed)
    codes = (1, 3, 4, 5, 6, 7, 8)
    means = rng.normal(size=(7, AUDIO_DIMENSION))
    ids, audio, frames, label, code, actor = [], [], [], [], [], []
    for person in range(1, 25):
        for k in range(7):
            for take in range(per_class):
                shared = rng.normal()
                row = means[k] + 0.8 * rng.normal(size=AUDIO_DIMENSION) + shared * means[(k + 1) % 7]
                row[rng.random(AUDIO_DIMENSION) < 0.02] = np.nan
                logits = rng.normal(size=(int(rng.integers(30, 60)), 7)) + 2.0 * (np.arange(7) == k) + shared
                posterior = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
                ids.append(f"01-{codes[k]:02d}-01-01-{take:02d}-{person:02d}")
                audio.append(row)
                frames.append(posterior)
                label.append(k)
                code.append(codes[k])
                actor.append(person)
    names = [f"descriptor_{i}" for i in range(AUDIO_DIMENSION)]
    return Clips(
        ids, np.array(audio, dtype=np.float32), names, frames, np.array(label), np.array(code), np.array(actor)
    )


def write_synthetic_texts(folder: Path, seed: int = 0) -> None:
    """emotion.npz and sentiment.npz as `prepare` writes them."""
    rng = np.random.default_rng([seed, 1])
    means = rng.normal(size=(len(EMOTIONS), 384))
    valence = np.array([0, 2, -2, -1.5, -1.5, -1.5, 0.5])
    count = 700
    label = rng.integers(0, len(EMOTIONS), count)
    vectors = means[label] + 2 * rng.normal(size=(count, 384))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    split = np.array(["train", "train", "train", "dev", "dev", "test", "test"])[np.arange(count) % 7]
    nothing = np.full(count, np.nan, dtype=np.float32)
    np.savez(folder / "emotion.npz", vectors=vectors, split=split, emotion=label, sentiment=nothing)
    human = np.clip(valence[label] + rng.normal(size=count), -3, 3).astype(np.float32)
    np.savez(folder / "sentiment.npz", vectors=vectors, split=split, emotion=np.full(count, -1), sentiment=human)
