"""Subcommands of `benchmark`: train, evaluate, export, card."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch

from rohydr.benchmark.backbone import benchmark_config
from rohydr.benchmark.bundle import MOSI, own_naming, write_bundle, write_manifest
from rohydr.benchmark.card import write_card
from rohydr.benchmark.known import Plan
from rohydr.benchmark.known_series import known_names, run_known
from rohydr.benchmark.official import more_texts, official_table, official_vectors, read_official
from rohydr.benchmark.report import write_report
from rohydr.benchmark.series import add_ablation, aggregate, known_methods, read_results, run_benchmark
from rohydr.benchmark.speed import measure_speed
from rohydr.benchmark.study import METHODS
from rohydr.benchmark.utterances import layout_of, load_vectors
from rohydr.data.sequences import read_sequences, to_vectors
from rohydr.data.text import PRETRAINED, MiniLm

Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _progress(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _train(args: argparse.Namespace) -> None:
    load_vectors(args.data)
    run_benchmark(
        lambda seed: load_vectors(args.data, seed=seed), args.methods, args.seeds, args.out, args.smoke, _progress
    )


def _evaluate(args: argparse.Namespace) -> None:
    test = load_vectors(args.data)["test"]
    table = aggregate(read_results(args.out), test)
    (args.json or args.out / "benchmark.json").write_text(json.dumps(table, indent=2) + "\n")
    for name, row in table["methods"].items():
        cells = " ".join(f"{p} {100 * c['acc2']['mean']:4.1f}" for p, c in row["patterns"].items())
        avg = row["averages"]["avg7"]
        gap = table["against"].get(name)
        extra = (
            f"  fast-this {100 * gap['difference']:+.1f} [{100 * gap['low']:+.1f},{100 * gap['high']:+.1f}]"
            if gap
            else ""
        )
        print(f"{name:40s} {cells}  Avg7 {100 * avg['acc2']['mean']:.1f}/{100 * avg['f1']['mean']:.1f}{extra}")


def _export(args: argparse.Namespace) -> None:
    data = load_vectors(args.data)["test"]
    kept = torch.load(args.out / f"fast-{args.seed}.pt", weights_only=True)
    table = aggregate(read_results(args.out), data)
    naming = MOSI if args.id == MOSI.id else own_naming(args.id, args.title or args.id)
    layout = layout_of(args.data)
    manifest = write_bundle(benchmark_config(args.smoke), kept, data, table, args.bundle, layout, naming)
    (args.bundle / "CARD.md").write_text(write_card(manifest))


def _card(args: argparse.Namespace) -> None:
    manifest = json.loads((args.bundle / "bundle.json").read_text())
    if args.measured is not None:
        measured = json.loads(args.measured.read_text())
        if measured.get("bundle") != manifest["id"] or measured.get("version") != manifest["version"]:
            raise ValueError(f"{args.measured}: was measured with another bundle")
        manifest["evaluation"]["measured"] = measured
        write_manifest(manifest, args.bundle)
    (args.bundle / "CARD.md").write_text(write_card(manifest))


def _ablation(args: argparse.Namespace) -> None:
    manifest = json.loads((args.bundle / "bundle.json").read_text())
    add_ablation(manifest, read_results(args.out), load_vectors(args.data)["test"])
    write_manifest(manifest, args.bundle)
    (args.bundle / "CARD.md").write_text(write_card(manifest))


def _known(args: argparse.Namespace) -> None:
    plan = replace(Plan(), generator=args.generator)
    plan = plan if args.steps is None else replace(plan, steps=args.steps)
    plan = plan if args.rows is None else replace(plan, rows=args.rows, rows_slow=max(1, args.rows // 2))
    run_known(args.methods, args.seeds, args.out, plan, args.smoke, _progress)


def _vectors(args: argparse.Namespace) -> None:
    rows = read_sequences(args.pickle)
    text = None
    if args.perception is not None:
        if not all(word.strip() for word in rows.words):
            raise ValueError(f"{args.pickle}: some utterances have no words, so text cannot be encoded from them")
        encoder = MiniLm(args.perception, PRETRAINED)
        text = np.stack([encoder.embed(words) for words in rows.words]).astype(np.float64)
    np.savez(args.out, **to_vectors(rows, text))
    load_vectors(args.out)


def _official(args: argparse.Namespace) -> None:
    encoder = MiniLm(args.perception, PRETRAINED)
    np.savez(args.vectors, **official_vectors(args.data, encoder.embed))  # type: ignore[arg-type]
    table = official_table(
        read_official(args.vectors), None if args.more_texts is None else more_texts(args.more_texts, encoder)
    )
    args.json.write_text(json.dumps(table, indent=1) + "\n")
    for name, row in table["methods"].items():
        cells = " ".join(f"{p} {100 * c['acc2']:4.1f}/{c['mae']:.3f}" for p, c in row["patterns"].items())
        print(f"{name:50s} ACC2/MAE {cells}")


def _speed(args: argparse.Namespace) -> None:
    print(json.dumps(measure_speed(args.smoke)))


def _report(args: argparse.Namespace) -> None:
    print("\n".join(write_report(args.bundle, args.speech_bundle, args.results, args.out)))


def add_benchmark(commands: Actions) -> None:
    """Add the `benchmark` command to the command line."""
    parser = commands.add_parser("benchmark", help="sentiment from utterance vectors: controls, rivals, fast, ablation")
    actions = parser.add_subparsers(required=True)
    _add_methods(actions)
    _add_data(actions)
    _add_figures(actions)


def _add_methods(actions: Actions) -> None:
    train = actions.add_parser("train", help="methods x seeds, one result file each; existing ones are kept")
    train.add_argument("--data", type=Path, required=True, help="utterance_vectors.npz")
    train.add_argument("--out", type=Path, required=True, help="folder of result files")
    train.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    train.add_argument("--methods", nargs="+", default=list(METHODS), help=f"any of: {'; '.join(known_methods())}")
    train.add_argument("--smoke", action="store_true", help="a few steps, for tests")
    train.set_defaults(run=_train)
    evaluate = actions.add_parser("evaluate", help="tables from the result files, into benchmark.json")
    evaluate.add_argument("--data", type=Path, required=True, help="utterance_vectors.npz")
    evaluate.add_argument("--out", type=Path, required=True, help="folder of result files")
    evaluate.add_argument("--json", type=Path, help="where the tables go, instead of benchmark.json in --out")
    evaluate.set_defaults(run=_evaluate)
    export = actions.add_parser("export", help="bundle with the kept weights of one seed and all result files")
    export.add_argument("--data", type=Path, required=True, help="utterance_vectors.npz")
    export.add_argument("--out", type=Path, required=True, help="folder of result files and weights")
    export.add_argument("--seed", type=int, default=1, help="whose weights ship; fixed beforehand, never the best")
    export.add_argument("--bundle", type=Path, required=True)
    export.add_argument("--smoke", action="store_true", help="the weights come from a smoke run")
    export.add_argument("--id", default=MOSI.id, help="id of the bundle; its folder must be named so")
    export.add_argument("--title", help="title of a bundle on data of your own")
    export.set_defaults(run=_export)
    card = actions.add_parser("card", help="CARD.md from bundle.json")
    card.add_argument("--bundle", type=Path, required=True)
    card.add_argument("--measured", type=Path, help="what `npm run evaluate -- --json` wrote; goes into bundle.json")
    card.set_defaults(run=_card)
    ablation = actions.add_parser("ablation", help="rows of the ablation into an existing bundle and its card")
    ablation.add_argument("--data", type=Path, required=True, help="utterance_vectors.npz")
    ablation.add_argument("--out", type=Path, required=True, help="result files of `fast` and of ablation rows")
    ablation.add_argument("--bundle", type=Path, required=True)
    ablation.set_defaults(run=_ablation)


def _add_data(actions: Actions) -> None:
    vectors = actions.add_parser("vectors", help="utterance vectors from an MMSA or MISA pickle of sequences")
    vectors.add_argument("--pickle", type=Path, required=True, help="aligned_50.pkl, unaligned_50.pkl or a MISA list")
    vectors.add_argument("--perception", type=Path, help="models/perception: encode text from the words with MiniLM")
    vectors.add_argument("--out", type=Path, required=True, help="npz to write, for train, evaluate and export")
    vectors.set_defaults(run=_vectors)
    official = actions.add_parser("official", help="CMU-MOSI official split, clean features only, closed forms")
    official.add_argument("--data", type=Path, required=True, help="utterance_vectors.npz")
    official.add_argument("--perception", type=Path, required=True, help="models/perception: MiniLM encodes the texts")
    official.add_argument("--more-texts", type=Path, help="CMU-MOSEI validation texts (csv), for a row of their own")
    official.add_argument("--vectors", type=Path, required=True, help="npz to write; `train` takes it too")
    official.add_argument("--json", type=Path, required=True, help="table to write, for `report`")
    official.set_defaults(run=_official)


def _add_figures(actions: Actions) -> None:
    known = actions.add_parser("known", help="recovery on generated data beside exact posterior samples")
    known.add_argument("--out", type=Path, required=True, help="folder of result files; existing ones are kept")
    known.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    known.add_argument("--methods", nargs="+", default=known_names())
    known.add_argument("--steps", type=int, help="optimiser steps of every method")
    known.add_argument("--rows", type=int, help="test rows; half of them for methods of many evaluations")
    known.add_argument("--generator", type=int, default=Plan().generator, help="another one to choose settings on")
    known.add_argument("--smoke", action="store_true", help="a few steps, for tests")
    known.set_defaults(run=_known)
    speed = actions.add_parser("speed", help="time of one recovery with the released structures, as JSON")
    speed.add_argument("--smoke", action="store_true", help="two evaluations, for tests")
    speed.set_defaults(run=_speed)
    report = actions.add_parser("report", help="figures and README.md of docs/model")
    report.add_argument("--bundle", type=Path, required=True, help="the benchmark bundle")
    report.add_argument("--speech-bundle", type=Path, required=True, help="the bundle for recordings")
    report.add_argument("--results", type=Path, required=True, help="folder of the result files")
    report.add_argument("--out", type=Path, required=True, help="docs/model")
    report.set_defaults(run=_report)
