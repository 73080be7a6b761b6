"""Training, selection, temperature calibration and export of the expression network."""

from __future__ import annotations

import copy
import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from rohydr.calibration import fit_temperature
from rohydr.expression.augment import augment
from rohydr.expression.data import Faces, load_fer2013, synthetic_faces
from rohydr.expression.model import CalibratedExpressionNet, ExpressionNet
from rohydr.labels import EMOTIONS
from rohydr.metrics import accuracy, expected_calibration_error, unweighted_average_recall
from rohydr.onnx_export import export_graph


@dataclass(frozen=True)
class ExpressionConfig:
    """Hyper-parameters of the expression network; `smoke` shrinks a run to seconds."""

    width: int = 20
    epochs: int = 22
    batch: int = 128
    learning_rate: float = 0.08
    weight_decay: float = 5e-4
    label_smoothing: float = 0.1
    ema_decay: float = 0.998
    warmup: float = 0.08
    seed: int = 1
    stop_after: int = 0
    """Leave after this many epochs of the schedule (0: run it out); a later run with `start` continues."""
    smoke: bool = False


def _learning_rate(config: ExpressionConfig, progress: float) -> float:
    if config.warmup > 0 and progress < config.warmup:
        return config.learning_rate * progress / config.warmup
    phase = (progress - config.warmup) / (1 - config.warmup)
    return config.learning_rate * 0.5 * (1 + math.cos(math.pi * phase))


@torch.no_grad()
def predict_logits(net: ExpressionNet, faces: Faces, batch: int = 256) -> Tensor:
    """Logits [n, 7]."""
    net.eval()
    rows = [net(faces.pixels[i : i + batch].float())[0] for i in range(0, len(faces), batch)]
    return torch.cat(rows)


@torch.no_grad()
def _update_average(average: ExpressionNet, net: ExpressionNet, decay: float, step: int) -> None:
    rate = min(decay, (1 + step) / (10 + step))
    for weight, source in zip(average.parameters(), net.parameters(), strict=True):
        weight.lerp_(source, 1 - rate)
    for target, current in zip(average.buffers(), net.buffers(), strict=True):
        if target.is_floating_point():
            target.lerp_(current, 1 - rate)
        else:
            target.copy_(current)


def fit(config: ExpressionConfig, splits: dict[str, Faces], log: Path, start: Path | None = None) -> ExpressionNet:
    """Train on Training and return the averaged weights of the epoch that is best on PublicTest.

    :param start: weights of an earlier run to begin with.
    """
    torch.manual_seed(config.seed)
    generator = torch.Generator().manual_seed(config.seed)
    net = ExpressionNet(config.width)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if start is not None:
        net.load_state_dict(torch.load(start, weights_only=True))
    average = copy.deepcopy(net)
    decayed = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.SGD(groups, lr=config.learning_rate, momentum=0.9, nesterov=True)
    train, public = splits["Training"], splits["PublicTest"]
    steps = max(1, len(train) // config.batch)
    best, best_accuracy, step = copy.deepcopy(average), -1.0, 0
    for epoch in range(config.stop_after or config.epochs):
        started, total = time.time(), 0.0
        net.train()
        order = torch.randperm(len(train), generator=generator)
        for i in range(steps):
            rate = _learning_rate(config, step / (steps * config.epochs))
            for group in optimiser.param_groups:
                group["lr"] = rate
            index = order[i * config.batch : (i + 1) * config.batch]
            logits, _ = net(augment(train.pixels[index], generator))
            loss = functional.cross_entropy(logits, train.labels[index], label_smoothing=config.label_smoothing)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            _update_average(average, net, config.ema_decay, step)
            total += float(loss.detach())
            step += 1
        score = accuracy(public.labels.numpy(), predict_logits(average, public).argmax(1).numpy())
        if score > best_accuracy:
            best, best_accuracy = copy.deepcopy(average), score
            torch.save(best.state_dict(), log.with_suffix(".pt"))
        line = {"epoch": epoch, "loss": total / steps, "public": score, "seconds": time.time() - started}
        with log.open("a") as stream:
            stream.write(json.dumps(line) + "\n")
    return best


def _measure(logits: Tensor, labels: Tensor, temperature: float) -> dict[str, object]:
    posterior = torch.softmax(logits / temperature, dim=1).numpy()
    truth, predicted = labels.numpy(), posterior.argmax(1)
    recall = {
        name: float(np.mean(predicted[truth == k] == k)) for k, name in enumerate(EMOTIONS) if bool(np.any(truth == k))
    }
    return {
        "n": len(truth),
        "accuracy": accuracy(truth, predicted),
        "uar": unweighted_average_recall(truth, predicted, len(EMOTIONS)),
        "ece": expected_calibration_error(truth, posterior),
        "recall": recall,
    }


def run(config: ExpressionConfig, data: Path | None, out: Path, start: Path | None = None) -> dict[str, object]:
    """Train, calibrate on PublicTest, report PrivateTest once and write expression.{onnx,json} into `out`."""
    started = time.time()
    out.mkdir(parents=True, exist_ok=True)
    splits = synthetic_faces(256, config.seed) if data is None else load_fer2013(data, 512 if config.smoke else None)
    log = out / "expression.log.jsonl"
    log.unlink(missing_ok=True)
    net = fit(config, splits, log, start)
    public = predict_logits(net, splits["PublicTest"])
    temperature = fit_temperature(public.numpy(), splits["PublicTest"].labels.numpy())
    private = predict_logits(net, splits["PrivateTest"])
    calibrated = CalibratedExpressionNet(net, temperature).eval()
    parity = export_graph(
        calibrated,
        {"face": splits["PublicTest"].pixels[:5].float().contiguous()},
        ["posterior", "embedding"],
        out / "expression.onnx",
    )
    earlier: list[object] = []
    if start is not None and (start.parent / "expression.json").exists():
        earlier = json.loads((start.parent / "expression.json").read_text())["phases"]
    phase = asdict(config) | {"wall_seconds": round(time.time() - started)}
    result: dict[str, object] = {
        "phases": [*earlier, phase],
        "trained_on": "synthetic blobs" if data is None else "FER2013 Training",
        "parameters": sum(p.numel() for p in net.parameters()),
        "embedding": 8 * config.width,
        "temperature": temperature,
        "public_test": _measure(public, splits["PublicTest"].labels, temperature),
        "private_test": _measure(private, splits["PrivateTest"].labels, temperature),
        "training_prior": np.bincount(splits["Training"].labels.numpy(), minlength=7).tolist(),
        "parity_max_abs": parity,
        "wall_seconds": time.time() - started,
    }
    (out / "expression.json").write_text(json.dumps(result, indent=2) + "\n")
    return result
