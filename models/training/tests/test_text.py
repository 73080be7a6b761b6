"""Text read-outs: our encoder is the app's, scores are the literature's, and fine-tuning learns what words say."""

import hashlib
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from rohydr.cli import main
from rohydr.data.text import PRETRAINED, SHIPPED, MiniLm, Sentence, for_bundles, held_back
from rohydr.labels import EMOTIONS
from rohydr.text import tasks
from rohydr.text.batches import WordPieces, in_order_of_length, padded, shuffled
from rohydr.text.encoder import load_encoder, write_encoder
from rohydr.text.finetune import TuneConfig
from rohydr.text.frozen import FrozenEncoder
from rohydr.text.install import install
from rohydr.text.scores import choose_thresholds, one_emotion, scores_of, several_emotions
from rohydr.text.study import run_variant
from rohydr.text.tasks import Rows

PERCEPTION = Path(__file__).resolve().parents[2] / "perception"
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
TEXTS = ("Kids are talking by the door.", "", "I can't believe it, this is terrible!", "well " * 300)


def test_embeddings_are_those_of_the_runtime() -> None:
    app = MiniLm(PERCEPTION, PRETRAINED)
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


def test_an_encoder_that_was_not_changed_is_stored_as_the_file_it_came_from(tmp_path: Path) -> None:
    write_encoder(load_encoder(PERCEPTION), PERCEPTION / f"{PRETRAINED}.onnx", tmp_path / "same.onnx")
    shutil.copy(PERCEPTION / f"{PRETRAINED}.tokenizer.json", tmp_path)
    same, pretrained = MiniLm(tmp_path, "same"), MiniLm(PERCEPTION, PRETRAINED)
    for text in TEXTS:
        np.testing.assert_array_equal(same.embed(text), pretrained.embed(text))


def test_a_tuned_encoder_is_stored_with_little_loss_and_a_changed_table_of_pieces_is_refused(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net, layout = load_encoder(PERCEPTION), PERCEPTION / f"{PRETRAINED}.onnx"
    with torch.no_grad():
        for name, weight in net.named_parameters():
            if name != "word.weight":
                weight.add_(0.02 * weight.std() * torch.randn_like(weight))
    write_encoder(net, layout, tmp_path / "tuned.onnx")
    shutil.copy(PERCEPTION / f"{PRETRAINED}.tokenizer.json", tmp_path)
    stored = MiniLm(tmp_path, "tuned")
    with torch.no_grad():
        for text, row in zip(TEXTS, WordPieces(PERCEPTION)(TEXTS), strict=True):
            exact = torch.nn.functional.normalize(net(*padded([row])), dim=1)[0].numpy()
            assert float(stored.embed(text) @ exact) > 0.995
            assert float(MiniLm(PERCEPTION, PRETRAINED).embed(text) @ exact) < 0.9999  # it is another encoder
        net.word.weight += 0.1
    with pytest.raises(ValueError, match="table of word pieces"):
        write_encoder(net, layout, tmp_path / "refused.onnx")
    assert not (tmp_path / "refused.onnx").exists()


def test_the_apps_encoder_is_the_one_its_card_and_list_name() -> None:
    entries = {n["id"]: n for n in json.loads((PERCEPTION / "manifest.json").read_text())["networks"]}
    entry, card = entries[SHIPPED], (PERCEPTION / f"{SHIPPED}.CARD.md").read_text()
    assert hashlib.sha256((PERCEPTION / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert entry["check"].rpartition(" ")[2] in card  # the cosine
    shipped, before = MiniLm(PERCEPTION, SHIPPED), MiniLm(PERCEPTION, PRETRAINED)
    assert (
        float(shipped.embed(TEXTS[0]) @ before.embed(TEXTS[0])) < 0.99
    )  # not the encoder before tuning under another name


def test_installing_without_kept_weights_says_what_to_run_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="text train"):
        install(tmp_path, tmp_path, 1)
    assert not list(tmp_path.iterdir())


def test_texts_that_were_tuned_on_are_in_no_bundle() -> None:
    words = [f"text number {n}" for n in range(200)]
    train = [Sentence(text, "train", 0) for text in words]
    repeated = [Sentence(text.upper() + " ", split, 0) for text in words[:40] for split in ("dev", "test")]
    kept = for_bundles([*train, *repeated, Sentence("only in test", "test", 0)])
    tuned_on = {text for text in words if not held_back(text)}
    assert 0.6 < len(tuned_on) / len(words) < 0.9
    assert not tuned_on & {s.text.strip().lower() for s in kept}
    assert {s.text for s in kept if s.split == "train"} == set(words) - tuned_on
    assert any(s.text == "only in test" for s in kept)
    rows = Rows("meld", tuple(words), np.zeros(len(words), dtype=np.float32)).without_held_back()
    assert set(rows.texts) == tuned_on


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
