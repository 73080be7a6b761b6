"""Puts the tuned text encoder beside the app's other networks: file, manifest entry and card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rohydr.data.text import HELD_BACK, MAX_TOKENS, PRETRAINED, SHIPPED, MiniLm
from rohydr.labels import EMOTIONS
from rohydr.perception import register
from rohydr.text.encoder import load_encoder, write_encoder
from rohydr.text.frozen import FrozenEncoder
from rohydr.text.study import VARIANTS, file_of

LICENCE = "LicenseRef-text-research"
LEAST_COSINE = 0.99
CHECKED = (
    "I am so happy to see you!",
    "This movie was terrible, and I want my two hours back.",
    "He didn't say anything; he just left.",
    "Kids are talking by the door.",
    "What?",
    "I can't believe it \U0001f602\U0001f62d #omg @you",
    "It was, like, fine I guess, but the ending made me want to cry.",
    "well " * 300,
)
"""Texts on which the stored weights are compared with the tuned ones."""


def install(runs: Path, perception: Path, seed: int) -> None:
    """Write text-encoder.onnx from the weights that `text train` kept in `runs`, its manifest entry and its card.

    :raises ValueError: when there are no such weights, or integers lose too much of them.
    """
    name = next(name for name, variant in VARIANTS.items() if variant.ships)
    stem = runs / file_of(name, seed)
    if not stem.with_suffix(".pt").exists():
        raise ValueError(f"{stem}.pt is not there; run `text train --variants {name!r} --seeds {seed}` first")
    net = load_encoder(perception)
    net.load_state_dict(torch.load(stem.with_suffix(".pt"), weights_only=True))
    partial = perception / f"{SHIPPED}-partial.onnx"
    write_encoder(net, perception / f"{PRETRAINED}.onnx", partial)
    stored, tuned = MiniLm(perception, partial.stem), FrozenEncoder(perception, net)(CHECKED)
    cosine = float(min(np.dot(row, stored.embed(text)) for row, text in zip(tuned, CHECKED, strict=True)))
    if cosine < LEAST_COSINE:
        partial.unlink()
        raise ValueError(f"integers keep too little of the tuned weights: cosine {cosine:.4f}, at least {LEAST_COSINE}")
    partial.replace(perception / f"{SHIPPED}.onnx")
    result = json.loads(stem.with_suffix(".json").read_text())
    register(
        perception,
        SHIPPED,
        licence=LICENCE,
        source=f"models/training, python -m rohydr text train and text install; {PRETRAINED} tuned on labelled "
        "texts, for research use",
        upstream="ours, from sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)",
        contract="in input_ids, attention_mask, token_type_ids [B,L] int64, one text a call (no padding), cut at "
        f"{MAX_TOKENS} tokens with [CLS] and [SEP]. out last_hidden_state [B,L,384]; the text's embedding is the mean "
        "over all its tokens, L2 normalised.",
        check=f"int8 weights, float arithmetic; smallest cosine to the tuned float32 weights on {len(CHECKED)} "
        f"texts: {cosine:.4f}",
        companions=[f"{PRETRAINED}.tokenizer.json"],
    )
    (perception / f"{SHIPPED}.CARD.md").write_text(card(result, cosine))


def card(result: dict[str, Any], cosine: float) -> str:
    """Model card in Markdown from the run's result file."""
    dev, test = result["dev"], result["test"]

    def row(title: str, head: str, measure: str, factor: float, digits: int) -> str:
        return f"| {title} | {factor * dev[head][measure]:.{digits}f} | {factor * test[head][measure]:.{digits}f} |"

    emotions = "\n".join(f"| {e} | {100 * test['ekman'][e]:.1f} | {100 * test['meld'][e]:.1f} |" for e in EMOTIONS)
    rows = "\n".join(
        [
            row("CMU-MOSI official split, ACC2 % (negative against positive)", "sentiment", "acc2", 100, 1),
            row("CMU-MOSI, MAE of sentiment in [-3, 3]", "sentiment", "mae", 1, 3),
            row("CMU-MOSI, r", "sentiment", "corr", 1, 3),
            row("GoEmotions in Ekman's grouping, macro-F1 %", "ekman", "macro_f1", 100, 1),
            row("MELD without dialogue, weighted F1 %", "meld", "weighted_f1", 100, 1),
        ]
    )
    return f"""# text-encoder.onnx - 384 numbers for what was said

Written by `python -m rohydr text install` from its results; do not edit.

MiniLM-L6 (sentence-transformers/all-MiniLM-L6-v2, Wang et al. 2020), its six layers tuned together with linear heads for four kinds of labels; the table of word
pieces is as it was. The heads are not part of the file: bundles learn their own read-outs. Tuned on the training parts of GoEmotions, MELD and CMU-MOSI, the validation
texts of CMU-MOSEI and the training sentences of SST-2. **One training text in {HELD_BACK} was held back from tuning** (by a hash of the text) so that bundles learn from texts
that the encoder has not fitted. Dev parts chose the epoch; test parts were read once. Seed {result["seed"]}, epoch {result["epoch"]} of {len(result["history"])},
{result["seconds"] / 60:.0f} minutes on a shared machine of two cores; settings `{json.dumps(result["config"])}`.

What the heads read (before weights were stored as int8; smallest cosine afterwards {cosine:.4f}):

| measure | dev | test |
|---|---|---|
{rows}

| F1 %, test | GoEmotions | MELD |
|---|---|---|
{emotions}

More variants, seeds and the encoder before tuning: docs/model/TEXT.md.

## Limits
English. Reddit comments, lines of a television series, reviews and opinions on films: what their raters took a text to express, without voice, face or what was said
before. Sadness, fear and disgust in short spoken lines are often missed (table). A read-out says what words look like to such raters, not what the person feels. Not for
decisions about individuals.

## Licence
The weights are for research use, as CMU-MOSI, CMU-MOSEI and SST-2 are; MELD's data release is GPL-3.0, GoEmotions Apache-2.0, the encoder before tuning Apache-2.0. They
are not covered by the app's Apache-2.0 licence. No text of these sets is in the file.
"""
