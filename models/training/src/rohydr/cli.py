"""Command line: expression, prepare, visual-map, train, evaluate, export, card, benchmark, text and smaller ones."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import torch

from rohydr import config as configuration
from rohydr.ablation import aggregate_ablation, run_ablation
from rohydr.aggregate import aggregate, calm_apart, read_runs, shipped_figures, with_reliability
from rohydr.benchmark.commands import add_benchmark
from rohydr.card import write_card
from rohydr.config import Config
from rohydr.data import text as texts
from rohydr.data.pairs import Material
from rohydr.data.ravdess import matched_frames
from rohydr.data.voices import alter_voices
from rohydr.decoders.commands import add_decoders
from rohydr.evaluate import Calibration, reliability_curves
from rohydr.evaluations import skill_by_evaluations
from rohydr.experiment import (
    Sources,
    load_sources,
    material_of,
    rebuild,
    run_series,
    synthetic_sources,
)
from rohydr.export import Shipment, now_utc, software, write_bundle
from rohydr.expression.install import install
from rohydr.expression.train import ExpressionConfig
from rohydr.expression.train import run as run_expression
from rohydr.features import fit_posterior_map
from rohydr.metrics import ReliabilityBin
from rohydr.model.rohydr import RoHyDR
from rohydr.recipe import recipe_sha256
from rohydr.speaker import speaker_known
from rohydr.text.commands import add_text

EXPRESSION_OPTIONS: dict[str, type] = {"epochs": int, "width": int, "seed": int} | dict.fromkeys(
    ("minutes", "learning_rate", "warmup", "ema_decay", "mixup", "crop_until"), float
)
"""Fields of ExpressionConfig that the command line sets."""
PACKAGE = Path(__file__).resolve().parents[2]
DATA = [
    "RAVDESS speech, 1440 clips, 24 actors (CC BY-NC-SA 4.0): audio functionals by the app, stored face posteriors",
    "MELD (GPL-3.0 data release) and GoEmotions, Ekman grouping, single-label (Apache-2.0): emotion of texts",
    "CMU-MOSI official train and CMU-MOSEI validation transcripts (research use): sentiment teacher",
    "other texts of these sets, and SST-2 (research use): the text encoder that they are read with",
    "FER2013 (research use): the expression network whose posteriors are the visual features",
]
FITTED_ON = (
    "Temperature by number of available modalities and split-conformal half-width by pattern (90 %) on two held "
    "actors, which select as well, and on dev texts of its own; score truth is the teacher's score plus a residual of "
    "the teacher on MOSI validation"
)


def _progress(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _sources(args: argparse.Namespace) -> Sources:
    if args.smoke or args.data is None:
        return synthetic_sources(args.out / "synthetic")
    return load_sources(args.data, args.cache, args.audio, args.visual_map, PACKAGE, args.altered)


def _config(args: argparse.Namespace) -> Config:
    config = configuration.speech_face()
    return configuration.smoke(config) if args.smoke else config


def _pairs(args: argparse.Namespace) -> list[tuple[int, int]]:
    return [(fold, seed) for seed in args.seeds for fold in args.folds]


def _expression(args: argparse.Namespace) -> None:
    config = ExpressionConfig(smoke=args.smoke)
    overrides = {name: getattr(args, name) for name in EXPRESSION_OPTIONS if getattr(args, name) is not None}
    if args.plain:
        overrides |= {"extra": (0, 0, 0), "gated": False}
    if args.smoke:
        overrides = {"width": 8, "epochs": 1} | overrides
    result = run_expression(dataclasses.replace(config, **overrides), args.data, args.out, args.start)
    print(json.dumps({k: result[k] for k in ("public_test", "private_test", "temperature", "wall_seconds")}, indent=2))
    if args.install is not None:
        install(args.out, args.install)


def _prepare(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    encoder = texts.MiniLm(args.perception, texts.SHIPPED)
    for name, sentences in texts.prepared_sentences(args.data).items():
        texts.embed_sentences(sentences, encoder, args.out / f"{name}.npz")


def _alter_voices(args: argparse.Namespace) -> None:
    alter_voices(args.data / "ravdess" / "flac16k", args.out, args.ffmpeg, _progress)


def _visual_map(args: argparse.Namespace) -> None:
    stored, ours, ids = matched_frames(args.clips, args.data / "ravdess" / "visual.npz")
    actors = sorted({int(name.split("-")[-1]) for name in ids})
    fitted_on = (
        f"{len(stored)} frames of {len(ids)} clips of actor(s) {', '.join(map(str, actors))}, as the app sees them"
    )
    mapping = fit_posterior_map(stored, ours, fitted_on)
    args.out.write_text(json.dumps(dataclasses.asdict(mapping), indent=2) + "\n")


def _train(args: argparse.Namespace) -> None:
    keep = (args.folds[0], args.seeds[0])
    run_series(_config(args), _sources(args), _pairs(args), args.out, keep, _progress)


def _evaluate(args: argparse.Namespace) -> None:
    table = aggregate(read_runs(args.out))
    (args.out / "evaluation.json").write_text(json.dumps(table, indent=2) + "\n")
    for name, row in table["clean"]["accuracy"].items():
        print(f"{name:28s}", *(f"{p} {100 * c['mean']:5.1f}" for p, c in row.items()))


@dataclasses.dataclass(frozen=True)
class _Kept:
    """The kept weights with what they were trained with; `stored` is the content of model.pt, `recipe` its hash."""

    model: RoHyDR
    config: Config
    sources: Sources
    parts: dict[str, Material]
    stored: dict[str, Any]
    recipe: str

    def reliability(self) -> dict[str, list[ReliabilityBin]]:
        """Measured on the test actors of the fold."""
        calibration = Calibration(self.stored["temperature"], self.stored["half_width"])
        samples = self.config.train.samples
        return reliability_curves(self.model, self.parts["test"], calibration, samples, self.stored["seed"])


def _stored(out: Path) -> tuple[dict[str, Any], Config]:
    """Content of model.pt and the settings it was trained with, whatever those of this version are."""
    stored = torch.load(out / "model.pt", weights_only=True)
    fields = stored["config"]
    model, train = configuration.ModelConfig(**fields["model"]), configuration.TrainConfig(**fields["train"])
    return stored, Config(fields["name"], fields["classes"], model, train)


def _kept(args: argparse.Namespace) -> _Kept:
    sources = _sources(args)
    stored, config = _stored(args.out)
    recipe = recipe_sha256(config, sources)
    trained = str(stored.get("config_sha256"))
    if recipe != trained:
        raise ValueError(
            f"{args.out / 'model.pt'}: its recipe is {trained[:8]}, these data and settings are {recipe[:8]}; give the "
            "arguments of `train`"
        )
    parts = material_of(sources, config, stored["fold"], stored["seed"])
    model = rebuild(config, parts["train"], stored["descriptors"], stored["state"])
    return _Kept(model, config, sources, parts, stored, recipe)


def _export(args: argparse.Namespace) -> None:
    kept = _kept(args)
    model, config, sources, stored = kept.model, kept.config, kept.sources, kept.stored
    fold, seed = stored["fold"], stored["seed"]
    run = json.loads((args.out / f"run-{fold}-{seed}.json").read_text())
    runs = read_runs(args.out)
    if run["config_sha256"] != kept.recipe:
        raise ValueError(f"{args.out}: model.pt and its result file are of two recipes")
    evaluation: dict[str, Any] = {
        "recipe": aggregate(runs),
        "shipped": shipped_figures(run, kept.reliability()),
        "calm_apart": calm_apart(runs),
    }
    evaluation["ablation"] = aggregate_ablation(args.out, kept.recipe)
    data = ["generated data (smoke run): says nothing about people"] if sources.synthetic else DATA
    training = {
        "data": data,
        "seeds": evaluation["recipe"]["seeds"],
        "config_sha256": kept.recipe,
        "wall_seconds": run["wall_seconds"],
        "software": software(),
        "parameters": sum(p.numel() for p in model.parameters()),
    }
    shipment = Shipment(
        model,
        config,
        stored["temperature"],
        stored["half_width"],
        stored["decoded"],
        stored["names"],
        training,
        evaluation,
        FITTED_ON,
        now_utc(),
    )
    manifest = write_bundle(shipment, kept.parts["train"], args.bundle)
    (args.bundle / "CARD.md").write_text(write_card(manifest))


def _reliability(args: argparse.Namespace) -> None:
    kept = _kept(args)
    manifest = json.loads((args.bundle / "bundle.json").read_text())
    if manifest["calibration"]["temperature"] != kept.stored["temperature"]:
        raise ValueError(f"{args.bundle}: its calibration is not that of {args.out / 'model.pt'}; export it from there")
    noised = manifest["evaluation"]["shipped"]["noised"]
    noised["table"] = with_reliability(noised["table"], kept.reliability())
    (args.bundle / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (args.bundle / "CARD.md").write_text(write_card(manifest))


def _evaluations(args: argparse.Namespace) -> None:
    kept = _kept(args)
    found = skill_by_evaluations(kept.model, kept.parts, kept.stored["seed"])
    found |= {"fold": kept.stored["fold"], "seed": kept.stored["seed"]}
    args.json.write_text(json.dumps(found, indent=1) + "\n")


def _same_recipe(bundle: Path, manifest: dict[str, Any], config: Config, sources: Sources) -> None:
    """:raises ValueError: when the bundle was made with other data or settings."""
    made, given = manifest["training"]["config_sha256"], recipe_sha256(config, sources)
    if made != given:
        raise ValueError(f"{bundle}: its recipe is {made[:8]}, these data and settings are {given[:8]}")


def _speaker(args: argparse.Namespace) -> None:
    sources, (_, config) = _sources(args), _stored(args.out)
    manifest = json.loads((args.bundle / "bundle.json").read_text())
    _same_recipe(args.bundle, manifest, config, sources)
    found = speaker_known(sources, config, args.seed)
    manifest["evaluation"]["speaker_known"] = found
    (args.bundle / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (args.bundle / "CARD.md").write_text(write_card(manifest))


def _ablation(args: argparse.Namespace) -> None:
    run_ablation(_config(args), _sources(args), _pairs(args), args.out, _progress)


def _card(args: argparse.Namespace) -> None:
    manifest = json.loads((args.bundle / "bundle.json").read_text())
    if args.ablation is not None:
        found = aggregate_ablation(args.ablation, manifest["training"]["config_sha256"])
        if found is None:
            raise ValueError(f"{args.ablation}: no ablation-*.json in it")
        manifest["evaluation"]["ablation"] = found
        (args.bundle / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (args.bundle / "CARD.md").write_text(write_card(manifest))


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="folder with the research data; without it generated data are used")
    parser.add_argument("--cache", type=Path, default=Path("cache"), help="folder that `prepare` wrote")
    parser.add_argument("--audio", type=Path, help="folder that the app's `features` command wrote")
    parser.add_argument("--altered", type=Path, nargs="*", default=[], help="the same for copies by `alter-voices`")
    parser.add_argument("--visual-map", type=Path, help="file that `visual-map` wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder of run files and weights")
    parser.add_argument("--smoke", action="store_true", help="generated data, a few steps")


def _add_kept(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What is measured afterwards."""
    reliability = commands.add_parser(
        "reliability", help="measure it for a bundle of the kept weights, graphs left alone"
    )
    _add_sources(reliability)
    reliability.add_argument("--bundle", type=Path, required=True)
    reliability.set_defaults(run=_reliability)
    speaker = commands.add_parser("speaker", help="what knowing the speaker is worth, for the card of a bundle")
    _add_sources(speaker)
    speaker.add_argument("--bundle", type=Path, required=True)
    speaker.add_argument("--seed", type=int, default=1, help="of the noise on faces")
    speaker.set_defaults(run=_speaker)
    evaluations = commands.add_parser("evaluations", help="quality of the kept weights by network evaluations")
    _add_sources(evaluations)
    evaluations.add_argument("--json", type=Path, required=True, help="figures to write, for `benchmark report`")
    evaluations.set_defaults(run=_evaluations)


def _add_preparation(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What is made before training."""
    expression = commands.add_parser("expression", help="train the expression network")
    expression.add_argument("--data", type=Path, help="faces48.npz; without it generated faces are used")
    expression.add_argument("--out", type=Path, required=True)
    expression.add_argument(
        "--start", type=Path, help="weights of an earlier run (.pt), or a smaller network to grow from (.onnx)"
    )
    expression.add_argument("--install", type=Path, help="models/perception, to put the result in place")
    expression.add_argument("--smoke", action="store_true")
    expression.add_argument("--plain", action="store_true", help="one block a stage, no gates: what others grow from")
    for name, kind in EXPRESSION_OPTIONS.items():
        expression.add_argument(f"--{name.replace('_', '-')}", type=kind)
    expression.set_defaults(run=_expression)
    prepare = commands.add_parser("prepare", help="embed the texts")
    prepare.add_argument("--data", type=Path, required=True)
    prepare.add_argument("--perception", type=Path, required=True)
    prepare.add_argument("--out", type=Path, required=True)
    prepare.set_defaults(run=_prepare)
    voices = commands.add_parser("alter-voices", help="write altered copies of the sound, for training")
    voices.add_argument("--data", type=Path, required=True)
    voices.add_argument("--out", type=Path, required=True)
    voices.add_argument("--ffmpeg", default="ffmpeg")
    voices.set_defaults(run=_alter_voices)
    visual = commands.add_parser("visual-map", help="fit the map from stored posteriors to our network's")
    visual.add_argument("--data", type=Path, required=True)
    visual.add_argument("--clips", type=Path, required=True, help="what `features --visual` wrote for raw clips")
    visual.add_argument("--out", type=Path, required=True)
    visual.set_defaults(run=_visual_map)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rohydr", description=__doc__)
    commands = parser.add_subparsers(required=True)
    _add_preparation(commands)
    train = commands.add_parser("train", help="train and evaluate folds x seeds; the first fold and seed ships")
    _add_sources(train)
    train.add_argument("--folds", type=int, nargs="+", default=[0])
    train.add_argument("--seeds", type=int, nargs="+", default=[1])
    train.set_defaults(run=_train)
    ablation = commands.add_parser("ablation", help="recovery without each of its levels and without stages")
    _add_sources(ablation)
    ablation.add_argument("--folds", type=int, nargs="+", default=[0])
    ablation.add_argument("--seeds", type=int, nargs="+", default=[1])
    ablation.set_defaults(run=_ablation)
    evaluate = commands.add_parser("evaluate", help="tables from the run files")
    evaluate.add_argument("--out", type=Path, required=True)
    evaluate.set_defaults(run=_evaluate)
    export = commands.add_parser("export", help="write a bundle from the kept weights and all run files")
    _add_sources(export)
    export.add_argument("--bundle", type=Path, required=True)
    export.set_defaults(run=_export)
    _add_kept(commands)
    add_benchmark(commands)
    add_decoders(commands)
    add_text(commands)
    card = commands.add_parser("card", help="write CARD.md from bundle.json")
    card.add_argument("--bundle", type=Path, required=True)
    card.add_argument("--ablation", type=Path, help="folder of `ablation`'s files to put into bundle.json first")
    card.set_defaults(run=_card)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Entry point; 0 on success, 2 on wrong usage, 3 on unreadable input."""
    args = _parser().parse_args(argv)
    torch.set_num_threads(1)
    try:
        args.run(args)
    except (OSError, ValueError, KeyError) as problem:
        print(f"rohydr: {problem}", file=sys.stderr)
        return 3
    return 0
