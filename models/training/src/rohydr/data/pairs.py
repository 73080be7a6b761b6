"""One fold's material: real audio-visual pairs, and texts of the same label drawn to go with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rohydr.data.ravdess import Clips, Fold, mean_posteriors, visual_features
from rohydr.data.teacher import Teacher
from rohydr.features import PosteriorMap
from rohydr.labels import EMOTIONS

VARIANTS = 8
"""Noisy versions of the visual features that training draws from, beside the clean one."""
ALTERED_WEIGHT = 0.25
"""Weight of an altered copy of a voice against the recording itself."""


@dataclass(frozen=True)
class TextBank:
    """Embedded texts of one split with their class and the teacher's score."""

    vectors: Tensor
    label: Tensor
    score: Tensor

    def rows_of(self, emotion: int) -> Tensor:
        """Indices of the texts of one class."""
        return torch.nonzero(self.label == emotion).squeeze(1)


@dataclass(frozen=True)
class Material:
    """Clips of some actors and texts of one split.

    `audio` [w, n, Da]: version 0 is the voice as recorded, the others are altered. `visual` [v, n, 63]: version 0 is
    clean, the others are noisy.
    """

    audio: Tensor
    visual: Tensor
    expression: Tensor
    label: Tensor
    emotion: Tensor
    actor: NDArray[np.int64]
    texts: TextBank

    def __len__(self) -> int:
        return int(self.label.shape[0])


@dataclass(frozen=True)
class Batch:
    """Triples: text [b, 384], audio [b, Da], visual [b, 63], label [b], score [b], expression [b, 7].

    `text_rows`, `voices` and `variants` [b] say which text and which version of voice and face each row got.
    """

    text: Tensor
    audio: Tensor
    visual: Tensor
    label: Tensor
    score: Tensor
    expression: Tensor
    text_rows: Tensor
    voices: Tensor
    variants: Tensor


def draw(material: Material, rows: Tensor, generator: torch.Generator, variant: int | None = None) -> Batch:
    """Pair the clips `rows` with texts of the same emotion at random (synthetic pairing).

    :param variant: which version of the visual features, with the voice as recorded; None draws a version of the face
        and one of the voice for each row.
    """
    pick = torch.empty(len(rows), dtype=torch.int64)
    emotion = material.emotion[rows]
    for k in range(len(EMOTIONS)):
        where = torch.nonzero(emotion == k).squeeze(1)
        if len(where):
            pool = material.texts.rows_of(k)
            pick[where] = pool[torch.randint(0, len(pool), (len(where),), generator=generator)]
    if variant is None:
        variants = torch.randint(0, material.visual.shape[0], (len(rows),), generator=generator)
        voices = torch.multinomial(voice_weights(material), len(rows), replacement=True, generator=generator)
    else:
        variants = torch.full((len(rows),), variant)
        voices = torch.zeros_like(variants)
    return Batch(
        material.texts.vectors[pick],
        material.audio[voices, rows],
        material.visual[variants, rows],
        material.label[rows],
        material.texts.score[pick],
        material.expression[rows],
        pick,
        voices,
        variants,
    )


def voice_weights(material: Material) -> Tensor:
    """[w]: weight of each version of the voices."""
    weights = torch.full((material.audio.shape[0],), ALTERED_WEIGHT)
    weights[0] = 1.0
    return weights


def draw_patterns(count: int, generator: torch.Generator, complete: bool) -> Tensor:
    """One availability pattern per sample, [count, 3] of 0/1, never all zero; `complete` admits TAV."""
    code = torch.randint(1, 8 if complete else 7, (count,), generator=generator)
    return torch.stack([(code >> m) & 1 for m in range(3)], dim=1).float()


def load_texts(path: Path, teacher: Teacher) -> dict[str, TextBank]:
    """Text banks train, validation, calibration and test; the official dev split is halved by row parity.

    A text that occurs in several official splits ("What?") stays in the last of train, dev, test only.
    """
    with np.load(path, allow_pickle=False) as packed:
        vectors, split, label = packed["vectors"], packed["split"], packed["emotion"]
    odd = np.arange(len(split)) % 2 == 1
    split = _without_repeats(vectors, split, odd)
    parts = {
        "train": split == "train",
        "validation": (split == "dev") & ~odd,
        "calibration": (split == "dev") & odd,
        "test": split == "test",
    }
    return {
        name: TextBank(
            torch.from_numpy(vectors[rows]),
            torch.from_numpy(label[rows]),
            torch.from_numpy(teacher.score(vectors[rows])),
        )
        for name, rows in parts.items()
    }


def _without_repeats(vectors: NDArray[np.float32], split: NDArray[np.str_], odd: NDArray[np.bool_]) -> NDArray[np.str_]:
    rank = {"train": 0, "dev": 1, "test": 3}
    order = np.array([rank[str(s)] for s in split]) + (odd & (split == "dev"))
    highest: dict[bytes, int] = {}
    keys = [row.tobytes() for row in vectors]
    for key, place in zip(keys, order, strict=True):
        highest[key] = max(highest.get(key, 0), int(place))
    kept = np.array([highest[key] == place for key, place in zip(keys, order, strict=True)])
    return np.where(kept, split, "repeated")


@dataclass(frozen=True)
class VisualSource:
    """How stored posteriors become visual features: map and noise."""

    mapping: PosteriorMap
    noise_sd: float


def split_fold(
    clips: Clips, texts: dict[str, TextBank], fold: Fold, source: VisualSource, classes: int, seed: int
) -> dict[str, Material]:
    """Material for train, validation, calibration and test; no text is in two of them, and only the held actors are."""
    rng = np.random.default_rng([seed, 7])
    out = {}
    for name in ("train", "validation", "calibration", "test"):
        rows = np.flatnonzero(np.isin(clips.actor, fold.of(name)))
        frames = [clips.frames[i] for i in rows]
        versions = [visual_features(frames, source.mapping, 0.0, None)]
        for _ in range(VARIANTS if name == "train" else 1):
            versions.append(visual_features(frames, source.mapping, source.noise_sd, rng))
        emotion = torch.from_numpy(clips.label[rows])
        calm = torch.from_numpy(clips.code[rows] == 2)
        out[name] = Material(
            torch.from_numpy(
                np.stack([clips.audio[rows], *(voice[rows] for voice in clips.altered if name == "train")])
            ),
            torch.from_numpy(np.stack(versions)),
            torch.from_numpy(mean_posteriors(frames, source.mapping)),
            torch.where(calm, torch.full_like(emotion, 7), emotion) if classes == 8 else emotion,
            emotion,
            clips.actor[rows],
            texts[name],
        )
    return out
