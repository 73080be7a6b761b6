"""Subcommands of `text`: train, evaluate, install, report."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from rohydr.text.finetune import TuneConfig
from rohydr.text.install import install
from rohydr.text.report import evaluate, page
from rohydr.text.study import VARIANTS, run_all


def _progress(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _train(args: argparse.Namespace) -> None:
    config = TuneConfig() if args.epochs is None else replace(TuneConfig(), epochs=args.epochs)
    run_all(args.variants, args.seeds, args.data, args.perception, args.out, config, _progress)


def _evaluate(args: argparse.Namespace) -> None:
    args.results.write_text(json.dumps(evaluate(args.out, args.data), indent=1) + "\n")


def _report(args: argparse.Namespace) -> None:
    notes = args.results / "TEXT_NOTES.md"
    results = json.loads((args.results / "text.json").read_text())
    (args.out / "TEXT.md").write_text(page(results, notes.read_text() if notes.exists() else ""))


def _install(args: argparse.Namespace) -> None:
    install(args.out, args.perception, args.seed)


def add_text(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `text` command to the command line."""
    parser = commands.add_parser("text", help="sentiment and emotion from words: encoder frozen and fine-tuned")
    actions = parser.add_subparsers(required=True)
    train = actions.add_parser("train", help="variants x seeds, one result file each; existing ones are kept")
    train.add_argument("--data", type=Path, help="folder of the research data; without it generated sentences")
    train.add_argument("--perception", type=Path, required=True, help="models/perception")
    train.add_argument("--out", type=Path, required=True, help="folder of result files")
    train.add_argument("--variants", nargs="+", default=list(VARIANTS), help=f"any of: {'; '.join(VARIANTS)}")
    train.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    train.add_argument("--epochs", type=int)
    train.set_defaults(run=_train)
    collect = actions.add_parser("evaluate", help="means over seeds and intervals, from the result files")
    collect.add_argument("--data", type=Path, help="folder of the research data, as given to train")
    collect.add_argument("--out", type=Path, required=True, help="folder of result files")
    collect.add_argument(
        "--results", type=Path, required=True, help="the JSON file to write (docs/model/results/text.json)"
    )
    collect.set_defaults(run=_evaluate)
    place = actions.add_parser("install", help="put the app's encoder of `train` into models/perception")
    place.add_argument("--out", type=Path, required=True, help="folder of result files, with the kept weights")
    place.add_argument("--perception", type=Path, required=True, help="models/perception")
    place.add_argument("--seed", type=int, default=1)
    place.set_defaults(run=_install)
    report = actions.add_parser("report", help="TEXT.md from text.json and TEXT_NOTES.md")
    report.add_argument("--results", type=Path, required=True, help="docs/model/results")
    report.add_argument("--out", type=Path, required=True, help="docs/model")
    report.set_defaults(run=_report)
