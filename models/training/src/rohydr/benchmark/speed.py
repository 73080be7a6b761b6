"""What one recovery costs with the released structures, in PyTorch on one thread (for test/bench/speed.mjs)."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import torch
from torch import Tensor

from rohydr.benchmark.recoverer import Recoverer
from rohydr.faithful.dit import DiTRecoverer
from rohydr.faithful.scorenet import ScoreRecoverer
from rohydr.faithful.staged import UnimodalReconstructor

TOKENS, WIDTH = 48, 32
"""The latent maps of the released code: 48 steps of 32 channels."""
AVAILABLE = (1.0, 1.0, 0.0)


def structures() -> dict[str, Recoverer]:
    """The two released versions at their released sizes, untrained: time does not depend on the weights."""
    return {
        "faithful v1 (score U-Net, Euler-Maruyama)": ScoreRecoverer(TOKENS, WIDTH),
        "faithful v2 (DiT, DDIM)": DiTRecoverer(TOKENS, WIDTH),
    }


def timed(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Median wall and processor seconds of `repeats` calls after one that does not count."""
    work()
    wall, processor = [], []
    for _ in range(repeats):
        started, used = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    return median(wall), median(processor)


@torch.no_grad()
def measure_structure(recoverer: Recoverer, batch: int, repeats: int) -> dict[str, float]:
    """Milliseconds per utterance with the visual modality missing: sampler and unimodal reconstructor, no fusion."""
    recoverer.eval()
    reconstructor = UnimodalReconstructor(WIDTH).eval()
    latents = torch.randn(batch, 3, TOKENS, WIDTH, generator=torch.Generator().manual_seed(0))
    available = torch.tensor([AVAILABLE]).expand(batch, 3).contiguous()

    def work() -> Tensor:
        drawn = recoverer.recover(latents, available, torch.Generator().manual_seed(1))
        repaired: Tensor = reconstructor(drawn[:, 2])
        return repaired

    wall, processor = timed(work, repeats)
    return {"batch": batch, "wall_ms": 1000 * wall / batch, "processor_ms": 1000 * processor / batch}


def measure_speed(smoke: bool = False) -> list[dict[str, Any]]:
    """One row per structure and batch size."""
    torch.set_num_threads(1)
    rows: list[dict[str, Any]] = []
    for name, recoverer in structures().items():
        parameters = sum(p.numel() for p in recoverer.parameters())
        if smoke:
            recoverer.evaluations = 2
        for batch, repeats in ((1, 3), (32, 1)) if not smoke else ((1, 1),):
            cost = measure_structure(recoverer, batch, repeats)
            rows.append({"method": name, "evaluations": recoverer.evaluations, "parameters": parameters, **cost})
    return rows
