"""
How long the packaged reader's graphs take.

    python -m index.training.reading.time_reader [fp32|int8]

Medians, in milliseconds, of the lower layers of a question, those of its windows when they are new,
and of the upper layers, for windows of several sizes.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from index.encoding.protocol import Precision
from index.reading.export_reader import example_rows
from index.reading.packaged_reader import load_packaged_reader

REPEATS, FIRST = 50, 5  # runs that are timed, and those before that are not
# Tokens of question and window, windows: what serving may read
SIZES = ((16, 112, 1), (16, 112, 2), (16, 112, 3), (16, 112, 4), (16, 88, 4), (16, 128, 2))


def median_ms(work: Callable[[], object]) -> float:
    """The median of REPEATS runs, in milliseconds."""
    times = []
    for i in range(FIRST + REPEATS):
        started = time.perf_counter()
        work()
        if i >= FIRST:
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print a line for each of SIZES."""
    precision: Precision = "int8" if sys.argv[1:] == ["int8"] else "fp32"
    served = load_packaged_reader(precision, None, print)
    assert served is not None  # noqa: S101 (it was told why)
    for size in SIZES:
        question, rows = example_rows(*size)
        asked, shown = served.lower(question, 0), served.lower(rows, 1)
        alone = median_ms(partial(served.lower, question, 0))
        windows = median_ms(partial(served.lower, rows, 1))
        together = median_ms(partial(served.upper, asked, shown))
        print(f"{size}: question {alone:.1f}, windows {windows:.1f}, together {together:.1f} ms")


if __name__ == "__main__":
    main()
