"""Reading utterance vectors: what is refused and why, and that no video is in two parts."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rohydr.benchmark.utterances import COLUMNS, DataError, load_vectors, video_of
from rohydr.cli import main


def arrays(count: int = 60) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    out: dict[str, Any] = {name: rng.normal(size=(count, width)).astype(np.float32) for name, width in COLUMNS.values()}
    videos = [f"v_{i // 3:02d}" for i in range(count)]
    out["ids"] = np.array([f"{v}_{i}" for i, v in enumerate(videos)])
    out["label"] = rng.uniform(-3, 3, count).astype(np.float32)
    out["split_bclstm"] = np.where(np.arange(count) < 42, "train", "test")
    return out


def write(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "vectors.npz"
    np.savez(path, **content)
    return path


def test_parts_share_no_video_and_hold_every_row(tmp_path: Path) -> None:
    parts = load_vectors(write(tmp_path, arrays()))
    videos = [set(part.video) for part in parts.values()]
    assert sum(len(part) for part in parts.values()) == 60
    assert sum(map(len, videos)) == len(set.union(*videos))
    assert len(parts["select"]) > 0 and len(parts["calibrate"]) > 0
    assert load_vectors(tmp_path / "vectors.npz")["select"].ids.tolist() == parts["select"].ids.tolist()


def test_video_names_may_hold_underscores() -> None:
    assert video_of("a_b_12") == "a_b" and video_of("WKA5OygbEKI[3]") == "WKA5OygbEKI"


def spoil(content: dict[str, Any], what: str) -> None:
    if what == "NaN":
        content["audio_opensmile"][7, 3] = np.nan
    elif what == "infinite":
        content["video_3dcnn"][8, 0] = np.inf
    elif what == "shape":
        content["text_cnn"] = content["text_cnn"][:, :99]
    elif what == "rows":
        content["text_cnn"] = content["text_cnn"][:-1]
    elif what == "missing":
        content["ids"][4] = " "
    elif what == "more than once":
        content["ids"][4] = content["ids"][5]
    elif what == "outside":
        content["label"][9] = 3.2
    elif what == "train or test":
        content["split_bclstm"][0] = "dev"
    elif what == "in training and test":
        content["ids"][59] = "v_00_99"
    elif what == "has no":
        del content["video_3dcnn"]
    elif what == "numbers expected":
        content["text_cnn"] = content["text_cnn"].astype("U8")


@pytest.mark.parametrize(
    "what",
    [
        "NaN",
        "infinite",
        "shape",
        "rows",
        "missing",
        "more than once",
        "outside",
        "train or test",
        "in training and test",
        "has no",
        "numbers expected",
    ],
)
def test_bad_input_is_refused_with_its_place(tmp_path: Path, what: str) -> None:
    content = arrays()
    spoil(content, what)
    with pytest.raises(DataError, match=what):
        load_vectors(write(tmp_path, content))


def test_python_objects_are_never_unpickled(tmp_path: Path) -> None:
    content = arrays()
    content["ids"] = content["ids"].astype(object)
    with pytest.raises(DataError, match="plain arrays"):
        load_vectors(write(tmp_path, content))


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"PK\x03\x04 nothing more")
    with pytest.raises(DataError, match="cannot be read"):
        load_vectors(tmp_path / "x.npz")
    with pytest.raises(DataError, match="not found"):
        load_vectors(tmp_path / "y.npz")


def test_the_command_line_ends_with_the_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = arrays()
    spoil(content, "outside")
    path = write(tmp_path, content)
    assert main(["benchmark", "train", "--data", str(path), "--out", str(tmp_path / "out")]) == 3
    assert "label: outside [-3, 3] in v_03_9 (row 9)" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
