"""The field's sequence files, `aligned_50.pkl` / `unaligned_50.pkl` (MMSA) and word-aligned lists (MISA), as vectors.

Every modality's steps become one vector of functionals, so that the same encoders, recovery and tables serve them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rohydr.benchmark.utterances import DataError
from rohydr.data.pickles import read_pickle
from rohydr.labels import MODALITIES

Floats = NDArray[np.float64]
PARTS: Final = {"train": "train", "valid": "valid", "dev": "valid", "test": "test"}
MMSA_NAMES: Final = {"text": "text", "audio": "audio", "visual": "vision"}
MISA_ORDER: Final = {"visual": 1, "audio": 2}


@dataclass(frozen=True)
class Sequences:
    """Utterances of all parts; `steps[modality]` holds one [length, d] array each, NaN where a value is unknown."""

    ids: list[str]
    part: list[str]
    label: Floats
    words: list[str]
    steps: dict[str, list[Floats]]


def functionals(steps: Floats) -> Floats:
    """Mean, standard deviation, and last quarter minus first quarter over the known values of [length, d].

    A column without any known value gives NaN; an utterance without steps too.
    """
    if len(steps) == 0:
        return np.full(3 * steps.shape[1], np.nan)
    quarter = max(1, len(steps) // 4)
    known = np.isfinite(steps)
    parts = []
    for chosen in (slice(None), slice(0, quarter), slice(len(steps) - quarter, None)):
        count = known[chosen].sum(axis=0)
        total = np.where(known, steps, 0.0)[chosen].sum(axis=0)
        parts.append(np.divide(total, count, out=np.full(steps.shape[1], np.nan), where=count > 0))
    mean, first, last = parts
    squared = np.where(known, (steps - mean) ** 2, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    sd = np.sqrt(np.divide(squared, count, out=np.full(steps.shape[1], np.nan), where=count > 0))
    return np.concatenate([mean, sd, last - first])


def read_sequences(path: Path) -> Sequences:
    """Utterances of an MMSA or MISA pickle.

    :raises DataError: when the file asks for more than arrays and containers, or its layout is neither.
    """
    content = read_pickle(path)
    if not isinstance(content, dict):
        raise DataError(f"{path.name}: holds {type(content).__name__}, a dictionary of train, valid and test expected")
    parts = {PARTS[name]: rows for name, rows in content.items() if name in PARTS}
    if "train" not in parts or "test" not in parts:
        raise DataError(f"{path.name}: has {', '.join(map(str, content))}; train and test are needed")
    read = []
    for part, rows in parts.items():
        where = f"{path.name}, {part}"
        read.append(_mmsa(rows, part, where) if isinstance(rows, dict) else _misa(rows, part, where))
    return Sequences(
        [i for r in read for i in r.ids],
        [p for r in read for p in r.part],
        np.concatenate([r.label for r in read]),
        [w for r in read for w in r.words],
        {m: [s for r in read for s in r.steps[m]] for m in read[0].steps},
    )


def _identifier(raw: Any) -> str:
    """`video$_$3` and ["video", "3"] -> `video_3`; `video[3]` stays."""
    parts = [str(part) for part in raw] if isinstance(raw, (list, tuple, np.ndarray)) else [str(raw)]
    return "_".join(parts).replace("$_$", "_")


def _without_padding(rows: Floats, length: int | None) -> Floats:
    """Steps up to a declared length, else without the all-zero rows that pad either end."""
    if length is not None:
        return rows[:length]
    used = np.flatnonzero(np.any(rows != 0, axis=1))
    return rows[used[0] : used[-1] + 1] if len(used) else rows[:0]


def _clean(rows: Any, where: str) -> Floats:
    try:
        values = np.asarray(rows, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise DataError(f"{where}: holds something else than numbers") from problem
    # The released audio features hold -inf where the logarithm of silence was taken: unknown, not 0.
    return np.where(np.isfinite(values), values, np.nan)


def _mmsa(rows: dict[str, Any], part: str, where: str) -> Sequences:
    wanted = ["id", "regression_labels", *MMSA_NAMES.values()]
    missing = [name for name in wanted if name not in rows]
    if missing:
        raise DataError(f"{where}: has no {', '.join(missing)}; it has {', '.join(map(str, rows))}")
    ids = [_identifier(i) for i in rows["id"]]
    label = _clean(rows["regression_labels"], f"{where}, regression_labels").reshape(-1)
    steps: dict[str, list[Floats]] = {}
    for modality, name in MMSA_NAMES.items():
        block = _clean(rows[name], f"{where}, {name}")
        if block.ndim != 3 or len(block) != len(ids):
            raise DataError(f"{where}: {name} has shape {block.shape}, ({len(ids)}, steps, width) expected")
        lengths = rows.get(f"{name}_lengths")
        given = [None] * len(ids) if lengths is None else [int(n) for n in lengths]
        steps[modality] = [_without_padding(row, n) for row, n in zip(block, given, strict=True)]
    if len(label) != len(ids):
        raise DataError(f"{where}: {len(label)} labels for {len(ids)} ids")
    words = [str(w) for w in rows.get("raw_text", [""] * len(ids))]
    return Sequences(ids, [part] * len(ids), label, words, steps)


def _misa(rows: Any, part: str, where: str) -> Sequences:
    """A list of ((word ids, visual, acoustic, words), label, id); text vectors are then made from the words."""
    if not isinstance(rows, list) or not rows:
        raise DataError(f"{where}: holds {type(rows).__name__}, a list of utterances expected")
    ids, labels, words = [], [], []
    steps: dict[str, list[Floats]] = {m: [] for m in MISA_ORDER}
    for number, row in enumerate(rows):
        try:
            features, label, identifier = row
            ids.append(_identifier(identifier))
            labels.append(float(np.asarray(label, dtype=np.float64).reshape(-1)[0]))
            words.append(" ".join(map(str, features[3])) if len(features) > 3 else "")
            for modality, place in MISA_ORDER.items():
                steps[modality].append(_clean(features[place], f"{where}, utterance {number}"))
        except (TypeError, ValueError, IndexError) as problem:
            if isinstance(problem, DataError):
                raise
            raise DataError(
                f"{where}: utterance {number} is not ((words, visual, acoustic, text), label, id)"
            ) from problem
    widths = {m: {s.shape[1:] for s in rows} for m, rows in steps.items()}
    for modality, found in widths.items():
        if len(found) != 1 or len(next(iter(found))) != 1:
            raise DataError(f"{where}: {modality} steps have differing shapes {sorted(found)}")
    return Sequences(ids, [part] * len(ids), np.array(labels), words, steps)


def to_vectors(rows: Sequences, text: Floats | None) -> dict[str, Any]:
    """Arrays of a vectors file: ids, label, split and one matrix per modality.

    A value that no utterance functional could be computed for takes the mean of the training part, and a column without
    any is left out, so that the file holds finite numbers only.

    :param text: vectors made from the words, used instead of the stored text steps.
    :raises DataError: when there are neither text steps nor vectors.
    """
    split = np.array(rows.part)
    out: dict[str, Any] = {"ids": np.array(rows.ids), "label": rows.label.astype(np.float32), "split": split}
    for modality in MODALITIES:
        if modality == "text" and text is not None:
            matrix = text
        elif modality in rows.steps:
            matrix = np.stack([functionals(steps) for steps in rows.steps[modality]])
        else:
            raise DataError("the file has word ids only; give --perception, so that text is encoded from its words")
        known = np.isfinite(matrix) & (split == "train")[:, None]
        count = known.sum(axis=0)
        mean = np.where(known, matrix, 0.0).sum(axis=0) / np.maximum(count, 1)
        filled = np.where(np.isfinite(matrix), matrix, mean)[:, count > 0]
        out[f"{modality}_vectors"] = filled.astype(np.float32)
    return out
