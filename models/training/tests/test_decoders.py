"""Targets, bands, face map and the graph of the decoders."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from rohydr.decoders.bands import calibrate_band, covered, residual_of, total_spread
from rohydr.decoders.card import decoders_section, phrase_verdict
from rohydr.decoders.faces import FIT, HELD_OUT, FaceMap, fit_face_map, log_ratios
from rohydr.decoders.fit import Rows, absolute_error, decode, fit_decoder
from rohydr.decoders.heads import CurveDecoders, ExpressionCurves, ProxyCurves, VoiceCurves, cosines
from rohydr.decoders.phrases import agreement_row
from rohydr.decoders.targets import in_parts
from rohydr.labels import EMOTIONS
from rohydr.onnx_export import export_graph


def test_parts_are_means_of_what_lies_in_them_and_nan_elsewhere() -> None:
    values = np.array([[1.0], [3.0], [7.0], [9.0]])
    parts = in_parts(values, np.array([1.1, 1.2, 2.9, 3.5]), (1.0, 3.0), 4)
    assert parts[:, 0].tolist() == pytest.approx([2.0, np.nan, np.nan, 7.0], nan_ok=True)


def test_bands_cover_what_they_state_also_with_skewed_errors() -> None:
    rng = np.random.default_rng(0)

    def clips(count: int) -> tuple[np.ndarray, np.ndarray]:
        middle = rng.normal(size=(count, 1, 5, 2))
        samples = middle + 0.3 * rng.normal(size=(count, 8, 5, 2))
        return samples, middle[:, 0] + 0.5 * rng.exponential(size=(count, 5, 2))

    held, truth = clips(400)
    truth[::7] = np.nan
    band = calibrate_band(held, truth, np.full((5, 2), 0.4))
    test, new = clips(400)
    assert covered(*band.around(test), new) == pytest.approx([0.9, 0.9], abs=0.03)
    assert (band.high > band.low).all()


def test_one_sample_has_the_error_of_the_decoder_alone() -> None:
    residual = np.full((3, 1), 0.7)
    assert total_spread(np.zeros((2, 1, 3, 1)), residual) == pytest.approx(np.full((2, 3, 1), 0.7))


def test_residual_ignores_what_was_not_measured_and_pools_rare_parts() -> None:
    decoded, target = np.zeros((20, 2, 1)), np.ones((20, 2, 1))
    target[:15, 1] = np.nan
    target[15:, 1] = 3.0
    wrong = residual_of(decoded, target)
    assert wrong[0, 0] == pytest.approx(1.0)
    assert wrong[1, 0] == pytest.approx(np.sqrt((20 + 5 * 9) / 25))


def _decoders() -> CurveDecoders:
    torch.manual_seed(0)
    mapping = FaceMap(["mouth opening"], "%", np.ones((14, 1)), np.zeros(1), {})
    voice = VoiceCurves(16, np.full((6, 2), 2.0), np.array([3.0, 1.0]), [False, True])
    rates = VoiceCurves(16, np.full((1, 2), 2.0), np.ones(2), [True, True], smooth=1)
    return CurveDecoders(ExpressionCurves(16, np.full((6, 7), 1 / 7)), ProxyCurves(mapping), voice, rates).eval()


def test_graph_gives_posteriors_and_keeps_positive_quantities_positive(tmp_path: Path) -> None:
    decoders, latents = _decoders(), 3 * torch.randn(5, 3, 4, 4)
    outputs = ["expression_curve", "proxy_curve", "voice_curve", "rates"]
    assert export_graph(decoders, {"latents": latents}, outputs, tmp_path / "curves.onnx") < 1e-4
    expression, proxies, voice, rates = decoders(latents)
    assert [tuple(v.shape) for v in (expression, proxies, voice, rates)] == [(5, 6, 7), (5, 6, 1), (5, 6, 2), (5, 2)]
    assert torch.allclose(expression.sum(dim=2), torch.ones(5, 6))
    assert (voice[..., 1] > 0).all() and (rates > 0).all()


def test_face_and_voice_are_decoded_from_their_own_latents() -> None:
    decoders, latents = _decoders(), torch.randn(2, 3, 4, 4)
    before = decoders(latents)
    latents[:, 1] += 1
    after = decoders(latents)
    assert torch.equal(before[0], after[0]) and not torch.equal(before[2], after[2])


def test_cosines_are_orthogonal() -> None:
    basis = cosines(4, 16)
    product = basis @ basis.T
    assert torch.allclose(product - torch.diag(torch.diag(product)), torch.zeros(4, 4), atol=1e-4)


def test_fitting_finds_a_curve_that_the_latents_tell() -> None:
    rng = np.random.default_rng(1)
    slope = rng.normal(size=(300, 1))
    latents = torch.tensor(np.concatenate([slope, rng.normal(size=(300, 15))], axis=1), dtype=torch.float32)
    target = (slope[:, None] * np.linspace(-1, 1, 6)[None, :, None] + 10).astype(np.float32)
    target[::3, 2] = np.nan
    middle = np.nanmedian(target, axis=0)
    decoder = VoiceCurves(16, middle, np.ones(1), [False])
    train, held = (Rows(latents[None, rows], target[rows]) for rows in (slice(0, 200), slice(200, 300)))
    error = fit_decoder(decoder, train, held, np.ones(1), 0)
    assert error < 0.5 * absolute_error(middle, held.target)[0]
    assert absolute_error(decode(decoder, held.latents[0]), held.target)[0] == pytest.approx(error)


def _face_features(folder: Path, count: int) -> None:
    """Faces whose mouth opens with surprise and whose brows tell nothing; some are covered."""
    rng = np.random.default_rng(2)
    posteriors = rng.dirichlet(np.full(7, 0.3), size=count)
    proxies = np.stack([rng.normal(size=count), 20 * posteriors[:, 6] + rng.normal(size=count)], axis=1)
    score = np.where(rng.random(count) < 0.1, 0.2, 0.9)
    time = np.arange(count) / 5
    np.save(folder / "frames.npy", np.column_stack([np.zeros(count), time, posteriors]).astype(np.float32))
    np.save(folder / "faces.npy", np.column_stack([np.zeros(count), time, score, proxies]).astype(np.float32))
    names = ["row", "time[s]", "landmark_score[1]", "brows[% of eye distance]", "mouth[% of eye distance]"]
    (folder / "face_names.txt").write_text("\n".join(names) + "\n")


def test_a_proxy_that_expressions_do_not_tell_is_left_out(tmp_path: Path) -> None:
    _face_features(tmp_path, 2000)
    fitted = fit_face_map(tmp_path, {FIT: 1000, HELD_OUT: 1000})
    assert fitted.names == ["mouth"]
    assert fitted.unit == "% of eye distance"
    surprise = np.full(7, 0.01)
    surprise[EMOTIONS.index("surprise")] = 0.94
    neutral = np.full(7, 0.01)
    neutral[0] = 0.94
    moved = [float((log_ratios(p) @ fitted.weights + fitted.bias)[0]) for p in (surprise, neutral)]
    assert moved[0] - moved[1] > 10
    assert abs(moved[1]) < 3
    faces = fitted.report["faces"]
    assert isinstance(faces, dict) and faces["fit"] < 950


def test_card_says_when_a_bundle_has_no_decoders_of_curves() -> None:
    assert "no decoders" in decoders_section(json.loads('{"decoded": {"acoustics": []}}'))


def test_phrases_are_judged_against_what_the_same_phrases_dealt_out_would_reach() -> None:
    truth = np.array([1, 1, 2, 2, 0, 6] * 50)
    row = agreement_row(truth, truth)
    assert (row["emotion"], row["sign"]) == (1.0, 1.0)
    assert row["n_signed"] == 200
    assert row["sign_chance"] == pytest.approx(0.5)
    always = agreement_row(np.full(len(truth), 2), truth)
    assert always["emotion"] == pytest.approx(always["emotion_chance"])
    words = phrase_verdict({"own": row, "A": always}).splitlines()
    assert words[0] == "- itself, measured: emotion above chance, sign above chance."
    assert "not distinguishable" in words[1]
