"""Sequence files of the field: what is read, what is refused, and that nothing in a pickle is ever run."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rohydr.benchmark.utterances import DataError, load_vectors
from rohydr.cli import main
from rohydr.data.pickles import read_pickle
from rohydr.data.sequences import functionals, read_sequences

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "mosi" / "valid_word_aligned_sequences.npz"
PARTS = {"train": (0, 14), "valid": (14, 20), "test": (20, 28)}
STEPS = 12


def utterances(count: int = 84) -> list[dict[str, Any]]:
    """Generated ragged sequences of 28 videos; one audio value is -inf, as in the released files."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(count):
        length = int(rng.integers(2, STEPS))
        audio = rng.normal(size=(length, 5))
        audio[0, 0] = -np.inf
        rows.append(
            {
                "id": f"v{i // 3:02d}$_${i % 3}",
                "video": i // 3,
                "label": float(rng.uniform(-3, 3)),
                "words": "so it goes",
                "text": rng.normal(size=(length, 8)),
                "audio": audio,
                "vision": rng.normal(size=(length, 4)),
            }
        )
    return rows


def of_part(rows: list[dict[str, Any]], part: str) -> list[dict[str, Any]]:
    low, high = PARTS[part]
    return [row for row in rows if low <= row["video"] < high]


def mmsa(rows: list[dict[str, Any]], lengths: bool) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for part in PARTS:
        chosen = of_part(rows, part)
        block: dict[str, Any] = {
            "id": [r["id"] for r in chosen],
            "raw_text": np.array([r["words"] for r in chosen], dtype=object),
            "regression_labels": np.array([r["label"] for r in chosen], dtype=np.float32),
        }
        for name in ("text", "audio", "vision"):
            padded = np.zeros((len(chosen), STEPS, chosen[0][name].shape[1]), dtype=np.float32)
            for i, row in enumerate(chosen):
                padded[i, : len(row[name])] = row[name]
            block[name] = padded
            if lengths:
                block[f"{name}_lengths"] = [len(r[name]) for r in chosen]
        out[part] = block
    return out


def misa(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        {"valid": "dev"}.get(part, part): [
            ((np.arange(3), r["vision"], r["audio"], r["words"].split()), np.array([[r["label"]]]), r["id"])
            for r in of_part(rows, part)
        ]
        for part in PARTS
    }


def write(path: Path, content: Any, protocol: int = 4) -> Path:
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    return path


@pytest.mark.parametrize("protocol", [2, 4, 5])
@pytest.mark.parametrize("lengths", [True, False])
def test_mmsa_files_are_read_without_their_padding(tmp_path: Path, lengths: bool, protocol: int) -> None:
    rows = utterances()
    read = read_sequences(write(tmp_path / "aligned_50.pkl", mmsa(rows, lengths), protocol))
    assert read.ids == [r["id"].replace("$_$", "_") for r in rows] and read.words[0] == "so it goes"
    assert read.part.count("test") == len(of_part(rows, "test"))
    for name, key in (("text", "text"), ("audio", "audio"), ("visual", "vision")):
        for mine, row in zip(read.steps[name], rows, strict=True):
            theirs = np.where(np.isfinite(row[key]), row[key], np.nan)
            np.testing.assert_allclose(mine, theirs.astype(np.float32), rtol=1e-6)


def test_misa_files_are_read_and_take_text_from_their_words(tmp_path: Path) -> None:
    rows = utterances()
    read = read_sequences(write(tmp_path / "mosi.pkl", misa(rows)))
    assert set(read.steps) == {"audio", "visual"} and read.words[5] == "so it goes"
    np.testing.assert_allclose(read.label, [r["label"] for r in rows])
    assert main(["benchmark", "vectors", "--pickle", str(tmp_path / "mosi.pkl"), "--out", str(tmp_path / "v.npz")]) == 3


@pytest.mark.skipif(not REAL.exists(), reason="research data are not here")
def test_real_word_aligned_sequences_survive_both_layouts(tmp_path: Path) -> None:
    with np.load(REAL) as packed:
        lengths = packed["length"]
        ends = np.cumsum(lengths)
        video = np.unique([str(s).partition("[")[0] for s in packed["seg"]], return_inverse=True)[1]
        # The part's own videos stand in for three parts, to have a complete file.
        part_of = {0: 0, 1: 14, 2: 20}
        rows = [
            {
                "id": str(packed["seg"][i]),
                "video": part_of[int(video[i]) % 3] + int(video[i]) // 3,
                "label": float(packed["label"][i]),
                "words": str(packed["words"][i]),
                "text": packed["covarep74"][ends[i] - n : ends[i]].astype(np.float32),
                "audio": packed["covarep74"][ends[i] - n : ends[i]].astype(np.float32),
                "vision": packed["facet47"][ends[i] - n : ends[i]].astype(np.float32),
            }
            for i, n in enumerate(lengths)
        ]
    for name, content in (("misa.pkl", misa(rows)), ("mmsa.pkl", ragged_mmsa(rows))):
        read = read_sequences(write(tmp_path / name, content))
        assert sorted(read.ids) == sorted(r["id"] for r in rows)
        by_id = {r["id"]: r for r in rows}
        for identifier, steps in zip(read.ids, read.steps["visual"], strict=True):
            np.testing.assert_allclose(steps, by_id[identifier]["vision"], rtol=1e-6)


def ragged_mmsa(rows: list[dict[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    longest = max(len(r["audio"]) for r in rows)
    for part in PARTS:
        chosen = of_part(rows, part)
        out[part] = {"id": [r["id"] for r in chosen], "raw_text": [r["words"] for r in chosen]}
        out[part]["regression_labels"] = np.array([r["label"] for r in chosen])
        for name in ("text", "audio", "vision"):
            padded = [np.pad(r[name], ((0, longest - len(r[name])), (0, 0))) for r in chosen]
            out[part][name] = np.stack(padded)
            out[part][f"{name}_lengths"] = [len(r[name]) for r in chosen]
    return out


def test_functionals_leave_unknown_values_out() -> None:
    steps = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan], [5.0, np.nan]])
    mean, _, sd, _, trend, _ = functionals(steps)
    assert (mean, trend) == (3.0, 4.0) and sd == pytest.approx(np.std([1, 3, 5]))
    assert np.isnan(functionals(steps)[[1, 3, 5]]).all() and np.isnan(functionals(steps[:0])).all()


class Bomb:
    """What a stranger could send: unpickling it the ordinary way would write a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.target,))


def hostile(name: str, target: Path) -> bytes:
    if name == "command":
        return b"cos\nsystem\n(S'touch " + str(target).encode() + b"'\ntR."
    if name == "evaluated text":
        return b"cbuiltins\neval\n(S'open(\"" + str(target).encode() + b'", "w")\'\ntR.'
    if name == "inside a layout":
        return pickle.dumps({"train": Bomb(target), "test": {}})
    if name == "another codec":
        return b"c_codecs\nencode\n(S'x'\nS'zip'\ntR."
    if name == "an array of unasked size":
        return b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I999999999999\ntS'b'\ntR."
    return pickle.dumps({"train": 1})[:-4] if name == "cut off" else b"not a pickle"


@pytest.mark.parametrize(
    "name",
    [
        "command", "evaluated text", "inside a layout", "another codec", "an array of unasked size", "cut off", "text",
    ],
)  # fmt: skip
def test_hostile_and_damaged_pickles_are_refused_and_not_run(name: str, tmp_path: Path) -> None:
    target, path = tmp_path / "touched", tmp_path / "data.pkl"
    path.write_bytes(hostile(name, target))
    with pytest.raises(DataError, match=r"data.pkl: (refused|is no pickle)"):
        read_pickle(path)
    assert not target.exists()


def test_a_refused_pickle_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "data.pkl"
    path.write_bytes(hostile("command", tmp_path / "touched"))
    out = tmp_path / "v.npz"
    assert main(["benchmark", "vectors", "--pickle", str(path), "--out", str(out)]) == 3
    assert "it asks for os.system" in capsys.readouterr().err and not out.exists()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda c: c.pop("test"), "train and test are needed"),
        (lambda c: c["train"].pop("vision"), "train: has no vision"),
        (lambda c: c["train"].update(audio=c["train"]["audio"][:, 0]), "train: audio has shape"),
        (lambda c: c["train"].update(regression_labels=np.zeros(3)), "3 labels for 42 ids"),
        (lambda c: c["train"].update(vision=[["a"]]), "something else than numbers"),
    ],
)
def test_other_layouts_are_refused_with_their_place(spoil: Any, message: str, tmp_path: Path) -> None:
    content = mmsa(utterances(), True)
    spoil(content)
    with pytest.raises(DataError, match=message):
        read_sequences(write(tmp_path / "x.pkl", content))


def test_three_commands_make_a_bundle_of_somebodys_own_data(tmp_path: Path) -> None:
    pickled, vectors = write(tmp_path / "aligned_50.pkl", mmsa(utterances(), True)), tmp_path / "vectors.npz"
    runs, bundle = tmp_path / "runs", tmp_path / "bundles" / "my-data"
    assert main(["benchmark", "vectors", "--pickle", str(pickled), "--out", str(vectors)]) == 0
    parts = load_vectors(vectors)
    assert {n: len(p) for n, p in parts.items()} == {"train": 42, "select": 9, "calibrate": 9, "test": 24}
    common = ["--data", str(vectors), "--out", str(runs)]
    methods = ["--methods", "constant", "fast", "--seeds", "1"]
    assert main(["benchmark", "train", *common, *methods, "--smoke"]) == 0
    export = ["benchmark", "export", *common, "--smoke", "--bundle", str(bundle), "--id", "my-data"]
    assert main([*export, "--title", "My data"]) == 0
    manifest = json.loads((bundle / "bundle.json").read_text())
    assert manifest["id"] == "my-data" and manifest["benchmark"]["split"] == "split"
    assert manifest["modalities"]["audio"] == {"extractor": "vectors/audio_vectors", "dimension": 15}
    card = (bundle / "CARD.md").read_text()
    assert card.startswith("# My data") and "MOSI" not in card.split("## Results")[1] and "leak" not in card
