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
from rohydr.expression.augment import augment, mix
from rohydr.expression.data import SIDE, Faces, load_fer2013, synthetic_faces
from rohydr.expression.grow import from_onnx, grow, renormalise
from rohydr.expression.model import CalibratedExpressionNet, ExpressionNet, MirroredExpressionNet
from rohydr.labels import EMOTIONS
from rohydr.metrics import accuracy, expected_calibration_error, unweighted_average_recall
from rohydr.onnx_export import export_graph


@dataclass(frozen=True)
class ExpressionConfig:
    """Hyper-parameters of the expression network; `smoke` shrinks a run to seconds."""

    width: int = 32
    extra: tuple[int, ...] = (0, 1, 0)
    gated: bool = True
    dropout: float = 0.3
    epochs: int = 40
    minutes: float = 0.0
    """When above 0: the schedule runs over this wall time instead of `epochs`, however fast the machine is."""
    batch: int = 128
    learning_rate: float = 0.1
    weight_decay: float = 5e-4
    label_smoothing: float = 0.1
    ema_decay: float = 0.998
    warmup: float = 0.08
    crop: int = 40
    """Side of the training windows in the first `crop_until` of the schedule; whole faces after that."""
    crop_until: float = 0.7
    mixup: float = 0.3
    """Share of batches that are blended, in the first `mixup_until` of the schedule."""
    mixup_until: float = 0.8
    seed: int = 1
    mirrored: bool = True
    """What is calibrated and exported averages over the face and its mirror image."""
    smoke: bool = False


class Schedule:
    """Where a run stands between 0 and 1, by wall time or by steps, and what follows from it."""

    def __init__(self, config: ExpressionConfig, steps_per_epoch: int) -> None:
        self.config, self.steps, self.step = config, steps_per_epoch * config.epochs, 0
        self.started = time.monotonic()

    def progress(self) -> float:
        if self.config.minutes > 0:
            return min(1.0, (time.monotonic() - self.started) / (60 * self.config.minutes))
        return min(1.0, self.step / self.steps) if self.steps else 1.0

    def learning_rate(self) -> float:
        """Linear warm-up, then half a cosine to 0."""
        warmup, progress = self.config.warmup, self.progress()
        if progress < warmup:
            return self.config.learning_rate * max(progress, 1e-3) / warmup
        return self.config.learning_rate * 0.5 * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup)))

    def side(self) -> int:
        return self.config.crop if self.progress() < self.config.crop_until else SIDE

    def mixes(self, generator: torch.Generator) -> bool:
        drawn = float(torch.rand(1, generator=generator))
        return self.progress() < self.config.mixup_until and drawn < self.config.mixup


@torch.no_grad()
def predict_logits(net: ExpressionNet | MirroredExpressionNet, faces: Faces, batch: int = 256) -> Tensor:
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


def _optimiser(net: ExpressionNet, config: ExpressionConfig) -> torch.optim.Optimizer:
    decayed = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.SGD(groups, lr=config.learning_rate, momentum=0.9, nesterov=True)


def _loss(net: ExpressionNet, faces: Faces, schedule: Schedule, generator: torch.Generator) -> Tensor:
    config = schedule.config
    x, labels = augment(faces.pixels, generator, schedule.side()), faces.labels
    others, share = labels, 1.0
    if schedule.mixes(generator):
        x, others, share = mix(x, labels, generator)
    with torch.autocast("cpu", torch.bfloat16):
        logits, _ = net(x)
    logits = logits.float()
    loss = functional.cross_entropy(logits, labels, label_smoothing=config.label_smoothing)
    if share < 1:
        other = functional.cross_entropy(logits, others, label_smoothing=config.label_smoothing)
        loss = share * loss + (1 - share) * other
    return loss


def _some(faces: Faces, count: int, generator: torch.Generator) -> Tensor:
    return faces.pixels[torch.randperm(len(faces), generator=generator)[:count]]


def _begin(net: ExpressionNet, start: Path, seed: int, faces: Tensor) -> None:
    if start.suffix == ".onnx":
        grow(from_onnx(start), net, seed)
        renormalise(net, faces)
    else:
        net.load_state_dict(torch.load(start, weights_only=True))


def fit(config: ExpressionConfig, splits: dict[str, Faces], log: Path, start: Path | None = None) -> ExpressionNet:
    """Train on Training and return the averaged weights of the epoch that is best on PublicTest.

    :param start: weights of an earlier run, or an exported smaller network to grow from.
    """
    torch.manual_seed(config.seed)
    torch.set_flush_denormal(True)
    generator = torch.Generator().manual_seed(config.seed)
    net = ExpressionNet(config.width, config.dropout, config.extra, config.gated)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if start is not None:
        _begin(net, start, config.seed, augment(_some(splits["Training"], 2048, generator), generator))
    average, optimiser = copy.deepcopy(net), _optimiser(net, config)
    train, public = splits["Training"], splits["PublicTest"]
    steps = max(1, len(train) // config.batch)
    best, best_accuracy, epoch = copy.deepcopy(average), -1.0, 0
    schedule = Schedule(config, steps)
    while schedule.progress() < 1:
        started, losses = time.monotonic(), []
        net.train()
        order = torch.randperm(len(train), generator=generator)
        for i in range(steps):
            if schedule.progress() >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = schedule.learning_rate()
            index = order[i * config.batch : (i + 1) * config.batch]
            loss = _loss(net, Faces(train.pixels[index], train.labels[index]), schedule, generator)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            _update_average(average, net, config.ema_decay, schedule.step)
            losses.append(float(loss.detach()))
            schedule.step += 1
        score = accuracy(public.labels.numpy(), predict_logits(average, public).argmax(1).numpy())
        if score > best_accuracy:
            best, best_accuracy = copy.deepcopy(average), score
            torch.save(best.state_dict(), log.with_suffix(".pt"))
        line = {"epoch": epoch, "progress": schedule.progress(), "loss": float(np.mean(losses)), "public": score}
        with log.open("a") as stream:
            stream.write(json.dumps(line | {"seconds": time.monotonic() - started}) + "\n")
        epoch += 1
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
    plain = predict_logits(net, splits["PublicTest"]).argmax(1)
    reader = MirroredExpressionNet(net) if config.mirrored else net
    public = predict_logits(reader, splits["PublicTest"])
    temperature = fit_temperature(public.numpy(), splits["PublicTest"].labels.numpy())
    private = predict_logits(reader, splits["PrivateTest"])
    calibrated = CalibratedExpressionNet(reader, temperature).eval()
    parity = export_graph(
        calibrated,
        {"face": splits["PublicTest"].pixels[:5].float().contiguous()},
        ["posterior", "embedding"],
        out / "expression.onnx",
    )
    earlier: list[object] = []
    if start is not None and (start.parent / "expression.json").exists():
        earlier = json.loads((start.parent / "expression.json").read_text())["phases"]
    epochs_done = len(log.read_text().splitlines()) if log.exists() else 0
    phase = asdict(config) | {"epochs_done": epochs_done, "wall_seconds": round(time.time() - started)}
    result: dict[str, object] = {
        "phases": [*earlier, phase],
        "trained_on": "synthetic blobs" if data is None else "FER2013 Training",
        "parameters": sum(p.numel() for p in net.parameters()),
        "embedding": 8 * config.width,
        "temperature": temperature,
        "mirrored": config.mirrored,
        "public_test_unmirrored_accuracy": accuracy(splits["PublicTest"].labels.numpy(), plain.numpy()),
        "public_test": _measure(public, splits["PublicTest"].labels, temperature),
        "private_test": _measure(private, splits["PrivateTest"].labels, temperature),
        "training_prior": np.bincount(splits["Training"].labels.numpy(), minlength=7).tolist(),
        "parity_max_abs": parity,
        "wall_seconds": time.time() - started,
    }
    (out / "expression.json").write_text(json.dumps(result, indent=2) + "\n")
    return result
