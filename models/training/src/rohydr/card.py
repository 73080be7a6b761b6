"""CARD.md of a bundle, written from bundle.json only."""

from __future__ import annotations

import math
from typing import Any

from rohydr.decoders.card import decoders_section
from rohydr.labels import PATTERNS

Table = dict[str, Any]
AV = ("A", "V", "AV")


def _percent(cell: dict[str, float]) -> str:
    sd = f" ± {100 * cell['sd']:.1f}" if cell.get("seeds", 0) > 1 else ""
    return f"{100 * cell['mean']:.1f}{sd}"


def _number(cell: dict[str, float]) -> str:
    sd = f" ± {cell['sd']:.2f}" if cell.get("seeds", 0) > 1 else ""
    return f"{cell['mean']:.2f}{sd}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _accuracy_table(block: Table) -> str:
    columns = [*AV, "mean_AV", "T", "TA", "TV", "TAV"]
    rows = [[name, *(_percent(row[c]) for c in columns)] for name, row in block["accuracy"].items()]
    return _table(["accuracy %", "{A}", "{V}", "{A,V}", "mean of these", "{T}*", "{T,A}*", "{T,V}*", "{T,A,V}*"], rows)


def _difference(cell: dict[str, float]) -> str:
    return f"{100 * cell['difference']:+.1f} [{100 * cell['low']:+.1f}, {100 * cell['high']:+.1f}]"


def _against_table(block: Table) -> str:
    columns = (*AV, "mean_AV", "T", "TA", "TV", "TAV")
    rows = [[name, *(_difference(row[c]) for c in columns)] for name, row in block["against"].items()]
    head = ["RoHyDR minus", "{A}", "{V}", "{A,V}", "mean of these", "{T}*", "{T,A}*", "{T,V}*", "{T,A,V}*"]
    return _table(head, rows)


def _pattern_table(block: Table) -> str:
    rows = []
    for name in PATTERNS:
        cells = block["patterns"][name]
        rows.append(
            [
                name,
                *(_percent(cells[m]) for m in ("accuracy", "uar", "macro_f1")),
                *(_number(cells[m]) for m in ("ece", "brier")),
                f"{cells['aurc']['mean']:.3f}",
                *(_number(cells[m]) for m in ("score_mae", "score_corr")),
                _percent(cells["score_coverage"]),
                _number(cells["score_width"]),
            ]
        )
    head = [
        "available",
        "accuracy %",
        "UAR %",
        "macro-F1 %",
        "ECE",
        "Brier",
        "AURC",
        "score MAE",
        "score r",
        "90 % interval covers %",
    ]
    return _table([*head, "its width"], rows)


def _skill(cell: dict[str, float]) -> str:
    return f"{cell['mean']:.3f} [{cell['low']:.3f}, {cell['high']:.3f}]"


def _recovery_table(recovery: Table) -> str:
    columns = ("energy", "energy_conditional_mean", "energy_climatology")
    rows = [
        [
            way,
            *(f"{cells[c]['mean']:.3f}" for c in columns),
            _skill(cells["skill_conditional_mean"]),
            _skill(cells["skill_climatology"]),
            _percent(cells["coverage"]),
        ]
        for way, cells in recovery.items()
    ]
    head = [
        "from -> to",
        "energy score",
        "conditional mean (ridge)",
        "climatology",
        "skill to mean",
        "skill to climatology",
        "90 % range covers %",
    ]
    return _table(head, rows)


def _recovery_meaning(recovery: Table) -> str:
    """Error of the mean, distance of the distributions, and whether recovered and real modality are read alike."""
    references = ("", "_conditional_mean", "_climatology")
    rows = [
        [
            way,
            *(f"{cells[f'mse_{c}']['mean']:.3f}" for c in ("of_mean", "conditional_mean")),
            *(f"{cells[f'mmd{r}']['mean']:.4f}" for r in references),
            *(_percent(cells[f"agreement{r}"]) for r in references),
        ]
        for way, cells in recovery.items()
    ]
    head = ["from -> to", "MSE of the mean", "conditional mean", "squared MMD", "conditional mean", "climatology"]
    return _table([*head, "read alike %", "conditional mean", "climatology"], rows)


def _verdict(block: Table) -> str:
    """Sentences that follow from the paired intervals, one per control."""
    lines = []
    for name, row in block["against"].items():
        parts = []
        for pattern in (*AV, "mean_AV", "T", "TA", "TV", "TAV"):
            cell = row[pattern]
            word = "better" if cell["low"] > 0 else "worse" if cell["high"] < 0 else "not distinguishable"
            label = "mean of these" if pattern == "mean_AV" else "{" + ",".join(pattern) + "}"
            parts.append(f"{label} {word}")
        lines.append(f"- against {name}: {'; '.join(parts)}.")
    return "\n".join(lines)


def _shipped_table(shipped: Table) -> str:
    rows = []
    for name in PATTERNS:
        clean, noised = shipped["clean"]["table"][name], shipped["noised"]["table"][name]
        half = [f"{100 * clean[m]:.1f}" for m in ("accuracy", "uar", "macro_f1")]
        rows.append([name, *half, f"{100 * noised['accuracy']:.1f}", f"{100 * noised['score_coverage']:.1f}"])
    return _table(
        ["available", "accuracy %", "UAR %", "macro-F1 %", "accuracy %, noised face", "interval covers %, noised"], rows
    )


def _reliability_table(shipped: Table) -> str:
    table = shipped["noised"]["table"]
    count = max(len(table[name]["reliability"]) for name in PATTERNS)
    rows = []
    for name in PATTERNS:
        bins = table[name]["reliability"]
        cells = [f"{100 * b['stated']:.0f}: {100 * b['found']:.0f} ({b['n']})" for b in bins]
        rows.append([name, *cells, *[""] * (count - len(bins))])
    return _table(["available", *(f"bin {k + 1}" for k in range(count))], rows)


def _bin_error(shipped: Table) -> str:
    fewest = min(b["n"] for row in shipped["noised"]["table"].values() for b in row["reliability"])
    return f"A share of {fewest} clips has a standard error of up to {50 / math.sqrt(fewest):.0f} points."


def _calibration_table(manifest: Table) -> str:
    calibration = manifest["calibration"]
    rows = [
        [name, f"{calibration['temperature'][str(len(name))]:.3f}", f"{calibration['half_width'][name]:.3f}"]
        for name in PATTERNS
    ]
    return _table(["available", "temperature", "half-width"], rows)


def _calm_apart(block: Table) -> str:
    columns = (*AV, "mean_AV")
    rows = []
    for name, row in block["accuracy"].items():
        against = block["against"].get(name)
        differences = [_difference(against[c]) if against else "" for c in columns]
        rows.append([name, *(_percent(row[c]) for c in columns), *differences])
    head = ["{A}", "{V}", "{A,V}", "mean"]
    return _table(["accuracy %", *head, *(f"RoHyDR minus it, {name}" for name in head)], rows)


def _ablation(found: Table | None) -> str:
    if not found:
        return "Not run for this version."
    rows = []
    for name, cells in found["variants"].items():
        both, repaired = (f"{100 * cells[k]:.1f}" for k in ("both", "repaired"))
        changes = [_difference(cells[f"{k}_difference"]) for k in ("both", "repaired")]
        low, high = cells["skill_interval"]
        skill = _skill({"mean": cells["skill"], "low": low, "high": high})
        rows.append([name, both, changes[0], repaired, changes[1], _share(cells["agreement"]), skill])
    head = ["recovery", "accuracy %", "difference", "repaired fusion alone %", "difference"]
    folds, seeds = (sorted({run[k] for run in found["runs"]}) for k in (0, 1))
    recipe = "the recipe of this card" if found["same_recipe"] else "**another recipe than that of this card**"
    note = (
        f"Measured with {recipe} (`{found['config_sha256'][:12]}`): {len(found['runs'])} run(s), folds {', '.join(map(str, folds))}, seeds {', '.join(map(str, seeds))}, {found['actors']} test actors.\n"
        "Mean of {A}, {V} and {A,V}, clean features; differences to the first row with 95 % intervals over actors."
    )
    return note + "\n\n" + _table([*head, "agrees with complete input %", "skill to climatology"], rows)


def _speaker_known(found: Table | None) -> str:
    if not found:
        return "Not measured for this version."
    rows = []
    columns = (*AV, *(f"{p} apart" for p in AV))
    for way in ("as is", "speaker known"):
        rows.append([f"features {way}" if way == "as is" else way, *(_share(found[way][p]) for p in columns)])
    rows.append(["difference", *(_difference(found["difference"][p]) for p in columns)])
    head = ["accuracy %, clean", "{A}", "{V}", "{A,V}", "{A}, calm apart", "{V}, calm apart", "{A,V}, calm apart"]
    note = (
        f"The fixed opinions alone (multiplied for {{A,V}}) on the test actors of all six folds, {found['clips']} clips: with the features as they are, and standardised\n"
        "over all clips of each speaker without looking at labels. The app does not do the latter, and one utterance of a stranger does not allow it; so these\n"
        "figures stand apart from the others. 95 % intervals over actors."
    )
    return note + "\n\n" + _table(head, rows)


def _share(value: float) -> str:
    return f"{100 * value:.1f}"


def write_card(manifest: Table) -> str:
    """Markdown from the manifest of a bundle."""
    evaluation, training = manifest["evaluation"], manifest["training"]
    recipe, shipped = evaluation["recipe"], evaluation["shipped"]
    teacher, mapping = shipped["teacher"], shipped["visual_map"]
    actors = shipped["actors"]
    mosi = shipped["mosi_text"]
    parity = max(g["parity_max_abs"] for g in manifest["graphs"].values())
    data = "\n".join(f"- {line}" for line in training["data"])
    return f"""# {manifest["title"]} - `{manifest["id"]}` {manifest["version"]}

Written by `python -m rohydr card` from bundle.json; do not edit.

{manifest["description"]} Configuration `{manifest["configuration"]}`: one joint token denoiser (EDM), {manifest["sampler"]["steps"]} network
evaluations a sample, adversarial fusion recovery, four training stages. Licence {manifest["licence"]} (see LICENSE.md).

## Intended use and limits
{manifest["intended_use"]}
- Acted emotions of 24 North American actors saying two sentences. Spontaneous talk, other languages, children and clinical groups were never seen.
- **Texts were paired with clips by label (synthetic pairing)**: nobody in the training data said the paired text. Columns marked * measure this pairing,
  not real three-modality recordings, and links between words and voice or face beyond the emotion class cannot have been learned.
- **Words** are read by an encoder that was tuned on labelled texts (models/perception/text-encoder.CARD.md); this bundle learned from texts held back from that tuning only.
- **Score**: its target is a sentiment teacher's score of the paired text. For segments without text the score is therefore the expected sentiment
  of texts with that emotion and nothing finer.
- **Face**: training used stored expression posteriors of another network, mapped to ours (temperature {mapping["temperature"]:.2f}; fitted on {mapping["fitted_on"]};
  remaining total variation {mapping["disagreement"]:.2f}) and noised by that much (log-posterior sd {mapping["noise_sd"]:.2f}). "Noised" figures are what to expect in the app; "clean" ones serve comparison.
- **Length and silence**: training saw whole clips of about 3.5 s with silence at both ends; segments cut close to speech, or much longer ones, differ.
- **Voices**: beside each recording, training saw two altered copies of it (pitch and formants, tempo and gain; a room with noise), each with a quarter of its weight. So did the controls.
  The fixed opinion of a voice is the mean of two regressions, on the recordings alone and on all versions alike.
- **How the recipe was chosen**: on held actors, never on a fold's test actors. Over six folds every actor is in such a group once, so the
  choice knew people who are tested in other folds; figures of earlier versions on the same test actors were known too. Read differences of a point with that in mind.
- **Modality dropout is this model without recovery**: stage 4 leaves encoders, fusion and heads as stage 1 made them, so that row is its own reading of the observation.
  The zero-fill and ridge rows use the same networks trained on complete triples, with evidence learned together instead of fixed regressions.
  "zero-fill, RoHyDR's encoders" keeps this model's encoders with their regressions as they are and trains fusion and heads anew, on complete triples.
- **Range of recoveries**: recovered latents carry added noise, the least (standard deviation by modality) with which 90 % ranges cover the finite-sample conformal share of
  the held actors' clips. Two actors are few: people differ, and a person's own ranges may cover less.
- Calm is a class of its own in training and joins neutral in the read-out. Recovered channels are model output, not measurements.

## Data
{data}

Speaker-independent: six folds of four test actors; of the others two are held to select and to calibrate, eighteen train. Official text splits are kept apart.

## The recipe: {len(recipe["folds"])} folds, {len(recipe["seeds"])} seed(s), mean ± sd over seeds
Clean visual features. {{A}}, {{V}} and {{A,V}} are real recordings; * synthetic pairing.

{_accuracy_table(recipe["clean"])}

Noised visual features:

{_accuracy_table(recipe["noised"])}

Paired difference in points (clean, 95 % bootstrap over actors):

{_against_table(recipe["clean"])}

{_verdict(recipe["clean"])}

Calibrated read-out, noised visual features (score truth: teacher plus a residual of the teacher on human labels):

{_pattern_table(recipe["noised"])}

## Recovery itself (latent space, 19 samples, lower energy is better)
{_recovery_table(recipe["recovery"])}

Squared MMD: distance of the distribution of one recovery a clip to that of the real latents (0: none). Read alike: clips whose label, read from the recovered modality alone,
is the one read from the real modality alone; climatology is what latents of training clips dealt out at random reach.

{_recovery_meaning(recipe["recovery"])}

## Decoded curves, numbers and phrases, and how far they are off
{decoders_section(manifest)}

## Eight classes, calm apart, from the same models
Clean visual features, then noised ones:

{_calm_apart(evaluation["calm_apart"]["clean"])}

{_calm_apart(evaluation["calm_apart"]["noised"])}

## With the speaker known
{_speaker_known(evaluation.get("speaker_known"))}

## What each part of recovery does
{_ablation(evaluation.get("ablation"))}

## The shipped weights: fold {shipped["fold"]}, seed {shipped["seed"]}
Trained on actors {", ".join(map(str, actors["train"]))}; never saw test actors {", ".join(map(str, actors["test"]))} ({shipped["clean"]["n"]} clips), measured here:

{_shipped_table(shipped)}

Sentiment teacher (ridge on the text encoder, {teacher["train_rows"]} texts) on CMU-MOSI official test: MAE {teacher["mosi_test"]["mae"]:.3f}, r {teacher["mosi_test"]["corr"]:.3f}, ACC2 {100 * teacher["mosi_test"]["acc2"]:.1f} %.
This bundle from text alone, same {mosi["n"]} texts, human labels: MAE {mosi["mae"]:.3f}, r {mosi["corr"]:.3f}, ACC2 {100 * mosi["acc2"]:.1f} %; its 90 % intervals cover {100 * mosi["coverage"]:.1f} %.

## Calibration
{manifest["calibration"]["fitted_on"]}.

{_calibration_table(manifest)}

Reliability of the label, shipped weights, test actors {", ".join(map(str, actors["test"]))}, noised face: clips in bins of equal size by the calibrated probability of the
predicted label, as mean probability %: share right % (clips). {_bin_error(shipped)}
Patterns with T measure synthetic pairing.

{_reliability_table(shipped)}

## Files
Largest difference of the ONNX graphs to PyTorch {parity:.1e}, of the whole pipeline {manifest["parity"]["pipeline_max_abs"]:.1e}. {training["parameters"]:,} parameters.
Training and evaluation of this run took {shipped["wall_seconds"]:.0f} s, all runs {recipe["wall_seconds"]:.0f} s of wall time, one thread of a shared two-core machine. Recipe (settings, folds, data) sha256 `{training["config_sha256"]}`.
"""
