"""Small SVG figures without a drawing library: grouped bars and lines, readable without colour."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 58, 200, 34, 46
COLOURS = ("#0b5fa5", "#b3541e", "#2f7d4f", "#7a4fa3", "#8a8a8a", "#b8860b", "#111111", "#c2528b", "#5aa7c9")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 2", "10 4", "4 2", "12 3", "3 6")


@dataclass(frozen=True)
class Chart:
    """What a figure shows; a series maps x labels to values, and what it lacks is left out."""

    title: str
    x_name: str
    y_name: str
    x_labels: list[str]
    series: dict[str, dict[str, float]]
    base: float | None = None
    """Lowest y; from the values where absent."""
    lines: dict[str, float] = field(default_factory=dict)
    """Horizontal reference lines by name."""


def _limits(chart: Chart) -> tuple[float, float]:
    values = [v for row in chart.series.values() for v in row.values()] + list(chart.lines.values())
    low = min(values) if chart.base is None else chart.base
    high = max(values)
    pad = 0.06 * ((high - low) or 1.0)
    return (low if chart.base is not None else low - pad), high + pad


def _ticks(low: float, high: float) -> list[float]:
    raw = (high - low) / 5
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * m for m in (1, 2, 5, 10) if size * m >= raw)
    first = math.ceil(low / step)
    return [step * i for i in range(first, math.floor(high / step) + 1)]


class _Canvas:
    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.low, self.high = _limits(chart)
        self.parts: list[str] = []

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def centre(self, place: int) -> float:
        step = (WIDTH - LEFT - RIGHT) / len(self.chart.x_labels)
        return LEFT + (place + 0.5) * step

    def text(self, x: float, y: float, words: str, anchor: str = "middle", size: int = 12) -> None:
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = "#bbb", dash: str = "") -> None:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}"{dashes}/>')

    def frame(self) -> None:
        chart, end = self.chart, WIDTH - RIGHT
        self.text(LEFT, 18, chart.title, "start", 14)
        for tick in _ticks(self.low, self.high):
            self.line(LEFT, self.y(tick), end, self.y(tick), "#e2e2e2")
            self.text(LEFT - 6, self.y(tick) + 4, f"{tick:g}", "end", 11)
        self.line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, "#444")
        for place, label in enumerate(chart.x_labels):
            self.text(self.centre(place), HEIGHT - BOTTOM + 16, label)
        self.text((LEFT + end) / 2, HEIGHT - 10, chart.x_name)
        middle = (TOP + HEIGHT - BOTTOM) / 2
        self.parts.append(
            f'<text transform="translate(14 {middle:.1f}) rotate(-90)" text-anchor="middle" font-size="12">'
            f"{escape(chart.y_name)}</text>"
        )
        for name, value in chart.lines.items():
            self.line(LEFT, self.y(value), end, self.y(value), "#444", "5 3")
            self.text(end + 4, self.y(value) + 4, name, "start", 11)

    def close(self) -> str:
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            f'role="img" font-family="sans-serif"><title>{escape(self.chart.title)}</title>\n'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{body}\n</svg>\n'
        )


def bars(chart: Chart) -> str:
    """Grouped bars, one group an x label."""
    canvas = _Canvas(chart)
    canvas.frame()
    step = (WIDTH - LEFT - RIGHT) / len(chart.x_labels)
    thin = 0.8 * step / len(chart.series)
    for number, (name, row) in enumerate(chart.series.items()):
        colour = COLOURS[number % len(COLOURS)]
        for place, label in enumerate(chart.x_labels):
            if label in row:
                x = LEFT + place * step + 0.1 * step + number * thin
                top, foot = canvas.y(row[label]), HEIGHT - BOTTOM
                canvas.parts.append(
                    f'<rect x="{x:.1f}" y="{top:.1f}" width="{thin - 1:.1f}" height="{foot - top:.1f}" fill="{colour}">'
                    f"<title>{escape(name)}, {escape(label)}: {row[label]:.3g}</title></rect>"
                )
        y = TOP + 14 + 18 * number
        canvas.parts.append(f'<rect x="{WIDTH - RIGHT + 10}" y="{y - 9:.1f}" width="12" height="10" fill="{colour}"/>')
        canvas.text(WIDTH - RIGHT + 28, y, name, "start")
    return canvas.close()


def _path(canvas: _Canvas, number: int, name: str, points: list[tuple[float, float]]) -> None:
    """A line through `points`, a mark on each, and the name of the series on the right."""
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    canvas.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"{dashes}/>')
    canvas.parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>' for x, y in points]
    y = TOP + 14 + 18 * number
    canvas.line(WIDTH - RIGHT + 8, y - 4, WIDTH - RIGHT + 30, y - 4, colour, dash)
    canvas.text(WIDTH - RIGHT + 36, y, name, "start")


def lines(chart: Chart) -> str:
    """One line a series, with a mark on every value."""
    canvas = _Canvas(chart)
    canvas.frame()
    for number, (name, row) in enumerate(chart.series.items()):
        points = [(canvas.centre(i), canvas.y(row[label])) for i, label in enumerate(chart.x_labels) if label in row]
        _path(canvas, number, name, points)
    return canvas.close()


def reliability(title: str, series: dict[str, list[tuple[float, float]]]) -> str:
    """Points (stated, found), shares from 0 to 1, one line a series; on the dashed diagonal both agree."""
    stated = [f"{share}" for share in range(0, 101, 20)]
    canvas = _Canvas(Chart(title, "stated, %", "found right, %", stated, {"": {"0": 0.0, "100": 100.0}}, base=0))
    canvas.high = 100.0
    left, right = canvas.centre(0), canvas.centre(len(stated) - 1)
    canvas.frame()
    canvas.line(left, canvas.y(0), right, canvas.y(100), "#444", "5 3")
    for number, (name, points) in enumerate(series.items()):
        _path(canvas, number, name, [(left + x * (right - left), canvas.y(100 * y)) for x, y in points])
    return canvas.close()
