"""
What speed.py measured, as a table in Markdown and as a picture (which needs matplotlib).

Both are made of *medians*: by the label of a contender, the median of each kind of figure, in
seconds or MiB. The first contender is the one that the others are compared with.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

Medians = Mapping[str, Mapping[str, float]]

# Blue beside grey is told apart by every kind of colour vision, and in print.
OWN, OTHER = "#0b62a4", "#b4bac1"
WIDTH = 11  # inches
BAR = 0.34  # inches, of height
AROUND = 1.35  # inches above and below the bars, for titles and note
LETTERS = 150  # of a line of the note, which fill the width at its size


@dataclass(frozen=True)
class Measure:
    """A column of the table: the kind of its figures, and how they are shown."""

    kind: str
    title: str
    unit: str
    shown: Callable[[float], float]  # a median, in the unit
    digits: int  # behind the point
    less_is_better: bool = True

    def cell(self, median: float | None, base: float | None) -> str:
        """The *median*, and how many times better it is than *base*, when that is given."""
        if median is None:
            return "–"
        ratio = f" ({base / median:.2g}x)" if base else ""  # all kinds are times and sizes
        return f"{self.shown(median):.{self.digits}f} {self.unit}{ratio}"


def measures_of(sizes: Mapping[str, int]) -> tuple[Measure, ...]:
    """What is shown; *sizes* say of how many "texts" and "sentences" the figures are."""

    def same(figure: float) -> float:
        return figure

    def milli(seconds: float) -> float:
        return seconds * 1000

    def rate(seconds: float) -> float:
        return sizes["sentences"] / seconds

    return (
        Measure("start", "first answer", "s", same, 2),
        Measure("memory", "peak memory", "MiB", same, 0),
        Measure("article", "question, one article", "ms", milli, 1),
        Measure("library", f"question, {sizes['texts']} articles", "ms", milli, 1),
        Measure("first", "first question to an article", "ms", milli, 1),
        Measure("sentences", "encoding", "sentences/s", rate, 0, less_is_better=False),
    )


def table(medians: Medians, measures: Sequence[Measure]) -> Iterator[str]:
    """The lines of the table, which has article-bot in bold."""
    yield f"| | {' | '.join(measure.title for measure in measures)} |"
    yield f"|---|{'---|' * len(measures)}"
    base: Mapping[str, float] = {}
    for label, figures in medians.items():
        cells = (
            measure.cell(figures.get(measure.kind), base.get(measure.kind)) for measure in measures
        )
        yield f"| {f'**{label}**' if is_own(label) else label} | {' | '.join(cells)} |"
        base = base or figures


def explain(medians: Medians, forward: float) -> str:
    """What the figures in parentheses are, and below what no question can come: *forward* s."""
    return (
        f"In parentheses: how many times better than {next(iter(medians))}. One forward pass of a "
        f"question in onnxruntime alone takes {forward * 1000:.1f} ms."
    )


def beside(medians: Medians, base: str) -> str:
    """How long a question takes each contender, in times of what it takes *base*."""
    taken = medians[base]
    parts = [
        f"{label} {figures['article'] / taken['article']:.2f} and "
        f"{figures['library'] / taken['library']:.2f}"
        for label, figures in medians.items()
        if label != base
    ]
    told = f"In times of what a question takes {base}, in one article and in all"
    return f"{told}: {'; '.join(parts)}."


def describe(sizes: Mapping[str, int]) -> str:
    """What the figures are medians of, and what they were measured on."""
    return (
        f"Medians of rounds in turns, each of {sizes['questions']} questions and "
        f"{sizes['sentences']} sentences, with the same model, on {os.cpu_count()} cores "
        f"({processor()}, Python {platform.python_version()}) whose load was "
        f"{os.getloadavg()[0]:.1f} at the end."
    )


def processor() -> str:
    """The processor's name, and whether it multiplies eight bits by VNNI, where Linux tells."""
    about = Path("/proc/cpuinfo")
    if not about.is_file():
        return platform.machine()
    lines = (line.partition(":") for line in about.read_text(encoding="utf-8").splitlines())
    told = {key.strip(): value.strip() for key, _, value in lines}
    vnni = "with" if "vnni" in told.get("flags", "") else "without"
    return f"{told.get('model name', platform.machine())}, {vnni} VNNI"


def draw(path: Path, medians: Medians, measures: Sequence[Measure], note: str) -> None:
    """
    Write the picture to *path*: bars side by side for each measure of which less is better.

    Drawn is what all have a figure of, on axes that start at zero. *note* says below what was
    measured on what.
    """
    from matplotlib import pyplot

    drawn = [
        measure
        for measure in measures
        if measure.less_is_better and all(measure.kind in of for of in medians.values())
    ]
    size = (WIDTH, AROUND + BAR * len(medians))
    figure, axes = pyplot.subplots(1, len(drawn), figsize=size, sharey=True, layout="constrained")
    for axis, measure in zip(axes, drawn, strict=True):
        draw_bars(axis, measure, {label: of[measure.kind] for label, of in medians.items()})
    axes[0].invert_yaxis()  # the first above the others, as in the table
    for label in axes[0].get_yticklabels():
        label.set_fontweight("bold" if is_own(label.get_text()) else "normal")
    figure.suptitle("Time and memory: less is better", fontweight="bold")
    figure.supxlabel(fill(note, LETTERS), fontsize=8, color="#555555")
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def draw_bars(axis: Any, measure: Measure, figures: Mapping[str, float]) -> None:
    """Draw one bar for each contender, and its value at the end of it."""
    colours = [OWN if is_own(label) else OTHER for label in figures]
    values = [measure.shown(figure) for figure in figures.values()]
    bars = axis.barh(list(figures), values, color=colours)
    axis.bar_label(bars, fmt=f"%.{measure.digits}f", padding=3, fontsize=9)
    axis.set_xlim(0, max(values) * 1.25)  # room for the longest bar's value
    axis.set_title(f"{measure.title} ({measure.unit})", fontsize=10)
    axis.tick_params(axis="x", labelsize=8)
    axis.tick_params(axis="y", length=0)
    axis.spines[["top", "right"]].set_visible(False)


def is_own(label: str) -> bool:
    """Whether a contender of this *label* is article-bot, whatever its precision."""
    return label.startswith("article-bot")
