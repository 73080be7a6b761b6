"""docs/model: figures and one page of tables, made of the bundles' figures and of result files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rohydr.benchmark.card import table
from rohydr.benchmark.claims import ablation_runs, label_claims, recovered_levels, recovery_claims
from rohydr.benchmark.figures import Chart, bars, lines, reliability
from rohydr.benchmark.known_report import known_figures, known_table, parts_table, quality_at_speed
from rohydr.benchmark.known_series import COMPARISON, known_names
from rohydr.benchmark.official import CLEAN
from rohydr.labels import PATTERNS

Table = dict[str, Any]
SHOWN = ("constant", "text-only", "modality-dropout", "ridge-mean", "flow", "faithful-v2", "fast")
NETWORKS, EVALUATIONS, SHORT = "official-networks.json", "speech-evaluations.json", "short"


def _mosi_figures(evaluation: Table) -> dict[str, str]:
    methods = {name: row for name, row in evaluation["methods"].items() if name in SHOWN}
    patterns = {name: {p: 100 * row["patterns"][p]["acc2"]["mean"] for p in PATTERNS} for name, row in methods.items()}
    rates = [r for r in methods["fast"]["random"] if r != "mean"]
    curves = {name: {r: 100 * row["random"][r]["acc2"]["mean"] for r in rates} for name, row in methods.items()}
    return {
        "mosi-patterns.svg": bars(
            Chart("CMU-MOSI, ACC2 by what is available", "available", "ACC2, %", list(PATTERNS), patterns, base=30)
        ),
        "mosi-missing-rates.svg": lines(
            Chart("CMU-MOSI, ACC2 by missing rate (exact expectation)", "missing rate", "ACC2, %", rates, curves)
        ),
    }


def _calibration_figures(evaluation: Table, speech: Table) -> dict[str, str]:
    """Reliability of the label of `speech-face-en`, and of the 90 % intervals of both bundles."""
    shipped = speech["shipped"]["noised"]["table"]
    curves = {name: [(b["stated"], b["found"]) for b in shipped[name]["reliability"]] for name in PATTERNS}
    inside = {
        "mosi-utterance": {p: 100 * share for p, share in evaluation["measured"]["coverage"].items()},
        "speech-face-en": {p: 100 * shipped[p]["score_coverage"] for p in PATTERNS},
    }
    return {
        "reliability-one.svg": reliability(
            "speech-face-en, label from one modality", {p: c for p, c in curves.items() if len(p) == 1}
        ),
        "reliability-more.svg": reliability(
            "speech-face-en, label from two or three", {p: c for p, c in curves.items() if len(p) > 1}
        ),
        "coverage.svg": bars(
            Chart(
                "Share of scores inside the 90 % interval",
                "available",
                "covered, %",
                list(PATTERNS),
                inside,
                base=50,
                lines={"nominal 90 %": 90.0},
            )
        ),
    }


def _evaluations_figure(found: Table) -> dict[str, str]:
    """Energy skill of `speech-face-en` to the climatology by network evaluations."""
    counts = list(found["curve"]["A->V"])
    names = {"A->V": "voice to face", "V->A": "face to voice"}
    skills = {names[way]: {n: 100 * row[n]["skill"] for n in counts} for way, row in found["curve"].items()}
    title = f"speech-face-en, recovery by network evaluations (ships with {found['shipped']})"
    chart = Chart(title, "network evaluations", "skill, %", counts, skills, lines={"climatology": 0.0})
    return {"speech-evaluations.svg": lines(chart)}


def _evaluations(found: Table) -> str:
    """Skill with its interval, and what the range of the samples covers."""
    rows = [
        [
            way,
            n,
            f"{100 * r['skill']:+.1f} [{100 * r['low']:+.1f}, {100 * r['high']:+.1f}]",
            f"{100 * r['covered']:.1f}",
        ]
        for way, row in found["curve"].items()
        for n, r in row.items()
    ]
    head = ["recovery", "evaluations", "energy skill to the climatology, %, 95 % over actors", "range covers, %"]
    return f"""## speech-face-en by network evaluations
Kept weights (fold {found["fold"]}, seed {found["seed"]}), {found["n"]} test clips of four actors, noised face features. The noise added to recoveries was calibrated at
{found["shipped"]} evaluations, which ship.

{table(head, rows)}

![Skill by network evaluations](speech-evaluations.svg)

"""


def _speed_table(speed: Table) -> str:
    rows = [
        [
            row["method"],
            str(row["batch"]),
            str(row["evaluations"]),
            f"{row['parameters']:,}",
            f"{row['processor_ms']:.2f}",
            f"{row['wall_ms']:.2f}",
        ]
        for row in speed["rows"]
    ]
    head = ["one missing modality", "batch", "evaluations", "parameters", "processor, ms per utterance", "wall, ms"]
    return table(head, rows)


def _ratios(speed: Table) -> str:
    """How many times faster `fast` is at K = 1, by processor time, for every structure and batch."""
    found = []
    for batch in (1, 32):
        cost = {row["method"]: row["processor_ms"] for row in speed["rows"] if row["batch"] == batch}
        one = max(ms for name, ms in cost.items() if "K = 1" in name)
        eight = max(ms for name, ms in cost.items() if "K = 8" in name)
        for name, ms in cost.items():
            if not name.startswith("fast"):
                found.append(
                    f"batch {batch}, {name}: {ms / one:.0f} times a recovery at K = 1, {ms / eight:.0f} at K = 8"
                )
    return "\n".join(f"- {line}" for line in found)


def _official(closed: Table, networks: Table | None) -> str:
    """Closed forms and, where they were trained, networks on the clean patterns of the official split."""
    rows = []
    for name, row in closed["methods"].items():
        cells = []
        for p in CLEAN:
            if p in row["patterns"]:
                c, (low, high) = row["patterns"][p], row["acc2_interval"][p]
                cells.append(f"{100 * c['acc2']:.1f} [{100 * low:.1f}, {100 * high:.1f}] / {100 * c['f1']:.1f}")
                cells.append(f"{c['mae']:.3f}")
            else:
                cells += ["", ""]
        rows.append([name, "closed form", *cells])
    for name, row in (networks or {"methods": {}})["methods"].items():
        cells = []
        for p in CLEAN:
            c = row["patterns"][p]
            cells.append(f"{100 * c['acc2']['mean']:.1f} ± {100 * c['acc2']['sd']:.1f} / {100 * c['f1']['mean']:.1f}")
            cells.append(f"{c['mae']['mean']:.3f}")
        rows.append([name, f"{len(row['seeds'])} seeds", *cells])
    head = [cell for p in CLEAN for cell in ("{" + ",".join(p) + "} ACC2 / F1 %", "MAE")]
    return table(["test, 686 utterances", "", *head], rows)


@dataclass(frozen=True)
class _Known:
    """One series on generated data: result files by method, and the comparison with `fast`."""

    methods: dict[str, list[Table]]
    compared: Table

    @staticmethod
    def read(folder: Path) -> _Known:
        """:raises ValueError: when the series has no `fast` or no comparison."""
        found: dict[str, list[Table]] = {}
        for path in sorted(folder.glob("known-*.json")):
            result = json.loads(path.read_text())
            found.setdefault(result["method"], []).append(result)
        if "fast" not in found or not (folder / COMPARISON).exists():
            raise ValueError(f"{folder}: needs known-*.json and {COMPARISON} of `benchmark known`")
        methods = {name: found[name] for name in known_names() if name in found}
        return _Known(methods, json.loads((folder / COMPARISON).read_text()))

    @property
    def steps(self) -> str:
        """Optimiser steps of every method."""
        return f"{self.methods['fast'][0]['steps']:,}"

    def claims(self) -> str:
        """Claims about recovery, if this series has anything beside `fast`."""
        told = recovery_claims(self.compared)
        return f"Trained for {self.steps} steps:\n\n{told}\n\n" if told else ""

    def quality(self) -> str:
        """`fast` beside the paper's structures, if they are in this series."""
        told = quality_at_speed(self.compared)
        return f"Trained for {self.steps} steps:\n\n{told}\n\n" if told else ""


def _quality(series: list[_Known]) -> str:
    told = "".join(each.quality() for each in series)
    return f"""**At which quality?** Energy score on generated data, same rows, same number of samples, same number of optimiser steps; lower is better. One sample is
scored by its expected distance to the truth.

{told or "The paper's structures were not trained on these data."}""".rstrip()


def _short_section(short: _Known | None) -> str:
    if short is None:
        return ""
    rows = short.methods["fast"][0]["rows"]
    return f"""The same data and {short.steps} steps for every method, {rows} test rows: what there was processor time for to compare all of them. **None is trained out.**

{known_table(short.methods)}

"""


def write_report(bundle: Path, speech_bundle: Path, results: Path, out: Path) -> list[str]:
    """Write the figures and README.md to `out`; returns the names of the files.

    :raises ValueError: when the bundle was not measured or result files are missing.
    """
    evaluation = json.loads((bundle / "bundle.json").read_text())["evaluation"]
    if "measured" not in evaluation:
        raise ValueError(f"{bundle}: holds no figures of `evaluate`; run `benchmark card --measured` first")
    speech = json.loads((speech_bundle / "bundle.json").read_text())["evaluation"]
    known = _Known.read(results)
    short = _Known.read(results / SHORT) if (results / SHORT).exists() else None
    lacking = [name for name in ("speed.json", "official.json") if not (results / name).exists()]
    if lacking:
        raise ValueError(f"{results}: {' and '.join(lacking)} missing; see `benchmark official`, test/bench/speed.mjs")
    series = [known] if short is None else [known, short]
    speed = json.loads((results / "speed.json").read_text())
    closed = json.loads((results / "official.json").read_text())
    networks = json.loads((results / NETWORKS).read_text()) if (results / NETWORKS).exists() else None
    figures = _mosi_figures(evaluation) | known_figures(known.methods) | _calibration_figures(evaluation, speech)
    by_count = json.loads((results / EVALUATIONS).read_text()) if (results / EVALUATIONS).exists() else None
    if by_count is not None:
        figures |= _evaluations_figure(by_count)
    out.mkdir(parents=True, exist_ok=True)
    for name, drawing in figures.items():
        (out / name).write_text(drawing)
    notes = (results / "NOTES.md").read_text() if (results / "NOTES.md").exists() else ""
    (out / "README.md").write_text(
        f"""# Figures of the models

Written by `python -m rohydr benchmark report`; do not edit. Tables of each bundle are in its CARD.md.

## Which of the paper's claims held
With minus without, 95 % interval. **held**: the interval is on the side of the claim; **the opposite**: on the other; **not seen**: it contains zero. Intervals
come from resampling test rows, videos or actors; they do not hold the spread between training runs.

Recovery itself, on generated data whose posterior is known. One sample is scored by its expected distance to the truth, which a random draw has to lose against a mean:

{"".join(each.claims() for each in series)}The label:

{label_claims(evaluation, speech)}

The RAVDESS ablation takes one level out of all at a time; {ablation_runs(speech)} Recovered latents:

{recovered_levels(evaluation, speech)}

## Generated data with a known posterior
Three modalities, four classes, two variants of every class and modality, a shared factor and a non-linear warp (`rohydr/data/posterior.py`).
Percentages are above exact posterior samples, the lowest possible energy score, mean ± sd over seeds (their number behind the name). A sample lies on a mode when it
is within 2.5 squared standard deviations per dimension of a component that the posterior holds. Point forecasts have one sample, the others eight, scored without
bias from their number. IMDer-style and v1 share one score network, v2 and "v2 without reconstructor" one transformer: the paper's unimodal reconstructors stand behind it or not.

{known_table(known.methods)}

**What is left of `fast`.** Every draw belongs to the mode of the posterior that it lies nearest to. *Shares*: exact samples, with the modes as frequent as `fast` draws them; *what
lies on them*: draws of `fast`, with the modes as frequent as they are; beside as many exact samples treated alike ({known.methods["fast"][0]["parts_rows"]} rows, 64 draws each). The parts need not add up.

{parts_table(known.methods)}

![Energy score by pattern](known-energy.svg)

![Energy score by network evaluations](known-evaluations.svg)

{_short_section(short)}## Time of one recovery
One run on one machine, one thread each ({speed["machine"]}). `fast` through onnxruntime-node, encoding to decoding; the released structures in
PyTorch at their released sizes (48 x 32 maps), sampler and unimodal reconstructor only. Other programs ran beside it, so **compare processor time**.

{_speed_table(speed)}

{_ratios(speed)}

{_quality(series)}

{_evaluations(by_count) if by_count else ""}## CMU-MOSI utterance vectors
![ACC2 by pattern](mosi-patterns.svg)

![ACC2 by missing rate](mosi-missing-rates.svg)

## CMU-MOSI, official split, clean features
{closed["n"]["train"]} training, {closed["n"]["valid"]} validation and {closed["n"]["test"]} test utterances ({closed["test_videos"]} test videos); text encoded anew with frozen MiniLM,
published openSMILE audio. The published video vectors know the labels of most test videos (`video_3dcnn`), so **there is no video here** and three patterns instead of
seven. Penalty and audio weight by validation MAE; test measured once; 95 % over videos.

{_official(closed, networks)}

## Calibration
Stated probability of the label and share that is right, eight bins of 30 test clips each; score intervals of both bundles.

![Reliability, one modality](reliability-one.svg)

![Reliability, more modalities](reliability-more.svg)

![Coverage of the intervals](coverage.svg)

{notes}""".rstrip()
        + "\n"
    )
    return [*figures, "README.md"]
