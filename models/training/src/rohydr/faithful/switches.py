"""Defects of the released code, each repaired by default and switchable for study; tests/test_defects.py shows each.

Number 10 of that list (every epoch is evaluated on test and its weights are kept) is no switch: nothing here selects by
epoch, so bringing it back could not change a figure. What stands in its place is a test that training a method never
touches the test rows.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from rohydr.labels import PATTERNS


@dataclass(frozen=True)
class Switches:
    """True brings a defect back, by its number in the list of defects."""

    short_sampler: bool = False
    """1: the sampler believes in T = 50 while training used T = 1000."""
    clip_clean: bool = False
    """2: the clean estimate is clipped to [-1, 1] while latents have unit variance or more."""
    sampler_gradients: bool = False
    """3: gradients run through all sampling steps."""
    critic_in_main: bool = False
    """4: the main optimiser holds the discriminator and updates it towards being fooled."""
    critic_before_repair: bool = False
    """5a: the discriminator's fake is the fusion before multimodal reconstruction."""
    drifting_target: bool = False
    """5b: the complete fusion is not detached, so the target moves to the reconstruction."""
    redrawn_patterns: bool = False
    """6: every stage of a batch draws its own pattern."""
    last_for_zero: bool = False
    """7: missing rate 0 reads the last entry of the rate table, the 0.7 protocol (see `sentiment.legacy_batch`)."""
    frozen_in_train_mode: bool = False
    """8a: dropout stays active in the frozen encoders."""
    bounded_repair: bool = False
    """8b: multimodal reconstruction ends in tanh although its target is unbounded."""
    noised_condition: bool = False
    """9: the condition is disturbed with the target's own noise in training, but not in sampling."""


def batch_patterns(draw: random.Random, stages: int, switches: Switches) -> list[str]:
    """The incomplete pattern that each stage of one batch works on."""
    names = [name for name in PATTERNS if name != "TAV"]
    if switches.redrawn_patterns:
        return [draw.choice(names) for _ in range(stages)]
    return [draw.choice(names)] * stages
