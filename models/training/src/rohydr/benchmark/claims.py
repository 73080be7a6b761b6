"""Which of the paper's claims held, from result files only: generated data, CMU-MOSI vectors, RAVDESS."""

from __future__ import annotations

from typing import Any, Final

from rohydr.benchmark.card import table
from rohydr.benchmark.contrasts import CONTRASTS, FULL

Table = dict[str, Any]
NOTHING: Final = "-"
RAVDESS: Final = {
    "unimodal feature recovery": "without unimodal recovery",
    "unimodal semantic recovery, given the feature level": "without unimodal semantic",
    "multimodal feature recovery": "without fused feature",
    "multimodal semantic recovery": "without fused semantic",
    "stages instead of all losses at once": "all levels, one stage",
}
"""Claim -> row of the RAVDESS ablation that lacks it. That ablation takes one level out of all of them at a time."""


def said(low: float, high: float, lower_is_better: bool = False) -> str:
    """Whether a 95 % interval of (with - without) speaks for what was claimed."""
    low, high = (-high, -low) if lower_is_better else (low, high)
    return "held" if low > 0 else "the opposite" if high < 0 else "not seen"


def _cell(gap: Table, unit: str, scale: float = 1.0, lower_is_better: bool = False, tie: str = "not seen") -> str:
    low, high = scale * gap["low"], scale * gap["high"]
    word = said(low, high, lower_is_better).replace("not seen", tie)
    return f"**{word}**: {scale * gap['difference']:+.1f} {unit} [{low:+.1f}, {high:+.1f}]"


def _mosi(evaluation: Table, claim: str) -> str:
    found = [gap for gap in evaluation.get("contrasts", []) if gap["claim"] == claim]
    return _cell(found[0], "points", 100) if found else NOTHING


def _ravdess(speech: Table, claim: str, reading: str) -> str:
    """`reading`: `both`, the read-out as it ships, or `repaired`, the repaired fusion alone."""
    ablation = speech.get("ablation")
    if claim not in RAVDESS or ablation is None:
        return NOTHING
    gap = ablation["variants"][RAVDESS[claim]][f"{reading}_difference"]
    return _cell({"difference": -gap["difference"], "low": -gap["high"], "high": -gap["low"]}, "points", 100)


def recovery_claims(compared: Table) -> str:
    """Claims about recovery itself, on generated data; empty where `fast` was compared with nothing."""
    about = {
        "conditional mean (ridge)": "generating beats a conditional mean (ridge)",
        "conditional mean": "generating beats a conditional mean (network)",
        "cascade": "diffusion beats imagination by a cascade (MMIN-style)",
        "flow": "diffusion beats a flow (DiCMoR-style)",
        "IMDer-style": "`fast` is no worse than score diffusion (IMDer-style)",
        "faithful v1": "`fast` is no worse than the paper's structure, v1",
        "faithful v2 without reconstructor": "`fast` is no worse than v2's diffusion alone",
        "faithful v2": "`fast` is no worse than the paper's structure, v2",
    }
    rows = []
    for name, claim in about.items():
        if name in compared:
            gaps = [compared[name][part]["mean"] for part in ("single", "energy")]
            tie = "as good" if "no worse" in claim else "not seen"
            cells = [_cell(gap, "%", lower_is_better=True, tie=tie) for gap in gaps]
            rows.append([claim, *cells, ", ".join(map(str, compared[name]["seeds"]))])
    head = ["claim: `fast` minus the other, % of exact samples' energy score", "one sample each", "eight each", "seeds"]
    return table(head, rows) if rows else ""


def label_claims(evaluation: Table, speech: Table) -> str:
    """Claims about the label: the paper's four levels, staging, and recovery as such."""
    dropout = evaluation["against"]["modality-dropout"]
    spoken = speech["recipe"]["clean"]["against"]["modality dropout"]["mean_AV"]
    first = [_cell(gap, "points", 100) for gap in (dropout, spoken)]
    rows = [["recovery, against modality dropout", *first, NOTHING]]
    for claim, having, lacking in CONTRASTS:
        cells = [_mosi(evaluation, claim), *(_ravdess(speech, claim, reading) for reading in ("both", "repaired"))]
        if set(cells) != {NOTHING}:
            rows.append([f"{claim} ({'all' if having == FULL else having} - {lacking})", *cells])
    head = ["CMU-MOSI vectors, Avg7 ACC2", "RAVDESS, accuracy", "RAVDESS, repaired fusion alone"]
    return table(["what is claimed to help the label", *head], rows)


def ablation_runs(speech: Table) -> str:
    """How many runs the RAVDESS ablation has, and whether they are of the bundle's recipe."""
    found = speech.get("ablation")
    if found is None:
        return "0 runs."
    recipe = "the bundle's recipe" if found["same_recipe"] else "another recipe than the bundle's"
    return f"{len(found['runs'])} runs of {recipe}, {found['actors']} test actors."


def recovered_levels(evaluation: Table, speech: Table) -> str:
    """What the levels do to the recovered latents themselves, where that was measured."""
    lines = []
    ablation = speech.get("ablation")
    if ablation is not None:
        skill = {name: f"{row['skill']:+.3f}" for name, row in ablation["variants"].items()}
        listed = ", ".join(f"{name} {value}" for name, value in skill.items())
        lines.append(f"- RAVDESS, energy skill of recovered latents to the climatology: {listed}.")
    energies = {
        name: sum(c["mean"] for c in row["energy"].values()) / len(row["energy"])
        for name, row in evaluation["methods"].items()
        if name.startswith("ablation: ") and row["energy"]
    }
    if energies:
        listed = ", ".join(f"{name.removeprefix('ablation: ')} {value:.2f}" for name, value in energies.items())
        lines.append(f"- CMU-MOSI, energy score of recovered latents, mean of six patterns, lower is better: {listed}.")
    return "\n".join(lines)
