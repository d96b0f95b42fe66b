"""The figures of the bot as Prometheus reads them; imported only when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    Metric,
    ProcessCollector,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

PREFIX = "article_bot_"
# Each with what it says, its label, and the values of the label that are there from the start: a
# counter that appears with its first event has no increase that an alert could see.
COUNTERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "updates": ("Updates that came, by what they hold", "kind", ("message", "callback_query")),
    "questions": (
        "Questions that were looked up, by where they were asked",
        "place",
        ("private", "group", "channel", "comment", "inline", "guest"),
    ),
    "answered": (
        "Questions that the articles answer, by how sure that is",
        "tier",
        ("says", "may"),
    ),
    "refused": ("Questions that the articles do not answer", "", ()),
    "dropped": (
        "Updates and posts that were left out, by why",
        "reason",
        ("allowance", "age", "waiting", "unreadable", "quota"),
    ),
    "errors": ("Updates that failed, by the error", "error", ("LibraryError", "NetworkError")),
    "put_off": ("Requests that Telegram put off (429)", "", ()),
}
# From the fastest stage of a question (.1 ms) to a minute that Telegram may put a reply off.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class PrometheusSink:
    """Counts and times what it hears, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._counters = {name: self._counter(name) for name in COUNTERS}
        self._stages = Histogram(
            f"{PREFIX}stage_seconds", "How long each stage of an answer takes", ["stage"],
            registry=self.registry, buckets=BUCKETS,
        )  # fmt: skip
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def _counter(self, name: str) -> Counter:
        said, label, values = COUNTERS[name]
        labels = [label] if label else []
        counter = Counter(f"{PREFIX}{name}", said, labels, registry=self.registry)
        for value in values:
            counter.labels(value)
        return counter

    def count(self, name: str, **labels: str) -> None:
        """Count one more of *name*."""
        counter = self._counters[name]
        (counter.labels(**labels) if labels else counter).inc()

    def time(self, stage: str, seconds: float) -> None:
        """Note that *stage* took so long."""
        self._stages.labels(stage).observe(seconds)

    def show(self, measure: Callable[[], Mapping[str, float]]) -> None:
        """Let the figures of *measure*, each one of GAUGES or CACHE_COUNTERS, be seen with it."""
        self.registry.register(_Measured(measure))


GAUGES = {
    "ready": "Whether the bot answers questions: 1 or 0",
    "polls": "Whether it is this process that asks Telegram for updates: 1 or 0",
    "waiting_updates": "Updates that are worked on or wait for their turn",
    "cache_bytes": "Memory of the text that is kept encoded",
}
CACHE_COUNTERS = {
    "cache_hits": "Windows of text that were encoded already when a question needed them",
    "cache_misses": "Windows of text that a question had to wait for",
}


class _Measured(Collector):
    """Figures that are read when somebody asks for them."""

    def __init__(self, measure: Callable[[], Mapping[str, float]]) -> None:
        self._measure = measure

    def collect(self) -> Iterator[Metric]:
        """Measure now."""
        figures = self._measure()
        for name, said in GAUGES.items():
            yield GaugeMetricFamily(f"{PREFIX}{name}", said, figures.get(name, 0.0))
        for name, said in CACHE_COUNTERS.items():
            yield CounterMetricFamily(f"{PREFIX}{name}", said, figures.get(name, 0.0))
        info = GaugeMetricFamily(f"{PREFIX}info", "The program that runs", labels=["version"])
        info.add_metric([version("article-bot")], 1.0)
        yield info
