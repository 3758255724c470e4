"""Figures of a home as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from syntx.monitoring.definitions import DEFINITIONS, Kind
from syntx.monitoring.totals import Totals


@dataclass(frozen=True, slots=True)
class Sample:
    """One value; a histogram has several, whose names end in `_bucket`, `_sum` and `_count`."""

    name: str
    labels: dict[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Family:
    """A metric with all its samples."""

    name: str
    kind: Kind
    help: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """All metrics of a home at one moment (RFC 3339, UTC)."""

    home: str
    at: str
    families: tuple[Family, ...]


Row = tuple[Sequence[str], float]
"""The values of a metric's labels, in their order, and its value."""


def family(name: str, rows: Iterable[Row]) -> Family:
    """Return a gauge or a counter."""
    meant = DEFINITIONS[name]
    samples = [Sample(name, _labels(name, values), float(value)) for values, value in rows]
    return Family(name, meant.kind, meant.help, tuple(samples))


def families_of(totals: Totals) -> tuple[Family, ...]:
    """Return everything that was counted."""
    counters: dict[str, list[Row]] = {}
    for (name, *labels), value in sorted(totals.counters.items()):
        counters.setdefault(name, []).append((labels, value))
    histograms: dict[str, list[Sample]] = {}
    for (name, *labels), row in sorted(totals.histograms.items()):
        histograms.setdefault(name, []).extend(_histogram(name, labels, row))
    return (
        *(family(name, rows) for name, rows in counters.items()),
        *(
            Family(name, "histogram", DEFINITIONS[name].help, tuple(samples))
            for name, samples in histograms.items()
        ),
    )


def _histogram(name: str, values: Sequence[str], row: Sequence[float]) -> Iterable[Sample]:
    labels, below = _labels(name, values), 0.0
    *counts, total = row
    bounds = (*map(_bound, DEFINITIONS[name].buckets), "+Inf")
    for bound, count in zip(bounds, counts, strict=True):
        below += count
        yield Sample(f"{name}_bucket", {**labels, "le": bound}, below)
    yield Sample(f"{name}_sum", labels, total)
    yield Sample(f"{name}_count", labels, below)


def _bound(bound: float) -> str:
    return f"{bound:.12g}" if bound % 1 else f"{bound:.1f}"


def _labels(name: str, values: Sequence[str]) -> dict[str, str]:
    return dict(zip(DEFINITIONS[name].labels, map(str, values), strict=True))


class _Collector(Collector):
    def __init__(self, families: Sequence[Family]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Return the families as the client library knows them."""
        for each in self._families:
            # Its counters have no `_total`, and get it again when they are written.
            metric = Metric(each.name.removesuffix("_total"), each.help, each.kind)
            for sample in each.samples:
                metric.add_sample(sample.name, sample.labels, sample.value)
            yield metric


def exposition(figures: Figures) -> bytes:
    """Return figures in the Prometheus text format."""
    registry = CollectorRegistry()
    registry.register(_Collector(figures.families))
    return generate_latest(registry)
