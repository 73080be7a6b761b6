"""Orders and vocabularies shared with the app's core: emotions, modalities and availability patterns."""

from __future__ import annotations

from typing import Final

EMOTIONS: Final = ("neutral", "happiness", "sadness", "anger", "fear", "disgust", "surprise")
"""Label order of every probability vector (the app's core EMOTIONS)."""

MODALITIES: Final = ("text", "audio", "visual")
"""Axis order of every per-modality array (the app's core MODALITIES)."""

PATTERNS: Final[dict[str, tuple[int, int, int]]] = {
    "T": (1, 0, 0),
    "A": (0, 1, 0),
    "V": (0, 0, 1),
    "TA": (1, 1, 0),
    "TV": (1, 0, 1),
    "AV": (0, 1, 1),
    "TAV": (1, 1, 1),
}
"""Availability patterns: key -> 0/1 for (text, audio, visual) before recovery."""

FER_ORDER: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""Class order of FER2013 and of the stored `fer_frames`, in our words."""

FER_TO_EMOTIONS: Final = tuple(FER_ORDER.index(name) for name in EMOTIONS)
"""`posterior_fer[..., FER_TO_EMOTIONS]` is in EMOTIONS order."""
