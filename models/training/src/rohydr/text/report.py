"""Results of the text studies over seeds, and the page docs/model/TEXT.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rohydr.benchmark.card import table
from rohydr.labels import EMOTIONS
from rohydr.metrics import paired_bootstrap
from rohydr.text import tasks
from rohydr.text.study import VARIANTS, file_of

Table = dict[str, Any]
REFERENCE = {
    "fine-tuned, MOSI": "frozen, MOSI",
    "fine-tuned, MOSI and MOSEI": "frozen, MOSI and MOSEI",
    "fine-tuned, MOSI, MOSEI and SST-2": "frozen, MOSI and MOSEI",
    "fine-tuned, all texts": "frozen, MOSI and MOSEI",
}
"""Variant -> the frozen one that it is compared with."""
NOT_RUN = "Not run."
TARGETS = {"acc2": 79, "ekman": 60, "meld": 60}


def _spread(values: list[float]) -> dict[str, float]:
    return {"mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1)) if len(values) > 1 else 0.0}


def _over_seeds(runs: list[Table], split: str) -> dict[str, dict[str, dict[str, float]]]:
    heads = runs[0][split]
    return {head: {m: _spread([r[split][head][m] for r in runs]) for m in heads[head]} for head in heads}


def _hits(out: Path, runs: list[Table], label: NDArray[np.float32]) -> NDArray[np.float64]:
    """Share of seeds that put each MOSI test row with a label other than 0 on the right side of 0."""
    kept = label != 0
    rows = []
    for run in runs:
        with np.load(out / f"{file_of(run['variant'], run['seed'])}.npz", allow_pickle=False) as packed:
            rows.append((packed["sentiment"][kept, 0] > 0) == (label[kept] > 0))
    return np.asarray(np.mean(rows, axis=0))


def evaluate(out: Path, data: Path | None) -> Table:
    """Means over seeds of every variant in `out`, and the differences of REFERENCE with intervals over videos.

    :raises ValueError: when there is no result, or results of generated and real texts are mixed.
    """
    found = [json.loads(path.read_text()) for path in sorted(out.glob("*.json"))]
    if not found:
        raise ValueError(f"{out}: no result files; run `text train` first")
    if {run["data"] for run in found} != {"generated" if data is None else "shared/data"}:
        raise ValueError(f"{out}: results of other texts than those given with --data")
    grouped = {name: [run for run in found if run["variant"] == name] for name in VARIANTS}
    variants = {
        name: {
            "seeds": sorted(run["seed"] for run in runs),
            "config": runs[0]["config"],
            "epochs": [run["epoch"] for run in runs],
            "seconds": float(np.mean([run["seconds"] for run in runs])),
            "dev": _over_seeds(runs, "dev"),
            "test": _over_seeds(runs, "test"),
        }
        for name, runs in grouped.items()
        if runs
    }
    against: dict[str, Table] = {}
    if data is not None:
        label, videos = tasks.mosi(data)["test"].target, tasks.mosi_test_videos(data)
        for name, other in REFERENCE.items():
            if grouped[name] and grouped[other]:
                gap = _hits(out, grouped[name], label) - _hits(out, grouped[other], label)
                mean, low, high = paired_bootstrap(gap, videos[label != 0])
                against[name] = {"reference": other, "difference": mean, "low": low, "high": high}
    return {"format": 1, "variants": variants, "against": against}


def _cell(value: dict[str, float], seeds: int, factor: float = 100, digits: int = 1) -> str:
    extra = f" ± {factor * value['sd']:.{digits}f}" if seeds > 1 else ""
    return f"{factor * value['mean']:.{digits}f}{extra}"


def _rows(results: Table, head: str) -> list[tuple[str, Table, int]]:
    return [(name, v, len(v["seeds"])) for name, v in results["variants"].items() if head in v["test"]]


def _sentiment(results: Table) -> str:
    rows: list[list[str]] = []
    for name, variant, seeds in _rows(results, "sentiment"):
        on, dev = variant["test"]["sentiment"], variant["dev"]["sentiment"]
        gap = results["against"].get(name)
        against = (
            ""
            if gap is None
            else "{:+.1f} [{:+.1f}, {:+.1f}]".format(*(100 * gap[k] for k in ("difference", "low", "high")))
        )
        rows.append(
            [name, str(seeds), _cell(dev["acc2"], seeds), _cell(dev["mae"], seeds, 1, 3)]
            + [_cell(on[k], seeds) for k in ("acc2", "f1", "acc7")]
            + [_cell(on[k], seeds, 1, 3) for k in ("mae", "corr")]
            + [against]
        )
    if not rows:
        return NOT_RUN
    head = ["encoder, training texts", "seeds", "dev ACC2", "dev MAE", "ACC2", "F1", "ACC7", "MAE", "r"]
    return table([*head, "ACC2 against frozen"], rows)


def _emotions(results: Table, head: str, measure: str, title: str) -> str:
    rows: list[list[str]] = []
    for name, variant, seeds in _rows(results, head):
        on = variant["test"][head]
        cells = [_cell(variant["dev"][head][measure], seeds), _cell(on[measure], seeds)]
        rows.append([name, str(seeds), *cells, *(_cell(on[e], seeds) for e in EMOTIONS)])
    if not rows:
        return NOT_RUN
    return table(["encoder, training texts", "seeds", f"dev {title}", title, *EMOTIONS], rows)


def _settings(results: Table) -> str:
    lines = [
        f"- {name}: {v['seconds'] / 60:.0f} minutes a run, epochs kept {', '.join(map(str, v['epochs']))}; "
        f"`{json.dumps(v['config'])}`"
        for name, v in results["variants"].items()
        if v["config"]
    ]
    return "\n".join(lines) or "Nothing was fine-tuned."


def page(results: Table, notes: str) -> str:
    """docs/model/TEXT.md."""
    return f"""# What can be read from words

Written by `python -m rohydr text report`; do not edit (the last section is `results/TEXT_NOTES.md`).

MiniLM-L6 with 384 numbers a text, either frozen (linear read-outs of the normalised mean) or fine-tuned with its table of word pieces left as it is.
Dev chooses penalty, epoch and thresholds; test is read once a run. Mean ± sd over seeds. **"fine-tuned, all texts" is the app's encoder** ([card](../../models/perception/text-encoder.CARD.md)):
one encoder with four heads, tuned on three quarters of the training texts of GoEmotions, MELD, CMU-MOSI, CMU-MOSEI (validation) and SST-2.

## Sentiment, CMU-MOSI, official split
Transcripts alone; 686 test utterances, ACC2 and F1 negative against positive without zero labels. Target: ACC2 {TARGETS["acc2"]} %. MOSEI: the 1,863 validation
texts of CMU-MOSEI (no video in common). SST-2: 6,920 sentences about films, read by a head of their own. Last column: points, 95 % interval over test videos,
against the frozen encoder with the same texts of people speaking.

{_sentiment(results)}

## Emotion, GoEmotions in Ekman's grouping
All 5,427 test comments, several emotions a comment as annotated, F1 of each and their mean, in %. Target: macro-F1 {TARGETS["ekman"]} %.

{_emotions(results, "ekman", "macro_f1", "macro-F1")}

## Emotion, MELD
2,610 test utterances without their dialogue, one emotion each, F1 of each and their mean weighted by support, in %. Target: weighted F1 {TARGETS["meld"]} %.

{_emotions(results, "meld", "weighted_f1", "weighted F1")}

## Settings
On one thread of a shared machine, bfloat16 where autocast allows.

{_settings(results)}

{notes}"""
