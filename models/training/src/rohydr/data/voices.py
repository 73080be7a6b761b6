"""Altered copies of the RAVDESS sound: other pitch and vocal tract length, tempo and gain, and a room with noise.

Training on them keeps opinions about the voice from resting on the sixteen or eighteen voices that were heard. They are
measured by the app's own extractor like the recordings themselves, and only training sees them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 16000


@dataclass(frozen=True)
class Copy:
    """One altered copy. `semitones`: largest shift of pitch and formants together; `room`: echo and noise as well."""

    name: str
    seed: int
    semitones: float
    room: bool


COPIES = (Copy("voice", 11, 3.0, False), Copy("room", 12, 2.5, True))


def filters(copy: Copy, number: int) -> tuple[str, str | None]:
    """Filters of ffmpeg for recording `number`: of the voice, and the source of noise to mix in (None without a room).

    Resampling by a factor shifts pitch and formants together, as another vocal tract would; the tempo is put right
    afterwards but for up to 7 %.
    """
    rng = np.random.default_rng([copy.seed, number])
    factor = 2 ** (rng.uniform(-copy.semitones, copy.semitones) / 12)
    tempo, gain = rng.uniform(0.93, 1.07), rng.uniform(-6, 3)
    voice = f"asetrate={RATE * factor:.1f},aresample={RATE},atempo={tempo / factor:.4f},volume={gain:.2f}dB"
    if not copy.room:
        return voice, None
    delay = rng.uniform(8, 30)
    first, second = rng.uniform(0.05, 0.3), rng.uniform(0.02, 0.15)
    voice += f",aecho=1:1:{delay:.1f}|{delay * 2.3:.1f}:{first:.3f}|{second:.3f}"
    level = 10 ** (rng.uniform(-62, -46) / 20)
    colour = rng.choice(["white", "pink", "brown"])
    return voice, f"anoisesrc=r={RATE}:c={colour}:a={level:.6f}:s={int(rng.integers(1, 10**6))}"


def alter_voices(recordings: Path, out: Path, ffmpeg: str, progress: Callable[[str], None]) -> None:
    """Write every copy of every flac in `recordings` to out/NAME; files that exist are left alone."""
    found = sorted(recordings.glob("*.flac"))
    if not found:
        raise ValueError(f"{recordings}: no flac files")
    for copy in COPIES:
        folder = out / copy.name
        folder.mkdir(parents=True, exist_ok=True)
        for number, recording in enumerate(found):
            target = folder / recording.name
            if not target.exists():
                _alter(copy, number, recording, target, ffmpeg)
        progress(f"{folder}: {len(found)} recordings")


def _alter(copy: Copy, number: int, recording: Path, target: Path, ffmpeg: str) -> None:
    voice, noise = filters(copy, number)
    graph = ["-af", voice]
    if noise is not None:
        mixed = f"[0:a]{voice}[voice];{noise}[noise];[voice][noise]amix=inputs=2:duration=first,volume=2"
        graph = ["-filter_complex", mixed]
    partial = target.with_suffix(".part.flac")
    command = [ffmpeg, "-v", "error", "-y", "-i", str(recording), *graph, "-ar", str(RATE), "-ac", "1", str(partial)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise ValueError(f"{recording}: {ffmpeg} failed: {result.stderr.strip()[-300:]}")
    partial.replace(target)
