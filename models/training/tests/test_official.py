"""The official split: nothing but clean features, nothing of test in what is chosen, three patterns."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rohydr.benchmark.official import (
    CLEAN,
    MODELS,
    Linear,
    official_table,
    official_vectors,
    read_official,
)
from rohydr.benchmark.utterances import DataError, Utterances

COUNT = 240


def embed(words: str) -> Any:
    """Words are numbers here: a vector that holds them, and noise."""
    value = float(words)
    return np.concatenate([[value], np.random.default_rng(round(1000 * abs(value))).normal(size=4)])


def write(folder: Path, spoil: str = "") -> Path:
    rng = np.random.default_rng(1)
    label = rng.uniform(-3, 3, COUNT).astype(np.float32)
    video = np.arange(COUNT) // 8
    content: dict[str, Any] = {
        "ids": np.array([f"v{v:02d}_{i}" for i, v in enumerate(video)]),
        "text": np.array([f"{y + rng.normal():.3f}" for y in label]),
        "label": label,
        "split_official": np.where(video < 16, "train", np.where(video < 22, "valid", "test")),
        "audio_opensmile": rng.normal(size=(COUNT, 3)).astype(np.float32),
        "video_3dcnn": np.repeat(label[:, None], 2, axis=1),
        "text_cnn": np.repeat(label[:, None], 2, axis=1),
    }
    if spoil:
        del content[spoil]
    path = folder / "raw.npz"
    np.savez(path, **content)
    return path


def parts_of(folder: Path) -> dict[str, Utterances]:
    path = folder / "official.npz"
    np.savez(path, **official_vectors(write(folder), embed))  # type: ignore[arg-type]
    return read_official(path)


def test_the_published_text_and_video_vectors_are_left_out(tmp_path: Path) -> None:
    parts = parts_of(tmp_path)
    assert {name: len(part) for name, part in parts.items()} == {"train": 128, "valid": 48, "test": 64}
    for part in parts.values():
        assert part.text.shape[1] == 5 and part.audio.shape[1] == 3 and not part.visual.any()
    videos = [set(part.video) for part in parts.values()]
    assert not (videos[0] & videos[1] | videos[0] & videos[2] | videos[1] & videos[2])


def test_every_closed_form_looks_only_at_what_a_pattern_has(tmp_path: Path) -> None:
    train = parts_of(tmp_path)["train"]
    for make in MODELS.values():
        predict = make(Linear(train, 1.0), 30.0)
        for name, bits in CLEAN.items():
            seen = predict(train.text, train.audio, name)
            assert seen.shape == (len(train),)
            other = predict(train.text if bits[0] else -train.text, train.audio if bits[1] else train.audio + 5, name)
            assert np.array_equal(seen, other)


def test_text_carries_the_score_and_audio_of_noise_does_not(tmp_path: Path) -> None:
    table = official_table(parts_of(tmp_path))
    assert table["n"]["test"] == 64 and set(table["methods"]) == {"constant", *MODELS}
    row = table["methods"]["ridge, modality dropout"]
    low, high = row["acc2_interval"]["T"]
    assert row["patterns"]["T"]["acc2"] > 0.8 and low <= row["patterns"]["T"]["acc2"] <= high
    assert row["patterns"]["T"]["mae"] < 0.8 < row["patterns"]["A"]["mae"]


def test_nothing_is_chosen_on_test_labels(tmp_path: Path) -> None:
    parts = parts_of(tmp_path)
    test = parts["test"]
    turned = Utterances(test.ids, test.video, test.text, test.audio, test.visual, -test.label)
    before, after = official_table(parts), official_table({**parts, "test": turned})
    for name in MODELS:
        for key in ("penalty", "audio_scale"):
            assert before["methods"][name][key] == after["methods"][name][key]


def test_further_texts_give_a_row_on_text_alone(tmp_path: Path) -> None:
    parts = parts_of(tmp_path)
    more = (np.stack([embed(f"{y:.2f}") for y in np.linspace(-3, 3, 60)]), np.linspace(-3, 3, 60))
    row = official_table(parts, more)["methods"]["ridge on text, with CMU-MOSEI validation texts"]
    assert set(row["patterns"]) == {"T"} and row["patterns"]["T"]["acc2"] > 0.8


def test_a_file_without_transcripts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no text"):
        official_vectors(write(tmp_path, "text"), embed)
