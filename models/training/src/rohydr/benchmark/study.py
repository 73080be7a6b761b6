"""One seed of the benchmark: shared backbones, and every method behind one reading interface."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rohydr.benchmark import backbone as base
from rohydr.benchmark.backbone import Rows
from rohydr.benchmark.finish import RECOVERY_ONLY, Levels, finish, fused_recovery, run_stage
from rohydr.benchmark.recoverer import FastRecoverer, Recoverer, draw_many, fit_recoverer
from rohydr.benchmark.utterances import Utterances
from rohydr.config import Config
from rohydr.faithful.dit import DiTRecoverer
from rohydr.faithful.scorenet import ScoreRecoverer
from rohydr.faithful.staged import FaithfulModel, FaithfulPlan, train_faithful
from rohydr.labels import PATTERNS
from rohydr.model.rohydr import RoHyDR
from rohydr.rivals.cascade import CascadeRecoverer
from rohydr.rivals.flow import FlowRecoverer
from rohydr.rivals.means import MeanNetwork, RidgeMeans
from rohydr.stages.common import mask

Floats = NDArray[np.floating]
Read = Callable[[Rows, str, int], Floats]
"""(rows, pattern, seed) -> scores [n, K]."""

SMALL_CHANNELS = (16, 32, 64, 128)
FAITHFUL_BATCHES = 50
"""Batches of the per-batch stages after the denoisers were fitted; each runs the sampler four times."""


@dataclass(frozen=True)
class Fitted:
    """A method after training: how to read scores, and what it was."""

    read: Read
    seconds: float
    evaluations: int = 0
    parameters: int = 0
    recoverer: Recoverer | None = None
    model: RoHyDR | None = None


@dataclass
class Study:
    """Data and configuration of one seed; backbones are trained once and shared."""

    config: Config
    parts: dict[str, Utterances]
    seed: int
    smoke: bool = False
    rows: dict[str, Rows] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = {name: Rows.of(part) for name, part in self.parts.items()}

    def _backbone(self, modality_dropout: bool) -> RoHyDR:
        model = base.new_model(self.config, self.parts["train"].dimensions(), self.seed)
        generator = torch.Generator().manual_seed(self.seed)
        base.pretrain(model, self.rows["train"], self.config.train, generator, modality_dropout)
        return model

    @cached_property
    def dropout_backbone(self) -> RoHyDR:
        """Backbone that has seen every pattern."""
        return self._backbone(True)

    @cached_property
    def complete_backbone(self) -> RoHyDR:
        """Backbone that has only ever seen complete rows."""
        return self._backbone(False)

    def fresh(self) -> RoHyDR:
        """A copy of the modality-dropout backbone to train further."""
        model = base.new_model(self.config, self.parts["train"].dimensions(), self.seed)
        model.load_state_dict(self.dropout_backbone.state_dict())
        return model.eval()

    def generator(self) -> torch.Generator:
        """The same stream of random numbers for every method."""
        return torch.Generator().manual_seed(1000 + self.seed)

    @torch.no_grad()
    def data(self, model: RoHyDR) -> tuple[Tensor, Tensor]:
        """Training latents and labels."""
        return base.encode(model, self.rows["train"]).detach(), self.rows["train"].label


def constant(study: Study) -> Fitted:
    """The median training label, which minimises the mean absolute error."""
    value = float(study.rows["train"].label.median())
    return Fitted(lambda rows, name, seed: np.full((len(rows), 1), value), 0.0)


def zero_fill(study: Study) -> Fitted:
    """Complete-data backbone; what is missing is zero and counts as present."""
    model = study.complete_backbone
    return Fitted(lambda rows, name, seed: base.read_filled(model, _masked(model, rows, name)), 0.0)


def modality_dropout(study: Study) -> Fitted:
    """Backbone that saw every pattern; nothing is recovered."""
    model = study.dropout_backbone
    return Fitted(lambda rows, name, seed: base.read_alone(model, _latents(model, rows), name), 0.0)


def text_only(study: Study) -> Fitted:
    """The text reading where there is text, else the constant."""
    dropout, prior = modality_dropout(study), constant(study)
    return Fitted(lambda r, n, s: dropout.read(r, "T", s) if "T" in n else prior.read(r, n, s), 0.0)


def ridge_mean(study: Study) -> Fitted:
    """Complete-data backbone on latents filled with their ridge conditional mean."""
    started, model = time.time(), study.complete_backbone
    means = RidgeMeans(_latents(model, study.rows["train"]), _latents(model, study.rows["select"]))
    return Fitted(
        lambda rows, name, seed: base.read_filled(model, means.fill(name, _latents(model, rows))), time.time() - started
    )


def mlp_mean(study: Study) -> Fitted:
    """Complete-data backbone on latents filled with a network's conditional mean."""
    started, model, config = time.time(), study.complete_backbone, study.config
    network = MeanNetwork(config.model.tokens, config.model.width)
    fit_recoverer(network, study.data(model)[0], config.train, config.train.diffusion_steps, study.generator())

    def read(rows: Rows, name: str, seed: int) -> Floats:
        filled = draw_many(
            network, _latents(model, rows), base.pattern(name, len(rows)), 1, torch.Generator().manual_seed(seed)
        )
        return base.read_filled(model, filled[:, 0])

    return Fitted(read, time.time() - started, 1, _size(network), network, model)


def _size(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


@torch.no_grad()
def _latents(model: RoHyDR, rows: Rows) -> Tensor:
    return base.encode(model, rows)


def _masked(model: RoHyDR, rows: Rows, name: str) -> Tensor:
    return mask(_latents(model, rows), base.pattern(name, len(rows)))


def reader(model: RoHyDR, recoverer: Recoverer | None, samples: int, levels: Levels) -> Read:
    """Scores [n, K]: mean of the reading of observed and generated, and of what was observed alone."""

    @torch.no_grad()
    def read(rows: Rows, name: str, seed: int) -> Floats:
        latents, available = _latents(model, rows), base.pattern(name, len(rows))
        alone = base.read_alone(model, latents, name)
        if name == "TAV":
            return alone
        if recoverer is None:
            fused = fused_recovery(model, mask(latents, available), available, False, levels)
            return (base.score_of(model, fused)[:, None].numpy() + alone) / 2
        generator = torch.Generator().manual_seed(1000 * seed + list(PATTERNS).index(name))
        drawn = draw_many(recoverer, mask(latents, available), available, samples, generator)
        count = drawn.shape[1]
        keep = available.repeat_interleave(count, dim=0)
        score = base.score_of(model, fused_recovery(model, drawn.flatten(0, 1), keep, True, levels))
        return (score.view(-1, count).numpy() + alone) / 2

    return read


def _with(study: Study, model: RoHyDR, recoverer: Recoverer | None, levels: Levels, started: float) -> Fitted:
    config, generator = study.config.train, study.generator()
    data = study.data(model)
    if recoverer is not None and levels.unimodal_feature:
        fit_recoverer(recoverer, data[0], config, config.diffusion_steps, generator)
    finish(model, recoverer, data, config, levels, generator)
    read = reader(model, recoverer, config.samples, levels)
    evaluations = 0 if recoverer is None else recoverer.evaluations
    size = 0 if recoverer is None else _size(recoverer)
    return Fitted(read, time.time() - started, evaluations, size, recoverer, model)


def fast_recoverer(model: RoHyDR, config: Config) -> FastRecoverer:
    """The model's own denoiser and reconstructor behind the benchmark's interface."""
    return FastRecoverer(model.denoiser, model.reconstructor, config.model, config.train)


def fast(study: Study, levels: Levels | None = None) -> Fitted:
    """The `fast` configuration; `levels` switches parts of it off for the ablation."""
    started, levels = time.time(), levels or Levels()
    if not levels.staged:
        return _unstaged(study, levels)
    model = study.fresh()
    return _with(
        study, model, fast_recoverer(model, study.config) if levels.unimodal_feature else None, levels, started
    )


def _unstaged(study: Study, levels: Levels) -> Fitted:
    """From the shared backbone all losses at once, as many steps as the stages after it have together."""
    started, config, model = time.time(), study.config.train, study.fresh()
    recoverer, data = fast_recoverer(model, study.config), study.data(model)
    modules: list[nn.Module] = [model.fusion, model.fusion_recovery, model.heads.score, recoverer]
    steps = config.diffusion_steps + config.fusion_steps + config.joint_steps
    run_stage(model, recoverer, modules, data, config, levels, (steps, config.diffusion_rate), study.generator())
    model.eval()
    read = reader(model, recoverer, config.samples, levels)
    return Fitted(read, time.time() - started, recoverer.evaluations, _size(recoverer), recoverer, model)


def cascade(study: Study) -> Fitted:
    """MMIN-style: cascaded residual autoencoder with cycle."""
    started, model, c = time.time(), study.fresh(), study.config.model
    return _with(study, model, CascadeRecoverer(c.tokens, c.width), RECOVERY_ONLY, started)


def flow(study: Study) -> Fitted:
    """DiCMoR-style: conditional flow."""
    started, model, c = time.time(), study.fresh(), study.config.model
    return _with(study, model, FlowRecoverer(c.tokens, c.width), RECOVERY_ONLY, started)


def _score_recoverer(study: Study) -> ScoreRecoverer:
    c = study.config.model
    return ScoreRecoverer(c.tokens, c.width, SMALL_CHANNELS, steps=4 if study.smoke else 100)


def score_only(study: Study) -> Fitted:
    """IMDer-style: score diffusion per target, 100 evaluations, no adversarial fusion."""
    started, model = time.time(), study.fresh()
    quick = replace(study.config.train, samples=1, joint_steps=study.config.train.joint_steps // 2)
    small = Study(replace(study.config, train=quick), study.parts, study.seed, study.smoke)
    small.__dict__["dropout_backbone"] = study.dropout_backbone
    return _with(small, model, _score_recoverer(study), RECOVERY_ONLY, started)


def _faithful(study: Study, recoverer: Recoverer) -> Fitted:
    started, config = time.time(), study.config
    faithful = FaithfulModel(study.fresh(), recoverer, config.model, blocks=4)
    plan = FaithfulPlan(steps=4 if study.smoke else FAITHFUL_BATCHES, batch=32)
    fit_recoverer(
        recoverer, study.data(faithful.model)[0], config.train, config.train.diffusion_steps, study.generator()
    )
    train_faithful(faithful, study.data(faithful.model), plan, study.generator())

    @torch.no_grad()
    def read(rows: Rows, name: str, seed: int) -> Floats:
        generator = torch.Generator().manual_seed(1000 * seed + list(PATTERNS).index(name))
        scores = faithful.read(_latents(faithful.model, rows), base.pattern(name, len(rows)), generator)
        return np.asarray(scores[:, None].numpy())

    return Fitted(read, time.time() - started, recoverer.evaluations, _size(recoverer), recoverer, faithful.model)


def faithful_v1(study: Study) -> Fitted:
    """RoHyDR, May 2025, defects repaired, stages in every batch."""
    return _faithful(study, _score_recoverer(study))


def faithful_v2(study: Study) -> Fitted:
    """RoHyDR, December 2025, defects repaired, stages in every batch."""
    c = study.config.model
    return _faithful(study, DiTRecoverer(c.tokens, c.width, depth=4, steps=4 if study.smoke else 50))


METHODS: dict[str, Callable[[Study], Fitted]] = {
    "constant": constant,
    "text-only": text_only,
    "zero-fill": zero_fill,
    "modality-dropout": modality_dropout,
    "ridge-mean": ridge_mean,
    "mlp-mean": mlp_mean,
    "cascade": cascade,
    "flow": flow,
    "score-only": score_only,
    "faithful-v1": faithful_v1,
    "faithful-v2": faithful_v2,
    "fast": fast,
}

ABLATION: dict[str, Levels] = {
    "nothing recovered": Levels(False, False, False, False),
    "unimodal feature": Levels(True, False, False, False),
    "unimodal feature + semantic": Levels(True, True, False, False),
    "multimodal feature": Levels(False, False, True, False),
    "multimodal semantic": Levels(False, False, False, True),
    "multimodal feature + semantic": Levels(False, False, True, True),
    "both, feature only": Levels(True, False, True, False),
    "both, feature + semantic": Levels(),
    "both, without staging": Levels(staged=False),
}
