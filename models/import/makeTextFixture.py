"""Writes test/fixtures/textEncoder.json: tokens and embeddings of the app's text encoder, from Python's tokenizer and runtime."""

from __future__ import annotations

import json

import registry
from miniLm import MiniLm

SENTENCES = [
    "I am so happy to see you!",
    "This movie was terrible, and I want my two hours back.",
    "He didn't say anything; he just left.",
    "Kids are talking by the door.",
    "Dogs are sitting by the door.",
    "",
    "Ça va très bien, merci — à bientôt.",
    "Überraschung! Die Straße ist naß.",
    "私はとても悲しいです。",
    "I can't believe it 😂😭 #omg @you",
    "zero\u200bwidth, non\u00a0breaking, tab\tand\nnewline",
    "e\u0301 combining and \u1e9b\u0323 ligature ﬁ",
    "Well " * 300,
]


def main() -> None:
    network = MiniLm()
    golden = [
        {
            "text": text,
            "tokens": network.tokenizer.encode(text).tokens,
            "embedding": [round(float(value), 6) for value in network.embed([text])[0]],
        }
        for text in SENTENCES
    ]
    fixture = registry.ROOT / "test" / "fixtures" / "textEncoder.json"
    fixture.write_text(json.dumps(golden, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
