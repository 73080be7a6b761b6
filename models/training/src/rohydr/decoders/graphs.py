"""The graphs of a finished bundle as functions on arrays, so that decoders see exactly what the app sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

Floats = NDArray[np.float32]
BATCH = 512


class BundleGraphs:
    """encode, recover and decode of a bundle on one CPU thread."""

    def __init__(self, folder: Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.sessions = {
            name: ort.InferenceSession(str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
            for name in ("encode", "recover", "decode")
        }

    def encode(self, text: Floats, audio: Floats, visual: Floats) -> Floats:
        """Latents [n, 3, N, D] of clips of which everything is available."""
        feeds = {"text": text, "audio": audio, "visual": visual, "available": np.ones((len(text), 3), np.float32)}
        return self.run("encode", feeds)[0]

    def recover(self, latents: Floats, available: tuple[int, int, int], samples: int, seed: int) -> Floats:
        """Recovered latents [n, samples, 3, N, D] of which only `available` modalities are kept."""
        keep = np.array(available, np.float32)
        known = np.repeat(latents * keep[:, None, None], samples, axis=0)
        rows = np.tile(keep, (len(known), 1))
        noise = np.asarray(np.random.default_rng(seed).standard_normal(known.shape), dtype=np.float32)
        out = self.run("recover", {"latents": known, "available": rows, "noise": noise})[0]
        return out.reshape(len(latents), samples, *latents.shape[1:])

    def decode(self, latents: Floats) -> tuple[Floats, Floats]:
        """Mean expression [n, 7] and acoustic descriptors [n, M]."""
        expression, acoustics = self.run("decode", {"latents": latents})
        return expression, acoustics

    def run(self, name: str, feeds: dict[str, Floats]) -> list[Floats]:
        """Outputs of one graph, computed in batches."""
        count = len(next(iter(feeds.values())))
        parts = [
            self.sessions[name].run(None, {k: v[i : i + BATCH].astype(np.float32) for k, v in feeds.items()})
            for i in range(0, count, BATCH)
        ]
        return [np.concatenate([part[k] for part in parts]) for k in range(len(parts[0]))]
