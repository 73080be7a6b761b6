"""What knowing the speaker is worth: the fixed opinions on features standardised over each speaker's own clips.

No label of the speaker is used, but all of their clips are, so the figures stand apart from those of the recipe: a
recording with a single utterance cannot be treated so, and the app does not do it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rohydr.config import Config
from rohydr.data.pairs import Material, split_fold
from rohydr.data.ravdess import folds
from rohydr.experiment import Sources
from rohydr.metrics import paired_bootstrap
from rohydr.model.encoders import Standardise
from rohydr.model.rohydr import merge_calm
from rohydr.stages.opinions import class_prior, clip_opinion, voice_opinion


def per_speaker(rows: Tensor, actor: NDArray[np.int64]) -> Tensor:
    """Features [versions, n, d] in standard deviations around the mean of each speaker's rows, version by version."""
    out = torch.empty_like(rows)
    for person in np.unique(actor):
        where = torch.from_numpy(actor == person)
        for version in range(rows.shape[0]):
            scale = Standardise(rows.shape[2])
            scale.fit(rows[version, where])
            out[version, where] = scale(rows[version, where])
    return out


def _rows(material: Material, known: bool) -> dict[str, Tensor]:
    """Features of voice [w, n, d] and face [v, n, d]."""
    rows = {"A": material.audio, "V": material.visual}
    return {name: per_speaker(x, material.actor) for name, x in rows.items()} if known else rows


def opinions_of(train: Material, test: Material, config: Config, known: bool) -> dict[str, Tensor]:
    """Emotion logits [n, C] on clean test features from voice, from face, and from their product."""
    seen, asked = _rows(train, known), _rows(test, known)
    out = {}
    for name, decay in zip(("A", "V"), config.train.opinion_decay[1:], strict=True):
        scale = Standardise(seen[name].shape[2])
        scale.fit(seen[name].flatten(0, 1))
        fit = voice_opinion if name == "A" else clip_opinion
        weights, bias = fit(scale(seen[name]), train.label, config.classes, decay)
        out[name] = scale(asked[name][0]) @ weights + bias
    return out | {"AV": out["A"] + out["V"] - class_prior(train.label, config.classes)}


def speaker_known(sources: Sources, config: Config, seed: int) -> dict[str, Any]:
    """Accuracy of `opinions_of` on the test actors of all six folds, seven classes and with calm apart.

    As is, with the speaker known, and the paired difference with its 95 % interval over actors.
    """
    hits: dict[str, dict[str, list[NDArray[np.bool_]]]] = {}
    actors = []
    for fold in folds():
        parts = split_fold(sources.clips, sources.texts, fold, sources.visual, config.classes, seed)
        test = parts["test"]
        actors.append(test.actor)
        for way, known in (("as is", False), ("speaker known", True)):
            for part, logits in opinions_of(parts["train"], test, config, known).items():
                seven = merge_calm(logits).argmax(1) == test.emotion
                eight = logits.argmax(1) == test.label
                row = hits.setdefault(way, {})
                row.setdefault(part, []).append(seven.numpy())
                row.setdefault(f"{part} apart", []).append(eight.numpy())
    joined = {way: {part: np.concatenate(h).astype(float) for part, h in row.items()} for way, row in hits.items()}
    people = np.concatenate(actors)
    table: dict[str, Any] = {way: {p: float(h.mean()) for p, h in row.items()} for way, row in joined.items()}
    table |= {"difference": {}, "clips": len(people), "seed": seed}
    for part, known_hits in joined["speaker known"].items():
        mean, low, high = paired_bootstrap(known_hits - joined["as is"][part], people)
        table["difference"][part] = {"difference": mean, "low": low, "high": high}
    return table
