"""The expression network: what it grows from, its windows and its schedule."""

import json
from pathlib import Path

import onnxruntime as ort
import pytest
import torch

from rohydr.cli import main
from rohydr.expression.augment import augment, mix
from rohydr.expression.grow import from_onnx, grow, renormalise
from rohydr.expression.model import CalibratedExpressionNet, ExpressionNet, MirroredExpressionNet
from rohydr.expression.train import ExpressionConfig, Schedule
from rohydr.onnx_export import export_graph


def trained_like(width: int) -> ExpressionNet:
    """A small network with normalisations that are not the identity."""
    torch.manual_seed(3)
    net = ExpressionNet(width)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            assert module.running_mean is not None and module.running_var is not None
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.2)
    return net.eval()


def faces(count: int, seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, 1, 48, 48), generator=generator, dtype=torch.uint8)


@torch.no_grad()
def test_a_grown_network_begins_as_the_same_function(tmp_path: Path) -> None:
    small, x = trained_like(4), faces(6).float()
    export_graph(CalibratedExpressionNet(small, 1.0), {"face": x}, ["posterior", "embedding"], tmp_path / "small.onnx")
    read = from_onnx(tmp_path / "small.onnx")
    torch.testing.assert_close(read(x)[0], small(x)[0], atol=1e-4, rtol=1e-4)
    large = ExpressionNet(7, extra=(1, 2, 0), gated=True).eval()
    grow(read, large, seed=5)
    torch.testing.assert_close(large(x)[0], small(x)[0], atol=1e-4, rtol=1e-4)
    renormalise(large, faces(64, seed=2).float())
    torch.testing.assert_close(large(x)[0], small(x)[0], atol=1e-4, rtol=1e-4)
    first = next(m for m in large.modules() if isinstance(m, torch.nn.BatchNorm2d))
    assert first.running_var is not None and float((first.running_var - 1).abs().max()) > 0.01  # it was moved


def test_a_network_of_another_structure_is_not_grown(tmp_path: Path) -> None:
    deep = CalibratedExpressionNet(ExpressionNet(4, extra=(1, 0, 0)).eval(), 1.0)
    export_graph(deep, {"face": faces(2).float()}, ["posterior", "embedding"], tmp_path / "deep.onnx")
    with pytest.raises(ValueError, match="13 convolutions, expected 11"):
        from_onnx(tmp_path / "deep.onnx")


def test_a_network_does_not_grow_narrower() -> None:
    with pytest.raises(ValueError, match="width 8 cannot grow to width 4"):
        grow(ExpressionNet(8), ExpressionNet(4), seed=1)


def test_repeated_channels_learn_apart(tmp_path: Path) -> None:
    large = ExpressionNet(8)
    grow(trained_like(4), large, seed=1)
    large.train()
    x, labels = faces(16).float(), torch.arange(16) % 7
    torch.nn.functional.cross_entropy(large(x)[0], labels).backward()
    gradient = large.stem[0].weight.grad
    assert isinstance(gradient, torch.Tensor)
    assert len(torch.unique(gradient.flatten(1), dim=0)) == 8


def test_mirrored_faces_are_read_alike() -> None:
    net, x = MirroredExpressionNet(trained_like(4)).eval(), faces(5).float()
    with torch.no_grad():
        (logits, embedding), (mirrored, _) = net(x), net(x.flip(3))
        alone = net.net(x)[1]
    torch.testing.assert_close(logits, mirrored, atol=1e-4, rtol=1e-4)
    assert embedding.shape == alone.shape and not torch.allclose(embedding, alone)


def test_training_windows_lie_inside_the_face() -> None:
    picture = faces(8)
    window = augment(picture, torch.Generator().manual_seed(2), 40)
    assert window.shape == (8, 1, 40, 40)
    flat = augment(torch.full((8, 1, 48, 48), 90, dtype=torch.uint8), torch.Generator().manual_seed(2), 40)
    assert torch.all(flat.std(dim=(2, 3)) < 1e-3)


def test_mixup_keeps_the_larger_share_of_a_face() -> None:
    x, labels = torch.arange(6.0).view(6, 1, 1, 1), torch.arange(6)
    blended, others, share = mix(x, labels, torch.Generator().manual_seed(4))
    assert 0.5 <= share <= 1
    torch.testing.assert_close(blended.flatten(), share * labels.float() + (1 - share) * others.float())


def test_the_schedule_warms_up_and_ends_at_zero_on_whole_faces() -> None:
    config = ExpressionConfig(epochs=10, warmup=0.1, crop=40, crop_until=0.5, mixup=1.0, mixup_until=0.5)
    schedule, generator = Schedule(config, 10), torch.Generator().manual_seed(1)
    assert schedule.learning_rate() < 0.02 * config.learning_rate and schedule.side() == 40
    assert schedule.mixes(generator)
    schedule.step = 10
    assert schedule.learning_rate() == pytest.approx(config.learning_rate)
    schedule.step = 50
    assert schedule.side() == 48 and not schedule.mixes(generator)
    schedule.step = 100
    assert schedule.progress() == 1 and schedule.learning_rate() == pytest.approx(0)


def test_the_command_grows_a_network_from_an_exported_one(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    assert main(["expression", "--smoke", "--plain", "--out", str(small)]) == 0
    grown = ["expression", "--smoke", "--width", "10", "--start", str(small / "expression.onnx"), "--out", str(large)]
    assert main(grown) == 0
    again = ["expression", "--smoke", "--width", "10", "--epochs", "0", "--start", str(large / "expression.log.pt")]
    assert main([*again, "--out", str(tmp_path / "again")]) == 0
    outputs = ort.InferenceSession(str(large / "expression.onnx")).get_outputs()
    assert [o.shape[1] for o in outputs] == [7, 80]  # the app reads the embedding's width from the session
    first, second = (json.loads((p / "expression.json").read_text()) for p in (large, tmp_path / "again"))
    assert second["public_test"] == first["public_test"] and len(second["phases"]) == len(first["phases"]) + 1
