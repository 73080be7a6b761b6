"""Text read-outs: our encoder is the app's, scores are the literature's, and fine-tuning learns what words say."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from rohydr.cli import main
from rohydr.data.text import MiniLm
from rohydr.labels import EMOTIONS
from rohydr.text import tasks
from rohydr.text.batches import WordPieces, in_order_of_length, padded, shuffled
from rohydr.text.encoder import load_encoder
from rohydr.text.finetune import TuneConfig
from rohydr.text.frozen import FrozenEncoder
from rohydr.text.scores import choose_thresholds, one_emotion, scores_of, several_emotions
from rohydr.text.study import run_variant
from rohydr.text.tasks import Rows

PERCEPTION = Path(__file__).resolve().parents[2] / "perception"
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
TEXTS = ("Kids are talking by the door.", "", "I can't believe it, this is terrible!", "well " * 300)


def test_embeddings_are_those_of_the_app() -> None:
    app = MiniLm(PERCEPTION)
    ours = FrozenEncoder(PERCEPTION)(TEXTS)
    for text, vector in zip(TEXTS, ours, strict=True):
        np.testing.assert_allclose(vector, app.embed(text), atol=2e-6)


def test_padding_and_batch_do_not_change_an_embedding() -> None:
    net, pieces = load_encoder(PERCEPTION), WordPieces(PERCEPTION)(TEXTS)
    with torch.no_grad():
        together = net(*padded(pieces))
        alone = torch.cat([net(*padded([row])) for row in pieces])
    assert float((together - alone).abs().max()) < 2e-5


def test_every_text_is_in_exactly_one_batch() -> None:
    pieces = [np.zeros(n % 7 + 1, dtype=np.int64) for n in range(101)]
    for batches in (shuffled(pieces, 8, np.random.default_rng(1)), list(in_order_of_length(pieces, 8))):
        assert sorted(np.concatenate(batches).tolist()) == list(range(101))
        assert max(len(batch) for batch in batches) <= 8


def test_f1_of_several_emotions_against_a_worked_example() -> None:
    target = np.zeros((4, len(EMOTIONS)), dtype=np.float32)
    target[:2, 0] = 1
    logits = np.full((4, len(EMOTIONS)), -1.0)
    logits[0, 0] = logits[2, 0] = 1.0
    scores = several_emotions(logits, target, np.zeros(len(EMOTIONS)))
    assert scores["neutral"] == pytest.approx(0.5)  # one right, one missed, one too many
    assert scores["macro_f1"] == pytest.approx(0.5 / len(EMOTIONS))


def test_weighted_f1_against_a_worked_example() -> None:
    truth = np.array([0, 0, 0, 1], dtype=np.float32)
    logits = np.eye(len(EMOTIONS))[[0, 0, 1, 1]]
    scores = one_emotion(logits, truth)
    assert scores["weighted_f1"] == pytest.approx(0.75 * 0.8 + 0.25 * 2 / 3)
    assert scores["accuracy"] == pytest.approx(0.75)


def test_thresholds_are_chosen_on_dev_and_applied_to_test() -> None:
    rng = np.random.default_rng(0)
    target = (rng.random((400, len(EMOTIONS))) < 0.3).astype(np.float32)
    logits = 5 + 2 * target + rng.normal(size=target.shape) * 0.1
    thresholds = choose_thresholds(logits, target)
    assert np.all((thresholds > 5) & (thresholds < 7))
    dev = Rows("ekman", ("a",) * 400, target)
    shifted = scores_of(logits - 5, dev, (logits, dev))
    assert shifted["macro_f1"] == 0  # nothing of the shifted test outputs reaches dev's thresholds
    assert scores_of(logits, dev, (logits, dev))["macro_f1"] > 0.99


def test_rows_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 texts for 1 targets"):
        Rows("meld", ("a", "b"), np.zeros(1, dtype=np.float32))


def test_a_variant_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="there are: frozen, MOSI"):
        run_variant("frozen", None, PERCEPTION, 1, TuneConfig(), lambda _: None)


def test_the_command_trains_collects_and_writes_the_page(tmp_path: Path) -> None:
    runs, results = tmp_path / "runs", tmp_path / "results"
    results.mkdir()
    (results / "TEXT_NOTES.md").write_text("## Notes\nSeen.\n")
    variants = ["frozen, MOSI", "frozen, MELD", "fine-tuned, GoEmotions and MELD"]
    train = ["text", "train", "--perception", str(PERCEPTION), "--out", str(runs), "--epochs", "6", "--seeds", "1"]
    assert main([*train, "--variants", *variants]) == 0
    assert len(list(runs.glob("*.json"))) == 3
    tuned = json.loads((runs / "fine-tuned-goemotions-and-meld-1.json").read_text())
    assert tuned["test"]["meld"]["accuracy"] > 0.5  # chance is 0.14; the words say the class
    assert tuned["epoch"] == 1 + int(np.argmax(tuned["history"]))
    assert main(["text", "evaluate", "--out", str(runs), "--results", str(results / "text.json")]) == 0
    assert main(["text", "report", "--results", str(results), "--out", str(tmp_path)]) == 0
    page = (tmp_path / "TEXT.md").read_text()
    figure = f"{100 * tuned['test']['meld']['weighted_f1']:.1f}"
    assert figure in page and page.endswith("Seen.\n")


def test_stored_vectors_stand_for_their_texts_and_only_for_those() -> None:
    stored = np.full(384, 0.5, dtype=np.float32)
    plain, partly = FrozenEncoder(PERCEPTION)(TEXTS[:2]), FrozenEncoder(PERCEPTION, {TEXTS[0]: stored})(TEXTS[:2])
    assert np.array_equal(partly[0], stored)
    np.testing.assert_allclose(partly[1], plain[1], atol=1e-6)


def test_results_of_generated_texts_are_not_reported_as_real(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"variant": "frozen, MOSI", "data": "generated"}))
    assert main(["text", "evaluate", "--data", "x", "--out", str(tmp_path), "--results", str(tmp_path / "r.json")]) != 0
    assert not (tmp_path / "r.json").exists()


@pytest.mark.skipif(not DATA.exists(), reason="research data are not here")
def test_splits_of_the_real_texts_have_their_published_sizes() -> None:
    assert [len(rows) for rows in tasks.mosi(DATA).values()] == [1284, 229, 686]
    assert [len(rows) for rows in tasks.goemotions(DATA).values()] == [43410, 5426, 5427]
    assert [len(rows) for rows in tasks.meld(DATA).values()] == [9989, 1109, 2610]
    sst2 = tasks.sst2(DATA)
    assert len(sst2) == 6920
    assert math.isclose(float(sst2.target.mean()), 0.52, abs_tol=0.02)
    assert len(tasks.mosi_test_videos(DATA)) == 686 and len(set(tasks.mosi_test_videos(DATA))) == 31
