"""RAVDESS clips: audio functionals made by the app, stored expression posteriors, labels, actors and folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rohydr.features import VISUAL_DIMENSION, PosteriorMap, expression_functionals
from rohydr.labels import FER_TO_EMOTIONS

CODE_TO_EMOTION = {1: 0, 2: 0, 3: 1, 4: 2, 5: 3, 6: 4, 7: 5, 8: 6}
"""RAVDESS emotion code -> index into EMOTIONS; calm (2) is merged into neutral."""
FRAMES_PER_SECOND = 29.97
FRAME_STEP = 6
"""29.97 frames/s -> 5 frames/s."""


@dataclass(frozen=True)
class Clips:
    """One row per clip. `audio` [n, Da] may hold NaN; `frames[i]` is [frames, 7] at full rate, EMOTIONS order.

    `altered` are copies of `audio` measured on altered voices (`alter-voices`), for training only.
    """

    ids: list[str]
    audio: NDArray[np.float32]
    names: list[str]
    frames: list[NDArray[np.float64]]
    label: NDArray[np.int64]
    code: NDArray[np.int64]
    actor: NDArray[np.int64]
    altered: tuple[NDArray[np.float32], ...] = ()


@dataclass(frozen=True)
class Fold:
    """Actors of one cross-validation fold; the three groups share nobody.

    `held` both select and calibrate, each with texts of its own: two more actors to train on were worth more than two
    groups of two (README, Tried).
    """

    test: tuple[int, ...]
    held: tuple[int, ...]
    train: tuple[int, ...]

    def of(self, part: str) -> tuple[int, ...]:
        """Actors of a part of `split_fold`: train, validation, calibration or test."""
        return {"train": self.train, "test": self.test}.get(part, self.held)


def folds() -> list[Fold]:
    """Six folds of four actors (two women, two men each); fold 0 tests actors 21-24.

    The last woman and the last man of the next four actors are held.
    """
    groups = [tuple(range(start, start + 4)) for start in (21, 17, 13, 9, 5, 1)]
    out = []
    for k, test in enumerate(groups):
        held = groups[(k + 1) % len(groups)][2:]
        train = tuple(a for a in range(1, 25) if a not in test and a not in held)
        out.append(Fold(test, held, train))
    return out


def read_audio_features(folder: Path) -> tuple[list[str], list[str], NDArray[np.float32]]:
    """Ids (without the modality code), feature names and matrix written by the app's `features` command."""
    ids = (folder / "ids.txt").read_text().split()
    names = (folder / "names.txt").read_text().splitlines()
    matrix = np.load(folder / "audio.npy", allow_pickle=False).astype(np.float32)
    if matrix.shape != (len(ids), len(names)):
        raise ValueError(f"{folder}: audio.npy is {matrix.shape}, ids and names say {(len(ids), len(names))}")
    if len(set(ids)) != len(ids):
        raise ValueError(f"{folder}: ids.txt names a recording twice")
    return [i.split("-", 1)[1] for i in ids], names, matrix


def _rows_for(ids: list[str], folder: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Feature names and one row per clip of `ids` from a folder that the app's `features` command wrote."""
    found, names, rows = read_audio_features(folder)
    where = {name: i for i, name in enumerate(found)}
    absent = [i for i in ids if i not in where]
    if absent:
        raise ValueError(f"{folder}: no audio features for {len(absent)} clips, first {absent[0]}")
    matrix = rows[[where[i] for i in ids]]
    return names, np.where(np.isfinite(matrix), matrix, np.nan)


def load_clips(visual: Path, audio: Path | None, altered: Sequence[Path] = ()) -> Clips:
    """Join stored posteriors with the app's audio features by clip; `audio` None takes the `mfcc259` stand-in.

    :param altered: folders like `audio`, measured on altered copies of the same clips.
    """
    with np.load(visual, allow_pickle=False) as packed:
        ids = [str(i).split("-", 1)[1] for i in packed["ids"]]
        code, actor = packed["emotion"].astype(np.int64), packed["actor"].astype(np.int64)
        stored, length = packed["fer_frames"].astype(np.float64), packed["fer_len"].astype(int)
        matrix = packed["mfcc259"].astype(np.float32)
    names = [f"mfcc259_{i}" for i in range(matrix.shape[1])]
    if audio is not None:
        names, matrix = _rows_for(ids, audio)
    copies = []
    for folder in altered:
        theirs, copy = _rows_for(ids, folder)
        if theirs != names:
            raise ValueError(f"{folder}: its features are not those of {audio}")
        copies.append(copy)
    frames = [stored[i, :n][:, FER_TO_EMOTIONS] for i, n in enumerate(length)]
    label = np.array([CODE_TO_EMOTION[int(c)] for c in code])
    return Clips(ids, matrix, names, frames, label, code, actor, tuple(copies))


def visual_features(
    frames: list[NDArray[np.float64]], mapping: PosteriorMap, noise_sd: float, rng: np.random.Generator | None
) -> NDArray[np.float32]:
    """Functionals [n, 63] at 5 frames/s after the posterior map.

    With `rng` the first frame is drawn and Gaussian noise is added to the log posteriors: half of its variance is
    shared by all frames of a clip (another network's view of this face), half is new in each frame.
    """
    out = np.empty((len(frames), VISUAL_DIMENSION), dtype=np.float32)
    for i, clip in enumerate(frames):
        start = 0 if rng is None else int(rng.integers(0, min(FRAME_STEP, len(clip))))
        sub = clip[start::FRAME_STEP]
        shift: NDArray[np.float64] | float = 0.0
        if rng is not None and noise_sd > 0:
            shift = noise_sd * np.sqrt(0.5) * (rng.standard_normal((1, 7)) + rng.standard_normal(sub.shape))
        out[i] = expression_functionals(mapping.apply(sub, shift))
    return out


def mean_posteriors(frames: list[NDArray[np.float64]], mapping: PosteriorMap) -> NDArray[np.float32]:
    """Mean mapped posterior [n, 7] of each clip, the target of the visual decoder."""
    return np.stack([mapping.apply(f[::FRAME_STEP]).mean(axis=0) for f in frames]).astype(np.float32)


def matched_frames(features: Path, visual: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """Frames of clips that have both a stored posterior and one of the app's own network.

    :param features: folder that the app's `features --visual` wrote for raw clips (rows of frames.npy: clip, time in s,
        seven posteriors).
    :returns: stored [n, 7], ours [n, 7], and the ids of the clips; frames lie within 1.5 stored frames of each other.
    """
    ids = (features / "ids.txt").read_text().split()
    rows = np.load(features / "frames.npy", allow_pickle=False).astype(np.float64)
    with np.load(visual, allow_pickle=False) as packed:
        known = [str(i).split("-", 1)[1] for i in packed["ids"]]
        posteriors, numbers, lengths = packed["fer_frames"], packed["fer_frame_no"], packed["fer_len"]
    stored, ours = [], []
    for row in rows[np.isfinite(rows).all(axis=1)]:
        clip = known.index(ids[int(row[0])].split("-", 1)[1])
        distance = np.abs(numbers[clip, : lengths[clip]] - 1 - row[1] * FRAMES_PER_SECOND)
        if distance.min() <= 1.5:
            stored.append(posteriors[clip, distance.argmin()][list(FER_TO_EMOTIONS)])
            ours.append(row[2:])
    return np.array(stored, dtype=np.float64), np.array(ours), ids
