"""Command line of the decoders: face-film, face-map, decoders."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from rohydr.card import write_card
from rohydr.config import Config, ModelConfig, TrainConfig
from rohydr.data.ravdess import Fold
from rohydr.data.text import SHIPPED, MiniLm
from rohydr.decoders.attach import PHRASES, attach
from rohydr.decoders.faces import FIT, HELD_OUT, FaceMap, fit_face_map, write_film
from rohydr.decoders.graphs import BundleGraphs
from rohydr.decoders.phrases import phrase_figures
from rohydr.decoders.study import prepare, run_study
from rohydr.decoders.targets import Quantity, read_targets
from rohydr.experiment import load_sources, material_of

PACKAGE = Path(__file__).resolve().parents[3]


def _film(args: argparse.Namespace) -> None:
    print(json.dumps(write_film(args.data, args.out)))


def _map(args: argparse.Namespace) -> None:
    with np.load(args.data, allow_pickle=False) as packed:
        counts = {name: int((packed["usage"] == name).sum()) for name in (FIT, HELD_OUT)}
    fitted = fit_face_map(args.faces, counts)
    plain = {
        "names": fitted.names,
        "unit": fitted.unit,
        "weights": np.round(fitted.weights, 6).tolist(),
        "bias": np.round(fitted.bias, 6).tolist(),
        "report": fitted.report,
    }
    args.out.write_text(json.dumps(plain, indent=1) + "\n")


def read_face_map(file: Path) -> FaceMap:
    """The map that `face-map` wrote."""
    raw = json.loads(file.read_text())
    return FaceMap(raw["names"], raw["unit"], np.array(raw["weights"]), np.array(raw["bias"]), raw["report"])


def _decoders(args: argparse.Namespace) -> None:
    manifest: dict[str, Any] = json.loads((args.bundle / "bundle.json").read_text())
    shipped = manifest["evaluation"]["shipped"]
    fold = Fold(**{name: tuple(actors) for name, actors in shipped["actors"].items()})
    sources = load_sources(args.data, args.cache, args.audio, args.visual_map, PACKAGE)
    seven = Config("fast", 7, ModelConfig(), TrainConfig())
    material = material_of(sources, seven, shipped["fold"], shipped["seed"])
    width = manifest["modalities"]["visual"]["dimension"]
    if material["test"].visual.shape[2] != width:
        raise ValueError(f"{args.bundle}: its face features have {width} numbers, this version makes others")
    targets = read_targets(sources.clips, args.contours, args.data / "ravdess" / "visual.npz", sources.visual.mapping)
    graphs = BundleGraphs(args.bundle)
    parts = prepare(sources.clips, material, fold, targets, graphs, shipped["seed"])
    faces = read_face_map(args.face_map)
    plain = [name.split("[")[0] for name in sources.clips.names]
    wanted = manifest["decoded"]["acoustics"]
    decoded = {Quantity(d["name"], d["unit"]): plain.index(d["name"]) for d in wanted}
    study = run_study(parts, faces, graphs, decoded, shipped["seed"])
    phrases = phrase_figures(
        args.bundle / PHRASES,
        MiniLm(args.perception, SHIPPED),
        graphs,
        parts["test"],
        sources.texts["test"],
        shipped["seed"],
    )
    manifest = attach(args.bundle, study, faces, phrases)
    (args.bundle / "CARD.md").write_text(write_card(manifest))


def add_decoders(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of the decoders to the command line."""
    film = commands.add_parser("face-film", help="faces of FER2013 as a film for the app's `features --visual`")
    film.add_argument("--data", type=Path, required=True, help="faces48.npz")
    film.add_argument("--out", type=Path, required=True, help="a .y4m file, 600 MB")
    film.set_defaults(run=_film)
    mapping = commands.add_parser("face-map", help="fit the map from expressions to action-unit proxies")
    mapping.add_argument("--data", type=Path, required=True, help="faces48.npz")
    mapping.add_argument("--faces", type=Path, required=True, help="what `features --visual` wrote for the film")
    mapping.add_argument("--out", type=Path, required=True)
    mapping.set_defaults(run=_map)
    decoders = commands.add_parser("decoders", help="fit decoders of curves for a finished bundle and put them into it")
    decoders.add_argument("--bundle", type=Path, required=True, help="folder with bundle.json and phrases.json")
    decoders.add_argument("--data", type=Path, required=True, help="folder with the research data")
    decoders.add_argument("--cache", type=Path, required=True, help="folder that `prepare` wrote")
    decoders.add_argument("--audio", type=Path, required=True, help="folder that the app's `features` wrote")
    decoders.add_argument("--contours", type=Path, required=True, help="folder that `features --curves` wrote")
    decoders.add_argument("--visual-map", type=Path, required=True, help="file that `visual-map` wrote")
    decoders.add_argument("--face-map", type=Path, default=PACKAGE / "face_map.json")
    decoders.add_argument("--perception", type=Path, required=True, help="models/perception")
    decoders.set_defaults(run=_decoders)
