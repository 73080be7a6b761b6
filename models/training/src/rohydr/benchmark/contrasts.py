"""The paper's claims on one benchmark: what each level of recovery and what staging changes, paired."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rohydr.benchmark.sentiment import hits
from rohydr.benchmark.utterances import Utterances
from rohydr.metrics import paired_bootstrap

Floats = NDArray[np.floating]
Results = dict[str, list[dict[str, Any]]]

PREFIX: Final = "ablation: "
FULL: Final = "both, feature + semantic"
"""The ablation row that is `fast` itself."""
CONTRASTS: Final = (
    ("unimodal feature recovery", "unimodal feature", "nothing recovered"),
    ("unimodal semantic recovery, given the feature level", "unimodal feature + semantic", "unimodal feature"),
    ("multimodal feature recovery", "multimodal feature", "nothing recovered"),
    ("multimodal semantic recovery", "multimodal semantic", "nothing recovered"),
    ("multimodal semantic recovery, given the feature level", "multimodal feature + semantic", "multimodal feature"),
    ("multimodal recovery, given the unimodal one", FULL, "unimodal feature + semantic"),
    ("unimodal recovery, given the multimodal one", FULL, "multimodal feature + semantic"),
    ("semantic levels, given the feature levels", FULL, "both, feature only"),
    ("all four levels", FULL, "nothing recovered"),
    ("stages instead of all losses at once", FULL, "both, without staging"),
)
"""(what is claimed to help, row with it, row without it)."""


def compare(
    ours: list[dict[str, Any]], theirs: list[dict[str, Any]], label: Floats, video: NDArray[np.str_]
) -> dict[str, float]:
    """Paired difference of the share of right signs over the seven patterns; 95 % bootstrap over videos."""
    seeds = {r["seed"] for r in ours} & {r["seed"] for r in theirs}
    if not seeds:
        return {}

    def mean_hits(results: list[dict[str, Any]]) -> Floats:
        each = [hits(label, {n: np.array(s) for n, s in r["scores"].items()}) for r in results if r["seed"] in seeds]
        return np.asarray(np.mean(each, axis=0))

    keep = label != 0
    difference = (mean_hits(ours) - mean_hits(theirs))[keep]
    mean, low, high = paired_bootstrap(difference, np.unique(video[keep], return_inverse=True)[1])
    return {"difference": mean, "low": low, "high": high, "seeds": len(seeds)}


def with_full_row(results: Results) -> Results:
    """`results` with `fast` standing for the ablation row of all levels, where that was not run by itself."""
    if any(name.startswith(PREFIX) for name in results) and "fast" in results:
        return {PREFIX + FULL: results["fast"], **results}
    return results


def contrasts(results: Results, test: Utterances) -> list[dict[str, Any]]:
    """One entry per claim whose two rows share a seed."""
    label, rows, out = test.label.astype(np.float64), with_full_row(results), []
    for claim, having, lacking in CONTRASTS:
        if PREFIX + having in rows and PREFIX + lacking in rows:
            gap = compare(rows[PREFIX + having], rows[PREFIX + lacking], label, test.video)
            if gap:
                out.append({"claim": claim, "with": having, "without": lacking, **gap})
    return out
