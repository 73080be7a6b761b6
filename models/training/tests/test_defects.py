"""What each defect of the released code changes: one test per switch, repaired against brought back."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from rohydr.benchmark import study as studies
from rohydr.benchmark.backbone import Rows, benchmark_config, encode, new_model
from rohydr.benchmark.sentiment import Floats, cell, legacy_batch
from rohydr.benchmark.study import METHODS, Study
from rohydr.benchmark.utterances import COLUMNS, Utterances, split_by_video
from rohydr.faithful import staged
from rohydr.faithful.dit import DiTRecoverer, Schedule
from rohydr.faithful.scorenet import ScoreRecoverer, ve_std
from rohydr.faithful.staged import FaithfulModel, FaithfulPlan, critic_stage, fusion_stage, train_faithful
from rohydr.faithful.switches import Switches, batch_patterns
from rohydr.labels import PATTERNS

CONFIG = benchmark_config(smoke=True)
TOKENS, WIDTH = CONFIG.model.tokens, CONFIG.model.width
TEXT_ONLY = torch.tensor([[1.0, 0.0, 0.0]])


def seeded(number: int) -> torch.Generator:
    return torch.Generator().manual_seed(number)


class NormalNoise(nn.Module):
    """The best possible noise estimate when every latent is normal around `mean`: no training, no excuse."""

    def __init__(self, mean: float, sd: float) -> None:
        super().__init__()
        self.mean, self.sd, self.kept = mean, sd, Schedule().kept

    def forward(self, x: Tensor, t: Tensor, condition: Tensor) -> Tensor:
        del condition
        kept = self.kept[t.long()][:, None, None]
        variance = kept * self.sd**2 + 1 - kept
        return torch.sqrt(1 - kept) * (x - torch.sqrt(kept) * self.mean) / variance


def draw_normal(switches: Switches, mean: float = 1.5, sd: float = 0.2) -> Tensor:
    recoverer = DiTRecoverer(TOKENS, WIDTH, model_width=16, depth=1, heads=2, steps=50, switches=switches)
    recoverer.nets = nn.ModuleList(NormalNoise(mean, sd) for _ in range(3))
    available = TEXT_ONLY.expand(64, 3).contiguous()
    drawn: Tensor = recoverer.recover(torch.zeros(64, 3, TOKENS, WIDTH), available, seeded(0))
    return drawn[:, 1:]


def faithful(switches: Switches | None = None, seed: int = 3) -> FaithfulModel:
    torch.manual_seed(seed)
    model = new_model(CONFIG, (5, 6, 7), seed)
    recoverer = DiTRecoverer(TOKENS, WIDTH, model_width=16, depth=1, heads=2, steps=2)
    return FaithfulModel(model, recoverer, CONFIG.model, blocks=1, switches=switches)


def batch(count: int = 16) -> tuple[Tensor, Tensor, Tensor]:
    latents = torch.randn(count, 3, TOKENS, WIDTH, generator=seeded(1))
    return latents, torch.randn(count, generator=seeded(2)), TEXT_ONLY.expand(count, 3).contiguous()


def gradient(module: nn.Module) -> float:
    return sum(float(p.grad.abs().sum()) for p in module.parameters() if p.grad is not None)


def test_1_a_sampler_with_another_schedule_misses_the_distribution_it_was_trained_on() -> None:
    repaired, defective = draw_normal(Switches()), draw_normal(Switches(short_sampler=True))
    assert float(repaired.mean()) == pytest.approx(1.5, abs=0.02) and float(repaired.std()) < 0.25
    assert abs(float(defective.mean()) - 1.5) > 0.3 or float(defective.std()) > 0.5


def test_2_clipping_the_clean_estimate_cuts_latents_at_one() -> None:
    assert float(draw_normal(Switches()).max()) > 1.5
    assert float(draw_normal(Switches(clip_clean=True)).max()) <= 1.0


def test_3_gradients_through_the_sampler_reach_the_denoisers() -> None:
    for defect in (False, True):
        model = faithful(Switches(sampler_gradients=defect))
        latents, _, available = batch()
        model.fill(latents, available, seeded(4)).square().sum().backward()
        assert (gradient(model.recoverer) > 0) is defect
        assert gradient(model.unimodal) > 0


def test_4_a_main_optimiser_with_the_critic_moves_the_critic_towards_being_fooled() -> None:
    for defect in (False, True):
        model = faithful(Switches(critic_in_main=defect))
        before = [p.detach().clone() for p in model.critic.parameters()]
        latents, _, available = batch()
        main = torch.optim.Adam(model.main_parameters(), lr=1e-2)
        fusion_stage(model, latents, available, seeded(5)).backward()
        main.step()
        moved = any(bool((a != b).any()) for a, b in zip(before, model.critic.parameters(), strict=True))
        assert moved is defect


def test_5a_the_critic_is_shown_the_fusion_before_its_repair() -> None:
    for defect in (False, True):
        model = faithful(Switches(critic_before_repair=defect)).eval()
        shown: list[Tensor] = []
        model.critic.register_forward_pre_hook(lambda _, args, shown=shown: shown.append(args[0]))
        latents, _, available = batch()
        critic_stage(model, latents, available, seeded(6))
        with torch.no_grad():
            raw = model.fuse(model.fill(latents, available, seeded(6)))
            wanted = raw if defect else model.multimodal(raw)
        assert torch.allclose(shown[1], wanted)
        assert not torch.allclose(raw, model.multimodal(raw))


def test_5b_an_attached_target_pulls_the_complete_fusion_towards_the_reconstruction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(staged, "LAMBDA_A", 0.0)
    for defect in (False, True):
        model = faithful(Switches(drifting_target=defect))
        latents, _, available = batch()
        # A repair that answers with a constant leaves the target as the only way for gradients into the fusion.
        model.multimodal = Constant(CONFIG.model.fused)  # type: ignore[assignment]
        fusion_stage(model, latents, available, seeded(7)).backward()
        assert (gradient(model.model.fusion) > 0) is defect


class Constant(nn.Module):
    """Gives back one learned vector whatever comes in."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        return self.value.expand(len(x), -1)


def watch(stage: str, seen: list[tuple[float, ...]], patched: pytest.MonkeyPatch) -> None:
    original: Callable[..., Tensor] = getattr(staged, stage)

    def watched(*args: Any) -> Tensor:
        seen.append(tuple(args[-2][0].tolist()))
        return original(*args)

    patched.setattr(staged, stage, watched)


@pytest.mark.parametrize("defect", [False, True])
def test_6_redrawn_patterns_let_the_stages_of_a_batch_work_on_different_ones(
    defect: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[float, ...]] = []
    for stage in ("unimodal_stage", "fusion_stage", "task_stage"):
        watch(stage, seen, monkeypatch)
    model = faithful(Switches(redrawn_patterns=defect))
    train_faithful(model, batch()[:2], FaithfulPlan(steps=4, batch=8), seeded(8))
    per_batch = [len(set(seen[i : i + 3])) for i in range(0, len(seen), 3)]
    assert len(per_batch) == 4 and (max(per_batch) > 1) is defect
    drawn = [batch_patterns(random.Random(s), 3, Switches(redrawn_patterns=defect))[0] for s in range(20)]
    assert len(set(drawn)) > 1


def test_7_missing_rate_zero_is_complete_data_and_not_the_last_row_of_the_table() -> None:
    rng = np.random.default_rng(0)
    label = rng.uniform(-3, 3, 686)
    predictions: dict[str, Floats] = {name: label if name == "TAV" else -label for name in PATTERNS}
    complete = cell(label, predictions["TAV"])["acc2"]
    assert legacy_batch(label, predictions, 0, 1)["acc2"] == complete == 1.0
    defective = legacy_batch(label, predictions, 0, 1, switches=Switches(last_for_zero=True))
    assert defective == legacy_batch(label, predictions, 0.7, 1) and defective["acc2"] < 0.2


def test_8a_frozen_encoders_in_training_mode_give_other_latents_every_time() -> None:
    text, audio, visual = (torch.randn(32, n, generator=seeded(n)) for n in (5, 6, 7))
    rows = Rows(text, audio, visual, torch.randn(32, generator=seeded(9)))
    for defect in (False, True):
        model = faithful(Switches(frozen_in_train_mode=defect))
        used: list[Tensor] = []

        def encoded(pick: Tensor, model: FaithfulModel = model, used: list[Tensor] = used) -> Tensor:
            used.append(encode(model.model, Rows(text[pick], audio[pick], visual[pick], rows.label[pick])))
            return used[-1]

        latents = encode(model.model.eval(), rows).detach()
        train_faithful(model, (latents, rows.label), FaithfulPlan(steps=1, batch=32), seeded(10), encoded)
        assert len(used) == int(defect)
        if defect:
            pick = torch.randint(0, 32, (32,), generator=seeded(10))
            assert not torch.allclose(used[0], latents[pick], atol=1e-2)
    with pytest.raises(ValueError, match="needs the rows"):
        train_faithful(faithful(Switches(frozen_in_train_mode=True)), batch()[:2], FaithfulPlan(steps=1), seeded(10))


def test_8b_a_bounded_repair_cannot_reach_an_unbounded_fusion() -> None:
    wide = 50 * torch.randn(64, CONFIG.model.fused, generator=seeded(11))
    for defect in (False, True):
        repair = faithful(Switches(bounded_repair=defect)).multimodal.eval()
        last = [m for m in repair.net if isinstance(m, nn.Linear)][-1]
        nn.init.normal_(last.weight, std=5.0)
        assert (float(repair(wide).detach().abs().max()) <= 1.0) is defect


def test_9_a_condition_noised_with_the_targets_own_noise_gives_the_noise_away() -> None:
    for defect in (False, True):
        recoverer = ScoreRecoverer(TOKENS, WIDTH, (8, 16), steps=2, switches=Switches(noised_condition=defect))
        spy = Spy()
        recoverer.nets = nn.ModuleList([spy, spy, spy])
        latents, _, available = batch()
        recoverer.loss(latents, available, seeded(12))
        x, t, condition = spy.seen[0]
        clean = recoverer.conditions[1](latents, available, 1)
        noise = (x - latents[:, 1].transpose(1, 2)) / ve_std(t)[:, None, None]
        shift = (condition - clean) / ve_std(t)[:, None, None]
        assert torch.allclose(shift, noise if defect else torch.zeros_like(noise), atol=1e-3)


class Spy(nn.Module):
    """Keeps what the score network is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[Tensor, Tensor, Tensor]] = []

    def forward(self, x: Tensor, t: Tensor, condition: Tensor) -> Tensor:
        self.seen.append((x, t, condition))
        return x


class Watched(dict[str, Rows]):
    """The rows of a study; asking for those of the test is an error."""

    def __getitem__(self, key: str) -> Rows:
        assert key != "test", "training looked at the test rows"
        return super().__getitem__(key)


def utterances(count: int = 120) -> Utterances:
    rng = np.random.default_rng(0)
    columns = {m: rng.normal(size=(count, width)).astype(np.float32) for m, (_, width) in COLUMNS.items()}
    video = np.array([f"v{i // 4:02d}" for i in range(count)])
    ids = np.array([f"{v}_{i}" for i, v in enumerate(video)])
    return Utterances(ids=ids, video=video, label=rng.uniform(-3, 3, count).astype(np.float32), **columns)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_10_training_a_method_never_looks_at_the_test_rows(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "SMALL_CHANNELS", (8, 16))
    quick = replace(CONFIG.train, pretrain_steps=4, diffusion_steps=4, fusion_steps=2, joint_steps=2, batch=16)
    parts = split_by_video(utterances(), np.arange(120) < 84, 0)
    study = Study(replace(CONFIG, train=quick), parts, seed=1, smoke=True)
    study.rows = Watched(study.rows)
    fitted = METHODS[method](study)
    scores = fitted.read(Rows.of(parts["test"]), "T", 1)
    assert len(scores) == len(parts["test"]) and np.isfinite(scores).all()
