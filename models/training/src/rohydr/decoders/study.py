"""Decoders of one bundle: fitted on its training actors, bands on its held-out actors, errors on its test actors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rohydr.data.pairs import Material, draw
from rohydr.data.ravdess import Clips, Fold
from rohydr.decoders.bands import Band, calibrate_band, covered, residual_of
from rohydr.decoders.faces import FaceMap
from rohydr.decoders.fit import Rows, absolute_error, decode, fit_decoder
from rohydr.decoders.graphs import BundleGraphs
from rohydr.decoders.heads import CurveDecoders, ExpressionCurves, ProxyCurves, VoiceCurves
from rohydr.decoders.targets import POSITIVE, Quantity, Targets
from rohydr.labels import EMOTIONS, PATTERNS
from rohydr.linear import Ridge

Floats = NDArray[np.floating]
NOISED = 1
"""Version of the face features that stands for what the app sees."""
SAMPLES = 16
AUDIO, VISUAL = 1, 2
HELD = ("validation", "calibration")
"""Actors whose clips calibrate the bands; the first two also choose when fitting stops."""
FROM = {VISUAL: ("T", "A", "TA"), AUDIO: ("T", "V", "TV")}
"""Availability patterns of which a modality is recovered."""
PROBABILITY = "probability"


@dataclass(frozen=True)
class Part:
    """One group of actors: features, latents of every version of the face [v, n, 3, N, D], targets."""

    features: tuple[Floats, Floats, Floats]
    latents: NDArray[np.float32]
    targets: Targets
    material: Material

    def flat(self, modality: int) -> torch.Tensor:
        """Latents of one modality, [v, n, L]."""
        return torch.tensor(self.latents[:, :, modality].reshape(*self.latents.shape[:2], -1))


@dataclass(frozen=True)
class Group:
    """Quantities decoded together from one modality: targets [n, P, C] by part of the data, and their decoder."""

    modality: int
    kind: str
    quantities: list[Quantity]
    decoder: torch.nn.Module
    target: dict[str, Floats]


@dataclass(frozen=True)
class Study:
    """What was fitted, and how far it can be trusted. `bands` by name of the group and availability pattern."""

    decoders: CurveDecoders
    groups: dict[str, Group]
    bands: dict[str, dict[str, Band]]
    proxy_residual: Floats
    errors: list[dict[str, Any]]


def prepare(
    clips: Clips, parts: dict[str, Material], fold: Fold, targets: Targets, graphs: BundleGraphs, seed: int
) -> dict[str, Part]:
    """Encode every clip with the bundle's own graph, each paired with a text of its label."""
    out = {}
    for name, material in parts.items():
        rows = np.flatnonzero(np.isin(clips.actor, fold.of(name)))
        generator = torch.Generator().manual_seed(seed)
        latents, features = [], None
        for version in range(material.visual.shape[0]):
            batch = draw(material, torch.arange(len(material)), generator, version)
            arrays = (batch.text.numpy(), batch.audio.numpy(), batch.visual.numpy())
            latents.append(graphs.encode(*arrays))
            features = arrays if version == min(NOISED, material.visual.shape[0] - 1) else features
        assert features is not None
        out[name] = Part(features, np.stack(latents), targets.of(rows), material)
    return out


def run_study(
    parts: dict[str, Part], faces: FaceMap, graphs: BundleGraphs, decoded: dict[Quantity, int], seed: int
) -> Study:
    """Fit, calibrate and measure.

    :param decoded: the acoustic descriptors of the bundle's decode graph, with their columns among the audio features.
    """
    groups = _fit_groups(parts, seed)
    expression, voice, rates = (groups[name].decoder for name in ("expression", "voice", "rates"))
    assert (
        isinstance(expression, ExpressionCurves) and isinstance(voice, VoiceCurves) and isinstance(rates, VoiceCurves)
    )
    decoders = CurveDecoders(expression, ProxyCurves(faces), voice, rates).eval()
    bands: dict[str, dict[str, Band]] = {name: {} for name in groups}
    errors: list[dict[str, Any]] = []
    recovered = {
        pattern: {
            part: graphs.recover(parts[part].latents[NOISED], PATTERNS[pattern], SAMPLES, seed + number)
            for part in (*HELD, "test")
        }
        for number, pattern in enumerate(("T", "A", "V", "TA", "TV"))
    }
    for name, group in groups.items():
        held = np.concatenate([group.target[k] for k in HELD])
        own = [decode(group.decoder, parts[k].flat(group.modality)[NOISED]) for k in HELD]
        residual = residual_of(np.concatenate(own), held)
        errors += _own_errors(group, parts)
        for pattern in FROM[group.modality]:
            drawn = {k: _decode_samples(group, v) for k, v in recovered[pattern].items()}
            band = calibrate_band(np.concatenate([drawn[k] for k in HELD]), held, residual)
            bands[name][pattern] = band
            control = _conditional_mean(parts, group.target, PATTERNS[pattern])
            share = covered(*band.around(drawn["test"]), group.target["test"])
            errors += _errors(group, pattern, drawn["test"].mean(axis=1), control, list(share))
    for pattern in recovered:
        errors += _scalar_errors(parts, graphs, recovered[pattern]["test"], pattern, decoded)
    errors += _face_errors(faces)
    return Study(decoders, groups, bands, _proxy_residual(decoders, groups["expression"], parts, faces), errors)


def _fit_groups(parts: dict[str, Part], seed: int) -> dict[str, Group]:
    targets = {name: part.targets for name, part in parts.items()}
    size = int(np.prod(parts["train"].latents.shape[3:]))
    train = targets["train"]
    positive = [q.name in POSITIVE for q in train.voice_quantities]
    made: dict[str, tuple[int, str, list[Quantity], dict[str, Floats], torch.nn.Module]] = {}
    expression = {k: t.expression for k, t in targets.items()}
    emotions = [Quantity(name, PROBABILITY) for name in EMOTIONS]
    made["expression"] = (VISUAL, "curve", emotions, expression, ExpressionCurves(size, _middle(train.expression)))
    voice = {k: t.voice for k, t in targets.items()}
    sd = np.nanstd(train.voice, axis=(0, 1))
    made["voice"] = (
        AUDIO,
        "curve",
        train.voice_quantities,
        voice,
        VoiceCurves(size, _middle(train.voice), sd, positive),
    )
    rates = {k: t.rates[:, None] for k, t in targets.items()}
    rate_sd = np.nanstd(train.rates, axis=0)
    head = VoiceCurves(size, _middle(rates["train"]), rate_sd, [True] * len(train.rate_quantities), smooth=1)
    made["rates"] = (AUDIO, "descriptor", train.rate_quantities, rates, head)
    groups = {}
    for name, (modality, kind, quantities, target, decoder) in made.items():
        rows = {k: Rows(parts[k].flat(modality), target[k]) for k in ("train", "validation")}
        noised = Rows(rows["validation"].latents[NOISED:], rows["validation"].target)
        fit_decoder(decoder, rows["train"], noised, np.nanstd(target["train"], axis=(0, 1)), seed)
        groups[name] = Group(modality, kind, quantities, decoder, target)
    return groups


def _middle(target: Floats) -> Floats:
    return np.asarray(np.nanmedian(target, axis=0))


def _decode_samples(group: Group, latents: NDArray[np.float32]) -> Floats:
    """[n, K, P, C] from recovered latents [n, K, 3, N, D]."""
    flat = torch.tensor(latents[:, :, group.modality].reshape(len(latents) * latents.shape[1], -1))
    values = decode(group.decoder, flat)
    return values.reshape(len(latents), latents.shape[1], *values.shape[1:])


def _conditional_mean(parts: dict[str, Part], target: dict[str, Floats], available: tuple[int, int, int]) -> Floats:
    """Ridge from the features of what is available to the target; the penalty is chosen on the validation actors."""
    middle = _middle(target["train"])
    scale = np.nanstd(target["train"], axis=(0, 1))
    x = {name: _features(part, parts["train"], available) for name, part in parts.items()}
    filled = np.where(np.isfinite(target["train"]), target["train"], middle) / scale
    y = filled.reshape(len(filled), -1)
    best: tuple[float, Floats] | None = None
    for penalty in (30.0, 300.0, 3000.0, 30000.0):
        ridge = Ridge.fit(x["train"], y, penalty)
        guess = {k: ridge.predict(x[k]).reshape(target[k].shape) * scale for k in ("validation", "test")}
        error = float(np.mean(absolute_error(guess["validation"], target["validation"]) / scale))
        if best is None or error < best[0]:
            best = error, guess["test"]
    assert best is not None
    return best[1]


def _features(part: Part, train: Part, available: tuple[int, int, int]) -> Floats:
    """Standardised features of the available modalities side by side; what is not measured is at the training mean."""
    columns = []
    for m, used in enumerate(available):
        if used:
            mean, sd = np.nanmean(train.features[m], axis=0), np.nanstd(train.features[m], axis=0) + 1e-6
            z = (part.features[m] - mean) / sd
            columns.append(np.where(np.isfinite(z), np.clip(z, -5, 5), 0))
    return np.concatenate(columns, axis=1)


def _errors(
    group: Group, source: str, predicted: Floats, control: Floats | None, share: list[float] | None
) -> list[dict[str, Any]]:
    truth = group.target["test"]
    mae, constant = absolute_error(predicted, truth), absolute_error(_middle(group.target["train"]), truth)
    ridge = None if control is None else absolute_error(control, truth)
    return [
        {
            "modality": ("text", "audio", "visual")[group.modality],
            "kind": group.kind,
            "name": quantity.name,
            "unit": quantity.unit,
            "from": source,
            "mae": float(mae[k]),
            "constant": float(constant[k]),
            **({} if ridge is None else {"conditional_mean": float(ridge[k])}),
            **({} if share is None else {"coverage": float(share[k])}),
        }
        for k, quantity in enumerate(group.quantities)
    ]


def _own_errors(group: Group, parts: dict[str, Part]) -> list[dict[str, Any]]:
    """Decoding the measured modality itself: what the decoder alone gets wrong."""
    return _errors(group, "own", decode(group.decoder, parts["test"].flat(group.modality)[NOISED]), None, None)


def _scalar_errors(
    parts: dict[str, Part],
    graphs: BundleGraphs,
    recovered: NDArray[np.float32],
    pattern: str,
    decoded: dict[Quantity, int],
) -> list[dict[str, Any]]:
    """Errors of the numbers that the bundle's decode graph gives: mean expressions and acoustic descriptors."""
    count, samples = recovered.shape[:2]
    expression, acoustics = graphs.decode(recovered.reshape(count * samples, *recovered.shape[2:]))
    out: list[dict[str, Any]] = []
    columns = list(decoded.values())
    truths = {
        VISUAL: {name: part.material.expression.numpy() for name, part in parts.items()},
        AUDIO: {name: part.material.audio[0].numpy()[:, columns] for name, part in parts.items()},
    }
    for modality, values, quantities in (
        (VISUAL, expression, [Quantity(name, PROBABILITY) for name in EMOTIONS]),
        (AUDIO, acoustics, list(decoded)),
    ):
        if pattern not in FROM[modality]:
            continue
        target = {name: truth[:, None] for name, truth in truths[modality].items()}
        group = Group(modality, "descriptor", quantities, torch.nn.Identity(), target)
        mean = values.reshape(count, samples, 1, -1).mean(axis=1)
        control = _conditional_mean(parts, target, PATTERNS[pattern])
        out += _errors(group, pattern, mean, control, None)
    return out


def _face_errors(faces: FaceMap) -> list[dict[str, Any]]:
    """Errors of the proxies on held-out faces, from expression posteriors that were measured."""
    rows = faces.report["errors"]
    assert isinstance(rows, list)
    shared = {"modality": "visual", "kind": "curve", "from": "expression"}
    return [shared | {key: row[key] for key in ("name", "unit", "mae", "constant")} for row in rows if row["kept"]]


def _proxy_residual(decoders: CurveDecoders, group: Group, parts: dict[str, Part], faces: FaceMap) -> Floats:
    """[P, Q]: error of the map on held-out faces and of the decoded expressions that it reads, taken as independent."""
    decoded = decode(group.decoder, parts["calibration"].flat(VISUAL)[NOISED])
    target = np.asarray(group.target["calibration"], np.float32)
    with torch.no_grad():
        read = decoders.proxies(torch.tensor(decoded)).numpy()
        known = np.isfinite(target).all(axis=2, keepdims=True)
        true = decoders.proxies(torch.tensor(np.where(known, target, 1 / 7))).numpy()
    through = residual_of(read, np.where(known, true, np.nan))
    own = np.array(faces.report["residual_sd"])
    return np.asarray(np.sqrt(through**2 + own**2))
