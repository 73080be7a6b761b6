"""CMU-MOSI utterance vectors with every check that a benchmark needs before a number is believed."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rohydr.labels import MODALITIES

Floats = NDArray[np.floating]

COLUMNS: Final = {"text": ("text_cnn", 100), "audio": ("audio_opensmile", 73), "visual": ("video_3dcnn", 100)}
"""Modality -> array name in the file, and its width."""


@dataclass(frozen=True)
class Layout:
    """Names of a vectors file's arrays: modality -> (array, width, or None for any), the split, and the extractor."""

    columns: dict[str, tuple[str, int | None]]
    split: str
    extractor: str


BC_LSTM: Final = Layout(dict(COLUMNS), "split_bclstm", "bc-lstm")
OWN: Final = Layout({m: (f"{m}_vectors", None) for m in MODALITIES}, "split", "vectors")
"""What `benchmark vectors` writes."""

LABEL_LIMIT: Final = 3.0
VALIDATION_VIDEOS: Final = 12
"""Videos of the training part that are held out; half of them select, the other half calibrate."""


class DataError(ValueError):
    """A data file that cannot be used; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Utterances:
    """Rows of one split: features [n, d] per modality, sentiment label [n] in [-3, 3], video of each row."""

    ids: NDArray[np.str_]
    video: NDArray[np.str_]
    text: NDArray[np.float32]
    audio: NDArray[np.float32]
    visual: NDArray[np.float32]
    label: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.label)

    def take(self, rows: NDArray[Any]) -> Utterances:
        """Rows by index or mask."""
        names = self.__dataclass_fields__
        return Utterances(**{name: getattr(self, name)[rows] for name in names})

    def features(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Feature matrices in MODALITIES order."""
        return self.text, self.audio, self.visual

    def dimensions(self) -> tuple[int, int, int]:
        """Widths of the feature matrices."""
        return self.text.shape[1], self.audio.shape[1], self.visual.shape[1]


def video_of(identifier: str) -> str:
    """`03bSnISJMiM_12` and `03bSnISJMiM[12]` -> `03bSnISJMiM` (names of videos may hold underscores themselves)."""
    return identifier.partition("[")[0] if "[" in identifier else identifier.rpartition("_")[0]


def _some(ids: NDArray[np.str_], bad: NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(bad)
    named = ", ".join(f"{ids[i] or 'without id'} (row {i})" for i in rows[:3])
    return named + (f" and {len(rows) - 3} more" if len(rows) > 3 else "")


def _check_ids(ids: NDArray[np.str_]) -> None:
    missing = np.array([not str(i).strip() for i in ids])
    if missing.any():
        raise DataError(f"ids: {_some(ids, missing)} missing; every utterance needs its id")
    unique, counts = np.unique(ids, return_counts=True)
    if (counts > 1).any():
        repeated = ", ".join(map(str, unique[counts > 1][:3]))
        raise DataError(f"ids: {int((counts > 1).sum())} id(s) occur more than once ({repeated}); keep one row of each")
    without = np.array([not video_of(str(i)) for i in ids])
    if without.any():
        raise DataError(f"ids: {_some(ids, without)} name no video; expected VIDEO_NUMBER or VIDEO[NUMBER]")


def check_rows(name: str, values: NDArray[Any], ids: NDArray[np.str_], width: int | None) -> NDArray[np.float32]:
    """A finite float32 matrix [len(ids), width].

    :raises DataError: on another shape, another kind of numbers, NaN or infinities, naming the first rows.
    """
    if values.dtype.kind not in "fiu":
        raise DataError(f"{name}: holds {values.dtype}, numbers expected")
    if values.ndim != 2 or values.shape[1] == 0 or (width is not None and values.shape[1] != width):
        raise DataError(f"{name}: shape {values.shape}, expected ({len(ids)}, {width or 'width'})")
    if values.shape[0] != len(ids):
        raise DataError(f"{name}: {values.shape[0]} rows for {len(ids)} ids")
    for what, bad in (("NaN", np.isnan(values).any(axis=1)), ("infinite values", np.isinf(values).any(axis=1))):
        if bad.any():
            raise DataError(f"{name}: {what} in {_some(ids, bad)}; replace or leave out these utterances")
    return np.asarray(values, dtype=np.float32)


def check_labels(values: NDArray[Any], ids: NDArray[np.str_]) -> NDArray[np.float32]:
    """Labels [n] in [-3, 3].

    :raises DataError: naming the first rows that do not fit.
    """
    label = check_rows("label", values.reshape(len(values), -1), ids, 1)[:, 0]
    outside = np.abs(label) > LABEL_LIMIT
    if outside.any():
        raise DataError(f"label: outside [-3, 3] in {_some(ids, outside)}; sentiment labels are -3 to 3")
    return label


def read_arrays(path: Path, wanted: list[str]) -> dict[str, NDArray[Any]]:
    """Arrays of an npz file, without unpickling anything.

    :raises DataError: when the file is no npz, misses an array, or holds Python objects.
    """
    try:
        with np.load(path, allow_pickle=False) as packed:
            missing = [name for name in wanted if name not in packed]
            if missing:
                raise DataError(f"{path.name}: has no {', '.join(missing)}; it has {', '.join(packed.files)}")
            return {name: packed[name] for name in wanted}
    except DataError:
        raise
    except FileNotFoundError as problem:
        raise DataError(f"{path}: not found") from problem
    except (ValueError, zipfile.BadZipFile, EOFError, AttributeError, TypeError) as problem:
        raise DataError(f"{path.name}: cannot be read as npz of plain arrays ({problem})") from problem


def layout_of(path: Path) -> Layout:
    """Which of the two layouts a file has.

    :raises DataError: when it cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as packed:
            names = set(packed.files)
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, AttributeError, TypeError):
        return BC_LSTM
    return OWN if OWN.columns["text"][0] in names else BC_LSTM


def load_vectors(path: Path, seed: int = 0) -> dict[str, Utterances]:
    """Train, select, calibrate and test rows of `utterance_vectors.npz` or of a file that `benchmark vectors` wrote.

    Of the bc-LSTM vectors only `split_bclstm` is free of the label leak (data/README.md); held-out videos are cut from
    its training part. A file with a part of its own for validation keeps its training part whole. No video is in two
    parts.

    :raises DataError: on anything a figure could silently suffer from.
    """
    layout = layout_of(path)
    raw = read_arrays(path, ["ids", "label", layout.split, *(name for name, _ in layout.columns.values())])
    ids, part = raw["ids"], raw[layout.split]
    if ids.dtype.kind != "U" or ids.ndim != 1 or len(ids) == 0:
        raise DataError(f"ids: {ids.dtype} of shape {ids.shape}, a list of texts expected")
    _check_ids(ids)
    columns = {m: check_rows(name, raw[name], ids, width) for m, (name, width) in layout.columns.items()}
    allowed = {"train", "test"} if layout is BC_LSTM else {"train", "valid", "test"}
    if part.shape != ids.shape or part.dtype.kind != "U" or not set(map(str, part)) <= allowed:
        raise DataError(f"{layout.split}: one of {' or '.join(sorted(allowed, reverse=True))} per utterance expected")
    video = np.array([video_of(str(i)) for i in ids])
    rows = Utterances(ids=ids, video=video, label=check_labels(raw["label"], ids), **columns)
    if "valid" in part:
        return split_given(rows, part, seed)
    return split_by_video(rows, part == "train", seed)


def split_given(rows: Utterances, part: NDArray[np.str_], seed: int) -> dict[str, Utterances]:
    """Parts as the file gives them; half of the validation videos select, the other half calibrates.

    :raises DataError: when a video is in two parts, or a part is too small.
    """
    videos = {name: set(map(str, rows.video[part == name])) for name in ("train", "valid", "test")}
    shared = (videos["train"] & videos["test"]) | (videos["valid"] & (videos["train"] | videos["test"]))
    if shared:
        raise DataError(f"{len(shared)} video(s) are in two parts ({', '.join(sorted(shared)[:3])})")
    if not videos["train"] or not videos["test"] or len(videos["valid"]) < 2:
        raise DataError("split: training and test utterances and two validation videos are needed")
    drawn = np.random.default_rng([seed, 11]).permutation(sorted(videos["valid"]))
    select = np.isin(rows.video, drawn[: len(drawn) // 2])
    return {
        "train": rows.take(part == "train"),
        "select": rows.take((part == "valid") & select),
        "calibrate": rows.take((part == "valid") & ~select),
        "test": rows.take(part == "test"),
    }


def split_by_video(rows: Utterances, training: NDArray[np.bool_], seed: int) -> dict[str, Utterances]:
    """Cut whole videos out of the training part for selection and calibration.

    :raises DataError: when a video is in both parts or too few videos are left.
    """
    shared = sorted(set(rows.video[training]) & set(rows.video[~training]))
    if shared:
        raise DataError(f"{len(shared)} video(s) are in training and test ({', '.join(shared[:3])})")
    names = sorted(set(map(str, rows.video[training])))
    if len(names) < 5 or len(set(rows.video[~training])) < 1:
        raise DataError(f"{len(names)} training videos; at least 5 are needed, and one for test")
    held = min(VALIDATION_VIDEOS, 2 * max(1, len(names) // 5))
    drawn = np.random.default_rng([seed, 11]).permutation(names)[:held]
    select, calibrate = np.isin(rows.video, drawn[: held // 2]), np.isin(rows.video, drawn[held // 2 :])
    return {
        "train": rows.take(training & ~select & ~calibrate),
        "select": rows.take(select),
        "calibrate": rows.take(calibrate),
        "test": rows.take(~training),
    }
