"""FER2013 as uint8 tensors with labels in EMOTIONS order."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from rohydr.labels import EMOTIONS

SIDE = 48
SPLITS = ("Training", "PublicTest", "PrivateTest")
CLASS_TO_EMOTION = {
    "angry": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happiness",
    "neutral": "neutral",
    "sad": "sadness",
    "surprise": "surprise",
}
"""Class names of the file -> EMOTIONS. The file lists them in its own order, which is not that of `fer_frames`."""


@dataclass(frozen=True)
class Faces:
    """Grey faces `pixels` uint8 [n, 1, 48, 48] and `labels` int64 [n] (index into EMOTIONS)."""

    pixels: torch.Tensor
    labels: torch.Tensor

    def __len__(self) -> int:
        return int(self.labels.shape[0])


def load_fer2013(path: Path, limit: int | None = None) -> dict[str, Faces]:
    """Read the packed WebP file of FER2013 and return the three official splits.

    :param limit: keep about `limit` evenly spaced images of each split (smoke runs).
    :raises ValueError: when the file lacks an expected array or an image is not 48x48.
    """
    with np.load(path, allow_pickle=False) as packed:
        missing = {"webp", "offset", "label", "usage", "classes"} - set(packed.files)
        if missing:
            raise ValueError(f"{path}: arrays missing from the face file: {sorted(missing)}")
        webp, offset = packed["webp"], packed["offset"]
        label, usage, classes = packed["label"], packed["usage"], packed["classes"]
    to_emotions = np.array([EMOTIONS.index(CLASS_TO_EMOTION[str(name)]) for name in classes])
    out: dict[str, Faces] = {}
    for split in SPLITS:
        index = np.flatnonzero(usage == split)
        if limit is not None:
            index = index[:: max(1, len(index) // limit)]
        pixels = np.empty((len(index), 1, SIDE, SIDE), dtype=np.uint8)
        for row, i in enumerate(index):
            image = Image.open(io.BytesIO(webp[offset[i] : offset[i + 1]].tobytes())).convert("L")
            if image.size != (SIDE, SIDE):
                raise ValueError(f"{path}: face {i} is {image.size}, expected 48x48")
            pixels[row, 0] = np.asarray(image)
        labels = to_emotions[label[index].astype(np.int64)]
        out[split] = Faces(torch.from_numpy(pixels), torch.from_numpy(labels))
    return out


def synthetic_faces(count: int, seed: int) -> dict[str, Faces]:
    """Seven blob patterns with noise, for runs and tests without FER2013."""
    generator = torch.Generator().manual_seed(seed)
    prototypes = torch.rand(len(EMOTIONS), 1, SIDE // 8, SIDE // 8, generator=generator)
    prototypes = torch.nn.functional.interpolate(prototypes, size=(SIDE, SIDE), mode="bilinear")
    out: dict[str, Faces] = {}
    for split in SPLITS:
        labels = torch.randint(0, len(EMOTIONS), (count,), generator=generator)
        noise = 0.15 * torch.randn(count, 1, SIDE, SIDE, generator=generator)
        pixels = ((prototypes[labels] + noise).clamp(0, 1) * 255).to(torch.uint8)
        out[split] = Faces(pixels, labels)
    return out
