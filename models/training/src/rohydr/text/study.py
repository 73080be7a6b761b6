"""The runs of the two text studies: which texts train, what is read, and the result file of one run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from rohydr.text import tasks
from rohydr.text.finetune import TuneConfig, Tuned, fine_tune
from rohydr.text.frozen import FrozenEncoder, read_frozen
from rohydr.text.tasks import Rows

Progress = Callable[[str], None]
SMOKE_ROWS = 48


@dataclass(frozen=True)
class Variant:
    """What a run trains on, and what it is measured on (a head each)."""

    materials: tuple[str, ...]
    measured: tuple[str, ...]
    tuned: bool
    ships: bool = False
    """Whether this is the app's encoder: its weights are kept, and what bundles learn from is left out."""


VARIANTS: Final = {
    "frozen, MOSI": Variant(("mosi",), ("mosi",), False),
    "frozen, MOSI and MOSEI": Variant(("mosi", "mosei"), ("mosi",), False),
    "fine-tuned, MOSI": Variant(("mosi",), ("mosi",), True),
    "fine-tuned, MOSI and MOSEI": Variant(("mosi", "mosei"), ("mosi",), True),
    "fine-tuned, MOSI, MOSEI and SST-2": Variant(("mosi", "mosei", "sst2"), ("mosi",), True),
    "frozen, GoEmotions": Variant(("goemotions",), ("goemotions",), False),
    "frozen, MELD": Variant(("meld",), ("meld",), False),
    "fine-tuned, GoEmotions and MELD": Variant(("goemotions", "meld"), ("goemotions", "meld"), True),
    "fine-tuned, all texts": Variant(
        ("goemotions", "meld", "mosi", "mosei", "sst2"), ("mosi", "goemotions", "meld"), True, ships=True
    ),
}


def _splits(name: str, data: Path | None, seed: int) -> dict[str, Rows]:
    heads = {"mosi": "sentiment", "mosei": "sentiment", "sst2": "polarity", "goemotions": "ekman", "meld": "meld"}
    if data is None:
        return tasks.generated(heads[name], SMOKE_ROWS, seed)
    whole = {"mosi": tasks.mosi, "goemotions": tasks.goemotions, "meld": tasks.meld}
    if name in whole:
        return whole[name](data)
    return {"train": {"mosei": tasks.mosei, "sst2": tasks.sst2}[name](data)}


def run_variant(
    name: str,
    data: Path | None,
    perception: Path,
    seed: int,
    config: TuneConfig,
    progress: Progress,
) -> Tuned:
    """One run; without `data` on generated sentences.

    :raises ValueError: for a name that is not in VARIANTS.
    """
    if name not in VARIANTS:
        raise ValueError(f"no variant {name!r}; there are: {'; '.join(VARIANTS)}")
    variant = VARIANTS[name]
    splits = {material: _splits(material, data, seed) for material in variant.materials}
    train = [splits[material]["train"] for material in variant.materials]
    if variant.ships:
        train = [rows.without_held_back() for rows in train]
    if not variant.tuned:
        measured = splits[variant.measured[0]]
        return read_frozen(FrozenEncoder(perception), train, measured["dev"], measured["test"])
    dev, test = ([splits[m][split] for m in variant.measured] for split in ("dev", "test"))
    return fine_tune(config, perception, train, dev, test, seed, progress)


def file_of(name: str, seed: int) -> str:
    """Stem of a run's two files."""
    return f"{name.lower().replace(', ', '-').replace(' ', '-')}-{seed}"


def run_all(
    names: list[str],
    seeds: list[int],
    data: Path | None,
    perception: Path,
    out: Path,
    config: TuneConfig,
    say: Progress,
) -> None:
    """Every variant with every seed (frozen ones once); runs that have a result file are not repeated."""
    out.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        for name in names:
            tuned = name not in VARIANTS or VARIANTS[name].tuned
            if not tuned and seed != seeds[0]:
                continue
            stem = file_of(name, seed if tuned else 0)
            if (out / f"{stem}.json").exists():
                continue
            say(f"{name}, seed {seed}")
            found = run_variant(name, data, perception, seed, config, say)
            np.savez(out / f"{stem}.npz", **found.outputs)  # type: ignore[arg-type]
            if tuned and VARIANTS[name].ships:
                torch.save(found.weights, out / f"{stem}.pt")
            result: dict[str, Any] = {
                "variant": name,
                "seed": seed if tuned else 0,
                "config": asdict(config) if tuned else {},
                "data": "generated" if data is None else "shared/data",
                "dev": found.dev,
                "test": found.test,
                "epoch": found.epoch,
                "history": found.history,
                "seconds": round(found.seconds),
            }
            (out / f"{stem}.json").write_text(json.dumps(result, indent=1) + "\n")
