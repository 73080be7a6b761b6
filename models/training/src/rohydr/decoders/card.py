"""The part of a bundle's card that is about its decoders, written from bundle.json only."""

from __future__ import annotations

from typing import Any

Table = dict[str, Any]
SOURCES = {"own": "itself, measured", "expression": "measured expressions"}


def decoders_section(manifest: Table) -> str:
    """Markdown; says so where the bundle has no decoders of curves."""
    if "errors" not in manifest["decoded"]:
        return "This bundle has no decoders of curves."
    faces, phrases = manifest["evaluation"]["faces"], manifest["evaluation"]["phrases"]
    points = manifest["decoded"]["curves"]["points"]
    shown = faces["faces"]
    dropped = [row["name"] for row in faces["errors"] if not row["kept"]]
    left_out = "None was left out." if not dropped else f"Left out because they do not beat it: {', '.join(dropped)}."
    return f"""Recovered modalities are decoded into curves at {points} equally long parts of the spoken stretch, from frozen latents. Mean absolute errors of the mean of 16
samples on the four test actors, noised face features; the constant is the median of the training actors, part by part (the best constant for this measure); the conditional
mean is a ridge regression from the features of what is available. "Itself, measured" is what the decoder alone gets wrong. Face targets are stored posteriors of
another network mapped to ours, so they carry the disagreement stated above. The stated band is 90 %: spread of the samples and error of the decoder
together, scaled by pattern so that each side leaves out 5 % on the two held actors; what it covers on the test actors is in the last column.

{_error_table(manifest["decoded"]["errors"], "curve")}

Single numbers of a segment:

{_error_table(manifest["decoded"]["errors"], "descriptor")}

{_verdict(manifest["decoded"]["errors"])}

**Proxies of action units** of a recovered face are a linear map of its expressions, fitted on {shown["fit"]} faces of FER2013 (PublicTest) as the app measures them and judged on {shown["held_out"]}
others (PrivateTest); {shown["shown"] - shown["fit"] - shown["held_out"]} of {shown["shown"]} were not used because no face, a covered face or an implausible mesh was found. {left_out} They are distances between landmarks relative to a
neutral face, not action unit codes, and follow how *typical* faces with these expressions differ, not this person's face. Their band assumes normal errors and was not calibrated on film.

**Phrases near a recovered text**: {phrases["phrases"]} phrases of our own. Share of texts whose nearest phrase has their emotion, and the sign of its sentiment, against chance
(the same phrases dealt out at random). "Itself, measured" are held-out texts; the other rows are texts recovered for test clips, whose words were paired by label.

{_phrase_table(phrases["rows"])}

{phrase_verdict(phrases["rows"])}"""


def _error_table(errors: list[Table], kind: str) -> str:
    head = ["decoded", "unit", "from", "error", "constant", "conditional mean", "90 % band covers %"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in errors:
        if row["kind"] == kind:
            mean = f"{row['conditional_mean']:.3g}" if "conditional_mean" in row else "-"
            share = f"{100 * row['coverage']:.0f}" if "coverage" in row else "-"
            cells = [row["name"], row["unit"], source(row["from"])]
            numbers = [f"{row['mae']:.3g}", f"{row['constant']:.3g}", mean, share]
            lines.append("| " + " | ".join([*cells, *numbers]) + " |")
    return "\n".join(lines)


def source(name: str) -> str:
    """What something was decoded from, in words: `{T,A}`."""
    return SOURCES.get(name, "{" + ",".join(name) + "}")


def _verdict(errors: list[Table]) -> str:
    lines = []
    for modality, name in (("visual", "face"), ("audio", "voice")):
        rows = [row for row in errors if row["modality"] == modality and "conditional_mean" in row]
        constant = sum(row["mae"] < row["constant"] for row in rows)
        mean = sum(row["mae"] < row["conditional_mean"] for row in rows)
        lines.append(
            f"Of {len(rows)} recovered quantities of the {name}, {constant} have a smaller error than the constant and "
            f"{mean} than the conditional mean."
        )
    return " ".join(lines)


def phrase_verdict(rows: Table) -> str:
    """Which shares lie above chance by more than two standard errors of a share."""
    lines = []
    for name, row in rows.items():
        words = []
        for what, count in (("emotion", row["n"]), ("sign", row["n_signed"])):
            chance = row[f"{what}_chance"]
            above = row[what] - chance > 2 * (chance * (1 - chance) / count) ** 0.5
            words.append(f"{what} {'above chance' if above else 'not distinguishable from chance'}")
        lines.append(f"- {source(name)}: {', '.join(words)}.")
    lines.append("Read phrases as a hint at the tone of what could have been said, never as what was said.")
    return "\n".join(lines[:-1]) + "\n\n" + lines[-1]


def _phrase_table(rows: Table) -> str:
    head = ["text from", "n", "same emotion %", "chance %", "n with a sign", "same sign %", "chance %"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name, row in rows.items():
        shares = [f"{100 * row[key]:.1f}" for key in ("emotion", "emotion_chance", "sign", "sign_chance")]
        cells = [source(name), str(row["n"]), *shares[:2], str(row["n_signed"]), *shares[2:]]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
